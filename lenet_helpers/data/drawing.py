"""Pictures of pictures: a grid of images, each with its label.

``show_images`` has the name and arguments of the d2l textbook's.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..checks import whole_number
from ..prose import counted
from ..show.pictures import Picture, new_figure, painted
from .source import marked

Images = Tensor | Sequence[Any]
Pixels = np.ndarray[Any, Any]


def draw_images(
    imgs: Images,
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
    *,
    title: str = "Pictures",
    source: str | None = None,
    values: bool | Sequence[bool] = False,
) -> Picture:
    """Return a grid of ``num_rows`` by ``num_cols`` images with a title each.

    Args:
        imgs: Grey images of shape (N, height, width) or (N, 1, height, width), or coloured ones of
            shape (N, 3, height, width) or (N, height, width, 3), on any device; or a list of such
            images, also PIL's. Grey ones may have any values: black is the smallest. Coloured ones
            are bytes, or floats from 0 to 1. The first ``num_rows * num_cols`` are drawn.
        num_rows: Rows, at least 1.
        num_cols: Columns, at least 1.
        titles: The words over each image.
        scale: Inches an image.
        title: The title of the whole picture.
        source: Where the images come from: ``train_iter.source``. A drawn stand-in is named.
        values: Whether the images are no pictures but numbers, such as kernels, maps or gradients,
            for all or for each. These have one scale and the colours of ``lenet_viewer``: purple
            below zero and orange above; or from black to yellow where none is below zero.

    Raises:
        ValueError: an image is neither grey nor coloured, or there are fewer titles, or entries of
            ``values``, than images to draw.
    """
    num_rows = whole_number("num_rows", num_rows, minimum=1)
    num_cols = whole_number("num_cols", num_cols, minimum=1)
    drawn = [_pixels(image) for image in list(imgs)[: num_rows * num_cols]]
    if not drawn:
        raise ValueError("imgs is empty: give at least one image.")
    if titles is not None and len(titles) < len(drawn):
        raise ValueError(
            f"titles has {len(titles)} entries for {len(drawn)} images: give one an image."
        )
    of_values = [values] * len(drawn) if isinstance(values, bool) else list(values)
    if len(of_values) < len(drawn):
        raise ValueError(
            f"values has {len(of_values)} entries for {len(drawn)} images: give one an image, or "
            "one for all."
        )
    numbers = [image for image, is_values in zip(drawn, of_values, strict=False) if is_values]
    pictures = [image for image, is_values in zip(drawn, of_values, strict=False) if not is_values]
    scale_of_values = painted(numbers) if numbers else {}
    figure = new_figure(max(num_cols * scale, 3.0), num_rows * scale * 1.2 + 0.5)
    figure.set_layout_engine("constrained")
    axes = figure.subplots(num_rows, num_cols, squeeze=False).ravel()
    for i, cell in enumerate(axes):
        cell.axis("off")
        if i < len(drawn):
            shown = cell.imshow(drawn[i], **(scale_of_values if of_values[i] else {"cmap": "gray"}))
            if titles is not None:
                cell.set_title(str(titles[i]), fontsize=10)
            if of_values[i]:
                colours = shown
    if numbers:
        figure.colorbar(colours, ax=list(axes), shrink=0.8, label="value")
    heading = marked(title, source)
    figure.suptitle(heading, fontsize=12)
    named = f": {_told(titles[: len(drawn)])}" if titles is not None else ""
    return Picture(figure, f"{heading}. {_counted(pictures, numbers)}, row by row{named}.")


def show_images(
    imgs: Images,
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
) -> None:
    """Show a grid of images at once; :func:`draw_images` has more to choose from."""
    draw_images(imgs, num_rows, num_cols, titles, scale).show()


def _counted(pictures: Sequence[Pixels], numbers: Sequence[Pixels]) -> str:
    """Return how many images of which kind there are, and what their values reach."""
    kinds = {"grey image" if image.ndim == 2 else "coloured image" for image in pictures}
    kind = kinds.pop() if len(kinds) == 1 else "image"
    told = [counted(len(pictures), kind)] if pictures else []
    if numbers:
        low, high = min(one.min() for one in numbers), max(one.max() for one in numbers)
        told.append(f"{counted(len(numbers), 'image')} of values from {low:.2g} to {high:.2g}")
    return " and ".join(told)


def _told(titles: Sequence[str]) -> str:
    """Return the titles as a list in words: "8 × coat, 1 × bag" where they repeat."""
    lines = [": ".join(str(title).splitlines()) for title in titles]
    groups = [(name, len(list(group))) for name, group in groupby(lines)]
    return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in groups)


def _pixels(image: Any) -> Pixels:  # noqa: ANN401 (tensor, array or PIL image)
    """Return an image as Matplotlib takes it: (height, width), or (height, width, 3) in colour."""
    tensor = image if isinstance(image, Tensor) else torch.from_numpy(np.array(image))
    while tensor.ndim > 3 and len(tensor) == 1:  # a batch of one
        tensor = tensor[0]
    if tensor.ndim == 3 and tensor.shape[0] in (1, 3):  # PyTorch has the channels first
        tensor = tensor.permute(1, 2, 0)
    if tensor.ndim == 3 and tensor.shape[2] == 1:
        tensor = tensor[:, :, 0]
    if tensor.ndim != 2 and (tensor.ndim != 3 or tensor.shape[2] != 3):
        raise ValueError(
            f"imgs holds an image of shape {tuple(tensor.shape)}: give grey ones, (height, width) "
            "or (1, height, width), or coloured ones, (3, height, width) or (height, width, 3)."
        )
    if tensor.dtype == torch.bfloat16:  # NumPy has no such numbers
        tensor = tensor.float()
    pixels: Pixels = tensor.detach().cpu().numpy()
    if pixels.ndim == 2:
        return pixels
    top = 1 if pixels.dtype.kind == "f" else 255
    if pixels.min() < -top / 255 or pixels.max() > top + top / 255:  # by more than rounding
        raise ValueError(
            f"imgs holds a coloured image with values from {pixels.min():.3g} to "
            f"{pixels.max():.3g}: colours run from 0 to 1 (floats) or from 0 to 255 (bytes). "
            "Undo the normalisation, or divide by 255."
        )
    return pixels.clip(0, top)
