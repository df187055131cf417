"""One file that a student gives to a teacher: predictions, exercises, and the thoughts met.

Nothing leaves the machine by itself. A checksum shows a file that was damaged or edited on its way;
whoever can run this package can make a file that says anything, so it is no proof.
"""

from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..prose import say
from ..storage import write_whole
from .progress import Progress, as_data, from_data, now, stored

FORMAT = "lenet_helpers hand-in 1"
ABOUT = (
    "Answers to the LeNet notebooks, written by lh.hand_in. For each prediction: every answer with "
    "its time (UTC), the first one first. The teacher reads a folder of such files with: "
    "python -m tools.class_summary FOLDER"
)


class HandInError(ValueError):
    """A file is no hand-in, or is not as it was written; the message says what is wrong."""


def hand_in(name: str, folder: str | Path = ".") -> Path:
    """Write your answers and exercises to one file, to give to your teacher; return its path.

    Args:
        name: Your name, as your teacher knows it.
        folder: Where to write the file.

    Raises:
        TypeError: ``name`` is no text.
        ValueError: ``name`` is empty.
        OSError: the file cannot be written.
    """
    if not isinstance(name, str):
        raise TypeError(f"name={name!r} is a {type(name).__name__}: give your name in quotes.")
    if not name.strip():
        raise ValueError(f"name={name!r} is empty: give your name.")
    content = {
        "about": ABOUT,
        "format": FORMAT,
        "name": " ".join(name.split()),
        "written": now(),
        "package": _package(),
        **as_data(stored()),
    }
    text = json.dumps({**content, "checksum": checksum(content)}, indent=1, ensure_ascii=False)
    called = re.sub(r"\W+", "-", content["name"]).strip("-").casefold() or "student"
    path = Path(folder).expanduser().absolute() / f"lenet-{called}.json"
    write_whole(path, f"{text}\n".encode())
    say(f"Written: {path}. Give this file to your teacher.")
    return path


def handed_in(path: Path) -> tuple[dict[str, Any], Progress]:
    """Return what :func:`hand_in` wrote to ``path``: the file's content, and the answers in it.

    Raises:
        HandInError: it is no such file, or was changed since.
        OSError: it cannot be read.
    """
    try:
        content = json.loads(path.read_bytes())
        if content.get("format") != FORMAT:
            raise HandInError("it is no file of lh.hand_in")
        written = content.pop("checksum")
        if checksum(content) != written:
            raise HandInError("it was changed after it was written")
        if not isinstance(content["name"], str) or not isinstance(content["written"], str):
            raise HandInError("it is damaged")
        return content, from_data({key: content[key] for key in ("answers", "exercises")})
    except HandInError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise HandInError("it is damaged, or no file of lh.hand_in") from error


def checksum(content: dict[str, Any]) -> str:
    """Return the checksum of a file's ``content``."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _package() -> str:
    try:
        return version("lenet-helpers")
    except PackageNotFoundError:  # used from its folder
        return "not installed"
