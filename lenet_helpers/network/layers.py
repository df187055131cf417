"""What a layer's type says of it: the windows of a convolution or a pooling."""

from __future__ import annotations

from typing import Any

from torch import nn

from ..sizes.window import Window


def windows_of(module: nn.Module, sides: tuple[int, int]) -> tuple[Window, Window] | None:
    """Return the windows of ``module`` along height and width; None if it has none.

    Args:
        module: The layer.
        sides: Height and width of its input.
    """
    if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        return None
    kernels, strides = _two(module.kernel_size), _two(module.stride)
    dilations = _two(getattr(module, "dilation", 1))
    if module.padding == "same":  # with an odd number to add, one more at the far end
        totals = [d * (k - 1) for k, d in zip(kernels, dilations, strict=True)]
    else:
        totals = [2 * p for p in _two(0 if module.padding == "valid" else module.padding)]
    ceil = getattr(module, "ceil_mode", False)
    height, width = (
        Window(n, k, s, total // 2, d, extra=total % 2, ceil=ceil)
        for n, k, s, total, d in zip(sides, kernels, strides, totals, dilations, strict=True)
    )
    return height, width


def _two(value: Any) -> tuple[int, int]:  # noqa: ANN401 (torch keeps a number or a pair)
    return (value[0], value[1]) if isinstance(value, tuple | list) else (value, value)
