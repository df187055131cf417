"""Hold a size function against ``nn.Conv2d``, for the calculator and for notebooks of before."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn

from ..asking.exercises.checking import judge
from ..asking.exercises.sizes import OUTPUT_SIZE
from ..prose import say

SizeFunction = Callable[[int, int, int, int, int], object]


def torch_size(n: int, k: int, s: int, p: int, d: int) -> int:
    """Return the side that ``nn.Conv2d`` gives; on the meta device, where nothing is computed."""
    conv = nn.Conv2d(1, 1, k, stride=s, padding=p, dilation=d, device="meta")
    return int(conv(torch.empty(1, 1, n, n, device="meta")).shape[-1])


def check_size_function(function: SizeFunction) -> None:
    """Print whether ``function(n, k, s=1, p=0, d=1)`` agrees with ``nn.Conv2d``, and if not, why.

    ``lh.check("output_size", function)`` says the same, and hands back a version that works.
    """
    verdict = judge(OUTPUT_SIZE, function)
    if verdict.state == "right":
        say(f"Your function agrees with nn.Conv2d on all {verdict.tried} cases.")
    else:
        say(verdict.words)
