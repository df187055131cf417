"""Compare an answer with the right one, and say in words how it differs."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, SupportsFloat, SupportsIndex

import torch
from torch import Tensor, nn

from ...prose import counted
from .exercise import Facts

SHOWN = 16  # a tensor of more numbers is not written out
# Rounding in float32 of some hundred sums, and nothing that a slip would give.
CLOSE: Any = {"rtol": 1e-4, "atol": 1e-5, "equal_nan": True}


def difference(given: Any, right: Any) -> str:  # noqa: ANN401
    """Return how ``given`` differs from ``right``, in sentences; "" where it does not.

    What is asked for follows from the type of ``right``: a whole number may be of any kind that
    has ``__index__``, a number of any kind that ``float`` takes, a list may be a tuple, and a
    tensor must have the shape, the dtype and, but for rounding, the numbers of ``right``.
    """
    if isinstance(right, Facts):
        return _first_fact(given, right)
    if isinstance(right, Tensor):
        return _tensor(given, right)
    if isinstance(right, list | tuple):
        return _entries(given, right)
    if isinstance(right, str | bool | None):
        same = type(given) is type(right) and given == right
        return "" if same else _plainly(given, right)
    return _number(given, right)


def alike(one: Any, other: Any) -> bool:  # noqa: ANN401
    """Return whether two answers have the same form and numbers.

    Whether a number is whole or not, and of which dtype a tensor is, follows from how it was
    computed, and not from the thought: 0 and 0.0 are the same answer here.
    """
    one, other = _plain(one), _plain(other)
    if _is_number(one) and _is_number(other):
        given, wanted = _as_float(one), _as_float(other)
        if given is None or wanted is None:  # too large for a floating-point number
            return bool(one == other)
        return not _number(given, wanted)
    if type(one) is not type(other):
        return False
    if isinstance(one, Facts):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    comparable = isinstance(one, str | bool | None)
    if isinstance(one, Tensor):
        readable = _is_readable(one) and _is_readable(other)
        return readable and not _tensor(one.double(), other.double())
    return comparable and not difference(one, other)


def shown(value: Any) -> str:  # noqa: ANN401
    """Return ``value`` as a sentence has it: short, and without the word "tensor"."""
    if isinstance(value, Tensor):
        if not _is_readable(value):
            return _kind(value)
        if value.ndim == 0:
            return _short(value.item())
        if value.numel() > SHOWN:
            return f"a tensor of shape {tuple(value.shape)}"
        return _short(value.tolist())
    if isinstance(value, nn.Module):
        return f"a {type(value).__name__}"
    return _short(value)


def _short(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, torch.Size):
        value = tuple(value)
    if isinstance(value, tuple) and any(isinstance(entry, Tensor) for entry in value):
        text = f"({', '.join(map(shown, value))})"
    elif isinstance(value, list) and not any(isinstance(entry, tuple) for entry in value):
        text = f"[{', '.join(map(shown, value))}]"
    elif isinstance(value, float):
        text = f"{value:.1f}" if value.is_integer() and abs(value) < 1e6 else f"{value:.4g}"
    else:
        text = _represented(value)
    return text if len(text) <= 300 else f"{text[:300]} ..."


def _represented(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # a class of the student's, half written
        return f"a {type(value).__name__}"


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return NumPy's and PyTorch's single numbers, and every list, as Python's own."""
    if isinstance(value, Tensor) and value.ndim == 0 and _is_readable(value):
        return value.item()
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, float):
        return float(value)
    whole = None if isinstance(value, bool | Tensor) else _whole(value)
    return value if whole is None else whole


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plainly(given: object, right: object) -> str:
    return f"It gives {shown(given)}; expected is {shown(right)}."


def _first_fact(given: Facts, right: Facts) -> str:
    for name, value in right.items():
        found = given.get(name)
        told = difference(found, value)
        if told and isinstance(value, str):
            words = shown(found).strip("'\"")
            return f"{name}: {words}; expected: {value}."
        if told:
            return f"{name}: {told[0].lower()}{told[1:]}"
    return ""


