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
from ..show.pictures import Picture, new_figure
from .source import marked

Images = Tensor | Sequence[Any]


def draw_images(
    imgs: Images,
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
    *,
    title: str = "Pictures",
    source: str | None = None,
) -> Picture:
    """Return a grid of ``num_rows`` by ``num_cols`` grey images with a title each.

    Args:
        imgs: Images of shape (N, height, width) or (N, 1, height, width), on any device, float or
            bytes; or a list of such images. The first ``num_rows * num_cols`` are drawn.
        num_rows: Rows, at least 1.
        num_cols: Columns, at least 1.
        titles: The words over each image.
        scale: Inches an image.
        title: The title of the whole picture.
        source: Where the images come from: ``train_iter.source``. A drawn stand-in is named.

    Raises:
        ValueError: an image is not grey, or there are fewer titles than images to draw.
    """
    num_rows = whole_number("num_rows", num_rows, minimum=1)
    num_cols = whole_number("num_cols", num_cols, minimum=1)
    drawn = [_grey(image) for image in list(imgs)[: num_rows * num_cols]]
    if not drawn:
        raise ValueError("imgs is empty: give at least one image.")
    if titles is not None and len(titles) < len(drawn):
        raise ValueError(
            f"titles has {len(titles)} entries for {len(drawn)} images: give one an image."
        )
    figure = new_figure(max(num_cols * scale, 3.0), num_rows * scale * 1.2 + 0.5)
    axes = figure.subplots(num_rows, num_cols, squeeze=False).ravel()
    for i, cell in enumerate(axes):
        cell.axis("off")
        if i < len(drawn):
            cell.imshow(drawn[i], cmap="gray")
            if titles is not None:
                cell.set_title(str(titles[i]), fontsize=9)
    heading = marked(title, source)
    figure.suptitle(heading, fontsize=12)
    figure.tight_layout()
    named = f": {_told(titles[: len(drawn)])}" if titles is not None else ""
    return Picture(figure, f"{heading}. {len(drawn)} grey images, row by row{named}.")


def show_images(
    imgs: Images,
    num_rows: int,
    num_cols: int,
    titles: Sequence[str] | None = None,
    scale: float = 1.5,
) -> None:
    """Show a grid of images at once; :func:`draw_images` has more to choose from."""
    draw_images(imgs, num_rows, num_cols, titles, scale).show()


def _told(titles: Sequence[str]) -> str:
    """Return the titles as a list in words: "8 × coat, 1 × bag" where they repeat."""
    lines = [": ".join(str(title).splitlines()) for title in titles]
    groups = [(name, len(list(group))) for name, group in groupby(lines)]
    return ", ".join(name if count == 1 else f"{count} × {name}" for name, count in groups)


def _grey(image: Any) -> np.ndarray[Any, Any]:  # noqa: ANN401 (tensor, array or PIL image)
    tensor = image if isinstance(image, Tensor) else torch.from_numpy(np.array(image))
    pixels: np.ndarray[Any, Any] = tensor.detach().cpu().numpy().squeeze()
    if pixels.ndim != 2:
        raise ValueError(
            f"imgs holds an image of shape {tuple(tensor.shape)}: give grey ones, (height, width) "
            "or (1, height, width)."
        )
    return pixels
