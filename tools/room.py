"""Make a folder from which the series sets up without internet: a classroom, a plane, a firewall.

    python3 run.py room FOLDER                                       for this Python and system
    python3 run.py room FOLDER --python 3.12 --platform win_amd64    and for another computer

The folder then holds the files of the series, "wheelhouse" (the packages), "fashion-mnist" (the
data) and ROOM.txt, which says how to use it. Interrupted, or called again for another computer, the
command goes on with what is there.
"""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess
import sys
from pathlib import Path

from tools.arguments import parser
from tools.environment import SETS, wanted_packages
from tools.files import CONSTRAINTS, ROOT, copy_series, write_whole
from tools.installers import uv
from tools.programs import run, surroundings
from tools.wheelhouse import NOTE, SetUpError, this_computer

# A computer's name in wheel files -> its words in fits.json, the tags that it takes (pip knows
# those of older macOS versions itself), and uv's name for it.
PLATFORMS = {
    "win_amd64": ("win amd64", ["win_amd64"], "x86_64-pc-windows-msvc"),
    "macosx_14_0_arm64": ("macosx arm64", ["macosx_14_0_arm64"], "aarch64-apple-darwin"),
    "manylinux_2_28_x86_64": (
        "linux x86_64",
        [
            *(f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)),
            *(f"manylinux{old}_x86_64" for old in ("2014", "2010", "1")),
        ],
        "x86_64-manylinux_2_28",
    ),
}
FOR_UV = {"MACOSX_DEPLOYMENT_TARGET": "14.0"}  # else it takes an older macOS than PyTorch does
AT_ONCE = 10  # packages a download: an interrupt loses these at most
NEEDED_GB = {"linux": 4.0}  # of packages; PyTorch for Linux brings its GPU libraries
NEEDED_GB_ELSEWHERE = 1.0
HOW_TO = """LeNet, step by step: a room without internet
=============================================

This folder was made on {date}. It has the notebooks, all packages that they need, and
Fashion-MNIST. It fits:
{fits}

On each computer, with Python installed (`py` in place of `python3` on Windows):

    python3 run.py lab

in a copy of this folder. That installs into the folder .venv in it and opens JupyterLab, both
without internet. Later runs start at once.

The packages need not be copied to each computer. Put this folder where all can read it, give each
student the files without the folders "wheelhouse" and "fashion-mnist", and set the variable
LENET_ROOM to this folder:

    LENET_ROOM=/share/room python3 run.py lab                    Linux, macOS
    set LENET_ROOM=S:\\room  and then  py run.py lab              Windows

To add the packages for another Python or system, on a computer with internet:

    python3 run.py room FOLDER --python 3.12 --platform win_amd64
"""


