"""pyproject.toml, environment.yml and constraints.txt ask for the same things."""

import re
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from tools import pins as tool

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
CONDA_NAMES = {"torch": "pytorch"}  # where conda-forge has another name
CARD = {"torch", "torchvision", "jupyterlab", "matplotlib", "ipywidgets", "nbval", "platformdirs"}


def requirements():
    return [Requirement(line) for line in PROJECT["dependencies"]]


def conda_lines():
    """Return the entries of environment.yml's first list of dependencies."""
    return re.findall(r"^  - ([^\s:]+)$", ENVIRONMENT.split("dependencies:")[1], flags=re.MULTILINE)


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {pin.name.lower().replace("_", "-"): pin for pin in found}


def test_the_packages_are_the_clients():
    assert {requirement.name for requirement in requirements()} == CARD


def test_conda_gets_the_same_packages_with_the_same_bounds():
    wanted = {
        f"{CONDA_NAMES.get(requirement.name, requirement.name)}{requirement.specifier}"
        for requirement in requirements()
    }
    python = [line for line in conda_lines() if re.match(r"python\b", line)]
    assert set(conda_lines()) == wanted | {"pip", *python}


def test_conda_gets_one_python_and_that_an_admitted_one():
    """repo2docker, which builds Binder's image, takes its own older one for any other wording."""
    (minor,) = re.findall(r"^  - python=(3\.\d+)$", ENVIRONMENT, flags=re.MULTILINE)
    assert minor in SpecifierSet(PROJECT["requires-python"])


def test_conda_installs_the_helpers_of_this_folder():
    text = ENVIRONMENT
    assert "--editable ." in text
    assert re.findall(r"^channels:\n  - (\S+)", text, flags=re.MULTILINE) == ["conda-forge"]
    assert re.findall(r"^name: (\S+)", text, flags=re.MULTILINE) == ["lenet"]


def test_bounds_are_lower_bounds_only():
    for requirement in requirements():
        assert [part.operator for part in requirement.specifier] == [">="], requirement


def test_every_package_has_an_exact_version_within_its_bound():
    extras = PROJECT["optional-dependencies"]
    extra = [Requirement(line) for line in [*extras["test"], *extras["present"]]]
    for requirement in [*requirements(), *extra]:
        (pin,) = pins()[requirement.name].specifier
        assert pin.operator == "=="
        assert pin.version in requirement.specifier, requirement
    for name, pin in pins().items():
        assert [part.operator for part in pin.specifier] == ["=="], name


def test_torch_and_torchvision_belong_together():
    """The pinned torchvision itself says which torch it goes with; both are left out together."""
    pinned = {name: next(iter(pins()[name].specifier)).version for name in ("torch", "torchvision")}
    assert version("torchvision").split("+")[0] == pinned["torchvision"]
    (needed,) = [r for r in map(Requirement, requires("torchvision")) if r.name == "torch"]
    assert pinned["torch"] in needed.specifier
    assert str(pins()["torch"].marker) == str(pins()["torchvision"].marker)


def test_there_are_pins_for_every_system():
    """Packages that only Windows or only macOS needs have a version too, and a marker."""
    for name, system in {"pywinpty": "nt", "colorama": "win32", "appnope": "darwin"}.items():
        marker = pins()[name].marker
        assert marker.evaluate({"os_name": system, "sys_platform": system})
        assert not marker.evaluate({"os_name": "posix", "sys_platform": "linux"})


def test_making_pins_leaves_names_and_versions(tmp_path, monkeypatch):
    """Uv would write down the addresses that it was told of; and a failure changes nothing."""
    kept = tmp_path / "constraints.txt"
    kept.write_text("# old\ntorch==2.15.0\n", encoding="utf-8")
    monkeypatch.setattr(tool, "CONSTRAINTS", kept)
    monkeypatch.setattr(tool, "uv", lambda: "uv")
    asked, given = [], ["--index-url https://a.example", "# via b", "", "torch==9 ; os_name == 'x'"]

    def run(command):
        asked.append(command)
        draft = Path(command[command.index("--output-file") + 1])
        assert "torch==2.15.0" in draft.read_text(encoding="utf-8")  # uv keeps what it finds there
        draft.write_text("\n".join(given), encoding="utf-8")
        return code

    monkeypatch.setattr(tool, "run", run)
    code = 1
    assert tool.main([]) == 1
    assert kept.read_text(encoding="utf-8").startswith("# old")
    code = 0
    assert tool.main(["--upgrade"]) == 0
    assert kept.read_text(encoding="utf-8") == f"{tool.HEAD}torch==9 ; os_name == 'x'\n"
    assert {"--universal", "--all-extras", "--upgrade"} <= set(asked[-1])


def test_the_tests_run_with_the_pinned_versions():
    for name in CARD | {"numpy", "ipykernel", "ipython", "pytest", "nbclient"}:
        assert version(name).split("+")[0] in pins()[name].specifier


def test_run_py_asks_for_the_same_python():
    text = (ROOT / "run.py").read_text(encoding="utf-8")
    oldest = re.search(r"^OLDEST = \((\d+), (\d+)\)$", text, flags=re.MULTILINE)
    assert SpecifierSet(PROJECT["requires-python"]) == SpecifierSet(f">={oldest[1]}.{oldest[2]}")


def test_no_index_is_named():
    for name in ("pyproject.toml", "environment.yml", "constraints.txt", "run.py"):
        text = (ROOT / name).read_text(encoding="utf-8")
        if name == "pyproject.toml":  # the series' own address is no index
            text = re.sub(r"^\[tool\.lenet\]\n.*?(?=^\[)", "", text, flags=re.DOTALL | re.MULTILINE)
        assert "://" not in text, name
