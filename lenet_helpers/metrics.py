"""Counting and timing: sums over batches, right predictions, seconds.

The names are those of the d2l textbook ("Dive into Deep Learning", LeNet chapter), so its code
runs with them unchanged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import torch
from torch import Tensor, nn

from ._checks import whole_number

Inputs = Tensor | Sequence[Tensor]
Batch = tuple[Inputs, Tensor]
Network = Callable[..., Any]  # nn.Module, or any function from inputs to scores


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


def correct(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return how many predictions are right, as an integer tensor on their device.

    Reading a number from a GPU makes Python wait for it; this one can be summed first.

    Args:
        y_hat: Scores of shape (N, classes), or predicted labels of shape (N,).
        y: Labels of shape (N,).

    Raises:
        ValueError: the shapes do not belong together.
    """
    predicted = y_hat.argmax(dim=1) if y_hat.ndim == 2 and y_hat.shape[1] > 1 else y_hat
    if predicted.numel() != y.numel():
        raise ValueError(
            f"y_hat has shape {tuple(y_hat.shape)} and y has shape {tuple(y.shape)}: "
            "give (N, classes) or (N,) predictions for (N,) labels, with the same N."
        )
    return (predicted.reshape(-1).type(y.dtype) == y.reshape(-1)).sum()


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """Return the **number** of right predictions (a count: divide it by N for a rate).

    Args:
        y_hat: Scores of shape (N, classes), or predicted labels of shape (N,).
        y: Labels of shape (N,).

    Returns:
        The count, from 0 to N, as a float.
    """
    return float(correct(y_hat, y))


@contextmanager
def evaluation_mode(net: nn.Module) -> Iterator[None]:
    """Switch ``net`` to evaluation mode, and put every module's own mode back afterwards."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def to_device(X: Inputs, device: torch.device | None) -> Inputs:
    """Return ``X``, a tensor or a list of tensors, on ``device`` (None: where it is)."""
    if device is None:
        return X
    return X.to(device) if isinstance(X, Tensor) else [x.to(device) for x in X]


def evaluate_accuracy_gpu(
    net: Network, data_iter: Iterable[Batch], device: torch.device | str | None = None
) -> float:
    """Return the share of ``data_iter`` that ``net`` labels rightly.

    The network is evaluated without gradients and in evaluation mode; afterwards each of its
    modules is in the mode it was in before.

    Args:
        net: A module, or any function from inputs to scores of shape (N, classes).
        data_iter: Batches (X, y): inputs, and labels of shape (N,).
        device: Where to compute. None: where the network's parameters are.

    Returns:
        A rate from 0 to 1.

    Raises:
        ValueError: ``data_iter`` has no examples.
    """
    where = torch.device(device) if device is not None else None
    if not isinstance(net, nn.Module):
        return _rate(net, data_iter, where)
    if where is None:
        first = next(net.parameters(), None)
        where = first.device if first is not None else None
    with evaluation_mode(net):
        return _rate(net, data_iter, where)


def _rate(net: Network, data_iter: Iterable[Batch], device: torch.device | None) -> float:
    right: Tensor | int = 0
    total = 0
    with torch.inference_mode():
        for X, y in data_iter:
            X, y = to_device(X, device), y if device is None else y.to(device)
            right = right + correct(net(X), y)
            total += y.numel()
    if total == 0:
        raise ValueError(
            "data_iter has no examples: give at least one batch (X, y). "
            "An iterator that has been used up gives none: pass the loader itself."
        )
    return float(right) / total
