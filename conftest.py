"""What pytest collects of notebooks/: the series, and not what a student has made or copied."""

from pathlib import Path

from tools.series import notebooks


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out notebooks that are not of the series, unless the command names them."""
    own = collection_path.suffix == ".ipynb" and collection_path not in notebooks()
    return True if own else None
