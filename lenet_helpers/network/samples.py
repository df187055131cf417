"""The pictures of the viewer: as a person sees them, and as a network gets them.

A network may have learned from normalized pictures, (picture - mean) / std. The viewer shows and
draws what a person sees, values from 0 (black) to 1 (white), and computes on what the network gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..data.batches import class_names
from ..data.source import source_of
from ..prose import counted
from .evaluation import batches_of

Level = float | Sequence[float]  # one for all channels, or one for each
MOST = 20  # pictures that are taken of batches
INK = 0.1  # a pixel above this share of white belongs to the garment
ROUNDED = 1e-4  # how far beyond black and white float32 may bring a picture


@dataclass(frozen=True)
class Levels:
    """What normalized pictures were made with: inputs = (picture - mean) / std.

    Args:
        mean: A number for each channel, float32.
        std: The same; 1 where nothing was divided.
        guessed: Whether they are read off the darkest and the lightest value.
    """

    mean: Tensor
    std: Tensor
    guessed: bool = False

    def seen(self, inputs: Tensor) -> Tensor:
        """Return the pictures of which a network gets ``inputs``, (N, channels, height, width)."""
        return inputs * self.std[:, None, None] + self.mean[:, None, None]


@dataclass(frozen=True)
class Samples:
    """Pictures to pick from.

    Args:
        inputs: What a network gets, float32 (N, channels, height, width).
        labels: Their classes, shape (N,).
        levels: How the inputs were made of the pictures.
        classes: The names of the classes, where the batches know them.
        source: Where they come from, where the batches know it.
    """

    inputs: Tensor
    labels: Tensor
    levels: Levels
    classes: tuple[str, ...] | None = None
    source: str | None = None

    @property
    def seen(self) -> Tensor:
        """The pictures as a person sees them, float32 (N, channels, height, width), 0 to 1."""
        return self.levels.seen(self.inputs)

    @property
    def note(self) -> str | None:
        """What is to be said of the pictures' values."""
        if not self.levels.guessed:
            return None
        return (
            f"The network gets values from {self.inputs.min():.2f} to {self.inputs.max():.2f}: the "
            "lowest is shown as black, the highest as white."
        )


def samples_of(
    images: object,
    labels: Tensor | Sequence[int] | None,
    mean: Level | None,
    std: Level | None,
) -> Samples:
    """Return the pictures of a tensor with labels, or the first ones of batches.

    Args:
        images: (N, channels, height, width) or (N, height, width), as a network gets them; or
            batches (X, y) of such.
        labels: Their classes, shape (N,); None for batches.
        mean: What was taken from the pictures before they were divided by ``std``. None: as the
            batches say; else nothing, or what the values tell.
        std: See ``mean``.

    Raises:
        TypeError: ``images`` is neither a tensor nor batches.
        ValueError: the arguments do not fit each other.
    """
    if isinstance(images, np.ndarray):
        images = torch.from_numpy(images)
    known: dict[str, Any] = {}
    if not isinstance(images, Tensor):
        if labels is not None:
            raise ValueError(
                f"images is a {type(images).__name__}, and labels are given: give a tensor of "
                "pictures with labels, or batches (X, y) alone."
            )
        batches = _iterable(images)
        known = {"classes": _classes_of(batches), "source": source_of(batches)}
        if mean is None and std is None:
            mean, std = _normalization_of(batches)
        images, labels = _first_of(batches)
    if labels is None:
        raise ValueError("labels is None: give one label for each picture, or batches as images.")
    inputs, numbers = _inputs(images), torch.as_tensor(labels)
    if numbers.shape != (len(inputs),):
        raise ValueError(
            f"labels has shape {tuple(numbers.shape)} and images has {len(inputs)} pictures: "
            "give one label for each picture."
        )
    is_stated = not (mean is None and std is None)
    levels = _stated(inputs, mean, std) if is_stated else _read_off(inputs)
    return Samples(inputs, numbers.cpu(), levels, **known)


def _iterable(images: object) -> Iterable[Any]:
    if isinstance(images, Iterable) and not isinstance(images, str):
        return images
    raise TypeError(
        f"images has the type {type(images).__name__}: give a tensor of shape (N, 1, H, W) or "
        "(N, H, W), or batches (X, y)."
    )


def _first_of(batches: Iterable[Any]) -> tuple[Tensor, Tensor]:
    """Return the first pictures of batches, and their labels."""
    pictures: list[Tensor] = []
    labels: list[Tensor] = []
    for X, y in batches_of("images", batches):
        if not isinstance(X, Tensor):
            raise TypeError("images yields several inputs in a batch: the viewer takes one.")
        pictures.append(X)
        labels.append(y)
        if sum(map(len, labels)) >= MOST:
            break
    if not pictures:
        raise ValueError("images yields no batches: give at least one (X, y).")
    return torch.cat(pictures)[:MOST], torch.cat(labels)[:MOST]


def _inputs(images: Tensor) -> Tensor:
    """Return pictures as float32 (N, channels, height, width) on the CPU."""
    shape = tuple(images.shape)
    if images.ndim not in (3, 4) or len(images) == 0:
        raise ValueError(f"images is {shape}: give a tensor of shape (N, 1, H, W) or (N, H, W).")
    pictures = images[:, None] if images.ndim == 3 else images
    if pictures.shape[1] not in (1, 3):
        raise ValueError(
            f"images has shape {shape}: the viewer takes grey pictures, one channel, or pictures "
            "in colour, three channels, (N, 3, H, W)."
        )
    pictures = pictures.detach().cpu().float()
    if not pictures.isfinite().all():
        raise ValueError("images has values that are infinite or NaN: give finite numbers.")
    return pictures


