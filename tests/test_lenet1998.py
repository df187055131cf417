"""LeNet-5 of 1998, layer by layer: the paper's counts, and its arithmetic written out."""

import functools
import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.network import lenet1998
from lenet_helpers.network.codes1998 import DIGITS, GARMENTS, codes
from lenet_helpers.network.lenet1998 import CodesLoss, connections, lenet5
from lenet_helpers.network.models import count_parameters

torch.manual_seed(0)
X = torch.rand(3, 1, 28, 28)


@pytest.fixture(scope="module")
def net():
    torch.manual_seed(0)
    return lenet5(codes())


def test_the_counts_are_the_papers(net):
    rows = {row.name: row.parameters for row in lh.layer_table(net, (1, 1, 28, 28)).rows}
    net.train()
    counted = connections(net)
    assert net.training  # it is left as it was
    for layer, known in lenet1998.CONNECTIONS.items():
        assert rows[layer] == lenet1998.PARAMETERS[layer]
        assert counted[layer] == known
    assert set(counted) == set(lenet1998.CONNECTIONS)
    assert count_parameters(net) == sum(lenet1998.PARAMETERS.values()) == 60_000
    assert sum(counted.values()) == 340_908


def test_connections_are_what_is_counted_by_going_through_the_maps(net):
    """C1 and C3, use by use."""
    c1 = sum(25 + 1 for _ in range(6) for _ in range(28 * 28))
    c3 = sum(25 * len(maps) + 1 for maps in lenet1998.LINKS for _ in range(10 * 10))
    assert (connections(net)["C1"], connections(net)["C3"]) == (c1, c3)
    with_all = lenet5(codes(), every_link=True)
    assert connections(with_all)["C3"] == 16 * 100 * (6 * 25 + 1)


def test_the_links_are_table_1():
    """The first six maps see three in a row, the next six four, three see four apart, one all."""
    rows = [{int(number) for number in maps} for maps in lenet1998.LINKS]
    assert rows[:6] == [{i % 6, (i + 1) % 6, (i + 2) % 6} for i in range(6)]
    assert rows[6:12] == [{(i + k) % 6 for k in range(4)} for i in range(6)]
    apart = [{0, 1, 3, 4}, {1, 2, 4, 5}, {0, 2, 3, 5}]
    assert rows[12:] == [*apart, set(range(6))]
    assert sum(map(len, rows)) == 60


def test_it_computes_what_the_paper_says(net):
    def squash(a):
        return 1.7159 * torch.tanh(2 * a / 3)

    def subsample(maps, layer):
        out = []
        for i, x in enumerate(maps.unbind(1)):
            four = x[:, ::2, ::2] + x[:, ::2, 1::2] + x[:, 1::2, ::2] + x[:, 1::2, 1::2]
            out.append(four * layer.weight[i, 0, 0, 0] + layer.bias[i])
        return squash(torch.stack(out, 1))

    with torch.no_grad():
        x = torch.full((3, 1, 32, 32), -0.1)
        x[:, :, 2:30, 2:30] = X * 1.275 - 0.1
        x = squash(F.conv2d(x, net.C1.weight, net.C1.bias))
        x = subsample(x, net.S2)
        maps = []
        for i, seen in enumerate(lenet1998.LINKS):
            chosen = [int(number) for number in seen]
            kernels = net.C3.weight[i : i + 1, chosen]
            maps.append(F.conv2d(x[:, chosen], kernels, net.C3.bias[i : i + 1]))
        x = subsample(squash(torch.cat(maps, 1)), net.S4)
        x = squash(x.flatten(1) @ net.C5.weight.flatten(1).T + net.C5.bias)
        x = squash(x @ net.F6.weight.T + net.F6.bias)
        distances = torch.stack([((x - code) ** 2).sum(1) for code in codes()], 1)
        torch.testing.assert_close(net(X), -distances, rtol=1e-5, atol=1e-4)


def test_the_squashing_is_1_at_1():
    assert lenet1998.ScaledTanh()(torch.tensor([1.0, -1.0])).tolist() == pytest.approx(
        [1, -1], abs=1e-4
    )


