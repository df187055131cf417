"""The window of a convolution or pooling layer: kernel, stride, padding, dilation, a pair each."""

from __future__ import annotations

from typing import Any

from torch import nn

Window = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]


def window_of(module: nn.Module) -> Window | None:
    """Return (kernel_size, stride, padding, dilation), a pair each; None if it has no window."""
    if not isinstance(module, nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d):
        return None
    kernel = _two(module.kernel_size)
    dilation = _two(getattr(module, "dilation", 1))
    padding = module.padding
    if padding == "same":  # the two ends may differ by one; the total is what counts
        padding = tuple(d * (k - 1) / 2 for k, d in zip(kernel, dilation, strict=True))
    elif padding == "valid":
        padding = 0
    return kernel, _two(module.stride), _two(padding), dilation


def _two(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 (torch keeps numbers, pairs and words)
    return tuple(value) if isinstance(value, tuple | list) else (value, value)
