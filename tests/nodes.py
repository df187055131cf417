"""Node.js and its tools for the tests of the JavaScript: found here, or reported missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = "LENET_NODE_REQUIRED"  # set: what is missing is a failure, not a skip
HELP = (
    "{} is not here. With Node.js 18.18 or newer installed, run in the folder of the series: "
    "npm install --no-package-lock"
)
PROGRAMS = {"eslint": "eslint/bin/eslint.js", "prettier": "prettier/bin/prettier.cjs"}


def node():
    """Return the path of Node.js; skip the test, or fail where it is required, if there is none."""
    return shutil.which("node") or missing("Node.js")


def program(name):
    """Return the start of a command that runs ``name``, one of package.json; likewise."""
    path = ROOT / "node_modules" / PROGRAMS[name]
    return [node(), str(path)] if path.is_file() else missing(name)


def missing(what):
    (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(HELP.format(what))


def run(command, **options):
    """Return the exit status of ``command`` and all that it says."""
    done = subprocess.run(
        command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8", **options
    )
    return done.returncode, done.stdout + done.stderr
