"""uv, a tool that plans installations for another Python, another system or the lowest versions.

pip plans only for the computer that it runs on, and only the newest versions. uv is installed into
.venv/uv the first time that it is needed; the series itself does without it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import run as run_py


class UvError(Exception):
    """uv is not to be had; the message says what to do."""


def uv() -> str:
    """Return the path of a uv program, which is installed if need be.

    Raises:
        UvError: it could not be installed.
    """
    folder = run_py.VENV / "uv"
    program = shutil.which("uv", path=str(folder / "bin")) or shutil.which("uv")
    if program is not None:
        return program
    run_py.run([*run_py.pip(), "install", "--quiet", "--target", str(folder), "uv"])
    program = shutil.which("uv", path=str(folder / "bin"))
    if program is None:
        raise UvError("The package uv could not be installed. Check the network and try again.")
    return program
