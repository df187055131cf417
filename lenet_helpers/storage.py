"""Where the package keeps files: the user's cache folder, and files written as a whole."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

CACHE_DIR_VARIABLE = "LENET_CACHE_DIR"


def folder_named_by(variable: str) -> Path | None:
    """Return the folder that an environment variable names; None if it names none."""
    named = os.environ.get(variable)
    return Path(named).expanduser().absolute() if named else None


def cache_folder() -> Path:
    """Return the folder of this package among the user's caches; it need not exist yet.

    The environment variable LENET_CACHE_DIR names another one. Where the folder cannot be made, as
    in a read-only home, it is one among the temporary files.
    """
    named = folder_named_by(CACHE_DIR_VARIABLE)
    if named is not None:
        return named
    folder = platformdirs.user_cache_path("lenet_helpers", appauthor=False, opinion=False)
    above = next((place for place in folder.parents if place.is_dir()), folder)
    if folder.is_dir() or os.access(above, os.W_OK | os.X_OK):
        return folder
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return Path(tempfile.gettempdir()) / f"lenet_helpers-{user}"


def write_whole(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` in one step, folder included.

    Whoever reads ``path``, meanwhile or after an interrupt or on a full disk, finds the old file or
    the new one, never a half. Two that write at once do not meet: the later one stays.

    Raises:
        OSError: the file cannot be written; the message names it, and an older file stays.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        raise type(error)(
            f"{path} could not be written ({error}). An older file there is as it was. Make room "
            "on the disk, or see to it that you may write to the folder."
        ) from error
    finally:
        with contextlib.suppress(OSError):  # what failed above is said there
            draft.unlink()


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep other programs that call this for ``path`` waiting until the block has ended.

    The operating system holds the lock, on a file beside ``path``, and gives it up when the program
    ends. Where it cannot be had, as in a folder that is read-only, the block runs without it.
    """
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context(path.with_name(f".{path.name}.lock").open("a"))
            _wait_for(lock.fileno())
        yield


def _wait_for(descriptor: int) -> None:
    """Lock the open file ``descriptor``, when others have let it go."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
