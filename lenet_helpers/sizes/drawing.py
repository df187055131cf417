"""Where a kernel stands: a picture of the input, the padding, the taps and the output.

The arithmetic is that of two windows, one along the height and one along the width.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import ConnectionPatch, Patch, Rectangle

from ..checks import pair
from ..show.pictures import BLACK, BLUE, GREY, ORANGE, Picture, new_figure
from .window import AXES, Side, Window, on_both_axes

Pair = tuple[int, int]
Windows = tuple[Window, Window]
PADDING, UNSEEN = "#E3E3E3", "#BDBDBD"


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
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": (1.35, 1)})
    _draw_input(left, windows, taps)
    if show_output:
        _draw_output(right, windows, (row, column))
    else:
        right.axis("off")
        right.text(0.5, 0.5, "output: ?", ha="center", va="center", fontsize=14)
    if taps and show_output:
        middle = np.mean(taps, axis=0)
        figure.add_artist(
            ConnectionPatch(
                (middle[1], middle[0]), (column, row), left.transData, right.transData,
                arrowstyle="-|>", color=BLACK, linewidth=1.2, shrinkB=3,
            )
        )  # fmt: skip
    figure.suptitle(_title(windows, show_output), fontsize=11)
    handles = _legend(windows, show_output)
    figure.legend(handles=handles, loc="lower center", ncols=4, frameon=False)
    figure.subplots_adjust(left=0.07, right=0.97, top=0.84, bottom=0.2, wspace=0.25)
    return Picture(figure, _sentence(windows, (row, column), show_output))


def _has_output(windows: Windows) -> bool:
    return all(window.output for window in windows)


def _taps(windows: Windows, place: Pair) -> list[Pair]:
    """Return the pixels of the padded input that output cell ``place`` is made of."""
    rows, columns = (window.taps(at) for window, at in zip(windows, place, strict=True))
    return [(r, c) for r in rows for c in columns]


def _draw_input(axes: Axes, windows: Windows, taps: list[Pair]) -> None:
    (height, width), (ph, pw) = (_each(windows, "padded"), _each(windows, "p"))
    pixels = np.ones((height, width, 3))
    inside = np.zeros((height, width), dtype=bool)
    inside[ph : height - ph, pw : width - pw] = True
    pixels[~inside] = to_rgb(PADDING)
    rows, columns = (window.visited() for window in windows)
    unseen = [
        (r, c)
        for r in range(height)
        for c in range(width)
        if taps and (r not in rows or c not in columns)
    ]
    for cells, colour in ((unseen, UNSEEN), (taps, ORANGE)):
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
    axes.set_title("padded input" if ph or pw else "input", fontsize=10)
    axes.set_ylabel(f"height {h}" + (f" + 2·{ph}" if ph else ""))
    axes.set_xlabel(f"width {w}" + (f" + 2·{pw}" if pw else ""))


def _draw_output(axes: Axes, windows: Windows, position: Pair) -> None:
    rows, columns = _each(windows, "output")
    if not rows or not columns:
        axes.axis("off")
        axes.text(0.5, 0.5, "no output", ha="center", va="center", fontsize=14)
        return
    pixels = np.ones((rows, columns, 3))
    pixels[position] = to_rgb(BLUE)
    _grid(axes, pixels)
    axes.set_title("output", fontsize=10)
    axes.set_ylabel(f"height {rows}")
    axes.set_xlabel(f"width {columns}")


def _grid(axes: Axes, pixels: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    height, width = pixels.shape[:2]
    axes.imshow(pixels, interpolation="nearest")
    axes.set_xticks(np.arange(width + 1) - 0.5, labels=[])
    axes.set_yticks(np.arange(height + 1) - 0.5, labels=[])
    axes.tick_params(length=0)
    axes.grid(color=GREY, linewidth=0.6)


def _legend(windows: Windows, show_output: bool) -> list[Patch | Line2D]:
    dot = Line2D(
        [], [], marker="o", color=ORANGE, markeredgecolor=BLACK, linestyle="none",
        label="taps of the kernel",
    )  # fmt: skip
    entries: list[Patch | Line2D] = [dot]
    if show_output:
        entries.append(Patch(color=BLUE, label="the output cell they make"))
    if any(_each(windows, "p")):
        entries.append(Patch(facecolor=PADDING, edgecolor=GREY, label="padding (zeros)"))
    left_out = any(len(window.visited()) < window.padded for window in windows)
    if _has_output(windows) and left_out:
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
