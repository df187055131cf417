"""What pytest collects: the series' own files, and not what a student has made or copied."""

import os
from pathlib import Path

from tools.series import notebooks

# The kernels of notebooks that are compared leave the user's own answers and exercises alone.
os.environ["LENET_ANSWERS"] = "off"


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out copies, and notebooks that are not of the series, unless the command names them."""
    copy = ".mine-" in collection_path.name  # set aside by run.py update
    own = collection_path.suffix == ".ipynb" and collection_path not in notebooks()
    return True if copy or own else None
