"""run.py update: the newer version arrives, and nothing that a student wrote is lost."""

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import update

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date.today().isoformat()
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")


def notebook(*sources, output="1", version="3", slide="-"):
    """A notebook of code cells as a file's text; what comes after the sources, nobody writes."""
    cells = [
        {
            "cell_type": "code", "execution_count": number, "source": source.splitlines(True),
            "metadata": {"slideshow": {"slide_type": slide}},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": [output]}],
        }
        for number, source in enumerate(sources, start=1)
    ]  # fmt: skip
    metadata = {"language_info": {"name": "python", "version": version}}
    made = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(made, indent=1) + "\n"


FIRST = {
    "run.py": "print(1)\n",
    ".gitignore": "*.mine-*\n",
    "lenet_helpers/data.py": "a = 1\n",
    "lenet_helpers/old.py": "gone soon\n",
    "notebooks/01-a.ipynb": notebook("one", "x = ..."),
    "notebooks/02-b.ipynb": notebook("two", "x = ..."),
    "notebooks/03-ü c.ipynb": notebook("three"),
}
SECOND = {
    **{path: text for path, text in FIRST.items() if path != "lenet_helpers/old.py"},
    "lenet_helpers/data.py": "a = 2\n",
    "notebooks/02-b.ipynb": notebook("two, better", "x = ...", output="2"),
    "notebooks/04-nëw.ipynb": notebook("four"),
}


