"""A gallery of small networks in the styles that people write, and what is known of each.

Each entry is code as it stands in homework, tutorials and papers, made so small that it trains in
milliseconds. Beside it stand facts that were found by thinking, not by the package under test.
``test_peoples_networks.py`` sends every one through the whole package.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parametrizations


@dataclass(frozen=True)
class Entry:
    """A network and what is known of it.

    Args:
        name: What its class or function is called.
        make: Makes it.
        kind: "chain": every layer takes what the one before gave, reshaped at most. "steps": a
            chain in which ``forward`` also computes something between layers. "graph": values
            branch, join, skip, or leave the network by two ways.
        viewer: True: the viewer must show it. Words (a regular expression): if the viewer refuses
            it, the refusal has these.
        shape: The shape of one example.
        classes: How many scores it gives.
        own: Names of parameters that belong to no layer.
        unused: Names of layers that ``forward`` never calls.
        work: Where its multiply-adds are made. "layers": all in layers that torch's counter knows.
            "beyond": some in steps that are no layers. "unknown": in a layer that it counts as 0.
        reseeds: Whether every number that it begins with can be drawn anew: its random parameters
            and buffers all belong to modules with a way to reset them.
        folds: Whether ``forward`` folds another dimension into the batch.
        forgets: Whether it draws random numbers while it trains.
        smooth: Whether it passes a NaN on: False where it turns pixels into whole numbers.
    """

    name: str
    make: Callable[[], nn.Module]
    kind: Literal["chain", "steps", "graph"] = "chain"
    viewer: bool | str = True
    shape: tuple[int, ...] = (1, 28, 28)
    classes: int = 10
    own: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    work: Literal["layers", "beyond", "unknown"] = "layers"
    reseeds: bool = True
    folds: bool = False
    forgets: bool = False
    smooth: bool = True


ZOO: dict[str, Entry] = {}


def entry(**facts):
    """Put the class or function below into the gallery, with these facts."""

    def keep(make):
        ZOO[make.__name__] = Entry(make.__name__, make, **facts)
        return make

    return keep


# ---------------------------------------------------------------- chains of layers


@entry()
def softmax_regression():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10))


@entry()
def mlp():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(),
        nn.Linear(16, 10),
    )  # fmt: skip


@entry()
def lenet5_style():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 20, 5), nn.Tanh(), nn.Flatten(),
        nn.Linear(20, 14), nn.Tanh(), nn.Linear(14, 10),
    )  # fmt: skip


@entry()
def nested_and_named():
    features = OrderedDict(
        conv1=nn.Conv2d(1, 4, 5), relu1=nn.ReLU(), pool1=nn.MaxPool2d(2),
        block=nn.Sequential(OrderedDict(conv=nn.Conv2d(4, 8, 3), act=nn.ReLU())),
    )  # fmt: skip
    classifier = OrderedDict(flatten=nn.Flatten(), fc=nn.Linear(800, 10))
    return nn.Sequential(
        OrderedDict(features=nn.Sequential(features), classifier=nn.Sequential(classifier))
    )


def vgg_block(convolutions, inputs, outputs):
    layers = []
    for _ in range(convolutions):
        layers += [nn.Conv2d(inputs, outputs, kernel_size=3, padding=1), nn.ReLU()]
        inputs = outputs
    return nn.Sequential(*layers, nn.MaxPool2d(kernel_size=2, stride=2))


@entry(shape=(3, 32, 32))
def vgg_in_colour():
    return nn.Sequential(
        vgg_block(1, 3, 4), vgg_block(2, 4, 6), vgg_block(2, 6, 8),
        nn.Flatten(), nn.Linear(8 * 4 * 4, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 10),
    )  # fmt: skip


@entry(classes=26)
def letters():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(144, 26)
    )


@entry(classes=26)
def one_convolution_of_the_whole_picture():
    return nn.Sequential(nn.Conv2d(1, 26, 28), nn.Flatten())


@entry()
def all_convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(6, 8, 3, stride=2, padding=1), nn.ReLU(),
        nn.Conv2d(8, 10, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(),
    )  # fmt: skip


@entry()
def network_in_network():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.Conv2d(6, 6, 1), nn.ReLU(), nn.Conv2d(6, 6, 1),
        nn.ReLU(), nn.MaxPool2d(3, stride=2), nn.Conv2d(6, 10, 3), nn.ReLU(),
        nn.AdaptiveAvgPool2d((1, 1)), nn.Flatten(),
    )  # fmt: skip


@entry()
def adaptive_pooling():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.AdaptiveMaxPool2d(10), nn.AdaptiveAvgPool2d((4, 3)),
        nn.Flatten(), nn.Linear(48, 10),
    )  # fmt: skip


@entry()
def same_padding():
    return nn.Sequential(
        nn.Conv2d(1, 3, 5, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(3, 4, 4, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(196, 10),
    )  # fmt: skip


@entry()
def valid_padding():
    return nn.Sequential(
        nn.Conv2d(1, 3, (5, 3), padding="valid"), nn.ReLU(), nn.MaxPool2d((2, 3)), nn.Flatten(),
        nn.Linear(288, 10),
    )  # fmt: skip


@entry(viewer="padding_mode|reflect")
def reflected_edges():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, padding=2, padding_mode="reflect"), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Linear(196, 10),
    )  # fmt: skip


@entry()
def dilated():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, dilation=2), nn.ReLU(), nn.Conv2d(4, 4, 3, dilation=(1, 3)), nn.ReLU(),
        nn.MaxPool2d(2, dilation=2), nn.Flatten(), nn.Linear(320, 10),
    )  # fmt: skip


@entry()
def mobile_net_style():
    def separable(inputs, outputs, stride):
        return nn.Sequential(
            nn.Conv2d(inputs, inputs, 3, stride, padding=1, groups=inputs, bias=False),
            nn.BatchNorm2d(inputs), nn.ReLU6(),
            nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU6(),
        )  # fmt: skip

    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2), separable(4, 8, 2), separable(8, 8, 1),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 10),
    )  # fmt: skip


@entry()
def grouped_and_rounded_up():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.Conv2d(4, 6, 3, groups=2), nn.ReLU(),
        nn.MaxPool2d(4, ceil_mode=True), nn.Flatten(), nn.Linear(216, 10),
    )  # fmt: skip


@entry(forgets=True)
def dropout_of_maps_and_features():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Dropout2d(0.3), nn.Flatten(),
        nn.Dropout(0.5), nn.Linear(144, 10),
    )  # fmt: skip


@entry()
def batch_norm():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, bias=False), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), nn.Linear(144, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(),
        nn.Linear(16, 10),
    )  # fmt: skip


@entry()
def other_norms():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.GroupNorm(2, 4), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3), nn.InstanceNorm2d(6, affine=True), nn.ReLU(), nn.MaxPool2d(2),
        nn.LayerNorm([6, 5, 5]), nn.Flatten(), nn.Linear(150, 16), nn.LayerNorm(16), nn.ReLU(),
        nn.Linear(16, 10),
    )  # fmt: skip


@entry()
def leaky_and_gelu():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.LeakyReLU(0.1), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(144, 16),
        nn.GELU(), nn.Linear(16, 16), nn.GELU(approximate="tanh"), nn.Linear(16, 10),
    )  # fmt: skip


@entry()
def many_activations():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.SiLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(144, 12),
        nn.PReLU(12), nn.Linear(12, 12), nn.ELU(), nn.Linear(12, 12), nn.Softplus(),
        nn.Linear(12, 12), nn.Hardtanh(), nn.Linear(12, 10),
    )  # fmt: skip


@entry()
def relu_in_place():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(inplace=True), nn.MaxPool2d(4), nn.Flatten(),
        nn.Linear(144, 16), nn.ReLU(inplace=True), nn.Linear(16, 10),
    )  # fmt: skip


@entry()
def softmax_at_the_end():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(dim=1))


@entry()
def log_softmax_at_the_end():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(144, 10),
        nn.LogSoftmax(dim=-1),
    )  # fmt: skip


@entry(viewer="ConvTranspose2d|Upsample|PixelShuffle")
def smaller_and_larger():
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, stride=2, padding=1), nn.ReLU(),
        nn.ConvTranspose2d(4, 4, 2, stride=2), nn.ReLU(), nn.MaxPool2d(4),
        nn.Upsample(scale_factor=2), nn.Conv2d(4, 4, 3), nn.PixelShuffle(2),
        nn.Flatten(), nn.Linear(576, 10),
    )  # fmt: skip


@entry(viewer="Conv3d|Unflatten|channel", shape=(4, 14, 14))
def volumes():
    return nn.Sequential(
        nn.Unflatten(1, (1, 4)), nn.Conv3d(1, 3, 3), nn.ReLU(), nn.MaxPool3d((1, 4, 4)),
        nn.Flatten(), nn.Linear(54, 10),
    )  # fmt: skip


# ---------------------------------------------------------------- classes that are chains


@entry()
class FlattenedByCount(nn.Module):
    """The flatten of most tutorials."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.act = nn.ReLU()
        self.fc1 = nn.Linear(3456, 10)

    def forward(self, x):
        x = self.act(self.conv1(x))
        x = x.view(-1, 3456)
        return self.fc1(x)


