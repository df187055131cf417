"""Pictures that are mirrored and moved at random, so that no epoch shows the same ones again."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from ..checks import whole_number


@dataclass(frozen=True)
class Augmentation:
    """What may happen to a picture before it is trained on.

    Args:
        flip: Whether every second picture, on average, is mirrored left to right.
        shift: The most pixels that a picture moves, up or down and left or right; black comes in.

    Raises:
        TypeError, ValueError: ``shift`` is no whole number of at least 0.
    """

    flip: bool = False
    shift: int = 0

    def __post_init__(self) -> None:
        whole_number("shift", self.shift, minimum=0)

    def draw(self, n: int) -> Tensor:
        """Return what happens to ``n`` pictures: int64, shape (n, 3): mirrored, down, right.

        They are drawn on the CPU with PyTorch's global random numbers, all at once: a pass over a
        set draws before its first batch and not again.
        """
        mirrored = torch.randint(2, (n, 1)) if self.flip else torch.zeros(n, 1, dtype=torch.int64)
        return torch.cat([mirrored, torch.randint(-self.shift, self.shift + 1, (n, 2))], dim=1)


def changed(pixels: Tensor, moves: Tensor) -> Tensor:
    """Return pictures mirrored and moved, each in its own way, by one look-up for all of them.

    Args:
        pixels: Pictures, any dtype, shape (N, channels, height, width).
        moves: What happens to each: int64, shape (N, 3), 0 or 1 (mirrored), pixels down, pixels to
            the right; less than a side. Mirrored first, then moved.
    """
    n, _, height, width = pixels.shape
    frame = max(height, width) - 1  # as far as a picture can move and still be seen
    framed = F.pad(pixels, (frame,) * 4)
    mirrored, down, right = moves[:, :, None].unbind(dim=1)  # each (N, 1)
    rows = torch.arange(height, device=pixels.device) - down + frame  # where each row comes from
    columns = torch.arange(width, device=pixels.device) - right
    columns = torch.where(mirrored.bool(), width - 1 - columns, columns) + frame
    picture = torch.arange(n, device=pixels.device)[:, None, None]
    return framed[picture, :, rows[:, :, None], columns[:, None, :]].movedim(3, 1)