# ---------------------------------------------------------------- what the batches know


def _parts(value: object, name: str) -> Iterator[Any]:
    """Yield ``value`` and what is below it under an attribute: a Subset has a dataset."""
    while value is not None:
        yield value
        value = getattr(value, name, None)


def _classes_of(batches: object) -> tuple[str, ...] | None:
    for part in _parts(batches, "dataset"):
        names = getattr(part, "classes", None)
        if names is not None:
            try:
                return class_names("classes", names)
            except TypeError:
                continue  # it means something else by that word
    return None


def _normalization_of(batches: object) -> tuple[Level | None, Level | None]:
    """Return mean and std of the one Normalize among the transforms of a data set."""
    found = [
        step
        for part in _parts(batches, "dataset")
        for step in _steps(getattr(part, "transform", None))
        if type(step).__name__ == "Normalize" and hasattr(step, "mean") and hasattr(step, "std")
    ]
    return (found[0].mean, found[0].std) if len(found) == 1 else (None, None)


def _steps(transform: object) -> Iterator[object]:
    """Yield a transform, or those that it is composed of."""
    inner = getattr(transform, "transforms", None)
    if inner is None and isinstance(transform, torch.nn.Sequential):
        inner = transform
    if inner is None:
        yield transform
        return
    for step in inner:
        yield from _steps(step)


# ---------------------------------------------------------------- black and white


def _stated(inputs: Tensor, mean: Level | None, std: Level | None) -> Levels:
    """Return mean and std as a number for each channel, checked against the pictures."""
    channels = inputs.shape[1]
    given = {"mean": mean, "std": std}
    numbers_of = {}
    for name, level in given.items():
        if level is None:
            other = "std" if name == "mean" else "mean"
            raise ValueError(f"{name} is None and {other}={given[other]!r}: give both, or neither.")
        numbers = torch.as_tensor(level, dtype=torch.float32).flatten()
        if len(numbers) not in (1, channels):
            raise ValueError(
                f"{name}={level!r} has {len(numbers)} numbers and the pictures have "
                f"{counted(channels, 'channel')}: give one number, or one for each channel."
            )
        if not numbers.isfinite().all():
            raise ValueError(f"{name}={level!r}: give finite numbers.")
        numbers_of[name] = numbers.expand(channels).clone()
    levels = Levels(numbers_of["mean"], numbers_of["std"])
    if not (levels.std > 0).all():
        raise ValueError(f"std={std!r}: it must be above 0, since the pictures are divided by it.")
    seen = levels.seen(inputs)
    if (levels.mean > 0).any() and inputs.min() >= 0:
        raise ValueError(
            f"images has no value below 0, but with mean={mean!r} whatever is darker would be: "
            "give the pictures as the network gets them, (images - mean) / std, or leave mean and "
            "std out."
        )
    if seen.min() < -ROUNDED or seen.max() > 1 + ROUNDED:
        raise ValueError(
            f"images has values from {inputs.min():g} to {inputs.max():g}; with mean={mean!r} and "
            f"std={std!r} the pictures would have {seen.min():.3g} to {seen.max():.3g} where 0 is "
            "black and 1 white: give the numbers that they were normalized with."
        )
    return levels


def _read_off(inputs: Tensor) -> Levels:
    """Return mean and std where nobody says them: 0 and 1, or a guess for normalized pictures.

    Only those have values below 0. The guess is that each channel has black and white somewhere.
    """
    channels = inputs.shape[1]
    low, high = inputs.min(), inputs.max()
    if low >= 0 and high <= 1:
        return Levels(torch.zeros(channels), torch.ones(channels))
    if low >= 0:
        raise ValueError(
            f"images has values from {low:g} to {high:g}: give 0 to 1 (divide bytes by 255)."
        )
    lowest, highest = inputs.amin((0, 2, 3)), inputs.amax((0, 2, 3))
    std = 1 / torch.where(highest > lowest, highest - lowest, 1)
    return Levels(-lowest * std, std, guessed=True)


# ---------------------------------------------------------------- how they lie in their frame


def usual_placing(pictures: Tensor) -> dict[str, float]:
    """Return how pictures (N, H, W) lie in their frame: medians over ``pictures``.

    ``longest``: the longer side of the box around the garment, in pixels; ``down`` and ``across``:
    how far the box lies from the middle, in pixels; ``fill``: the mean brightness in the box.
    """
    found = []
    for picture in pictures.numpy():
        rows, columns = np.nonzero(picture >= INK)
        if len(rows) == 0:
            continue
        top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
        height, width = picture.shape
        found.append(
            (
                max(bottom - top, right - left),
                (top + bottom - height) / 2,
                (left + right - width) / 2,
                picture.sum() / ((bottom - top) * (right - left)),
            )
        )
    middle = np.median(np.array(found or [(pictures.shape[1], 0, 0, 0.5)]), axis=0)
    names = ("longest", "down", "across", "fill")
    return {name: round(float(value), 4) for name, value in zip(names, middle, strict=True)}
