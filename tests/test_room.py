"""A room without internet: made once, and then enough for run.py on its own."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
import uv
from tiny import ROOT, Series

from lenet_helpers.data import sets
from lenet_helpers.data.sets import NAMES
from tools import files, room
from tools.wheelhouse import this_computer

# What stands in for the package when a room is made: it knows where the data are, or has none.
PACKAGE = {
    "finding": """
import os
from pathlib import Path
def data_folder():
    return Path(os.environ["LENET_DATA_DIR"])
def find(folder, family, names):
    return {name: folder / name for name in names if (folder / name).is_file()}
""",
    "fashion_mnist": """
from types import SimpleNamespace
from .finding import data_folder
FASHION = SimpleNamespace(family="FashionMNIST", files=("pictures",))
def load_data_fashion_mnist(*_, **__):
    if not (data_folder() / "pictures").exists():
        raise FileNotFoundError("no data: set LENET_DATA_DIR")
""",
}


@pytest.fixture
def series(tmp_path):
    """A tiny series as it lies in a room: a wheelhouse and the data beside run.py."""
    series = Series(tmp_path)
    (series.here / "fashion-mnist").mkdir()
    return series


# ---------------------------------------------------------------- using one


@pytest.mark.parametrize("with_uv", [True, False], ids=["uv", "pip"])
def test_every_command_sets_up_without_internet_and_finds_the_data(series, with_uv):
    """No package index is asked: the one that is named is not there."""
    for command in ("lab", "slides") if with_uv else ("lab",):
        told = series.works(command, **series.with_uv() if with_uv else {})
        assert f"They come from {series.wheels}, without internet" in told
        assert f"data {series.here / 'fashion-mnist'}" in told


def test_a_kernel_that_an_editor_starts_finds_the_data_too(series):
    series.works(**series.with_uv())
    ask = [files.python(series.here / ".venv"), "-c"]
    ask += ["import os; print(os.environ.get('LENET_DATA_DIR'))"]
    data = str(series.here / "fashion-mnist")
    debian = series.here / "debian"  # its Python has a sitecustomize before all packages
    debian.mkdir()
    (debian / "sitecustomize.py").touch()
    given_and_found = (
        ({}, data), ({"PYTHONPATH": str(debian)}, data), ({"LENET_DATA_DIR": "mine"}, "mine"),
    )  # fmt: skip
    for given, found in given_and_found:
        done = subprocess.run(
            ask, env=series.variables | given, capture_output=True, text=True, check=True,
            encoding="utf-8",
        )  # fmt: skip
        assert done.stdout.strip() == found
    shutil.rmtree(series.here / "fashion-mnist")
    done = subprocess.run(ask, env=series.variables, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"


def test_packages_for_another_computer_are_refused_and_both_are_named(series):
    series.fits(["Python 2.7 on win amd64"])
    code, told = series.run("lab", **series.with_uv())
    assert code == 1
    assert "are for Python 2.7 on win amd64" in told
    assert f"This is {this_computer()}." in told
    assert not (series.here / ".venv").exists()


def test_a_room_elsewhere_is_named_by_the_variable(series, tmp_path):
    share = tmp_path / "share"
    elsewhere = {"LENET_ROOM": str(share), **series.with_uv()}
    series.wheels.rename(tmp_path / "not yet")
    code, told = series.run("lab", **elsewhere)
    assert code == 1
    assert "no finished wheelhouse is in that folder" in told
    (share / "fashion-mnist").mkdir(parents=True)
    (tmp_path / "not yet").rename(share / "wheelhouse")
    told = series.works(**elsewhere)
    assert f"They come from {share / 'wheelhouse'}" in told
    assert f"data {share / 'fashion-mnist'}" in told
    assert "data mine" in series.works(**elsewhere, LENET_DATA_DIR="mine")
    # What is set up once needs the room no more: not on a day when the share is away.
    shutil.rmtree(share)
    assert "Setting up" not in series.works(**elsewhere)


def test_an_unfinished_wheelhouse_does_not_count(series):
    (series.wheels / "fits.json").unlink()
    code, told = series.run("lab", **series.with_uv())
    assert code == 1
    assert "Check the network" in told
    assert "without internet" not in told


def test_what_a_room_does_not_have_is_said(series):
    next(series.wheels.glob("checks-*")).unlink()
    code, told = series.run("test", **series.with_uv())
    assert code == 1
    assert "checks" in told
    assert f"Check whether {series.wheels} has all packages" in told
    series.works("lab", **series.with_uv())


# ---------------------------------------------------------------- making one


@pytest.fixture
def making(series, tmp_path):
    """A tiny series that makes rooms; its packages come from a folder, not from an index."""
    for name in ("room", "arguments"):
        shutil.copy(ROOT / "tools" / f"{name}.py", series.here / "tools")
    package = series.here / "lenet_helpers"
    (package / "__init__.py").write_text(
        "from .data.fashion_mnist import load_data_fashion_mnist", encoding="utf-8"
    )
    (package / "data").mkdir()
    for name, text in PACKAGE.items():
        (package / "data" / f"{name}.py").write_text(text, encoding="utf-8")
    shutil.rmtree(series.here / "fashion-mnist")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "pictures").write_text("pictures", encoding="utf-8")
    (series.wheels / "fits.json").unlink()
    series.wheels.rename(tmp_path / "source")
    series.variables |= {
        "PATH": str(Path(uv.find_uv_bin()).parent),
        "LENET_DATA_DIR": str(tmp_path / "data"),
        **{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(tmp_path / "source")},
        **{"UV_OFFLINE": "true", "UV_FIND_LINKS": str(tmp_path / "source")},
    }
    return series


def make(series, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "tools.room", *map(str, arguments)], cwd=series.here,
        env=series.variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_a_room_is_made_and_is_enough_without_internet(making, tmp_path):
    place = tmp_path / "a rööm"
    code, told = make(making, place)
    assert code == 0, told
    assert f"for {this_computer()}." in told
    assert this_computer() in (place / "ROOM.txt").read_text(encoding="utf-8")
    names = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert {"run.py", "pyproject.toml", "wheelhouse/fits.json", "fashion-mnist/pictures"} <= names
    packages = {path.name.split("-")[0] for path in (place / "wheelhouse").glob("*.whl")}
    assert packages == {"tiny", "extra", "checks", "pip"}  # for every command
    assert not any("__pycache__" in name or ".venv" in name for name in names)
    shutil.rmtree(tmp_path / "source")
    making.here = place
    making.variables.pop("LENET_DATA_DIR")
    for command in ("lab", "slides", "test"):
        assert f"data {place / 'fashion-mnist'}" in making.works(command)


def test_a_room_goes_on_with_what_is_there(making, tmp_path):
    """Interrupted before it was whole, with a download cut off; or made for another computer."""
    place = tmp_path / "room"
    (place / "wheelhouse" / "unfinished").mkdir(parents=True)
    (place / "wheelhouse" / "unfinished" / "half a wheel").write_bytes(b"half")
    shutil.copy(next((tmp_path / "source").glob("tiny-*")), place / "wheelhouse")
    assert make(making, place)[0] == 0
    assert not (place / "wheelhouse" / "unfinished").exists()
    (place / "wheelhouse" / "fits.json").write_text('["Python 9 on win amd64"]', encoding="utf-8")
    assert make(making, place)[0] == 0
    fits = json.loads((place / "wheelhouse" / "fits.json").read_text(encoding="utf-8"))
    assert fits == [this_computer(), "Python 9 on win amd64"]


def test_without_data_nothing_is_downloaded(making, tmp_path):
    (tmp_path / "data" / "pictures").unlink()
    code, told = make(making, tmp_path / "room")
    assert code == 1
    assert "no data: set LENET_DATA_DIR" in told
    assert list((tmp_path / "room" / "wheelhouse").iterdir()) == []


def test_a_room_that_fails_is_not_called_ready(making, tmp_path):
    next((tmp_path / "source").glob("checks-*")).unlink()
    code, told = make(making, tmp_path / "room")
    assert code == 1
    assert "checks" in told
    assert not (tmp_path / "room" / "wheelhouse" / "fits.json").exists()


def test_downloads_stay_in_the_room_and_have_the_tags_of_its_computer(tmp_path, monkeypatch):
    """So that an interrupt leaves no gigabytes in a folder where nobody looks."""
    commands = []

    def run(command, **variables):
        commands.append(" ".join(command))
        assert {Path(variables[name]).parent for name in ("TMPDIR", "TEMP", "TMP")} == {tmp_path}
        assert Path(variables["TMP"]).is_dir()
        return 0

    monkeypatch.setattr(room, "run", run)
    monkeypatch.setattr(room, "resolve", lambda *_: ["tiny==1"])
    room.fetch_packages(tmp_path, "3.12", "win_amd64")
    assert "--python-version 3.12 --platform=win_amd64" in commands[0]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_or_inside_the_series_is_refused(making, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("", encoding="utf-8")
    code, told = make(making, tmp_path / "full")
    assert (code, "holds other files" in told) == (1, True)
    code, told = make(making, making.here / "room")
    assert (code, "inside the series" in told) == (1, True)


def test_a_full_disk_is_told_before_the_download(tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)._replace(free=10**8)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(room.RoomError, match=r"0\.1 GB of free space"):
        room.make(tmp_path / "room", None, None)
    assert not (tmp_path / "room").exists()


def test_only_the_platforms_in_the_table_and_only_with_a_python(tmp_path):
    for options in (["--platform", "win_amd64"], ["--python", "3.12"], ["--platform", "amiga"]):
        with pytest.raises(SystemExit):
            room.main([str(tmp_path / "room"), *options])


def test_the_data_come_packed_where_there_is_a_choice(tmp_path, monkeypatch):
    monkeypatch.setenv("LENET_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(sets, "download", lambda *_: "no network")
    monkeypatch.delitem(sets.CONTENT, "Fashion-MNIST")  # the files here are small
    with pytest.raises(room.RoomError, match="LENET_DATA_DIR"):
        room.copy_data(tmp_path / "room")
    for name in NAMES:
        shape = (4, 28, 28) if "images" in name else (4,)
        head = b"\0\0\x08" + bytes([len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
        (tmp_path / name).write_bytes(head + bytes(torch.Size(shape).numel()))
    packed = tmp_path / f"{NAMES[0]}.gz"
    packed.write_bytes(gzip.compress((tmp_path / NAMES[0]).read_bytes()))
    room.copy_data(tmp_path / "room")
    copied = {path.name for path in (tmp_path / "room").iterdir()}
    assert copied == {f"{NAMES[0]}.gz", *NAMES[1:]}
