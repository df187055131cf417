"""run.py update: the newer version arrives, and nothing that a student wrote is lost."""

import datetime
import importlib.util
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.date.today().isoformat()
GIT = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
FIRST = {
    "run.py": "print(1)\n",
    "lenet_helpers/data.py": "a = 1\n",
    "lenet_helpers/old.py": "gone soon\n",
    "notebooks/01-a.ipynb": "one\n",
    "notebooks/02-b.ipynb": "two\n",
    "notebooks/03-ü c.ipynb": "three\n",
}
SECOND = {
    **{path: text for path, text in FIRST.items() if path != "lenet_helpers/old.py"},
    "lenet_helpers/data.py": "a = 2\n",
    "notebooks/02-b.ipynb": "two, better\n",
    "notebooks/04-new.ipynb": "four\n",
}


def load():
    spec = importlib.util.spec_from_file_location("update", ROOT / "tools" / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def put(folder, files):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())


def contents(folder):
    """Return the student's files: all but git's and the note."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts and path.name != ".series.json"
    }


def git(folder, *arguments):
    who = {
        f"GIT_{role}_{what}": "t" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["git", "-C", str(folder), *arguments],
        check=True, capture_output=True, env={**os.environ, **who},
    )  # fmt: skip


def commit(folder, files):
    for old in contents(folder):
        (folder / old).unlink()
    put(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "a version")


@pytest.fixture(params=["git", "zip", "folder"])
def student(request, tmp_path, monkeypatch):
    """A student's copy of the first version, and a function that updates it to the second."""
    module, here, teacher = load(), tmp_path / "a stüdent", tmp_path / "teacher"
    teacher.mkdir()
    monkeypatch.setattr(module, "ROOT", here)
    if request.param == "git":
        if shutil.which("git") is None:
            pytest.skip("no git here")
        git(teacher, "init", "--quiet", "--initial-branch=main")
        commit(teacher, FIRST)
        subprocess.run(["git", "clone", "--quiet", str(teacher), str(here)], check=True)
        source = []

        def publish(files):
            commit(teacher, files)
    else:
        source = [str(teacher / "series.zip" if request.param == "zip" else teacher / "series")]

        def publish(files):
            shutil.rmtree(teacher)
            if request.param == "folder":
                put(teacher / "series", files)
                put(teacher / "series", {".venv/x": "no", "notebooks/.ipynb_checkpoints/x": "no"})
                return
            teacher.mkdir()
            with zipfile.ZipFile(source[0], "w") as archive:
                for path, text in files.items():
                    archive.writestr(f"series-main/{path}", text)

        put(here, FIRST)
        publish(FIRST)
        assert module.main(source) == 0  # from here on it is known what was delivered
    monkeypatch.setattr(module, "update", lambda: module.main(source), raising=False)
    module.here, module.publish = here, publish
    return module


def test_an_untouched_copy_becomes_the_new_version(student, capsys):
    student.publish(SECOND)
    assert student.update() == 0
    assert contents(student.here) == SECOND
    assert "Nothing of yours was in the way" in capsys.readouterr().out
    assert student.update() == 0
    assert "the newest version already" in capsys.readouterr().out


def test_what_the_student_changed_is_kept(student, capsys):
    mine = {
        "notebooks/01-a.ipynb": "one, by me\n",  # the new version leaves it alone
        "notebooks/02-b.ipynb": "two, by me\n",
        "notebooks/04-new.ipynb": "a file of my own\n",
        "notebooks/my notes.txt": "notes\n",
        "lenet_helpers/data.py": "a = 3\n",
        "lenet_helpers/old.py": "improved\n",
    }
    put(student.here, mine)
    (student.here / "notebooks" / "03-ü c.ipynb").unlink()
    student.publish(SECOND)
    assert student.update() == 0
    wanted = {
        **SECOND,
        "notebooks/01-a.ipynb": "one, by me\n",
        f"notebooks/02-b.mine-{TODAY}.ipynb": "two, by me\n",
        f"notebooks/04-new.mine-{TODAY}.ipynb": "a file of my own\n",
        "notebooks/my notes.txt": "notes\n",
        f"kept-{TODAY}/lenet_helpers/data.py": "a = 3\n",
        "lenet_helpers/old.py": "improved\n",
    }
    del wanted["notebooks/03-ü c.ipynb"]
    assert contents(student.here) == wanted
    assert f"Yours is now notebooks/02-b.mine-{TODAY}.ipynb" in capsys.readouterr().out
    assert student.update() == 0
    assert contents(student.here) == wanted


