"""Counting and timing: sums over batches, seconds.

The names are those of the d2l textbook ("Dive into Deep Learning", LeNet chapter), so its code
runs with them unchanged.
"""

from __future__ import annotations

import time
from itertools import accumulate

from torch import Tensor

from ..checks import whole_number


def size(y: Tensor) -> int:
    """Return the number of elements of ``y``."""
    return y.numel()


class Accumulator:
    """``n`` running sums, kept as floats.

    >>> metric = Accumulator(2)
    >>> metric.add(3, 4)
    >>> metric.add(1, 4)
    >>> metric[0] / metric[1]
    0.5

    Args:
        n: How many sums, at least 1.
    """

    def __init__(self, n: int) -> None:
        n = whole_number("n", n, minimum=1, fix="Say how many sums to keep.")
        self.data = [0.0] * n

    def add(self, *args: float | Tensor) -> None:
        """Add one number to each sum.

        Raises:
            ValueError: not exactly one number a sum.
        """
        if len(args) != len(self.data):
            raise ValueError(
                f"add() got {len(args)} numbers for {len(self.data)} sums: give one number a sum."
            )
        numbers = [number.item() if isinstance(number, Tensor) else number for number in args]
        self.data = [total + number for total, number in zip(self.data, numbers, strict=True)]

    def reset(self) -> None:
        """Set every sum to 0."""
        self.data = [0.0] * len(self.data)

    def __getitem__(self, index: int) -> float:
        return self.data[index]

    def __len__(self) -> int:
        return len(self.data)

    def __repr__(self) -> str:
        return f"Accumulator({', '.join(f'{total:g}' for total in self.data)})"


class Timer:
    """A stopwatch with laps, in seconds. It runs from the moment it is made."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.start()

    def start(self) -> None:
        """Start a lap."""
        self._began = time.perf_counter()

    def stop(self) -> float:
        """End the lap, keep its seconds in ``times`` and return them."""
        self.times.append(time.perf_counter() - self._began)
        return self.times[-1]

    def avg(self) -> float:
        """Return the mean lap in seconds; 0 before the first lap has ended."""
        return self.sum() / len(self.times) if self.times else 0.0

    def sum(self) -> float:
        """Return the seconds of all laps together."""
        return sum(self.times)

    def cumsum(self) -> list[float]:
        """Return the seconds gone by at the end of each lap."""
        return list(accumulate(self.times))

    def __repr__(self) -> str:
        return f"Timer({len(self.times)} laps, {self.sum():.3f} s)"
