"""What a recorded run is made of, and how it is done."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.network.models import count_parameters
from lenet_helpers.training.learning import MakeOptimizer, MakeScheduler
from lenet_helpers.training.result import TrainingResult

BATCH_SIZE = 256
HELD_BACK = 10_000  # pictures to choose by
Values = dict[str, object]  # what JSON can hold


@dataclass(frozen=True)
class Data:
    """The pictures of a run.

    Args:
        train: Those that are trained on, shuffled.
        test: The test set; None: it is not touched.
        valid: Those held back to choose by.
    """

    train: TensorBatches
    test: TensorBatches | None = None
    valid: TensorBatches | None = None


def everything(data: Data) -> Data:
    """Return the whole training set, and the test set."""
    return data


def held_back(data: Data, train: int | None = None) -> Data:
    """Return the training set without 10,000 pictures, and these; the test set stays out of it.

    Args:
        data: Both sets.
        train: Train on so many of the others; None: on all of them.
    """
    others = data.train.num_examples - HELD_BACK
    valid, chosen = data.train.split(HELD_BACK, train or others)
    chosen.shuffle, valid.shuffle = True, False
    return Data(chosen, None, valid)


@dataclass(frozen=True)
class Run:
    """What to train, and how.

    Args:
        title: What it is called where it is shown.
        make: Makes the network.
        optimizer: Makes the optimiser.
        lr: The learning rate; with a schedule the highest one.
        epochs: How many.
        schedule: Makes the schedule of the rate from ``lr``, batches an epoch and epochs; it goes
            on with each batch. None: the rate stays.
        batch_size: Pictures a batch.
        keep_weights: Whether the weights are those of ``make``; else Xavier's.
        loss: Makes the loss.
        flip: Whether training pictures are mirrored at random.
        shift: How many pixels they move at random.
        pictures: Chooses its pictures.
        stop_early: Whether it ends when the validation accuracy gets no better.
        measure: What else to keep of the trained network.
        seeds: A run for each.
    """

    title: str
    make: Callable[[], nn.Module]
    optimizer: MakeOptimizer
    lr: float
    epochs: int
    schedule: Callable[[float, int, int], MakeScheduler] | None = None
    batch_size: int = BATCH_SIZE
    keep_weights: bool = False
    loss: Callable[[], nn.Module] = nn.CrossEntropyLoss
    flip: bool = False
    shift: int = 0
    pictures: Callable[[Data], Data] = everything
    stop_early: bool = False
    measure: Callable[[nn.Module, Data], Values] | None = None
    seeds: tuple[int, ...] = (0,)

    def but(self, **changes: object) -> Run:
        """Return the same run with other arguments."""
        return replace(self, **changes)  # type: ignore[arg-type]


def do(run: Run, data: Data, seed: int) -> tuple[TrainingResult, Values]:
    """Train, and return the result and the settings to keep."""
    chosen = run.pictures(data)
    train = chosen.train
    train.batch_size = run.batch_size
    if run.flip or run.shift:
        train = train.augmented(flip=run.flip, shift=run.shift)
    torch.manual_seed(seed)  # for the weights that the network is made with
    net = run.make()
    schedule = run.schedule(run.lr, len(train), run.epochs) if run.schedule else None
    early = {"keep_best": True, "patience": 10} if run.stop_early else {}
    result = lh.train_ch6(
        net, train, chosen.test, run.epochs, run.lr, optimizer=run.optimizer, seed=seed,
        keep_weights=run.keep_weights, loss=run.loss(), scheduler=schedule, schedule_each="batch",
        valid_iter=chosen.valid, plot=False, **early,
    )  # fmt: skip
    settings: Values = {
        "optimizer": name_of(run.optimizer), "lr": run.lr, "epochs": run.epochs,
        "batch_size": run.batch_size, "seed": seed, "pictures": train.num_examples,
        "parameters": count_parameters(net),
    }  # fmt: skip
    if run.measure is not None:
        settings |= run.measure(net, chosen)
    return result, settings


def one_cycle(highest: float, batches: int, epochs: int) -> MakeScheduler:
    """Return what makes a rate that rises to ``highest`` and falls to nearly 0, within a run.

    Source: Smith and Topin, "Super-convergence", 2018.
    """
    return functools.partial(
        torch.optim.lr_scheduler.OneCycleLR,
        max_lr=highest,
        total_steps=epochs * batches,
        cycle_momentum=False,  # a recorded step keeps the momentum that it was recorded with
    )


def two_cycles(highest: float, batches: int, epochs: int) -> MakeScheduler:
    """Return what makes a rate that rises and falls in the first epoch, and once more in the rest.

    So the network is good after one epoch already.

    Source: Smith, "Cyclical learning rates for training neural networks", 2017.
    """
    rest = batches * (epochs - 1)
    turns = [0, 0.3 * batches, batches, batches + 0.3 * rest, batches + rest]
    shares = [0.04, 1, 0, 1, 0]  # of the highest rate
    return functools.partial(
        torch.optim.lr_scheduler.LambdaLR,
        lr_lambda=lambda step: float(numpy.interp(step, turns, shares)),
    )


def name_of(make: MakeOptimizer) -> str:
    """Return what an optimiser is called, with its settings."""
    if isinstance(make, functools.partial):
        told = ", ".join(f"{key} {value:g}" for key, value in make.keywords.items())
        return f"{make.func.__name__}, {told}"
    return str(getattr(make, "__name__", make))
