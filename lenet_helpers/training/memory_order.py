"""How weights lie in memory while training: the order that makes convolutions faster.

PyTorch keeps maps channel by channel. The CPU's convolutions run faster when the channels of one
pixel lie side by side ("channels last"); the numbers are the same up to rounding. How much it
gains is measured in ``benchmark/``. It was measured on CPUs, so elsewhere nothing changes.

Source: PyTorch's tutorial "Channels Last Memory Format in PyTorch".
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def lay_channels_last(net: nn.Module, device: torch.device) -> list[Tensor]:
    """Lay the weights of ``net``'s convolutions channels last, if that is known to be safe.

    It is on a CPU, for a network whose weights of four dimensions are all those of plain
    convolutions with kernels larger than 1. In this order, PyTorch's convolution of 1x1 with a
    stride writes past the end of its memory in the backward pass: the process dies (seen with torch
    2.15; ``tests/test_memory_order.py`` tries many sizes of the others).

    Returns:
        The weights that were moved.
    """
    convolutions = [m for m in net.modules() if type(m) is nn.Conv2d]
    safe = [m.weight for m in convolutions if min(m.kernel_size) > 1 and m.groups == 1]
    known = {id(weight) for weight in safe}
    if device.type != "cpu" or any(p.ndim >= 4 and id(p) not in known for p in net.parameters()):
        return []
    # By the strides: is_contiguous() takes a weight of one input channel for both orders at once,
    # but PyTorch chooses the faster convolution, and the order of its output, by the strides.
    moved = [weight for weight in safe if weight.stride(1) != 1]
    _lay(moved, torch.channels_last)
    return moved


def lay_back(moved: Iterable[Tensor]) -> None:
    """Lay weights as PyTorch makes them: then ``weight.view(...)`` works as ever."""
    _lay(moved, torch.contiguous_format)


def _lay(parameters: Iterable[Tensor], order: torch.memory_format) -> None:
    for parameter in parameters:
        parameter.data = parameter.data.to(memory_format=order)
        if parameter.grad is not None:
            parameter.grad = parameter.grad.to(memory_format=order)