def test_links_that_are_not_there_stay_away_in_training():
    torch.manual_seed(0)
    net = lenet5(codes())
    before = net.C3.weight.detach().clone()
    absent = before == 0
    assert int(absent.flatten(2).all(2).sum()) == 36
    coefficient = net.S2.weight.detach().clone()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    CodesLoss()(net(X), torch.tensor([1, 2, 3])).backward()
    optimizer.step()
    assert bool((net.C3.weight[absent] == 0).all())
    assert bool((net.C3.weight[~absent] != before[~absent]).any())
    assert not torch.equal(net.S2.weight, coefficient)
    assert torch.equal(net.S2.weight, net.S2.weight[:, :, :1, :1].expand_as(net.S2.weight))


def test_the_loss_is_equation_9():
    scores = -torch.tensor([[1.0, 4.0, 9.0], [2.0, 0.5, 3.0]])
    labels, j = torch.tensor([0, 2]), 0.7
    expected = 0.0
    for row, right in zip((-scores).tolist(), labels.tolist(), strict=True):
        expected += row[right] + math.log(math.exp(-j) + sum(math.exp(-y) for y in row))
    assert float(CodesLoss(j)(scores, labels)) == pytest.approx(expected / 2)


@pytest.mark.parametrize("drawn", [GARMENTS, DIGITS], ids=["garments", "digits"])
def test_codes_are_pictures_that_differ(drawn):
    code = codes(drawn)
    assert tuple(code.shape) == (10, 84)
    assert set(code.unique().tolist()) == {-1.0, 1.0}
    for one, other in itertools.combinations(code, 2):
        assert int((one != other).sum()) >= 10


def test_a_code_is_read_row_by_row():
    first = [line.split()[0] for line in DIGITS.strip().splitlines()]
    picture = codes(DIGITS)[0].view(12, 7)
    assert [["#" if pixel > 0 else "." for pixel in row] for row in picture] == list(
        map(list, first)
    )


def test_weights_are_drawn_within_the_papers_bounds(net):
    inputs = {"C1": 25, "S2": 4, "S4": 4, "C5": 400, "F6": 120}
    for name, number in inputs.items():
        layer = getattr(net, name)
        for values in (layer.weight.detach(), layer.bias.detach()):
            assert float(values.abs().max()) <= 2.4 / number
            assert float(values.abs().max()) > 0.3 * 2.4 / number
    for i, maps in enumerate(lenet1998.LINKS):
        assert float(net.C3.weight[i].detach().abs().max()) <= 2.4 / (25 * len(maps))


def test_the_viewer_refuses_it_by_name(net):
    with pytest.raises(ValueError, match=r"The viewer cannot show field \(Field\)"):
        lh.lenet_viewer(net, X, torch.tensor([0, 1, 2]))


def test_table_and_drawing_show_it(net):
    assert "60,000" in str(lh.layer_table(net, (1, 1, 28, 28)))
    alt = lh.draw_network(net, (1, 1, 28, 28)).alt
    for shape in ("28×28", "14×14", "10×10", "5×5"):
        assert shape in alt


def test_it_learns():
    torch.manual_seed(0)
    net = lenet5(codes())
    halves = torch.zeros(3, 1, 28, 28)
    halves[0, :, 14:] = halves[1, :, :, 14:] = halves[2] = 1
    some = [(halves, torch.tensor([1, 2, 3]))]
    assert lh.evaluate_accuracy_gpu(net, some) < 1
    momentum = functools.partial(torch.optim.SGD, momentum=0.9)
    options = {"keep_weights": True, "loss": CodesLoss(), "optimizer": momentum, "plot": False}
    run = lh.train_ch6(net, some * 80, None, 1, 0.002, "cpu", **options)
    assert lh.evaluate_accuracy_gpu(net, some) == 1.0, run


def test_today_is_lenet_with_parts_of_today():
    net = lenet5(
        every_link=True, pooling=nn.MaxPool2d, activation=nn.ReLU, batch_norm=True, dropout=0.1
    )
    kinds = [type(layer).__name__ for layer in net]
    assert kinds.count("BatchNorm2d") == 3
    assert kinds.count("BatchNorm1d") == 1
    assert kinds.count("MaxPool2d") == kinds.count("Dropout") == 2
    assert kinds.count("ReLU") == 4
    norms = sum(2 * maps for maps in (6, 16, 120, 84))
    assert count_parameters(net) == 61_706 + norms
