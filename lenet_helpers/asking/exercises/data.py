"""Exercises of notebook 4: batches, and pictures as a network takes them."""

from __future__ import annotations

import torch

from .exercise import Case, Exercise, Slip


def batches_in_epoch(pictures, batch_size):
    """Return how many batches one pass over all pictures takes: a whole number.

    The last batch may be smaller than the others.

    >>> batches_in_epoch(10, 5), batches_in_epoch(11, 5)
    (2, 3)
    """
    return (pictures + batch_size - 1) // batch_size


def _half_up(pictures, batch_size):
    return int(pictures / batch_size + 0.5)


BATCHES_IN_EPOCH = Exercise(
    notebook=4,
    solution=batches_in_epoch,
    cases=lambda: [
        Case(case)
        for case in [
            (1, 1), (2, 1), (4, 2), (5, 2), (2, 5), (7, 3), (8, 3), (256, 256), (257, 256),
            (60000, 256), (10000, 256), (60000, 100),
        ]
    ],
    slips=(
        Slip("rounded down", lambda pictures, batch_size: pictures // batch_size),
        Slip("one batch too many", lambda pictures, batch_size: pictures // batch_size + 1),
        Slip("rounded to the nearest", lambda pictures, batch_size: round(pictures / batch_size)),
        Slip("rounded to the nearest", _half_up),
        Slip("division with a rest", lambda pictures, batch_size: pictures / batch_size),
        Slip("arguments swapped", lambda pictures, batch_size: -(-batch_size // pictures)),
        Slip("rest for number", lambda pictures, batch_size: pictures % batch_size),
        Slip("at least one", lambda pictures, batch_size: max(1, pictures // batch_size)),
    ),
    hints=(
        "What happens to the pictures that do not fill a batch? Try 5 pictures in batches of 2.",
        "`pictures // batch_size` counts the full batches; `pictures % batch_size` says how many "
        "pictures are left.",
    ),
    also="A DataLoader has as many.",
)  # fmt: skip


def to_batch(images):
    """Return pictures as LeNet takes them: float32, shape (N, 1, 28, 28), from 0 to 1.

    images: uint8, shape (N, 28, 28), from 0 (black) to 255 (white).

    >>> batch = to_batch(torch.full((2, 28, 28), 255, dtype=torch.uint8))
    >>> batch.shape, batch.dtype, batch.max()
    (torch.Size([2, 1, 28, 28]), torch.float32, tensor(1.))
    """
    return images.float().unsqueeze(1) / 255


def _pictures(count, brightest):
    row, column = torch.arange(28)[:, None], torch.arange(28)[None, :]
    pictures = torch.arange(count)[:, None, None]
    return ((row * row + 29 * column + 5 * pictures + brightest) % (brightest + 1)).to(torch.uint8)


TO_BATCH = Exercise(
    notebook=4,
    solution=to_batch,
    cases=lambda: [
        Case(
            (_pictures(count, brightest),),
            f"images of shape ({count}, 28, 28), from 0 to {brightest}",
        )
        for count, brightest in [(1, 255), (1, 200), (2, 255), (5, 90)]
    ],
    slips=(
        Slip("range kept", lambda images: images.float()[:, None]),
        Slip("range kept", lambda images: images[:, None]),
        Slip("number of greys for the largest", lambda images: images.float()[:, None] / 256),
        Slip("whole division", lambda images: (images // 255).float()[:, None]),
        Slip("divided by the brightest", lambda images: images[:, None] / images.max()),
        Slip("channel axis left out", lambda images: images / 255),
        Slip("channel axis misplaced", lambda images: (images / 255)[None]),
        Slip("channel axis misplaced", lambda images: (images / 255)[..., None]),
        Slip("channel axis misplaced", lambda images: (images / 255)[:, :, None]),
        Slip("picture flattened", lambda images: images.flatten(1) / 255),
        Slip("picture flattened", lambda images: images.flatten(1)[:, None] / 255),
        Slip("rows for columns", lambda images: images.mT[:, None] / 255),
        Slip("other range", lambda images: images[:, None] / 127.5 - 1),
        Slip("other range", lambda images: 1 - images[:, None] / 255),
    ),
    hints=(
        "Three things change: the type, the range, and one more axis. Do them one by one, and "
        "print shape and dtype after each.",
        "`.unsqueeze(1)` puts an axis of one channel behind the axis of the pictures.",
    ),
)

EXERCISES = (BATCHES_IN_EPOCH, TO_BATCH)
