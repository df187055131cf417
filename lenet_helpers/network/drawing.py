"""A drawing of a network, made from its own layer table: maps as stacked squares, with their sizes.

Nothing in it is written by hand: change the network, and the drawing changes. Branches, skips and
joins are drawn where the flow of numbers has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from torch import nn

from ..prose import counted
from ..show.pictures import (
    BLACK,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    YELLOW,
    Picture,
    new_figure,
)  # fmt: skip
from .layout import MIDDLE, Point, laid_out
from .stages import Stage, is_chain, stages_of
from .table import layer_table

# What made a stage: its colour, and a hatch for readers who cannot tell the colours apart.
KINDS = {
    "input": ("white", "", "picture"),
    "convolution": (SKY, "", "made by a convolution"),
    "transposed": (GREEN, "\\\\\\", "made by a transposed convolution"),
    "pooling": (ORANGE, "///", "made by a pooling"),
    "dense": (YELLOW, "...", "made by a dense layer"),
    "layer": (PURPLE, "xxx", "made by another layer"),
    "step": ("#DDDDDD", "---", "made outside of any layer"),
}
OUTSIDE = "◇"  # marks a step of forward that is no layer
STEP, WIDE = 1.25, 2.1  # inches from one stage to the next in a chain, and where arrows must turn
LINE = 0.17  # inches from one line of letters to the next
TOP = 1.58  # inches from the ground line of a lane to the highest text over it
NARROWEST = 7.9  # inches, so that the legend has room
MOST_SQUARES = 16  # more maps than these are drawn as this many
MOST_STAGES = 60


def draw_network(
    net: nn.Module,
    input_shape: Sequence[int] | Sequence[Sequence[int]] = (1, 1, 28, 28),
    *,
    name: str | None = None,
) -> Picture:
    """Return a drawing of ``net``, from its input on the left to its output on the right.

    All maps have one scale, and so have all bars of features: the square root of a size, so that
    maps of 5×5 can be seen beside one of 28×28. What ``forward`` does outside of layers is marked,
    and where it has folded another dimension into the batch, "4 times" says how often.

    Args:
        net: The network.
        input_shape: The shape of a batch, for example (1, 1, 28, 28); of several inputs a sequence
            of shapes.
        name: What to call the network in the title; None: the name of its class.

    Raises:
        LayerShapeError: a layer does not fit.
        ValueError: ``net`` has nothing to draw, or too much for one picture.
    """
    table = layer_table(net, input_shape)
    stages = stages_of(table)
    kind = type(net).__name__
    if all(stage.kind == "input" for stage in stages):
        raise ValueError(
            f"net={kind} calls no convolution, pooling or dense layer in its forward: nothing to "
            "draw."
        )
    if len(stages) > MOST_STAGES:
        raise ValueError(
            f"net={kind} has {len(stages)} stages: more than {MOST_STAGES} cannot be read in one "
            "picture. Draw a part of it: draw_network(net.PART, the shape that reaches it)."
        )
    title = f"{name or kind}: {table.parameters:,} parameters"
    return Picture(_figure(stages, title), f"{title}. {_described(stages)}")


def _figure(stages: Sequence[Stage], title: str) -> Figure:
    chain = is_chain(stages)
    labels, lines = (
        max(len(part) for part in parts)
        for parts in zip(*((stage.then, stage.step) for stage in stages), strict=True)
    )
    below = 0.3 + LINE * max(0, labels - 2)  # inches from the ground line to what made a stage
    above = TOP + LINE * any(stage.times > 1 for stage in stages)
    layout = laid_out(stages, STEP if chain else WIDE, above, below + 0.03 + LINE * max(3, lines))
    left, right, bottom, top = layout.sides()
    missing = max(0.0, NARROWEST - (right - left))  # a short network is drawn in the middle
    left, right = left - missing / 2, right + missing / 2
    legend = list(_legend(stages))
    foot = 0.08 + 0.25 * math.ceil(len(legend) / 4)
    # One inch a unit both ways, so that a square map is a square; the rest for title and legend.
    width, height = (right - left) / 0.98, top - bottom + foot + 0.32
    figure = new_figure(width, height)
    axes = figure.add_axes((0.01, foot / height, 0.98, (top - bottom) / height))
    axes.axis("off")
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)
    scale = _scale(stages)
    for stage in stages:
        x, y = layout.corner(stage)
        _draw_stage(axes, (x, y), stage, scale)
        made = "\n".join(_marked(stage))
        axes.text(x - (0.22 if chain else 0.45), y - below, made, ha="center", va="top")
        for source in stage.sources:
            points = layout.way(source, stage)
            _draw_arrow(axes, [(x - 0.22, y + MIDDLE), points[-1]] if chain else points)
    figure.suptitle(title, fontsize=12)
    figure.legend(handles=legend, loc="lower center", ncols=4, frameon=False)
    return figure


def _legend(stages: Sequence[Stage]) -> Iterator[Patch | Line2D]:
    for kind, (colour, hatch, made) in KINDS.items():
        if any(stage.kind == kind for stage in stages):
            yield Patch(facecolor=colour, hatch=hatch, edgecolor=BLACK, label=made)
    if any(outside for stage in stages for _, outside in stage.then):
        yield Line2D(
            [], [], linestyle="", marker="D", color="white", markeredgecolor=BLACK,
            label="outside of any layer",
        )  # fmt: skip


def _draw_arrow(axes: Axes, points: Sequence[Point]) -> None:
    xs, ys = zip(*points[:-1], strict=True)
    axes.plot(xs, ys, color=BLACK, linewidth=1, zorder=0)
    arrow = {"arrowstyle": "-|>", "color": BLACK, "shrinkA": 0}
    axes.annotate("", points[-1], points[-2], arrowprops=arrow)


def _scale(stages: Sequence[Stage]) -> tuple[float, float]:
    """Return how many inches the root of a map's side and of a number of features take."""
    sides = [side for stage in stages if len(stage.shape) == 3 for side in stage.shape[1:]]
    features = [stage.shape[0] for stage in stages if len(stage.shape) == 1]
    return 0.75 / math.sqrt(max([28, *sides])), 1.15 / math.sqrt(max([120, *features]))


