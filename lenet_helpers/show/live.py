"""A figure whose curves grow, drawn often: what does not change is drawn once.

Letters, ticks and the legend take most of the time that drawing a plot takes. So they are kept as
pixels, and the curves alone are drawn over them. The y axis moves only where it has to: each new
axis is a new backdrop, and an axis that trembles is hard to read.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .encoding import encoded, sharp

FILLED = 0.8  # of the height: curves that would fill less get an axis of their own


class Backdrop:
    """All that stands behind the curves of ``axes``, which are part of ``figure``."""

    def __init__(self, figure: Figure, axes: Axes) -> None:
        self._figure, self._axes = figure, axes
        self._pixels: object = None
        self._shows: object = None  # what the pixels depend on
        self._height: tuple[float, float] | None = None  # of the y axis: its lowest and highest

    def png(self, curves: Sequence[Line2D], *, last: bool = False) -> bytes:
        """Return the figure with ``curves``, which lie over all else in the axes, as PNG bytes.

        Args:
            curves: The curves that grow.
            last: With the y axis that fits them, whatever the picture before had.
        """
        axes = self._axes
        if not last:
            self._keep_height()
        words = axes.get_title(), axes.get_xlabel(), axes.get_ylabel()
        scales = axes.get_xlim(), axes.get_ylim(), axes.get_xscale(), axes.get_yscale()
        shows = scales, words, len(axes.get_children()), len(self._figure.get_children())
        with sharp(self._figure) as canvas:
            if shows != self._shows:
                for curve in curves:
                    curve.set_visible(False)
                canvas.draw()  # type: ignore[no-untyped-call]
                for curve in curves:
                    curve.set_visible(True)
                self._pixels = canvas.copy_from_bbox(self._figure.bbox)  # type: ignore[no-untyped-call]
                self._shows = shows
            else:
                canvas.restore_region(self._pixels)  # type: ignore[no-untyped-call]
            renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
            for curve in curves:
                curve.draw(renderer)
            return encoded(canvas)

    def _keep_height(self) -> None:
        """Keep the y axis of the picture before, if the curves are on it and fill it well."""
        axes, before = self._axes, self._height
        low, high = axes.dataLim.intervaly
        (bottom, top), fixed = axes.get_ylim(), not axes.get_autoscaley_on()
        if before is not None and not fixed and axes.get_yscale() == "linear":
            fits = before[0] <= low and high <= before[1]
            if fits and top - bottom >= FILLED * (before[1] - before[0]):
                axes.set_ylim(before)
        self._height = axes.get_ylim()
