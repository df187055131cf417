"""Where the pictures come from: the real Fashion-MNIST, or the drawn stand-in.

A result made with drawn pictures must say so. Batches know their source, a run hands it on to its
result, and a picture is told.
"""

from __future__ import annotations

FASHION_MNIST = "Fashion-MNIST"
STAND_IN = "drawn stand-in"


def source_of(batches: object) -> str | None:
    """Return the source that ``batches`` names, None if it names none."""
    named = getattr(batches, "source", None)
    return named if isinstance(named, str) else None


def marked(title: str, source: str | None) -> str:
    """Return ``title``, with the words "drawn stand-in" in it if that is the source."""
    return f"{title} ({STAND_IN})" if source == STAND_IN else title
