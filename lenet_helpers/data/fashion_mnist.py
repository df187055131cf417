"""Fashion-MNIST: find its files, or download them, or draw a stand-in and say so.

70,000 grey pictures of 28x28 pixels, ten classes of clothing: 60,000 to train, 10,000 to test.
The download address and its checksums are ``torchvision.datasets.FashionMNIST``'s.

Source of the data: Xiao, Rasul, Vollgraf, "Fashion-MNIST", 2017 (arXiv:1708.07747), MIT licence.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor

from ..prose import wrapped
from .batches import TensorBatches, check_labels
from .sets import IdxSet, MissingDataError, Split, read_set, serving
from .source import FASHION_MNIST, STAND_IN
from .stand_in import draw_garments

LABELS = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
FASHION = IdxSet(FASHION_MNIST, "FashionMNIST", "30 MB", LABELS)
_warned: set[str] = set()


def get_fashion_mnist_labels(labels: Tensor | Sequence[int]) -> list[str]:
    """Return the class name of each label: 0 is "t-shirt", 9 is "ankle boot".

    Raises:
        TypeError, ValueError: a label that is no whole number from 0 to 9.
    """
    numbers = torch.as_tensor(labels)
    check_labels(numbers, len(LABELS))
    return [LABELS[int(number)] for number in numbers]


def load_data_fashion_mnist(
    batch_size: int,
    resize: int | tuple[int, int] | None = None,
    *,
    root: str | Path | None = None,
    device: torch.device | str | None = None,
    source: Literal["auto", "Fashion-MNIST", "drawn stand-in"] = "auto",
    download: bool = True,
) -> tuple[TensorBatches, TensorBatches]:
    """Return the training batches (shuffled) and the test batches (in order).

    The whole set is loaded into memory on ``device`` once, as bytes; a batch is X float32
    (N, 1, 28, 28) in [0, 1] and y int64 (N,).

    Args:
        batch_size: Examples a batch, at least 1.
        resize: Side, or (height, width), to resize the pictures to.
        root: The folder of the four files, packed or not; or torchvision's ``FashionMNIST/raw``, or
            a folder around it. None: the environment variable LENET_DATA_DIR, else the user's cache
            folder. A read-only folder will do.
        device: Where the data lives. None: the best device present.
        source: "Fashion-MNIST" or "drawn stand-in" by name, or "auto": the real files, from
            ``root`` or downloaded, and only where neither can be had the stand-in, with a warning.
        download: Whether the files may be downloaded (30 MB) when they are not there.

    Raises:
        DataFileError: a file is damaged, or not Fashion-MNIST's; the message names it and says
            what to do.
        OSError: ``root`` cannot be read or written.
        FileNotFoundError: source="Fashion-MNIST", and no files, and no download; the message says
            what was seen.
        TypeError, ValueError: another argument that names itself.
    """
    options = serving(batch_size, resize, device)
    if source not in ("auto", FASHION_MNIST, STAND_IN):
        raise ValueError(
            f"source={source!r}: it must be 'auto', {FASHION_MNIST!r} or {STAND_IN!r}."
        )
    found = None
    if source != STAND_IN:
        try:
            found = read_set(FASHION, root, may_download=download)
        except MissingDataError as error:
            if source == FASHION_MNIST:
                raise
            _warn_once(str(error))
    train, test = found or _drawn()
    options |= {"source": FASHION_MNIST if found else STAND_IN, "classes": LABELS}
    return TensorBatches(*train, shuffle=True, **options), TensorBatches(*test, **options)


def _drawn() -> tuple[Split, Split]:
    return draw_garments(60_000, seed=0), draw_garments(10_000, seed=1)


def _warn_once(advice: str) -> None:
    if advice in _warned:
        return
    _warned.add(advice)
    rule = "=" * 88
    print(
        f"{rule}\nTHIS IS NOT FASHION-MNIST. The pictures are a {STAND_IN}: generated "
        "shapes, no photographs.\nNumbers made with them say nothing about real clothes.\n"
        f"{wrapped(advice)}\n{rule}",
        file=sys.stderr,
        flush=True,
    )
