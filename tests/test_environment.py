"""pyproject.toml, environment.yml and constraints.txt ask for the same things."""

import re
import sys
import tomllib
from importlib.metadata import requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = (ROOT / "environment.yml").read_text(encoding="utf-8")
CONDA_NAMES = {"torch": "pytorch"}  # where conda-forge has another name
CARD = {"torch", "torchvision", "jupyterlab", "matplotlib", "ipywidgets", "nbval"}


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


@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the pins were made on Python 3.11")
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
