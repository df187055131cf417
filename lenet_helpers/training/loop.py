"""Train LeNet, watch it learn, and keep what happened.

``train_ch6`` is the d2l textbook's function (chapter 6, LeNet) with the same arguments. The loop
is the one of notebook 5. It is an iterator of points: whoever goes through it trains, and may stop
between two points. ``train_ch6``, the training panel and ``replay`` go through it alike.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from ..asking.errors import end_queue
from ..checks import whole_number
from ..data.batches import TensorBatches
from ..data.source import marked, source_of
from ..devices import find_device
from ..network.evaluation import Inputs, check_made, evaluate_accuracy_gpu
from ..network.notes import unseen_layers
from ..prose import say
from ..show.animator import Animator
from ..show.pictures import in_notebook
from .advice import (
    advice_on,
    diverged,
    left_out,
    no_log_probabilities,
    not_measured,
    stopped,
    untrained,
)
from .counting import Counts
from .fresh import fresh_weights, has_lazy_parameters, materialize
from .graph import Replayed, Step
from .learning import Learning, Loss, MakeOptimizer, MakeScheduler, Schedule
from .replayable import may_be_noted, only_computes
from .result import Point, TrainingResult
from .steps import Steps
from .textbook_step import TextbookStep
from .threads import Threads
from .validation import Validation

REPORTS = 10  # points an epoch of what has been learned so far


def train_ch6(
    net: nn.Module,
    train_iter: Iterable[Any],
    test_iter: Iterable[Any] | None,
    num_epochs: int,
    lr: float,
    device: torch.device | str | None = None,
    *,
    optimizer: MakeOptimizer = torch.optim.SGD,
    seed: int | None = None,
    keep_weights: bool = False,
    plot: bool = True,
    animator: Animator | None = None,
    loss: Loss | None = None,
    scheduler: MakeScheduler | None = None,
    schedule_each: str = "epoch",
    valid_iter: Iterable[Any] | None = None,
    keep_best: bool = False,
    patience: int | None = None,
) -> TrainingResult:
    """Train ``net`` on batches and return the record of the run.

    ``net`` is moved to ``device``, and unless ``keep_weights`` is true its layers get fresh
    weights first: Xavier weights in convolutions and dense layers. Frozen ones, whose parameters
    have ``requires_grad`` False, keep theirs. An interrupt (the stop button) ends the run cleanly:
    the result has what was computed so far, and ``net`` the weights of that moment. In a notebook
    it also ends the queue of cells that "Run all" made.

    Args:
        net: The network; it gives scores (logits) of shape (N, classes).
        train_iter: Batches (X, y), once an epoch: a list, a DataLoader, ``TensorBatches``.
        test_iter: Batches (X, y) to measure the accuracy on after each epoch; None: no measuring.
        num_epochs: How many times through ``train_iter``, at least 1.
        lr: The learning rate, above 0.
        device: Where to compute. None: the best device present.
        optimizer: Makes the optimiser: called as ``optimizer(parameters, lr=lr)``.
        seed: Makes the run repeatable: initial weights, the order of the batches, and whatever
            random numbers the network draws, up to rounding. The global random numbers are left
            alone. None: take those, as they come.
        keep_weights: Train on from the weights that ``net`` has.
        plot: Show the live plot; False: only the closing lines.
        animator: The live plot to draw in; None: a new one.
        loss: Called as ``loss(scores, labels)``, gives the mean over a batch. None:
            ``nn.CrossEntropyLoss()``.
        scheduler: Makes a learning-rate schedule of ``torch.optim.lr_scheduler``: called as
            ``scheduler(optimizer)``. ``ReduceLROnPlateau`` goes by the validation loss, without
            ``valid_iter`` by the training loss.
        schedule_each: When the schedule makes a step: after each "epoch", or after each "batch".
        valid_iter: Batches (X, y) held back from training, measured after each epoch: loss and
            accuracy. They may choose, so that ``test_iter`` need not.
        keep_best: In the end, ``net`` gets the weights of the epoch with the best accuracy on
            ``valid_iter``, also after an interrupt.
        patience: End the run after so many epochs without a better accuracy on ``valid_iter``.

    Raises:
        TypeError, ValueError: an argument that names itself; ``net`` is left as it was.
        LayerShapeError: the first batch does not fit ``net``, which is left as it was.
    """
    run = Run(
        net, train_iter, test_iter, num_epochs, lr, device,
        optimizer=optimizer, seed=seed, keep_weights=keep_weights, loss=loss, scheduler=scheduler,
        schedule_each=schedule_each, valid_iter=valid_iter, keep_best=keep_best, patience=patience,
    )  # fmt: skip
    shown = (animator or run_plot(run.num_epochs, run.source)) if plot else None
    try:
        history = follow(run.points(), run.num_epochs, shown, notes=run.validation.notes)
    finally:
        if shown is not None:
            shown.flush()
    result = TrainingResult(history, run.device, run.source)
    if shown is not None and in_notebook():
        say(shown.summary())  # the picture in words
    result.show()
    if result.stopped:
        end_queue("The run was stopped: the cells after this one were not run.")
    return result


def run_plot(num_epochs: float, source: str | None = None, title: str = "Training") -> Animator:
    """Return the live plot of a run: loss and accuracy by epoch, of training, test, validation."""
    plot = Animator(
        xlabel="epoch",
        ylabel="loss (nats), accuracy (share)",
        legend=["train loss", "train acc", "test acc", "valid loss", "valid acc"],
        xlim=[0, num_epochs],
        title=marked(title, source),
    )
    plot.axes[0].locator_params(axis="x", integer=True)  # whole epochs
    return plot


def follow(
    points: Generator[Point, None, None],
    num_epochs: float,
    plot: Animator | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    notes: Callable[[], Iterable[str]] = tuple,
) -> tuple[Point, ...]:
    """Go through ``points``, live or recorded, show each in ``plot``, and return them all.

    Args:
        points: What happens; closed at the end.
        num_epochs: How many epochs were wanted: for the note of a run that is stopped.
        plot: The live plot; None: nothing is shown.
        is_stopped: Asked after each point; True ends it there.
        notes: Gives what else there is to say of a run that is stopped.
    """
    history: list[Point] = []
    interrupted = False
    try:
        for point in points:
            history.append(point)
            if plot is not None:
                plot.add(point.epoch, point.values)
            if is_stopped():
                interrupted = True
                break
    except KeyboardInterrupt:  # it came while the point was shown: points keeps its own
        interrupted = True
    finally:
        points.close()
    if interrupted:
        last = history[-1] if history else Point(0.0, 0.0)
        history[-1:] = [stopped_at(last, num_epochs, notes())]
    return tuple(history)


def stopped_at(point: Point, num_epochs: float, more: Iterable[str] = ()) -> Point:
    """Return ``point`` as the last one of a run that was stopped there; ``more`` notes follow."""
    note = stopped(point.examples, point.epoch, num_epochs)
    return replace(point, notes=(*point.notes, note, *more), stopped=True)


class Run:
    """A training run; :meth:`points` does it. The arguments are those of ``train_ch6``.

    Raises:
        TypeError, ValueError: an argument that names itself.
    """

    def __init__(
        self,
        net: nn.Module,
        train_iter: Iterable[Any],
        test_iter: Iterable[Any] | None,
        num_epochs: int,
        lr: float,
        device: torch.device | str | None = None,
        *,
        optimizer: MakeOptimizer = torch.optim.SGD,
        seed: int | None = None,
        keep_weights: bool = False,
        loss: Loss | None = None,
        scheduler: MakeScheduler | None = None,
        schedule_each: str = "epoch",
        valid_iter: Iterable[Any] | None = None,
        keep_best: bool = False,
        patience: int | None = None,
    ) -> None:
        self.num_epochs = whole_number("num_epochs", num_epochs, minimum=1)
        self.device = find_device(device)
        _check_network(net)
        loss = nn.CrossEntropyLoss() if loss is None else loss
        self.learning = Learning(optimizer, lr, loss, scheduler, schedule_each)
        self.net = net
        usable = functools.partial(_usable, num_epochs=self.num_epochs, device=self.device)
        self.train_iter = usable("train_iter", train_iter)
        self.test_iter = None if test_iter is None else usable("test_iter", test_iter)
        held_back = None if valid_iter is None else usable("valid_iter", valid_iter)
        self.validation = Validation(held_back, keep_best=keep_best, patience=patience)
        self.keep_weights = keep_weights
        self.seed = None if seed is None else whole_number("seed", seed, minimum=0)

    @property
    def source(self) -> str | None:
        """Where the pictures come from, if the batches say so."""
        return source_of(self.train_iter)

    def test(self) -> float:
        """Return the share of ``test_iter`` that the network labels rightly now."""
        assert self.test_iter is not None
        return evaluate_accuracy_gpu(self.net, self.test_iter, self.device)

    def points(self) -> Generator[Point, None, None]:
        """Train, and yield a point some ten times an epoch and after each evaluation.

        After an interrupt there is one more point, with what the unfinished epoch has.
        """
        training = _Training(self)
        try:
            yield from training.epochs()
        except KeyboardInterrupt:
            yield stopped_at(training.counts.point(), self.num_epochs, self.validation.notes())
        except Exception as error:
            counts = training.counts
            if counts.examples == 0:  # the very first batch failed: nothing was learned
                training.steps.undo()
            else:
                kept = self.validation.notes() or ["The network has the weights of that moment."]
                error.add_note(
                    f"It came after {counts.examples:,} examples, in epoch {training.epoch}. "
                    f"{' '.join(kept)}"
                )
            raise
        finally:
            training.end()


class _Training:
    """A run while it goes on."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.steps = Steps(run.net, run.device, run.seed)
        self.counts = Counts(run.device)
        self.loss = run.learning.loss
        if isinstance(self.loss, nn.Module):
            self.loss.to(run.device)
        self.schedule: Schedule | None = None
        self.epoch = 0  # the one that it is in, counted from 1
        self.batches = 0  # in the epoch so far
        self.notes: list[str] = []  # for the end of the run
        self.last: tuple[Inputs, Tensor] | None = None  # a batch, and its scores
        self.step: Replayed | None = None
        # A run on a GPU leaves the number of threads alone.
        self.threads = Threads(None if run.device.type == "cpu" else [])

    def end(self) -> None:
        """Leave the network and the process as if nothing of the run's means had been there."""
        self.threads.end()
        if self.step is not None:
            self.step.end()
        self.steps.end()
        self.run.validation.end()

    def epochs(self) -> Iterator[Point]:
        run, validation = self.run, self.run.validation
        batches = self._begin()
        step = self._make_step()
        num_batches = _length(run.train_iter)
        for epoch in range(run.num_epochs):
            for point in self._train_epoch(epoch, batches, num_batches, step):
                yield point
                if point.notes:  # it has diverged
                    return
            num_batches = self.batches
            test_acc = None
            if run.test_iter is not None:
                test_acc = self.steps.measured("test_iter", run.test)
            valid: tuple[float | None, float | None] = None, None
            if validation.data_iter is not None:
                measure = functools.partial(validation.measure, run.net, run.device, self.loss)
                valid = self.steps.measured("valid_iter", measure)
            train_loss = point.train_loss  # at the end of the epoch
            self._scheduled("epoch", train_loss if valid[0] is None else valid[0])
            last = epoch + 1 == run.num_epochs or validation.is_over
            if last and train_loss is not None:
                self.notes += self._closing_notes(train_loss)
            if test_acc is not None or valid[1] is not None or last:
                point = replace(self.counts.point(trained=False), test_acc=test_acc)
                notes = tuple(self.notes) if last else ()
                yield replace(point, valid_loss=valid[0], valid_acc=valid[1], notes=notes)
            if last:
                return
            batches = self.steps.one_pass("train_iter", run.train_iter)

    def _make_step(self) -> Step:
        """Make the optimiser, and return what does a step with it."""
        run = self.run
        optimizer = run.learning.make_optimizer(run.net.parameters())
        known = isinstance(self.loss, nn.Module) and only_computes(self.loss)
        recorder = self.steps.recorder(optimizer, run.train_iter) if known else None
        self.schedule = run.learning.schedule(optimizer, recorded=recorder is not None)
        noted = known and may_be_noted(run.net, run.train_iter, run.device)
        self.counts.may_wait = noted and recorder is None  # a recorded step sums as it was recorded
        plain = TextbookStep(
            self.steps, run.learning, optimizer, run.train_iter, self.counts, noted=noted
        )
        self.step = Replayed(plain, run.net, recorder)
        return self.step

    def _scheduled(self, what: str, loss: float | None = None) -> None:
        """Let the schedule go on, if it does so after ``what``."""
        if self.schedule is None or self.step is None:
            return
        if self.schedule.after(what, lambda: self.counts.mean_loss if loss is None else loss):
            self.step.end()  # it was recorded with the numbers of before: from now on plainly

    def _begin(self) -> Iterator[tuple[Inputs, Tensor]]:
        """Draw the weights, and return the batches of the first epoch."""
        run, steps = self.run, self.steps
        run.validation.begin()
        batches = steps.one_pass("train_iter", run.train_iter)
        if has_lazy_parameters(run.net):  # their sizes are known once a batch has gone through
            rewind = steps.rewinder()
            first = next(batches, None)
            if first is not None:
                with steps.own_numbers():
                    materialize(run.net.to(run.device), first[0])
                batches = itertools.chain([first], batches)
            if not run.keep_weights and not isinstance(run.train_iter, Iterator):
                # A network that knows its sizes already would have begun here: so does this one.
                rewind()
                batches = steps.one_pass("train_iter", run.train_iter)
        if not run.keep_weights:
            with steps.own_numbers():
                fresh_weights(run.net)
        run.net.to(run.device)
        steps.lay_fast()
        return batches

    def _train_epoch(
        self,
        epoch: int,
        batches: Iterator[tuple[Inputs, Tensor]],
        num_batches: int | None,
        step: Step,
    ) -> Iterator[Point]:
        counts = self.counts
        counts.new_epoch(epoch)
        self.run.net.train()
        every = max(1, (num_batches or 0) // REPORTS)
        self.epoch, self.batches = epoch + 1, 0
        counts.go_on()
        for X, y in batches:
            self.batches += 1
            self.threads.look()
            self._step(X, y, step)
            self._scheduled("batch")
            if num_batches is None or self.batches >= num_batches:  # more may come than it said
                continue
            counts.epoch = epoch + self.batches / num_batches
            if self.batches % every == 0:
                yield self._report()
                counts.go_on()
        if self.batches == 0:
            raise ValueError("train_iter has no batches: give at least one batch (X, y) an epoch.")
        counts.epoch = epoch + 1.0
        yield self._report()

    def _step(self, X: Inputs, y: Tensor, step: Step) -> None:
        try:
            _, y_hat = step(X, y)
        except ValueError as error:
            # BatchNorm cannot train on one value a channel; the message is PyTorch's.
            alone = len(y) == 1 and "more than 1 value per channel" in str(error)
            if not alone or self.counts.examples == 0:
                raise
            note = left_out(self.run.net)
            self.notes += [note] if note not in self.notes else []
            return
        self.counts.count(len(y))
        self.last = X, y_hat

    def _report(self) -> Point:
        """Return the point of this moment, with a note if the loss is no longer a number."""
        point = self.counts.point()
        if math.isfinite(point.train_loss or 0.0):
            return point
        X = self.last and self.last[0]
        note = diverged(point.train_loss, point.epoch, X)
        return replace(point, notes=(note, *self.run.validation.notes()))

    def _closing_notes(self, loss: float) -> list[str]:
        run = self.run
        validated = run.validation.data_iter is not None
        told = [not_measured()] if run.test_iter is None and not validated else []
        told += [*unseen_layers(run.net), *untrained(self.steps.without_gradient())]
        assert self.last is not None  # there is a loss
        X, y_hat = self.last
        told += no_log_probabilities(self.loss, y_hat)
        if run.learning.is_cross_entropy and isinstance(X, Tensor):
            with self.steps.own_numbers():  # the advice looks through the network once more
                told += advice_on(
                    run.net, X, y_hat, loss, run.num_epochs, run.learning.lr,
                    kept_weights=run.keep_weights,
                )  # fmt: skip
        return told + run.validation.notes()


def _check_network(net: object) -> None:
    check_made(net)
    if not isinstance(net, nn.Module) or next(net.parameters(), None) is None:
        why = [] if not isinstance(net, nn.Module) else [*unseen_layers(net)]
        raise TypeError(
            f"net is a {type(net).__name__} without parameters to train: give an nn.Module that "
            f"has some, for example sequential_lenet(). {' '.join(why)}".strip()
        )
    if all(not parameter.requires_grad for parameter in net.parameters()):
        raise ValueError(
            "net has frozen parameters only (requires_grad is False): nothing could be learned. "
            "Set requires_grad = True for those that are to be trained."
        )


def _usable(
    name: str, batches: Iterable[Any], *, num_epochs: int, device: torch.device
) -> Iterable[Any]:
    """Return ``batches``, on ``device`` once and for all if they are in memory.

    Raises:
        TypeError, ValueError: they are none, or do not last for ``num_epochs``.
    """
    if not isinstance(batches, Iterable):
        raise TypeError(
            f"{name} is a {type(batches).__name__}: give something to loop over that yields "
            "batches (X, y)."
        )
    if _length(batches) == 0:
        raise ValueError(f"{name} has no batches: give at least one batch (X, y).")
    if isinstance(batches, Iterator) and num_epochs > 1:
        raise ValueError(
            f"{name} is an iterator, used up after one epoch, and num_epochs={num_epochs}: "
            f"give list({name}), or the loader that it came from."
        )
    if isinstance(batches, TensorBatches) and batches.device != device:
        return batches.to(device)
    return batches


def _length(batches: object) -> int | None:
    """Return how many batches there are; None if it is known only at the end."""
    try:
        return len(batches) if isinstance(batches, Sized) else None
    except TypeError:  # a DataLoader over an IterableDataset has a __len__ that fails
        return None
