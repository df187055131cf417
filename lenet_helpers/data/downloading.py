"""Downloads with torchvision's addresses and checksums, moved into place when they are whole."""

from __future__ import annotations

import http.client
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..prose import say

SILENCE = 20.0  # seconds without a byte after which a download counts as cut off
STALE = 3600.0  # seconds after which another process's unfinished download counts as abandoned


def download(what: str, folder: Path, family: str, fetch: Callable[[Path], None]) -> str:
    """Download a data set to ``folder``, in torchvision's layout: ``family/raw``.

    Each process downloads into a folder of its own; the move of a file is one step. So a download
    cut off leaves nothing behind that looks like data, and two at once do not meet.

    Args:
        what: The set and its size, for the line that says what happens.
        folder: Where the folder ``family`` is, or is to be.
        family: The folder that torchvision makes for the set, "FashionMNIST".
        fetch: Downloads the files to ``family/raw`` in the folder that it is given.

    Returns:
        Why the download failed, or "" if it did not.

    Raises:
        OSError: ``folder`` may not be written.
    """
    raw = folder / family / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(".unfinished-*"):
        if time.time() - old.stat().st_mtime > STALE:
            shutil.rmtree(old, ignore_errors=True)
    private = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    say(f"Downloading {what} to {folder} ...")
    try:
        with _silence_limit(SILENCE):
            fetch(private)
        for path in sorted((private / family / "raw").iterdir()):
            path.replace(raw / path.name)
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        return f"the download failed ({last_line(error)})"
    finally:
        shutil.rmtree(private, ignore_errors=True)
    return ""


def last_line(error: BaseException) -> str:
    """Return the last line of an error's message, without its full stop."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__


@contextmanager
def _silence_limit(seconds: float) -> Iterator[None]:
    # torchvision gives its connections no time limit: one that is silent would wait for ever.
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