def _draw_stage(axes: Axes, corner: Point, stage: Stage, scale: tuple[float, float]) -> None:
    """Draw maps as a stack, features as a bar, and anything else as a box that has no scale."""
    colour, hatch, _ = KINDS[stage.kind]
    squares, shift, x = 1, 0.0, corner[0]
    if len(stage.shape) == 3:
        squares = min(stage.shape[0], MOST_SQUARES)
        tall, wide = (scale[0] * math.sqrt(side) for side in stage.shape[1:])
        shift = 0.25 / max(1, squares - 1)
    elif len(stage.shape) == 1:
        x, wide, tall = x + 0.2, 0.16, max(0.03, scale[1] * math.sqrt(stage.shape[0]))
    else:
        x, wide, tall = x + 0.1, 0.5, 0.5
    middle = corner[1] + MIDDLE
    for i in reversed(range(squares)):
        axes.add_patch(
            Rectangle((x + i * shift, middle - tall / 2 + i * shift), wide, tall, facecolor=colour,
                      hatch=hatch, edgecolor=BLACK, linewidth=0.7)
        )  # fmt: skip
    back = (squares - 1) * shift
    across = x + (wide + back) / 2
    size = _size(stage).replace(" of ", "\n").replace(" ", "\n" if len(stage.shape) != 3 else " ")
    size = f"{_often(stage)}\n{size}".lstrip()
    axes.text(across, middle + tall / 2 + back + 0.06, size, ha="center", va="bottom")
    if stage.then:
        words = "\n".join(f"{OUTSIDE} {name}" if outside else name for name, outside in stage.then)
        axes.text(
            across, middle - tall / 2 - 0.05, words, ha="center", va="top", color=GREY,
            style="italic",
        )  # fmt: skip


def _marked(stage: Stage) -> tuple[str, ...]:
    return (f"{OUTSIDE} {stage.step[0]}",) if stage.kind == "step" else stage.step


def _size(stage: Stage) -> str:
    if not stage.shape:
        return "several results" if stage.kind == "layer" else "1 number"
    if len(stage.shape) == 3:
        channels, height, width = stage.shape
        return f"{counted(channels, 'map')} of {height}×{width}"
    if len(stage.shape) == 1:
        return counted(stage.shape[0], "feature")
    return f"{'×'.join(map(str, stage.shape))} numbers"


def _often(stage: Stage) -> str:
    """Return how often an example has the stage; "" for once."""
    return f"{stage.times} times" if stage.times > 1 else ""


def _described(stages: Sequence[Stage]) -> str:
    """Return in words what the picture shows."""
    if is_chain(stages):
        return f"From left to right: {', then '.join(_words(stage) for stage in stages)}."
    number = {stage: i for i, stage in enumerate(stages, 1)}
    told = []
    for stage in stages:
        sources = [str(number[source]) for source in stage.sources]
        joins = "joins" if len(sources) > 1 else "from"
        origin = f", {joins} {' and '.join(sources)}" if sources else ""
        told.append(f"({number[stage]}) {_words(stage)}{origin}")
    return f"From left to right, with branches: {'; '.join(told)}."


def _words(stage: Stage) -> str:
    done = [" ".join(stage.step)] if stage.step else []
    if stage.kind == "step":
        done = [f"{done[0]}, outside of any layer"]
    done += [f"{name}, outside of any layer" if outside else name for name, outside in stage.then]
    size = f"{_often(stage)} {_size(stage)}".lstrip()
    return f"{size} ({' and '.join(done)})" if done else size
