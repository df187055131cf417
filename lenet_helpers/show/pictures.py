"""Pictures that say in words what they show, with colours that colour-blind readers can tell apart.

Every picture of the package is a :class:`Picture`: a matplotlib figure and one sentence that
describes it. As the last value of a notebook cell it shows the figure, and the sentence under it.
Figures are made without ``pyplot``: nothing global changes, and no second copy appears at the
end of a cell.

What is the same has the same colour everywhere: the curves of training and test, the taps of a
window, values below and above zero. ``web/`` has the demos' side of it; a test holds the two equal.

Source of the colours of lines and areas: Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ..prose import readable, say
from .encoding import DPI, image_bundle, image_tag, png

BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, SKY, YELLOW, BLACK, GREY = "#CC79A7", "#56B4E9", "#F0E442", "#000000", "#767676"

# One (colour, line style, marker) a curve: three ways to tell them apart.
CURVES: tuple[tuple[str, str, str], ...] = (
    (BLUE, "-", "o"),
    (VERMILION, "--", "s"),
    (GREEN, "-.", "^"),
    (BLACK, ":", "D"),
    (PURPLE, "-", "v"),
    (ORANGE, "--", "P"),
)
# The curves of a training run, each with its place in CURVES whatever else a plot shows.
OF_A_RUN = ("train loss", "train acc", "test acc", "valid loss", "valid acc")

# A window on its input: pixels, and what is added up now.
PIXEL, TAP = "#DCEBF7", "#F6C48A"

# Values, as in web/viewer/colours.js: those that may be negative, zero in the middle, and others.
SIGNED = LinearSegmentedColormap.from_list(
    "signed",
    [
        "#2D0A55",
        "#6246A0",
        "#A59BD0",
        "#DAD8EC",
        "#F6F6F6",
        "#FCDCB2",
        "#F0A046",
        "#C6660E",
        "#6E3002",
    ],
)
RISING = LinearSegmentedColormap.from_list(
    "rising", ["#000000", "#2D1060", "#731E80", "#B83678", "#F0605C", "#FEB078", "#FCFCBE"]
)


def looks(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return the colour, line style and marker of the curves ``names``, which differ.

    Those of ``OF_A_RUN`` look the same in every plot; the others take what is left, in order.
    """
    places = [OF_A_RUN.index(name) if name in OF_A_RUN else None for name in names]
    free = [i for i in range(len(CURVES)) if i not in places] or range(len(CURVES))
    others = cycle(free)
    return [CURVES[next(others) if place is None else place] for place in places]


def painted(values: Sequence[Any]) -> dict[str, Any]:
    """Return how ``imshow`` is to paint arrays of ``values`` on one scale: cmap, vmin and vmax.

    Where one is below zero, zero is in the middle, as in the viewer; else it is the lower end.
    """
    most = max(float(abs(one).max()) for one in values) or 1.0
    if any(float(one.min()) < 0 for one in values):
        return {"cmap": SIGNED, "vmin": -most, "vmax": most}
    return {"cmap": RISING, "vmin": 0.0, "vmax": most}


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of ``width`` by ``height`` inches on a white ground."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


@dataclass(frozen=True)
class Picture:
    """A figure and the sentence that describes it.

    Args:
        figure: The matplotlib figure.
        alt: One or two sentences that say what the figure shows: its alternative text.
    """

    figure: Figure
    alt: str

    def show(self) -> None:
        """Show the figure, and the sentence under it; outside a notebook print the sentence."""
        self._ipython_display_()

    def save(self, path: str | Path) -> None:
        """Write the figure as a PNG file to ``path``."""
        Path(path).write_bytes(png(self.figure))

    def __repr__(self) -> str:
        return readable(f"Picture: {self.alt}")

    def as_html(self) -> str:
        """Return the element that shows the figure inside of something else."""
        return image_tag(png(self.figure), self.alt)

    def _ipython_display_(self) -> None:
        if in_notebook():
            from IPython.display import display

            data, metadata = image_bundle(png(self.figure), self.alt)
            display(data, raw=True, metadata=metadata)
        say(self.alt)


def in_notebook() -> bool:
    """Return True inside a Jupyter kernel, False in a script or a terminal."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return shell is not None and getattr(shell, "kernel", None) is not None


def running_cell() -> object:
    """Return a mark of the notebook cell that is running; outside a notebook one for all."""
    if not in_notebook():
        return None
    from IPython import get_ipython

    return get_ipython().execution_count
