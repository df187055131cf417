"""A browser for the tests that need one: found on this machine, named, or reported missing."""

import os

import pytest

from tools.browser import FLAGS, HELP, path, sandbox

REQUIRED = "LENET_BROWSER_REQUIRED"  # set: a missing browser is a failure, not a skip


def start(playwright):
    """Start the browser; skip the test, or fail where one is required, if there is none."""
    if path() is None:
        if os.environ.get(REQUIRED):
            pytest.fail(HELP)
        pytest.skip(HELP)
    return playwright.chromium.launch(executable_path=path(), args=[*FLAGS, *sandbox()])