@entry()
class FlattenedByBatch(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Sequential(nn.Conv2d(1, 4, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
        self.layer2 = nn.Sequential(nn.Conv2d(4, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(7 * 7 * 6, 10)

    def forward(self, x):
        out = self.layer2(self.layer1(x))
        out = out.view(out.size(0), -1)
        return self.fc(out)


@entry()
class FlattenedByTorch(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5)
        self.sigmoid = nn.Sigmoid()
        self.pool = nn.MaxPool2d(4, 4)
        self.fc = nn.Linear(144, 10)

    def forward(self, x):
        return self.fc(torch.flatten(self.pool(self.sigmoid(self.conv(x))), 1))


@entry()
class DefinedBackwards(nn.Module):
    """The last layer is defined first: the order of ``__init__`` says nothing."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(30, 10)
        self.hidden = nn.Linear(144, 30)
        self.act = nn.ReLU()
        self.pool = nn.MaxPool2d(4)
        self.conv = nn.Conv2d(1, 4, 5)

    def forward(self, x):
        x = self.pool(self.act(self.conv(x)))
        return self.out(self.act(self.hidden(x.flatten(1))))


@entry()
def lazy_layers():
    return nn.Sequential(
        nn.LazyConv2d(4, 5), nn.LazyBatchNorm2d(), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(),
        nn.LazyLinear(12), nn.ReLU(), nn.LazyLinear(10),
    )  # fmt: skip


@entry(unused=("old_head", "dropout"))
class UnusedLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5)
        self.pool = nn.MaxPool2d(4)
        self.dropout = nn.Dropout(0.5)
        self.old_head = nn.Linear(100, 10)
        self.head = nn.Linear(144, 10)

    def forward(self, x):
        return self.head(self.pool(self.conv(x)).flatten(1))


@entry()
class ListOfLayers(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [784, 24, 20, 16, 10]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(sizes))
        self.act = nn.Tanh()

    def forward(self, x):
        x = x.reshape(len(x), -1)
        for layer in self.layers[:-1]:
            x = self.act(layer(x))
        return self.layers[-1](x)


@entry(unused=("activations.relu",))
class DictOfLayers(nn.Module):
    def __init__(self):
        super().__init__()
        self.activations = nn.ModuleDict({"relu": nn.ReLU(), "tanh": nn.Tanh()})
        self.layers = nn.ModuleDict({"conv": nn.Conv2d(1, 4, 5), "fc": nn.Linear(144, 10)})
        self.pool = nn.AvgPool2d(4)

    def forward(self, x):
        x = self.pool(self.activations["tanh"](self.layers["conv"](x)))
        return self.layers["fc"](x.flatten(start_dim=1))


@entry()
class OneLayerUsedThreeTimes(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 16)
        self.shared = nn.Linear(16, 16)
        self.act = nn.ReLU()
        self.last = nn.Linear(16, 10)

    def forward(self, x):
        x = self.act(self.first(x.flatten(1)))
        for _ in range(3):
            x = self.act(self.shared(x))
        return self.last(x)


@entry(reseeds=False)  # a frozen layer may be trained already: its weights are not to be lost
def frozen_first_layer():
    net = nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(144, 10)
    )
    net[0].requires_grad_(False)
    return net


@entry(viewer="Conv1d")
class RowsAsChannels(nn.Module):
    """A convolution along one axis: each row of the picture is a channel."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(28, 8, 3, padding=1)
        self.relu = nn.ReLU()
        self.pool = nn.MaxPool1d(2)
        self.conv2 = nn.Conv1d(8, 8, 3)
        self.fc = nn.Linear(96, 10)

    def forward(self, x):
        x = self.pool(self.relu(self.conv1(x.squeeze(1))))
        return self.fc(self.conv2(x).flatten(1))


@entry(forgets=True)
class FunctionalDropout(nn.Module):
    """In evaluation nothing happens between the layers."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(784, 24)
        self.act = nn.ReLU()
        self.fc2 = nn.Linear(24, 10)
        self.p = 0.5

    def forward(self, x):
        x = self.act(self.fc1(x.view(len(x), -1)))
        x = F.dropout(x, self.p, training=self.training)
        return self.fc2(x)


@entry(viewer=".")
def weight_normed():
    return nn.Sequential(
        parametrizations.weight_norm(nn.Conv2d(1, 4, 5)), nn.ReLU(), nn.MaxPool2d(4),
        nn.Flatten(), parametrizations.weight_norm(nn.Linear(144, 10)),
    )  # fmt: skip


@entry(
    viewer=".", work="beyond", reseeds=False
)  # the vectors of its power iteration are random buffers
def spectral_normed():
    return nn.Sequential(
        parametrizations.spectral_norm(nn.Conv2d(1, 4, 5)), nn.LeakyReLU(0.2), nn.MaxPool2d(4),
        nn.Flatten(), parametrizations.spectral_norm(nn.Linear(144, 10)),
    )  # fmt: skip


class Scale(nn.Module):
    """A layer of one's own, with a way to reset it."""

    def __init__(self, features):
        super().__init__()
        self.factor = nn.Parameter(torch.empty(features))
        self.reset_parameters()

    def reset_parameters(self):
        nn.init.uniform_(self.factor, 0.5, 1.5)

    def forward(self, x):
        return x * self.factor


@entry(work="beyond")
def layer_of_ones_own():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 16), Scale(16), nn.ReLU(), nn.Linear(16, 10))


@entry(viewer="ConvTranspose2d")
class GeneratorAndDiscriminator(nn.Module):
    """A GAN-like pair in one module, one behind the other."""

    def __init__(self):
        super().__init__()
        self.generator = nn.Sequential(
            nn.Conv2d(1, 4, 4, stride=4), nn.ReLU(), nn.ConvTranspose2d(4, 1, 4, stride=4),
            nn.Sigmoid(),
        )  # fmt: skip
        self.discriminator = nn.Sequential(
            nn.Conv2d(1, 4, 4, stride=4), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(196, 10)
        )

    def forward(self, x):
        return self.discriminator(self.generator(x))


@entry(unused=("generator.0", "generator.1"))
class HalfOfAPair(nn.Module):
    """Only the discriminator takes part here."""

    def __init__(self):
        super().__init__()
        self.generator = nn.Sequential(nn.Linear(8, 784), nn.Sigmoid())
        self.discriminator = nn.Sequential(
            nn.Conv2d(1, 4, 4, stride=4), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(196, 10)
        )

    def forward(self, x):
        return self.discriminator(x)


# ---------------------------------------------------------------- steps between the layers

OUTSIDE = "outside"  # of any layer: the word of every such refusal


@entry(kind="steps", viewer=OUTSIDE)
class FunctionalLeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 8, 5)
        self.fc1 = nn.Linear(8 * 4 * 4, 20)
        self.fc2 = nn.Linear(20, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(-1, 8 * 4 * 4)
        x = F.relu(self.fc1(x))
        return F.log_softmax(self.fc2(x), dim=1)


@entry(kind="steps", viewer=OUTSIDE)
class GlobalMean(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 5, stride=2), nn.ReLU(), nn.Conv2d(8, 8, 3))
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        return self.head(self.body(x).mean((2, 3)))


@entry(kind="steps", viewer=OUTSIDE, own=("temperature",))
class Temperature(nn.Module):
    """Beside the layers a Parameter of its own."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.temperature = nn.Parameter(torch.full((1,), 1.5))

    def forward(self, x):
        return self.net(x) / self.temperature


@entry(viewer="FromScratch|no layers", work="beyond", reseeds=False)
class FromScratch(nn.Module):
    """No layers at all, as in the chapters that build everything by hand: itself the only one."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(784, 10) * 0.01)
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        return x.reshape(-1, 784) @ self.weight + self.bias


@entry(kind="steps", viewer=OUTSIDE, own=("scores",), work="beyond", reseeds=False)
class Einsum(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 4, stride=4)
        self.scores = nn.Parameter(torch.randn(10, 4, 7, 7) * 0.05)

    def forward(self, x):
        return torch.einsum("nchw,kchw->nk", self.conv(x), self.scores)


@entry(kind="steps", viewer=OUTSIDE, work="beyond")
class FixedFilters(nn.Module):
    """Edges by fixed filters, which are a buffer and no layer."""

    def __init__(self):
        super().__init__()
        sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
        self.register_buffer("filters", torch.stack([sobel, sobel.T])[:, None])
        self.fc = nn.Linear(2 * 13 * 13, 10)

    def forward(self, x):
        edges = F.conv2d(x, self.filters, stride=2).abs()
        return self.fc(edges.flatten(1))


@entry(kind="steps", viewer=OUTSIDE)
class MaxOut(nn.Module):
    """Goodfellow et al. 2013: each unit is the largest of three."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 3 * 16)
        self.out = nn.Linear(16, 10)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).view(-1, 16, 3).amax(2))


@entry(kind="steps", viewer=OUTSIDE)
class ChannelsLast(nn.Module):
    """Features in another order: the same numbers, and another network."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5)
        self.pool = nn.MaxPool2d(4)
        self.fc = nn.Linear(144, 10)

    def forward(self, x):
        maps = self.pool(self.conv(x))
        return self.fc(maps.permute(0, 2, 3, 1).reshape(len(x), -1))


@entry(kind="steps", viewer="outside|Embedding", smooth=False)
class LookedUpPixels(nn.Module):
    """Every grey value has a vector of its own."""

    def __init__(self):
        super().__init__()
        self.pixels = nn.Embedding(256, 4)
        self.fc = nn.Linear(4 * 196, 10)

    def forward(self, x):
        grey = (x[:, 0, ::2, ::2] * 255).long()
        return self.fc(self.pixels(grey).flatten(1))


@entry(kind="steps", viewer="LSTM|outside")
class RowsThroughAnLSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 12, num_layers=2, batch_first=True)
        self.fc = nn.Linear(12, 10)

    def forward(self, x):
        out, _ = self.lstm(x.view(-1, 28, 28))
        return self.fc(out[:, -1])


@entry(kind="steps", viewer="GRU|outside")
class RowsThroughAGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(28, 6, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(12, 10)

    def forward(self, x):
        _, last = self.gru(x.squeeze(1))
        return self.fc(torch.cat([last[0], last[1]], dim=1))


@entry(kind="steps", viewer="[Ee]ncoder|Attention|LayerNorm|outside|embed", forgets=True)
class RowsThroughATransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(28, 8)
        layer = nn.TransformerEncoderLayer(8, nhead=2, dim_feedforward=16, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.encoder(self.embed(x.squeeze(1))).mean(1))


@entry(kind="steps", viewer="to_patches|[Ee]ncoder|Attention|LayerNorm|outside",
       own=("cls_token", "position"), reseeds=False)  # fmt: skip
class SmallViT(nn.Module):
    """Patches, a class token and learned places: Dosovitskiy et al. 2020."""

    def __init__(self):
        super().__init__()
        self.to_patches = nn.Conv2d(1, 8, 7, stride=7)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.position = nn.Parameter(torch.randn(1, 17, 8) * 0.02)
        layer = nn.TransformerEncoderLayer(
            8, nhead=2, dim_feedforward=16, dropout=0.0, activation="gelu", batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, num_layers=1)
        self.head = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 10))

    def forward(self, x):
        patches = self.to_patches(x).flatten(2).transpose(1, 2)
        tokens = torch.cat([self.cls_token.expand(len(x), -1, -1), patches], dim=1)
        return self.head(self.encoder(tokens + self.position)[:, 0])


