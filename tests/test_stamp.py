"""run.py stamp: one address in all notebooks and the README; a set-up cell that helps itself."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_notebooks import faults

from tools import stamp
from tools.series import notebooks

ROOT = Path(__file__).resolve().parent.parent
NAMES = [path.name for path in notebooks()]


@pytest.fixture
def series(tmp_path, monkeypatch):
    """Copy what is stamped to a folder, and let the program stamp there, without an address."""
    folder = tmp_path / "series"
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    for name in ("README.md", "pyproject.toml"):
        shutil.copyfile(ROOT / name, folder / name)
    monkeypatch.setattr(stamp, "ROOT", folder)
    set_address(folder, "")
    stamp.main([])
    return folder


def set_address(folder, repository, branch="main"):
    path = folder / "pyproject.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for name, value in (("repository", repository), ("branch", branch)):
        (at,) = (i for i, line in enumerate(lines) if line.startswith(f"{name} = "))
        lines[at] = f'{name} = "{value}"\n'
    path.write_text("".join(lines), encoding="utf-8")


def contents(folder):
    return {p: p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def tagged(notebook, tag):
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", [])]


# ---------------------------------------------------------------- the files


def test_all_notebooks_and_the_readme_have_the_address_of_pyproject():
    assert stamp.stale(ROOT, stamp.read_address(ROOT)) == {}
    assert len(NAMES) >= 6


@pytest.mark.parametrize("name", NAMES)
def test_the_set_up_cell_is_the_first_code_cell_and_there_is_one(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    (cell,) = tagged(notebook, "setup")
    before = notebook.cells[: notebook.cells.index(cell)]
    assert {c.cell_type for c in before} == {"markdown"}
    assert before[0].source.startswith("# ")
    assert "**Run first:**" in before[-1].source  # what the notebook says of itself comes first
    assert cell.metadata.slideshow == {"slide_type": "skip"}
    assert cell.outputs == []
    assert cell.execution_count == 1


@pytest.mark.parametrize("branch", ["dev_1", "v1.0"])  # a branch, the tag of a release
def test_an_address_comes_in_and_goes_and_nothing_else_changes(series, branch):
    before = contents(series)
    set_address(series, "https://github.com/Some-One/le.net", branch)
    assert stamp.main([]) == 0
    start = f"https://colab.research.google.com/github/Some-One/le.net/blob/{branch}/notebooks/"
    readme = (series / "README.md").read_text(encoding="utf-8")
    for number, name in enumerate(NAMES, start=1):
        raw = (series / "notebooks" / name).read_text(encoding="utf-8")
        notebook = nbformat.reads(raw, as_version=4)
        words = f"[![Open notebook {number} in Colab]({stamp.BADGE})]({start}{name})"
        assert f"](notebooks/{name}) {words} |" in readme
        (cell,) = tagged(notebook, "setup")
        assert f'"git+https://github.com/Some-One/le.net@{branch}"' in cell.source
        nbformat.validate(notebook)
        assert faults(notebook) == []
        assert nbformat.writes(notebook) + "\n" == raw
    assert readme.count(stamp.BADGE) == len(NAMES)
    set_address(series, "")
    assert stamp.main([]) == 0
    assert contents(series) == before


def test_stamping_twice_changes_nothing(series, capsys):
    set_address(series, "https://github.com/owner/lenet")
    stamp.main([])
    once = contents(series)
    capsys.readouterr()
    assert stamp.main([]) == 0
    assert "already" in capsys.readouterr().out
    assert contents(series) == once


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda text: text.replace("owner/lenet@main", "another/lenet@main"), NAMES[0]),
        (lambda text: text.replace("--no-deps", "--upgrade"), NAMES[3]),
        (lambda text: re.sub(r" \[!\[Open notebook 4 [^|]*", " ", text), None),
        (lambda text: text.replace("blob/main", "blob/other", 1), None),
    ],
)
def test_a_file_that_was_forgotten_or_changed_is_found(series, spoil, name):
    set_address(series, "https://github.com/owner/lenet")
    stamp.main([])
    path = series / "notebooks" / name if name else series / "README.md"
    old = path.read_text(encoding="utf-8")
    assert spoil(old) != old
    path.write_text(spoil(old), encoding="utf-8")
    assert list(stamp.stale(series, stamp.read_address(series))) == [path]


def test_a_students_own_notebooks_are_left_alone(series):
    own = ["Untitled.ipynb", f"{NAMES[0][:-6]}-Copy1.ipynb", "01-x.mine-2026-11-24-1.ipynb"]
    for name in own:
        shutil.copyfile(series / "notebooks" / NAMES[0], series / "notebooks" / name)
    before = contents(series)
    set_address(series, "https://github.com/owner/lenet")
    assert stamp.main([]) == 0
    after = contents(series)
    assert {path.name for path in after if after[path] != before[path]} == {
        "pyproject.toml", "README.md", *NAMES,
    }  # fmt: skip


def test_the_line_ends_of_windows_are_no_change(series):
    for path in contents(series):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert stamp.stale(series, stamp.read_address(series)) == {}


def test_without_an_address_on_github_there_are_no_badges(series, capsys):
    stamp.main([])
    assert "There are no badges" in capsys.readouterr().out
    set_address(series, "https://git.example.org:8443/teaching/2026/lenet.git")
    assert stamp.main([]) == 0
    assert "There are no badges" in capsys.readouterr().out
    assert not any(b"colab.research" in text for text in contents(series).values())
    notebook = nbformat.read(series / "notebooks" / NAMES[0], as_version=4)
    told = "git+https://git.example.org:8443/teaching/2026/lenet.git@main"
    assert told in tagged(notebook, "setup")[0].source


# ---------------------------------------------------------------- the address


@pytest.mark.parametrize(
    "repository",
    [
        "http://github.com/owner/lenet",
        "git@github.com:owner/lenet.git",
        "https://github.com/owner/lenet/",
        'https://github.com/owner/le"net',
        "https://github.com/owner/lenet\n",
        "https://github.com/owner",
        "https://GitHub.com/owner/lenet/tree/main",
        "https://example.org/a b",
    ],
)
def test_an_address_that_will_not_do_is_refused(repository):
    told = re.escape(f"repository = {repository!r} in pyproject.toml")
    with pytest.raises(stamp.StampError, match=told + ".*https://github.com/OWNER/NAME"):
        stamp.Address(repository, "main")


@pytest.mark.parametrize("branch", ["", "-x", "a b", 'a"'])
def test_a_branch_that_will_not_do_is_refused(branch):
    with pytest.raises(stamp.StampError, match="branch = "):
        stamp.Address("https://github.com/owner/lenet", branch)


def test_a_refused_address_changes_nothing(series, capsys):
    before = contents(series)
    set_address(series, "ftp://example.org/lenet")
    assert stamp.main([]) == 1
    assert "Nothing was changed: repository = 'ftp://example.org/lenet'" in capsys.readouterr().out
    set_address(series, "")
    assert contents(series) == before


def test_a_badge_has_no_ending_of_git():
    badge = stamp.Address("https://github.com/owner/lenet.git", "main").badge("02-x.ipynb")
    assert badge.endswith("/github/owner/lenet/blob/main/notebooks/02-x.ipynb)")


# ---------------------------------------------------------------- the set-up cell

ADDRESSES = ["", "https://github.com/owner/lenet"]


def cell_of(series, repository):
    set_address(series, repository)
    stamp.main([])
    notebook = nbformat.read(series / "notebooks" / NAMES[0], as_version=4)
    return tagged(notebook, "setup")[0].source


@pytest.fixture
def shell(monkeypatch):
    """An IPython of its own that notes what it is asked to start, and starts nothing."""
    shell = InteractiveShell()
    shell.started = []
    monkeypatch.setattr(shell, "system", shell.started.append)
    yield shell
    shell.history_manager.end_session()
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("repository", ADDRESSES)
def test_where_the_helpers_are_the_cell_does_and_prints_nothing(series, shell, repository, capfd):
    cell = cell_of(series, repository)
    assert len(cell.splitlines()) <= 5
    capfd.readouterr()
    shell.run_cell(cell).raise_error()
    assert capfd.readouterr() == ("", "")
    assert shell.started == []


@pytest.mark.parametrize(
    ("repository", "told"),
    [
        (ADDRESSES[0], "python3 run.py lab.*For Colab"),
        (ADDRESSES[1], "No network.*wrong, or not public"),
    ],
)
def test_where_they_cannot_be_had_it_says_why(series, shell, monkeypatch, repository, told):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(AssertionError, match=told):
        shell.run_cell(cell_of(series, repository)).raise_error()


def test_it_installs_the_helpers_alone(series, shell, monkeypatch):
    """A stand-in for pip makes them appear: the cell goes on, in the same Python."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: shell.started)
    shell.run_cell(cell_of(series, "https://github.com/owner/lenet")).raise_error()
    (command,) = shell.started
    wanted = '-m pip install --quiet --no-input --no-deps "git+https://github.com/owner/lenet@main"'
    assert command.endswith(wanted)
    assert sys.executable in command


@pytest.mark.parametrize("repository", ADDRESSES)
def test_the_cell_keeps_the_style_of_the_notebooks(series, repository):
    set_address(series, repository)
    stamp.main([])
    # so that ruff knows whose package it is
    shutil.copytree(ROOT / "lenet_helpers", series / "lenet_helpers")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "notebooks"],
            cwd=series, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


def test_run_py_stamps_before_anything_is_installed(series):
    shutil.copyfile(ROOT / "run.py", series / "run.py")
    shutil.copytree(ROOT / "tools", series / "tools")
    set_address(series, "https://github.com/owner/lenet")
    done = subprocess.run(
        [sys.executable, "-S", "run.py", "stamp"],  # without site-packages
        cwd=series, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Stamped ") == len(NAMES) + 1
    assert not (series / ".venv").exists()
