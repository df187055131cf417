"""A figure whose curves grow, drawn often: what does not change is drawn once.

Letters, ticks and the legend take most of the time that drawing a plot takes. So they are kept as
pixels, and the curves alone are drawn over them. The y axis ends at its ticks, so it moves seldom:
each new axis is a new backdrop, and an axis that trembles is hard to read.
"""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .encoding import encoded, sharp


class Backdrop:
    """All that stands behind the curves of ``axes``, which are part of ``figure``."""

    def __init__(self, figure: Figure, axes: Axes) -> None:
        self._figure, self._axes = figure, axes
        self._pixels: object = None
        self._shows: object = None  # what the pixels depend on

    def png(self, curves: Sequence[Line2D]) -> bytes:
        """Return the figure with ``curves``, which lie over all else in the axes, as PNG bytes."""
        axes = self._axes
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


def height_to_ticks(axes: Axes) -> None:
    """Let the y axis end at its outermost ticks, so that it stays while points stay within them.

    It does not go below 0 if no point does. An axis that is not linear is left alone.
    """
    if axes.get_yscale() != "linear":
        return
    low, high = axes.get_ylim()
    if axes.dataLim.y0 >= 0:
        low = max(low, 0.0)
    ticks = axes.yaxis.get_major_locator().tick_values(low, high)
    if len(ticks) > 1:  # somebody may have taken them away
        axes.set_ylim(ticks[0], ticks[-1])
