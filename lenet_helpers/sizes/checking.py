"""Hold a student's size function against ``nn.Conv2d``, and name the slip where it is off."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import SupportsIndex

import torch
from torch import nn

from ..prose import say
from .window import Window

SizeFunction = Callable[[int, int, int, int, int], object]
Case = tuple[int, int, int, int, int]  # n, k, s, p, d


def size_cases() -> Iterator[Case]:
    """Yield the cases that are tried: (n, k, s, p, d), easy ones first, all with an output."""
    grid = itertools.product((1, 2, 3), (0, 1, 2), (1, 2, 3), (3, 5, 2, 1), (5, 6, 7, 10, 28))
    for d, p, s, k, n in grid:
        if Window(n, k, s, p, d).output:
            yield n, k, s, p, d


def torch_size(n: int, k: int, s: int, p: int, d: int) -> int:
    """Return the side that ``nn.Conv2d`` gives; on the meta device, where nothing is computed."""
    conv = nn.Conv2d(1, 1, k, stride=s, padding=p, dilation=d, device="meta")
    return int(conv(torch.empty(1, 1, n, n, device="meta")).shape[-1])


def size_verdict(function: SizeFunction) -> str:
    """Return in words whether ``function(n, k, s, p, d)`` agrees with ``nn.Conv2d``.

    Args:
        function: Takes input side, kernel size, stride, padding and dilation, all whole numbers,
            and returns the side of the output.
    """
    tried = 0
    for case in size_cases():
        n, k, s, p, d = case
        right = torch_size(*case)
        told = f"For n={n}, k={k}, s={s}, p={p}, d={d}"
        try:
            given = function(*case)
        except Exception as error:  # whatever the student's code does wrong is told in words
            return f"{told} your function stops with {type(error).__name__}: {error}"
        if given is None:
            return f"{told} your function returns nothing: is there a return?"
        if given != right:
            slip = Window(n, k, s, p, d).slips().get(_whole(given))
            return f"{told} it gives {given}, nn.Conv2d gives {right}{': ' + slip if slip else ''}."
        if not isinstance(given, SupportsIndex):
            return (
                f"{told} it gives {given}, right but no whole number: use // in place of /, which "
                "rounds down."
            )
        tried += 1
    return f"Your function agrees with nn.Conv2d on all {tried} cases."


def check_size_function(function: SizeFunction) -> None:
    """Print whether ``function(n, k, s, p, d)`` agrees with ``nn.Conv2d``, and if not, why."""
    say(size_verdict(function))


def _whole(value: object) -> int:
    return int(value) if isinstance(value, int | float | SupportsIndex) else -1