def test_two_updates_on_one_day_keep_both(student):
    put(student.here, {"notebooks/02-b.ipynb": "first edit\n"})
    student.publish(SECOND)
    assert student.update() == 0
    put(student.here, {"notebooks/02-b.ipynb": "second edit\n"})
    student.publish({**SECOND, "notebooks/02-b.ipynb": "two, best\n"})
    assert student.update() == 0
    after = contents(student.here)
    assert after["notebooks/02-b.ipynb"] == "two, best\n"
    assert after[f"notebooks/02-b.mine-{TODAY}.ipynb"] == "first edit\n"
    assert after[f"notebooks/02-b.mine-{TODAY}-2.ipynb"] == "second edit\n"


def test_an_interrupted_update_is_repeated(student, monkeypatch):
    put(student.here, {"notebooks/02-b.ipynb": "by me\n"})
    student.publish(SECOND)
    write = student.write
    for stop in range(1, 6):
        left = [stop]

        def interrupted(place, content, left=left):
            left[0] -= 1
            if left[0] == 0:
                raise KeyboardInterrupt
            write(place, content)

        monkeypatch.setattr(student, "write", interrupted)
        student.update()
        assert "by me\n" in contents(student.here).values()
    monkeypatch.setattr(student, "write", write)
    assert student.update() == 0
    assert contents(student.here) == {**SECOND, f"notebooks/02-b.mine-{TODAY}.ipynb": "by me\n"}


def test_without_git_and_without_a_note_every_difference_counts_as_yours(tmp_path):
    module, here, source = load(), tmp_path / "here", tmp_path / "source"
    put(here, {**FIRST, "notebooks/02-b.ipynb": "by me\n"})
    put(source, SECOND)
    kept = module.from_source(here, source)
    assert set(kept) == {"lenet_helpers/data.py", "notebooks/02-b.ipynb"}
    assert (here / kept["notebooks/02-b.ipynb"]).read_text(encoding="utf-8") == "by me\n"


@GIT
def test_git_is_clean_afterwards_and_line_ends_are_no_change(tmp_path):
    module, here, teacher = load(), tmp_path / "here", tmp_path / "teacher"
    teacher.mkdir()
    git(teacher, "init", "--quiet", "--initial-branch=main")
    first = {**FIRST, ".gitignore": ".series.json\nkept-*/\n*.mine-*\n"}
    commit(teacher, first)
    command = ["git", "clone", "--quiet", "--config", "core.autocrlf=true"]  # as on Windows
    subprocess.run([*command, str(teacher), str(here)], check=True)
    assert b"\r\n" in (here / "notebooks" / "02-b.ipynb").read_bytes()
    commit(teacher, {**SECOND, ".gitignore": first[".gitignore"]})
    assert module.from_git(here) == {}
    assert b"two, better\r\n" in (here / "notebooks" / "02-b.ipynb").read_bytes()
    status = ["git", "-C", str(here), "status", "--porcelain", "--branch"]
    told = subprocess.run(status, capture_output=True, text=True, check=True).stdout
    assert told.splitlines() == ["## main...origin/main"]


@GIT
def test_commits_of_ones_own_are_left_to_git(tmp_path):
    module, here, teacher = load(), tmp_path / "here", tmp_path / "teacher"
    teacher.mkdir()
    git(teacher, "init", "--quiet", "--initial-branch=main")
    commit(teacher, FIRST)
    subprocess.run(["git", "clone", "--quiet", str(teacher), str(here)], check=True)
    commit(here, {**FIRST, "notebooks/01-a.ipynb": "committed\n"})
    commit(teacher, SECOND)
    with pytest.raises(module.UpdateError, match="git pull"):
        module.from_git(here)
    git(here, "switch", "--quiet", "--detach")
    with pytest.raises(module.UpdateError, match="git switch main"):
        module.from_git(here)


def test_what_is_no_newer_version_is_refused(tmp_path, capsys, monkeypatch):
    module = load()
    monkeypatch.setattr(module, "ROOT", tmp_path / "here")
    put(tmp_path / "here", FIRST)
    assert module.main([]) == 1
    assert "no git clone" in capsys.readouterr().out
    assert module.main([str(tmp_path / "nowhere")]) == 1
    assert "is not there" in capsys.readouterr().out
    put(tmp_path / "other", {"thesis.txt": ""})
    assert module.main([str(tmp_path / "other")]) == 1
    assert "not a version of this series" in capsys.readouterr().out
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("top/../../evil", "")
    assert module.main([str(tmp_path / "bad.zip")]) == 1
    assert "leads elsewhere" in capsys.readouterr().out
    (tmp_path / "broken.zip").write_bytes(b"no zip")
    assert module.main([str(tmp_path / "broken.zip")]) == 1
    assert contents(tmp_path / "here") == FIRST


def test_it_starts_before_anything_is_installed(tmp_path):
    """With Python's own library alone: -S hides what is installed."""
    for name in ("run.py", "tools/update.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-S", str(tmp_path / "run.py"), "update", str(tmp_path / "nowhere")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    assert "Not updated" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_what_an_update_makes_is_not_in_git():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".series.json", "kept-*/", "*.mine-*"} <= set(ignored)
