"""Look inside a trained network: every layer's maps, and every number spelled out.

The network is packed as a list of layers with their weights (float32). The packing is checked:
the packed layers, run one after the other, must give what the network gives. So a network whose
``forward`` does something of its own between its modules is refused, not shown wrongly.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..data.batches import check_labels
from ..data.fashion_mnist import LABELS
from ..data.source import STAND_IN, marked
from ..show.demo import Demo
from ..show.pictures import BLUE, Picture, new_figure
from .evaluation import evaluation_mode
from .models import Reshape

Nets = nn.Module | Mapping[str, nn.Module]
SHAPING = (nn.Flatten, nn.Unflatten, Reshape, nn.Identity)
CLOSE = 1e-4  # how far the packed layers may be from the network: float32 sums in another order
INK = 0.1  # a pixel above this share of white belongs to the garment


def lenet_viewer(
    net: Nets,
    images: Tensor,
    labels: Tensor | Sequence[int],
    *,
    classes: Sequence[str] = LABELS,
    source: str | None = None,
) -> Demo:
    """Return a demo that shows what each layer of ``net`` makes of a picture, or of a drawing.

    ``lenet_viewer(...).widget()`` is the same as a widget that Python can read: ``picture`` has
    the picture or drawing as H rows of W numbers, and ``unit`` the chosen unit: its network, its
    layer, and its place (map, row, column), or (index,) in a dense layer.

    Args:
        net: A network of Conv2d, AvgPool2d, MaxPool2d, Sigmoid, Tanh, ReLU, Flatten, Reshape and
            Linear layers; or several by name, to compare them side by side.
        images: Pictures to pick from, shape (N, 1, H, W) or (N, H, W), values from 0 to 1.
        labels: Their classes, shape (N,).
        classes: The name of each class.
        source: Where the pictures come from: ``train_iter.source``. A drawn stand-in is named.

    Raises:
        TypeError: ``net`` is not a network.
        ValueError: ``images`` and ``labels`` do not fit, or ``net`` has a layer or an option that
            the viewer cannot show; the message names it.
    """
    nets = dict(net) if isinstance(net, Mapping) else {"the network": net}
    if not nets:
        raise ValueError("net is empty: give at least one network.")
    pictures = _pictures(images)
    named = torch.as_tensor(labels)
    if named.shape != (len(pictures),):
        raise ValueError(
            f"labels has shape {tuple(named.shape)} and images has {len(pictures)} pictures: "
            "give one label for each picture."
        )
    check_labels(named, classes=len(classes))
    packed = [pack(module, pictures, name) for name, module in nets.items()]
    note = STAND_IN if source == STAND_IN else None
    data = {
        "nets": packed,
        "classes": list(classes),
        "labels": [int(label) for label in named],
        "images": _base64(pictures),
        "usual": usual_placing(pictures[:, 0]),
        "note": None if note is None else f"The pictures are a {note}, not Fashion-MNIST.",
    }
    first = next(iter(nets.values()))
    title = marked("Looking inside " + " and ".join(nets), source)
    return Demo(
        "lenet_viewer",
        title,
        data,
        _poster(first, pictures[:1], classes[int(named[0])], classes, title),
        tuple((f"{row['name']} {row['kind']}", str(row["formula"])) for row in packed[0]["layers"]),
        tells=("picture", "unit"),
    )


def pack(net: nn.Module, pictures: Tensor, name: str = "the network") -> dict[str, Any]:
    """Return ``net`` as the viewer's JavaScript takes it: a list of layers with their weights.

    Raises:
        TypeError: ``net`` is no ``nn.Module``.
        ValueError: ``net`` has a layer, an option or a step that cannot be shown.
    """
    if not isinstance(net, nn.Module):
        raise TypeError(f"net is a {type(net).__name__}: give an nn.Module, or several by name.")
    layers: list[dict[str, Any]] = []
    seen: list[tuple[str, Tensor, Tensor]] = []
    names = {module: path for path, module in net.named_modules()}

    def note(module: nn.Module, inputs: tuple[Any, ...], output: Tensor) -> None:
        path = names[module] or type(module).__name__
        layers.append(_layer(path, module, inputs[0], output))
        seen.append((path, inputs[0].detach().clone(), output.detach().clone()))

    leaves = [module for module in net.modules() if not any(module.children())]
    hooks = [module.register_forward_hook(note) for module in leaves]
    where = next(net.parameters(), torch.zeros(())).device
    try:
        with evaluation_mode(net), torch.no_grad():
            X = pictures.to(where)
            scores = net(X)
    finally:
        for hook in hooks:
            hook.remove()
    if not seen:
        raise ValueError(f"{name} has no layers to show: give a network of layers.")
    _check_chain(X, seen, scores, name)
    if scores.ndim != 2:
        raise ValueError(
            f"{name} gives values of shape {tuple(scores.shape)}: the viewer wants a score for "
            "each class, shape (N, classes)."
        )
    return {"name": name, "input": list(pictures.shape[1:]), "layers": layers}


def _check_chain(
    X: Tensor, seen: list[tuple[str, Tensor, Tensor]], scores: Tensor, name: str
) -> None:
    """See to it that each layer took what the one before it gave, in whatever shape."""
    links = [("the picture", X), *((path, out) for path, _, out in seen)]
    takes = [*((path, took) for path, took, _ in seen), ("the result", scores)]
    for (giver, gave), (taker, took) in zip(links, takes, strict=True):
        if gave.numel() == took.numel() and torch.allclose(
            gave.flatten(), took.flatten(), rtol=0, atol=CLOSE
        ):
            continue
        raise ValueError(
            f"{name} changes the values between {giver} and {taker} outside of any layer (for "
            "example with F.relu, or a sum of two branches): the viewer would show something "
            "else. Write that step as a layer, such as nn.ReLU(), in a plain chain."
        )


def _layer(path: str, module: nn.Module, x: Tensor, out: Tensor) -> dict[str, Any]:
    """Return one layer as data; its shape leaves the batch out."""
    kind = type(module).__name__
    shape = list(out.shape[1:])
    entry: dict[str, Any] = {"name": path, "kind": kind, "shape": shape}
    if isinstance(module, nn.Conv2d) and type(module) is nn.Conv2d:
        _refuse(path, kind, "groups", module.groups, 1)
        _refuse(path, kind, "padding_mode", module.padding_mode, "zeros")
        if isinstance(module.padding, str):
            raise _cannot(path, kind, f"padding={module.padding!r}", "give the padding as a number")
        entry |= _window(module.kernel_size, module.stride, module.padding, module.dilation)
        entry |= _weights(module)
        entry["formula"] = _count(
            f"each map has {module.in_channels}·{_by(entry['kernel'])} weights",
            module.out_channels, module.weight[0].numel(), module.bias is not None, "maps",
        )  # fmt: skip
    elif type(module) is nn.AvgPool2d:
        _refuse(path, kind, "ceil_mode", module.ceil_mode, False)
        _refuse(path, kind, "divisor_override", module.divisor_override, None)
        entry |= _window(module.kernel_size, module.stride, module.padding, 1)
        entry["count_padding"] = module.count_include_pad
        entry["formula"] = "no parameters: the mean of the window"
    elif type(module) is nn.MaxPool2d:
        _refuse(path, kind, "ceil_mode", module.ceil_mode, False)
        _refuse(path, kind, "return_indices", module.return_indices, False)
        entry |= _window(module.kernel_size, module.stride, module.padding, module.dilation)
        entry["count_padding"] = False
        entry["formula"] = "no parameters: the largest of the window"
    elif type(module) is nn.Linear:
        if x.ndim != 2:
            raise _cannot(path, kind, f"an input of shape {tuple(x.shape)}", "flatten it first")
        entry |= _weights(module)
        entry["formula"] = _count(
            f"each unit has {module.in_features} weights",
            module.out_features, module.in_features, module.bias is not None, "units",
        )  # fmt: skip
    elif type(module) in (nn.Sigmoid, nn.Tanh, nn.ReLU):
        entry["formula"] = "no parameters: each value by itself"
    elif isinstance(module, SHAPING):
        entry["formula"] = "no parameters: the same values in another shape"
    else:
        raise _cannot(
            path, kind, "the kind of layer",
            "use Conv2d, AvgPool2d, MaxPool2d, Sigmoid, Tanh, ReLU, Flatten, Reshape, Linear",
        )  # fmt: skip
    if len(shape) not in (1, 3):
        raise _cannot(path, kind, f"an output of shape {tuple(out.shape)}", "use maps or vectors")
    return entry


def _refuse(path: str, kind: str, option: str, value: object, shown: object) -> None:
    if value != shown:
        raise _cannot(path, kind, f"{option}={value!r}", f"use {option}={shown!r}")


def _cannot(path: str, kind: str, what: str, fix: str) -> ValueError:
    return ValueError(f"The viewer cannot show {path} ({kind}): {what}. Instead, {fix}.")


def _window(*options: int | tuple[int, ...] | None) -> dict[str, list[int]]:
    """Return kernel, stride, padding and dilation as (height, width) each."""
    names = ("kernel", "stride", "padding", "dilation")
    return {
        name: list(sides) if isinstance(sides, tuple) else [int(sides or 0)] * 2
        for name, sides in zip(names, options, strict=True)
    }


def _weights(module: nn.Conv2d | nn.Linear) -> dict[str, str | None]:
    bias = None if module.bias is None else _base64(module.bias)
    return {"weight": _base64(module.weight), "bias": bias}


def _count(each: str, outputs: int, weights: int, bias: bool, what: str) -> str:
    one = f"({weights} + 1)" if bias else f"{weights}"
    return (
        f"{each}{' and a bias' if bias else ''}: {outputs} {what} · {one} = "
        f"{outputs * (weights + bias):,} parameters"
    )


def _by(sides: Sequence[int]) -> str:
    return "·".join(str(side) for side in sides)


def _base64(values: Tensor) -> str:
    """Return ``values`` as little-endian float32, row by row, in base64."""
    flat = values.detach().cpu().float().contiguous().numpy()
    return base64.b64encode(flat.astype("<f4").tobytes()).decode("ascii")


def _pictures(images: Tensor) -> Tensor:
    if not isinstance(images, Tensor) or images.ndim not in (3, 4) or len(images) == 0:
        shape = tuple(images.shape) if isinstance(images, Tensor) else type(images).__name__
        raise ValueError(f"images is {shape}: give a tensor of shape (N, 1, H, W) or (N, H, W).")
    pictures = images[:, None] if images.ndim == 3 else images
    if pictures.shape[1] != 1:
        raise ValueError(
            f"images has shape {tuple(images.shape)}: the viewer takes grey pictures, one channel."
        )
    pictures = pictures.detach().cpu().float()
    if not (pictures.min() >= 0 and pictures.max() <= 1):
        raise ValueError(
            f"images has values from {pictures.min():g} to {pictures.max():g}: give 0 to 1 "
            "(divide bytes by 255)."
        )
    return pictures


def usual_placing(pictures: Tensor) -> dict[str, float]:
    """Return how pictures (N, H, W) lie in their frame: medians over ``pictures``.

    ``longest``: the longer side of the box around the garment, in pixels; ``down`` and ``across``:
    how far the box lies from the middle, in pixels; ``fill``: the mean brightness in the box.
    """
    found = []
    for picture in pictures.numpy():
        rows, columns = np.nonzero(picture >= INK)
        if len(rows) == 0:
            continue
        top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
        height, width = picture.shape
        found.append(
            (
                max(bottom - top, right - left),
                (top + bottom - height) / 2,
                (left + right - width) / 2,
                picture.sum() / ((bottom - top) * (right - left)),
            )
        )
    middle = np.median(np.array(found or [(pictures.shape[1], 0, 0, 0.5)]), axis=0)
    names = ("longest", "down", "across", "fill")
    return {name: round(float(value), 4) for name, value in zip(names, middle, strict=True)}


def _poster(
    net: nn.Module, picture: Tensor, label: str, classes: Sequence[str], title: str
) -> Picture:
    """Return the picture, its first maps, and what the network says of it."""
    where = next(net.parameters()).device
    maps: list[Tensor] = []
    first = next((m for m in net.modules() if isinstance(m, nn.Conv2d)), None)
    hook = first.register_forward_hook(lambda *a: maps.append(a[2])) if first else None
    with evaluation_mode(net), torch.no_grad():
        shares = net(picture.to(where)).softmax(dim=1)[0].cpu()
    if hook is not None:
        hook.remove()
    shown = maps[0][0].cpu() if maps else torch.zeros(0, 1, 1)
    figure = new_figure(9.0, 3.4)
    grid = figure.add_gridspec(2, 6, width_ratios=[2, 1, 1, 1, 0.5, 2.2])
    axes = figure.add_subplot(grid[:, 0])
    axes.imshow(picture[0, 0].numpy(), cmap="gray", vmin=0, vmax=1)
    axes.set_title(f"picture: {label}")
    axes.set_axis_off()
    for i in range(min(6, len(shown))):
        axes = figure.add_subplot(grid[i // 3, 1 + i % 3])
        axes.imshow(shown[i].numpy(), cmap="gray")
        axes.set_title(f"map {i}", fontsize=9)
        axes.set_axis_off()
    axes = figure.add_subplot(grid[:, 5])
    axes.barh(range(len(shares)), shares.numpy(), color=BLUE)
    axes.set_yticks(range(len(shares)), [str(name) for name in classes[: len(shares)]])
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="softmax", title="what it says")
    figure.suptitle(title)
    figure.tight_layout()
    best = int(shares.argmax())
    return Picture(
        figure,
        f"{title}: a picture labelled {label}, the first {min(6, len(shown))} maps, and the "
        f"network's answer, {classes[best]} with {shares[best]:.2f}.",
    )
