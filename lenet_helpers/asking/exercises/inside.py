"""Exercises of notebook 6: what a unit sees, and what covering a part of a picture shows."""

from __future__ import annotations

import torch

from .building import numbers
from .exercise import Case, Exercise, Slip


def occlude(picture, size):
    """Return one copy of the picture for each place of a square, with the square set to 0.

    picture: tensor of shape (height, width); size: the side of the square.
    Returns shape (places, height, width); the places go row by row, from the left to the right.

    >>> occlude(torch.ones(1, 3), 1)
    tensor([[[0., 1., 1.]],
    <BLANKLINE>
            [[1., 0., 1.]],
    <BLANKLINE>
            [[1., 1., 0.]]])
    """
    covered = []
    for row in range(picture.shape[0] - size + 1):
        for column in range(picture.shape[1] - size + 1):
            copy = picture.clone()
            copy[row : row + size, column : column + size] = 0
            covered.append(copy)
    return torch.stack(covered)


def _covered(picture, size, value=0.0, step=1, places=None, fresh=True):
    """Return what ``occlude`` would, with one thing done otherwise."""
    height, width = picture.shape
    rows, columns = range(0, height - size + 1, step), range(0, width - size + 1, step)
    if places is None:
        places = [(row, column) for row in rows for column in columns]
    covered, copy = [], picture.clone()
    for row, column in places:
        if fresh:
            copy = picture.clone()
        copy[row : row + size, column : column + size] = value
        covered.append(copy)
    return torch.stack(covered) if covered else torch.zeros(0, height, width)


def _columns_first(picture, size):
    rows, columns = picture.shape[0] - size + 1, picture.shape[1] - size + 1
    return _covered(picture, size, places=[(i, j) for j in range(columns) for i in range(rows)])


def _square_only(picture, size):
    places = range(picture.shape[0] - size + 1)
    return _covered(picture, size, places=[(i, j) for i in places for j in places])


def _without_last(picture, size):
    rows, columns = picture.shape[0] - size, picture.shape[1] - size
    return _covered(picture, size, places=[(i, j) for i in range(rows) for j in range(columns)])


def _hanging_over(picture, size):
    rows, columns = picture.shape
    return _covered(picture, size, places=[(i, j) for i in range(rows) for j in range(columns)])


def _without_last_and_stacked(picture, size):
    return torch.stack(list(_without_last(picture, size)))


def _tiles_over_the_edge(picture, size):
    rows, columns = (range(0, side, size) for side in picture.shape)
    return _covered(picture, size, places=[(i, j) for i in rows for j in columns])


def _of_28(picture, size):
    places = range(28 - size + 1)
    return _covered(picture, size, places=[(i, j) for i in places for j in places])


def _by(cover):
    """Return a version that covers with ``cover(copy, row, column, size)``."""

    def wrong(picture, size):
        covered = []
        for row in range(picture.shape[0] - size + 1):
            for column in range(picture.shape[1] - size + 1):
                covered.append(picture.clone())
                cover(covered[-1], row, column, size)
        return torch.stack(covered)

    return wrong


def _one_pixel(copy, row, column, size):
    copy[row, column] = 0


def _to_size(copy, row, column, size):
    copy[row:size, column:size] = 0


def _rows_twice(copy, row, column, size):
    copy[row : row + size][column : column + size] = 0


def _last_of_each_row(picture, size):
    columns = picture.shape[1] - size + 1
    return occlude(picture, size)[columns - 1 :: columns]


def _as_table(picture, size):
    rows = picture.shape[0] - size + 1
    return occlude(picture, size).unflatten(0, (rows, -1))


def _carried(picture, size):
    kept = occlude(torch.ones_like(picture), size)
    return picture * kept.cumprod(0)


