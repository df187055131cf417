"""Compare an answer with the right one, and say in words how it differs."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any, SupportsFloat, SupportsIndex

import torch
from torch import Tensor, nn

from ...prose import counted

SHOWN = 16  # a tensor of more numbers is not written out
# Rounding in float32 of some hundred sums, and nothing that a slip would give.
CLOSE: Any = {"rtol": 1e-4, "atol": 1e-5, "equal_nan": True}


def difference(given: Any, right: Any) -> str:  # noqa: ANN401
    """Return how ``given`` differs from ``right``, in sentences; "" where it does not.

    What is asked for follows from the type of ``right``: a whole number may be of any kind that
    has ``__index__``, a number of any kind that ``float`` takes, a list may be a tuple, and a
    tensor must have the shape, the dtype and, but for rounding, the numbers of ``right``.
    """
    if isinstance(right, Mapping):
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
    """Return whether two answers are the same, their types included."""
    one, other = _plain(one), _plain(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, Mapping):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, Sequence) and not isinstance(one, str):
        return len(one) == len(other) and all(map(alike, one, other))
    return not difference(one, other)


def shown(value: Any) -> str:  # noqa: ANN401
    """Return ``value`` as a sentence has it: short, and without the word "tensor"."""
    if isinstance(value, Tensor):
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
    if isinstance(value, list) and not any(isinstance(entry, tuple) for entry in value):
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
    if isinstance(value, Tensor) and value.ndim == 0:
        return value.item()
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, SupportsIndex) and not isinstance(value, bool | Tensor):
        return operator.index(value)
    if isinstance(value, float):
        return float(value)
    return value


def _plainly(given: object, right: object) -> str:
    return f"It gives {shown(given)}; expected is {shown(right)}."


def _first_fact(given: Any, right: Mapping[str, Any]) -> str:  # noqa: ANN401
    for name, value in right.items():
        told = difference(given.get(name), value)
        if told and isinstance(value, str):
            return f"{name}: {given.get(name)}; expected: {value}."
        if told:
            return f"{name}: {told[0].lower()}{told[1:]}"
    return ""


def _entries(given: Any, right: Sequence[Any]) -> str:  # noqa: ANN401
    if isinstance(given, str) or not isinstance(given, list | tuple):
        return (
            f"It gives {_kind(given)}, {shown(given)}; expected is a list, {shown(list(right))}."
            if not any(isinstance(entry, Tensor) for entry in right)
            else f"It gives {_kind(given)}; expected are {len(right)} tensors: return a, b."
        )
    if len(given) != len(right):
        tensors = any(isinstance(entry, Tensor) for entry in right)
        values = "" if tensors else f": {shown(given)}; expected is {shown(right)}"
        return f"It gives {counted(len(given), 'result')} where {len(right)} are expected{values}."
    for place, (one, other) in enumerate(zip(given, right, strict=True)):
        told = difference(one, other)
        if told:
            return f"Entry {place}, counted from 0: {told[0].lower()}{told[1:]}"
    return ""


def _number(given: Any, right: int | float) -> str:  # noqa: ANN401
    whole = isinstance(right, int)
    if isinstance(given, str):
        return (
            f"It gives the text {given!r}; expected is the number {shown(right)}. A number has "
            'no quotation marks, and str() or f"..." makes a text of it.'
        )
    value = _as_float(given)
    if value is None:
        return f"It gives {_kind(given)}, {shown(given)}; expected is a number, {shown(right)}."
    if not torch.isclose(torch.tensor(value).double(), torch.tensor(right).double(), **CLOSE):
        return _plainly(given, right)
    if whole and not _is_whole(given):
        return (
            f"It gives {shown(given)}: the right number, but not a whole one; expected is "
            f"{right}. // divides and rounds down, / does not."
        )
    return ""


def _as_float(value: object) -> float | None:
    if isinstance(value, bool) or (isinstance(value, Tensor) and value.numel() != 1):
        return None
    try:
        return float(value) if isinstance(value, SupportsFloat | SupportsIndex) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _is_whole(value: object) -> bool:
    try:
        operator.index(value)  # type: ignore[arg-type] # a TypeError is the answer
    except TypeError:
        return False
    return True


def _tensor(given: Any, right: Tensor) -> str:  # noqa: ANN401
    if not isinstance(given, Tensor):
        return (
            f"It gives {_kind(given)}, {shown(given)}; expected is a tensor of shape "
            f"{tuple(right.shape)}."
        )
    if given.is_complex() or given.layout != torch.strided:
        return f"It gives a tensor of type {given.dtype}; expected is {right.dtype}."
    if given.shape != right.shape:
        return (
            f"It gives shape {tuple(given.shape)}{_values(given)}; expected is shape "
            f"{tuple(right.shape)}{_values(right)}."
        )
    close = torch.isclose(given.detach().double().cpu(), right.detach().double(), **CLOSE)
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


def _values(tensor: Tensor) -> str:
    return f", {shown(tensor)}" if 0 < tensor.numel() <= SHOWN else ""


def _kind(value: object) -> str:
    name = type(value).__name__
    if isinstance(value, Tensor):
        return f"a tensor of shape {tuple(value.shape)}"
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
