"""What installs packages: uv, the user's own or a fetched one; pip, where uv cannot be had.

Only the standard library is needed here.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tools.files import CONSTRAINTS, VENV, WORK, python
from tools.programs import answer, last_words, watch
from tools.wheelhouse import SetUpError

UV, LOG = WORK / "uv", WORK / "log.txt"


def with_uv(folder: Path, packages: list[str], wheels: Path | None) -> bool:
    """Make an environment in ``folder`` with uv; return True if that went well."""
    try:
        program = uv(wheels)
    except SetUpError:
        return False
    make = [program, "venv", "--relocatable", "--python", sys.executable, str(folder)]
    source = ["--offline", "--no-index", "--find-links", str(wheels)] if wheels else []
    install = [program, "pip", "install", "--python", python(folder), *source, *packages]
    return watch(make, LOG) == 0 and watch(install, LOG) == 0


def with_pip(folder: Path, packages: list[str], wheels: Path | None) -> bool:
    """Make an environment in ``folder`` with venv and pip; return True if that went well.

    Raises:
        SetUpError: this Python has no pip.
    """
    program = pip(wheels)
    print(f"uv could not do it, see {LOG}. Now with pip, which takes longer.", flush=True)
    make = [sys.executable, "-m", "venv", "--without-pip", str(folder)]
    install = [*program, "--python", python(folder), "install", *from_wheels(wheels), *packages]
    if watch(make, LOG) or watch(install, LOG):
        return False
    # pip writes the folder into the scripts; it will be renamed. uv's find their way themselves.
    for script in Path(python(folder)).parent.iterdir():
        content = script.read_bytes() if script.is_file() else b""
        if os.fsencode(folder) in content:
            script.write_bytes(content.replace(os.fsencode(folder), os.fsencode(VENV)))
    return True


def uv(wheels: Path | None = None) -> str:
    """Return a uv program: the user's own, else one that is fetched, from ``wheels`` if given.

    Raises:
        SetUpError: it cannot be had.
    """
    program = uv_here()
    if program is None:
        WORK.mkdir(exist_ok=True)
        where = ["--target", str(UV), "--constraint", str(CONSTRAINTS)]
        watch([*pip(wheels), "install", *from_wheels(wheels), *where, "uv"], LOG)
        program = uv_here()
    if program is None:
        raise SetUpError(
            f"uv could not be installed. Check the network. pip said:\n{last_words(LOG)}"
        )
    return program


def uv_here() -> str | None:
    """Return the uv program that is there already and works, if there is one."""
    found = [shutil.which("uv"), *(shutil.which("uv", path=UV / d) for d in ("bin", "Scripts"))]
    return next((program for program in found if program and answer([program, "--version"])), None)


def pip(wheels: Path | None) -> list[str]:
    """Return the start of a pip command: this Python's pip, or the one that lies in ``wheels``.

    Raises:
        SetUpError: there is none.
    """
    commands = [[sys.executable, "-m", "pip"]]
    if wheels:  # Python runs what is in a zip file
        commands += [[sys.executable, str(wheel / "pip")] for wheel in wheels.glob("pip-*.whl")]
    for command in commands:
        if answer([*command, "--version"]) is not None:
            return command
    # Debian's python3-venv brings a pip that it puts into environments only.
    if answer([sys.executable, "-m", "venv", str(WORK / "pip")]) is None:
        raise SetUpError(
            "This Python has no pip, and nothing that makes one. Install it, on Debian and Ubuntu "
            "with: sudo apt install python3-venv"
        )
    return [python(WORK / "pip"), "-m", "pip"]


def from_wheels(wheels: Path | None) -> list[str]:
    """Return the options of pip that let it install from ``wheels`` alone, if there are any."""
    return ["--isolated", "--no-index", "--find-links", str(wheels)] if wheels else []
