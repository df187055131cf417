"""Train for real and write the recordings that come with the package.

    python3 run.py recordings            all of them
    python3 run.py recordings sgd adam   those two

It needs the real Fashion-MNIST: a recording of the drawn stand-in would teach nothing about it.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.data.source import FASHION_MNIST

FOLDER = Path(lh.__file__).parent / "recorded"
BATCH_SIZE, SEED = 256, 0


@dataclass(frozen=True)
class Run:
    """What to train, and how."""

    title: str
    make: Callable[[], nn.Module]
    optimizer: type[torch.optim.Optimizer]
    lr: float
    epochs: int


class KeepsGradients(torch.optim.SGD):
    """SGD without ``zero_grad``: each step is made with the sum of all gradients so far."""

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Do nothing."""


def softmax_twice() -> nn.Module:
    """Return LeNet with a softmax at its end; the loss takes another one."""
    return nn.Sequential(*lh.sequential_lenet(), nn.Softmax(dim=1))


relu = functools.partial(lh.sequential_lenet, activation=nn.ReLU, pooling=nn.MaxPool2d)
RUNS = {
    "sgd": Run("LeNet with sigmoids, SGD, lr 0.9", lh.sequential_lenet, torch.optim.SGD, 0.9, 10),
    "adam": Run(
        "LeNet with sigmoids, Adam, lr 0.001", lh.sequential_lenet, torch.optim.Adam, 0.001, 10
    ),
    "class_version": Run("LeNet, class version, SGD, lr 0.9", lh.LeNet, torch.optim.SGD, 0.9, 10),
    "relu": Run("LeNet with ReLU and max pooling, SGD, lr 0.1", relu, torch.optim.SGD, 0.1, 10),
    # A mistake each, on purpose. Their names do not say which: notebook 7 asks.
    "mistake_a": Run("LeNet with ReLU and max pooling, SGD, lr 0.9", relu, torch.optim.SGD, 0.9, 5),
    "mistake_b": Run(
        "LeNet with sigmoids and a softmax, Adam, lr 0.001",
        softmax_twice,
        torch.optim.Adam,
        0.001,
        10,
    ),
    "mistake_c": Run(
        "LeNet with sigmoids, SGD, lr 0.01", lh.sequential_lenet, torch.optim.SGD, 0.01, 5
    ),
    "mistake_d": Run(
        "LeNet with sigmoids, SGD, lr 0.9, no zero_grad",
        lh.sequential_lenet,
        KeepsGradients,
        0.9,
        5,
    ),
}


def main(names: Sequence[str]) -> int:
    """Train the runs called ``names``, or all; return the exit code."""
    unknown = sorted(set(names) - set(RUNS))
    if unknown:
        print(f"No recording is called {', '.join(unknown)}: there are {', '.join(RUNS)}.")
        return 2
    train_iter, test_iter = lh.load_data_fashion_mnist(BATCH_SIZE)
    if train_iter.source != FASHION_MNIST:
        print("Recordings need the real Fashion-MNIST: set LENET_DATA_DIR to its folder.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for name in names or RUNS:
        run = RUNS[name]
        print(f"\n{run.title}, {run.epochs} epochs")
        result = lh.train_ch6(
            run.make(), train_iter, test_iter, run.epochs, run.lr,
            optimizer=run.optimizer, seed=SEED,
        )  # fmt: skip
        settings = {
            "optimizer": run.optimizer.__name__, "lr": run.lr, "epochs": run.epochs,
            "batch_size": BATCH_SIZE, "seed": SEED,
        }  # fmt: skip
        lh.save_recording(result, FOLDER / f"{name}.json", title=run.title, settings=settings)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
