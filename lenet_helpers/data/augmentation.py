"""Pictures that are mirrored and moved at random, so that no epoch shows the same ones again."""

from __future__ import annotations

from collections.abc import Callable
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

    def drawn(self, pictures: Tensor) -> Callable[[Tensor, slice], Tensor]:
        """Draw what happens to each of ``pictures``, and return what does it to some of them.

        All is drawn at once, on the CPU, with PyTorch's global random numbers: a pass over a set
        draws before its first batch and not again.

        Args:
            pictures: All pictures of the pass, shape (N, channels, height, width).

        Returns:
            A function of a batch, uint8 (n, channels, height, width), and of the slice that says
            which of the N it has.
        """
        n, _, height, width = pictures.shape
        device = pictures.device
        places = self._places(height, width).to(device)
        kinds = torch.randint(len(places), (n,)).to(device)

        def change(pixels: Tensor, here: slice) -> Tensor:
            framed = F.pad(pixels, (self.shift,) * 4).flatten(2)
            where = places[kinds[here]].unsqueeze(1).expand(-1, framed.shape[1], -1)
            return framed.gather(2, where).view(pixels.shape)

        return change

    def _places(self, height: int, width: int) -> Tensor:
        """Return what a picture can become, a row each: the place in its frame of each pixel.

        There are few of these kinds (mirrored or not, each move down, each to the right), so a
        batch is changed by a look-up in a small table.
        """
        pixels = torch.arange((height + 2 * self.shift) * (width + 2 * self.shift))
        framed = pixels.view(height + 2 * self.shift, width + 2 * self.shift)
        windows = framed.unfold(0, height, 1).unfold(1, width, 1).flatten(0, 1)  # each move
        if self.flip:  # mirrored about the middle, so the moves of the mirrored ones are the same
            windows = torch.cat([windows, windows.flip(2)])
        return windows.flatten(1)
