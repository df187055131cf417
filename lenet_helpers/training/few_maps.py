"""Layers that compute few maps on a CPU, in another way while a network trains.

With the channels of a pixel side by side in memory (see ``memory_order``), a layer takes as many
channels at a time as the processor's vectors have places. LeNet's first layers have six, and the
other places stay empty. ``pooling`` and ``convolving`` know other ways to the same numbers, which
fill them; here is what both need.
"""

from __future__ import annotations

from typing import TypeGuard

import torch
from torch import Tensor

# Numbers of 32 bits in a vector; elsewhere nothing is known, and PyTorch's own way stays.
PLACES = {"AVX2": 8, "AVX512": 16}


def vector_places() -> int:
    """Return how many numbers of 32 bits a vector of the processor holds; 0 if nothing is known."""
    return PLACES.get(torch.backends.cpu.get_cpu_capability(), 0)


def known_on(device: torch.device) -> bool:
    """Return True if the ways are known to serve there."""
    onednn = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    return device.type == "cpu" and vector_places() > 0 and bool(onednn)


def serves(x: object) -> TypeGuard[Tensor]:
    """Return True if the ways are known for such maps: (N, C, H, W), channels last, float32."""
    return (
        isinstance(x, Tensor)
        and x.ndim == 4
        and x.dtype == torch.float32
        and x.numel() > 0
        and x.is_contiguous(memory_format=torch.channels_last)
        and not torch.is_autocast_enabled("cpu")
    )