def put(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def git(folder, *arguments):
    who = {
        f"GIT_{role}_{what}": "t" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True, capture_output=True, encoding="utf-8", env={**os.environ, **who},
    ).stdout  # fmt: skip


def commit(folder, files):
    for old in contents(folder):
        (folder / old).unlink()
    put(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a version")


@pytest.fixture
def teacher(tmp_path):
    folder = tmp_path / "teacher"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, FIRST)
    return folder


@pytest.fixture
def here(teacher, tmp_path, monkeypatch):
    """A student's clone of the first version; update.main works on it."""
    folder = tmp_path / "a stüdent"
    git(tmp_path, "clone", "--quiet", str(teacher), str(folder))
    monkeypatch.setattr(update, "ROOT", folder)
    return folder


def test_an_untouched_copy_becomes_the_new_version(here, teacher, capsys):
    commit(teacher, SECOND)
    assert update.main([]) == 0
    assert contents(here) == SECOND
    assert capsys.readouterr().out == "Updated.\n"
    assert git(here, "status", "--porcelain", "--branch") == "## main...origin/main\n"
    assert update.main([]) == 0
    assert "the newest version already" in capsys.readouterr().out


def test_what_the_student_changed_is_kept(here, teacher, capsys):
    mine = {
        "notebooks/01-a.ipynb": notebook("one", "x = 14"),  # the new version leaves it alone
        "notebooks/02-b.ipynb": notebook("two", "x = 14"),
        "notebooks/04-nëw.ipynb": "a file of my own\n",
        "notebooks/my notes.txt": "notes\n",
        "lenet_helpers/data.py": "a = 3\n",
        "lenet_helpers/old.py": "improved\n",
    }
    put(here, mine)
    (here / "notebooks" / "03-ü c.ipynb").unlink()
    commit(teacher, SECOND)
    assert update.main([]) == 0
    wanted = {
        **SECOND,
        "notebooks/01-a.ipynb": mine["notebooks/01-a.ipynb"],
        f"notebooks/02-b.mine-{TODAY}-1.ipynb": mine["notebooks/02-b.ipynb"],
        f"notebooks/04-nëw.mine-{TODAY}-1.ipynb": "a file of my own\n",
        "notebooks/my notes.txt": "notes\n",
        f"lenet_helpers/data.mine-{TODAY}-1.py": "a = 3\n",
        "lenet_helpers/old.py": "improved\n",
    }
    del wanted["notebooks/03-ü c.ipynb"]
    assert contents(here) == wanted
    told = capsys.readouterr().out
    assert f"both changed notebooks/02-b.ipynb. Yours is now 02-b.mine-{TODAY}-1.ipynb." in told
    assert told.count("Yours is now") == 3
    assert update.main([]) == 0
    assert contents(here) == wanted


def test_a_notebook_that_was_only_opened_and_run_is_not_changed(here, teacher):
    put(here, {"notebooks/02-b.ipynb": notebook("two", "x = ...", output="9", version="3.12.1")})
    commit(teacher, SECOND)
    assert update.main([]) == 0
    assert contents(here) == SECOND


@pytest.mark.parametrize(
    "mine",
    [
        notebook("two"),
        notebook("two", "x = ...", slide="skip"),  # a teacher's setting
        notebook("two", "x = ...")[:-9],  # damaged
        "[]",
    ],
)
def test_a_notebook_that_was_changed_otherwise_is_kept(here, teacher, mine):
    put(here, {"notebooks/02-b.ipynb": mine})
    commit(teacher, SECOND)
    assert update.main([]) == 0
    assert contents(here) == {**SECOND, f"notebooks/02-b.mine-{TODAY}-1.ipynb": mine}


def test_a_deleted_file_comes_back_when_the_new_version_changes_it(here, teacher):
    (here / "notebooks" / "02-b.ipynb").unlink()
    (here / "lenet_helpers" / "old.py").unlink()
    commit(teacher, SECOND)
    assert update.main([]) == 0
    assert contents(here) == SECOND


def test_two_updates_on_one_day_keep_both(here, teacher):
    put(here, {"notebooks/02-b.ipynb": notebook("first edit")})
    commit(teacher, SECOND)
    assert update.main([]) == 0
    put(here, {"notebooks/02-b.ipynb": notebook("second edit")})
    best = {**SECOND, "notebooks/02-b.ipynb": notebook("two, best")}
    commit(teacher, best)
    assert update.main([]) == 0
    assert contents(here) == {
        **best,
        f"notebooks/02-b.mine-{TODAY}-1.ipynb": notebook("first edit"),
        f"notebooks/02-b.mine-{TODAY}-2.ipynb": notebook("second edit"),
    }


def test_an_update_that_only_drops_a_file(here, teacher):
    left = {path: text for path, text in FIRST.items() if path != "lenet_helpers/old.py"}
    commit(teacher, left)
    assert update.main([]) == 0
    assert contents(here) == left


def test_commits_of_ones_own_are_kept_and_no_file_is_mixed(here, teacher, capsys):
    mine = {
        "notebooks/01-a.ipynb": notebook("one, committed"),
        "notebooks/02-b.ipynb": notebook("two, committed"),
        "mine.txt": "new\n",
    }
    commit(here, {**FIRST, **mine})
    head = git(here, "rev-parse", "HEAD").strip()
    commit(teacher, SECOND)
    assert update.main([]) == 0
    assert contents(here) == {
        **SECOND,
        "notebooks/01-a.ipynb": mine["notebooks/01-a.ipynb"],
        f"notebooks/02-b.mine-{TODAY}-1.ipynb": mine["notebooks/02-b.ipynb"],
        "mine.txt": "new\n",
    }
    assert f"Your commits are in the branch mine-{head[:7]}" in capsys.readouterr().out
    assert git(here, "rev-parse", f"mine-{head[:7]}").strip() == head
    assert git(here, "rev-parse", "HEAD") == git(here, "rev-parse", "origin/main")


def test_an_interrupted_update_is_repeated(here, teacher, monkeypatch):
    """Interrupted before each of its steps; each time it gets one step further."""
    mine = {"notebooks/02-b.ipynb": notebook("by me"), "lenet_helpers/data.py": "a = 3\n"}
    commit(here, {**FIRST, "notebooks/02-b.ipynb": "committed\n"})
    put(here, mine)
    commit(teacher, SECOND)
    steps = {name: getattr(update, name) for name in ("git", "set_aside")}
    stop, left = 0, []

    def step(name):
        def interrupted(*arguments, **more):
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt
            return steps[name](*arguments, **more)

        return interrupted

    for name in steps:
        monkeypatch.setattr(update, name, step(name))
    code = 130
    while code == 130:
        left[:] = [stop]
        code = update.main([])
        assert set(mine.values()) <= set(contents(here).values()), stop
        stop += 1
    assert code == 0
    assert stop > 10
    assert contents(here) == {
        **SECOND,
        f"notebooks/02-b.mine-{TODAY}-1.ipynb": mine["notebooks/02-b.ipynb"],
        f"lenet_helpers/data.mine-{TODAY}-1.py": "a = 3\n",
    }
    assert git(here, "status", "--porcelain", "--branch") == "## main...origin/main\n"


def test_the_line_ends_of_windows_are_no_change(tmp_path, here, teacher):
    windows = tmp_path / "windows"
    git(tmp_path, "clone", "--quiet", "--config", "core.autocrlf=true", str(teacher), str(windows))
    commit(teacher, SECOND)
    assert update.update(windows)
    assert {path: text.replace("\r\n", "\n") for path, text in contents(windows).items()} == SECOND
    assert "two, better" in contents(windows)["notebooks/02-b.ipynb"]
    assert contents(windows)["notebooks/02-b.ipynb"].count("\r\n") > 10
    assert git(windows, "status", "--porcelain", "--branch") == "## main...origin/main\n"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda here: shutil.rmtree(here / ".git"), "Your notebooks stay here"),
        (lambda here: git(here, "switch", "--quiet", "--detach"), "git switch main"),
        (lambda here: shutil.rmtree(here.parent / "teacher"), "git fetch --quiet failed: fatal"),
    ],
)
def test_where_there_is_nothing_to_update_from_it_says_what_to_do(here, capsys, spoil, told):
    spoil(here)
    assert update.main([]) == 1
    assert told in capsys.readouterr().out
    assert contents(here) == FIRST


def test_help_and_what_it_does_not_know(capsys):
    assert (update.main(["--help"]), update.main(["series.zip"])) == (0, 2)
    assert capsys.readouterr().out.count("keep what you changed") == 2


def test_it_starts_before_anything_is_installed(here):
    """With Python's own library alone: -S hides what is installed."""
    shutil.copyfile(ROOT / "run.py", here / "run.py")
    shutil.copytree(ROOT / "tools", here / "tools")
    done = subprocess.run(
        [sys.executable, "-S", str(here / "run.py"), "update"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "This is the newest version already" in done.stdout
    assert not (here / ".venv").exists()


def test_what_an_update_makes_is_not_in_git():
    assert "*.mine-*" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
