"""What a drawing of a network shows: its stages, and which of them feeds which.

A stage is a result: the maps that a convolution makes, the features of a dense layer. What changes
a stage without changing its shape, such as an activation, is named at the stage.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from torch import nn

from .flow import Call, Shape
from .layers import two
from .rows import LayerTable

TYPES: dict[str, tuple[type[nn.Module], ...]] = {
    "convolution": (nn.Conv2d,),
    "transposed": (nn.ConvTranspose2d,),
    "pooling": (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d),
    "dense": (nn.Linear,),
}


@dataclass(eq=False)
class Stage:
    """What the drawing shows as one stack, bar or box.

    Args:
        kind: "input", a key of ``TYPES``, "layer" for any other layer, or "step" for what forward
            does outside of any layer.
        shape: (channels, height, width) of maps, (features,) of a dense layer; () is no tensor.
        step: What led here, on a line or some, for example "5×5", "conv", "padding 2".
        sources: The stages that it is made of.
        then: What happens to it that leaves its shape, each with whether that is outside of layers.
        times: How many of it each example has: the frames of a film, say, that ``forward`` has
            folded into the batch.
    """

    kind: str
    shape: Shape
    step: tuple[str, ...]
    sources: tuple[Stage, ...] = ()
    then: list[tuple[str, bool]] = field(default_factory=list)
    times: int = 1


def stages_of(table: LayerTable) -> list[Stage]:
    """Return the stages of a network, in the order in which they are made.

    A layer that computes nothing here, such as Flatten, or Dropout in evaluation, has none.
    """
    same: dict[Call, Call] = {}  # a call that passes on what another gave -> that one
    sources: dict[Call, tuple[Call, ...]] = {}
    for call in table.calls:
        taken = tuple(dict.fromkeys(same.get(source, source) for source in call.sources))
        idle = call.kind == "layer" and not call.computes and len(taken) == 1
        if idle and _same_size(call, _one(taken[0], table), _times(taken[0], table), table):
            same[call] = taken[0]
        else:
            sources[call] = taken
    takers = Counter(source for taken in sources.values() for source in taken)
    stages: dict[Call, Stage] = {}
    for call, taken in sources.items():
        before = tuple(dict.fromkeys(stages[source] for source in taken))
        alone = len(before) == 1 and all(takers[source] == 1 for source in taken)
        named = alone and _kind(call) not in TYPES
        if named and _same_size(call, before[0].shape, before[0].times, table):
            before[0].then.append((_name(call), call.kind == "step"))
            stages[call] = before[0]
        else:
            times = _times(call, table)
            stages[call] = Stage(_kind(call), _one(call, table), _step(call), before, times=times)
    return list(dict.fromkeys(stages.values()))


def is_chain(stages: Sequence[Stage]) -> bool:
    """Return whether every stage is made of the one before it, and nothing branches or joins."""
    before = [(), *((stage,) for stage in stages[:-1])]
    return all(stage.sources == one for stage, one in zip(stages, before, strict=True))


def _same_size(call: Call, stage: Shape, times: int, table: LayerTable) -> bool:
    """Return whether ``call`` gives the shape of a stage as often, or its numbers in one row."""
    shape = _one(call, table)
    fits = shape == stage or (len(shape) == 1 and math.prod(shape) == math.prod(stage))
    return fits and _times(call, table) == times


def _kind(call: Call) -> str:
    kinds = (kind for kind, types in TYPES.items() if isinstance(call.module, types))
    return next(kinds, call.kind)


def _one(call: Call, table: LayerTable) -> Shape:
    """Return the shape of what ``call`` gives for one example."""
    shape, axis = call.output_shape, table.batch_axis
    if axis is None or len(shape) <= axis or (call.kind == "layer" and not call.sources):
        return shape
    if axis == 0 and len(shape) == 3 and shape[0] != table.examples == shape[1]:
        axis = 1  # forward has moved it: a recurrent layer wants (places, examples, features)
    without = shape[:axis] + shape[axis + 1 :]
    if shape[axis] != table.examples and (call.kind == "input" or not without):
        return shape  # it does not count examples: forward has merged them
    return without or (1,)


def _times(call: Call, table: LayerTable) -> int:
    """Return how many maps, or rows of features, of ``call`` belong to one example."""
    shape, axis = call.output_shape, table.batch_axis
    if axis is None or call.kind == "input" or len(shape) not in (2, 4):
        return 1
    return max(1, shape[axis] // table.examples) if shape[axis] % table.examples == 0 else 1


def _name(call: Call) -> str:
    return call.name if call.module is None else type(call.module).__name__.lower()


def _step(call: Call) -> tuple[str, ...]:
    """Return what made a stage, on a line or some."""
    kind, module = _kind(call), call.module
    if kind not in TYPES or kind == "dense":
        return () if kind == "input" else ("dense",) if kind == "dense" else (_name(call),)
    pool = "max pool" if "Max" in type(module).__name__ else "average pool"
    name = {"convolution": ("conv",), "transposed": ("transposed", "conv")}.get(kind, (pool,))
    size: Any = getattr(module, "kernel_size", None)
    if size is None:  # adaptive: it is told the size of its output
        return *name, f"to {_by(call.output_shape[-2:], twice=True)}"
    options = [f"{option} {_by(value)}" for option, value in _unusual(module, kind == "pooling")]
    return _by(size, twice=True), *name, *options


def _unusual(module: Any, pooling: bool) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Yield the options of a convolution or a pooling that are not as usual."""
    usual = {"stride": module.kernel_size if pooling else 1, "dilation": 1, "groups": 1}
    for option in ("stride", "padding", "output_padding", "dilation", "groups"):
        value = getattr(module, option, None)
        if value in (None, "valid"):
            continue
        if isinstance(value, str) or two(value) != two(usual.get(option, 0)):
            yield option.replace("_", " "), value


def _by(value: Any, *, twice: bool = False) -> str:  # noqa: ANN401
    """Return a number or a pair in words: "2", or "2×1"; with ``twice`` "2×2"."""
    if isinstance(value, str):
        return value
    height, width = two(value)
    return f"{height}×{width}" if twice or height != width else f"{height}"
