"""Checks of arguments: every error names the argument, its value, the rule and the fix."""

from __future__ import annotations

import operator
from typing import SupportsIndex, cast


def whole_number(name: str, value: object, *, minimum: int, fix: str = "") -> int:
    """Return ``value`` as an int that is at least ``minimum``.

    Args:
        name: The argument's name, as the caller wrote it.
        value: anything with ``__index__`` (int, NumPy integer, integer tensor); not a bool.
        minimum: The smallest value allowed.
        fix: A sentence that says what to write instead.

    Raises:
        TypeError: ``value`` is no whole number.
        ValueError: ``value`` is below ``minimum``.
    """
    ending = f" {fix}" if fix else ""
    try:  # every tensor and array has __index__, also one of fractions or of several numbers
        number = operator.index(cast(SupportsIndex, value))
    except TypeError:
        number = None
    if number is None or isinstance(value, bool):
        raise TypeError(
            f"{name}={value!r} is a {type(value).__name__}: it must be a whole number.{ending}"
        )
    if number < minimum:
        raise ValueError(f"{name}={number}: it must be at least {minimum}.{ending}")
    return number


def pair(name: str, value: object, *, minimum: int, fix: str = "") -> tuple[int, int]:
    """Return ``value`` as (height, width): a whole number counts for both sides.

    Raises:
        TypeError: ``value`` is neither a whole number nor two of them.
        ValueError: a side is below ``minimum``, or there are not exactly two.
    """
    if not isinstance(value, (tuple, list)):
        side = whole_number(name, value, minimum=minimum, fix=fix)
        return side, side
    if len(value) != 2:
        raise ValueError(
            f"{name}={value!r} has {len(value)} entries: give one whole number, "
            "or two (height, width)."
        )
    height, width = (
        whole_number(f"{name}[{i}]", side, minimum=minimum, fix=fix) for i, side in enumerate(value)
    )
    return height, width
