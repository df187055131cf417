"""What a layer's type says of it: its windows, how it reads a shape, and how it makes another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from torch import nn

from ..sizes.window import Window

Shape = tuple[int, ...]


def windows_of(module: nn.Module | None, sides: tuple[int, int]) -> tuple[Window, Window] | None:
    """Return the windows of ``module`` along height and width; None if it has none.

    Args:
        module: The layer.
        sides: Height and width of its input.
    """
    if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        return None
    named = isinstance(module.padding, str)
    numbers = (module.kernel_size, module.stride, 0 if named else module.padding)
    dilation, ceil = getattr(module, "dilation", 1), getattr(module, "ceil_mode", False)
    axes = zip(sides, *map(two, (*numbers, dilation)), strict=True)
    height, width = (Window(n, k, s, p, d, ceil=ceil) for n, k, s, p, d in axes)
    return (height.same(), width.same()) if module.padding == "same" else (height, width)


def two(value: Any) -> tuple[int, int]:  # noqa: ANN401 (torch keeps a number or a pair)
    """Return a number, one in a list, or a pair of them as a pair."""
    return (value[0], value[-1]) if isinstance(value, tuple | list) else (value, value)


def reads_one_example(module: nn.Module | None, x: Shape) -> bool:
    """Return whether ``module`` reads ``x`` as one example without a batch.

    A convolution or pooling takes (channels, length), (channels, height, width) and so on as one.
    """
    for kind in type(module).__mro__:
        name = kind.__name__
        if kind.__module__.startswith("torch.nn.") and name[-2:] in ("1d", "2d", "3d"):
            return ("Conv" in name or "Pool" in name) and len(x) == int(name[-2]) + 1
    return False


def how_it_came_about(module: nn.Module, x: Shape, out: Shape, last: Shape = ()) -> str:
    """Return in a few words, with the numbers, how ``module`` made ``out`` of ``x``.

    Args:
        module: The layer.
        x: The shape that went in.
        out: The shape that came out.
        last: The shape of what it takes, as it was made: it differs from ``x`` where ``forward``
            flattened it.
    """
    windows = windows_of(module, (x[-2], x[-1])) if len(x) >= 2 else None
    if windows is not None:
        if out[-2:] != tuple(window.output for window in windows):
            return "—"  # its forward does something of its own
        height, width = (window.short_formula() for window in windows)
        return height if height == width else f"{height}; {width}"
    if isinstance(module, nn.ConvTranspose2d) and len(x) >= 3:
        return _enlarged(module, x[-2:], out[-2:])
    if isinstance(module, nn.Flatten) and x != out:
        merged = x[module.start_dim :][: len(x) - len(out) + 1]
        return f"{times(merged)} = {math.prod(merged)}"
    if isinstance(module, nn.Linear):
        flattened = ""
        if len(last) > 2 and last != x and math.prod(last[1:]) == x[-1]:
            flattened = f"{times(last[1:])} = {x[-1]}; "
        return f"{flattened}{module.in_features} → {module.out_features}"
    if x == out:
        return "same size"
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return f"{x[-2]}×{x[-1]} → {out[-2]}×{out[-1]}, as asked"
    return "—"


def _enlarged(module: nn.ConvTranspose2d, sides: Shape, out: Shape) -> str:
    """Return how a transposed convolution comes from ``sides`` to ``out``."""
    told = []
    for i, (n, m) in enumerate(zip(sides, out, strict=True)):
        k, s, d = (two(value)[i] for value in (module.kernel_size, module.stride, module.dilation))
        p, more = two(module.padding)[i], two(module.output_padding)[i]
        if (n - 1) * s - 2 * p + d * (k - 1) + 1 + more != m:
            return "—"  # it was called with an output_size
        reach = f"{k}" if d == 1 else f"{d}·({k} − 1) + 1"
        minus, plus = f" − 2·{p}" if p else "", f" + {more}" if more else ""
        told.append(f"({n} − 1)·{s}{minus} + {reach}{plus} = {m}")
    return "; ".join(dict.fromkeys(told))


def times(sides: Sequence[int]) -> str:
    """Return a product in words: "16·5·5"."""
    return "·".join(str(side) for side in sides)
