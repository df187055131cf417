"""LeNet-5 as its paper has it, and each of its parts as a choice: the way from 1998 to today.

Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE, 1998, section II.B (layers, table I, weights) and II.C (loss, equation 9).
What the paper does not have, the codes of ten garments, is drawn in :mod:`.codes1998`.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from .evaluation import evaluation_mode
from .models import SIDE, Reshape

FIELD = 32  # pixels a side: a picture of 28 in the middle, so that corners of a stroke are seen
BACKGROUND, INK = -0.1, 1.175  # what black and white pixels become: mean near 0, variance near 1
# Table I: which maps of S2 each of the 16 maps of C3 sees.
LINKS = (
    "012", "123", "234", "345", "045", "015", "0123", "1234", "2345", "0345", "0145", "0125",
    "0134", "1245", "0235", "012345",
)  # fmt: skip
# The connections that the paper counts: every use of a weight or a bias.
PARAMETERS = {
    "C1": 156, "S2": 12, "C3": 1_516, "S4": 32, "C5": 48_120, "F6": 10_164, "output": 0,
}  # fmt: skip
CONNECTIONS = {
    "C1": 122_304, "S2": 5_880, "C3": 151_600, "S4": 2_000, "C5": 48_120, "F6": 10_164,
    "output": 840,
}  # fmt: skip


class Field(nn.Module):
    """Put pictures of 28×28 pixels into the middle of a 32×32 field, in the paper's greys."""

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x``, shape (N, 1, 28, 28), 0 to 1, as (N, 1, 32, 32), −0.1 to 1.175."""
        return nn.functional.pad(x, (2, 2, 2, 2)) * (INK - BACKGROUND) + BACKGROUND


class ScaledTanh(nn.Module):
    """The paper's squashing function: 1.7159 tanh(2a/3); it gives 1 for 1 and −1 for −1."""

    def forward(self, x: Tensor) -> Tensor:
        """Return a tensor of the shape of ``x``."""
        return 1.7159 * torch.tanh(2 / 3 * x)


class _Links(nn.Module):
    """Keeps of a convolution's weight those kernels only that connect linked maps."""

    def __init__(self) -> None:
        super().__init__()
        linked = torch.zeros(16, 6, dtype=torch.bool)
        for i, maps in enumerate(LINKS):
            linked[i, [int(number) for number in maps]] = True
        self.places: Tensor
        self.register_buffer("places", linked.flatten().nonzero().flatten(), persistent=False)

    def forward(self, kernels: Tensor) -> Tensor:
        """Return the weight, shape (16, 6, 5, 5), of the 60 ``kernels``, shape (60, 5, 5)."""
        weight = kernels.new_zeros(96, *kernels.shape[1:])
        weight = weight.index_copy(0, self.places, kernels)
        return weight.view(16, 6, *kernels.shape[1:])

    def right_inverse(self, weight: Tensor) -> Tensor:
        """Return the 60 kernels of a weight."""
        return weight.flatten(0, 1)[self.places]


class _OneNumber(nn.Module):
    """Makes the four weights of a window one number: a sum of four, times a coefficient."""

    def forward(self, coefficient: Tensor) -> Tensor:
        """Return a weight, shape (maps, 1, 2, 2), of one number a map, shape (maps, 1, 1, 1)."""
        return coefficient.expand(-1, -1, 2, 2)

    def right_inverse(self, weight: Tensor) -> Tensor:
        """Return the mean weight of each window."""
        return weight.mean(dim=(2, 3), keepdim=True)


def subsampling(maps: int) -> nn.Conv2d:
    """Return the paper's subsampling: the sum of four pixels, times a number, plus a number.

    Both are learned, for each of the ``maps``.
    """
    layer = nn.Conv2d(maps, maps, 2, stride=2, groups=maps)
    parametrize.register_parametrization(layer, "weight", _OneNumber())
    return layer


def linked_convolution() -> nn.Conv2d:
    """Return C3: of its 96 kernels it has the 60 of table I, the others are 0 for ever."""
    layer = nn.Conv2d(6, 16, 5)
    parametrize.register_parametrization(layer, "weight", _Links())
    return layer


class Codes(nn.Module):
    """The paper's output: how far the 84 numbers of F6 are from the code of each class.

    Args:
        codes: A code a class: −1 and 1, shape (classes, 84). They are not learned.
    """

    def __init__(self, codes: Tensor) -> None:
        super().__init__()
        self.codes: Tensor
        self.register_buffer("codes", codes.float())

    def forward(self, x: Tensor) -> Tensor:
        """Return minus the squared distances, shape (N, classes): the best score is the nearest."""
        return -(x.unsqueeze(1) - self.codes).square().sum(dim=2)


