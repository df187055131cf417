"""What no row of the layer table shows, in sentences; and how many examples a batch holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import nn

from ..prose import counted
from .counting import found_in, tensors_in
from .flow import Call, Recorder, Shape, layers_of
from .layers import reads_one_example
from .rows import some

MOST = 8  # names in one sentence


def numbers_in(parameters: Iterable[nn.Parameter]) -> int:
    """Return how many numbers ``parameters`` hold; those of a lazy layer not yet known count 0."""
    return sum(p.numel() for p in parameters if not isinstance(p, nn.UninitializedParameter))


def examples_in(shape: Shape, calls: Sequence[Call], output: object) -> tuple[int, int | None, str]:
    """Return how many examples a network's input holds, the axis that counts them, and a sentence.

    The axis is None where there is no batch; the sentence is "" where all is plain.

    Args:
        shape: The shape of the (first) input.
        calls: What happened to it.
        output: What the network gave; None if it failed.
    """
    for call in calls:
        x, batch_first = call.input_shape, getattr(call.module, "batch_first", True)
        if call.kind != "layer" or len(x) != len(shape):
            continue
        if reads_one_example(call.module, x):
            return 1, None, f"{call.label} has read {x} as one example without a batch."
        if not batch_first and len(x) == 3 and x[:2] == shape[:2]:
            told = f"{call.label} is not batch_first: the second number of {shape}"
            return shape[1], 1, f"{told} counts the examples; multiply-adds are for one of them."
    first = next(tensors_in(output), torch.empty(()))
    if output is None or first.shape[:1] == shape[:1]:
        return shape[0], 0, ""
    told = f"The output has shape {tuple(first.shape)} and the input {shape}"
    return 1, 0, f"{told}: the first number differs, so the multiply-adds are for the whole input."


def notes_on(net: nn.Module, flow: Recorder, batch: int | None) -> Iterator[str]:
    """Yield what no row shows.

    Args:
        net: The network.
        flow: What happened in it.
        batch: The first number of the shapes in it, if that counts examples.
    """
    yield from [*unseen_layers(net)] or _made_in_forward(net, flow)
    yield from _never_called(net, flow)
    yield from _without_layer(net)
    steps = Counter(call.name for call in flow.calls if call.kind == "step")
    if steps:
        times = [name if n == 1 else f"{name} ({n} times)" for name, n in steps.items()]
        yield f"Outside of any layer, in forward: {some(times, MOST)}."
    unknown = [call for call in flow.calls if call.unknown]
    if unknown:
        where = [f"{call.label} ({', '.join(dict.fromkeys(call.unknown))})" for call in unknown]
        yield (
            "Not all multiply-adds are counted: torch's counter does not know those of "
            f"{some([*dict.fromkeys(where)], MOST)}."
        )
    if batch is not None:
        yield from _not_the_batch(flow.calls, batch)


def unseen_layers(net: nn.Module) -> Iterator[str]:
    """Yield a sentence on each plain list or dict of layers in ``net``: PyTorch looks past it."""
    known = set(map(id, net.modules()))
    for name, module in net.named_modules():
        for attribute, held in vars(module).items():
            if attribute.startswith("_") or not isinstance(held, list | tuple | dict):
                continue
            unseen = [m for m in found_in(held, nn.Module) if id(m) not in known]
            if not any(True for layer in unseen for _ in layer.parameters()):
                continue
            parts = held.values() if isinstance(held, dict) else held
            deep = any(isinstance(part, list | tuple | dict) for part in parts)
            which = f"{name}.{attribute}".lstrip(".")
            kind = "ModuleDict" if isinstance(held, dict) else "ModuleList"
            yield (
                f"{which!r} is a plain {type(held).__name__} of layers: PyTorch does not see them "
                "in it, so that they are neither counted nor trained. Write "
                f"nn.{kind}(...) around it{', and around each list or dict in it' * deep}."
            )


def _made_in_forward(net: nn.Module, flow: Recorder) -> Iterator[str]:
    own = set(map(id, net.parameters()))
    others = [parameter for key, parameter in flow.used.items() if key not in own]
    if others:
        yield (
            f"forward uses {counted(numbers_in(others), 'parameter')} that the network does not "
            "have, as of a layer that is made in forward: they are neither counted nor trained. "
            "Make layers in __init__, as attributes of self."
        )


def _never_called(net: nn.Module, flow: Recorder) -> Iterator[str]:
    called = {id(call.module) for call in flow.calls}
    left = {name: layer for name, layer in layers_of(net).items() if id(layer) not in called}
    used = [name for name, layer in left.items() if _are_read(layer, flow)]
    if used:
        yield (
            f"The weights of {some([*map(repr, used)], MOST)} are used, but by steps of forward: "
            "there is no row for that."
        )
    unused = [_with_size(name, layer) for name, layer in left.items() if name not in used]
    if unused:
        yield f"Never called: {some(unused, MOST)}."


def _are_read(layer: nn.Module, flow: Recorder) -> bool:
    return any(id(parameter) in flow.used for parameter in layer.parameters())


def _with_size(name: str, layer: nn.Module) -> str:
    kind = type(layer).__name__
    if any(isinstance(p, nn.UninitializedParameter) for p in layer.parameters()):
        return f"{name!r} ({kind}, of unknown size)"
    numbers = numbers_in(layer.parameters())
    size = f", {counted(numbers, 'parameter')}" if numbers else ""
    return f"{name!r} ({kind}{size})"


def _without_layer(net: nn.Module) -> Iterator[str]:
    in_layers = {id(p) for layer in layers_of(net).values() for p in layer.parameters()}
    own = {name: p for name, p in net.named_parameters() if id(p) not in in_layers}
    if own:
        named = some([f"{name!r} ({numbers_in([p]):,})" for name, p in own.items()], MOST)
        yield f"{counted(numbers_in(own.values()), 'parameter')} of no layer: {named}."


def _not_the_batch(calls: Sequence[Call], batch: int) -> Iterator[str]:
    others: dict[int, list[str]] = {}
    for call in calls:
        if call.kind == "layer" and call.sources and call.input_shape[:1] not in ((), (batch,)):
            others.setdefault(call.input_shape[0], []).append(call.label)
    for number, names in others.items():
        yield (
            f"The batch has {batch}, but {number} come first in the shapes of "
            f"{some([*dict.fromkeys(names)], MOST)}: forward has folded another dimension into the "
            "batch, or moved it."
        )
