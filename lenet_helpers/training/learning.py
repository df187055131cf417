"""How a run learns: the loss, the optimiser, and how its learning rate changes on the way."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from ..checks import positive_number
from ..loading import collection_paused

MakeOptimizer = Callable[..., torch.optim.Optimizer]
MakeScheduler = Callable[[torch.optim.Optimizer], Any]
Loss = Callable[[Tensor, Tensor], Tensor]

EACH = ("epoch", "batch")  # after what a schedule goes on


@dataclass(frozen=True)
class Learning:
    """What ``train_ch6`` was told about loss, optimiser and schedule.

    Raises:
        TypeError, ValueError: an argument of ``train_ch6`` that names itself.
    """

    optimizer: MakeOptimizer
    lr: float
    loss: Loss
    scheduler: MakeScheduler | None
    each: str

    def __post_init__(self) -> None:
        rule = "the learning rate must be a number above 0, such as 0.9."
        object.__setattr__(self, "lr", positive_number("lr", self.lr, fix=rule))
        if not callable(self.optimizer):
            raise TypeError(
                f"optimizer is a {type(self.optimizer).__name__}: give what makes one, called as "
                "optimizer(parameters, lr=lr): torch.optim.Adam, or for more settings "
                "functools.partial(torch.optim.SGD, momentum=0.9)."
            )
        if isinstance(self.loss, type):  # callable too: it would make a loss of the scores
            name = self.loss.__name__
            raise TypeError(f"loss={name} is a class: make one of it, for example nn.{name}().")
        if not callable(self.loss):
            raise TypeError(
                f"loss is a {type(self.loss).__name__}: give what is called as loss(scores, "
                "labels), for example nn.CrossEntropyLoss(label_smoothing=0.1)."
            )
        reduction = getattr(self.loss, "reduction", "mean")
        if reduction != "mean":
            raise ValueError(
                f"loss has reduction={reduction!r}: give one with reduction='mean', the mean over "
                "a batch, so that neither the loss shown nor a step depends on the batch size."
            )
        if self.scheduler is not None and not callable(self.scheduler):
            raise TypeError(
                f"scheduler is a {type(self.scheduler).__name__}: give what makes one, called as "
                "scheduler(optimizer), for example functools.partial("
                "torch.optim.lr_scheduler.StepLR, step_size=1)."
            )
        if self.each not in EACH:
            raise ValueError(
                f"schedule_each={self.each!r}: the schedule goes on after each 'epoch' or after "
                "each 'batch'."
            )

    @property
    def is_cross_entropy(self) -> bool:
        """Whether the loss of guessing is known: the logarithm of the number of classes."""
        return isinstance(self.loss, nn.CrossEntropyLoss)

    def first_loss(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of the first batch, if a network can learn by it.

        Args:
            scores: What the network gave, (N, classes).
            labels: The class numbers, (N,).

        Raises:
            TypeError, ValueError: it cannot take these two, or gives no number with a gradient.
        """
        name = getattr(self.loss, "__name__", type(self.loss).__name__)
        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("error", "Using a target size")  # it would be stretched
                value: object = self.loss(scores, labels)
        except (RuntimeError, ValueError, IndexError, UserWarning) as error:
            if isinstance(error, torch.OutOfMemoryError):
                raise
            raise ValueError(
                f"loss={name} fails on scores of shape {tuple(scores.shape)} and class numbers of "
                f"shape {tuple(labels.shape)}. Take one that goes by class numbers, as "
                "nn.CrossEntropyLoss() does. For one that compares number by number make targets "
                "of them: lambda scores, labels: F.mse_loss(scores, F.one_hot(labels, "
                f"{scores.shape[1]}).float()). It says: {str(error).strip().splitlines()[0]}"
            ) from error
        if not isinstance(value, Tensor) or value.numel() != 1:
            what = f"shape {tuple(value.shape)}" if isinstance(value, Tensor) else repr(value)
            raise TypeError(
                f"loss={name} gives {what}: it must give one number as a tensor, the mean over "
                "the batch. Leave .item() and float() out of it."
            )
        if not value.requires_grad:
            raise ValueError(
                f"loss={name} of this network has no gradient, so that nothing could be learned: "
                "forward, or the loss, computes under torch.no_grad(), or with .detach(), .numpy() "
                "or .item(). Leave that out."
            )
        return value

    def make_optimizer(self, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
        """Return the optimiser for ``parameters``.

        Raises:
            TypeError: ``optimizer`` cannot be called so, or makes no optimiser.
            ValueError: it makes one that computes the loss itself, several times a step.
        """
        how, kind = "optimizer(parameters, lr=lr)", "torch.optim"
        with collection_paused():  # the first optimiser of all loads PyTorch's compiler
            made: torch.optim.Optimizer = _made(how, kind, self.optimizer, parameters, lr=self.lr)
        closure = inspect.signature(made.step).parameters.get("closure")
        if closure is not None and closure.default is inspect.Parameter.empty:
            raise ValueError(
                f"optimizer makes a {type(made).__name__}, whose step needs a closure: a function "
                "that computes the loss anew, as often as it asks. Here a step computes it once. "
                "Take one that needs none, such as torch.optim.Adam or torch.optim.SGD."
            )
        return made

    def schedule(self, optimizer: torch.optim.Optimizer, *, recorded: bool) -> Schedule | None:
        """Return the schedule of ``optimizer``, if there is one.

        Args:
            optimizer: The optimiser.
            recorded: Whether its steps are to be recorded and replayed.
        """
        if self.scheduler is None:
            return None
        return Schedule(optimizer, self.scheduler, self.each, recorded=recorded)


class Schedule:
    """The changes of an optimiser's numbers during a run.

    A recorded step reads a learning rate that is a tensor anew each time, and has a number as it
    was when it was recorded. So the rate becomes a tensor where the optimiser takes one (Adam and
    its relatives, prepared for recording); where it does not, :meth:`after` says that a recording
    is out of date.

    Args:
        optimizer: The optimiser.
        make: Makes the scheduler: called as ``make(optimizer)``.
        each: After what it goes on: "epoch" or "batch".
        recorded: Whether the steps are to be recorded.

    Raises:
        TypeError: ``make`` gives no scheduler.
    """

    def __init__(
        self, optimizer: torch.optim.Optimizer, make: MakeScheduler, each: str, *, recorded: bool
    ) -> None:
        self._groups, self._each = optimizer.param_groups, each
        for group in self._groups:
            if recorded and group.get("capturable"):
                group["initial_lr"] = float(group["lr"])  # schedulers compute with it: no kernels
                device = group["params"][0].device
                group["lr"] = torch.tensor(group["initial_lr"], device=device)
        self._scheduler = _made("scheduler(optimizer)", "torch.optim.lr_scheduler", make, optimizer)
        self._numbers = self._now()

    def after(self, what: str, loss: Callable[[], float]) -> bool:
        """Go on if it is time; return True if a recorded step is out of date now.

        Args:
            what: What has just ended: "epoch" or "batch".
            loss: Gives the loss, for the schedulers that go by it.
        """
        if what != self._each:
            return False
        if isinstance(self._scheduler, ReduceLROnPlateau):
            self._scheduler.step(loss())
        else:
            self._scheduler.step()
        before, self._numbers = self._numbers, self._now()
        return before != self._numbers

    def _now(self) -> list[tuple[object, ...]]:
        """Return the numbers of each group that are no tensors."""
        return [
            tuple(v for k, v in group.items() if k != "params" and not isinstance(v, Tensor))
            for group in self._groups
        ]


def _made(how: str, module: str, make: Callable[..., Any], *given: object, **named: object) -> Any:  # noqa: ANN401
    """Return what ``make`` makes, if it has a method ``step``.

    Raises:
        TypeError: it cannot be called as ``how`` says, or makes nothing of PyTorch's ``module``.
    """
    try:
        made = make(*given, **named)
    except TypeError as error:
        error.add_note(f"It is called as {how}. functools.partial gives it further arguments.")
        raise
    if not callable(getattr(made, "step", None)):
        raise TypeError(
            f"{how} gives a {type(made).__name__}, which has no step(): give one of {module}."
        )
    return made
