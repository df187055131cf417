"""A step of the textbook's loop: forward, loss, backward, optimiser, and what is counted of it."""

from __future__ import annotations

import functools

import torch
from torch import Tensor

from ..data.batches import check_classes
from ..network.evaluation import Inputs, scores
from .counting import Counts
from .learning import Learning
from .noted import Noted, Passes
from .steps import Steps


class TextbookStep:
    """Does a step on a batch (X, y); returns its mean loss and its scores, both detached.

    Args:
        steps: How the network is computed.
        learning: Has the loss.
        optimizer: The optimiser.
        batches: Where the batches come from.
        counts: What each step is added to.
        noted: Whether the passes may be computed from notes, see ``noted.py``.
    """

    def __init__(
        self,
        steps: Steps,
        learning: Learning,
        optimizer: torch.optim.Optimizer,
        batches: object,
        counts: Counts,
        *,
        noted: bool,
    ) -> None:
        self._steps, self._learning, self._optimizer = steps, learning, optimizer
        self._batches, self._counts = batches, counts
        self._passes: Passes = Noted(self._go_through, steps.net) if noted else self._go_through

    def __call__(self, X: Inputs, y: Tensor) -> tuple[Tensor, Tensor]:
        """Do the step; the first of all again, in the usual order in memory, if it fails."""
        compute = functools.partial(self._compute, X, y)
        if self._counts.examples == 0:
            return self._steps.first(compute, X)
        return self._steps.later("step", compute)

    def _compute(self, X: Inputs, y: Tensor) -> tuple[Tensor, Tensor]:
        self._optimizer.zero_grad()
        loss, y_hat = self._passes(X, y)
        self._optimizer.step()
        self._counts.add(loss, y_hat, y)
        return loss, y_hat

    def _go_through(self, X: Inputs, y: Tensor) -> tuple[Tensor, Tensor]:
        """Go through the network forward and back."""
        y_hat = scores(self._steps.net(X), y, X)
        if self._counts.epoch < 1:  # a GPU has to be waited for, so not each time
            check_classes(self._batches, y, y_hat.shape[1])
        first = self._counts.examples == 0
        loss = (self._learning.first_loss if first else self._learning.loss)(y_hat, y)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach(), y_hat.detach()
