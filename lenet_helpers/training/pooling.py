"""Average pooling of few maps on a CPU: the same means, faster.

PyTorch pools as many channels at a time as a vector has places, and fewer than that number by
number. A convolution with equal weights, channel by channel, gives the same means, and one product
of matrices hands the gradient back; both use whole vectors. Where the pooling follows a sigmoid in
an ``nn.Sequential``, the gradient goes through both at once: that of the maps between them, four
times as large as what came in, is never written down. Of a run's processor time, with LeNet and
AVX-512, the one saved a seventh and the other a twentieth. The sigmoids are written over what a
convolution has just made, which nobody else sees: a fiftieth more.
"""

from __future__ import annotations

import functools
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from .few_maps import known_on, serves, vector_places
from .replayable import has_hooks, only_computes
from .ways import take_way, way_of


def pool_fast(net: nn.Module, device: torch.device) -> list[nn.Module]:
    """Let the average poolings of ``net`` without overlap take the faster way on a CPU.

    Returns:
        The layers that do so, and the sequences of layers with a sigmoid before one of them.
    """
    if not known_on(device):
        return []
    layers = [m for m in net.modules() if type(m) is nn.AvgPool2d and _tiles(m)]
    pooling = take_way(layers, _pooled, net)
    chains = [
        m
        for m in net.modules()
        if type(m) is nn.Sequential
        and any(type(a) is nn.Sigmoid and b in pooling for a, b in pairwise(m))
    ]
    return pooling + take_way(chains, _chained, net)


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


def _fits(pool: nn.AvgPool2d, x: Tensor) -> bool:
    """Return True if ``pool`` cuts ``x``, shape (N, C, H, W), into whole windows, of few maps."""
    side = _side(pool.kernel_size)
    few = serves(x) and 1 < x.shape[1] <= vector_places()
    return few and x.shape[2] % side == x.shape[3] % side == 0


def _pooled(module: nn.AvgPool2d, x: Tensor) -> Tensor:
    """Return what ``module`` makes of ``x``, shape (N, C, H, W)."""
    if _fits(module, x):
        means: Tensor = _Means.apply(x, _side(module.kernel_size))
        return means
    return nn.AvgPool2d.forward(module, x)


def _chained(module: nn.Sequential, x: Any) -> Any:  # noqa: ANN401 # what its layers take and make
    """Return what ``module`` makes of ``x``: a sigmoid and the pooling after it in one go."""
    before: nn.Module = module
    layers = pairwise([*module, None])
    for layer, after in layers:
        if type(after) is nn.AvgPool2d and _are_one(layer, after) and _fits(after, x):
            own = type(before) is nn.Conv2d and only_computes(before)
            x = _MeansOfSigmoid.apply(x, _side(after.kernel_size), own)
            next(layers)  # the pooling is done
        else:
            x = layer(x)
        before = layer
    return x


def _are_one(layer: nn.Module, pool: nn.AvgPool2d) -> bool:
    """Return True if ``layer`` is a sigmoid, ``pool`` takes the way, and nobody looks between."""
    plain = type(layer) is nn.Sigmoid and "forward" not in vars(layer)
    return way_of(pool) is _pooled and plain and not has_hooks(layer) and not has_hooks(pool)


# ---------------------------------------------------------------- the arithmetic


@functools.cache
def _equal_weights(channels: int, side: int) -> Tensor:
    weights = torch.full((channels, 1, side, side), 1 / side**2, dtype=torch.float32, device="cpu")
    return weights.to(memory_format=torch.channels_last)


@functools.cache
def _shares(channels: int, side: int) -> Tensor:
    """Return the matrix (C, side * C) that gives each of ``side`` pixels its share of a mean."""
    one = torch.eye(channels, dtype=torch.float32, device="cpu").div_(side**2)
    return one.repeat(1, side)


def _means(x: Tensor, side: int) -> Tensor:
    channels = x.shape[1]
    return F.conv2d(x, _equal_weights(channels, side), stride=side, groups=channels)


def _handed_back(gradient: Tensor, side: int) -> Tensor:
    """Return what each pixel gets of the ``gradient`` of the means, as (N, H/side, side, W * C)."""
    examples, channels, height, width = gradient.shape
    pixels = gradient.permute(0, 2, 3, 1).reshape(-1, channels) @ _shares(channels, side)
    rows = pixels.view(examples, height, 1, width * side * channels)
    return rows.expand(-1, -1, side, -1)  # each row ``side`` times


class _Means(torch.autograd.Function):
    """The means over squares that lie side by side: (N, C, H, W) to (N, C, H/side, W/side)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, side: int) -> Tensor:  # noqa: ANN401
        ctx.side = side
        return _means(x, side)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:  # noqa: ANN401
        rows = _handed_back(gradients[0], ctx.side).contiguous()
        return _maps(rows, gradients[0].shape[1]), None


class _MeansOfSigmoid(torch.autograd.Function):
    """The same of the sigmoid of what goes in; ``own``: which is of no use to anybody else."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, side: int, own: bool) -> Tensor:  # noqa: ANN401
        made, ctx.side = x.detach().sigmoid_() if own else x.sigmoid(), side
        ctx.save_for_backward(made)
        return _means(made, side)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:  # noqa: ANN401
        (made,) = ctx.saved_tensors
        back = _handed_back(gradients[0], ctx.side)
        rows = made.permute(0, 2, 3, 1).view(back.shape)
        # Written over the sigmoids, which are of no use any more: less memory to go through. Going
        # back a second time is an error then, and the run goes on in the usual way.
        torch.ops.aten.sigmoid_backward.grad_input(back, rows, grad_input=rows)
        return _maps(rows, made.shape[1]), None, None


def _maps(rows: Tensor, channels: int) -> Tensor:
    """Return as (N, C, H, W), channels last, what is (N, H/side, side, W * C)."""
    examples, height, side, _ = rows.shape
    return rows.view(examples, height * side, -1, channels).permute(0, 3, 1, 2)
