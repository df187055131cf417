"""run.py check: it says what is missing, before anything is set up and after."""

import os
import subprocess
import venv
from pathlib import Path

import pytest

from tools import checkup
from tools.files import copy_series, python

ROOT = Path(__file__).resolve().parent.parent
NAMES = ["torch", "torchvision", "jupyterlab", "matplotlib", "ipywidgets", "nbval", "platformdirs"]


def states(capsys):
    """What was printed, as what -> (state, words)."""
    lines = capsys.readouterr().out.split("\n\n")[0].splitlines()
    return {line[8:19].strip(): (line[:8].strip(), line[19:]) for line in lines}


@pytest.fixture
def here(monkeypatch, tmp_path):
    """No .venv: this Python is asked."""
    monkeypatch.setattr(checkup, "python", lambda: str(tmp_path / "none"))


def test_where_all_is_there(here, capsys):
    assert checkup.main([]) == 0
    found = states(capsys)
    assert list(found) == ["Python", "disk space", "packages", "device", "data"]
    assert found["Python"][0] == "ok"
    assert found["device"] == ("ok", found["device"][1])
    assert found["device"][1]
    assert found["data"] == (
        "look",
        "not here: downloaded when needed (30 MB), else a drawn stand-in",
    )


def test_before_anything_is_set_up(tmp_path):
    """The series copied to a new computer, whose Python has no packages."""
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False, symlinks=os.name != "nt")
    copy = tmp_path / "series"
    copy_series(copy)
    command = [python(bare), "run.py", "check"]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "")
    assert f"MISSING packages   {', '.join(NAMES)}" in done.stdout
    assert done.stdout.endswith("Not ready: packages.\n")
    assert not (copy / ".venv").exists()
    assert not (copy / ".setup").exists()


def test_what_is_missing_is_named(here, capsys, monkeypatch):
    monkeypatch.setattr(checkup, "answer", lambda command: '{"Torch": "2.0", "nbval": "1"}')
    assert checkup.main([]) == 1
    told = capsys.readouterr().out
    assert (
        "MISSING packages   torchvision, jupyterlab, matplotlib, ipywidgets, platformdirs" in told
    )
    assert "python3 run.py lab" in told
    assert told.endswith("Not ready: packages.\n")
    monkeypatch.setattr(checkup, "answer", lambda command: None)
    assert checkup.main([]) == 1
    assert ", ".join(NAMES) in capsys.readouterr().out


def test_the_packages_are_those_of_the_project():
    assert checkup.requirements() == NAMES


def test_other_versions_are_named():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    torch = next(line for line in pins.splitlines() if line.startswith("torch=="))[7:].split(" ")[0]
    assert checkup.versions_line({"torch": f"{torch}+cpu"}, "here")[0] == "ok"
    state, _, told = checkup.versions_line({"torch": "1.0", "attrs": "1.0"}, "here")
    assert state == "look"
    assert f"torch 1.0 for {torch}" in told
    many = dict.fromkeys(("attrs", "babel", "bleach", "anyio", "arrow"), "0")
    assert "and 2 more (here)" in checkup.versions_line(many, "here")[2]


def test_real_data_are_told_from_none_and_from_damaged_ones():
    assert checkup.data_line("real /a b/c") == ("ok", "data", "Fashion-MNIST, in /a b/c")
    assert checkup.data_line("DataFileError x is damaged") == ("look", "data", "x is damaged")


def test_a_pytorch_that_fails_is_said(here, capsys, monkeypatch):
    real = checkup.answer
    broken = lambda command: None if "describe_device" in command[2] else real(command)  # noqa: E731
    monkeypatch.setattr(checkup, "answer", broken)
    assert checkup.main([]) == 1
    assert states(capsys)["device"][0] == "MISSING"


def test_a_full_disk(monkeypatch):
    full = type("Usage", (), {"free": 2e9})
    monkeypatch.setattr(checkup.shutil, "disk_usage", lambda path: full)
    monkeypatch.setattr(checkup, "NEEDED_GB", 6)
    assert checkup.disk_line(has_packages=False) == ("look", "disk space", "2 GB free, 6 needed")
    assert checkup.disk_line(has_packages=True)[0] == "ok"


def test_it_explains_itself(capsys):
    for arguments, code in ((["--help"], 0), (["x"], 2)):
        with pytest.raises(SystemExit) as ended:
            checkup.main(arguments)
        assert ended.value.code == code
        assert "usage: python3 run.py check" in "".join(capsys.readouterr())