def _entries(given: Any, right: Sequence[Any]) -> str:  # noqa: ANN401
    if isinstance(given, str) or not isinstance(given, list | tuple):
        made = " .tolist() makes a list of a tensor." if isinstance(given, Tensor) else ""
        return (
            f"It gives {_kind(given)}, {shown(given)}; expected is {_kind(right)}, {shown(right)}."
            f"{made}"
            if not any(isinstance(entry, Tensor) for entry in right)
            else f"It gives {_kind(given)}; expected are {len(right)} tensors: return a, b."
        )
    if len(given) != len(right):
        tensors = any(isinstance(entry, Tensor) for entry in right)
        values = "" if tensors else f": {shown(given)}; expected is {shown(right)}"
        wanted = f"{len(right)} {'is' if len(right) == 1 else 'are'} expected"
        return f"It gives {counted(len(given), 'result')} where {wanted}{values}."
    for place, (one, other) in enumerate(zip(given, right, strict=True)):
        told = difference(one, other)
        if told:
            return f"Entry {place}, counted from 0: {told[0].lower()}{told[1:]}"
    return ""


def _number(given: Any, right: int | float) -> str:  # noqa: ANN401
    if isinstance(given, str):
        return (
            f"It gives the text {shown(given)}; expected is the number {shown(right)}. A number "
            'has no quotation marks, and str() or f"..." makes a text of it.'
        )
    value = _as_float(given)
    if value is None:
        return f"It gives {_kind(given)}, {shown(given)}; expected is a number, {shown(right)}."
    if isinstance(right, float):
        close = math.isclose(value, right, rel_tol=CLOSE["rtol"], abs_tol=CLOSE["atol"])
        if close or (math.isnan(value) and math.isnan(right)):
            return ""
        rounded = any(value == round(right, places) for places in (1, 2, 3))
        remark = " It is rounded: return the number as it is." if rounded else ""
        return f"{_plainly(given, right)}{remark}"
    if value != right:
        return _plainly(given, right)
    if _whole(given) is None:
        return (
            f"It gives {shown(given)}: the right number, but not a whole one; expected is "
            f"{right}. // divides and rounds down, / does not."
        )
    return ""


def _as_float(value: object) -> float | None:
    if isinstance(value, bool) or (isinstance(value, Tensor) and value.numel() != 1):
        return None
    if not isinstance(value, SupportsFloat | SupportsIndex):
        return None
    try:
        return float(value.item() if isinstance(value, Tensor) else value)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        return None


def _whole(value: object) -> int | None:
    """Return ``value`` as Python's whole number, if it is one of any kind."""
    try:
        return operator.index(value)  # type: ignore[arg-type] # a TypeError is an answer
    except (TypeError, ValueError, RuntimeError):
        return None


def _tensor(given: Any, right: Tensor) -> str:  # noqa: ANN401
    if not isinstance(given, Tensor):
        return (
            f"It gives {_kind(given)}, {shown(given)}; expected is a tensor of shape "
            f"{tuple(right.shape)}."
        )
    if not _is_readable(given):
        return f"It gives {_kind(given)}; expected is an ordinary one, {right.dtype}."
    if given.shape != right.shape:
        return (
            f"It gives shape {tuple(given.shape)}{_values(given)}; expected is shape "
            f"{tuple(right.shape)}{_values(right)}."
        )
    ours, theirs = (tensor.detach().cpu().double() for tensor in (right, given))
    close = torch.isclose(theirs, ours, **CLOSE)
    if not close.all():
        if right.numel() <= SHOWN:
            return _plainly(given, right)
        place = tuple((~close).nonzero()[0].tolist())
        return (
            f"It gives {shown(given[place])} at {list(place)}; expected is {shown(right[place])} "
            f"there. {int((~close).sum())} of {close.numel()} numbers differ."
        )
    if given.dtype != right.dtype:
        return (
            f"The numbers are right, but they are of type {given.dtype}; expected is {right.dtype}."
        )
    return ""


def _is_readable(tensor: Tensor) -> bool:
    """Return whether the values of ``tensor`` are real numbers that lie in memory."""
    strided = tensor.layout == torch.strided and tensor.device.type != "meta"
    return strided and not tensor.is_complex()


def _values(tensor: Tensor) -> str:
    return f", {shown(tensor)}" if 0 < tensor.numel() <= SHOWN else ""


def _kind(value: object) -> str:
    name = "truth value" if isinstance(value, bool) else type(value).__name__
    if isinstance(value, Tensor):
        special = "" if _is_readable(value) else f", {value.dtype}, {value.layout}, {value.device}"
        return f"a tensor of shape {tuple(value.shape)}{special}"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
