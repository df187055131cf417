"""The notebooks of the series, and none of a student's own, wherever all of them are meant."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.series import notebooks, number

ROOT = Path(__file__).resolve().parent.parent
OWN = [
    "Untitled.ipynb",
    "01-size-arithmetic-Copy1.ipynb",  # JupyterLab's
    "01-size-arithmetic.mine-2026-11-24.ipynb",
    "01-size-arithmetic__20261124101500.ipynb",  # nbgitpuller's
    "01-size-arithmetic copy.ipynb",
    "01-size-arithmetic (1).ipynb",
    "my-notes.ipynb",
    "1-notes.ipynb",
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "notebooks").mkdir()
    for name in ("02-building-lenet.ipynb", "01-size-arithmetic.ipynb", "03-x.txt", *OWN):
        shutil.copyfile(notebooks()[2], tmp_path / "notebooks" / name)
    return tmp_path / "notebooks"


def test_a_students_own_notebooks_and_copies_are_not_of_the_series(folder):
    names = [path.name for path in notebooks(folder)]
    assert names == ["01-size-arithmetic.ipynb", "02-building-lenet.ipynb"]


def test_the_numbered_notebooks_here_are_all_of_the_series():
    assert len(notebooks()) == 10
    assert notebooks()[0].name == "01-size-arithmetic.ipynb"


def collected(folder, *arguments):
    """Return the files that pytest collects, started in ``folder``."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=folder, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return {line.split("::")[0] for line in done.stdout.splitlines() if "::" in line}


def test_pytest_collects_the_series_alone(folder):
    root = folder.parent
    for name in ("conftest.py", "tools/__init__.py", "tools/series.py"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, root / name)
    (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (root / "test_a.mine-2026-11-24-1.py").write_text("def test(): pass\n", encoding="utf-8")
    assert collected(root) == {f"notebooks/{path.name}" for path in notebooks(folder)}
    # whoever names a notebook gets it
    named = "notebooks/Untitled.ipynb"
    assert collected(root, named) == {named}


def test_a_notebook_has_the_number_that_its_name_and_its_heading_begin_with():
    for at, path in enumerate(notebooks(), 1):
        heading = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"][0]
        assert number(path.name) == number(path.stem) == at
        assert heading.startswith(f"# {at}. ")
