"""The record of a training run: every point of it, and the two lines that the textbook prints."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import torch

from . import provenance
from .pictures import in_notebook
from .prose import say, wrapped


@dataclass(frozen=True)
class Point:
    """What was known at one moment of a run.

    ``train_loss`` (nats an example) and ``train_acc`` (a rate) are means over the epoch so far,
    measured while the weights change; ``test_acc`` (a rate) is measured when the epoch has ended.
    ``epoch`` counts epochs from the start, ``seconds`` wall-clock time from the start.
    """

    epoch: float
    seconds: float
    train_loss: float | None = None
    train_acc: float | None = None
    test_acc: float | None = None


@dataclass(frozen=True)
class TrainingResult:
    """The record of a run; it shows itself as the textbook's two lines.

    Args:
        history: Every point, in order.
        device: Where the run was computed.
        examples: How many training examples were computed.
        training_seconds: Seconds of training alone: without evaluation and plot.
        source: Where the pictures came from, if known.
        notes: What the student should know about the run.
        recorded: When and where it was recorded, if it was not computed here.
    """

    history: tuple[Point, ...]
    device: torch.device
    examples: int
    training_seconds: float
    source: str | None = None
    notes: tuple[str, ...] = ()
    recorded: str | None = None
    _printed_in: list[object] = field(default_factory=list, repr=False, compare=False)

    def _last(self, name: str) -> float:
        values = [getattr(point, name) for point in self.history]
        return next((value for value in reversed(values) if value is not None), math.nan)

    @property
    def train_loss(self) -> float:
        """The last mean training loss, in nats an example; NaN if there is none."""
        return self._last("train_loss")

    @property
    def train_acc(self) -> float:
        """The last training accuracy, a rate; NaN if there is none."""
        return self._last("train_acc")

    @property
    def test_acc(self) -> float:
        """The last test accuracy, a rate; NaN if there is none."""
        return self._last("test_acc")

    @property
    def epochs(self) -> float:
        """How many epochs were computed; not whole if the run was stopped."""
        return self.history[-1].epoch if self.history else 0.0

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the run, evaluation and plot included."""
        return self.history[-1].seconds if self.history else 0.0

    @property
    def examples_per_sec(self) -> float:
        """Training examples a second of training alone: without evaluation and plot."""
        return self.examples / self.training_seconds if self.training_seconds > 0 else 0.0

    def by_epoch(self) -> list[tuple[int, float, float, float]]:
        """Return (epoch, train loss, train accuracy, test accuracy) of each whole epoch."""
        rows = []
        for point in self.history:
            if point.test_acc is not None:  # measured once an epoch, when it has ended
                upto = replace(
                    self, history=tuple(p for p in self.history if p.epoch <= point.epoch)
                )
                rows.append((int(point.epoch), upto.train_loss, upto.train_acc, point.test_acc))
        return rows

    def __str__(self) -> str:
        first = (
            f"loss {self.train_loss:.3f}, train acc {self.train_acc:.3f}, "
            f"test acc {self.test_acc:.3f}"
        )
        second = f"{self.examples_per_sec:.1f} examples/sec on {self.device}"
        told = [] if self.recorded is None else [self.recorded]
        words = map(wrapped, [*told, *self.notes])
        return "\n".join([first, provenance.marked(second, self.source), *words])

    __repr__ = __str__

    def _ipython_display_(self) -> None:
        # train_ch6 prints the lines when it ends, as the textbook's does; as the last value of
        # that same cell the result need not print them again.
        if running_cell() not in self._printed_in:
            say(self)


def running_cell() -> object:
    """Return a mark of the notebook cell that is running; outside a notebook one for all."""
    if not in_notebook():
        return None
    from IPython import get_ipython

    return get_ipython().execution_count
