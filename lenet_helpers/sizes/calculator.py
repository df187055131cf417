"""A calculator with sliders for the output size, which calls the function that you wrote.

The picture is drawn into an image widget, so it can be shown wherever widgets are, and a saved
notebook stays comparable.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import torch
from torch import nn

from ..show.encoding import png
from ..show.panels import PanelImage, PicturePanel
from .drawing import draw_convolution
from .window import Window

SizeFunction = Callable[[int, int, int, int, int], object]

# name -> height, width, kernel height, kernel width, stride, padding, dilation
PRESETS = {
    "5×5 by hand": (5, 5, 3, 3, 1, 0, 1),
    "LeNet, first convolution": (28, 28, 5, 5, 1, 2, 1),
    "LeNet, first pooling": (28, 28, 2, 2, 2, 0, 1),
    "LeNet, second convolution": (14, 14, 5, 5, 1, 0, 1),
    "LeNet, second pooling": (10, 10, 2, 2, 2, 0, 1),
    "a floor that leaves a column out": (5, 6, 3, 3, 2, 0, 1),
    "no output": (5, 5, 4, 4, 1, 0, 2),
}
SLIDERS = (
    ("height", "height n", 1, 32),
    ("width", "width n", 1, 32),
    ("kernel_height", "kernel height k", 1, 7),
    ("kernel_width", "kernel width k", 1, 7),
    ("stride", "stride s", 1, 4),
    ("padding", "padding p", 0, 4),
    ("dilation", "dilation d", 1, 3),
)


class SizeCalculator(PicturePanel):
    """Sliders, the formula with their numbers, and a picture; made by :func:`size_calculator`.

    Args:
        function: The student's ``function(n, k, s, p, d)``: the output of one side.
    """

    def __init__(self, function: SizeFunction) -> None:
        self._function = function
        self._taking = False
        self.preset = widgets.Dropdown(options=list(PRESETS), description="example")
        self.sliders = {
            name: widgets.IntSlider(
                value=value,
                min=low,
                max=high,
                description=label,
                style={"description_width": "110px"},
                layout={"width": "330px"},
            )
            for (name, label, low, high), value in zip(SLIDERS, PRESETS["5×5 by hand"], strict=True)
        }
        self.answer = widgets.HTML()
        image = PanelImage()
        controls = widgets.VBox([self.preset, *self.sliders.values()])
        super().__init__(controls, [self.answer, image], image)
        self.preset.observe(self._take_preset, names="value")
        for slider in self.sliders.values():
            slider.observe(self._update, names="value")
        self._update()

    def __repr__(self) -> str:
        return (
            "Size calculator: sliders for height, width, kernel, stride, padding and dilation. "
            "Run this cell to use it."
        )

    def _take_preset(self, change: dict[str, Any]) -> None:
        self._taking = True  # one picture at the end, not one a slider
        for slider, value in zip(self.sliders.values(), PRESETS[change["new"]], strict=True):
            slider.value = value
        self._taking = False
        self._update()

    def _update(self, *_: object) -> None:
        if self._taking:
            return
        at = {name: slider.value for name, slider in self.sliders.items()}
        rest = (at["stride"], at["padding"], at["dilation"])
        lines = [
            self._line("height", at["height"], at["kernel_height"], *rest),
            self._line("width", at["width"], at["kernel_width"], *rest),
        ]
        picture = draw_convolution(
            (at["height"], at["width"]),
            (at["kernel_height"], at["kernel_width"]),
            stride=at["stride"],
            padding=at["padding"],
            dilation=at["dilation"],
        )
        self.alt = picture.alt
        self.answer.value = "<br>".join([*lines, f"<small>{picture.alt}</small>"])
        self.image.put(png(picture.figure))

    def _line(self, side: str, n: int, k: int, s: int, p: int, d: int) -> str:
        """Return one side in words: the formula, the student's answer, and PyTorch's."""
        window = Window(n, k, s, p, d)
        if window.output == 0:
            return f"<b>{side}: no output:</b> {window.why_none()}."
        right = torch_size(n, k, s, p, d)
        try:
            given = self._function(n, k, s, p, d)
            agrees = bool(given == right)
        except Exception as error:  # a student's mistake belongs on the screen, not in a log
            given, agrees = f"{type(error).__name__}: {error}", False
        if agrees:
            verdict = "your function says the same"
        else:
            verdict = f"<b>your function says {html.escape(str(given))}</b>"
        return f"<b>{side}:</b> {window.formula()}; {verdict}"


def torch_size(n: int, k: int, s: int, p: int, d: int) -> int:
    """Return the side that ``nn.Conv2d`` gives; on the meta device, where nothing is computed."""
    conv = nn.Conv2d(1, 1, k, stride=s, padding=p, dilation=d, device="meta")
    return int(conv(torch.empty(1, 1, n, n, device="meta")).shape[-1])


def size_calculator(function: SizeFunction) -> SizeCalculator:
    """Return a calculator with sliders that calls ``function(n, k, s, p, d)`` for each side.

    Args:
        function: Input side, kernel size, stride, padding and dilation in; output side out.
    """
    return SizeCalculator(function)
