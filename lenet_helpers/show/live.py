"""A figure whose curves grow, drawn often: what does not change is drawn once.

Letters, ticks and the legend take most of the time that drawing a plot takes. So they are kept as
pixels, and the curves alone are drawn over them.
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
        """Return the figure with ``curves``, which are in the axes, as PNG bytes."""
        axes = self._axes
        words = axes.get_title(), axes.get_xlabel(), axes.get_ylabel()
        shows = axes.get_xlim(), axes.get_ylim(), words, len(axes.get_children())
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
