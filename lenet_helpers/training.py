"""Train LeNet, watch it learn, and keep what happened.

``train_ch6`` is the d2l textbook's function (chapter 6, LeNet) with the same arguments. The loop
is the one of notebook 5; around it stand the live plot, the record of the run, and plain words
for the ways in which training goes wrong.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from . import provenance
from ._checks import whole_number
from .animator import Animator
from .batches import NUM_CLASSES, TensorBatches, check_labels
from .devices import find_device, synchronize
from .layers import layer_table
from .layout import fast_layout
from .metrics import Batch, Inputs, correct, evaluate_accuracy_gpu, to_device
from .models import fresh_weights
from .pictures import in_notebook
from .prose import say
from .results import Point, TrainingResult, running_cell

REPORTS = 10  # how many times an epoch the plot moves
PLATEAU = 0.02  # a loss this near to ln(classes) has not moved from guessing

MakeOptimizer = Callable[..., torch.optim.Optimizer]


def train_ch6(
    net: nn.Module,
    train_iter: Iterable[Batch],
    test_iter: Iterable[Batch],
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

    ``net`` is moved to ``device``, and unless ``keep_weights`` is true its convolutions and dense
    layers get fresh Xavier weights, and fresh biases, first. An interrupt (the stop button) ends
    the run cleanly:
    the result has what was computed so far, and ``net`` the weights of that moment.

    Args:
        net: The network; it gives scores (logits) of shape (N, classes).
        train_iter: Batches (X, y), once an epoch: a list, a DataLoader, ``TensorBatches``.
        test_iter: Batches (X, y) to measure the accuracy on after each epoch.
        num_epochs: How many times through ``train_iter``, at least 1.
        lr: The learning rate, above 0.
        device: Where to compute. None: the best device present.
        optimizer: Makes the optimiser: called as ``optimizer(parameters, lr=lr)``.
        seed: Makes the run repeatable: initial weights and the order of the batches. The global
            random numbers are afterwards where they were. None: take them as they come.
        keep_weights: Train on from the weights that ``net`` has.
        plot: Show the live plot; False: only the closing lines.
        animator: The live plot to draw in; None: a new one.

    Raises:
        TypeError, ValueError: an argument that names itself; ``net`` is left as it was.
        LayerShapeError: the first batch does not fit ``net``; its weights are left as they were.
    """
    if plot and animator is None:
        epochs = whole_number("num_epochs", num_epochs, minimum=1)
        animator = new_animator(epochs, provenance.source_of(train_iter))
    shown = animator if plot else None
    result = fit(
        net, train_iter, test_iter, num_epochs, lr, device,
        optimizer=optimizer, seed=seed, keep_weights=keep_weights, animator=shown,
    )  # fmt: skip
    if shown is not None and in_notebook():
        say(shown.summary())  # the picture in words
    say(result)
    result._printed_in.append(running_cell())
    return result


def fit(
    net: nn.Module,
    train_iter: Iterable[Batch],
    test_iter: Iterable[Batch],
    num_epochs: int,
    lr: float,
    device: torch.device | str | None,
    *,
    optimizer: MakeOptimizer,
    seed: int | None,
    keep_weights: bool,
    animator: Animator | None,
) -> TrainingResult:
    """Do what ``train_ch6`` does, and print nothing; the arguments are those of ``train_ch6``.

    A KeyboardInterrupt raised by ``animator`` stops the run as the stop button does.
    """
    num_epochs = whole_number("num_epochs", num_epochs, minimum=1)
    where = find_device(device)
    _check_arguments(net, train_iter, test_iter, num_epochs, lr)
    train_iter, test_iter = _on(train_iter, where), _on(test_iter, where)
    run = _Run(net, where, animator, provenance.source_of(train_iter))
    with _seeded(seed, where):
        before = copy.deepcopy(net.state_dict())
        if not keep_weights:
            fresh_weights(net)
        net.to(where)
        try:
            with fast_layout(net, where):
                steps = optimizer(net.parameters(), lr=lr)
                run.train(train_iter, test_iter, num_epochs, steps)
        except KeyboardInterrupt:
            run.interrupted(num_epochs)
        except Exception:
            if run.examples == 0:  # the very first batch failed: nothing was learned
                net.load_state_dict(before)
            raise
        finally:
            if animator is not None:
                animator.flush()
    return run.result()


