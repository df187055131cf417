"""Exercises of notebook 4: what is in a set, batches, and pictures as a network takes them."""

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
        Slip(
            "rest counted as batches",
            lambda pictures, batch_size: sum(divmod(pictures, batch_size)),
        ),
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
        Slip("range kept", lambda images: images[:, None]),
        Slip("number of greys for the largest", lambda images: images.float()[:, None] / 256),
        Slip("whole division", lambda images: (images // 255)[:, None]),
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


def class_counts(labels, classes):
    """Return how many labels there are of each class: a list of whole numbers.

    labels: class numbers, counted from 0, shape (N,); classes: how many classes there are. A
    class without a label has 0.

    >>> class_counts(torch.tensor([0, 2, 2]), 4)
    [1, 0, 2, 0]
    """
    return [int((labels == number).sum()) for number in range(classes)]


def _labels():
    return [
        ([0], 1), ([0, 1], 2), ([1, 1], 2), ([0, 0, 1], 3), ([2, 0, 2, 2], 3), ([0, 3, 0, 1], 5),
        ([number * number % 7 for number in range(30)], 10),
    ]  # fmt: skip


CLASS_COUNTS = Exercise(
    notebook=4,
    solution=class_counts,
    cases=lambda: [
        Case((torch.tensor(labels), classes), "" if len(labels) < 10 else "30 labels, 10 classes")
        for labels, classes in _labels()
    ],
    slips=(
        Slip("empty class left out", lambda labels, classes: labels.bincount().tolist()),
        Slip(
            "empty class left out",
            lambda labels, classes: labels.unique(return_counts=True)[1].tolist(),
        ),
        Slip(
            "labels added up",
            lambda labels, classes: [
                int(labels[labels == number].sum()) for number in range(classes)
            ],
        ),
        Slip(
            "classes counted from one",
            lambda labels, classes: [
                int((labels == number).sum()) for number in range(1, classes + 1)
            ],
        ),
        Slip(
            "classes counted from one",
            lambda labels, classes: [int((labels == number).sum()) for number in range(1, classes)],
        ),
        Slip("number written in", lambda labels, classes: class_counts(labels, 10)),
        Slip("returned too early", lambda labels, classes: class_counts(labels, 1)),
        Slip(
            "share for count",
            lambda labels, classes: [n / len(labels) for n in class_counts(labels, classes)],
        ),
        Slip(
            "present for count",
            lambda labels, classes: [int((labels == number).any()) for number in range(classes)],
        ),
        Slip("all counted", lambda labels, classes: [len(labels)] * classes),
        Slip("labels for counts", lambda labels, classes: labels.tolist()),
        Slip("labels for counts", lambda labels, classes: labels.unique().tolist()),
    ),
    hints=(
        "`labels == 3` is True where the label is 3. What does `.sum()` make of it?",
        "Go through `range(classes)`; append `int((labels == number).sum())` to a list.",
    ),
    also="labels.bincount(minlength=classes) gives the same, as a tensor.",
)


def black_share(images):
    """Return which share of all pixels is black: a number from 0 to 1.

    images: uint8, shape (N, 1, height, width), from 0 (black) to 255 (white).

    >>> black_share(torch.tensor([[[[0, 255], [0, 1]]]], dtype=torch.uint8))
    0.5
    """
    return (images == 0).float().mean().item()


def _greys(count, height, width):
    """Return pictures in which black, white, dark and light pixels are of different number."""
    place = torch.arange(count * height * width)
    greys = torch.tensor([0, 0, 1, 40, 255, 0, 200, 255, 0, 130, 90])[place % 11]
    return greys.reshape(count, 1, height, width).to(torch.uint8)


def _share_per(dim):
    return lambda images: (images == 0).sum().item() / images.shape[dim]


BLACK_SHARE = Exercise(
    notebook=4,
    solution=black_share,
    cases=lambda: [
        Case((_greys(*shape),), f"images={shown}")
        for shape, shown in [
            ((1, 1, 2), "one picture, [[0, 0]]"),
            ((1, 1, 3), "one picture, [[0, 0, 1]]"),
            ((1, 2, 3), "one picture, [[0, 0, 1], [40, 255, 0]]"),
            ((2, 2, 4), "two pictures of 2×4"),
            ((3, 5, 7), "three pictures of 5×7"),
            ((40, 28, 28), "40 pictures of 28×28"),
        ]
    ],
    slips=(
        Slip("count for share", lambda images: (images == 0).sum().item()),
        Slip("per cent for share", lambda images: 100 * black_share(images)),
        Slip("others counted", lambda images: 1 - black_share(images)),
        Slip("others counted", lambda images: (images == 255).float().mean().item()),
        Slip("brightness for share", lambda images: images.float().mean().item() / 255),
        Slip("brightness for share", lambda images: 1 - images.float().mean().item() / 255),
        Slip("brightness for share", lambda images: images.float().mean().item()),
        Slip("dark for black", lambda images: (images < 128).float().mean().item()),
        Slip("dark for black", lambda images: (images < 2).float().mean().item()),
        Slip("number written in", lambda images: (images == 0).sum().item() / len(images) / 784),
        Slip("number written in", lambda images: (images == 0).sum().item() / 784),
        Slip("number written in", lambda images: (images == 0).sum().item() / 60000 / 784),
        Slip("all counted", lambda images: len(images) / images.numel()),
        Slip("zeros added up", lambda images: 0.0),
        Slip("divided by part", _share_per(0)),
        Slip("divided by part", _share_per(2)),
        Slip("divided by part", _share_per(3)),
        Slip("first picture only", lambda images: black_share(images[:1])),
    ),
    hints=(
        "`images == 0` is True where a pixel is black. How many are True, and how many are there?",
        "`.float()` makes 1 of True and 0 of False: their mean is the share.",
    ),
)

EXERCISES = (CLASS_COUNTS, BLACK_SHARE, BATCHES_IN_EPOCH, TO_BATCH)
