"""run.py test-versions: the oldest and the newest packages are really installed, and tested."""

from pathlib import Path

import pytest
import uv
from tiny import put_wheel

from tools import versions

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "series"
version = "1"
dependencies = ["tiny>=2"]
optional-dependencies.test = ["checks>=2"]
"""
# A backend that builds an empty wheel, so that nothing has to be there to build it with.
BACKEND = """
import zipfile
def get_requires_for_build_editable(settings=None):
    return []
def build_editable(folder, settings=None, metadata=None):
    name = "series-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        text = "Metadata-Version: 2.1\\nName: series\\nVersion: 1\\nProvides-Extra: test\\n"
        text += "Requires-Dist: tiny>=2\\nRequires-Dist: checks>=2; extra == 'test'\\n"
        wheel.writestr("series-1.dist-info/METADATA", text)
        kind = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr("series-1.dist-info/WHEEL", kind)
        wheel.writestr("series-1.dist-info/RECORD", "")
    return name
"""
SUITE = """
import sys, tiny, checks
print("tested with tiny", tiny.VERSION, "checks", checks.VERSION, sys.argv[1:])
raise SystemExit(3 if tiny.VERSION == FAILS else 0)
"""


@pytest.fixture
def series(tmp_path, monkeypatch):
    """A tiny series, and versions 1 to 3 of what it needs; its tests fail on version FAILS."""
    for name in ("tiny", "checks"):
        for version in (1, 2, 3):
            put_wheel(tmp_path / "wheels", name, version, {f"{name}.py": f"VERSION = {version}"})
    put_wheel(tmp_path / "wheels", "pip", 99, {})
    here = tmp_path / "a földer"
    (here / "tools").mkdir(parents=True)
    for name, text in {
        "pyproject.toml": PYPROJECT, "backend.py": BACKEND,
        "tools/suite.py": SUITE.replace("FAILS", "2"), "series.py": "",
    }.items():  # fmt: skip
        (here / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(versions, "ROOT", here)
    monkeypatch.setattr(versions, "uv", uv.find_uv_bin)
    monkeypatch.setattr("tools.programs.ROOT", here)
    for name, value in {
        "UV_OFFLINE": "true", "UV_FIND_LINKS": str(tmp_path / "wheels"),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return here


def test_the_oldest_versions_are_the_bounds_and_what_tests_them_is_new(series, capfd):
    assert versions.main(["oldest", "-k", "sizes"]) == 3
    told = capfd.readouterr().out
    assert "tested with tiny 2 checks 3" in told
    assert "'-k', 'sizes']" in told
    assert not (series / ".venv-newest").exists()


def test_without_a_name_both_are_tested_and_one_failure_counts(series, capfd):
    assert versions.main([]) == 3
    told = capfd.readouterr().out
    assert "tested with tiny 3 checks 3" in told
    assert "oldest: failed (exit code 3)\nnewest: passed" in told
    assert versions.main(["newest"]) == 0  # again, in the environment that is there now


def test_a_failed_installation_counts(series, capfd, monkeypatch):
    monkeypatch.setenv("UV_FIND_LINKS", str(series))
    assert versions.main(["newest"]) != 0
    assert "tested" not in capfd.readouterr().out


def test_what_is_left_out_is_there():
    for path in versions.NOT_FOR_OTHERS:
        assert (ROOT / path).is_file()


def test_its_environments_are_not_in_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".venv-oldest/", ".venv-newest/"} <= set(ignored)
