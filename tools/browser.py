"""The Chromium that takes pictures of pages: found on this machine, or named."""

from __future__ import annotations

import functools
import os
import shutil

VARIABLE = "LENET_BROWSER"  # the path of a Chromium or Chrome
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
HELP = (
    "no Chromium was found. Install one (for example: apt-get install chromium), or set "
    f"{VARIABLE} to the path of one, and the tests in a browser run too."
)


@functools.cache
def path() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get(VARIABLE)
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def sandbox() -> list[str]:
    """Return the flags that the user needs: Chromium refuses its sandbox as root."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
