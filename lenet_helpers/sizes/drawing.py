"""Where a kernel stands: a picture of the input, the padding, the taps and the output.

The arithmetic is that of two windows, one along the height and one along the width.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import ConnectionPatch, Patch, Rectangle

from ..checks import pair
from ..show.pictures import BLACK, GREY, PIXEL, TAP, Picture, new_figure
from .window import AXES, Side, Window, on_both_axes

Pair = tuple[int, int]
Windows = tuple[Window, Window]
UNSEEN = "#BDBDBD"


def draw_convolution(
    input_size: Side,
    kernel_size: Side,
    *,
    stride: Side = 1,
    padding: Side = 0,
    dilation: Side = 1,
    position: Pair = (0, 0),
    show_output: bool = True,
) -> Picture:
    """Return a picture of a kernel on its input and of the output cell that it makes.

    Where no output is left, the picture and its sentence say so.

    Args:
        input_size: Pixels a side, or (height, width).
        kernel_size: Taps a side, or (height, width).
        stride: Pixels from one place to the next.
        padding: Pixels added at each end.
        dilation: Pixels from one tap to the next.
        position: Row and column of the output cell to show; past the end the last one is shown.
        show_output: Whether to draw the output and say its size; False asks the reader.

    Raises:
        TypeError, ValueError: an argument out of its range.
    """
    windows = on_both_axes(
        input_size, kernel_size, stride=stride, padding=padding, dilation=dilation
    )
    wanted = pair("position", position, minimum=0)
    place = [max(0, min(at, window.output - 1)) for at, window in zip(wanted, windows, strict=True)]
    row, column = place
    taps = _taps(windows, (row, column)) if _has_output(windows) else []
    figure = new_figure(7.6, 3.9)
    left, right = _places(figure, windows, show_output)
    _draw_input(left, windows, taps, mark_unseen=show_output)
    right.axis("off")
    if not show_output:
        right.text(0.5, 0.5, "output: ?", ha="center", va="center", fontsize=14)
    elif not taps:
        right.text(0.5, 0.5, "no output", ha="center", va="center", fontsize=14)
    else:
        right.axis("on")
        _draw_output(right, windows, (row, column))
        last = max(c for _, c in taps), sum(r for r, _ in taps) / len(taps)
        figure.add_artist(
            ConnectionPatch(
                (last[0] + 0.5, last[1]), (column - 0.5, row), left.transData, right.transData,
                arrowstyle="-|>", color=BLACK, linewidth=1.2,
            )
        )  # fmt: skip
    figure.suptitle(_title(windows, show_output), fontsize=12)
    handles = _legend(windows, show_output)
    figure.legend(handles=handles, loc="lower center", ncols=4, frameon=False)
    return Picture(figure, _sentence(windows, (row, column), show_output))


def _has_output(windows: Windows) -> bool:
    return all(window.output for window in windows)


def _taps(windows: Windows, place: Pair) -> list[Pair]:
    """Return the pixels of the padded input that output cell ``place`` is made of."""
    rows, columns = (window.taps(at) for window, at in zip(windows, place, strict=True))
    return [(r, c) for r in rows for c in columns]


def _draw_input(axes: Axes, windows: Windows, taps: list[Pair], *, mark_unseen: bool) -> None:
    (height, width), (ph, pw) = (_each(windows, "padded"), _each(windows, "p"))
    pixels = np.ones((height, width, 3))
    pixels[ph : height - ph, pw : width - pw] = to_rgb(PIXEL)
    rows, columns = (window.visited() for window in windows)
    unseen = [
        (r, c)
        for r in range(height)
        for c in range(width)
        if mark_unseen and taps and (r not in rows or c not in columns)
    ]
    for cells, colour in ((unseen, UNSEEN), (taps, TAP)):
        for r, c in cells:
            pixels[r, c] = to_rgb(colour)
    _grid(axes, pixels)
    size = max(2.0, 60 / max(height, width))
    if unseen:
        axes.plot([c for _, c in unseen], [r for r, _ in unseen], "x", color=BLACK, markersize=size)
    if taps:
        axes.plot([c for _, c in taps], [r for r, _ in taps], "o", color=BLACK, markersize=size / 2)
    if ph or pw:
        edge = Rectangle(
            (pw - 0.5, ph - 0.5), width - 2 * pw, height - 2 * ph, fill=False, linestyle="--",
            edgecolor=BLACK, linewidth=1.5,
        )  # fmt: skip
        axes.add_patch(edge)
    h, w = _each(windows, "n")
    axes.set_title("padded input" if ph or pw else "input")
    axes.set_ylabel(f"height {h}" + (f" + 2·{ph}" if ph else ""))
    axes.set_xlabel(f"width {w}" + (f" + 2·{pw}" if pw else ""))


def _draw_output(axes: Axes, windows: Windows, position: Pair) -> None:
    rows, columns = _each(windows, "output")
    pixels = np.ones((rows, columns, 3))
    pixels[position] = to_rgb(TAP)  # lit like the taps that make it
    _grid(axes, pixels)
    axes.set_title("output")
    axes.yaxis.set_label_position("right")  # on the left the arrow would cross it
    axes.set_ylabel(f"height {rows}", labelpad=10)
    axes.set_xlabel(f"width {columns}")


def _places(figure: Figure, windows: Windows, show_output: bool) -> tuple[Axes, Axes]:
    """Return the axes of input and output: their cells are equally large."""
    inputs = _each(windows, "padded")
    outputs = _each(windows, "output") if show_output and _has_output(windows) else inputs
    width, height = figure.get_size_inches()
    gap, room, top = 1.0, height - 1.35, height - 0.65  # inches
    cell = min(room / max(inputs[0], outputs[0]), (width - gap - 1.0) / (inputs[1] + outputs[1]))
    x = (width - gap - cell * (inputs[1] + outputs[1])) / 2
    places = []
    for rows, columns in (inputs, outputs):
        size = columns * cell, rows * cell
        box = (x / width, (top - size[1]) / height, size[0] / width, size[1] / height)
        places.append(figure.add_axes(box))
        x += size[0] + gap
    return places[0], places[1]


def _grid(axes: Axes, pixels: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    height, width = pixels.shape[:2]
    axes.imshow(pixels, interpolation="nearest")
    axes.set_xticks(np.arange(width + 1) - 0.5, labels=[])
    axes.set_yticks(np.arange(height + 1) - 0.5, labels=[])
    axes.tick_params(length=0)
    axes.grid(color=GREY, linewidth=0.6)


def _legend(windows: Windows, show_output: bool) -> list[Patch | Line2D]:
    dot = Line2D(
        [], [], marker="o", color=BLACK, linestyle="none", label="taps of the kernel",
    )  # fmt: skip
    entries: list[Patch | Line2D] = [dot]
    if show_output:
        made = Patch(facecolor=TAP, edgecolor=GREY, label="the output cell they make")
        entries.append(made)
    if any(_each(windows, "p")):
        frame = Line2D([], [], color=BLACK, linestyle="--", label="edge of the input")
        entries.append(frame)
    left_out = any(len(window.visited()) < window.padded for window in windows)
    if show_output and _has_output(windows) and left_out:
        cross = Line2D([], [], marker="x", color=BLACK, linestyle="none", label="never visited")
        entries.append(cross)
    return entries


def _title(windows: Windows, show_output: bool) -> str:
    result = f": output {_by(windows, 'output')}" if _has_output(windows) else ": no output"
    sizes = f"Input {_by(windows, 'n')}, kernel {_by(windows, 'k')}"
    return sizes + (result if show_output else "")


def _sentence(windows: Windows, position: Pair, show_output: bool) -> str:
    options = (
        f"stride {_by(windows, 's')}, padding {_by(windows, 'p')}, dilation {_by(windows, 'd')}"
    )
    start = f"{_title(windows, show_output)}, with {options}."
    if not show_output:
        return start
    for axis, window in zip(AXES, windows, strict=True):
        if window.output == 0:
            return f"{start} Along the {axis} {window.why_none()}."
    left_out = [
        f"{window.padded - len(window.visited())} of {window.padded} {lines}"
        for lines, window in zip(("rows", "columns"), windows, strict=True)
        if len(window.visited()) < window.padded
    ]
    unseen = f" Never visited: {' and '.join(left_out)}." if left_out else ""
    kh, kw = _each(windows, "k")
    return (
        f"{start} Output row {position[0]}, column {position[1]} is made of {kh * kw} input "
        f"cells.{unseen}"
    )


def _each(windows: Windows, number: str) -> Pair:
    height, width = (int(getattr(window, number)) for window in windows)
    return height, width


def _by(windows: Windows, number: str) -> str:
    height, width = _each(windows, number)
    return f"{height}×{width}"
