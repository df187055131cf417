"""The notebooks as Colab runs them: each alone, the helpers installed by its set-up cell.

Here with the packages of this environment, without a network. "python3 run.py colab" does it with
Colab's own versions, which takes gigabytes; so does this file with LENET_COLAB=1 set.
"""

import http.server
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
import threading
import venv
from pathlib import Path

import nbclient
import nbformat
import pytest

from tools import colab, files, programs, series

ROOT = Path(__file__).resolve().parent.parent

# The set-up cell is left as it is; pip takes these from its environment. Offline, it cannot fetch
# what the helpers are built with, so it takes what is here.
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}


@pytest.fixture
def origin(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("there is no git here: install it, and this test runs too")
    return colab.make_origin(tmp_path / "origin")


@pytest.fixture
def python(tmp_path):
    """A Python with the packages of this one, except lenet_helpers, and a module google.colab."""
    try:
        have = int(importlib.metadata.version("setuptools").split(".")[0])
        importlib.metadata.version("pip")
    except importlib.metadata.PackageNotFoundError:
        have = 0
    if have < 77:
        pytest.skip("this test needs pip and setuptools 77 or newer in this environment")
    folder, packages = tmp_path / "environment", tmp_path / "packages"
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    packages.mkdir()
    for place in {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}:
        for entry in Path(place).iterdir():
            if "lenet_helpers" in entry.name or (packages / entry.name).exists():
                continue
            try:
                (packages / entry.name).symlink_to(entry)
            except OSError:  # Windows lets only some users make them
                pytest.skip("links cannot be made here: on Windows, switch on the developer mode")
    path = files.python(folder)
    places = programs.answer([path, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    Path(places, "packages.pth").write_text(str(packages), encoding="utf-8")
    colab.pretend_colab(path)
    return path


def test_a_notebook_alone_installs_the_helpers_and_runs_to_the_end(origin, python, tmp_path):
    """Notebook 3 has the cells that fail on purpose too."""
    added = colab.run_alone("03-checking-layer-shapes.ipynb", python, origin, tmp_path, **OFFLINE)
    assert added.startswith(f"lenet-helpers @ git+{origin[1].repository}@")
    made = {path.relative_to(tmp_path / "notebook") for path in (tmp_path / "notebook").rglob("*")}
    assert made == {Path("03-checking-layer-shapes.ipynb")}


class Private(http.server.BaseHTTPRequestHandler):
    """Answers as GitHub does for a repository that is not public, or is not there."""

    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", 'Basic realm="GitHub"')
        self.end_headers()

    def log_message(self, *_):
        pass


def test_where_the_repository_is_not_public_the_set_up_cell_says_so(
    origin, python, tmp_path, monkeypatch
):
    """And asks for no name and password, which would look like a cell that never ends."""
    client = nbclient.NotebookClient
    soon = lambda *args, **more: client(*args, **{**more, "timeout": 120})  # noqa: E731
    monkeypatch.setattr(nbclient, "NotebookClient", soon)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Private) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        there = {"GIT_CONFIG_KEY_0": f"url.http://127.0.0.1:{server.server_port}/a/b.insteadOf"}
        with pytest.raises(colab.ColabError, match=r"AssertionError\S*: No network") as raised:
            colab.run_alone("02-building-lenet.ipynb", python, origin, tmp_path, **OFFLINE, **there)
        server.shutdown()
    assert "could not read Username" in str(raised.value)  # what git says of it stands above


def test_the_repository_is_the_series_as_it_is_with_an_address(origin):
    folder, address = origin
    listed = subprocess.run(
        ["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True
    )
    assert {"run.py", "lenet_helpers/__init__.py"} <= set(listed.stdout.split())
    assert address.badge("01")
    for path in series.notebooks(folder / "notebooks"):
        assert address.repository in path.read_text(encoding="utf-8")


# ---------------------------------------------------------------- it can fail


def notebook(*cells):
    made = []
    for source, tag, output in cells:
        cell = nbformat.v4.new_code_cell(source, metadata={"tags": [tag] if tag else []})
        if output:
            cell.outputs.append(nbformat.v4.new_output("error", ename="E", evalue="", traceback=[]))
        made.append(cell)
    return nbformat.v4.new_notebook(cells=made)


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([("1", "", False)], "is not the set-up cell"),
        ([("1", "setup", False), ("2", "raises-exception", False)], "missing, or too many"),
        ([("1", "setup", False), ("2", "", True)], "missing, or too many"),
        ([("1", "setup", True)], "missing, or too many"),
    ],
)
def test_an_error_too_many_or_too_few_is_found(cells, told):
    with pytest.raises(colab.ColabError, match=told):
        colab.check_errors("x.ipynb", notebook(*cells))


@pytest.mark.parametrize(
    "after",
    [
        ["torch==2.11.0"],
        ["torch==2.12.0", "lenet-helpers @ git+x"],
        ["torch==2.11.0", "lenet-helpers @ git+x", "nbval==0.11"],
    ],
)
def test_a_changed_package_is_found(after, tmp_path, monkeypatch):
    lists = iter([{"torch==2.11.0"}, set(after)])
    monkeypatch.setattr(colab, "packages", lambda *_: next(lists))
    monkeypatch.setattr(colab, "execute", lambda *_: None)
    monkeypatch.setattr(colab, "check_errors", lambda *_: None)
    monkeypatch.setattr(colab, "uninstall_helpers", lambda *_: None)
    (tmp_path / "notebooks").mkdir()
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "notebooks" / "01.ipynb")
    with pytest.raises(colab.ColabError, match="changed the packages"):
        colab.run_alone("01.ipynb", "no python", (tmp_path, colab.EXAMPLE), tmp_path / "alone")


def test_a_cell_that_fails_is_found(tmp_path):
    cells = notebook(("1 / 0", "raises-exception", False))
    with pytest.raises(colab.ColabError, match="ZeroDivisionError"):
        colab.execute(cells, sys.executable, tmp_path, dict(os.environ))


# ---------------------------------------------------------------- with Colab's versions


@pytest.mark.skipif(
    not os.environ.get("LENET_COLAB"),
    reason="this installs gigabytes and runs all notebooks: set LENET_COLAB=1 for it",
)
def test_all_notebooks_with_colabs_versions():
    assert colab.main([]) == 0
