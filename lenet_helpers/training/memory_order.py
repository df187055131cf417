"""How weights lie in memory while training: the order that makes convolutions faster.

PyTorch keeps maps channel by channel. The CPU's convolutions run faster when the channels of one
pixel lie side by side ("channels last"); the numbers are the same up to rounding. How much it
gains is measured in ``benchmark/``. It was measured on CPUs, so elsewhere nothing changes.

Source: PyTorch's tutorial "Channels Last Memory Format in PyTorch".
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn


def lay_channels_last(net: nn.Module, device: torch.device) -> list[nn.Parameter]:
    """Lay the 4-D weights of ``net`` channels last, if ``device`` is a CPU; return those moved."""
    # By the strides: is_contiguous() takes a weight of one input channel for both orders at once,
    # but PyTorch chooses the faster convolution, and the order of its output, by the strides.
    moved = [
        p for p in net.parameters() if p.ndim == 4 and device.type == "cpu" and p.stride(1) != 1
    ]
    _lay(moved, torch.channels_last)
    return moved


def lay_back(moved: Iterable[nn.Parameter]) -> None:
    """Lay weights as PyTorch makes them: then ``weight.view(...)`` works as ever."""
    _lay(moved, torch.contiguous_format)


def _lay(parameters: Iterable[nn.Parameter], order: torch.memory_format) -> None:
    for parameter in parameters:
        parameter.data = parameter.data.to(memory_format=order)
        if parameter.grad is not None:
            parameter.grad = parameter.grad.to(memory_format=order)
