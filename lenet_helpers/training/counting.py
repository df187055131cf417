"""What is counted while a network trains: losses, right answers, examples, seconds."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from ..devices import synchronize
from .result import Point

# Batches whose sums are made at once. After a step the processor's caches hold the step's numbers,
# and each small operation alone takes ten times as long as among its like.
TOGETHER = 32


class Counts:
    """What has been counted so far, in a run and in its epoch.

    Args:
        device: Where the sums are kept.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.may_wait = False  # whether what is added stays as it is, and can be summed later
        self._waiting: list[tuple[Tensor, Tensor, Tensor]] = []
        self.began = time.perf_counter()
        self.lap: float | None = None  # when training went on last; None while it rests
        self.training_seconds = 0.0
        self.examples = 0
        # The sums stay on the device: reading one makes Python wait for all that is queued there.
        # float64 keeps 60,000 of them exact to the last digit shown; Apple's GPUs lack it.
        exact = torch.float32 if device.type == "mps" else torch.float64
        self.loss_sum = torch.zeros((), dtype=exact, device=device)
        self.right = torch.zeros((), dtype=torch.int64, device=device)
        self.new_epoch(0)

    def new_epoch(self, epoch: int) -> None:
        """Begin the sums of an epoch."""
        self.loss_sum.zero_()  # the same tensors: a recorded step adds to them where they lie
        self.right.zero_()
        self.in_epoch = 0
        self.epoch = float(epoch)

    def add(self, loss: Tensor, y_hat: Tensor, y: Tensor) -> None:
        """Add a batch to the sums: its mean loss, its scores (N, classes), its labels (N,)."""
        if not self.may_wait:
            self._sum(loss, y_hat, y)
            return
        self._waiting.append((loss, y_hat, y))
        if len(self._waiting) >= TOGETHER:
            self._sum_up()

    def _sum_up(self) -> None:
        while self._waiting:
            self._sum(*self._waiting.pop())

    def _sum(self, loss: Tensor, y_hat: Tensor, y: Tensor) -> None:
        self.loss_sum.add_(loss, alpha=len(y))
        self.right.add_((y_hat.argmax(dim=1) == y).sum())

    def count(self, examples: int) -> None:
        """Count the examples of a batch whose sums have been added."""
        self.in_epoch += examples
        self.examples += examples

    def go_on(self) -> None:
        """From now on it trains."""
        self.lap = time.perf_counter()

    def rest(self) -> None:
        """Add the seconds since :meth:`go_on` to those of training."""
        if self.lap is not None:
            synchronize(self.device)
            self.training_seconds += time.perf_counter() - self.lap
            self.lap = None

    @property
    def mean_loss(self) -> float:
        """The mean loss of the epoch so far; reading it waits for a GPU."""
        self._sum_up()
        return float(self.loss_sum) / self.in_epoch

    def point(self, *, trained: bool = True) -> Point:
        """Return what is known now; ``trained``: with the loss and accuracy of the epoch so far."""
        self._sum_up()
        self.rest()
        known = trained and self.in_epoch > 0
        return Point(
            self.epoch,
            time.perf_counter() - self.began,
            self.mean_loss if known else None,
            int(self.right) / self.in_epoch if known else None,
            examples=self.examples,
            training_seconds=self.training_seconds,
        )
