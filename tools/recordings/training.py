"""The runs of notebooks 5 and 7, a file each: what works, and four mistakes."""

from __future__ import annotations

import functools

import torch
from torch import nn

import lenet_helpers as lh

from .run import Run


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