class RoomError(Exception):
    """The room cannot be made; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Make the room that ``arguments`` ask for and return the exit code."""
    asked = parser("room", __doc__)
    asked.add_argument("folder", type=Path, help="where to make it: new, empty, or begun before")
    asked.add_argument("--python", metavar="X.Y", help="another Python's version, with --platform")
    asked.add_argument("--platform", choices=PLATFORMS, help="another system")
    options = asked.parse_args(arguments)
    if (options.python is None) != (options.platform is None):
        asked.error("give --python and --platform together, or neither for this computer")
    try:
        make(options.folder.expanduser().absolute(), options.python, options.platform)
    except (RoomError, SetUpError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. Run the same command again: it goes on with what is there.")
        return 130
    return 0


def make(folder: Path, python: str | None, platform: str | None) -> None:
    """Make the room in ``folder`` for this computer, or for another one.

    Raises:
        RoomError: the folder will not do, or a download failed.
    """
    wheels = folder / "wheelhouse"
    check_folder(folder, wheels)
    fits = this_computer() if platform is None else f"Python {python} on {PLATFORMS[platform][0]}"
    check_space(folder, wheels, fits)
    wheels.mkdir(parents=True, exist_ok=True)
    print("The data and the series ...", flush=True)  # first: without data there is no room
    copy_data(folder / "fashion-mnist")
    copy_series(folder)
    print(f"Packages for {fits} ...", flush=True)
    fetch_packages(wheels, python, platform)
    finish(folder, wheels, fits)


def check_folder(folder: Path, wheels: Path) -> None:
    """Check that ``folder`` is new, empty or a room, and does not lie inside the series.

    Raises:
        RoomError: it is not so.
    """
    if folder == ROOT or ROOT in folder.parents:
        raise RoomError(f"{folder} lies inside the series' own folder: choose one outside of it.")
    if folder.exists() and not folder.is_dir():
        raise RoomError(f"{folder} is a file: choose a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not wheels.is_dir():
        raise RoomError(f"{folder} holds other files: choose a new or an empty folder.")


def check_space(folder: Path, wheels: Path, fits: str) -> None:
    """Check that the disk has room for what is still to come.

    Raises:
        RoomError: it has not.
    """
    there = next(place for place in (folder, *folder.parents) if place.is_dir())
    system = fits.split()[3]  # "Python 3.11 on linux x86_64"
    wanted = NEEDED_GB.get(system, NEEDED_GB_ELSEWHERE)
    wanted -= min(wanted, sum(file.stat().st_size for file in wheels.glob("*.whl")) / 1e9)
    free = shutil.disk_usage(there).free / 1e9
    if free < wanted:
        raise RoomError(
            f"{there} has {free:.1f} GB of free space, and the packages need about {wanted:.1f}. "
            "Choose a folder on another disk, or make room."
        )


# ---------------------------------------------------------------- the packages


def fetch_packages(wheels: Path, python: str | None, platform: str | None) -> None:
    """Download what every command needs into ``wheels``, and check that it is complete.

    Raises:
        RoomError: something is not to be had, or the network failed.
    """
    exact = resolve([], python, platform)
    target = []
    if platform is not None:
        target = ["--python-version", str(python)]
        target += [f"--platform={tag}" for tag in PLATFORMS[platform][1]]
    unfinished = wheels / "unfinished"  # here, where it is found again, after an interrupt
    for start in range(0, len(exact), AT_ONCE):
        some = exact[start : start + AT_ONCE]
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        download = [*pip, "--only-binary=:all:", *target, "--dest", str(wheels), *some]
        if run(download, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(unfinished))):
            raise RoomError("A package was not to be had. Check the network and try again.")
        print(f"  {start + len(some)} of {len(exact)} packages", flush=True)
    shutil.rmtree(unfinished, ignore_errors=True)
    resolve(["--no-index", "--find-links", str(wheels)], python, platform)


def resolve(sources: list[str], python: str | None, platform: str | None) -> list[str]:
    """Return the exact packages to install, each as "name==version".

    Raises:
        RoomError: there is no such set of packages.
    """
    command = [uv(), "pip", "compile", "-", "--quiet", "--no-header", "--no-annotate"]
    command += ["--only-binary=:all:", "--constraint", str(CONSTRAINTS), *sources]
    if platform is None:
        command += ["--python", sys.executable]
    else:
        command += ["--python-version", str(python), "--python-platform", PLATFORMS[platform][2]]
    done = subprocess.run(
        command,
        input="\n".join(wanted_packages(set(SETS))), check=False, capture_output=True, text=True,
        encoding="utf-8", cwd=ROOT, env=surroundings() | FOR_UV,
    )  # fmt: skip
    if done.returncode:
        raise RoomError(
            "These packages are not to be had together. Check the network and the version of "
            f"Python. The message was:\n{done.stderr.strip()[-1500:]}"
        )
    return [line for line in done.stdout.split("\n") if line[:1].isalnum()]


# ---------------------------------------------------------------- the data, and the end


def copy_data(folder: Path) -> None:
    """Put the four files of Fashion-MNIST into ``folder``; they are downloaded if need be.

    Raises:
        RoomError: they are not to be had, or damaged.
    """
    from lenet_helpers import load_data_fashion_mnist
    from lenet_helpers.data.fashion_mnist import FASHION
    from lenet_helpers.data.finding import data_folder, find

    try:
        load_data_fashion_mnist(256, source="Fashion-MNIST", device="cpu")  # whole, and real
    except (OSError, ValueError) as error:
        raise RoomError(str(error)) from error
    folder.mkdir(exist_ok=True)
    for path in find(data_folder(), FASHION.family, FASHION.files).values():
        packed = Path(f"{path}.gz")
        found = packed if packed.is_file() else Path(str(path))  # packed where there is a choice
        shutil.copyfile(found, folder / found.name)


def finish(folder: Path, wheels: Path, fits: str) -> None:
    """Note that the room is whole, and for whom; write ROOM.txt and say what to do."""
    note = wheels / NOTE
    known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else []
    known = sorted({*known, fits})
    date = datetime.datetime.now(tz=datetime.UTC).date()
    text = HOW_TO.format(date=date, fits="\n".join(f"    {one}" for one in known))
    (folder / "ROOM.txt").write_text(text, encoding="utf-8")
    write_whole(note, json.dumps(known).encode())
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e9
    print(f"{folder} is ready: {size:.1f} GB, for {', and for '.join(known)}.")
    print("Copy it to each computer and run there: python3 run.py lab. ROOM.txt says more.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
