"""Exercises of notebook 3: the shapes along a chain of layers, and chains to mend."""

from __future__ import annotations

import torch
from torch import nn

from .exercise import Case, Exercise, Facts, Slip


def shapes_of(net, shape):
    """Return the shape after each layer of a chain: a list of tuples.

    net: an nn.Sequential; shape: that of its input, for example (1, 1, 28, 28).

    >>> shapes_of(nn.Sequential(nn.Flatten(), nn.Linear(4, 3)), (1, 2, 2))
    [(1, 4), (1, 3)]
    """
    x = torch.zeros(shape)
    shapes = []
    for layer in net:
        x = layer(x)
        shapes.append(tuple(x.shape))
    return shapes


def shapes_and_hooks(shapes_of, net, shape):
    """Return the shapes, and how many hooks were left in the layers."""
    shapes = shapes_of(net, shape)
    hooks = sum(len(layer._forward_hooks) for layer in net.modules())
    return Facts({"The shapes": shapes, "Hooks that are left in the net": hooks})


def _chains():
    convolution = nn.Conv2d(1, 2, 3)
    return [
        ("nn.Sequential(nn.Flatten())", nn.Sequential(nn.Flatten()), (1, 2, 3)),
        (
            "nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Sigmoid(), nn.Linear(4, 3))",
            nn.Sequential(nn.Flatten(), nn.Linear(6, 4), nn.Sigmoid(), nn.Linear(4, 3)),
            (2, 2, 3),
        ),
        (
            "nn.Sequential(nn.Conv2d(1, 2, 3), nn.AvgPool2d(2))",
            nn.Sequential(convolution, nn.AvgPool2d(2)),
            (3, 1, 8, 6),
        ),
        (
            "LeNet's convolution blocks",
            nn.Sequential(
                nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
                nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
            ),
            (1, 1, 28, 28),
        ),
    ]  # fmt: skip


def _not_chained(net, shape):
    x = torch.zeros(shape)
    return [tuple(layer(x).shape) for layer in net]


def _sizes(net, shape):
    return [torch.Size(size).numel() for size in shapes_of(net, shape)]


SHAPES_OF = Exercise(
    notebook=3,
    solution=shapes_of,
    cases=lambda: [
        Case((net, shape), f"net={told}, shape={shape}") for told, net, shape in _chains()
    ],
    slips=(
        Slip("input counted as a layer", lambda net, shape: [shape, *shapes_of(net, shape)]),
        Slip("input counted as a layer", lambda net, shape: [shape, *shapes_of(net, shape)][:-1]),
        Slip("only the last", lambda net, shape: shapes_of(net, shape)[-1]),
        Slip("only the last", lambda net, shape: shapes_of(net, shape)[-1:]),
        Slip("returned too early", lambda net, shape: shapes_of(net, shape)[:1]),
        Slip("returned too early", lambda net, shape: shapes_of(net, shape)[0]),
        Slip("stopped early", lambda net, shape: shapes_of(net[:-1], shape)),
        Slip("layers not chained", _not_chained),
        Slip("batch left out", lambda net, shape: [s[1:] for s in shapes_of(net, shape)]),
        Slip("number for shape", _sizes),
        Slip("number for shape", lambda net, shape: [len(s) for s in shapes_of(net, shape)]),
        Slip("number for shape", lambda net, shape: [s[1] for s in shapes_of(net, shape)]),
        Slip("one name for all", lambda net, shape: [shapes_of(net, shape)[-1]] * len(net)),
    ),
    hints=(
        "Begin with zeros of the shape that is asked for: `torch.zeros(shape)`.",
        "A chain can be gone through: `for layer in net`. What one layer gives is what the next "
        "one takes; append `tuple(x.shape)` to a list.",
    ),
    observe=shapes_and_hooks,
)


def flat_features(n):
    """Return how many numbers leave LeNet's flatten for a picture of n×n: a whole number.

    LeNet: a convolution (kernel 5, padding 2), a pooling of 2, a convolution to 16 channels
    (kernel 5, no padding), a pooling of 2, the flatten.

    >>> flat_features(28)
    400
    """
    side = n // 2
    side = (side - 4) // 2
    return 16 * side * side


