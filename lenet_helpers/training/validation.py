"""Pictures held back from training: how good a run is on them, and when it was best.

They choose: when to stop, which weights to keep, which of two recipes is better. What has chosen is
no measure any more, so the test set stays out of it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from ..checks import whole_number
from ..data.batches import check_classes
from ..network.evaluation import (
    batches_of,
    correct,
    evaluation_mode,
    in_larger_batches,
    output_of,
    scores,
)
from .fresh import Snapshot
from .learning import Loss


class Validation:
    """What ``train_ch6`` was told about validation, and what a run found so far.

    Args:
        data_iter: The batches (X, y) held back; None: there are none.
        keep_best: Whether the network is to have the weights of its best epoch in the end.
        patience: After how many epochs without a better one the run ends; None: it goes on.

    Raises:
        TypeError, ValueError: an argument of ``train_ch6`` that names itself.
    """

    def __init__(
        self, data_iter: Iterable[Any] | None, *, keep_best: bool, patience: int | None
    ) -> None:
        self.data_iter, self.keep_best = data_iter, keep_best
        self.patience = None if patience is None else whole_number("patience", patience, minimum=1)
        for name, value, wanted in (
            ("keep_best", keep_best, keep_best),
            ("patience", patience, patience is not None),
        ):
            if wanted and data_iter is None:
                raise ValueError(
                    f"{name}={value!r} needs pictures to choose by: give valid_iter, for example "
                    "train_iter, valid_iter = train_iter.split(50_000, 10_000)."
                )
        self.begin()

    def begin(self) -> None:
        """Forget what another run found."""
        self._epoch, self._best, self._accuracy = 0, 0, -1.0
        self._weights: Snapshot | None = None

    def measure(self, net: nn.Module, device: torch.device, loss: Loss) -> tuple[float, float]:
        """Return mean loss and share of right answers now, after one more epoch.

        Raises:
            TypeError, ValueError: a batch is no batch, the network gives no scores, or a label is
                no class of it.
            LayerShapeError: a layer does not fit what reaches it.
        """
        assert self.data_iter is not None
        found = functools.partial(_loss_and_accuracy, net, device, loss)
        value, accuracy = in_larger_batches(found, self.data_iter)
        self._note(net, accuracy)
        return value, accuracy

    @property
    def is_over(self) -> bool:
        """Whether the run was patient for long enough."""
        return self.patience is not None and self._epoch - self._best >= self.patience

    def notes(self) -> list[str]:
        """Return what there is to say at the end of a run."""
        told = []
        if self.is_over:
            told.append(
                f"Stopped early: the validation accuracy was not better in the last "
                f"{self.patience} epochs."
            )
        if self._weights is not None:
            told.append(
                f"The network has the weights of epoch {self._best}, the best one: "
                f"validation accuracy {self._accuracy:.3f}."
            )
        return told

    def end(self) -> None:
        """Give the network the weights of its best epoch, if they are to be kept."""
        if self._weights is not None:
            self._weights.restore()

    def _note(self, net: nn.Module, accuracy: float) -> None:
        self._epoch += 1
        if accuracy > self._accuracy:
            self._best, self._accuracy = self._epoch, accuracy
            if self.keep_best:
                self._weights = Snapshot(net)


def _loss_and_accuracy(
    net: nn.Module, device: torch.device, loss: Loss, data_iter: Iterable[Any]
) -> tuple[float, float]:
    total: Tensor | float = 0.0
    right: Tensor | int = 0
    count = 0
    with evaluation_mode(net), torch.no_grad():
        for X, y in batches_of("valid_iter", data_iter, device):
            y_hat = scores(output_of(net, X), y, X)
            check_classes(data_iter, y, y_hat.shape[1])
            total = total + loss(y_hat, y) * len(y)
            right = right + correct(y_hat, y)
            count += len(y)
    if count == 0:
        raise ValueError("valid_iter has no examples: give at least one batch (X, y).")
    return float(total) / count, float(right) / count
