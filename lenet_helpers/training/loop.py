"""Train LeNet, watch it learn, and keep what happened.

``train_ch6`` is the d2l textbook's function (chapter 6, LeNet) with the same arguments. The loop
is the one of notebook 5. It is an iterator of points: whoever goes through it trains, and may stop
between two points. ``train_ch6``, the training panel and ``replay`` go through it alike.
"""

from __future__ import annotations

import functools
import itertools
import math
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from ..asking.errors import end_queue
from ..checks import whole_number
from ..data.batches import TensorBatches, check_labels
from ..data.source import marked, source_of
from ..devices import find_device, synchronize
from ..network.evaluation import Inputs, batches_of, correct, evaluate_accuracy_gpu, scores
from ..network.table import name_misfit
from ..prose import say
from ..show.animator import Animator
from ..show.pictures import in_notebook
from .advice import advice, diverged, left_out, not_measured, stopped
from .fresh import Snapshot, fresh_weights, has_lazy_parameters, materialize
from .memory_order import lay_back, lay_channels_last
from .random_numbers import OwnRandomNumbers
from .result import Point, TrainingResult

REPORTS = 10  # how many times an epoch the plot moves

MakeOptimizer = Callable[..., torch.optim.Optimizer]


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
) -> TrainingResult:
    """Train ``net`` on batches and return the record of the run.

    ``net`` is moved to ``device``, and unless ``keep_weights`` is true its layers get fresh
    weights first: Xavier weights in convolutions and dense layers. An interrupt (the stop button)
    ends the run cleanly: the result has what was computed so far, and ``net`` the weights of that
    moment. In a notebook it also ends the queue of cells that "Run all" made.

    Args:
        net: The network; it gives scores (logits) of shape (N, classes).
        train_iter: Batches (X, y), once an epoch: a list, a DataLoader, ``TensorBatches``.
        test_iter: Batches (X, y) to measure the accuracy on after each epoch; None: no measuring.
        num_epochs: How many times through ``train_iter``, at least 1.
        lr: The learning rate, above 0.
        device: Where to compute. None: the best device present.
        optimizer: Makes the optimiser: called as ``optimizer(parameters, lr=lr)``.
        seed: Makes the run repeatable: initial weights, the order of the batches, and whatever
            random numbers the network draws. The global random numbers are left alone. None: take
            those, as they come.
        keep_weights: Train on from the weights that ``net`` has.
        plot: Show the live plot; False: only the closing lines.
        animator: The live plot to draw in; None: a new one.

    Raises:
        TypeError, ValueError: an argument that names itself; ``net`` is left as it was.
        LayerShapeError: the first batch does not fit ``net``, which is left as it was.
    """
    run = Run(
        net, train_iter, test_iter, num_epochs, lr, device,
        optimizer=optimizer, seed=seed, keep_weights=keep_weights,
    )  # fmt: skip
    shown = (animator or run_plot(run.num_epochs, run.source)) if plot else None
    try:
        history = follow(run.points(), run.num_epochs, shown)
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
    """Return the live plot of a run: train loss, train accuracy and test accuracy by epoch."""
    return Animator(
        xlabel="epoch",
        ylabel="loss (nats), accuracy (share)",
        legend=["train loss", "train acc", "test acc"],
        xlim=[0, num_epochs],
        title=marked(title, source),
    )


