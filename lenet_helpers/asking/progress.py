"""What a student has done, noted for a tally."""

from __future__ import annotations


def note_exercise(key: str, passed: bool, misconception: str | None) -> None:
    """Note the result of an attempt at the exercise ``key``.

    Args:
        key: The exercise.
        passed: Whether the attempt was right.
        misconception: The key of the thought that was recognised; None: none was.
    """
