"""Receptive fields and jumps, held against gradients: which pixels move a unit."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lenet_helpers.network.models import LeNet, sequential_lenet
from lenet_helpers.network.table import layer_table

S = nn.Sequential


class Skip(nn.Module):
    """Two ways of another reach that meet by ``join``; "shift": one is also moved."""

    def __init__(self, join):
        super().__init__()
        self.stem, self.wide = nn.Conv2d(1, 2, 3, stride=2), nn.Conv2d(2, 2, 5, padding=2)
        self.last, self.join = nn.Conv2d(4 if join == "cat" else 2, 1, 3), join

    def forward(self, x):
        x = self.stem(x)
        y = self.wide(x)
        if self.join == "cat":
            return self.last(torch.cat([x, y], 1))
        return self.last(y + (F.pad(x, (3, -3, 4, -4)) if self.join == "shift" else x))


class Functional(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(1, 2, 4), nn.Conv2d(2, 3, 3, padding=1), nn.Sigmoid()

    def forward(self, x):
        x = F.max_pool2d(torch.tanh(self.a(x)), 2)
        x = F.avg_pool2d(F.pad(x, (1, 1, 2, 2)), 3, stride=1)
        return self.c(F.conv2d(self.b(x), torch.ones(1, 3, 2, 2, dtype=x.dtype), dilation=2))


NETS = {
    "textbook": sequential_lenet,
    "class": LeNet,
    "dilated": lambda: S(nn.Conv2d(1, 2, 3, dilation=(2, 1)), nn.MaxPool2d(2, 1, dilation=2),
                         nn.Conv2d(2, 2, (1, 3), stride=(1, 2))),
    "padded": lambda: S(nn.Conv2d(1, 2, 3, stride=2, padding=1), nn.AvgPool2d(3, 2, 1),
                        nn.BatchNorm2d(2), nn.PReLU(), nn.Conv2d(2, 2, 3, padding="valid")),
    "even kernels, same size": lambda: S(nn.Conv2d(1, 2, 4, padding="same"), nn.SiLU(),
                                         nn.Conv2d(2, 2, 2, padding="same")),
    "mirrored edges": lambda: S(nn.Conv2d(1, 2, 5, padding=2, padding_mode="reflect"),
                                nn.Dropout()),
    "adaptive": lambda: S(nn.Conv2d(1, 2, 5), nn.AdaptiveAvgPool2d(6),
                          nn.AdaptiveMaxPool2d((3, 2))),
    "added": lambda: Skip("add"),
    "concatenated": lambda: Skip("cat"),
    "moved": lambda: Skip("shift"),
    "functions": Functional,
}  # fmt: skip


def moved_by(net, tries=40):
    """For each layer that gives maps: the pixels that move its middle unit, and the one before."""
    found, outputs = {}, []
    for name, module in net.named_modules():
        if not any(module.children()):
            module.register_forward_hook(lambda m, x, out, name=name: outputs.append((name, out)))
    for seed in range(tries):  # a maximum lets one of its numbers through: another one each time
        outputs.clear()
        x = torch.randn(1, 1, 28, 28, generator=torch.Generator().manual_seed(seed)).double()
        net(x.requires_grad_())
        for name, out in outputs:
            if out.ndim != 4:
                continue
            i, j = out.shape[2] // 2, out.shape[3] // 2
            for place, unit in enumerate([(i, j), (max(i - 1, 0), max(j - 1, 0))]):
                total = out[0, :, unit[0], unit[1]].sum()
                (grad,) = torch.autograd.grad(total, x, retain_graph=True)
                key = name, place
                found[key] = found.get(key, False) | (grad[0, 0] != 0)
    return found


def ends(pixels, axis):
    rows = pixels.any(dim=1 - axis).nonzero()
    return int(rows.min()), int(rows.max())


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("make", NETS.values(), ids=NETS)
def test_they_are_what_gradients_say(make):
    torch.manual_seed(0)
    net = make().eval()
    table = layer_table(net, (1, 1, 28, 28))
    pixels = moved_by(net.double())
    compared = 0
    for row in table.rows:
        if (row.name, 0) not in pixels:
            assert row.receptive_field is None
            continue
        for axis in (0, 1):
            first, last = ends(pixels[row.name, 0], axis)
            before, _ = ends(pixels[row.name, 1], axis)
            assert row.receptive_field[axis] >= last - first + 1
            if first > 0 and last < 27:  # it does not reach over the edge of the picture
                compared += 1
                assert row.receptive_field[axis] == last - first + 1
                if before > 0:
                    assert row.jump[axis] == first - before
    assert compared > 2


def test_by_hand():
    rows = layer_table(LeNet(), (1, 1, 28, 28)).rows
    assert [(row.receptive_field, row.jump) for row in rows[:6:2]] == [
        ((5, 5), (1, 1)), ((6, 6), (2, 2)), ((14, 14), (2, 2))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "layer",
    [nn.ConvTranspose2d(2, 2, 2, stride=2), nn.Upsample(scale_factor=2), nn.GroupNorm(1, 2),
     nn.AdaptiveAvgPool2d(5), nn.Flatten(), nn.PixelShuffle(1), nn.Softmax(2),
     nn.BatchNorm2d(2, track_running_stats=False)],
)  # fmt: skip
def test_where_they_are_not_defined_there_is_none(layer):
    row = layer_table(S(nn.Conv2d(1, 2, 3), layer, nn.Sigmoid()), (1, 1, 28, 28)).rows[2]
    assert (row.receptive_field, row.jump) == (None, None)


def test_a_turned_map_is_not_taken_for_the_map():
    class Turned(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Conv2d(1, 1, (1, 3), padding=(0, 1)), nn.Sigmoid()

        def forward(self, x):
            return self.b(self.a(x).transpose(2, 3))

    assert layer_table(Turned(), (1, 1, 28, 28)).rows[1].receptive_field is None


def test_a_dense_layer_after_the_maps_sees_all_and_the_table_says_so():
    table = layer_table(sequential_lenet(), (1, 1, 28, 28))
    cells = {line[0]: line[5:7] for line in table._lines()}
    assert cells["7 Flatten"] == ("—", "—")
    assert cells["8 Linear"] == cells["12 Linear"] == ("all", "—")


def test_a_dense_layer_on_rows_does_not_see_all():
    table = layer_table(S(nn.Conv2d(1, 2, 3), nn.Linear(26, 4)), (1, 1, 28, 28))
    assert [line[5] for line in table._lines()] == ["3×3", "—"]


def test_a_network_without_maps_has_no_such_columns():
    table = layer_table(S(nn.Flatten(), nn.Linear(784, 10)), (1, 784))
    assert "receptive" not in str(table)
    assert "jump" not in table._repr_html_()
