"""Why a layer does not fit what reaches it, in words, with the number that would fit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import nn

from ..sizes.window import AXES
from .flow import Call, Recorder
from .layers import Shape, times, windows_of

# Name, layer (None: a step outside of any), shape in, shape out; each feeds the next.
Chain = Sequence[tuple[str, nn.Module | None, Shape, Shape]]
# What PyTorch says where shapes do not belong together, and where it is about memory.
SHAPES = re.compile(
    r"shape|size|dimension|cannot be multiplied|expected .*input|must match|channels|elements",
    re.IGNORECASE,
)
MEMORY = re.compile(r"size and stride|buffer size|allocat|out of memory", re.IGNORECASE)
# Layers that leave height and width alone, whatever they are.
KEEP_THE_SIZE = (nn.BatchNorm2d, nn.Dropout, nn.Dropout2d, nn.Identity, nn.Flatten)


def what_misfits(net: nn.Module, flow: Recorder, error: Exception) -> str | None:
    """Return which layer of ``net`` did not fit, and what would; None if shapes are not the cause.

    Args:
        net: The network.
        flow: What happened in it, up to the error.
        error: What its ``forward`` raised.
    """
    raised, call = flow.failed or (None, None)
    of_torch = isinstance(error, RuntimeError | ValueError | IndexError)
    if (
        call is None
        or raised is not error
        or not of_torch
        or isinstance(error, torch.OutOfMemoryError)
    ):
        return None  # forward itself raised it, or it is none that torch has for shapes
    first_line = (str(error).strip().splitlines() or [""])[0]
    by_shapes = SHAPES.search(first_line) is not None and MEMORY.search(first_line) is None
    if call.module is not None:
        why = explain(call.module, call.input_shape, chain_to(call))
        if why is None and by_shapes:
            why = f"It got {call.input_shape} and failed: {first_line}"
        return why and f"Layer {call.name!r}, {call.module}, does not fit. {why}"
    if not by_shapes:
        return None
    layers = [other for other in flow.calls if other.kind == "layer"]
    last = layers[-1] if layers else None
    after = f"after layer {last.label} gave {last.output_shape}" if last else "at once"
    return (
        f"{type(net).__name__}.forward failed {after}, outside any layer: {first_line}. "
        "Look at what forward does there, for example a view or flatten with fixed numbers."
    )


def chain_to(call: Call) -> Chain:
    """Return what feeds ``call``, one after the other, back to where several things meet."""
    chain = []
    while len(call.sources) == 1 and call.sources[0].kind != "input":
        (call,) = call.sources
        chain.append((call.name, call.module, call.input_shape, call.output_shape))
    return chain[::-1]


def explain(module: nn.Module, x: Shape, chain: Chain) -> str | None:
    """Return what ``module`` expected, what it got and what would fit; None if that is not known.

    Args:
        module: The layer that failed.
        x: The shape of its input.
        chain: The layers before it that did fit.
    """
    if isinstance(module, nn.Linear):
        return _linear(module, x, chain)
    if isinstance(module, nn.Conv2d):
        return _channels(module, x, chain) or _kernel(module, x)
    if isinstance(module, nn.MaxPool2d | nn.AvgPool2d):
        return _kernel(module, x)
    if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
        return _norm(module, x)
    return None


def _linear(module: nn.Linear, x: Shape, chain: Chain) -> str | None:
    wanted, outputs = module.in_features, module.out_features
    if not x or x[-1] == wanted:
        return None
    for name, layer, shape, _ in chain:
        if isinstance(layer, nn.Conv2d) and len(shape) == 3:
            return (
                f"It expected (N, {wanted}) and got {x}: layer {name!r} has read {shape} as one "
                f"picture without a batch. X.unsqueeze(0) has shape {(1, *shape)}."
            )
    if len(x) == 4:
        return (
            f"It expected (N, {wanted}) and got {x}: maps that nobody has flattened. Put "
            f"nn.Flatten() before it: {times(x[1:])} = {_fitting(module, x)}."
        )
    last = chain[-1][3] if chain else x
    if last[:1] != x[:1] and len(last) > 2 and math.prod(last) == math.prod(x):
        return (
            f"It expected (N, {wanted}) and got {x}: of {last}, {last[0]} in the batch, forward "
            f"has made {'one row' if len(x) == 1 else f'{x[0]} rows'}, for example by a view with "
            "a fixed number, or flatten() without 1. Write x.flatten(1), which keeps the batch: "
            f"{_fitting(module, last)}."
        )
    maps: Shape = ()
    for _, layer, _, out in reversed(chain):
        if isinstance(layer, nn.Linear) or len(out) == 4:
            maps = out if len(out) == 4 else ()
            break
    if math.prod(maps[1:]) != x[-1]:
        return (
            f"It expected {wanted} features and got {x[-1]}. Write nn.Linear({x[-1]}, {outputs})."
        )
    channels, height, width = maps[1:]
    return (
        f"It expected {wanted} features and got {x[-1]} = {times(maps[1:])}: {channels} maps of "
        f"{height}×{width}, flattened. Write nn.Linear({x[-1]}, {outputs})"
        f"{_other_way(wanted, channels, chain)}."
    )


def _fitting(module: nn.Linear, maps: Shape) -> str:
    """Return how many features flattened maps are, and what a dense layer must be for them."""
    features = math.prod(maps[1:])
    if features == module.in_features:
        return f"{features} features, which fits"
    linear = f"nn.Linear({features}, {module.out_features})"
    return f"{features} features, so it must also be {linear}"


def _norm(module: nn.BatchNorm1d | nn.BatchNorm2d, x: Shape) -> str | None:
    maps, name = isinstance(module, nn.BatchNorm2d), type(module).__name__
    if len(x) not in ((4,) if maps else (2, 3)):
        wanted = "(N, channels, height, width)" if maps else "(N, features)"
        fix = "For maps there is nn.BatchNorm2d." if len(x) == 4 else ""
        fix = "For features there is nn.BatchNorm1d." if len(x) == 2 else fix
        return f"It expected {wanted} and got {x}. {fix}".strip()
    if x[1] != module.num_features:
        what = "channels" if len(x) > 2 else "features"
        return (
            f"It expected {module.num_features} {what} and got {x}, {x[1]} {what}. Write "
            f"nn.{name}({x[1]})."
        )
    return None


def _other_way(wanted: int, channels: int, chain: Chain) -> str:
    """Return what would make the maps before a dense layer fit it as it is."""
    side = math.isqrt(wanted // channels)
    if side * side * channels != wanted:
        return ""
    told = f"; {wanted} would be {channels} maps of {side}×{side}"
    for i, (name, layer, x, _) in enumerate(chain):
        if not isinstance(layer, nn.Conv2d) or layer.padding not in ((0, 0), "valid"):
            continue
        padding = (layer.kernel_size[0] - 1) // 2
        if padding and _sides(x, padding, chain[i:]) == (side, side):
            return f"{told}, which padding={padding} in layer {name!r} would give"
    return told


def _sides(x: Shape, padding: int, chain: Chain) -> tuple[int, int] | None:
    """Return the height and width after ``chain`` if its first layer had ``padding``.

    None if a layer has no room, or is of a kind whose size is not worked out here.
    """
    sides = (x[-2], x[-1])
    for i, (_, layer, _, _) in enumerate(chain):
        windows = windows_of(layer, sides)
        if windows is None:
            if isinstance(layer, KEEP_THE_SIZE) or type(layer).__module__.endswith("activation"):
                continue
            return None
        if i == 0:
            windows = (replace(windows[0], p=padding), replace(windows[1], p=padding))
        sides = (windows[0].output, windows[1].output)
        if 0 in sides:
            return None
    return sides


def _channels(module: nn.Conv2d, x: Shape, chain: Chain) -> str | None:
    wanted = module.in_channels
    if len(x) not in (3, 4):
        told = f"It expected (N, {wanted}, height, width) and got {x}, {len(x)} dimensions."
        return told + _reshaped(wanted, x, chain)
    if x[-3] == wanted:
        return None
    if len(x) == 3:
        # Three dimensions are one picture (C, H, W) to PyTorch, not N pictures without channel.
        told = (
            f"It expected (N, {wanted}, height, width) and got {x}: with three dimensions PyTorch "
            f"reads one picture of {x[0]} channels."
        )
        if wanted == 1:
            told += (
                f" For {x[0]} grey pictures the channel is missing: X.unsqueeze(1) has shape "
                f"({x[0]}, 1, {x[1]}, {x[2]})."
            )
        return told
    if x[-1] == wanted:
        return (
            f"It expected {wanted} channels in the second place, (N, {wanted}, height, width), and "
            f"got {x}: the channels are last. X.permute(0, 3, 1, 2) puts them second."
        )
    told = (
        f"It expected {wanted} channels, (N, {wanted}, height, width), and got {x}, {x[-3]} "
        "channels."
    )
    if module.groups > 1:  # other channels may need other groups
        return f"{told} Give it {wanted}: its {module.groups} groups share them out evenly."
    return f"{told} Write nn.Conv2d({x[-3]}, {module.out_channels}, ...), or give it {wanted}."


def _reshaped(wanted: int, x: Shape, chain: Chain) -> str:
    """Return what to do with one or two dimensions in front of a convolution, where it is known."""
    flat = next((name for name, layer, *_ in chain if isinstance(layer, nn.Flatten)), None)
    if flat is not None:
        return f" Layer {flat!r} has flattened the maps: put the convolution before it."
    if chain or wanted != 1 or not x:
        return ""
    side = math.isqrt(x[-1])
    if side * side == x[-1] and x[-1] > 1 and (len(x) == 1 or x[0] != x[1]):
        return f" If these are flat pictures of {side}×{side}: X.reshape(-1, 1, {side}, {side})."
    return f" Give it .reshape{(1, 1, *x)}: one picture, one channel." if len(x) == 2 else ""


def _kernel(module: nn.Conv2d | nn.MaxPool2d | nn.AvgPool2d, x: Shape) -> str | None:
    windows = windows_of(module, (x[-2], x[-1])) if len(x) >= 3 else None
    for axis, window in zip(AXES, windows or (), strict=False):
        if window.output == 0:
            return (
                f"Along the {axis} {window.why_none()}, in {x}: no output is left. Use a larger "
                "picture, a smaller kernel, more padding, or fewer poolings before it."
            )
    return None
