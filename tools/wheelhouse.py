"""A room without internet, as "run.py room" makes it: where its packages and its data are."""

from __future__ import annotations

import json
import os
import platform
import sysconfig
from pathlib import Path

from tools.files import ROOT

ROOM = "LENET_ROOM"  # names a folder made by "room"; without it the folder of run.py counts
NOTE = "fits.json"  # in the wheelhouse, written last: the computers that it is whole for


class SetUpError(Exception):
    """The environment cannot be made; the message says what to do."""


def room() -> Path:
    """Return the folder that may hold a wheelhouse and the data."""
    named = os.environ.get(ROOM)
    return Path(named).expanduser().absolute() if named else ROOT


def data_of_room() -> str | None:
    """Return the folder with the data of the room; None if there is none."""
    folder = room() / "fashion-mnist"
    return str(folder) if folder.is_dir() else None


def wheelhouse() -> Path | None:
    """Return the folder of packages to install from without internet; None if there is none.

    Raises:
        SetUpError: LENET_ROOM names a folder that has none, or the packages are for others.
    """
    wheels = room() / "wheelhouse"
    if not (wheels / NOTE).is_file():
        if os.environ.get(ROOM):
            raise SetUpError(
                f"{ROOM}={os.environ[ROOM]}: no finished wheelhouse is in that folder. Make one "
                "with: python3 run.py room FOLDER, on a computer with internet. Or unset the "
                "variable."
            )
        return None
    fits = json.loads((wheels / NOTE).read_text(encoding="utf-8"))
    here = this_computer()
    if here not in fits:
        raise SetUpError(
            f"The packages in {wheels} are for {', and for '.join(fits)}. This is {here}. Start "
            "run.py with such a Python, or add this one to the folder on a computer with internet "
            "(python3 run.py room --help says how). To install from the internet, rename the "
            "folder wheelhouse."
        )
    return wheels


def this_computer() -> str:
    """Return what packages must fit, for example "Python 3.12 on win amd64"."""
    system = sysconfig.get_platform().split("-")[0]
    version = ".".join(platform.python_version_tuple()[:2])
    return f"Python {version} on {system} {platform.machine().lower()}"
