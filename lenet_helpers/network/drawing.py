"""A drawing of a network, made from its own layer table: maps as stacked squares, with their sizes.

Nothing in it is written by hand: change the network, and the drawing changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch, Rectangle
from torch import nn

from ..show.pictures import BLACK, GREY, ORANGE, SKY, YELLOW, Picture, new_figure
from .layers import windows_of
from .rows import LayerRow
from .table import layer_table

# What made a stack: its colour, and a hatch for readers who cannot tell the colours apart.
KINDS = {
    "input": ("white", "", "picture"),
    "convolution": (SKY, "", "made by a convolution"),
    "pooling": (ORANGE, "///", "made by a pooling"),
    "dense": (YELLOW, "...", "made by a dense layer"),
}
STEP = 1.4  # inches from one stage to the next
NARROWEST = 7.9  # inches, so that the legend has room
MOST_SQUARES = 16  # more maps than these are drawn as this many


@dataclass(frozen=True)
class Stage:
    """What the drawing shows as one stack or bar.

    Args:
        kind: A key of ``KINDS``.
        shape: (channels, height, width) of maps, or (features,) of a dense layer.
        step: What led here from the stage before, for example "5×5 conv, padding 2".
        activation: The activation after it, or "".
    """

    kind: str
    shape: tuple[int, ...]
    step: str
    activation: str = ""


def stages_of(rows: Sequence[LayerRow]) -> list[Stage]:
    """Return the stages of a network: its input, then one for each layer with a result to draw."""
    stages: list[Stage] = []
    for row in rows:
        kind = _kind(row.module)
        shape = row.output_shape[1:]
        if not stages and kind is not None:
            stages.append(Stage("input", row.input_shape[1:], ""))
        if kind is not None:
            stages.append(Stage(kind, shape, _step(row)))
        elif stages and type(row.module).__module__.endswith("activation"):
            last = stages[-1]
            stages[-1] = Stage(last.kind, last.shape, last.step, row.layer.lower())
    return stages


def _kind(module: nn.Module) -> str | None:
    if isinstance(module, nn.Conv2d):
        return "convolution"
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d):
        return "pooling"
    return "dense" if isinstance(module, nn.Linear) else None


def _step(row: LayerRow) -> str:
    windows = windows_of(row.module, (row.input_shape[-2], row.input_shape[-1]))
    if windows is None:
        return "dense" if isinstance(row.module, nn.Linear) else "pooling"
    kernel, stride, dilation = (
        (getattr(windows[0], name), getattr(windows[1], name)) for name in ("k", "s", "d")
    )
    padding = tuple(window.p + window.extra / 2 for window in windows)
    usual_stride: tuple[int, ...] = (1, 1)
    if isinstance(row.module, nn.Conv2d):
        name = "conv"
    else:
        name = "max pool" if isinstance(row.module, nn.MaxPool2d) else "average pool"
        usual_stride = kernel
    options = [
        f"{word} {value[0]:g}" if value[0] == value[1] else f"{word} {value[0]:g}×{value[1]:g}"
        for word, value, usual in (
            ("stride", stride, usual_stride),
            ("padding", padding, (0, 0)),
            ("dilation", dilation, (1, 1)),
        )
        if tuple(value) != tuple(usual)
    ]
    return "\n".join([f"{kernel[0]}×{kernel[1]}", name, *options])


def draw_network(
    net: nn.Module, input_shape: Sequence[int] = (1, 1, 28, 28), *, name: str | None = None
) -> Picture:
    """Return a drawing of ``net``, from its input on the left to its output on the right.

    Args:
        net: A network of convolutions, poolings, activations and dense layers.
        input_shape: The shape of a batch, for example (1, 1, 28, 28).
        name: What to call the network in the title; None: the name of its class.

    Raises:
        LayerShapeError: a layer does not fit.
        ValueError: ``net`` has no convolution, pooling or dense layer to draw.
    """
    table = layer_table(net, input_shape)
    stages = stages_of(table.rows)
    if not stages:
        raise ValueError(
            f"net={type(net).__name__} has no convolution, pooling or dense layer: nothing to draw."
        )
    places = [i * STEP for i in range(len(stages))]
    lines = max(stage.step.count("\n") + 1 for stage in stages)
    left, right, bottom, top = -0.2, places[-1] + 1.15, -0.33 - 0.14 * max(3, lines), 1.5
    missing = max(0.0, NARROWEST - (right - left))  # a short network is drawn in the middle
    left, right = left - missing / 2, right + missing / 2
    # One inch a unit both ways, so that a square map is a square; 0.65 for title and legend.
    width, height = (right - left) / 0.98, top - bottom + 0.65
    figure = new_figure(width, height)
    axes = figure.add_axes((0.01, 0.33 / height, 0.98, (top - bottom) / height))
    axes.axis("off")
    for place, stage, before in zip(places, stages, [None, *places], strict=False):
        _draw_stage(axes, place, stage)
        if before is not None:
            axes.annotate(
                "", (place - 0.08, 0.5), (place - 0.36, 0.5),
                arrowprops={"arrowstyle": "-|>", "color": BLACK},
            )  # fmt: skip
            axes.text(place - 0.22, -0.3, stage.step, ha="center", va="top", fontsize=8)
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    title = f"{name or type(net).__name__}: {table.parameters:,} parameters"
    figure.suptitle(title, fontsize=12)
    seen = [kind for kind in KINDS if any(stage.kind == kind for stage in stages)]
    handles = [
        Patch(facecolor=KINDS[kind][0], hatch=KINDS[kind][1], edgecolor=BLACK, label=KINDS[kind][2])
        for kind in seen
    ]
    figure.legend(handles=handles, loc="lower center", ncols=4, frameon=False)
    chain = ", then ".join(_words(stage) for stage in stages)
    return Picture(figure, f"{title}. From left to right: {chain}.")


def _draw_stage(axes: Axes, place: float, stage: Stage) -> None:
    colour, hatch, _ = KINDS[stage.kind]
    if len(stage.shape) == 3:
        channels, height, width = stage.shape
        squares = min(channels, MOST_SQUARES)
        largest = max(height, width, 28)
        # The square root keeps a map of 5x5 visible beside one of 28x28.
        tall, wide = (0.75 * math.sqrt(side / largest) for side in (height, width))
        shift = 0.25 / max(1, squares - 1) if squares > 1 else 0.0
        for i in range(squares):
            corner = (place + (squares - 1 - i) * shift, 0.5 - tall / 2 + (squares - 1 - i) * shift)
            axes.add_patch(
                Rectangle(corner, wide, tall, facecolor=colour, hatch=hatch, edgecolor=BLACK,
                          linewidth=0.7)
            )  # fmt: skip
        top = 0.5 + tall / 2 + (squares - 1) * shift
        middle = place + (wide + (squares - 1) * shift) / 2
        size = f"{channels} map{'s' if channels > 1 else ''}\n{height}×{width}"
    else:
        features = math.prod(stage.shape)
        tall = min(1.15, max(0.2, 0.105 * math.sqrt(features)))
        axes.add_patch(
            Rectangle((place + 0.2, 0.5 - tall / 2), 0.16, tall, facecolor=colour, hatch=hatch,
                      edgecolor=BLACK, linewidth=0.9)
        )  # fmt: skip
        top, middle = 0.5 + tall / 2, place + 0.28
        size = f"{features}\nfeatures"
    axes.text(middle, top + 0.06, size, ha="center", va="bottom", fontsize=9)
    if stage.activation:
        axes.text(
            middle, 0.5 - tall / 2 - 0.05, stage.activation, ha="center", va="top", fontsize=8,
            color=GREY, style="italic",
        )  # fmt: skip


def _words(stage: Stage) -> str:
    if len(stage.shape) == 3:
        channels, height, width = stage.shape
        what = f"{channels} map{'s' if channels > 1 else ''} of {height}×{width}"
    else:
        what = f"{math.prod(stage.shape)} features"
    step = stage.step.replace("\n", " ")
    after = f" and {stage.activation}" if stage.activation else ""
    return f"{what} ({step}{after})" if step else what