class CodesLoss(nn.Module):
    """The paper's loss, equation 9, for scores that are minus a distance.

    The right code is to be near; the others, and a class for rubbish at the fixed distance ``j``,
    are to be far. The paper says only that ``j`` is above 0: its value here is ours.
    """

    def __init__(self, j: float = 0.1) -> None:
        super().__init__()
        self.j = j

    def forward(self, scores: Tensor, labels: Tensor) -> Tensor:
        """Return the mean loss of scores, shape (N, classes), with labels, int64, shape (N,)."""
        rubbish = scores.new_full((len(scores), 1), -self.j)
        others = torch.cat([scores, rubbish], dim=1).logsumexp(dim=1)
        return (others - scores.gather(1, labels.unsqueeze(1)).squeeze(1)).mean()


def lenet5(
    codes: Tensor | None = None,
    *,
    every_link: bool = False,
    pooling: Callable[[int, int], nn.Module] | None = None,
    activation: Callable[[], nn.Module] = ScaledTanh,
    batch_norm: bool = False,
    dropout: float = 0.0,
) -> nn.Sequential:
    """Return LeNet-5 of 1998, or with parts of today; the sizes of its layers stay.

    The layers that have weights are called C1, S2, C3, S4, C5, F6 and output, as in the paper. The
    weights are drawn as there: uniform within 2.4 by the number of inputs of a unit.

    Args:
        codes: A code of −1 and 1 a class, shape (classes, 84), for the paper's output; None: a
            dense layer that gives ten scores.
        every_link: Whether C3 sees all of S2 with each of its maps.
        pooling: Makes a pooling layer from window and stride; None: the paper's subsampling.
        activation: Makes an activation layer.
        batch_norm: Whether C1, C3, C5 and F6 are followed by batch norm.
        dropout: The share of C5's and F6's numbers that is dropped in training.
    """
    layers: dict[str, nn.Module] = {"reshape": Reshape(), "field": Field()}

    def then(name: str, layer: nn.Module, maps: int = 0) -> None:
        layers[name] = layer
        if batch_norm and maps:
            layers[f"{name}_norm"] = nn.BatchNorm1d(maps) if name == "F6" else nn.BatchNorm2d(maps)
        layers[f"{name}_act"] = activation()
        if dropout and name in ("C5", "F6"):
            layers[f"{name}_drop"] = nn.Dropout(dropout)

    def pool(name: str, maps: int) -> None:
        if pooling is None:
            then(name, subsampling(maps))
        else:
            layers[name] = pooling(2, 2)

    then("C1", nn.Conv2d(1, 6, 5), 6)  # (N, 6, 28, 28)
    pool("S2", 6)  # (N, 6, 14, 14)
    then("C3", nn.Conv2d(6, 16, 5) if every_link else linked_convolution(), 16)  # (N, 16, 10, 10)
    pool("S4", 16)  # (N, 16, 5, 5)
    then("C5", nn.Conv2d(16, 120, 5), 120)  # (N, 120, 1, 1)
    layers["flatten"] = nn.Flatten()
    then("F6", nn.Linear(120, 84), 84)  # (N, 84)
    layers["output"] = nn.Linear(84, 10) if codes is None else Codes(codes)
    net = nn.Sequential()
    for name, layer in layers.items():
        net.add_module(name, layer)
    as_in_1998(net)
    return net


def as_in_1998(net: nn.Sequential) -> None:
    """Draw the weights and biases of ``net`` as the paper does: within 2.4 by the inputs of a unit.

    In C3 a unit has as many inputs as its map has links, which differ from map to map.
    """
    for layer in net:
        if not isinstance(layer, nn.Conv2d | nn.Linear):
            continue
        weight = layer.weight.detach()
        inputs = weight.flatten(1).ne(0).sum(dim=1)  # of a unit in each map
        reach = (2.4 / inputs).view(-1, *[1] * (weight.ndim - 1))
        drawn = (2 * torch.rand_like(weight) - 1) * reach
        if parametrize.is_parametrized(layer) and layer.kernel_size == (2, 2):
            drawn = drawn[:, :, :1, :1].expand_as(drawn)  # one number a window
        layer.weight = drawn if parametrize.is_parametrized(layer) else nn.Parameter(drawn)
        if layer.bias is not None:
            with torch.no_grad():
                layer.bias.copy_((2 * torch.rand_like(layer.bias) - 1) * reach.flatten())


def connections(net: nn.Module) -> dict[str, int]:
    """Return how many connections each layer of ``net`` has, counted as in the paper.

    A connection is one use of a weight or of a bias for one picture, or one distance to a number of
    a code. A kernel that is 0 by its links has none.

    Args:
        net: A network of :func:`lenet5`.
    """
    counts: dict[str, int] = {}
    x = torch.zeros(1, 1, SIDE, SIDE)
    with evaluation_mode(net), torch.no_grad():
        for name, layer in net.named_children():
            out = layer(x)
            if isinstance(layer, nn.Conv2d):
                kernels = layer.weight.flatten(2).ne(0).any(dim=2).sum()
                window = layer.kernel_size[0] * layer.kernel_size[1]
                places = out.shape[2] * out.shape[3]
                counts[name] = int(kernels * window + len(layer.weight)) * places
            elif isinstance(layer, nn.Linear):
                counts[name] = layer.weight.numel() + layer.out_features
            elif isinstance(layer, Codes):
                counts[name] = layer.codes.numel()
            x = out
    return counts
