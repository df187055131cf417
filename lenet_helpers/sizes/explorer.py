"""A convolution or a pooling to play with: presets, taps, sums, and what the floor leaves out."""

from __future__ import annotations

from ..checks import pair
from ..show.demo import Demo
from .drawing import draw_convolution
from .window import AXES, Side, on_both_axes

# What the sliders reach: RANGES in web/explorer/settings.js (a test holds them together).
LARGEST = {"h": 32, "w": 32, "kernel_size": 5, "stride": 4, "padding": 3, "dilation": 3}
TITLE = "Convolution explorer"


def conv_explorer(
    h: int = 5,
    w: int = 6,
    kernel_size: Side = 3,
    stride: Side = 1,
    padding: Side = 0,
    dilation: Side = 1,
) -> Demo:
    """Return a demo that shows a kernel on its input, cell by cell.

    In the demo the presets stand at the top: small examples, the edges of a shoe, LeNet's layers.
    Each size has a slider, on request one for the height and one for the width; the operation may
    be a convolution, an average pooling or a max pooling. When a size changes, the picture moves
    to its new arrangement. Sizes that leave no output are explained, not refused.

    ``conv_explorer(...).widget()`` is the same as a widget that Python can read: ``settings`` has
    the sizes, the operation, the picture and the kernel, and ``cell`` the chosen output cell as
    (row, column), or None.

    Args:
        h: Height of the input in pixels, 1 to 32.
        w: Width of the input in pixels, 1 to 32.
        kernel_size: Taps a side, or (height, width), 1 to 5.
        stride: Pixels from one place to the next, 1 to 4.
        padding: Pixels added at each end, 0 to 3.
        dilation: Pixels from one tap to the next, 1 to 3.

    Raises:
        TypeError, ValueError: an argument that is no whole number, or out of its range.
    """
    shape = (_within("h", h)[0], _within("w", w)[0])
    kernel, steps = _within("kernel_size", kernel_size), _within("stride", stride)
    pads, gaps = _within("padding", padding, minimum=0), _within("dilation", dilation)
    settings = {
        "input": shape,
        "kernel": kernel,
        "stride": steps,
        "padding": pads,
        "dilation": gaps,
        "kind": "conv",
        "picture": "numbers",
        "weights": "numbers",
    }
    poster = draw_convolution(shape, kernel, stride=steps, padding=pads, dilation=gaps)
    windows = on_both_axes(shape, kernel, stride=steps, padding=pads, dilation=gaps)
    rows = tuple(
        (axis, window.formula() if window.output else f"no output: {window.why_none()}")
        for axis, window in zip(AXES, windows, strict=True)
    )
    return Demo("conv_explorer", TITLE, {"settings": settings}, poster, rows, ("settings", "cell"))


def _within(name: str, value: Side, minimum: int = 1) -> tuple[int, int]:
    sides = pair(name, value, minimum=minimum)
    if max(sides) > LARGEST[name]:
        raise ValueError(
            f"{name}={value!r}: the explorer's slider ends at {LARGEST[name]}. Give {minimum} to "
            f"{LARGEST[name]}; conv_output_size computes larger ones."
        )
    return sides
