"""How weights lie in memory while training: the order that makes convolutions faster.

PyTorch keeps maps channel by channel. The CPU's convolutions run faster when the channels of one
pixel lie side by side ("channels last"); the numbers are the same up to rounding. How much it
gains is measured in ``benchmark/``. It was measured on CPUs, so elsewhere nothing changes.

Source: PyTorch's tutorial "Channels Last Memory Format in PyTorch".
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn


@contextmanager
def fast_layout(net: nn.Module, device: torch.device) -> Iterator[None]:
    """Keep the 4-D weights of ``net`` channels last inside the block, if ``device`` is a CPU.

    Afterwards each weight lies as it lay before, however the block ends: ``weight.view(...)``
    works as ever.
    """
    # By the strides: is_contiguous() takes a weight of one input channel for both orders at once,
    # but PyTorch chooses the faster convolution, and the order of its output, by the strides.
    moved = [
        p for p in net.parameters() if p.ndim == 4 and device.type == "cpu" and p.stride(1) != 1
    ]
    _lay(moved, torch.channels_last)
    try:
        yield
    finally:
        _lay(moved, torch.contiguous_format)


def _lay(parameters: list[nn.Parameter], order: torch.memory_format) -> None:
    for parameter in parameters:
        parameter.data = parameter.data.to(memory_format=order)
        if parameter.grad is not None:
            parameter.grad = parameter.grad.to(memory_format=order)