@entry(viewer="[Aa]ttention|embed")
class AttentionOverRows(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(28, 8)
        self.attention = nn.MultiheadAttention(8, 2, batch_first=True)
        self.fc = nn.Linear(28 * 8, 10)

    def forward(self, x):
        rows = self.embed(x.squeeze(1))
        mixed, _ = self.attention(rows, rows, rows, need_weights=False)
        return self.fc(mixed.flatten(1))


@entry(kind="steps", viewer="outside|batch", shape=(3, 28, 28), folds=True)
class FramesInTheBatch(nn.Module):
    """A film of three frames: each frame goes through as if it were an example."""

    def __init__(self):
        super().__init__()
        self.frame = nn.Sequential(nn.Conv2d(1, 4, 5), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten())
        self.fc = nn.Linear(144, 10)

    def forward(self, x):
        b, t, h, w = x.shape
        features = self.frame(x.view(b * t, 1, h, w))
        return self.fc(features.view(b, t, -1).mean(1))


# ---------------------------------------------------------------- branches, joins, skips


class ResidualBlock(nn.Module):
    """He et al. 2015."""

    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.shortcut = (
            nn.Identity()
            if (inputs, stride) == (outputs, 1)
            else nn.Conv2d(inputs, outputs, 1, stride)
        )

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


@entry(kind="graph", viewer="outside|BatchNorm2d")
def small_resnet():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2), ResidualBlock(4, 4), ResidualBlock(4, 6, stride=2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(6, 10),
    )  # fmt: skip


