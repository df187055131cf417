"""Pictures that say in words what they show, with colours that colour-blind readers can tell apart.

Every picture of the package is a :class:`Picture`: a matplotlib figure and one sentence that
describes it. As the last value of a notebook cell it shows the figure, and the sentence under it.
Figures are made without ``pyplot``: nothing global changes, and no second copy appears at the
end of a cell.

Source of the colours: Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ..prose import readable, say, wrapped

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

DPI = 100  # dots per inch of every picture


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of ``width`` by ``height`` inches on a white ground."""
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    """Return ``figure`` as PNG bytes, at its own size."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return buffer.getvalue()


def image_bundle(data: bytes, alt: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the (data, metadata) of a notebook output that shows PNG ``data``.

    ``alt`` is the plain text of the output and the alternative text in its metadata.
    """
    import base64

    return (
        {"image/png": base64.b64encode(data).decode("ascii"), "text/plain": alt},
        {"image/png": {"alt": alt}},
    )


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

    def _repr_png_(self) -> bytes:
        return png(self.figure)  # for what shows a picture inside of something else

    def _ipython_display_(self) -> None:
        if in_notebook():
            from IPython.display import display

            data, metadata = image_bundle(png(self.figure), self.alt)
            display(data, raw=True, metadata=metadata)
        say(wrapped(self.alt))


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
