"""A room without internet: made once, and then enough for "run.py lab" on its own."""

import base64
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# A project that builds itself, so that nothing has to be there to build it with.
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "series"
version = "1"
dependencies = ["tiny"]
"""
BACKEND = """
import zipfile
def get_requires_for_build_editable(settings=None):
    return []
def build_editable(folder, settings=None, metadata=None):
    name = "series-1-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        info = "series-1.dist-info"
        text = "Metadata-Version: 2.1\\nName: series\\nVersion: 1\\nRequires-Dist: tiny\\n"
        wheel.writestr(f"{info}/METADATA", text)
        kind = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(f"{info}/WHEEL", kind)
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""
JUPYTERLAB = (
    'import os, sys; print("Started:", sys.argv[1:], "data:", os.environ["LENET_DATA_DIR"])'
)


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_wheel(folder, name, modules):
    """Write the wheel of a package ``name`` with ``modules`` (path: text) into ``folder``."""
    info = f"{name}-1.dist-info"
    files = {
        **modules,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
        lines.append(f"{path},sha256={digest.rstrip('=')},{len(text.encode())}")
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


@pytest.fixture
def series(tmp_path):
    """A tiny series in a path with a space and an umlaut: run.py and a project of one package."""
    here = tmp_path / "a földer"
    here.mkdir()
    shutil.copy(ROOT / "run.py", here)
    (here / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    (here / "backend.py").write_text(BACKEND, encoding="utf-8")
    (here / "constraints.txt").write_text("tiny==1\n", encoding="utf-8")
    (here / ".gitignore").write_text(".venv/\n__pycache__/\n", encoding="utf-8")
    return here


@pytest.fixture
def program(series):
    return load("run_in_a_room", series / "run.py")


@pytest.fixture
def started(program, monkeypatch):
    """Note what would be started, in place of starting it."""
    commands = []

    def run(command):
        commands.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(program, "run", run)
    return commands


def put_wheelhouse(folder, program, fits=None):
    modules = {"jupyterlab/__init__.py": "", "jupyterlab/__main__.py": JUPYTERLAB}
    make_wheel(folder / "wheelhouse", "tiny", modules)
    fits = [program.this_computer()] if fits is None else fits
    (folder / "wheelhouse" / "fits.json").write_text(json.dumps(fits), encoding="utf-8")
    (folder / "fashion-mnist").mkdir()


def test_the_lab_sets_up_without_internet(series, program):
    """The real command, the real pip; a package index that is named but not there is not asked."""
    put_wheelhouse(series, program)
    dead = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0"}
    done = subprocess.run(
        [sys.executable, str(series / "run.py"), "lab", "--no-browser"],
        env={**os.environ, **dead}, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Setting up without internet" in done.stdout
    assert "'--no-browser']" in done.stdout
    assert f"data: {series / 'fashion-mnist'}" in done.stdout


def test_packages_for_another_computer_are_refused_and_both_are_named(
    series, program, started, capsys
):
    put_wheelhouse(series, program, fits=["Python 2.7 on win amd64"])
    assert program.main(["lab"]) == 1
    told = capsys.readouterr().out
    assert "are for Python 2.7 on win amd64" in told
    assert f"This is {program.this_computer()}." in told
    assert started == []


def test_a_room_elsewhere_is_named_by_the_variable(
    series, program, started, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("LENET_ROOM", str(tmp_path / "share"))
    assert program.main(["lab"]) == 1
    assert "no finished wheelhouse" in capsys.readouterr().out
    put_wheelhouse(tmp_path / "share", program)
    assert program.main(["lab"]) == 0
    assert {"--no-index", str(tmp_path / "share" / "wheelhouse")} <= set(started[0])
    assert program.surroundings()["LENET_DATA_DIR"] == str(tmp_path / "share" / "fashion-mnist")
    monkeypatch.setenv("LENET_DATA_DIR", "/mine")
    assert program.surroundings()["LENET_DATA_DIR"] == "/mine"


def test_an_unfinished_wheelhouse_does_not_count(series, program, started):
    put_wheelhouse(series, program)
    (series / "wheelhouse" / "fits.json").unlink()
    assert program.main(["lab"]) == 0
    assert "--no-index" not in started[0]


def test_the_tests_come_from_the_internet_all_the_same(series, program, started):
    put_wheelhouse(series, program)
    assert program.main(["test"]) == 0
    assert "--no-index" not in started[0]


def test_without_any_pip_the_one_in_the_wheelhouse_serves(series, program, monkeypatch):
    put_wheelhouse(series, program)
    (series / "wheelhouse" / "pip-99-py3-none-any.whl").write_bytes(b"")
    monkeypatch.setattr(program, "answer", lambda command: None)
    assert program.pip()[1] == str(series / "wheelhouse" / "pip-99-py3-none-any.whl" / "pip")


# ---------------------------------------------------------------- making one


@pytest.fixture
def maker(series, program, monkeypatch, tmp_path):
    """tools/room.py of the tiny series; its package comes from a folder, not from an index."""
    pytest.importorskip("pip", reason="making a room needs pip")
    module = load("room_of_the_tests", ROOT / "tools" / "room.py")
    make_wheel(tmp_path / "source", "tiny", {"tiny.py": ""})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "source"))
    monkeypatch.setattr(module, "ROOT", series)
    monkeypatch.setattr(module, "run_py", program)
    monkeypatch.setattr(program, "pip", lambda: [sys.executable, "-m", "pip"])
    monkeypatch.setattr(module, "wanted_packages", lambda: ["tiny"])
    monkeypatch.setattr(module, "copy_data", lambda folder: folder.mkdir(exist_ok=True))
    return module


def test_a_room_is_made_and_made_again(maker, program, tmp_path, capsys):
    room = tmp_path / "a rööm"
    assert maker.main([str(room)]) == 0
    assert f"for {program.this_computer()}." in capsys.readouterr().out
    assert program.this_computer() in (room / "ROOM.txt").read_text(encoding="utf-8")
    names = {str(path.relative_to(room)) for path in room.rglob("*") if path.is_file()}
    assert {"run.py", "pyproject.toml", "wheelhouse/fits.json"} <= {
        n.replace("\\", "/") for n in names
    }
    assert (room / "wheelhouse" / "tiny-1-py3-none-any.whl").is_file()
    assert not any("__pycache__" in name or ".venv" in name for name in names)
    (room / "wheelhouse" / "fits.json").write_text('["Python 9 on win amd64"]', encoding="utf-8")
    assert maker.main([str(room)]) == 0
    fits = json.loads((room / "wheelhouse" / "fits.json").read_text(encoding="utf-8"))
    assert fits == [program.this_computer(), "Python 9 on win amd64"]


def test_a_room_that_fails_is_not_called_ready(maker, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(maker, "wanted_packages", lambda: ["not-there"])
    assert maker.main([str(tmp_path / "room")]) == 1
    assert "not-there" in capsys.readouterr().out
    assert not (tmp_path / "room" / "wheelhouse" / "fits.json").exists()


def test_another_computers_packages_are_asked_for_by_its_tags(maker, tmp_path, monkeypatch):
    commands = []
    monkeypatch.setattr(maker, "resolve", lambda *_: ["tiny==1"])
    monkeypatch.setattr(maker.run_py, "run", lambda command: commands.append(command) or 0)
    room = tmp_path / "room"
    assert maker.main([str(room), "--python", "3.12", "--platform", "win_amd64"]) == 0
    assert "--python-version 3.12 --platform=win_amd64" in " ".join(commands[0])
    fits = json.loads((room / "wheelhouse" / "fits.json").read_text(encoding="utf-8"))
    assert fits == ["Python 3.12 on win amd64"]


def test_a_folder_with_other_files_or_inside_the_series_is_refused(maker, series, tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("", encoding="utf-8")
    assert maker.main([str(tmp_path / "full")]) == 1
    assert "holds other files" in capsys.readouterr().out
    assert maker.main([str(series / "room")]) == 1
    assert "inside the series" in capsys.readouterr().out


def test_a_full_disk_is_told_before_the_download(maker, tmp_path, monkeypatch, capsys):
    usage = shutil.disk_usage(tmp_path)._replace(free=10**8)
    monkeypatch.setattr(maker.shutil, "disk_usage", lambda _: usage)
    assert maker.main([str(tmp_path / "room")]) == 1
    assert "0.1 GB of free space" in capsys.readouterr().out


def test_only_the_platforms_in_the_table_and_only_with_a_python(maker, tmp_path):
    for options in (["--platform", "win_amd64"], ["--python", "3.12"], ["--platform", "amiga"]):
        with pytest.raises(SystemExit):
            maker.main([str(tmp_path / "room"), *options])


def test_the_data_come_packed_where_there_is_a_choice(tmp_path, monkeypatch):
    import gzip

    import torch

    from lenet_helpers.data import sets
    from lenet_helpers.data.sets import NAMES

    module = load("room_of_the_data", ROOT / "tools" / "room.py")
    monkeypatch.setenv("LENET_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sets, "download", lambda *_: "no network")
    monkeypatch.delitem(sets.CONTENT, "Fashion-MNIST")  # the files here are small
    with pytest.raises(module.RoomError, match="LENET_DATA_DIR"):
        module.copy_data(tmp_path / "room")
    for name in NAMES:
        shape = (4, 28, 28) if "images" in name else (4,)
        head = b"\0\0\x08" + bytes([len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
        (tmp_path / name).write_bytes(head + bytes(torch.Size(shape).numel()))
    packed = tmp_path / f"{NAMES[0]}.gz"
    packed.write_bytes(gzip.compress((tmp_path / NAMES[0]).read_bytes()))
    module.copy_data(tmp_path / "room")
    copied = {path.name for path in (tmp_path / "room").iterdir()}
    assert copied == {f"{NAMES[0]}.gz", *NAMES[1:]}
