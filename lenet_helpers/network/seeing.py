"""Receptive fields: which pixels of the picture a unit of a map depends on.

Along each axis unit ``i`` of a map sees the pixels from ``start + i * jump``, ``size`` of them. A
window with stride s, padding p and a reach of r pixels makes of that

    start - p * jump,   size + (r - 1) * jump,   jump * s

Source of the arithmetic: Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural
Networks", Distill 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from torch import Tensor

from ..sizes.window import Window
from .counting import is_pointwise, name_of
from .layers import two

Pair = tuple[int, int]
# Operations that leave the numbers as they are, in the same order: only the shape may change.
SAME_NUMBERS = (
    "view", "_unsafe_view", "_reshape_alias", "reshape", "squeeze", "unsqueeze", "squeeze_",
    "unsqueeze_", "clone", "detach", "alias", "lift_fresh", "contiguous", "_to_copy",
)  # fmt: skip
PRODUCTS = ("mm", "addmm", "linear")
POOLING: tuple[Any, ...] = (1, (), 0, 1)  # kernel, stride, padding, dilation where not given
PADS = ("constant_pad_nd", "reflection_pad2d", "replication_pad2d")


class Whole(Enum):
    """What units that are no maps see."""

    FLAT = "the maps of a whole example, flattened: each feature still sees its own place"
    ALL = "every place of those maps"


@dataclass(frozen=True)
class Field:
    """What the units of a map see; each entry is (along the height, along the width).

    Args:
        start: The first pixel that the first unit sees; negative where that is padding.
        size: How many pixels a unit sees: the receptive field.
        jump: How many pixels lie between what a unit sees and what the next one sees.
    """

    start: Pair = (0, 0)
    size: Pair = (1, 1)
    jump: Pair = (1, 1)

    def through(self, windows: Sequence[Window]) -> Field:
        """Return what the units behind ``windows`` (along height and width) see."""
        axes = list(zip(self.start, self.size, self.jump, windows, strict=True))
        return Field(
            start=_pair(start - window.p * jump for start, _, jump, window in axes),
            size=_pair(size + (window.reach - 1) * jump for _, size, jump, window in axes),
            jump=_pair(jump * window.s for *_, jump, window in axes),
        )

    def joined(self, other: Field) -> Field | None:
        """Return what a unit sees that is made of one of each; None if they move apart."""
        if self.jump != other.jump:
            return None
        start = _pair(map(min, self.start, other.start))
        ends = zip(self.start, self.size, other.start, other.size, start, strict=True)
        return Field(start, _pair(max(a + n, b + m) - s for a, n, b, m, s in ends), self.jump)


Sees = Field | Whole | None  # None: it is not worked out, or there is no such field


def at_the_input(inputs: Sequence[Tensor]) -> Sees:
    """Return what the numbers of a network's input see: themselves."""
    if len(inputs) != 1:
        return None
    return Field() if inputs[0].ndim >= 3 else Whole.FLAT


def sees_after(
    operation: Any,  # noqa: ANN401 (torch has two kinds of operations)
    args: Sequence[Any],
    read: Sequence[tuple[Tensor, Sees]],
    out: Tensor,
) -> Sees:
    """Return what the numbers of ``out`` see.

    Args:
        operation: The operation of torch that made them.
        args: Its arguments.
        read: The tensors among them that depend on the network's input, with what they see.
        out: Its result.
    """
    name = name_of(operation)
    x, first = read[0]
    states = [sees for _, sees in read]
    if None in states:
        return None
    if name in SAME_NUMBERS:
        return _reshaped(x, first, out)
    if is_pointwise(operation) or ("batch_norm" in name and not any(a is True for a in args)):
        alike = all(t.shape[-2:] == out.shape[-2:] for t, _ in read)
        return _together(states) if alike else None
    if name == "cat":
        dimension = args[1] % out.ndim if len(args) > 1 else 0
        beside = dimension < out.ndim - 2 or out.ndim == 2
        return _together(states) if beside else None
    if len(read) > 1:
        return None
    if isinstance(first, Field):
        if name == "mean" and out.ndim == 2 and _is_over_the_maps(args, x):
            return Whole.FLAT
        windows = _windows_of(name, args, x, out)
        return None if windows is None else first.through(windows)
    return Whole.ALL if name in PRODUCTS else None


def _reshaped(x: Tensor, sees: Sees, out: Tensor) -> Sees:
    if isinstance(sees, Field) and out.ndim >= 3:
        return sees if out.shape[-2:] == x.shape[-2:] else None
    if out.ndim == 1 or (out.ndim == 2 and out.shape[0] == x.shape[0]):
        return sees if isinstance(sees, Whole) else Whole.FLAT
    return None


def _together(states: Sequence[Sees]) -> Sees:
    together = states[0]
    for sees in states[1:]:
        if isinstance(together, Field) and isinstance(sees, Field):
            together = together.joined(sees)
        elif isinstance(together, Whole) and isinstance(sees, Whole):
            together = together if together is sees else Whole.FLAT
        else:
            return None
    return together


def _is_over_the_maps(args: Sequence[Any], x: Tensor) -> bool:
    """Return whether an operation with these arguments takes height and width of maps together."""
    dimensions = args[1] if len(args) > 1 else None
    return x.ndim == 4 and {d % 4 for d in dimensions or ()} == {2, 3}


def _windows_of(
    name: str, args: Sequence[Any], x: Tensor, out: Tensor
) -> tuple[Window, Window] | None:
    """Return the windows of a convolution, pooling or padding; None if it is none of them."""
    if name == "convolution" and len(args[3]) == 2 and not args[6]:
        return _windows(x, args[1].shape[-2:], *args[3:6])
    if name in ("max_pool2d_with_indices", "max_pool2d", "avg_pool2d"):
        kernel, stride, padding, dilation = *args[1:5], *POOLING[len(args[1:5]) :]
        return _windows(x, kernel, stride or kernel, padding, 1 if name[:3] == "avg" else dilation)
    if name in ("_adaptive_avg_pool2d", "adaptive_max_pool2d") or (
        name == "mean" and out.ndim == 4 and _is_over_the_maps(args, x)
    ):
        sides = [divmod(n, m) for n, m in zip(x.shape[-2:], out.shape[-2:], strict=True)]
        kernel = [quotient for quotient, _ in sides]
        return None if any(rest for _, rest in sides) else _windows(x, kernel, kernel)
    if name in PADS and not any(args[1][4:]):
        left, top = args[1][0], args[1][2] if len(args[1]) > 2 else 0
        return _windows(x, 1, 1, (top, left))
    return None


def _windows(
    x: Tensor,
    kernel: Any,  # noqa: ANN401 (torch has a number, or several in a list)
    stride: Any,  # noqa: ANN401
    padding: Any = 0,  # noqa: ANN401
    dilation: Any = 1,  # noqa: ANN401
) -> tuple[Window, Window]:
    axes = zip(x.shape[-2:], *map(two, (kernel, stride, padding, dilation)), strict=True)
    height, width = (Window(n, k, s, p, d) for n, k, s, p, d in axes)
    return height, width


def _pair(numbers: Iterable[int]) -> Pair:
    height, width = numbers
    return height, width
