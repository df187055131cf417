"""The runs of notebook 10: LeNet-5 of 1998, and one change at a time to today.

Each step keeps the changes of those before it, and all have the same budget. They are compared on
10,000 pictures held back from training. The best one of those that are good after one epoch already
is trained once more, on all training pictures, and measured on the test set: nothing is chosen
after that.
"""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import nn

from lenet_helpers.network.codes1998 import codes
from lenet_helpers.network.lenet1998 import CodesLoss, lenet5

from .run import Run, everything, held_back, one_cycle, two_cycles

SEEDS = (0, 1, 2)
EPOCHS = 10
GOOD_AT_ONCE = 0.87  # validation accuracy after the first epoch
FEW = 2_000  # pictures, to see a network learn them by heart


def with_codes(**options: bool) -> Callable[[], nn.Module]:
    """Return what makes LeNet-5 with the paper's output."""
    return functools.partial(lambda **more: lenet5(codes(), **more), **options)


momentum = functools.partial(torch.optim.SGD, momentum=0.9)
smoothed = functools.partial(nn.CrossEntropyLoss, label_smoothing=0.05)
adamw = functools.partial(torch.optim.AdamW, weight_decay=0.01)
decayed = functools.partial(torch.optim.AdamW, weight_decay=0.05)
today = functools.partial(lenet5, every_link=True, pooling=nn.MaxPool2d)


def ladder() -> dict[str, Run]:
    """Return the steps from 1998 to today, each with those before it."""
    step = Run(
        "LeNet-5 of 1998", with_codes(), momentum, 0.002, EPOCHS, keep_weights=True,
        loss=CodesLoss, pictures=held_back, batch_size=128, seeds=SEEDS,
    )  # fmt: skip
    steps = {"1998": step}

    def then(name: str, **changes: object) -> None:
        nonlocal step
        steps[name] = step = step.but(title=f"then: {name}", **changes)

    then("every link in C3", make=with_codes(every_link=True))
    then(
        "softmax",
        make=functools.partial(lenet5, every_link=True),
        loss=nn.CrossEntropyLoss,
        lr=0.05,
    )
    then("max pooling", make=today)
    then("Xavier weights", keep_weights=False)
    then("ReLU", make=functools.partial(today, activation=nn.ReLU))
    then("AdamW", optimizer=adamw, lr=0.004)
    then("batch norm", make=functools.partial(today, activation=nn.ReLU, batch_norm=True))
    then("one-cycle rate", schedule=one_cycle, lr=0.01)
    then("mirrored pictures", flip=True)
    then("label smoothing", loss=smoothed)
    then("more weight decay", optimizer=decayed)
    then("two cycles", schedule=two_cycles)
    then("moved pictures", shift=1)
    then(
        "dropout",
        make=functools.partial(today, activation=nn.ReLU, batch_norm=True, dropout=0.1),
    )
    return steps


LADDER = ladder()
_FEW = LADDER["batch norm"].but(
    title="2,000 pictures", epochs=60, seeds=(0,), pictures=functools.partial(held_back, train=FEW)
)
OVERFIT = {
    "2,000 pictures": _FEW,
    "2,000, stopped early": _FEW.but(title="2,000 pictures, stopped early", stop_early=True),
    "2,000, augmented": _FEW.but(title="2,000 pictures, augmented", flip=True, shift=1),
}
RUNS = LADDER | OVERFIT


def best(reached: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """Return the step to go on with.

    Args:
        reached: For each step the validation accuracies of its runs: after the first epoch, and
            at the end.
    """
    first, last = (
        {step: statistics.mean(run[when] for run in runs) for step, runs in reached.items()}
        for when in (0, 1)
    )
    good = [step for step in last if first[step] >= GOOD_AT_ONCE]
    return max(good or last, key=last.__getitem__)


def final(best: str) -> Run:
    """Return the run on all training pictures and the test set, with the recipe ``best``."""
    return LADDER[best].but(title=f"LeNet's sizes, {best} and all before it", pictures=everything)