def new_animator(num_epochs: int, source: str | None = None, title: str = "Training") -> Animator:
    """Return the live plot of a run: train loss, train accuracy and test accuracy by epoch."""
    animator = Animator(
        xlabel="epoch",
        ylabel="loss (nats), accuracy (share)",
        legend=["train loss", "train acc", "test acc"],
        xlim=[0, num_epochs],
        title=title,
    )
    animator.source = source
    return animator


class _Run:
    """The state of one run: what has been counted, and where it is shown."""

    def __init__(
        self, net: nn.Module, device: torch.device, animator: Animator | None, source: str | None
    ) -> None:
        self.net, self.device, self.animator, self.source = net, device, animator, source
        self.loss = nn.CrossEntropyLoss()
        self.history: list[Point] = []
        self.notes: list[str] = []
        self.examples = 0
        self.training_seconds = 0.0
        self.diverged = False
        self.began = time.perf_counter()
        self._start_epoch(0)

    def train(
        self,
        train_iter: Iterable[Batch],
        test_iter: Iterable[Batch],
        num_epochs: int,
        optimizer: torch.optim.Optimizer,
    ) -> None:
        num_batches = len(train_iter) if isinstance(train_iter, Sized) else None
        for epoch in range(num_epochs):
            num_batches = self._train_epoch(epoch, train_iter, num_batches, optimizer)
            if self.diverged:
                return
            test_acc = evaluate_accuracy_gpu(self.net, test_iter, self.device)
            self._report(Point(epoch + 1.0, self._seconds(), test_acc=test_acc))
        self._note_plateau(num_epochs)

    def _start_epoch(self, epoch: int) -> None:
        # The sums stay on the device: reading one makes Python wait for all that is queued there.
        # float64 keeps 60,000 of them exact to the last digit shown; Apple's GPUs lack it.
        exact = torch.float32 if self.device.type == "mps" else torch.float64
        self.loss_sum = torch.zeros((), dtype=exact, device=self.device)
        self.right = torch.zeros((), dtype=torch.int64, device=self.device)
        self.in_epoch = 0
        self.epoch = float(epoch)

    def _train_epoch(
        self,
        epoch: int,
        train_iter: Iterable[Batch],
        num_batches: int | None,
        optimizer: torch.optim.Optimizer,
    ) -> int:
        """Go through ``train_iter`` once and return how many batches it had."""
        self.net.train()
        self._start_epoch(epoch)
        every = max(1, num_batches // REPORTS) if num_batches else None
        batches = 0
        lap = time.perf_counter()
        for X, y in train_iter:
            if epoch == 0 and not isinstance(train_iter, TensorBatches):
                check_labels(y, classes=_classes(self.net))
            X, y = to_device(X, self.device), y.to(self.device)
            optimizer.zero_grad()
            y_hat = self._forward(X)
            loss = self.loss(y_hat, y)
            loss.backward()
            optimizer.step()
            with torch.no_grad():
                self.loss_sum += loss * len(y)
                self.right += correct(y_hat, y)
            self.in_epoch += len(y)
            self.examples += len(y)
            batches += 1
            if not num_batches or not every or batches == num_batches:
                continue
            self.epoch = epoch + batches / num_batches
            if batches % every == 0:
                self._report_training(lap)
                if self.diverged:
                    return batches
                lap = time.perf_counter()
        if batches == 0:
            raise ValueError("train_iter has no batches: give at least one batch (X, y) an epoch.")
        self.epoch = epoch + 1.0
        self._report_training(lap)
        return batches

    def _forward(self, X: Inputs) -> Tensor:
        try:
            y_hat: Tensor = self.net(X)
        except RuntimeError:
            if self.examples == 0 and isinstance(X, Tensor):
                layer_table(self.net, tuple(X.shape))  # names the layer that does not fit
            raise
        return y_hat

    def _report_training(self, lap: float) -> None:
        """Read the sums, note them as a point, and say so if the loss is no longer a number."""
        synchronize(self.device)
        self.training_seconds += time.perf_counter() - lap
        loss = float(self.loss_sum) / self.in_epoch
        self._report(Point(self.epoch, self._seconds(), loss, int(self.right) / self.in_epoch))
        if not math.isfinite(loss):
            self.diverged = True
            self.notes.append(
                f"The loss became {loss} in epoch {math.ceil(self.epoch)} and cannot come back: "
                "training stopped. Lower the learning rate, or look for infinite inputs."
            )

    def _report(self, point: Point) -> None:
        self.history.append(point)
        if self.animator is not None:
            self.animator.add(point.epoch, (point.train_loss, point.train_acc, point.test_acc))

    def _seconds(self) -> float:
        return time.perf_counter() - self.began

    def _note_plateau(self, num_epochs: int) -> None:
        guessing = math.log(_classes(self.net))
        loss = self.result().train_loss
        if abs(loss - guessing) > PLATEAU:
            return
        if num_epochs < 3:
            advice = "A sigmoid network starts so: train for some more epochs."
        else:
            advice = "It does not move: try another learning rate, or Xavier weights."
        self.notes.append(
            f"The loss is still {loss:.3f}, that of guessing (ln of the number of classes = "
            f"{guessing:.3f}). {advice}"
        )

    def interrupted(self, num_epochs: int) -> None:
        """Keep what the unfinished epoch has so far, and say how far the run came."""
        if self.in_epoch and (not self.history or self.epoch > self.history[-1].epoch):
            self._report_training(time.perf_counter())
        self.notes.append(
            f"Stopped by you after {self.examples:,} examples, in epoch "
            f"{min(int(self.epoch) + 1, num_epochs)} of {num_epochs}."
        )

    def result(self) -> TrainingResult:
        return TrainingResult(
            history=tuple(self.history),
            device=self.device,
            examples=self.examples,
            training_seconds=self.training_seconds,
            source=self.source,
            notes=tuple(self.notes),
        )


def _check_arguments(
    net: object, train_iter: object, test_iter: object, num_epochs: int, lr: float
) -> None:
    if not isinstance(net, nn.Module) or next(net.parameters(), None) is None:
        raise TypeError(
            f"net is a {type(net).__name__} without parameters to train: give an nn.Module that "
            "has some, for example sequential_lenet()."
        )
    if isinstance(lr, bool) or not isinstance(lr, int | float) or not 0 < lr < math.inf:
        raise ValueError(f"lr={lr!r}: the learning rate must be a number above 0, such as 0.9.")
    for name, batches in (("train_iter", train_iter), ("test_iter", test_iter)):
        if not isinstance(batches, Iterable):
            raise TypeError(
                f"{name} is a {type(batches).__name__}: give something to loop over that yields "
                "batches (X, y)."
            )
        if isinstance(batches, Sized) and len(batches) == 0:
            raise ValueError(f"{name} has no batches: give at least one batch (X, y).")
        if isinstance(batches, Iterator) and num_epochs > 1:
            raise ValueError(
                f"{name} is an iterator, used up after one epoch, and num_epochs={num_epochs}: "
                f"give list({name}), or the loader that it came from."
            )


def _on(batches: Iterable[Batch], device: torch.device) -> Iterable[Batch]:
    """Return ``batches``, moved to ``device`` once and for all if they are in memory."""
    if isinstance(batches, TensorBatches) and batches.device != device:
        return batches.to(device)
    return batches


def _classes(net: nn.Module) -> int:
    """Return how many classes ``net`` tells apart: the outputs of its last dense layer."""
    dense = [module for module in net.modules() if isinstance(module, nn.Linear)]
    return dense[-1].out_features if dense else NUM_CLASSES


@contextmanager
def _seeded(seed: int | None, device: torch.device) -> Iterator[None]:
    """Draw from ``seed`` inside the block, and leave the global random numbers as found."""
    if seed is None:
        yield
        return
    seed = whole_number("seed", seed, minimum=0)
    devices = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.manual_seed(seed)
        yield
