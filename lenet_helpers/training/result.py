"""The record of a training run: every point of it, and the two lines that the textbook prints."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import torch

from ..data.source import marked
from ..prose import say, wrapped
from ..show.pictures import running_cell


@dataclass(frozen=True)
class Point:
    """What was known at one moment of a run.

    Args:
        epoch: Epochs since the start; not whole inside an epoch.
        seconds: Wall-clock seconds since the start.
        train_loss: Mean over the epoch so far, measured while the weights change, nats an example.
        train_acc: Likewise, the share that was right.
        test_acc: The share of the test set that was right, measured when the epoch had ended.
        examples: Training examples computed since the start.
        training_seconds: Seconds of training alone: without evaluation and plot.
        notes: What there is to say about the run at this moment.
        stopped: Whether somebody stopped the run here, before its end.
        valid_loss: Mean loss on the pictures held back, measured when the epoch had ended.
        valid_acc: Likewise, the share that was right.
    """

    epoch: float
    seconds: float
    train_loss: float | None = None
    train_acc: float | None = None
    test_acc: float | None = None
    examples: int = 0
    training_seconds: float = 0.0
    notes: tuple[str, ...] = ()
    stopped: bool = False
    valid_loss: float | None = None
    valid_acc: float | None = None

    @property
    def values(self) -> tuple[float | None, ...]:
        """The point of each curve: train loss, train and test accuracy; then those of validation.

        The last two are there only where they were measured, so that a plot has no empty curves.
        """
        values = self.train_loss, self.train_acc, self.test_acc
        validated = self.valid_loss is not None or self.valid_acc is not None
        return (*values, self.valid_loss, self.valid_acc) if validated else values


@dataclass(frozen=True)
class TrainingResult:
    """The record of a run; it shows itself as the textbook's two lines.

    Args:
        history: Every point, in order.
        device: Where the run was computed.
        source: Where the pictures came from, if known.
        recorded: When and where it was recorded, if it was not computed here.
    """

    history: tuple[Point, ...]
    device: torch.device
    source: str | None = None
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
    def valid_loss(self) -> float:
        """The last validation loss, in nats an example; NaN if there is none."""
        return self._last("valid_loss")

    @property
    def valid_acc(self) -> float:
        """The last validation accuracy, a rate; NaN if there is none."""
        return self._last("valid_acc")

    @property
    def epochs(self) -> float:
        """How many epochs were computed; not whole if the run was stopped."""
        return self.history[-1].epoch if self.history else 0.0

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the run, evaluation and plot included."""
        return self.history[-1].seconds if self.history else 0.0

    @property
    def examples(self) -> int:
        """How many training examples were computed."""
        return self.history[-1].examples if self.history else 0

    @property
    def training_seconds(self) -> float:
        """Seconds of training alone: without evaluation and plot."""
        return self.history[-1].training_seconds if self.history else 0.0

    @property
    def examples_per_sec(self) -> float:
        """Training examples a second of training alone: without evaluation and plot."""
        return self.examples / self.training_seconds if self.training_seconds > 0 else 0.0

    @property
    def stopped(self) -> bool:
        """Whether somebody stopped the run before its end."""
        return any(point.stopped for point in self.history)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the student should know about the run."""
        return tuple(note for point in self.history for note in point.notes)

    def by_epoch(self) -> list[tuple[int, float, float, float]]:
        """Return (epoch, train loss, train accuracy, test accuracy) of each whole epoch."""
        rows = []
        for epoch in range(1, int(self.epochs) + 1):
            points = tuple(p for p in self.history if p.epoch <= epoch)
            upto = replace(self, history=points)
            rows.append((epoch, upto.train_loss, upto.train_acc, upto.test_acc))
        return rows

    def __str__(self) -> str:
        words = "\n".join(map(wrapped, [*([self.recorded] if self.recorded else []), *self.notes]))
        if self.stopped and self.examples == 0:
            return words  # there are no numbers
        first = f"loss {self.train_loss:.3f}, train acc {self.train_acc:.3f}"
        validated = not math.isnan(self.valid_acc)
        if validated:
            first += f", valid acc {self.valid_acc:.3f}"
        if not math.isnan(self.test_acc):
            first += f", test acc {self.test_acc:.3f}"
        elif not validated:
            first += ", test acc not measured"
        second = f"{self.examples_per_sec:.1f} examples/sec on {self.device}"
        return "\n".join(filter(None, [first, marked(second, self.source), words]))

    __repr__ = __str__

    def show(self) -> None:
        """Print the lines; in the same cell they will not be printed again."""
        say(self)
        self._printed_in.append(running_cell())

    def _ipython_display_(self) -> None:
        # train_ch6 prints the lines when it ends, as the textbook's does; as the last value of
        # that same cell the result need not print them again.
        if running_cell() not in self._printed_in:
            say(self)
