"""run.py stamp: one address in all notebooks and the README; a set-up cell that helps itself."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from test_notebooks import faults

ROOT = Path(__file__).resolve().parent.parent
NAMES = [path.name for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))]


@pytest.fixture
def stamp():
    spec = importlib.util.spec_from_file_location("stamp", ROOT / "tools" / "stamp.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["stamp"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["stamp"]


@pytest.fixture
def series(stamp, tmp_path, monkeypatch):
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


def test_all_notebooks_and_the_readme_have_the_address_of_pyproject(stamp):
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


def test_an_address_comes_in_and_goes_and_nothing_else_changes(stamp, series):
    before = contents(series)
    set_address(series, "https://github.com/Some-One/le.net", "dev_1")
    assert stamp.main([]) == 0
    start = "https://colab.research.google.com/github/Some-One/le.net/blob/dev_1/notebooks/"
    readme = (series / "README.md").read_text(encoding="utf-8")
    for number, name in enumerate(NAMES, start=1):
        raw = (series / "notebooks" / name).read_text(encoding="utf-8")
        notebook = nbformat.reads(raw, as_version=4)
        (badge,) = tagged(notebook, "badge")
        assert notebook.cells.index(badge) == 1
        words = f"[![Open notebook {number} in Colab]({stamp.BADGE})]({start}{name})"
        assert badge.source == words
        assert f"](notebooks/{name}) {words} |" in readme
        (cell,) = tagged(notebook, "setup")
        assert '"git+https://github.com/Some-One/le.net@dev_1"' in cell.source
        nbformat.validate(notebook)
        assert faults(notebook) == []
        assert nbformat.writes(notebook) + "\n" == raw
    assert contents(series) != before
    set_address(series, "")
    assert stamp.main([]) == 0
    assert contents(series) == before


def test_stamping_twice_changes_nothing(stamp, series, capsys):
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
        (lambda text: text.replace("github/owner/", "github/another/"), NAMES[2]),
        (lambda text: text.replace('"--no-deps\\"', '"--upgrade\\"'), NAMES[3]),
        (lambda text: text.replace('"setup"', '"other"'), NAMES[5]),
        (lambda text: re.sub(r" \[!\[Open notebook 4 [^|]*", " ", text), None),
        (lambda text: text.replace("blob/main", "blob/other", 1), None),
    ],
)
def test_a_file_that_was_forgotten_or_changed_is_found(stamp, series, spoil, name):
    set_address(series, "https://github.com/owner/lenet")
    stamp.main([])
    path = series / "notebooks" / name if name else series / "README.md"
    old = path.read_text(encoding="utf-8")
    assert spoil(old) != old
    path.write_text(spoil(old), encoding="utf-8")
    assert list(stamp.stale(series, stamp.read_address(series))) == [path]


def test_a_changed_address_is_found_in_every_file(stamp, series):
    set_address(series, "https://github.com/owner/lenet")
    stamp.main([])
    set_address(series, "https://github.com/fork/lenet")
    assert len(stamp.stale(series, stamp.read_address(series))) == len(NAMES) + 1
    set_address(series, "https://github.com/owner/lenet", "other")
    assert len(stamp.stale(series, stamp.read_address(series))) == len(NAMES) + 1


def test_a_students_copy_is_left_alone(stamp, series):
    copy = series / "notebooks" / "01-size-arithmetic.mine-2026-11-24.ipynb"
    shutil.copyfile(series / "notebooks" / NAMES[0], copy)
    set_address(series, "https://github.com/owner/lenet")
    assert copy not in stamp.stale(series, stamp.read_address(series))


def test_the_line_ends_of_windows_stay(stamp, series):
    path = series / "notebooks" / NAMES[0]
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert path not in stamp.stale(series, stamp.read_address(series))
    set_address(series, "https://github.com/owner/lenet")
    stamp.main([])
    raw = path.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n") > 100


def test_without_an_address_there_are_no_badges(stamp, series, capsys):
    stamp.main([])
    assert "No address is set" in capsys.readouterr().out
    assert not any(b"colab.research" in text for text in contents(series).values())


def test_a_new_notebook_gets_a_cell_that_must_be_run(stamp, series, capsys):
    path = series / "notebooks" / "07-new.ipynb"
    cells = [nbformat.v4.new_markdown_cell("# 7. New"), nbformat.v4.new_code_cell("1")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    stamp.main([])
    assert "record" in capsys.readouterr().out
    kinds = [cell.cell_type for cell in nbformat.read(path, as_version=4).cells]
    assert kinds == ["markdown", "code", "code"]


# ---------------------------------------------------------------- the address


@pytest.mark.parametrize(
    ("repository", "told"),
    [
        ("http://github.com/owner/lenet", "no address that anybody can install from"),
        ("git@github.com:owner/lenet.git", "no address that anybody can install from"),
        ("https://github.com/owner/lenet/", "without a slash at the end"),
        ('https://github.com/owner/le"net', "no address"),
        ("https://github.com/owner/lenet\n", "no address"),
        ("https://github.com/owner", "https://github.com/OWNER/NAME"),
        ("https://GitHub.com/owner/lenet/tree/main", "nothing after it"),
    ],
)
def test_an_address_that_will_not_do_is_refused(stamp, repository, told):
    with pytest.raises(stamp.StampError, match=told):
        stamp.Address(repository, "main")


@pytest.mark.parametrize("branch", ["", "-x", "a b", 'a"'])
def test_a_branch_that_will_not_do_is_refused(stamp, branch):
    with pytest.raises(stamp.StampError, match="branch = "):
        stamp.Address("https://github.com/owner/lenet", branch)


def test_a_refused_address_changes_nothing(stamp, series, capsys):
    before = contents(series)
    set_address(series, "ftp://example.org/lenet")
    assert stamp.main([]) == 1
    assert "Nothing was changed: repository = 'ftp://example.org/lenet'" in capsys.readouterr().out
    set_address(series, "")
    assert contents(series) == before


def test_on_another_host_the_cell_works_and_there_is_no_badge(stamp, series, capsys):
    set_address(series, "https://git.example.org:8443/teaching/2026/lenet.git")
    assert stamp.main([]) == 0
    assert "Colab opens repositories of GitHub only" in capsys.readouterr().out
    assert not any(b"colab.research" in text for text in contents(series).values())
    notebook = nbformat.read(series / "notebooks" / NAMES[0], as_version=4)
    told = "git+https://git.example.org:8443/teaching/2026/lenet.git@main"
    assert told in tagged(notebook, "setup")[0].source


def test_a_badge_has_no_ending_of_git(stamp):
    badge = stamp.Address("https://github.com/owner/lenet.git", "main").badge("02-x.ipynb")
    assert badge.endswith("/github/owner/lenet/blob/main/notebooks/02-x.ipynb)")


# ---------------------------------------------------------------- the set-up cell


def cell_of(stamp, repository):
    return stamp.Address(repository, "main").setup_cell()


@pytest.fixture
def no_helpers(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)


@pytest.mark.parametrize("repository", ["", "https://github.com/owner/lenet"])
def test_where_the_helpers_are_the_cell_does_and_prints_nothing(
    stamp, repository, monkeypatch, capfd
):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it started something"))
    exec(cell_of(stamp, repository), {})
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_helpers")
def test_without_an_address_the_cell_says_what_to_do(stamp):
    with pytest.raises(RuntimeError, match=r"python3 run.py lab.*pyproject.toml.*run.py stamp"):
        exec(cell_of(stamp, ""), {})


@pytest.mark.usefixtures("no_helpers")
def test_a_failed_installation_says_why(stamp, monkeypatch):
    commands = []

    def run(command, **_):
        commands.append(command)
        return subprocess.CompletedProcess(command, 1, "", "ERROR: Cannot find command 'git'")

    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(RuntimeError) as caught:
        exec(cell_of(stamp, "https://github.com/owner/lenet"), {})
    told = str(caught.value)
    assert "from git+https://github.com/owner/lenet@main" in told
    assert "Check that there is a network, and git" in told
    assert told.endswith("ERROR: Cannot find command 'git'")
    assert commands == [
        [sys.executable, "-m", "pip", "install", "--no-deps",
         "git+https://github.com/owner/lenet@main"],
    ]  # fmt: skip


@pytest.mark.parametrize("repository", ["", "https://github.com/owner/lenet"])
def test_the_cell_keeps_the_style_of_the_notebooks(stamp, series, repository):
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
    (series / "tools").mkdir()
    for name in ("run.py", "tools/stamp.py"):
        shutil.copyfile(ROOT / name, series / name)
    set_address(series, "https://github.com/owner/lenet")
    done = subprocess.run(
        [sys.executable, "-I", "-S", "run.py", "stamp"],  # without site-packages
        cwd=series, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Stamped ") == len(NAMES) + 1
    assert not (series / ".venv").exists()
