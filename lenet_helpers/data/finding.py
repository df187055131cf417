"""Where people have the files of a data set: torchvision's folders, plain ones, other spellings."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path

from ..storage import cache_folder, folder_named_by
from .idx import DataFileError

DATA_DIR_VARIABLE = "LENET_DATA_DIR"
LISTED = 8  # entries of a folder that a message lists
Found = dict[str, Traversable]  # a file's name in the data set -> the file


def data_folder(root: str | Path | None = None) -> Path:
    """Return the folder that holds the data: ``root``, else LENET_DATA_DIR, else the cache."""
    if root is not None:
        return Path(root).expanduser().absolute()
    return folder_named_by(DATA_DIR_VARIABLE) or cache_folder()


def find(folder: Path, family: str, names: Sequence[str]) -> Found:
    """Return those of the files ``names`` that are in ``folder``, all from one place in it.

    Args:
        folder: The folder itself, or one around or inside of torchvision's ``family/raw``.
        family: The folder that torchvision makes for the set, "FashionMNIST".
        names: The files without ``.gz``; it does not matter whether they are packed.

    Raises:
        DataFileError: an archive in ``folder`` is damaged.
        OSError: ``folder`` is there, but may not be read.
    """
    best: Found = {}
    for place in _places(folder, family):
        seen = {name: _look(place, name) for name in names}
        found = {name: path for name, path in seen.items() if path is not None}
        if len(found) == len(names):
            return found
        best = max(best, found, key=len)
    return best


def told(folder: Path, found: Found, names: Sequence[str]) -> str:
    """Return what was seen in ``folder`` and what is missing, as the end of a sentence.

    Raises:
        OSError: ``folder`` is there, but may not be read.
    """
    if not folder.exists():
        return "there is no such folder"
    if not folder.is_dir():
        return "it is a file: give the folder that it is in"
    missing = ", ".join(f"{name}.gz" for name in names if name not in found)
    if found:
        seen = ", ".join(str(path) for path in found.values())
        return f"found {seen}; missing: {missing} (or without .gz)"
    present = sorted(path.name for path in folder.iterdir())
    listed = ", ".join(present[:LISTED])
    more = f" and {len(present) - LISTED:,} more" if len(present) > LISTED else ""
    holds = f"it holds {listed}{more}" if present else "it is empty"
    return f"{holds}; missing: {missing} (or without .gz)"


def _places(folder: Path, family: str) -> Iterator[Traversable]:
    for place in (folder / family / "raw", folder / family, folder / "raw", folder):
        if not place.is_dir():
            continue
        yield place
        # EMNIST comes as one archive: a folder "gzip", with the packed files of all its splits.
        if (place / "gzip").is_dir():
            yield place / "gzip"
        archive = place / "gzip.zip"
        if archive.is_file():
            try:
                yield zipfile.Path(archive, "gzip/")
            except zipfile.BadZipFile as error:
                raise DataFileError(
                    f"{archive} is damaged or cut short: {error}. Delete it and load again, or "
                    "copy it anew."
                ) from error


def _look(place: Traversable, name: str) -> Traversable | None:
    """Return the file ``name`` in ``place``, if it is there: packed or not, in other spellings.

    Some programs unpack "train-images-idx3-ubyte.gz" to "train-images.idx3-ubyte", its name before
    it was packed, or to a folder with the file in it.
    """
    present = {path.name: path for path in place.iterdir()}
    dotted = name.replace("-idx", ".idx")
    for spelling in (name, f"{name}.gz", dotted, f"{dotted}.gz"):
        path = present.get(spelling)
        if path is not None and path.is_dir():
            path = _look(path, name)
        if path is not None:
            return path
    return None
