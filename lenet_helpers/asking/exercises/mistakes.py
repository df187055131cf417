"""Exercises of notebook 7: what a loss says, and which units are dead."""

from __future__ import annotations

import math

import torch

from .exercise import Case, Exercise, Slip


def least_loss_after_softmax(classes):
    """Return the least loss that nn.CrossEntropyLoss can give if it takes probabilities for logits.

    classes: how many there are. The best probabilities are 1 for the right class and 0 for the
    others; the loss takes them for logits. Returns a float.

    >>> round(least_loss_after_softmax(2), 3)
    0.313
    """
    return -math.log(math.e / (math.e + classes - 1))


LEAST_LOSS_AFTER_SOFTMAX = Exercise(
    notebook=7,
    solution=least_loss_after_softmax,
    cases=lambda: [Case((classes,)) for classes in (2, 3, 5, 10, 26, 1000)],
    slips=(
        Slip("e to the power of 0 is 0", lambda classes: 0),
        Slip("loss of guessing", math.log),
        Slip("one class too many", lambda classes: -math.log(math.e / (math.e + classes))),
        Slip("right class not counted", lambda classes: math.log(classes - 1) - 1),
        Slip("e to the power of 0 is 0", lambda classes: -math.log(math.e / (math.e + 0))),
        Slip("minus sign forgotten", lambda classes: math.log(math.e / (math.e + classes - 1))),
        Slip("logarithm forgotten", lambda classes: math.e / (math.e + classes - 1)),
        Slip("number written in", lambda classes: -math.log(math.e / (math.e + 9))),
        Slip(
            "another logarithm", lambda classes: -math.log10(math.e / (math.e + classes - 1))
        ),
    ),
    hints=(
        "Softmax once more, by hand: e to each number, divided by the sum of all. What is e to "
        "the power of 1, and what is e to the power of 0?",
        "The loss is the negative logarithm of the right class's probability: `-math.log(...)`.",
    ),
    also="nn.CrossEntropyLoss gives the same.",
)  # fmt: skip


def dead_maps(maps):
    """Return how many maps are dead: 0 at every place of every picture.

    maps: what a ReLU gave, shape (pictures, channels, height, width). Returns an int.

    >>> dead_maps(torch.tensor([[[[0.0, 0.0]], [[0.0, 2.0]]]]))  # 1 picture, 2 channels
    1
    """
    alive = (maps > 0).sum(dim=(0, 2, 3)) > 0  # one truth value a channel
    return int((~alive).sum())


def _maps(pictures, channels, height, width, alive):
    """Return maps in which the channels ``alive`` have one positive number in the last picture."""
    maps = torch.zeros(pictures, channels, height, width)
    for channel in alive:
        maps[-1, channel, -1, -1] = 0.5 + channel
    return maps


def _quiet_places(maps):
    return int((maps.sum(dim=0) == 0).sum())


def _zeros(maps):
    return int((maps == 0).sum())


def _in_each_picture(maps):
    return int((maps.sum(dim=(2, 3)) == 0).sum())


DEAD_MAPS = Exercise(
    notebook=7,
    solution=dead_maps,
    cases=lambda: [
        Case((maps,))
        for maps in [
            _maps(1, 1, 1, 1, []), _maps(1, 2, 1, 1, [0]), _maps(2, 1, 1, 2, [0]),
            _maps(2, 3, 1, 2, [1]), _maps(2, 3, 2, 2, [0, 2]), _maps(3, 4, 2, 3, []),
            (torch.arange(24.0).reshape(2, 3, 2, 2) % 5 - 3).clamp(min=0),
            _maps(4, 6, 5, 5, [0, 1, 5]),
        ]
    ],
    slips=(
        Slip("alive for dead", lambda maps: maps.shape[1] - dead_maps(maps)),
        Slip("numbers for maps", _zeros),
        Slip("each picture by itself", _in_each_picture),
        Slip("only one picture", lambda maps: dead_maps(maps[:1])),
        Slip("places for maps", _quiet_places),
        Slip("axes mistaken", lambda maps: int((maps.sum(dim=(1, 2, 3)) == 0).sum())),
        Slip("only whether", lambda maps: int(dead_maps(maps) > 0)),
        Slip("truth values not counted", lambda maps: maps.sum(dim=(0, 2, 3)) == 0),
    ),
    hints=(
        "A map belongs to a channel: axis 1. The other three axes are looked at together.",
        "`maps.sum(dim=(0, 2, 3))` has one number a channel. A ReLU gives nothing below 0, so the "
        "sum is 0 only if every number is.",
    ),
)  # fmt: skip

EXERCISES = (LEAST_LOSS_AFTER_SOFTMAX, DEAD_MAPS)
