"""Exercises of notebook 9: what a network costs, and what an order of pixels is."""

from __future__ import annotations

from itertools import pairwise

import torch

from .building import numbers
from .exercise import Case, Exercise, Slip


def dense_parameters(sizes):
    """Return how many numbers a network of dense layers learns, biases included.

    sizes: the number of inputs, then the number of units of each layer.

    >>> dense_parameters([2, 3]), dense_parameters([2, 3, 1])
    (9, 13)
    """
    return sum((sizes[i] + 1) * sizes[i + 1] for i in range(len(sizes) - 1))


DENSE_PARAMETERS = Exercise(
    notebook=9,
    solution=dense_parameters,
    cases=lambda: [
        Case((sizes,))
        for sizes in ([1, 1], [2, 3], [3, 2], [2, 3, 4], [5, 4, 3, 2], [784, 75, 33, 10])
    ],
    slips=(
        Slip("bias forgotten", lambda s: sum(a * b for a, b in pairwise(s))),
        Slip(
            "bias per layer",
            lambda s: sum(a * b + 1 for a, b in pairwise(s)),
        ),
        Slip(
            "bias per input",
            lambda s: sum(a * b + a for a, b in pairwise(s)),
        ),
        Slip("bias per weight", lambda s: sum(2 * a * b for a, b in pairwise(s))),
        Slip("only the last", lambda s: (s[0] + 1) * s[1]),
        Slip("only the last", lambda s: (s[-2] + 1) * s[-1]),
        Slip("input counted as a layer", lambda s: dense_parameters(s) + s[0]),
        Slip("one weight per input", lambda s: sum(s) + sum(s[1:])),
        Slip("number written in", lambda s: 61_723),
    ),
    hints=(
        "A layer with 2 inputs and 3 units: how many weights has each unit, and how many biases?",
        "Layer i has `sizes[i]` inputs and `sizes[i + 1]` units. Add up over all layers.",
    ),
)  # fmt: skip


def permute_pixels(images, order):
    """Return the pictures with their pixels in another order, the same one for every picture.

    images: tensor of shape (pictures, 1, height, width); order: a tensor that has each of the
    numbers 0 to height * width - 1 once. Pixel i of the result is pixel order[i] of the picture,
    counted row by row. The shape stays.

    >>> permute_pixels(torch.tensor([[[[5, 6], [7, 8]]]]), torch.tensor([3, 0, 1, 2]))
    tensor([[[[8, 5],
              [6, 7]]]])
    """
    return images.flatten(start_dim=1)[:, order].reshape(images.shape)


def _places(images, order):
    return images.flatten(1).index_copy(1, order, images.flatten(1)).reshape(images.shape)


def _pictures_reordered(images, order):
    return images[order % len(images)][: len(images)]


def _by_columns(images, order):
    columns = images.transpose(2, 3).flatten(1)[:, order]
    return columns.reshape(images.transpose(2, 3).shape).transpose(2, 3)


def _each_row(images, order):
    return images[..., order % images.shape[3]][..., : images.shape[3]]


def _first_only(images, order):
    changed = images.clone()
    changed[:1] = permute_pixels(images[:1], order)
    return changed


def _pictures(count, height, width):
    return torch.stack([numbers(height, width, first=3 * i) for i in range(count)]).unsqueeze(1)


def _order(n):
    return torch.randperm(n, generator=torch.Generator().manual_seed(n))


PERMUTE_PIXELS = Exercise(
    notebook=9,
    solution=permute_pixels,
    cases=lambda: [
        Case((_pictures(n, height, width), order))
        for n, height, width, order in [
            (1, 1, 2, torch.tensor([1, 0])), (1, 1, 3, torch.tensor([2, 0, 1])),
            (2, 2, 2, torch.tensor([3, 0, 1, 2])), (3, 2, 3, _order(6)), (2, 4, 3, _order(12)),
            (4, 5, 6, _order(30)),
        ]
    ],
    slips=(
        Slip("order read backwards", _places),
        Slip("pictures reordered", _pictures_reordered),
        Slip("pictures reordered", lambda images, order: images[order]),
        Slip("columns before rows", _by_columns),
        Slip("each row alike", _each_row),
        Slip("picture flattened", lambda images, order: images.flatten(1)[:, order]),
        Slip("one picture for all", _first_only),
        Slip("one picture for all", lambda images, order: permute_pixels(images, order)[:1]),
        Slip(
            "one picture for all",
            lambda images, order: images.flatten()[order].reshape(images.shape),
        ),
        Slip("channel axis left out", lambda images, order: permute_pixels(images, order)[:, 0]),
        Slip("size never changes", lambda images, order: images),
    ),
    hints=(
        "Make each picture one row of numbers first: `images.flatten(start_dim=1)`.",
        "A tensor of numbers as an index chooses columns in that order: `rows[:, order]`. Then "
        "give the result the shape of `images`.",
    ),
)  # fmt: skip

EXERCISES = (DENSE_PARAMETERS, PERMUTE_PIXELS)