OCCLUDE = Exercise(
    notebook=6,
    solution=occlude,
    cases=lambda: [
        Case((numbers(height, width) + 3, size))
        for height, width, size in [
            (1, 1, 1), (1, 2, 1), (2, 2, 1), (2, 2, 2), (2, 3, 2), (3, 2, 2), (3, 4, 2),
            (5, 4, 3), (7, 7, 6),
        ]
    ],
    slips=(
        Slip("one copy for all", lambda picture, size: _covered(picture, size, fresh=False)),
        Slip("one copy for all", _carried),
        Slip("returned too early", lambda picture, size: occlude(picture, size)[:1]),
        Slip("returned too early", lambda picture, size: occlude(picture, size)[0]),
        Slip("rows for columns", _columns_first),
        Slip("inside out", lambda picture, size: picture - occlude(picture, size)),
        Slip("no plus one", _without_last),
        Slip("no plus one", _without_last_and_stacked),
        Slip("window hangs over", _hanging_over),
        Slip("one axis for both", _square_only),
        Slip("windows side by side", lambda picture, size: _covered(picture, size, step=size)),
        Slip("windows side by side", _tiles_over_the_edge),
        Slip("one pixel for the square", _by(_one_pixel)),
        Slip("length for end", _by(_to_size)),
        Slip("rows cut twice", _by(_rows_twice)),
        Slip("cat for stack", lambda picture, size: occlude(picture, size).flatten(0, 1)),
        Slip("line outside the loop", _last_of_each_row),
        Slip("last copy only", lambda picture, size: occlude(picture, size)[-1]),
        Slip("last copy only", lambda picture, size: occlude(picture, size)[-1:]),
        Slip("other filling", lambda picture, size: _covered(picture, size, value=1.0)),
        Slip("other filling", lambda picture, size: _covered(picture, size, value=picture.mean())),
        Slip("places kept as a table", _as_table),
        Slip("number written in", lambda picture, size: occlude(picture, 6)),
        Slip("number written in", lambda picture, size: occlude(picture, 1)),
        Slip("number written in", _of_28),
    ),
    hints=(
        "Two loops over the places of the square, as in `correlate`. How many places are there?",
        "Each place needs a copy of its own: `picture.clone()`. Collect the copies in a list, and "
        "make one tensor of it with `torch.stack`.",
    ),
)  # fmt: skip


def receptive_field(layers):
    """Return how many pixels of the input, along one side, a unit after these layers sees.

    layers: a list of pairs (kernel size, stride), the first layer first; a pooling is one too.

    >>> receptive_field([(3, 1)]), receptive_field([(5, 1), (2, 2), (5, 1)])
    (3, 14)
    """
    field, jump = 1, 1
    for kernel, stride in layers:
        field += (kernel - 1) * jump
        jump *= stride
    return field


def _field(grow):
    """Return a version in which ``grow`` says how field and jump change at a layer."""

    def wrong(layers):
        field, jump = 1, 1
        for kernel, stride in layers:
            field, jump = grow(field, jump, kernel, stride)
        return field

    return wrong


def _without_pooling(layers):
    return receptive_field([(kernel, stride) for kernel, stride in layers if stride == 1])


RECEPTIVE_FIELD = Exercise(
    notebook=6,
    solution=receptive_field,
    cases=lambda: [
        Case((layers,))
        for layers in [
            [(1, 1)], [(3, 1)], [(2, 2)], [(3, 1), (3, 1)], [(2, 2), (2, 2)], [(3, 1), (2, 2)],
            [(2, 2), (3, 1)], [(3, 2), (3, 3), (2, 1)], [(5, 1), (2, 2), (5, 1)],
            [(5, 1), (2, 2), (5, 1), (2, 2)], [(11, 4), (3, 2), (5, 1), (3, 2)],
        ]
    ],
    slips=(
        Slip("strides forgotten", _field(lambda f, j, k, s: (f + k - 1, j))),
        Slip("own stride counted", _field(lambda f, j, k, s: (f + (k - 1) * j * s, j * s))),
        Slip("only the stride before", _field(lambda f, j, k, s: (f + (k - 1) * j, s))),
        Slip("wrong end first", _field(lambda f, j, k, s: ((f - 1) * s + k, j))),
        Slip("wrong end first", _field(lambda f, j, k, s: (f * s + k - 1, j))),
        Slip("brackets misplaced", _field(lambda f, j, k, s: (f + k - j, j * s))),
        Slip("strides added", _field(lambda f, j, k, s: (f + (k - 1) * j, j + s - 1))),
        Slip("kernels do not overlap", lambda layers: sum(k for k, _ in layers)),
        Slip("kernels do not overlap", _field(lambda f, j, k, s: (f + k * j, j * s))),
        Slip("kernels multiplied", _field(lambda f, j, k, s: (f * k, j))),
        Slip("pooling forgotten", _without_pooling),
        Slip("no plus one", lambda layers: receptive_field(layers) - 1),
        Slip("returned too early", lambda layers: layers[0][0]),
        Slip("only the last", lambda layers: layers[-1][0]),
        Slip("stopped early", lambda layers: receptive_field(layers[:-1])),
    ),
    hints=(
        "Keep two numbers: how many pixels a unit sees, and how many pixels lie between two "
        "neighbours (the jump). Both are 1 for the picture itself.",
        "A kernel of k reaches k - 1 neighbours further, each one jump away. Then its stride "
        "makes the jump larger.",
    ),
)  # fmt: skip

EXERCISES = (OCCLUDE, RECEPTIVE_FIELD)
