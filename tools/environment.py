"""The environment .venv: what the commands need is installed there, by uv, else by pip.

A new environment is built beside the old one, which works until the new one is whole and takes its
place. Where that fails, the old one stays: without internet a command uses what is there. Where a
folder "wheelhouse" made by "run.py room" lies beside run.py, or in the folder that the variable
LENET_ROOM names, it is installed from there, without internet.

Only the standard library is needed here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
import sysconfig
import time
import tomllib
from pathlib import Path

from tools.files import CONSTRAINTS, ROOT, VENV, WORK, python, write_whole
from tools.installers import LOG, with_pip, with_uv
from tools.programs import answer, last_words, only_one
from tools.wheelhouse import SetUpError, data_of_room, wheelhouse

NEW, OLD = WORK / "new", WORK / "old"  # the environments on their way in and out
# What can be installed -> the extras of pyproject.toml that it has.
SETS: dict[str, list[str]] = {"lab": [], "present": ["present"], "test": ["test"]}
NOTE = "lenet.json"  # in an environment, written last: what it is whole for
NEEDED_GB = 6 if sys.platform == "linux" else 2  # PyTorch for Linux brings its GPU libraries


def set_up(what: str) -> None:
    """Install what the set ``what`` needs, unless it is there.

    Raises:
        SetUpError: it could not be installed, and no older installation has it.
    """
    if is_ready(VENV, {what}):
        return
    WORK.mkdir(exist_ok=True)
    with only_one(WORK / "lock", "Another run is setting up .venv: waiting until it has finished."):
        put_back()
        if is_ready(VENV, {what}):  # another run has installed it while this one waited
            return
        try:
            renew({what, *known_sets(VENV)})
        except SetUpError as error:
            if not has_packages(what):
                raise
            print(f"{error}\nGoing on with the packages that are here already.", flush=True)


def renew(sets: set[str]) -> None:
    """Build an environment with ``sets``, and put it in place of .venv.

    Raises:
        SetUpError: it could not be built, or .venv is in use. Then .venv is as it was.
    """
    if not is_ready(NEW, sets):  # else it is whole, and .venv was in use when its turn came
        began = time.monotonic()
        try:
            build(sets)
        except BaseException:
            shutil.rmtree(NEW, ignore_errors=True)
            raise
        print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)
    try:
        if VENV.exists():
            shutil.rmtree(OLD, ignore_errors=True)
            VENV.rename(OLD)
        NEW.rename(VENV)
    except OSError as error:
        put_back()
        raise SetUpError(
            f"The new packages are ready, and {VENV} is in use: {error}. Close every JupyterLab "
            "and terminal that uses it, and run the same command again."
        ) from error
    shutil.rmtree(OLD, ignore_errors=True)


def put_back() -> None:
    """Put the old environment back, if the computer stopped between out and in."""
    if OLD.exists() and not VENV.exists():
        OLD.rename(VENV)


# ---------------------------------------------------------------- what is there


def wanted_packages(sets: set[str]) -> list[str]:
    """Return the requirements of ``sets``, as pyproject.toml has them, and pip."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {extra for what in sets for extra in SETS[what]}
    more = [line for extra in sorted(extras) for line in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *more, "pip"]  # pip: for %pip in a notebook


def fingerprint() -> str:
    """Return a text that changes when other packages are wanted."""
    text = "\n".join([*wanted_packages(set(SETS)), CONSTRAINTS.read_text(encoding="utf-8")])
    return hashlib.sha256(text.encode()).hexdigest()


def note_of(folder: Path) -> dict[str, object]:
    """Return what the environment in ``folder`` is whole for; nothing if it has no note."""
    try:
        return dict(json.loads((folder / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def known_sets(folder: Path) -> set[str]:
    """Return the sets that the environment in ``folder`` was made for."""
    sets = note_of(folder).get("sets", [])
    return set(sets) & set(SETS) if isinstance(sets, list) else set()


def is_ready(folder: Path, sets: set[str]) -> bool:
    """Return True if the environment in ``folder`` is whole, works, and has what is wanted."""
    return (
        note_of(folder).get("wanted") == fingerprint()
        and sets <= known_sets(folder)
        and answer([python(folder), "-c", ""]) is not None
    )


def has_packages(what: str) -> bool:
    """Return True if .venv has the packages of the set ``what``, of whatever versions."""
    names = [re.split(r"[^\w.-]", line)[0] for line in wanted_packages({what})]
    ask = "import sys, importlib.metadata as m; [m.version(name) for name in sys.argv[1:]]"
    return answer([python(), "-c", ask, *names]) is not None


# ---------------------------------------------------------------- building one


def build(sets: set[str]) -> None:
    """Make an environment with ``sets`` in the folder NEW: with uv, or where that fails with pip.

    Raises:
        SetUpError: neither could; the message has their last words.
    """
    wheels = wheelhouse()
    announce(wheels)
    LOG.write_bytes(b"")
    packages = ["--constraint", str(CONSTRAINTS), *wanted_packages(sets)]
    told = []
    for name, way in {"uv": with_uv, "pip": with_pip}.items():
        shutil.rmtree(NEW, ignore_errors=True)
        if way(NEW, packages, wheels):
            connect(NEW)
            note = {"wanted": fingerprint(), "sets": sorted(sets)}
            write_whole(NEW / NOTE, json.dumps(note).encode())
            return
        told.append(f"{name} said:\n{last_words(LOG)}")
    cause = f"whether {wheels} has all packages" if wheels else "the network"
    raise SetUpError(
        "\n".join(told)
        + f"\nThe packages could not be installed. Check {cause} and the disk space, and run the "
        f"same command again. All that was said is in {LOG}."
    )


def announce(wheels: Path | None) -> None:
    """Say what happens now, and how long it may take."""
    print("Setting up: PyTorch, JupyterLab and what they need, into the folder .venv.")
    if wheels:
        print(f"They come from {wheels}, without internet. It takes from seconds to minutes.")
    else:
        print("The first time this downloads 3 GB on Linux, GPU libraries among them, or 0.3 GB")
        print("elsewhere. It takes from one minute to a quarter of an hour.")
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < NEEDED_GB:
        print(f"Careful: {free:.1f} GB of disk space are free, and this may need {NEEDED_GB}.")
    sys.stdout.flush()


def connect(folder: Path) -> None:
    """Let every program of the environment find the package, and the data of a room."""
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    # Relative, so that the series may be moved as a whole: the environment lies at its top.
    top = Path(os.path.relpath(folder, site), "..")
    lines = [top.as_posix()]
    data = data_of_room()
    if data:  # also for kernels that an editor starts, without run.py
        # A line of code in a .pth file is run at each start. Not a sitecustomize.py: the Python of
        # Debian and Ubuntu has one of its own, which comes first. ASCII: not all read UTF-8 here.
        there = f"os.path.isdir({data!a})"
        lines.append(f"import os; {there} and os.environ.setdefault('LENET_DATA_DIR', {data!a})")
    (site / "lenet.pth").write_text("\n".join([*lines, ""]), encoding="utf-8")