def follow(
    points: Generator[Point, None, None],
    num_epochs: float,
    plot: Animator | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> tuple[Point, ...]:
    """Go through ``points``, live or recorded, show each in ``plot``, and return them all.

    Args:
        points: What happens; closed at the end.
        num_epochs: How many epochs were wanted: for the note of a run that is stopped.
        plot: The live plot; None: nothing is shown.
        is_stopped: Asked after each point; True ends it there.
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
        history[-1:] = [stopped_at(history[-1] if history else Point(0.0, 0.0), num_epochs)]
    return tuple(history)


def stopped_at(point: Point, num_epochs: float) -> Point:
    """Return ``point`` as the last one of a run that was stopped there."""
    note = stopped(point.examples, point.epoch, num_epochs)
    return replace(point, notes=(*point.notes, note), stopped=True)


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
    ) -> None:
        self.num_epochs = whole_number("num_epochs", num_epochs, minimum=1)
        self.device = find_device(device)
        _check_network(net, lr, optimizer)
        _check_batches("train_iter", train_iter, num_epochs)
        if test_iter is not None:
            _check_batches("test_iter", test_iter, num_epochs)
        self.net, self.lr, self.make_optimizer = net, lr, optimizer
        self.train_iter = _on(train_iter, self.device)
        self.test_iter = None if test_iter is None else _on(test_iter, self.device)
        self.keep_weights = keep_weights
        self.numbers = (
            None if seed is None else OwnRandomNumbers(whole_number("seed", seed, minimum=0))
        )

    @property
    def source(self) -> str | None:
        """Where the pictures come from, if the batches say so."""
        return source_of(self.train_iter)

    def points(self) -> Generator[Point, None, None]:
        """Train, and yield a point some ten times an epoch and after each evaluation.

        After an interrupt there is one more point, with what the unfinished epoch has.
        """
        loop = _Loop(self)
        try:
            yield from loop.epochs()
        except KeyboardInterrupt:
            yield stopped_at(loop.clock.point(), self.num_epochs)
        except Exception as error:
            if loop.clock.examples == 0:  # the very first batch failed: nothing was learned
                loop.undo()
            else:
                error.add_note(
                    f"It came after {loop.clock.examples:,} examples, in epoch "
                    f"{int(loop.clock.epoch) + 1}. The network has the weights of that moment."
                )
            raise
        finally:
            loop.end()


class _Clock:
    """What has been counted so far, in a run and in its epoch."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self.began = time.perf_counter()
        self.lap: float | None = None  # when training went on last; None while it rests
        self.training_seconds = 0.0
        self.examples = 0
        self.new_epoch(0)

    def new_epoch(self, epoch: int) -> None:
        # The sums stay on the device: reading one makes Python wait for all that is queued there.
        # float64 keeps 60,000 of them exact to the last digit shown; Apple's GPUs lack it.
        exact = torch.float32 if self.device.type == "mps" else torch.float64
        self.loss_sum = torch.zeros((), dtype=exact, device=self.device)
        self.right = torch.zeros((), dtype=torch.int64, device=self.device)
        self.in_epoch = 0
        self.epoch = float(epoch)

    def count(self, loss: Tensor, y_hat: Tensor, y: Tensor) -> None:
        with torch.no_grad():
            self.loss_sum += loss * len(y)
            self.right += correct(y_hat, y)
        self.in_epoch += len(y)
        self.examples += len(y)

    def go_on(self) -> None:
        self.lap = time.perf_counter()

    def rest(self) -> None:
        """Add the seconds since :meth:`go_on` to those of training."""
        if self.lap is not None:
            synchronize(self.device)
            self.training_seconds += time.perf_counter() - self.lap
            self.lap = None

    def point(self, *, trained: bool = True) -> Point:
        """Return what is known now; ``trained``: with the loss and accuracy of the epoch so far."""
        self.rest()
        known = trained and self.in_epoch > 0
        return Point(
            self.epoch,
            time.perf_counter() - self.began,
            float(self.loss_sum) / self.in_epoch if known else None,
            int(self.right) / self.in_epoch if known else None,
            examples=self.examples,
            training_seconds=self.training_seconds,
        )


class _Loop:
    """The loop of a run, while it goes on."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.clock = _Clock(run.device)
        self.loss = nn.CrossEntropyLoss()
        self.before = Snapshot(run.net)
        self.moved: list[nn.Parameter] = []  # weights that lie channels last
        self.draws = {"step": True, "test": True}  # whether it may draw random numbers
        self.batches = 0  # in the epoch so far
        self.notes: list[str] = []  # for the end of the run
        self.last: tuple[Inputs, Tensor] | None = None  # a batch, and its scores

    def epochs(self) -> Iterator[Point]:
        run = self.run
        batches = self._begin()
        optimizer = run.make_optimizer(run.net.parameters(), lr=run.lr)
        num_batches = _length(run.train_iter)
        for epoch in range(run.num_epochs):
            loss = math.nan
            for point in self._train_epoch(epoch, batches, num_batches, optimizer):
                yield point
                loss = point.train_loss or loss
                if point.notes:  # it has diverged
                    return
            num_batches = self.batches
            test_acc = self._compute("test", self._test) if run.test_iter is not None else None
            if epoch + 1 == run.num_epochs:
                self.notes += self._closing_notes(loss)
            if test_acc is not None or epoch + 1 == run.num_epochs:
                point = self.clock.point(trained=False)
                yield replace(point, test_acc=test_acc, notes=tuple(self.notes))
            batches = self._one_pass()

    # ---- before the first step

    def _begin(self) -> Iterator[tuple[Inputs, Tensor]]:
        """Draw the weights, and return the batches of the first epoch."""
        run = self.run
        batches = self._one_pass()
        if has_lazy_parameters(run.net):  # their sizes are known once a batch has gone through
            first = next(batches, None)
            if first is not None:
                batches = itertools.chain([first], batches)
                with self._own_numbers():
                    materialize(run.net.to(run.device), first[0])
        if not run.keep_weights:
            with self._own_numbers():
                fresh_weights(run.net)
        run.net.to(run.device)
        self.moved = lay_channels_last(run.net, run.device)
        return batches

    def _one_pass(self) -> Iterator[tuple[Inputs, Tensor]]:
        """Yield the batches of one epoch; what draws their order has the run's own numbers."""
        run = self.run
        with self._own_numbers():
            batches = iter(batches_of("train_iter", run.train_iter, run.device))
        ours = isinstance(run.train_iter, TensorBatches)  # they draw once, before the first batch
        own: AbstractContextManager[object] = self._own_numbers()
        while True:
            with own:
                batch = next(batches, None)
            if batch is None:
                return
            yield batch
            own = nullcontext() if ours else own

    def _own_numbers(self) -> AbstractContextManager[object]:
        return self.run.numbers or nullcontext()

    # ---- an epoch

    def _train_epoch(
        self,
        epoch: int,
        batches: Iterator[tuple[Inputs, Tensor]],
        num_batches: int | None,
        optimizer: torch.optim.Optimizer,
    ) -> Iterator[Point]:
        clock = self.clock
        clock.new_epoch(epoch)
        self.run.net.train()
        every = max(1, num_batches // REPORTS) if num_batches else None
        self.batches = 0
        clock.go_on()
        for X, y in batches:
            self.batches += 1
            step = functools.partial(self._step, X, y, optimizer)
            if clock.examples == 0:
                self._first_step(step, X)
            elif self._is_left_out(step, len(y)):
                continue
            if not num_batches or not every or self.batches == num_batches:
                continue
            clock.epoch = epoch + self.batches / num_batches
            if self.batches % every == 0:
                yield self._report()
                clock.go_on()
        if self.batches == 0:
            raise ValueError("train_iter has no batches: give at least one batch (X, y) an epoch.")
        clock.epoch = epoch + 1.0
        yield self._report()

    def _report(self) -> Point:
        """Return the point of this moment, with a note if the loss is no longer a number."""
        point = self.clock.point()
        if math.isfinite(point.train_loss or 0.0):
            return point
        return replace(point, notes=(diverged(point.train_loss, point.epoch),))

    def _step(self, X: Inputs, y: Tensor, optimizer: torch.optim.Optimizer) -> None:
        optimizer.zero_grad()
        y_hat = scores(self.run.net(X), y)
        if self.clock.epoch == 0 and not isinstance(self.run.train_iter, TensorBatches):
            check_labels(y, classes=y_hat.shape[1])
        loss = self.loss(y_hat, y)
        loss.backward()
        optimizer.step()
        self.clock.count(loss, y_hat, y)
        self.last = X, y_hat.detach()

    def _first_step(self, step: Callable[[], None], X: Inputs) -> None:
        """Do the first step; without channels last if that is what fails.

        Raises:
            LayerShapeError: a layer does not fit what reaches it.
        """
        start, rewind = Snapshot(self.run.net), self._rewind()
        try:
            self._compute("step", step)
            return
        except (RuntimeError, ValueError, IndexError) as error:
            failure: Exception = error
        if self.moved:
            self._lay_back()
            start.restore()
            rewind()
            try:
                self._compute("step", step)
                return
            except (RuntimeError, ValueError, IndexError) as error:
                failure = error
        if isinstance(X, Tensor):
            name_misfit(self.run.net, tuple(X.shape), failure)
        raise failure

    def _rewind(self) -> Callable[[], None]:
        """Return what brings the random numbers back to where they are now."""
        numbers = self.run.numbers
        if numbers is None:
            return functools.partial(torch.set_rng_state, torch.get_rng_state())
        return functools.partial(numbers.go_back, numbers.state())

    def _is_left_out(self, step: Callable[[], None], examples: int) -> bool:
        """Do a later step; return True if nothing can be learned from its single example."""
        try:
            self._compute("step", step)
        except ValueError as error:
            # BatchNorm cannot train on one value a channel; the message is PyTorch's.
            if examples > 1 or "more than 1 value per channel" not in str(error):
                raise
            self.notes += [note for note in [left_out()] if note not in self.notes]
            return True
        return False

    def _compute(self, kind: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Return what ``work`` gives; the random numbers that it draws are the run's own."""
        try:
            return self._draw(kind, work)
        except RuntimeError:
            if not self.moved or self.clock.examples == 0:
                raise
        self._lay_back()  # a path through the network that wants another order in memory
        return self._draw(kind, work)

    def _draw(self, kind: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401
        numbers = self.run.numbers
        if numbers is None or not self.draws[kind]:
            return work()
        before = numbers.draws
        with numbers:
            result = work()
        self.draws[kind] = numbers.draws > before  # watching costs time where nothing is drawn
        return result

    # ---- after it

    def _test(self) -> float:
        test_iter = self.run.test_iter
        assert test_iter is not None
        return evaluate_accuracy_gpu(self.run.net, test_iter, self.run.device)

    def _closing_notes(self, loss: float) -> list[str]:
        run = self.run
        told = [] if run.test_iter is not None else [not_measured()]
        if self.last is not None and isinstance(self.last[0], Tensor):
            told += advice(run.net, self.last[0], self.last[1], loss, run.num_epochs, run.lr)
        return told

    def _lay_back(self) -> None:
        lay_back(self.moved)
        self.moved = []

    def undo(self) -> None:
        """Give the network the values that it had before the run."""
        self._lay_back()
        self.before.restore()

    def end(self) -> None:
        """Lay the weights in memory as they lay before."""
        self._lay_back()


def _check_network(net: object, lr: object, optimizer: object) -> None:
    if not isinstance(net, nn.Module) or next(net.parameters(), None) is None:
        raise TypeError(
            f"net is a {type(net).__name__} without parameters to train: give an nn.Module that "
            "has some, for example sequential_lenet()."
        )
    if all(not parameter.requires_grad for parameter in net.parameters()):
        raise ValueError(
            "net has frozen parameters only (requires_grad is False): nothing could be learned. "
            "Set requires_grad = True for those that are to be trained."
        )
    if isinstance(lr, bool) or not isinstance(lr, int | float) or not 0 < lr < math.inf:
        raise ValueError(f"lr={lr!r}: the learning rate must be a number above 0, such as 0.9.")
    if not callable(optimizer):
        raise TypeError(
            f"optimizer={optimizer!r} is a {type(optimizer).__name__}: give what makes one, called "
            "as optimizer(parameters, lr=lr): torch.optim.Adam, or for more settings "
            "functools.partial(torch.optim.SGD, momentum=0.9)."
        )


def _check_batches(name: str, batches: object, num_epochs: int) -> None:
    if not isinstance(batches, Iterable):
        raise TypeError(
            f"{name} is a {type(batches).__name__}: give something to loop over that yields "
            "batches (X, y)."
        )
    if isinstance(batches, Sized) and _length(batches) == 0:
        raise ValueError(f"{name} has no batches: give at least one batch (X, y).")
    if isinstance(batches, Iterator) and num_epochs > 1:
        raise ValueError(
            f"{name} is an iterator, used up after one epoch, and num_epochs={num_epochs}: "
            f"give list({name}), or the loader that it came from."
        )


def _length(batches: object) -> int | None:
    """Return how many batches there are; None if it is known only at the end."""
    try:
        return len(batches) if isinstance(batches, Sized) else None
    except TypeError:  # a DataLoader over an IterableDataset has a __len__ that fails
        return None


def _on(batches: Iterable[Any], device: torch.device) -> Iterable[Any]:
    """Return ``batches``, moved to ``device`` once and for all if they are in memory."""
    if isinstance(batches, TensorBatches) and batches.device != device:
        return batches.to(device)
    return batches
