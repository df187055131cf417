"""Make a folder from which the series sets up without internet: a classroom, a plane, a firewall.

    python3 run.py room FOLDER                                       for this Python and system
    python3 run.py room FOLDER --python 3.12 --platform win_amd64    and for another computer

The folder then holds the files of the series, "wheelhouse" (the packages), "fashion-mnist" (the
data) and ROOM.txt, which says how to use it. Interrupted, or called again for another computer, the
command goes on with what is there.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import run as run_py  # noqa: E402 (the folder of run.py is not where this program lies)
from tools.uv import UvError, uv  # noqa: E402

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
# uv takes an older macOS than PyTorch does, unless told; and no Python of its own is wanted.
FOR_UV = {"MACOSX_DEPLOYMENT_TARGET": "14.0", "UV_PYTHON_DOWNLOADS": "never"}
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
    run_py.forgive_consoles()
    parser = argparse.ArgumentParser(
        prog="python3 run.py room",
        description=__doc__,
        formatter_class=argparse.RawTextHelpFormatter,
    )
    parser.add_argument("folder", type=Path, help="where to make it: new, empty, or begun before")
    parser.add_argument("--python", metavar="X.Y", help="another Python's version, with --platform")
    parser.add_argument("--platform", choices=PLATFORMS, help="another system")
    options = parser.parse_args(arguments)
    if (options.python is None) != (options.platform is None):
        parser.error("give --python and --platform together, or neither for this computer")
    try:
        make(options.folder.expanduser().absolute(), options.python, options.platform)
    except (RoomError, UvError) as error:
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
    fits = run_py.this_computer() if platform is None else f"Python {python} on {words(platform)}"
    check_space(folder, wheels, fits)
    wheels.mkdir(parents=True, exist_ok=True)
    print(f"Packages for {fits} ...", flush=True)
    fetch_packages(wheels, python, platform)
    print("The series and the data ...", flush=True)
    copy_series(folder)
    copy_data(folder / "fashion-mnist")
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


def words(platform: str) -> str:
    """Return how fits.json names ``platform``, for example "win amd64"."""
    return PLATFORMS[platform][0]


# ---------------------------------------------------------------- the packages


def wanted_packages() -> list[str]:
    """Return what is to be installed: what the series and its slides need, what builds it, pip."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["present"]]
    return [*needed, *settings["build-system"]["requires"], "pip"]


def fetch_packages(wheels: Path, python: str | None, platform: str | None) -> None:
    """Download the packages into ``wheels``, and check that they are complete.

    Raises:
        RoomError: something is not to be had, or the network failed.
    """
    exact = resolve([], python, platform)
    target = []
    if platform is not None:
        target = ["--python-version", str(python)]
        target += [f"--platform={tag}" for tag in PLATFORMS[platform][1]]
    for start in range(0, len(exact), AT_ONCE):
        some = exact[start : start + AT_ONCE]
        download = ["download", "--quiet", "--no-deps", "--only-binary=:all:", *target]
        if run_py.run([*run_py.pip(), *download, "--dest", str(wheels), *some]):
            raise RoomError("A package was not to be had. Check the network and try again.")
        print(f"  {start + len(some)} of {len(exact)} packages", flush=True)
    resolve(["--no-index", "--find-links", str(wheels)], python, platform)


def resolve(sources: list[str], python: str | None, platform: str | None) -> list[str]:
    """Return the exact packages to install, each as "name==version".

    Raises:
        RoomError: there is no such set of packages.
    """
    constraints = str(ROOT / "constraints.txt")
    if platform is None:
        command = ["install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
        command += ["--only-binary=:all:", "--constraint", constraints, *sources]
        found = json.loads(output([*run_py.pip(), *command, *wanted_packages()]))
        metadata = [package["metadata"] for package in found["install"]]
        return [f"{package['name']}=={package['version']}" for package in metadata]
    # pip reads conditions such as "only on Windows" by the computer that it runs on; uv by another.
    command = ["pip", "compile", "-", "--quiet", "--no-header", "--no-annotate"]
    command += ["--only-binary=:all:", "--constraint", constraints, *sources]
    command += ["--python-version", str(python), "--python-platform", PLATFORMS[platform][2]]
    return output([uv(), *command], "\n".join(wanted_packages())).split()


def output(command: list[str], given: str = "") -> str:
    """Return what ``command`` prints when it is given the text ``given``.

    Raises:
        RoomError: it failed; the message has its last words.
    """
    done = subprocess.run(
        command,
        input=given, check=False, capture_output=True, text=True, encoding="utf-8",
        cwd=ROOT, env={**run_py.surroundings(), **FOR_UV},
    )  # fmt: skip
    if done.returncode:
        raise RoomError(
            "These packages are not to be had together. Check the network and the version of "
            f"Python. The message was:\n{done.stderr.strip()[-1500:]}"
        )
    return done.stdout


# ---------------------------------------------------------------- the series and the data


def copy_series(folder: Path) -> None:
    """Copy the files of the series, as they are here, into ``folder``."""
    for name in series_files():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)


def series_files() -> list[Path]:
    """Return the series' own files, relative to its folder: git's, else all but what was made."""
    try:
        command = ["git", "-C", str(ROOT), "ls-files", "-z"]
        done = subprocess.run(command, check=False, capture_output=True)
        names = os.fsdecode(done.stdout).split("\0") if done.returncode == 0 else []
    except OSError:  # no git here
        names = []
    listed = [Path(name) for name in names if name and (ROOT / name).is_file()]
    if listed:
        return listed
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    made = {"wheelhouse", "fashion-mnist", "ROOM.txt", ".git", *(n.strip("/") for n in ignored)}
    files = (path.relative_to(ROOT) for path in sorted(ROOT.rglob("*")) if path.is_file())
    return [
        file
        for file in files
        if not any(part in made or part.endswith(".egg-info") for part in file.parts)
    ]


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
    note = wheels / "fits.json"
    known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else []
    known = sorted({*known, fits})
    date = datetime.datetime.now(tz=datetime.UTC).date()
    text = HOW_TO.format(date=date, fits="\n".join(f"    {one}" for one in known))
    (folder / "ROOM.txt").write_text(text, encoding="utf-8")
    draft = note.with_suffix(".part")
    draft.write_text(json.dumps(known), encoding="utf-8")
    draft.replace(note)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e9
    print(f"{folder} is ready: {size:.1f} GB, for {', and for '.join(known)}.")
    print("Copy it to each computer and run there: python3 run.py lab. ROOM.txt says more.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
