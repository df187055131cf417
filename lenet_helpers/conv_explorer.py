"""A convolution or a pooling to play with: sliders, taps, sums, and what the floor leaves out."""

from __future__ import annotations

from ._checks import pair
from .embed import Demo
from .size_pictures import draw_convolution
from .sizes import Side, size_formula

# What the sliders reach; the same as RANGES in web/conv_explorer.js (a test holds them together).
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

    In the demo the sizes have sliders, height and width apart; the operation may be a convolution,
    an average pooling or a max pooling. Sizes that leave no output are explained, not refused.
    ``conv_explorer(...).widget()`` is the same as a widget that Python can read: ``settings`` has
    the sizes, and ``cell`` the chosen output cell as (row, column), or None.

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
    }
    poster = draw_convolution(shape, kernel, stride=steps, padding=pads, dilation=gaps)
    sides = zip(("height", "width"), shape, kernel, steps, pads, gaps, strict=True)
    rows = tuple((name, _formula(n, k, s, p, d)) for name, n, k, s, p, d in sides)
    return Demo("conv_explorer", TITLE, {"settings": settings}, poster, rows, ("settings", "cell"))


def _within(name: str, value: Side, minimum: int = 1) -> tuple[int, int]:
    sides = pair(name, value, minimum=minimum)
    if max(sides) > LARGEST[name]:
        raise ValueError(
            f"{name}={value!r}: the explorer's slider ends at {LARGEST[name]}. Give {minimum} to "
            f"{LARGEST[name]}; conv_output_size computes larger ones."
        )
    return sides


def _formula(n: int, k: int, s: int, p: int, d: int) -> str:
    if d * (k - 1) + 1 > n + 2 * p:
        return f"no output: the kernel reaches {d * (k - 1) + 1}, the padded input is {n + 2 * p}"
    return size_formula(n, k, stride=s, padding=p, dilation=d)
