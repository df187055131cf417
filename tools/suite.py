"""Run all tests, and every notebook against its saved outputs: about 25 minutes on two cores.

    python3 run.py test                       everything
    python3 run.py test tests/test_sizes.py   one file
    python3 run.py test -- -k sizes           what follows goes on to pytest

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


def main(arguments: list[str]) -> int:
    """Run pytest with ``arguments`` and return its exit code."""
    if not arguments:
        print("All tests and all notebooks: about 25 minutes on two cores.", flush=True)
    with tempfile.TemporaryDirectory(prefix="lenet-test-", ignore_cleanup_errors=True) as cache:
        pytest = [sys.executable, "-m", "pytest", *NBVAL, *arguments]
        return run(pytest, LENET_CACHE_DIR=cache, **data())


def data() -> dict[str, str]:
    """Return the variable that names the folder of Fashion-MNIST, where its files are at hand."""
    folder = data_folder()
    found = find(folder, FASHION.family, FASHION.files)
    return {"LENET_DATA_DIR": str(folder)} if found else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