FLAT_FEATURES = Exercise(
    notebook=3,
    solution=flat_features,
    cases=lambda: [Case((n,)) for n in (12, 13, 14, 15, 16, 18, 20, 23, 28, 29, 30, 32, 56, 64)],
    slips=(
        Slip("number written in", lambda n: 400),
        Slip("number written in", lambda n: 16 * 5 * 5 * n // 28),
        Slip("padding forgotten", lambda n: 16 * (((n - 4) // 2 - 4) // 2) ** 2),
        Slip("padding once", lambda n: 16 * (((n - 2) // 2 - 4) // 2) ** 2),
        Slip("flatten keeps channels", lambda n: ((n // 2 - 4) // 2) ** 2),
        Slip("flatten keeps channels", lambda n: 16 * ((n // 2 - 4) // 2)),
        Slip("stopped early", lambda n: 16 * (n // 2 - 4) ** 2),
        Slip("other channels", lambda n: 6 * ((n // 2 - 4) // 2) ** 2),
        Slip("other channels", lambda n: 6 * 16 * ((n // 2 - 4) // 2) ** 2),
        Slip("size never changes", lambda n: 16 * (n // 4) ** 2),
        Slip("ceil for floor", lambda n: 16 * ((-(-n // 2) - 4 + 1) // 2) ** 2),
        Slip("division with a rest", lambda n: 16 * ((n / 2 - 4) / 2) ** 2),
    ),
    hints=(
        "Follow one side through the four layers, with the formula of notebook 1. n=28 must give "
        "28, 14, 10, 5.",
        "The flatten puts all channels, rows and columns of one picture into one row.",
    ),
)


def mend_padding(net):
    """Return the chain net with the padding that its first layer has lost; the rest stays.

    net: an nn.Sequential; its first layer is an nn.Conv2d with an odd kernel and no padding. With
    the padding, what leaves that layer is as high and as wide as the picture was.

    >>> mend_padding(nn.Sequential(nn.Conv2d(1, 2, 3)))(torch.zeros(1, 1, 4, 4)).shape
    torch.Size([1, 2, 4, 4])
    """
    old = net[0]
    side = old.kernel_size[0]
    new = nn.Conv2d(old.in_channels, old.out_channels, side, padding=side // 2)
    return nn.Sequential(new, *net[1:])


def mended_chain(mend, net, shape):
    """Return what a mended chain is recognised by, the plainest facts first."""
    wanted = [_with_numbers(layer) for layer in net]
    mended = mend(net)
    if not isinstance(mended, nn.Module):
        return Facts({"What it returns": mended})
    layers = [layer for layer in mended.modules() if not list(layer.children())]
    kept = [_with_numbers(layer) for layer in layers if _with_numbers(layer) in wanted]
    return Facts(
        {
            "What it returns": "a network",
            "Its scores": _scores(mended, shape),
            "The number of its layers": len(layers),
            "The layers that stayed as they were": kept,
        }
    )


def _scores(net, shape):
    try:
        return f"of shape {tuple(net(torch.zeros(shape)).shape)}"
    except RuntimeError as error:
        return f"none, it stops with {error}"


def _with_numbers(layer):
    """Return a layer in words, without its padding: that may change in place."""
    return f"{type(layer).__name__}{tuple(p.shape for p in layer.parameters())}"


def _padded_by(padding):
    """Return a version that gives the first layer another padding."""

    def wrong(net):
        old = net[0]
        pixels = padding(old.kernel_size[0])
        new = nn.Conv2d(old.in_channels, old.out_channels, old.kernel_size, padding=pixels)
        return nn.Sequential(new, *net[1:])

    return wrong


def _smaller_kernel(net):
    old = net[0]
    return nn.Sequential(nn.Conv2d(old.in_channels, old.out_channels, 1), *net[1:])


def _fitting(net, shape):
    """Return the chain with another dense layer at its end: one that fits."""
    features = net[:-1](torch.zeros(shape)).shape[-1]
    return nn.Sequential(*net[:-1], nn.Linear(features, net[-1].out_features))


def _lost_paddings():
    small = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(2 * 2 * 3, 5)
    )
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Sigmoid(),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(16 * 5 * 5, 120),
    )  # fmt: skip
    return [
        ("nn.Sequential(nn.Conv2d(1, 2, 3), nn.Sigmoid())",
         nn.Sequential(nn.Conv2d(1, 2, 3), nn.Sigmoid()), (1, 1, 4, 4)),
        ("a chain that begins with nn.Conv2d(1, 2, 3)", small, (2, 1, 4, 6)),
        ("LeNet without its padding", lenet, (1, 1, 28, 28)),
        ("nn.Sequential(nn.Conv2d(3, 4, 7), nn.Sigmoid())",
         nn.Sequential(nn.Conv2d(3, 4, 7), nn.Sigmoid()), (1, 3, 8, 8)),
    ]  # fmt: skip


MEND_PADDING = Exercise(
    notebook=3,
    solution=mend_padding,
    cases=lambda: [
        Case((net, shape), f"net={told}, pictures of shape {shape}")
        for told, net, shape in _lost_paddings()
    ],
    slips=(
        Slip("padding forgotten", lambda net: net),
        Slip("padding forgotten", _padded_by(lambda side: 0)),
        Slip("number written in", _padded_by(lambda side: 1)),
        Slip("number written in", _padded_by(lambda side: 2)),
        Slip(
            "number written in",
            lambda net: nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), *net[1:]),
        ),
        Slip("padding for both sides", _padded_by(lambda side: side - 1)),
        Slip("padding is the kernel", _padded_by(lambda side: side)),
        Slip("another layer changed", _smaller_kernel),
        Slip("went too far", lambda net: nn.Sequential(*mend_padding(net), nn.Flatten())),
        Slip("stopped early", lambda net: mend_padding(net)[:1]),
    ),
    hints=(
        "Put a kernel of 5 on the first pixel of a row: how many of its pixels hang over?",
        "`net[0].kernel_size[0]` is the side of the kernel. Make a new nn.Conv2d with the same "
        "channels, and put it before `*net[1:]`.",
    ),
    observe=mended_chain,
)  # fmt: skip


def mend_maps(net):
    """Return the chain net with the one layer that is missing before its dense layer.

    net: an nn.Sequential whose last layer, an nn.Linear, was made for rows and is given maps.
    All of its own layers stay.

    >>> chain = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 5))
    >>> mend_maps(chain)(torch.zeros(3, 1, 4, 4)).shape
    torch.Size([3, 5])
    """
    return nn.Sequential(*net[:-1], nn.Flatten(), net[-1])


def _with_flatten(at, **how):
    """Return a version that puts the flatten at another place, or flattens in another way."""

    def wrong(net):
        layers = list(net)
        layers.insert(at, nn.Flatten(**how))
        return nn.Sequential(*layers)

    return wrong


def _made_to_fit(net):
    maps = {8: (1, 1, 4, 4), 864: (1, 1, 28, 28), 60: (1, 2, 6, 7)}[net[-1].in_features]
    return _fitting(net, maps)


def _unflattened():
    return [
        ("nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 5))",
         nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 5)), (1, 1, 4, 4)),
        ("nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 5))",
         nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 5)), (3, 1, 4, 4)),
        ("nn.Sequential(nn.Conv2d(2, 3, 3), nn.Sigmoid(), nn.Linear(60, 4))",
         nn.Sequential(nn.Conv2d(2, 3, 3), nn.Sigmoid(), nn.Linear(60, 4)), (2, 2, 6, 7)),
        ("the chain of section 3.6",
         nn.Sequential(nn.Conv2d(1, 6, 5), nn.AvgPool2d(2), nn.Linear(6 * 12 * 12, 10)),
         (2, 1, 28, 28)),
    ]  # fmt: skip


MEND_MAPS = Exercise(
    notebook=3,
    solution=mend_maps,
    cases=lambda: [
        Case((net, shape), f"net={told}, pictures of shape {shape}")
        for told, net, shape in _unflattened()
    ],
    slips=(
        Slip("batch flattened", _with_flatten(-1, start_dim=0)),
        Slip("flatten keeps channels", _with_flatten(-1, start_dim=2)),
        Slip("nothing changed", lambda net: net),
        Slip("flatten misplaced", _with_flatten(0)),
        Slip("flatten misplaced", lambda net: nn.Sequential(*net, nn.Flatten())),
        Slip("flatten misplaced", _with_flatten(1)),
        Slip("another layer changed", _made_to_fit),
        Slip("stopped early", lambda net: nn.Sequential(*net[:-1], nn.Flatten())),
    ),
    hints=(
        "The maps are right, and so is the dense layer. What puts maps into rows?",
        "`*net[:-1]` are all layers but the last one, and `net[-1]` is the last.",
    ),
    observe=mended_chain,
)

EXERCISES = (SHAPES_OF, FLAT_FEATURES, MEND_PADDING, MEND_MAPS)
