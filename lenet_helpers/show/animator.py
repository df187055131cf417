"""A plot that grows while the computation runs: one figure, one display, updated in place.

Drawing costs more than computing a small batch, so the plot is drawn a few times a second at most,
more seldom where drawing is slow, and always once more when the cell ends. The picture keeps its
size, so the page does not jump. Outside a notebook the same numbers appear as lines of text.

The name and the first arguments are those of the d2l textbook's ``Animator``.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..prose import readable, say
from .encoding import image_bundle
from .live import Backdrop, height_to_ticks
from .pictures import Picture, in_notebook, looks, new_figure

Number = Any  # a float, an int, a NumPy or torch scalar
TEXT_PAUSE = 2.0  # seconds between two lines of text, where there is no picture
SHARE = 0.005  # of the time goes into drawing at most ...
LONGEST_PAUSE = 2.0  # ... unless the plot then stood still for longer than these seconds
ABOVE = 3  # the place of the curves in the drawing: over grid, ticks and frame


class Screen(Protocol):
    """Where a live plot is shown."""

    def is_there(self) -> bool:
        """Return True where a picture can be shown; elsewhere the points are told as text."""

    def show(self, picture: bytes, plain: str, alt: str) -> None:
        """Show a PNG file in place of the one before it.

        Args:
            picture: The file.
            plain: A text that stays the same from picture to picture.
            alt: What this picture shows.
        """

    def watch(self, flush: Callable[[], None]) -> None:
        """See to it that ``flush`` is called when no more points will come."""


class CellScreen:
    """The place under the running cell of a notebook."""

    def __init__(self) -> None:
        self._handle: Any = None
        self._flush: Callable[[], None] | None = None

    def is_there(self) -> bool:
        """Return True in a notebook."""
        return in_notebook()

    def show(self, picture: bytes, plain: str, alt: str) -> None:
        """Show ``picture`` under the cell."""
        from IPython.display import display

        # The plain text stays the same from update to update: saved notebooks can be compared.
        data, metadata = image_bundle(picture, alt, plain)
        if self._handle is None:
            self._handle = display(data, raw=True, metadata=metadata, display_id=True)
        else:
            self._handle.update(data, raw=True, metadata=metadata)

    def watch(self, flush: Callable[[], None]) -> None:
        """Call ``flush`` when the running cell ends, however it ends."""
        from IPython import get_ipython

        if self._flush is None:
            get_ipython().events.register("post_run_cell", self._cell_ended)
        self._flush = flush

    def _cell_ended(self, *_: object) -> None:
        from IPython import get_ipython

        get_ipython().events.unregister("post_run_cell", self._cell_ended)
        flush, self._flush = self._flush, None
        if self._handle is not None and flush is not None:
            flush()  # an update only: a new display here would show twice
        self._handle = None  # points added by a later cell appear under that cell


class _Pace:
    """When to draw again: not too often, and not for too much of the time."""

    def __init__(self, max_fps: float) -> None:
        self._shortest = self._pause = 1.0 / max_fps
        self._last: float | None = None

    def is_time(self) -> bool:
        return self._last is None or time.monotonic() - self._last >= self._pause

    def drawn(self, began: float) -> None:
        """Note that a picture has been drawn since ``began``."""
        first, self._last = self._last is None, time.monotonic()
        if not first:  # the first picture loads fonts: it says nothing about the next ones
            slow = (self._last - began) / SHARE
            self._pause = max(self._shortest, min(slow, LONGEST_PAUSE))

    def start_anew(self) -> None:
        """Draw the next point at once."""
        self._last = None


@dataclass(frozen=True)
class _Style:
    """What the plot is called, and how it looks."""

    xlabel: str
    title: str
    names: tuple[str, ...]
    xlim: Sequence[float] | None
    ylim: Sequence[float] | None
    fmts: Sequence[str] | None

    def name(self, curve: int) -> str:
        return self.names[curve] if curve < len(self.names) else f"curve {curve + 1}"


class Animator:
    """Curves that are drawn while their points arrive.

    Args:
        xlabel: What x counts, for example "epoch".
        ylabel: What the curves measure.
        legend: A name a curve.
        xlim: The x range to show from the start; points outside it widen it.
        ylim: The y range; None: what the points need.
        xscale: "linear" or "log".
        yscale: "linear" or "log".
        fmts: matplotlib format strings, one a curve; None: colours, line styles and markers that
            colour-blind readers can tell apart.
        nrows: Rows of axes; the curves are in the first.
        ncols: Columns of axes.
        figsize: Width and height in inches.
        title: The title; None: "Progress by" and ``xlabel``.
        max_fps: The most pictures drawn a second. There are fewer where drawing is slow, so that
            it does not slow down what it shows.

    Raises:
        ValueError: ``max_fps`` is not above 0.
    """

    def __init__(
        self,
        xlabel: str | None = None,
        ylabel: str | None = None,
        legend: Sequence[str] | None = None,
        xlim: Sequence[float] | None = None,
        ylim: Sequence[float] | None = None,
        xscale: str = "linear",
        yscale: str = "linear",
        fmts: Sequence[str] | None = None,
        nrows: int = 1,
        ncols: int = 1,
        figsize: tuple[float, float] = (6.4, 3.8),
        *,
        title: str | None = None,
        max_fps: float = 4.0,
    ) -> None:
        if not max_fps > 0:
            raise ValueError(f"max_fps={max_fps}: it must be above 0; 4 is smooth enough to watch.")
        self.X: list[list[float]] = []
        self.Y: list[list[float]] = []
        x = xlabel or "x"
        self._style = _Style(x, title or f"Progress by {x}", tuple(legend or ()), xlim, ylim, fmts)
        self._pace, self._text_pace = _Pace(max_fps), _Pace(1 / TEXT_PAUSE)
        self.screen: Screen = CellScreen()  # where it is shown: under the running cell
        self._pending = False  # whether the last picture is still to be drawn
        self.fig = new_figure(*figsize)
        axes = self.fig.subplots(nrows, ncols, squeeze=False)
        self.axes: list[Axes] = list(axes.ravel())
        self.axes[0].set(xlabel=x, ylabel=ylabel or "value")
        self.axes[0].set_xscale(xscale)
        self.axes[0].set_yscale(yscale)
        self.axes[0].grid(alpha=0.3)
        # Fixed margins: the picture keeps its shape whatever the tick labels are.
        self.fig.subplots_adjust(left=0.11, right=0.97, top=0.90, bottom=0.25)
        self._lines: list[Line2D] = []
        self._backdrop = Backdrop(self.fig, self.axes[0])

    def add(self, x: Number | Sequence[Number], y: Number | Sequence[Number]) -> None:
        """Add a point to each curve.

        Args:
            x: The position; one for all curves, or one a curve.
            y: The value, or one value a curve; None adds nothing to that curve.

        Raises:
            ValueError: ``x`` and ``y`` have different numbers of entries.
        """
        ys = _entries(y)
        xs = _entries(x)
        if len(xs) == 1:
            xs = xs * len(ys)
        if len(xs) != len(ys):
            raise ValueError(
                f"x has {len(xs)} entries and y has {len(ys)}: give one x, or one for each y."
            )
        if len(self.X) < len(ys):
            self._new_curves(len(ys))
        for curve, (a, b) in enumerate(zip(xs, ys, strict=True)):
            if a is not None and b is not None:
                self.X[curve].append(float(a))
                self.Y[curve].append(float(b))
        self._pending = True
        if not self.screen.is_there():
            self._tell(xs, ys)
            return
        if self._pace.is_time():
            self._draw()
        self.screen.watch(self._finish)

    def flush(self) -> None:
        """Draw all that has been added."""
        if self._pending and self.screen.is_there():
            self._draw()
            self._pending = False

    def summary(self) -> str:
        """Return in words what the curves show, a line each: the text beside the picture."""
        told = self._in_words()
        title = self._style.title
        return "\n".join([f"{title}, in words:", *told]) if told else f"{title}: no points yet."

    def picture(self) -> Picture:
        """Return the plot with all its points, for saving or for showing again."""
        self._refresh()
        return Picture(self.fig, self._alt())

    def __repr__(self) -> str:
        return readable(self.summary())

    def _in_words(self) -> list[str]:
        x = self._style.xlabel
        return [
            f"{self._style.name(i)} from {ys[0]:.3f} at {x} {round(xs[0], 3):g} "
            f"to {ys[-1]:.3f} at {x} {round(xs[-1], 3):g}"
            if len(xs) > 1
            else f"{self._style.name(i)} {ys[0]:.3f} at {x} {round(xs[0], 3):g}"
            for i, (xs, ys) in enumerate(zip(self.X, self.Y, strict=True))
            if xs
        ]

    def _alt(self) -> str:
        return f"{self._style.title}: {'; '.join(self._in_words()) or 'no points yet'}."

    def _new_curves(self, count: int) -> None:
        """Make curves, until there are ``count``."""
        fmts, names = self._style.fmts, self._style.names
        told = [self._style.name(i) for i in range(max(count, len(names)))]
        for i in range(len(self._lines), count):
            self.X.append([])
            self.Y.append([])
            if fmts is not None:
                (line,) = self.axes[0].plot([], [], fmts[i % len(fmts)], zorder=ABOVE)
            else:
                colour, style, marker = looks(told)[i]
                (line,) = self.axes[0].plot(
                    [], [], color=colour, linestyle=style, marker=marker, markersize=5, zorder=ABOVE
                )
            line.set_label(told[i])
            self._lines.append(line)
        self.axes[0].legend(
            handles=self._lines, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=4,
            frameon=False,
        )  # fmt: skip

    def _refresh(self) -> None:
        axes, style = self.axes[0], self._style
        for line, xs, ys in zip(self._lines, self.X, self.Y, strict=True):
            line.set_data(xs, ys)
            line.set_markevery(max(1, len(xs) // 10))  # about ten markers, however many points
        axes.relim()
        axes.autoscale(enable=True)
        axes.autoscale_view()
        if style.xlim is not None:
            seen = [x for xs in self.X for x in xs]
            axes.set_xlim(min([style.xlim[0], *seen]), max([style.xlim[1], *seen]))
        if style.ylim is not None:
            axes.set_ylim(style.ylim[0], style.ylim[1])
        else:
            height_to_ticks(axes)
        axes.set_title(style.title, y=1.0)  # y: nothing is above the axes that it had to evade

    def _draw(self) -> None:
        """Show what has been added."""
        began = time.monotonic()
        self._refresh()
        names = ", ".join(self._style.name(i) for i in range(len(self._lines)))
        plain = f"Live plot of {names} against {self._style.xlabel}."
        picture = self._backdrop.png(self._lines)
        self.screen.show(picture, plain, self._alt())
        self._pace.drawn(began)

    def _finish(self) -> None:
        self.flush()
        self._pace.start_anew()

    def _tell(self, xs: Sequence[Number], ys: Sequence[Number]) -> None:
        """Print the point: at every whole x, and else every other second."""
        told = [
            f"{self._style.name(i)} {float(b):.3f}"
            for i, (a, b) in enumerate(zip(xs, ys, strict=True))
            if a is not None and b is not None
        ]
        at = next((float(a) for a in xs if a is not None), None)
        if not told or at is None:
            return
        if at.is_integer() or self._text_pace.is_time():
            say(f"{self._style.xlabel} {at:g}: {', '.join(told)}")
            self._text_pace.drawn(time.monotonic())


def _entries(value: Number | Sequence[Number]) -> list[Number]:
    one = not hasattr(value, "__len__") or getattr(value, "ndim", 1) == 0  # a tensor of one number
    entries = [value] if one else list(value)
    return [entry.item() if hasattr(entry, "item") else entry for entry in entries]
