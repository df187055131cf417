"""Where a kernel stands: a picture of the input, the padding, the taps and the output.

Under the picture is :class:`Placement`, the plain arithmetic of which pixels a kernel touches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import ConnectionPatch, Patch, Rectangle

from ._checks import pair
from .pictures import BLACK, BLUE, GREY, ORANGE, Picture, new_figure
from .sizes import Side, kernel_reach

Pair = tuple[int, int]
PADDING, UNSEEN = "#E3E3E3", "#BDBDBD"


@dataclass(frozen=True)
class Placement:
    """A kernel on an input: every field is (height, width), in pixels.

    Rows and columns are counted from 0 in the padded input.
    """

    input_size: Pair
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)

    @property
    def padded(self) -> Pair:
        """The size of the input with its padding."""
        (h, w), (ph, pw) = self.input_size, self.padding
        return h + 2 * ph, w + 2 * pw

    @property
    def reach(self) -> Pair:
        """How far the kernel reaches."""
        (kh, kw), (dh, dw) = self.kernel_size, self.dilation
        return kernel_reach(kh, dh), kernel_reach(kw, dw)

    @property
    def output(self) -> Pair:
        """The size of the output; 0 along a side where the kernel does not fit."""
        rows, columns = (
            max(0, (n - reach) // s + 1)
            for n, reach, s in zip(self.padded, self.reach, self.stride, strict=True)
        )
        return rows, columns

    def taps(self, row: int, column: int) -> list[Pair]:
        """Return the pixels of the padded input that output cell (row, column) is made of."""
        rows, columns = self._along(0, row), self._along(1, column)
        return [(r, c) for r in rows for c in columns]

    def visited(self) -> tuple[set[int], set[int]]:
        """Return the rows and the columns of the padded input that any output cell is made of."""
        rows, columns = self.output
        return (
            {r for row in range(rows) for r in self._along(0, row)},
            {c for column in range(columns) for c in self._along(1, column)},
        )

    def _along(self, axis: int, index: int) -> list[int]:
        start = index * self.stride[axis]
        return [start + tap * self.dilation[axis] for tap in range(self.kernel_size[axis])]


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
    placement = Placement(
        pair("input_size", input_size, minimum=1),
        pair("kernel_size", kernel_size, minimum=1),
        pair("stride", stride, minimum=1),
        pair("padding", padding, minimum=0),
        pair("dilation", dilation, minimum=1),
    )
    wanted = pair("position", position, minimum=0)
    rows, columns = placement.output
    row, column = max(0, min(wanted[0], rows - 1)), max(0, min(wanted[1], columns - 1))
    taps = placement.taps(row, column) if rows and columns else []
    figure = new_figure(7.6, 3.9)
    left, right = figure.subplots(1, 2, gridspec_kw={"width_ratios": (1.35, 1)})
    _draw_input(left, placement, taps)
    if show_output:
        _draw_output(right, placement, (row, column))
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
    figure.suptitle(_title(placement, show_output), fontsize=11)
    handles = _legend(placement, show_output)
    figure.legend(handles=handles, loc="lower center", ncols=4, frameon=False)
    figure.subplots_adjust(left=0.07, right=0.97, top=0.84, bottom=0.2, wspace=0.25)
    return Picture(figure, _sentence(placement, (row, column), show_output))


def _draw_input(axes: Axes, placement: Placement, taps: list[Pair]) -> None:
    (height, width), (ph, pw) = placement.padded, placement.padding
    pixels = np.ones((height, width, 3))
    inside = np.zeros((height, width), dtype=bool)
    inside[ph : height - ph, pw : width - pw] = True
    pixels[~inside] = to_rgb(PADDING)
    rows, columns = placement.visited()
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
    (h, w) = placement.input_size
    axes.set_title("padded input" if ph or pw else "input", fontsize=10)
    axes.set_ylabel(f"height {h}" + (f" + 2·{ph}" if ph else ""))
    axes.set_xlabel(f"width {w}" + (f" + 2·{pw}" if pw else ""))


def _draw_output(axes: Axes, placement: Placement, position: Pair) -> None:
    rows, columns = placement.output
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


def _legend(placement: Placement, show_output: bool) -> list[Patch | Line2D]:
    dot = Line2D(
        [], [], marker="o", color=ORANGE, markeredgecolor=BLACK, linestyle="none",
        label="taps of the kernel",
    )  # fmt: skip
    entries: list[Patch | Line2D] = [dot]
    if show_output:
        entries.append(Patch(color=BLUE, label="the output cell they make"))
    if any(placement.padding):
        entries.append(Patch(facecolor=PADDING, edgecolor=GREY, label="padding (zeros)"))
    rows, columns = placement.visited()
    height, width = placement.padded
    if rows and columns and (len(rows) < height or len(columns) < width):
        cross = Line2D([], [], marker="x", color=BLACK, linestyle="none", label="never visited")
        entries.append(cross)
    return entries


def _title(placement: Placement, show_output: bool) -> str:
    rows, columns = placement.output
    result = f": output {rows}×{columns}" if rows and columns else ": no output"
    sizes = f"Input {_by(placement.input_size)}, kernel {_by(placement.kernel_size)}"
    return sizes + (result if show_output else "")


def _sentence(placement: Placement, position: Pair, show_output: bool) -> str:
    (h, w), (rh, rw) = placement.padded, placement.reach
    options = (
        f"stride {_by(placement.stride)}, padding {_by(placement.padding)}, "
        f"dilation {_by(placement.dilation)}"
    )
    start = f"{_title(placement, show_output)}, with {options}."
    rows, columns = placement.output
    if not show_output:
        return start
    if not rows or not columns:
        side, reach, room = ("height", rh, h) if not rows else ("width", rw, w)
        return f"{start} Along the {side} the kernel reaches {reach}, the padded input is {room}."
    seen_rows, seen_columns = placement.visited()
    left_out = []
    for name, seen, size in (("rows", seen_rows, h), ("columns", seen_columns, w)):
        if len(seen) < size:
            left_out.append(f"{size - len(seen)} of {size} {name}")
    unseen = f" Never visited: {' and '.join(left_out)}." if left_out else ""
    return (
        f"{start} Output row {position[0]}, column {position[1]} is made of "
        f"{placement.kernel_size[0] * placement.kernel_size[1]} input cells.{unseen}"
    )


def _by(size: Pair) -> str:
    return f"{size[0]}×{size[1]}"
