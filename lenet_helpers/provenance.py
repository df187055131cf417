"""Where the pictures come from: the real Fashion-MNIST, or the drawn stand-in.

A result made with drawn pictures must say so. Batches of this package know their source; for
anything else, the package remembers whether the stand-in has been loaded in this process.
"""

from __future__ import annotations

FASHION_MNIST = "Fashion-MNIST"
STAND_IN = "drawn stand-in"

_loaded: set[str] = set()


def remember(source: str) -> None:
    """Note that data from ``source`` was loaded in this process."""
    _loaded.add(source)


def source_of(batches: object) -> str | None:
    """Return the source that ``batches`` names, else the stand-in if it was loaded, else None."""
    named = getattr(batches, "source", None)
    if isinstance(named, str):
        return named
    return STAND_IN if STAND_IN in _loaded else None


def marked(title: str, source: str | None) -> str:
    """Return ``title``, with the words "drawn stand-in" in it if that is the source."""
    return f"{title} ({STAND_IN})" if source == STAND_IN else title
