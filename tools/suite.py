"""Run all tests, and every notebook against its saved outputs: about 15 minutes on two cores.

    python3 run.py test                       everything
    python3 run.py test tests/test_sizes.py   one file
    python3 run.py test -- -k sizes           what follows goes on to pytest

Everything is done two modules at a time: a test mostly waits, for a browser or another program.

A student's own weights and answers are left alone: whatever is kept goes into a folder that is then
deleted. The data are those that lie in the user's cache folder, or in LENET_DATA_DIR.
"""

from __future__ import annotations

import sys
import tempfile

from lenet_helpers.data.fashion_mnist import FASHION
from lenet_helpers.data.finding import data_folder, find
from tools.programs import run

NBVAL = (
    "--nbval",
    "--nbval-current-env",
    "--nbval-cell-timeout=900",
    "--nbval-sanitize-with=tests/nbval_sanitize.cfg",
)
# A module stays together: its tests share a browser, the cells of a notebook a kernel.
TWO_AT_A_TIME = ("--numprocesses=2", "--dist=loadfile")


def main(arguments: list[str]) -> int:
    """Run pytest with ``arguments`` and return its exit code."""
    how, threads = arguments, {}
    if not arguments:
        print("All tests and all notebooks: about 15 minutes on two cores.", flush=True)
        how, threads = TWO_AT_A_TIME, {"OMP_NUM_THREADS": "1"}  # more would wait for each other
    with tempfile.TemporaryDirectory(prefix="lenet-test-", ignore_cleanup_errors=True) as cache:
        pytest = [sys.executable, "-m", "pytest", *NBVAL, *how]
        return run(pytest, LENET_CACHE_DIR=cache, **threads, **data())


def data() -> dict[str, str]:
    """Return the variable that names the folder of Fashion-MNIST, where its files are at hand."""
    folder = data_folder()
    found = find(folder, FASHION.family, FASHION.files)
    return {"LENET_DATA_DIR": str(folder)} if found else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
