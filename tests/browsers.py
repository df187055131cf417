"""A browser for the tests that need one: found on this machine, named, or reported missing."""

import functools
import os
import shutil

import pytest

VARIABLE = "LENET_BROWSER"  # the path of a Chromium or Chrome
REQUIRED = "LENET_BROWSER_REQUIRED"  # set: a missing browser is a failure, not a skip
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
def path():
    """Return the path of a Chromium, or None."""
    named = os.environ.get(VARIABLE)
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def start(playwright):
    """Start the browser; skip the test, or fail where one is required, if there is none."""
    if path() is None:
        if os.environ.get(REQUIRED):
            pytest.fail(HELP)
        pytest.skip(HELP)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if root else []  # Chromium refuses its sandbox as root
    return playwright.chromium.launch(executable_path=path(), args=[*FLAGS, *sandbox])
