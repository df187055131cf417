"""Batches served from tensors in memory: no worker processes, no decoding, no waiting.

Fashion-MNIST as bytes is 55 MB, so the whole set fits beside the network, on the GPU too. A batch
is then an indexing and a division. PyTorch's ``DataLoader`` solves a harder problem (a set that
does not fit in memory), and pays for it with processes, copies and one call an example.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..checks import pair, whole_number
from ..devices import find_device
from ..prose import readable
from .augmentation import Augmentation
from .source import marked

AT_ONCE = 2048 * 28 * 28  # pixels that a GPU has to do with at once: some 6 MB ...
ON_CPU = 1024 * 28 * 28  # ... and a CPU: LeNet's maps of more need new memory in each step


class TensorBatches:
    """An iterable of batches ``(X, y)``: X float32 (N, channels, H, W) in [0, 1], y int64 (N,).

    Each pass over a shuffled set draws its order on the CPU, with PyTorch's global random numbers:
    ``torch.manual_seed`` makes it repeatable, and equal on every device. The last batch is
    smaller where the batch size does not divide the number of examples.

    Args:
        images: Pixels, uint8, shape (N, height, width) or (N, channels, height, width), 0 to 255.
        labels: Class numbers, whole, shape (N,), counted from 0.
        batch_size: Examples a batch, at least 1.
        shuffle: Whether each pass has a new order.
        resize: Side, or (height, width), that each batch is resized to (bilinear, antialiased).
        device: Where the tensors live and the batches appear. None: the best device present.
        source: Where the pictures come from; kept with every result.
        classes: The name of each class; None: they have no names.
        augmentation: What happens to the pictures at random, see :meth:`augmented`.

    Raises:
        TypeError, ValueError: an argument that names itself.
    """

    def __init__(
        self,
        images: Tensor | np.ndarray[Any, Any],
        labels: Tensor | np.ndarray[Any, Any] | Sequence[int],
        batch_size: int,
        *,
        shuffle: bool = False,
        resize: int | tuple[int, int] | None = None,
        device: torch.device | str | None = None,
        source: str | None = None,
        classes: Sequence[str] | None = None,
        augmentation: Augmentation | None = None,
    ) -> None:
        self.batch_size = whole_number(
            "batch_size", batch_size, minimum=1, fix="256 is the textbook's."
        )
        self.resize = None if resize is None else pair("resize", resize, minimum=1)
        images, labels = torch.as_tensor(images), torch.as_tensor(labels)
        if images.dtype != torch.uint8:
            raise TypeError(
                f"images have dtype {images.dtype}: give torch.uint8, pixels from 0 to 255."
            )
        if images.ndim == 3:
            images = images.unsqueeze(1)  # (N, 1, height, width)
        if images.ndim != 4 or len(images) == 0 or len(images) != len(labels):
            raise ValueError(
                f"images have shape {tuple(images.shape)} and labels {tuple(labels.shape)}: "
                "give (N, 28, 28) or (N, 1, 28, 28) with (N,), for the same N of at least 1."
            )
        self.classes = None if classes is None else class_names("classes", classes)
        check_labels(labels, None if self.classes is None else len(self.classes))
        self.highest = int(labels.max())  # known here, so that nobody has to ask a GPU for it
        self.device = find_device(device)
        self.images = images.to(self.device)
        self.labels = labels.to(self.device, torch.int64)
        self.shuffle = shuffle
        self.source = source
        self.augmentation = augmentation

    @property
    def num_examples(self) -> int:
        """The number of examples in one pass."""
        return len(self.labels)

    def __len__(self) -> int:
        return math.ceil(self.num_examples / self.batch_size)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        n = self.num_examples
        order = torch.randperm(n).to(self.device) if self.shuffle else None
        change = None if self.augmentation is None else self.augmentation.drawn(self.images)
        for start in range(0, n, self._ahead()):
            here = slice(start, min(start + self._ahead(), n))
            if order is None:
                pixels, labels = self.images[here], self.labels[here]
            else:  # [] would go by pixels; this copies whole pictures, in a tenth of the time
                pixels = self.images.index_select(0, order[here])
                labels = self.labels.index_select(0, order[here])
            if change is not None:
                pixels = change(pixels, here)
            size = self.batch_size
            made = torch.split(self._pictures(pixels), size)
            yield from zip(made, torch.split(labels, size), strict=True)

    def _ahead(self) -> int:
        """Return how many examples are made ready at once: whole batches.

        Each piece of work that a GPU does takes time to start, however small it is.
        """
        batches = 1 if self.device.type == "cpu" else AT_ONCE // self._pixels() // self.batch_size
        return self.batch_size * max(1, batches)

    def _pixels(self) -> int:
        """Return how many numbers a picture has in a batch."""
        height, width = self.resize or tuple(self.images.shape[2:])
        return int(self.images.shape[1] * height * width)

    def _pictures(self, pixels: Tensor) -> Tensor:
        if self.resize is not None:
            from torchvision.transforms.v2 import functional

            pixels = functional.resize(pixels, list(self.resize), antialias=True)
        return pixels.float().div_(255)

    def to(self, device: torch.device | str) -> TensorBatches:
        """Return the same batches on ``device``; without a copy if they are there already."""
        return self._like(device=device)

    def augmented(self, *, flip: bool = False, shift: int = 0) -> TensorBatches:
        """Return the same batches with pictures that are changed at random, anew in each pass.

        Args:
            flip: Whether every second picture, on average, is mirrored left to right.
            shift: The most pixels that a picture moves, up or down and left or right; black comes
                in from the side.

        Raises:
            TypeError, ValueError: ``shift`` is not a whole number from 0 to less than a side.
        """
        side = min(self.images.shape[2:])
        if whole_number("shift", shift, minimum=0) >= side:
            raise ValueError(
                f"shift={shift}: a picture of {side} pixels a side would be gone. Give a few "
                "pixels, for example 2."
            )
        return self._like(augmentation=Augmentation(flip, shift))

    def split(self, *sizes: int, seed: int = 0) -> list[TensorBatches]:
        """Return parts that share no picture, drawn by chance: the same on every device.

        The first part is for training: shuffled and augmented as this set is. The others are served
        in order and as they are.

        Args:
            *sizes: How many pictures each part has.
            seed: Another one draws other parts.

        Raises:
            TypeError, ValueError: a size is no whole number of at least 1, or they are more than
                there are pictures.
        """
        counts = [whole_number("sizes", size, minimum=1) for size in sizes]
        if sum(counts) > self.num_examples:
            raise ValueError(
                f"sizes={sizes}: that is {sum(counts):,} pictures, and there are "
                f"{self.num_examples:,}. Ask for less."
            )
        numbers = torch.Generator().manual_seed(whole_number("seed", seed, minimum=0))
        order = torch.randperm(self.num_examples, generator=numbers).to(self.device)
        parts: list[TensorBatches] = []
        for chosen in torch.split(order[: sum(counts)], counts):
            part = {"images": self.images[chosen], "labels": self.labels[chosen]}
            later = {"shuffle": False, "augmentation": None} if parts else {}
            parts.append(self._like(**part, **later))
        return parts

    def _like(self, **changes: Any) -> TensorBatches:  # noqa: ANN401
        """Return these batches with other arguments."""
        names = ("images", "labels", "batch_size", "shuffle", "resize", "device", "source")
        same = {name: getattr(self, name) for name in (*names, "classes", "augmentation")}
        return TensorBatches(**same | changes)

    def larger(self) -> TensorBatches:
        """Return the same examples in order, in batches that keep the device busy.

        They are larger where pictures are small: what a picture is worth does not depend on it.
        """
        twin = copy.copy(self)  # the same tensors
        size = (ON_CPU if self.device.type == "cpu" else AT_ONCE) // self._pixels()
        twin.batch_size, twin.shuffle = max(self.batch_size, size), False
        return twin

    def __repr__(self) -> str:
        height, width = self.resize or tuple(self.images.shape[2:])
        order = "shuffled" if self.shuffle else "in order"
        if self.augmentation is not None:
            order += ", changed at random"
        told = marked(
            f"{len(self):,} batches of {self.batch_size:,} ({self.num_examples:,} pictures of "
            f"{height}×{width}, {order}, on {self.device})",
            self.source,
        )
        return readable(told)


def class_names(argument: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of classes as a tuple.

    Raises:
        TypeError: they are not names; the message has the argument's name.
    """
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise TypeError(
            f"{argument}={names!r}: give a name for each class, for example ('cat', 'dog')."
        )
    return tuple(names)


