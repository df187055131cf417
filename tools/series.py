"""Which notebooks are those of the series: the numbered ones, and no file of a student's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Small letters and hyphens only: a copy, whoever makes it, has something else in its name, for
# example 01-size-arithmetic-Copy1.ipynb or 01-size-arithmetic__20261124101500.ipynb.
NAME = re.compile(r"\d\d-[a-z]+(-[a-z]+)*\.ipynb", flags=re.ASCII)


def notebooks(root: Path = ROOT) -> list[Path]:
    """Return the notebooks of the series in the folder ``root``, in their order."""
    return [path for path in sorted((root / "notebooks").glob("*")) if NAME.fullmatch(path.name)]


def chosen(names: Sequence[str], root: Path = ROOT) -> list[Path]:
    """Return the notebooks whose file names begin with one of ``names``; all if there is no name.

    Raises:
        ValueError: no notebook's name begins so; the message lists those that there are.
    """
    there = notebooks(root)
    for name in names:
        if not any(path.name.startswith(name) for path in there):
            listed = ", ".join(path.name for path in there)
            raise ValueError(f"No notebook of the series begins with {name!r}. There are: {listed}")
    return [path for path in there if not names or path.name.startswith(tuple(names))]
