"""Which notebooks are those of the series: the numbered ones, and no file of a student's own."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
# Small letters and hyphens only: a copy, whoever makes it, has something else in its name, for
# example 01-size-arithmetic-Copy1.ipynb or 01-size-arithmetic__20261124101500.ipynb.
NAME = re.compile(r"\d\d-[a-z]+(-[a-z]+)*\.ipynb", flags=re.ASCII)


def notebooks(folder: Path = FOLDER) -> list[Path]:
    """Return the notebooks of the series that are in ``folder``, in their order."""
    return [path for path in sorted(folder.glob("*.ipynb")) if NAME.fullmatch(path.name)]


def number(name: str) -> int:
    """Return the number of the notebook whose file name is ``name``, or begins so."""
    return int(name[:2])
