"""The notebooks of the series, and none of a student's own, wherever all of them are meant."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.series import chosen, notebooks

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
        shutil.copyfile(
            ROOT / "notebooks" / "03-checking-layer-shapes.ipynb", tmp_path / "notebooks" / name
        )
    return tmp_path


def names(paths):
    return [path.name for path in paths]


def test_a_students_own_notebooks_and_copies_are_not_of_the_series(folder):
    assert names(notebooks(folder)) == ["01-size-arithmetic.ipynb", "02-building-lenet.ipynb"]


def test_notebooks_are_chosen_by_how_their_names_begin(folder):
    assert chosen([], folder) == notebooks(folder)
    assert names(chosen(["02"], folder)) == ["02-building-lenet.ipynb"]
    with pytest.raises(ValueError, match=r"begins with 'Unt'. There are: 01-size-arithmetic"):
        chosen(["01", "Unt"], folder)


def test_the_numbered_notebooks_here_are_all_of_the_series():
    assert len(notebooks()) == 7
    assert notebooks()[0].name == "01-size-arithmetic.ipynb"


def test_pytest_collects_the_series_alone(folder):
    for name in ("conftest.py", "tools/series.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "--nbval", "--collect-only", "-q"]
    command += ["-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "notebooks"], cwd=folder, check=False, capture_output=True, text=True
    )
    found = {line.split("::")[0] for line in done.stdout.splitlines() if "::" in line}
    assert found == {f"notebooks/{path.name}" for path in notebooks(folder)}, done.stdout
    done = subprocess.run(  # whoever names a notebook gets it
        [*command, "notebooks/Untitled.ipynb"], cwd=folder, check=False, capture_output=True,
        text=True,
    )  # fmt: skip
    assert "notebooks/Untitled.ipynb::" in done.stdout
