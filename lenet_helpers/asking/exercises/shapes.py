"""Exercises of notebook 3: the shapes along a chain of layers."""

from __future__ import annotations

import torch
from torch import nn

from .exercise import Case, Exercise, Facts, Slip


def shapes_of(net, shape):
    """Return the shape after each layer of a chain: a list of tuples.

    net: an nn.Sequential; shape: that of its input, for example (1, 1, 28, 28).

    >>> shapes_of(nn.Sequential(nn.Flatten(), nn.Linear(4, 3)), (1, 2, 2))
    [(1, 4), (1, 3)]
    """
    x = torch.zeros(shape)
    shapes = []
    for layer in net:
        x = layer(x)
        shapes.append(tuple(x.shape))
    return shapes


def shapes_and_hooks(shapes_of, net, shape):
    """Return the shapes, and how many hooks were left in the layers."""
    shapes = shapes_of(net, shape)
    hooks = sum(len(layer._forward_hooks) for layer in net.modules())
    return Facts({"The shapes": shapes, "Hooks that are left in the net": hooks})


def _chains():
    convolution = nn.Conv2d(1, 2, 3)
    return [
        ("nn.Sequential(nn.Flatten())", nn.Sequential(nn.Flatten()), (1, 2, 3)),
        (
            "nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Sigmoid(), nn.Linear(4, 3))",
            nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Sigmoid(), nn.Linear(4, 3)),
            (2, 2, 3),
        ),
        (
            "nn.Sequential(nn.Conv2d(1, 2, 3), nn.AvgPool2d(2))",
            nn.Sequential(convolution, nn.AvgPool2d(2)),
            (3, 1, 8, 6),
        ),
        (
            "LeNet's convolution blocks",
            nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
                nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
            ),
            (1, 1, 28, 28),
        ),
    ]  # fmt: skip


def _not_chained(net, shape):
    x = torch.zeros(shape)
    return [tuple(layer(x).shape) for layer in net]


def _sizes(net, shape):
    return [torch.Size(size).numel() for size in shapes_of(net, shape)]


SHAPES_OF = Exercise(
    notebook=3,
    solution=shapes_of,
    cases=lambda: [
        Case((net, shape), f"net={told}, shape={shape}") for told, net, shape in _chains()
    ],
    slips=(
        Slip("input counted as a layer", lambda net, shape: [shape, *shapes_of(net, shape)]),
        Slip("input counted as a layer", lambda net, shape: [shape, *shapes_of(net, shape)][:-1]),
        Slip("only the last", lambda net, shape: shapes_of(net, shape)[-1]),
        Slip("only the last", lambda net, shape: shapes_of(net, shape)[-1:]),
        Slip("stopped early", lambda net, shape: shapes_of(net[:-1], shape)),
        Slip("layers not chained", _not_chained),
        Slip("batch left out", lambda net, shape: [s[1:] for s in shapes_of(net, shape)]),
        Slip("number for shape", _sizes),
        Slip("number for shape", lambda net, shape: [len(s) for s in shapes_of(net, shape)]),
        Slip("number for shape", lambda net, shape: [s[1] for s in shapes_of(net, shape)]),
        Slip("one name for all", lambda net, shape: [shapes_of(net, shape)[-1]] * len(net)),
    ),
    hints=(
        "Begin with zeros of the shape that is asked for: `torch.zeros(shape)`.",
        "A chain can be gone through: `for layer in net`. What one layer gives is what the next "
        "one takes; append `tuple(x.shape)` to a list.",
    ),
    observe=shapes_and_hooks,
)


def flat_features(n):
    """Return how many numbers leave LeNet's flatten for a picture of n×n: a whole number.

    LeNet: a convolution (kernel 5, padding 2), a pooling of 2, a convolution to 16 channels
    (kernel 5, no padding), a pooling of 2, the flatten.

    >>> flat_features(28)
    400
    """
    side = n // 2
    side = (side - 4) // 2
    return 16 * side * side


FLAT_FEATURES = Exercise(
    notebook=3,
    solution=flat_features,
    cases=lambda: [Case((n,)) for n in (12, 13, 14, 15, 16, 18, 20, 23, 28, 29, 30, 32, 56, 64)],
    slips=(
        Slip("number written in", lambda n: 400),
        Slip("number written in", lambda n: 16 * 5 * 5 * n // 28),
        Slip("padding forgotten", lambda n: 16 * (((n - 4) // 2 - 4) // 2) ** 2),
        Slip("padding once", lambda n: 16 * (((n - 2) // 2 - 4) // 2) ** 2),
        Slip("flatten keeps channels", lambda n: ((n // 2 - 4) // 2) ** 2),
        Slip("flatten keeps channels", lambda n: 16 * ((n // 2 - 4) // 2)),
        Slip("stopped early", lambda n: 16 * (n // 2 - 4) ** 2),
        Slip("other channels", lambda n: 6 * ((n // 2 - 4) // 2) ** 2),
        Slip("other channels", lambda n: 6 * 16 * ((n // 2 - 4) // 2) ** 2),
        Slip("size never changes", lambda n: 16 * (n // 4) ** 2),
        Slip("ceil for floor", lambda n: 16 * ((-(-n // 2) - 4 + 1) // 2) ** 2),
        Slip("division with a rest", lambda n: 16 * ((n / 2 - 4) / 2) ** 2),
    ),
    hints=(
        "Follow one side through the four layers, with the formula of notebook 1. n=28 must give "
        "28, 14, 10, 5.",
        "The flatten puts all channels, rows and columns of one picture into one row.",
    ),
)

EXERCISES = (SHAPES_OF, FLAT_FEATURES)
