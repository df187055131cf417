"""Checks of arguments: every error names the argument, its value, the rule and the fix."""

from __future__ import annotations

import math
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


def positive_number(name: str, value: object, *, fix: str, finite: bool = True) -> float:
    """Return ``value`` as a number of Python that is above 0.

    Args:
        name: The argument's name, as the caller wrote it.
        value: A number of Python, of NumPy, or of a tensor without axes; not a bool.
        fix: The rule, with what to write instead, as the end of "lr=0: ...".
        finite: Whether infinity is refused.

    Raises:
        ValueError: ``value`` is no such number.
    """
    one = hasattr(value, "item") and getattr(value, "ndim", None) == 0
    number = value.item() if one else value  # type: ignore[attr-defined]
    if isinstance(number, bool) or not isinstance(number, int | float):
        number = math.nan
    if 0 < number < math.inf or (number == math.inf and not finite):
        return float(number)
    raise ValueError(f"{name}={value!r}: {fix}")


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
