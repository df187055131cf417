"""A figure as a PNG file: sharp on any screen, and yet small and quickly made.

Screens with two pixels where a page counts one are common: a file has twice as many pixels each way
as the picture takes on the page, and whoever shows it says how wide it is to be. What makes it four
times as large is saved elsewhere: a figure has few colours, so a file has one byte for each pixel.
"""

from __future__ import annotations

import base64
import html
import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

DPI = 100  # pixels of the page an inch of a figure
SHARP = 2  # pixels of the file for each of them, both ways
WHITE = 0xFFFFFFFF  # a pixel as one number
WHITES = np.full((1, 3), 255, dtype=np.uint8)  # the first entry of every table
COLOURS = 255  # in a file besides white
FREQUENT = 223  # of them are the most frequent; the others, those that would be most wrong
STRAY = 0.05  # of the pixels may get the colour next to theirs: the seams of lines and letters
EFFORT = 3  # of the compression: 6 takes three times as long for a seventh less

Pixels = np.ndarray[tuple[int, ...], np.dtype[np.uint32]]
Palette = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]


def png(figure: Figure) -> bytes:
    """Return ``figure`` as PNG bytes, ``SHARP`` pixels for each of the page."""
    with sharp(figure) as canvas:
        canvas.draw()  # type: ignore[no-untyped-call]
        return encoded(canvas)


@contextmanager
def sharp(figure: Figure) -> Iterator[FigureCanvasAgg]:
    """Give a canvas on which ``figure`` is drawn with ``SHARP`` pixels for each of the page."""
    canvas, dpi = figure.canvas, figure.dpi
    if not isinstance(canvas, FigureCanvasAgg):  # once a figure: each has room for its pixels
        canvas = FigureCanvasAgg(figure)
    figure.dpi = DPI * SHARP
    try:
        yield canvas
    finally:
        figure.dpi = dpi


def encoded(canvas: FigureCanvasAgg) -> bytes:
    """Return what is drawn on ``canvas`` as PNG bytes."""
    shown = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    pixels = shown.view(np.uint32)[:, :, 0]  # each as one number
    image = _with_palette(pixels) or Image.fromarray(_rgb(pixels))
    buffer = io.BytesIO()
    image.save(buffer, "png", compress_level=EFFORT)
    return buffer.getvalue()


def width_of(data: bytes) -> int:
    """Return how wide the PNG file ``data`` is to be shown, in pixels of the page."""
    return int(struct.unpack(">I", data[16:20])[0]) // SHARP  # where a PNG file has its width


def image_bundle(data: bytes, alt: str, plain: str | None = None) -> tuple[Any, Any]:
    """Return the (data, metadata) of a notebook output that shows the PNG file ``data``.

    Args:
        data: The file.
        alt: What it shows: its alternative text, in the metadata.
        plain: The plain text of the output; None: ``alt``.
    """
    shown = {"image/png": base64.b64encode(data).decode("ascii"), "text/plain": plain or alt}
    return shown, {"image/png": {"alt": alt, "width": width_of(data)}}


def image_tag(data: bytes, alt: str) -> str:
    """Return the HTML element that shows the PNG file ``data``, and says ``alt``.

    It has no height: a page that makes it narrower keeps its proportions.
    """
    source = f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}"
    # Not every page limits its pictures; one that takes the style away (an untrusted notebook in
    # JupyterLab, a code host) does.
    limit = 'style="max-width:100%"'
    return f'<img alt="{html.escape(alt)}" width="{width_of(data)}" src="{source}" {limit}>'


def _with_palette(pixels: Pixels) -> Image.Image | None:
    """Return the picture with a table of its colours; None if it has too many."""
    places = np.flatnonzero(pixels != WHITE)
    inked = pixels.ravel()[places]
    found, counts = np.unique(inked, return_counts=True)
    which = np.searchsorted(found, inked)  # return_inverse would take four times as long
    kept, entries = _chosen(_rgb(found).astype(np.int32), counts)
    if counts.sum() - counts[kept].sum() > STRAY * pixels.size:
        return None
    table = np.concatenate([WHITES, _rgb(found[kept])])
    cells = np.zeros(pixels.size, dtype=np.uint8)
    cells[places] = entries[which]
    image = Image.fromarray(cells.reshape(pixels.shape))
    image.putpalette(table.tobytes())
    return image


def _chosen(colours: Any, counts: Any) -> tuple[Any, Any]:  # noqa: ANN401 (arrays)
    """Return which ``colours`` a table has after white, and for each of them its entry there.

    Those that have none of their own get the nearest. By their ``counts`` alone, the end of a
    colour bar would be lost: each of its colours is rare.

    Args:
        colours: int32 (N, 3).
        counts: How many pixels have each, integers (N,).

    Returns:
        Their places in ``colours``, at most ``COLOURS``, and uint8 (N,).
    """
    order = np.argsort(-counts, kind="stable")
    kept, rare = list(order[:FREQUENT]), order[FREQUENT:]
    entries = np.empty(len(colours), dtype=np.uint8)
    entries[kept] = np.arange(1, len(kept) + 1)
    left, weights = colours[rare], counts[rare]
    squares = _squares(left, np.concatenate([WHITES, colours[kept]]))
    nearest, apart = squares.argmin(axis=1), squares.min(axis=1)
    for _ in range(min(COLOURS - FREQUENT, len(rare))):
        worst = int((apart * weights).argmax())
        kept.append(rare[worst])
        away = left - left[worst]
        new = np.einsum("ij,ij->i", away, away)
        closer = new < apart
        nearest[closer], apart[closer] = len(kept), new[closer]
    entries[rare] = nearest
    return np.array(kept, dtype=int), entries


def _squares(colours: Any, table: Any) -> Any:  # noqa: ANN401 (arrays)
    """Return the square of the distance of each of ``colours`` to each in ``table``.

    Without a product of matrices: NumPy's threads for it would go on waiting actively for more of
    the kind, and take the cores from a training whose plot this is.

    Args:
        colours: int32 (N, 3).
        table: int32 (M, 3).

    Returns:
        int32 (N, M).
    """
    squares = np.zeros((len(colours), len(table)), dtype=np.int32)
    apart = np.empty_like(squares)
    for one, other in zip(colours.T, table.T, strict=True):  # red, green, blue
        np.subtract.outer(one, other, out=apart)
        squares += np.multiply(apart, apart, out=apart)
    return squares


def _rgb(pixels: Pixels) -> Palette:
    """Return red, green and blue of each pixel, in a last axis."""
    return np.ascontiguousarray(pixels)[..., None].view(np.uint8)[..., :3]