@entry(kind="graph", viewer=OUTSIDE)
class PlainSkip(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.act = nn.ReLU()
        self.pool = nn.MaxPool2d(4)
        self.fc = nn.Linear(196, 10)

    def forward(self, x):
        first = self.act(self.conv1(x))
        x = first + self.conv2(first)
        return self.fc(self.pool(x).flatten(1))


class Inception(nn.Module):
    """Szegedy et al. 2014: four ways, side by side."""

    def __init__(self, inputs):
        super().__init__()
        self.one = nn.Conv2d(inputs, 2, 1)
        self.three = nn.Sequential(
            nn.Conv2d(inputs, 2, 1), nn.ReLU(), nn.Conv2d(2, 3, 3, padding=1)
        )
        self.five = nn.Sequential(nn.Conv2d(inputs, 2, 1), nn.ReLU(), nn.Conv2d(2, 3, 5, padding=2))
        self.pool = nn.Sequential(nn.MaxPool2d(3, 1, padding=1), nn.Conv2d(inputs, 2, 1))

    def forward(self, x):
        ways = (self.one, self.three, self.five, self.pool)
        return torch.cat([way(x) for way in ways], dim=1)


@entry(kind="graph", viewer=OUTSIDE)
def small_googlenet():
    return nn.Sequential(
        nn.Conv2d(1, 4, 5, stride=2), nn.ReLU(), Inception(4), nn.ReLU(), nn.MaxPool2d(3),
        nn.Flatten(), nn.Linear(160, 10),
    )  # fmt: skip


@entry(kind="graph", viewer="outside|BatchNorm2d")
class SmallDenseNet(nn.Module):
    """Huang et al. 2016: each layer sees all that came before."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 4, 4, stride=4)
        self.grow = nn.ModuleList(
            nn.Sequential(nn.BatchNorm2d(n), nn.ReLU(), nn.Conv2d(n, 2, 3, padding=1))
            for n in (4, 6, 8)
        )
        self.fc = nn.Linear(10 * 49, 10)

    def forward(self, x):
        x = self.stem(x)
        for layer in self.grow:
            x = torch.cat([x, layer(x)], 1)
        return self.fc(x.flatten(1))


@entry(kind="graph", viewer="outside|squeeze")
class SqueezeAndExcite(nn.Module):
    """Hu et al. 2017: maps are weighted by what all of them say."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 5, stride=2)
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.excite = nn.Sequential(nn.Linear(8, 4), nn.ReLU(), nn.Linear(4, 8), nn.Sigmoid())
        self.pool = nn.MaxPool2d(4)
        self.fc = nn.Linear(72, 10)

    def forward(self, x):
        maps = self.conv(x)
        b, c, _, _ = maps.size()
        weights = self.excite(self.squeeze(maps).view(b, c)).view(b, c, 1, 1)
        return self.fc(self.pool(maps * weights.expand_as(maps)).flatten(1))


@entry(kind="graph", viewer=OUTSIDE)
class Highway(nn.Module):
    """Srivastava et al. 2015: a gate mixes a layer with its own input."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 16)
        self.plain, self.gate = nn.Linear(16, 16), nn.Linear(16, 16)
        self.last = nn.Linear(16, 10)

    def forward(self, x):
        x = torch.relu(self.first(x.flatten(1)))
        g = torch.sigmoid(self.gate(x))
        return self.last(g * torch.relu(self.plain(x)) + (1 - g) * x)


@entry(kind="graph", viewer="outside|localise", work="beyond")
class SpatialTransformer(nn.Module):
    """Jaderberg et al. 2015: a small network says how to turn the picture."""

    def __init__(self):
        super().__init__()
        self.localise = nn.Sequential(
            nn.Conv2d(1, 3, 5, stride=3), nn.ReLU(), nn.Flatten(), nn.Linear(192, 6)
        )
        self.conv = nn.Conv2d(1, 4, 5, stride=2)
        self.fc = nn.Linear(4 * 12 * 12, 10)
        self.register_buffer("identity", torch.tensor([1.0, 0, 0, 0, 1, 0]))

    def forward(self, x):
        theta = (self.identity + 0.1 * self.localise(x)).view(-1, 2, 3)
        grid = F.affine_grid(theta, x.size(), align_corners=False)
        x = F.grid_sample(x, grid, align_corners=False)
        return self.fc(torch.relu(self.conv(x)).flatten(1))


@entry(kind="graph", viewer="outside|ConvTranspose2d|Unflatten|two|decoder")
class AutoencoderWithAClassifier(nn.Module):
    """The code is classified; the picture made from it is kept for a second loss."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 4, 4, stride=4), nn.ReLU(), nn.Flatten(), nn.Linear(196, 12)
        )
        self.decoder = nn.Sequential(
            nn.Linear(12, 196), nn.ReLU(), nn.Unflatten(1, (4, 7, 7)),
            nn.ConvTranspose2d(4, 1, 4, stride=4), nn.Sigmoid(),
        )  # fmt: skip
        self.classifier = nn.Linear(12, 10)
        self.reconstruction = None

    def forward(self, x):
        code = self.encoder(x)
        self.reconstruction = self.decoder(code).detach()
        return self.classifier(code)