def check_labels(labels: Tensor, classes: int | None = None) -> None:
    """Check that every label is a whole number from 0 to ``classes`` - 1; None: of at least 0.

    Raises:
        TypeError: the labels are not whole numbers.
        ValueError: a label is out of range, or ``labels`` is not one number an example.
    """
    if labels.is_floating_point() or labels.is_complex() or labels.dtype == torch.bool:
        raise TypeError(
            f"labels have dtype {labels.dtype}: class numbers are whole, for example torch.int64."
        )
    if labels.ndim != 1:
        raise ValueError(
            f"labels have shape {tuple(labels.shape)}: give one class number an example, (N,)."
        )
    if labels.numel() > 0:
        # As int64: PyTorch counts only some kinds of whole numbers, and not uint16.
        low, high = (int(bound) for bound in torch.aminmax(labels.to(torch.int64)))
        _check_range(low, high, classes)


def check_classes(data_iter: object, y: Tensor, classes: int) -> None:
    """Check that the labels ``y``, a batch of ``data_iter``, are from 0 to ``classes`` - 1.

    Of ``TensorBatches`` all labels are checked, without waiting for a GPU.

    Raises:
        ValueError: a label is out of range.
    """
    if isinstance(data_iter, TensorBatches):
        _check_range(0, data_iter.highest, classes)
    else:
        check_labels(y, classes)


def _check_range(low: int, high: int, classes: int | None) -> None:
    if low < 0:
        raise ValueError(f"labels contain {low}: count the classes from 0.")
    if classes is not None and high >= classes:
        raise ValueError(
            f"labels contain {high}: with {classes} classes they run from 0 to {classes - 1}. "
            "Count the classes from 0, or see to it that there are as many as the labels need."
        )
