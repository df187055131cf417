"""Convolutions of few maps on a CPU: the same sums, faster.

The first layer of a network makes few maps: two pixels that lie side by side are computed as one
pixel with twice the channels, by a kernel that holds each weight twice. A later one has few maps
to hand a gradient back to: products of matrices add up what whole pieces of rows get. With LeNet's
sizes and AVX-512, each took about 0.7 of PyTorch's time.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from .few_maps import known_on, serves, vector_places
from .ways import take_way

SMALLEST = 5  # of the kernels with which both ways were faster; with 3, more of the work is wasted


def convolve_fast(net: nn.Module, device: torch.device) -> list[nn.Module]:
    """Let the convolutions of ``net`` with few maps take the faster ways on a CPU.

    Returns:
        The layers that do so.
    """
    if not known_on(device):
        return []
    layers = [m for m in net.modules() if type(m) is nn.Conv2d and _is_plain(m)]
    return take_way(layers, _convolved, net)


def _is_plain(conv: nn.Conv2d) -> bool:
    return (
        min(conv.kernel_size) >= SMALLEST
        and {*conv.stride, *conv.dilation, conv.groups} == {1}
        and conv.padding_mode == "zeros"
        and not isinstance(conv.padding, str)
    )


def _convolved(module: nn.Conv2d, x: Tensor) -> Tensor:
    """Return what ``module`` makes of ``x``, shape (N, C, H, W)."""
    if serves(x) and x.shape[1] == module.in_channels:
        if not (x.requires_grad and torch.is_grad_enabled()):
            if 2 * module.out_channels <= vector_places() and _pairs_fit(module, *x.shape[2:]):
                return _in_pairs(module, x)
        elif _gradient_fits(module, x.shape[3]):
            made: Tensor = _Convolution.apply(x, module.weight, module.bias, [0, 0])
            return made
    return nn.Conv2d.forward(module, x)


# ---------------------------------------------------------------- two pixels as one


def _pairs(module: nn.Conv2d) -> tuple[int, int]:
    """Return the padding and the width of the kernel, both counted in pairs of pixels."""
    padding, kernel = int(module.padding[1]), module.kernel_size[1]
    before = (padding + 1) // 2
    return before, (1 - padding + 2 * before + kernel + 1) // 2


def _pairs_fit(module: nn.Conv2d, height: int, width: int) -> bool:
    """Return True if rows of ``width`` pixels, and those that come out, are whole pairs."""
    before, kernel = _pairs(module)
    if height + 2 * int(module.padding[0]) < module.kernel_size[0]:
        return False  # no row comes out: PyTorch says so
    out = width + 2 * int(module.padding[1]) - module.kernel_size[1] + 1
    return width % 2 == 0 and 2 * (width // 2 + 2 * before - kernel + 1) == out > 0


def _in_pairs(module: nn.Conv2d, x: Tensor) -> Tensor:
    examples, channels, height, width = x.shape
    out, (rows, columns) = module.out_channels, module.kernel_size
    before, wide = _pairs(module)
    # Weights as (out, rows, columns * C). The second pixel's lie one pixel further to the right.
    weights = module.weight.permute(0, 2, 3, 1).reshape(out, rows, columns * channels)
    shifts = [2 * before - int(module.padding[1]) + pixel for pixel in (0, 1)]
    ends = [(shift * channels, (2 * wide - columns - shift) * channels) for shift in shifts]
    twice = torch.stack([F.pad(weights, end) for end in ends])
    twice = twice.view(2 * out, rows, wide, 2 * channels).permute(0, 3, 1, 2)
    pairs = x.permute(0, 2, 3, 1).reshape(examples, height, width // 2, 2 * channels)
    padding = [int(module.padding[0]), before]
    made: Tensor = _Convolution.apply(pairs.permute(0, 3, 1, 2), twice, module.bias, padding)
    height, width = made.shape[2:]
    maps = made.permute(0, 2, 3, 1).reshape(examples, height, 2 * width, out)
    return maps.permute(0, 3, 1, 2)


# ---------------------------------------------------------------- the gradient of few maps


def _gradient_fits(module: nn.Conv2d, width: int) -> bool:
    few = 2 * module.in_channels <= vector_places() and not any(module.padding)
    return few and _piece(width - module.kernel_size[1] + 1, module.kernel_size[1]) > 1


def _piece(width: int, columns: int) -> int:
    """Return into pieces of how many pixels rows of ``width`` are cut: about a kernel's width."""
    fitting = [d for d in range(1, width + 1) if width % d == 0]
    return min(fitting, key=lambda pixels: abs(pixels - columns), default=0)


class _Convolution(torch.autograd.Function):
    """A convolution; what a gradient is handed back to has no padding.

    The maps may be those of several pixels, which have the same ``bias``.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        padding: list[int],
    ) -> Tensor:
        ctx.padding = padding
        ctx.save_for_backward(x, weight)
        if bias is not None:
            ctx.maps = len(bias)
            bias = bias.repeat(len(weight) // len(bias))
        return F.conv2d(x, weight, bias, padding=padding)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:  # noqa: ANN401
        (gradient,) = gradients
        x, weight = ctx.saved_tensors
        of_x, of_weight, of_bias, _ = ctx.needs_input_grad
        _, weights, _ = torch.ops.aten.convolution_backward(
            gradient, x, weight, [len(weight)], [1, 1], ctx.padding, [1, 1], False, [0, 0], 1,
            [False, of_weight, False],
        )  # fmt: skip
        handed_back = _handed_back(gradient, weight) if of_x else None
        return handed_back, weights, _sums(gradient, ctx.maps) if of_bias else None, None


def _sums(gradient: Tensor, maps: int) -> Tensor:
    """Return the sum of each of ``maps``, of (N, C, H, W) with C of them once or several times.

    Example by example first: oneDNN, asked for it beside the weights' gradient, takes three times
    as long.
    """
    pixels = gradient.permute(0, 2, 3, 1)
    return pixels.flatten(1).sum(0).view(-1, maps).sum(0)


def _handed_back(gradient: Tensor, weight: Tensor) -> Tensor:
    """Return the gradient of what went in, (N, C, H, W), from that of what came out."""
    out, channels, rows, columns = weight.shape
    examples, _, height, width = gradient.shape
    piece = _piece(width, columns)
    wide = piece + columns - 1  # pixels of a row that a piece of the row that came out has seen
    # A row of the kernel, (piece * out) to (wide * C): a pixel's weights lie one to the right of
    # those of the pixel before.
    spread = weight.new_zeros(rows, piece, out, wide, channels)
    row, pixel, of_map, place, channel = spread.stride()
    steps = (row, pixel + place, of_map, place, channel)
    shifted = spread.as_strided((rows, piece, out, columns, channels), steps)
    shifted.copy_(weight.permute(2, 0, 3, 1).unsqueeze(1))
    spread = spread.view(rows, piece * out, wide * channels)
    # The pictures' first rows lie together, then their second ones: several rows are one matrix.
    came_out = gradient.permute(2, 0, 3, 1).reshape(height * examples, width * out)
    went_in = gradient.new_zeros((height + rows - 1) * examples, (width + columns - 1) * channels)
    for first in range(0, width, piece):
        seen = went_in[:, first * channels : (first + wide) * channels]
        part = came_out[:, first * out : (first + piece) * out]
        for row in range(rows):
            seen[row * examples : (row + height) * examples].addmm_(part, spread[row])
    maps = went_in.view(height + rows - 1, examples, width + columns - 1, channels)
    return maps.permute(1, 3, 0, 2).contiguous(memory_format=torch.channels_last)
