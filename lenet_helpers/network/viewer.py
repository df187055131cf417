"""Look inside a trained network: every layer's maps, and every number spelled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from torch import Tensor, nn

from ..data.batches import check_labels, class_names
from ..data.fashion_mnist import LABELS
from ..data.source import STAND_IN, marked
from ..prose import counted
from ..show.demo import Demo
from ..show.pictures import BLUE, SIGNED, Picture, new_figure
from .evaluation import evaluation_mode, scores
from .kinds import Entry, in_base64
from .packing import device_of, pack, shares
from .samples import Level, Samples, samples_of, usual_placing

Nets = nn.Module | Mapping[str, nn.Module]


def lenet_viewer(
    net: Nets,
    images: Tensor | Iterable[Any],
    labels: Tensor | Sequence[int] | None = None,
    *,
    classes: Sequence[str] | None = None,
    source: str | None = None,
    mean: Level | None = None,
    std: Level | None = None,
) -> Demo:
    """Return a demo that shows what each layer of ``net`` makes of a picture, or of a drawing.

    ``lenet_viewer(...).widget()`` is the same as a widget that Python can read: ``picture`` has
    the picture or drawing as it is seen, from 0 to 1: H rows of W numbers, in colour three times
    that. ``unit`` is the chosen unit: its network, its layer, and its place (map, row, column), or
    (index,) in a dense layer.

    Args:
        net: A network whose layers follow each other, without branches or steps outside of layers;
            or several by name, to compare them side by side. The layers are those of
            ``lenet_helpers.network.kinds.TAKEN``, and any that only reshape.
        images: Pictures to pick from, as the network gets them: shape (N, 1, H, W), (N, H, W), or
            (N, 3, H, W) in colour. Values are from 0 to 1, or normalized: some below 0. Or batches
            (X, y), of which the first 20 pictures are taken.
        labels: Their classes, shape (N,); None with batches.
        classes: The name of each class, as many as the network gives values. None: as the batches
            say; else those of Fashion-MNIST where there are ten, or "class 0", "class 1" ...
        source: Where the pictures come from: ``train_iter.source``; batches may know it. A drawn
            stand-in is named.
        mean: With ``std``, what normalized pictures were made with, (picture - mean) / std: a
            number, or one for each channel. None: from the ``Normalize`` among the transforms of
            the batches' data set; else the lowest value of ``images`` is shown as black and the
            highest as white, and the page says so.
        std: See ``mean``.

    Raises:
        TypeError: ``net`` is not a network, or ``images`` neither a tensor nor batches.
        ValueError: the arguments do not fit each other, or ``net`` has a layer, an option or a step
            that the viewer cannot show; the message names it.
    """
    nets = dict(net) if isinstance(net, Mapping) else {"the network": net}
    if not nets:
        raise ValueError("net is empty: give at least one network.")
    samples = samples_of(images, labels, mean, std)
    packed = [pack(module, samples.inputs, name) for name, module in nets.items()]
    names = _classes(packed, samples.classes if classes is None else classes)
    check_labels(samples.labels, classes=len(names))
    source = samples.source if source is None else source
    title = marked("Looking inside " + " and ".join(nets), source)
    first = next(iter(nets.values()))
    return Demo(
        "lenet_viewer",
        title,
        {"nets": packed, "classes": names, **_data(samples, source)},
        _poster(first, packed[0]["layers"], samples, names, title),
        tuple((f"{row['name']} {row['kind']}", str(row["formula"])) for row in packed[0]["layers"]),
        tells=("picture", "unit"),
    )


def _classes(packed: Sequence[Entry], names: Sequence[str] | None) -> list[str]:
    """Return a name for each value that the networks give.

    Raises:
        ValueError: the names and the values are not as many.
    """
    gives = {net["name"]: net["layers"][-1]["shape"][-1] for net in packed}
    least = min(gives.values())
    if names is None:
        names = LABELS if least == len(LABELS) else [f"class {i}" for i in range(least)]
    else:
        names = class_names("classes", names)
    for name, number in gives.items():
        if number != len(names):
            raise ValueError(
                f"classes has {counted(len(names), 'name')} and {name} gives "
                f"{counted(number, 'value')}: give a name for each value, in their order."
            )
    return list(names)


def _data(samples: Samples, source: str | None) -> dict[str, Any]:
    """Return what the page gets besides the networks and the classes."""
    drawn = f"The pictures are a {STAND_IN}, not Fashion-MNIST." if source == STAND_IN else None
    notes = [note for note in (drawn, samples.note) if note]
    seen = samples.seen
    return {
        "labels": [int(label) for label in samples.labels],
        "images": in_base64(seen),
        "mean": samples.levels.mean.tolist(),
        "std": samples.levels.std.tolist(),
        "usual": usual_placing(seen.mean(dim=1)),
        "note": " ".join(notes) or None,
    }


def _poster(
    net: nn.Module, layers: Sequence[Entry], samples: Samples, classes: Sequence[str], title: str
) -> Picture:
    """Return the first picture, its first maps, and what the network says of it."""
    shown, said = _maps_and_answer(net, layers, samples.inputs[:1])
    label = classes[int(samples.labels[0])]
    figure = new_figure(9.0, 3.4)
    grid = figure.add_gridspec(3, 6, width_ratios=[2, 1, 1, 1, 0.5, 2.2], height_ratios=[1, 1, 0.1])
    axes = figure.add_subplot(grid[:, 0])
    pixels = samples.seen[0].clamp(0, 1).permute(1, 2, 0).squeeze(2)
    axes.imshow(pixels.numpy(), cmap="gray", vmin=0, vmax=1)
    axes.set_title(f"picture: {label}")
    axes.set_axis_off()
    if len(shown):
        most = float(shown.abs().max()) or 1.0  # one scale for all maps, as in the page
        scale = Normalize(-most, most)
        for i in range(min(6, len(shown))):
            axes = figure.add_subplot(grid[i // 3, 1 + i % 3])
            axes.imshow(shown[i].numpy(), cmap=SIGNED, norm=scale)
            axes.set_title(f"map {i}", fontsize=10)
            axes.set_axis_off()
        strip = figure.add_subplot(grid[2, 1:4])
        colours = ScalarMappable(scale, SIGNED)
        figure.colorbar(colours, strip, orientation="horizontal").set_ticks([-most, 0, most])
    axes = figure.add_subplot(grid[:, 5])
    axes.barh(range(len(said)), said.numpy(), color=BLUE)
    axes.set_yticks(range(len(said)), classes)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1), xlabel="softmax", title="what it says")
    figure.suptitle(title)
    figure.set_layout_engine("constrained")
    best = int(said.argmax())
    return Picture(
        figure,
        f"{title}: a picture labelled {label}, the first {min(6, len(shown))} maps, and the "
        f"network's answer, {classes[best]} with {said[best]:.2f}.",
    )


def _maps_and_answer(net: nn.Module, layers: Sequence[Entry], one: Tensor) -> tuple[Tensor, Tensor]:
    """Return the maps of the first convolution, none if there is none, and the probabilities.

    Args:
        net: The network.
        layers: Its layers, packed.
        one: A batch of one picture, as the page has it.
    """
    maps: list[Tensor] = []
    first = next((m for m in net.modules() if isinstance(m, nn.Conv2d)), nn.Identity())
    # A copy: the next layer may work in place.
    hook = first.register_forward_hook(lambda *a: maps.append(a[2].clone()))
    with hook, evaluation_mode(net), torch.no_grad():
        one = one.to(device_of(net))
        said = shares(scores(net(one), one), layers)[0].cpu()
    return (maps[0][0].cpu() if maps else torch.zeros(0, 1, 1)), said
