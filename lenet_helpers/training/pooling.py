"""Average pooling of few maps on a CPU: the same means, faster.

PyTorch pools as many channels at a time as a vector has places, and fewer than that number by
number. A convolution with equal weights, channel by channel, gives the same means, and one product
of matrices hands the gradient back; both use whole vectors. Of a run's processor time, with LeNet
and AVX-512, it saved a seventh.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from .few_maps import serves, take_way, vector_places


def pool_fast(net: nn.Module, device: torch.device) -> list[nn.Module]:
    """Let the average poolings of ``net`` without overlap take the faster way on a CPU.

    Returns:
        The layers that do so.
    """
    layers = [m for m in net.modules() if type(m) is nn.AvgPool2d and _tiles(m)]
    return take_way(layers, _pooled, net, device)


def _tiles(pool: nn.AvgPool2d) -> bool:
    """Return True if the windows are square and lie side by side."""
    return (
        _side(pool.kernel_size) == _side(pool.stride) > 1
        and _side(pool.padding) == 0
        and pool.divisor_override is None
    )


def _side(size: int | tuple[int, ...]) -> int:
    """Return the side of a square; -1 if it is none."""
    sides = {size} if isinstance(size, int) else {*size}
    return sides.pop() if len(sides) == 1 else -1


def _pooled(module: nn.AvgPool2d, x: Tensor) -> Tensor:
    """Return what ``module`` makes of ``x``, shape (N, C, H, W)."""
    side = _side(module.kernel_size)
    few = serves(x) and 1 < x.shape[1] <= vector_places()
    if few and x.shape[2] % side == x.shape[3] % side == 0:
        means: Tensor = _Means.apply(x, side)
        return means
    return nn.AvgPool2d.forward(module, x)


class _Means(torch.autograd.Function):
    """The means over squares that lie side by side: (N, C, H, W) to (N, C, H/side, W/side)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, side: int) -> Tensor:  # noqa: ANN401
        ctx.shape, ctx.side = x.shape, side
        weights = x.new_full((x.shape[1], 1, side, side), 1 / side**2)
        weights = weights.to(memory_format=torch.channels_last)
        return F.conv2d(x, weights, stride=side, groups=x.shape[1])

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        (gradient,) = gradients
        examples, channels, height, width = ctx.shape
        # (..., C) to (..., side * C): each value side times, divided; then each row side times.
        spread = torch.eye(channels).div_(ctx.side**2).repeat(1, ctx.side)
        rows = gradient.permute(0, 2, 3, 1).reshape(-1, channels) @ spread
        rows = rows.view(-1, 1, width * channels).repeat(1, ctx.side, 1)
        whole = rows.view(examples, height, width, channels)
        return whole.permute(0, 3, 1, 2), None