@entry(kind="graph", viewer="outside|ConvTranspose2d")
class SmallUNet(nn.Module):
    """Ronneberger et al. 2015, with a class at the end."""

    def __init__(self):
        super().__init__()
        self.down1 = nn.Conv2d(1, 3, 3, padding=1)
        self.down2 = nn.Conv2d(3, 4, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.up = nn.ConvTranspose2d(4, 3, 2, stride=2)
        self.merge = nn.Conv2d(6, 2, 3, padding=1)
        self.fc = nn.Linear(2 * 14 * 14, 10)

    def forward(self, x):
        high = self.down1(x)
        low = self.down2(self.pool(high))
        x = self.merge(torch.cat([high, self.up(low)], dim=1))
        return self.fc(self.pool(x).flatten(1))


@entry(kind="graph", viewer="outside|tower")
class Siamese(nn.Module):
    """One tower looks at both halves of the picture."""

    def __init__(self):
        super().__init__()
        self.tower = nn.Sequential(nn.Conv2d(1, 4, 4, stride=2), nn.ReLU(), nn.Flatten())
        self.fc = nn.Linear(2 * 312, 10)

    def forward(self, x):
        left, right = x.chunk(2, dim=3)
        return self.fc(torch.cat([self.tower(left), self.tower(right)], dim=1))


@entry(kind="graph", viewer="outside|pools")
class SpatialPyramid(nn.Module):
    """He et al. 2014: maps of any size give features of one size."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 5, stride=2)
        self.pools = nn.ModuleList(nn.AdaptiveMaxPool2d(n) for n in (1, 2, 4))
        self.fc = nn.Linear(4 * 21, 10)

    def forward(self, x):
        maps = self.conv(x)
        return self.fc(torch.cat([pool(maps).flatten(1) for pool in self.pools], 1))


@entry(kind="graph", viewer="outside|Bilinear", work="unknown")
class BilinearHead(nn.Module):
    """A layer of two inputs, which neither counter knows."""

    def __init__(self):
        super().__init__()
        self.left, self.right = nn.Linear(784, 6), nn.Linear(784, 6)
        self.join = nn.Bilinear(6, 6, 10)

    def forward(self, x):
        x = x.flatten(1)
        return self.join(self.left(x), self.right(x))


@entry(kind="graph", viewer="outside|chosen")
class LeNetOf1998(nn.Module):
    """LeCun et al. 1998: a map of the second convolution sees only some of the first."""

    SEES = ((0, 1, 2), (1, 2, 3), (0, 3), (0, 1, 2, 3))

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 4, 5)
        self.s2 = nn.AvgPool2d(2)
        self.chosen = nn.ModuleList(nn.Conv2d(len(maps), 1, 5) for maps in self.SEES)
        self.f6 = nn.Linear(64, 10)

    def forward(self, x):
        x = self.s2(torch.tanh(self.c1(x)))
        maps = [conv(x[:, list(i)]) for conv, i in zip(self.chosen, self.SEES, strict=True)]
        return self.f6(F.avg_pool2d(torch.tanh(torch.cat(maps, 1)), 2).flatten(1))


@entry(kind="graph", viewer=OUTSIDE, forgets=True)
class StochasticDepth(nn.Module):
    """Huang et al. 2016: while it trains, a layer is left out now and then."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(784, 16)
        self.blocks = nn.ModuleList(nn.Linear(16, 16) for _ in range(3))
        self.last = nn.Linear(16, 10)

    def forward(self, x):
        x = torch.relu(self.first(x.flatten(1)))
        for block in self.blocks:
            if not self.training or torch.rand(()) < 0.7:
                x = x + torch.relu(block(x))
        return self.last(x)


@entry(kind="steps", viewer=OUTSIDE, work="beyond")
class TiedWeights(nn.Module):
    """The way back uses the same weights, turned round."""

    def __init__(self):
        super().__init__()
        self.code = nn.Linear(784, 12)
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        code = torch.sigmoid(self.code(x.flatten(1)))
        return self.fc(torch.sigmoid(F.linear(code, self.code.weight.t())))
