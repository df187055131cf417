"""A network as a list of layers with their weights, for the viewer's page.

The packing is checked: each layer must take what the one before it gave, and the last must give
what the network gives. So a network whose ``forward`` does something of its own between its layers
is refused, not shown wrongly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from .counting import tensors_in
from .evaluation import check_made, evaluation_mode, scores
from .flow import layers_of
from .kinds import Entry, LayerCall, entry_of, same_numbers
from .table import name_cause

PROBES = 4  # pictures of ours that a network is tried with, besides those that it is given


def pack(net: nn.Module, pictures: Tensor, name: str = "the network") -> Entry:
    """Return ``net`` as the viewer's JavaScript takes it: a list of layers with their weights.

    Args:
        net: The network.
        pictures: What it gets, float32 (N, channels, height, width).
        name: What to call it in errors.

    Raises:
        TypeError: ``net`` is no ``nn.Module``, or gives no tensor.
        ValueError: ``net`` has a layer, an option or a step that cannot be shown, or does not give
            a score for each class.
        LayerShapeError: a layer does not fit what reaches it.
    """
    check_made(net)
    if not isinstance(net, nn.Module):
        raise TypeError(f"net is a {type(net).__name__}: give an nn.Module, or several by name.")
    X = torch.cat([pictures, _probes(pictures)]).to(device_of(net))
    gpus = [X.device] if X.device.type == "cuda" else []
    entries: list[Entry] = []
    last = "the picture", X

    def note(call: LayerCall) -> None:
        # At once, and in the order of the network: what is refused first may break what follows.
        nonlocal last
        _check_link(*last, call.label, call.x, name)
        entries.append(entry_of(call))
        last = call.label, call.out

    try:  # forward may draw random numbers, even in evaluation mode
        with evaluation_mode(net), torch.random.fork_rng(gpus), torch.no_grad(), _noting(net, note):
            given = net(X.clone())
    except Exception as error:
        name_cause(net, X, error)
        raise
    result = scores(given, X)
    if not entries:
        raise ValueError(f"{name} has no layers to show: give a network of layers.")
    _check_link(*last, "the result", result, name)
    return {"name": name, "input": list(pictures.shape[1:]), "layers": entries}


def device_of(net: nn.Module) -> torch.device:
    """Return where the parameters of ``net`` are; the CPU if it has none."""
    return next(net.parameters(), torch.zeros(())).device


def _probes(pictures: Tensor) -> Tensor:
    """Return an even dark picture, an even light one, and two of noise, in the range of others.

    A step between the layers may leave the pictures of a data set alone, and not every drawing.
    """
    low, high = pictures.min(), pictures.max()
    chance = torch.Generator().manual_seed(0)
    grey = torch.rand(PROBES, *pictures.shape[1:], generator=chance)
    grey[0], grey[1] = 0, 1
    return low + (high - low) * grey


@contextmanager
def _noting(net: nn.Module, note: Any) -> Iterator[None]:  # noqa: ANN401
    """Call ``note`` for each layer that is called; the hooks are taken away again."""
    taken: list[Tensor] = []  # before a layer changes it in place

    def enter(module: nn.Module, args: object, kwargs: object) -> None:
        first = next(tensors_in([args, kwargs]), torch.empty(0))
        taken.append(first.detach().clone())

    def leave(name: str, module: nn.Module, args: object, kwargs: object, output: object) -> None:
        x = taken.pop()
        out = output.detach().clone() if isinstance(output, Tensor) else torch.empty(0)
        note(LayerCall(name or type(module).__name__, module, x, out))

    with ExitStack() as stack:
        for name, module in layers_of(net).items():
            before = module.register_forward_pre_hook(enter, with_kwargs=True)
            after = module.register_forward_hook(partial(leave, name), with_kwargs=True)
            stack.callback(before.remove)
            stack.callback(after.remove)
        yield


def _check_link(giver: str, before: Tensor, taker: str, after: Tensor, name: str) -> None:
    """See to it that ``taker`` took what ``giver`` gave, in whatever shape."""
    where = f"between {giver} and {taker} outside of any layer"
    if before.numel() == after.numel() and before.shape[:1] != after.shape[:1]:
        raise ValueError(
            f"{name} changes the size of the batch {where}, from {len(before)} to "
            f"{len(after)}, where {PROBES} pictures are drawn here to test it: the viewer "
            "shows one example at a time. Keep the batch first, for example with x.flatten(1)."
        )
    if not same_numbers(before, after):
        raise ValueError(
            f"{name} changes the values {where} (for example with F.relu, or a sum of two "
            "branches): the viewer would show something else. Write that step as a layer, such as "
            "nn.ReLU(), in a plain chain."
        )


def shares(given: Tensor, layers: Sequence[Entry]) -> Tensor:
    """Return the probabilities that a network says, (N, classes): one softmax, its own or ours.

    Args:
        given: What the network gives, (N, classes).
        layers: Its layers, packed.
    """
    last = next((layer["kind"] for layer in reversed(layers) if "unchanged" not in layer), "")
    if last == "Softmax":
        return given
    return given.exp() if last == "LogSoftmax" else given.softmax(dim=1)
