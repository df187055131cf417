"""The two LeNets: their layers, their counts, and what their first weights are."""

import math

import pytest
import torch
from torch import nn

from lenet_helpers.network.models import (
    LeNet,
    Reshape,
    count_parameters,
    sequential_lenet,
    xavier_init,
)
from lenet_helpers.training.fresh import fresh_weights

# (weight, bias) of each layer with parameters, by hand
SEQUENTIAL = [6 * 25, 6, 16 * 6 * 25, 16, 400 * 120, 120, 120 * 84, 84, 84 * 10, 10]
CLASS = [6 * 25, 6, 16 * 6 * 25, 16, 256 * 120, 120, 120 * 84, 84, 84 * 10, 10]


@pytest.mark.parametrize("shape", [(3, 784), (3, 28, 28), (3, 1, 28, 28)])
def test_reshape_keeps_every_pixel_in_its_place(shape):
    pictures = torch.arange(3.0 * 784)
    out = Reshape()(pictures.reshape(shape))
    assert out.shape == (3, 1, 28, 28)
    assert out[2, 0, 1, 5] == 2 * 784 + 28 + 5


def test_reshape_takes_one_picture_and_slices():
    assert Reshape()(torch.zeros(28, 28)).shape == (1, 1, 28, 28)
    assert Reshape()(torch.zeros(0, 28, 28)).shape == (0, 1, 28, 28)
    columns = torch.zeros(28, 28, 4).permute(2, 0, 1)  # not contiguous: view() would refuse it
    assert Reshape()(columns).shape == (4, 1, 28, 28)


@pytest.mark.parametrize(
    "shape",
    [
        (49, 1, 32, 32),  # as many numbers as 64 pictures of 28x28
        (49, 1024),
        (2, 3, 28, 28),  # as many as 6 grey pictures
        (2, 5, 784),
        (784, 1),
        (784,),
        (28, 27),
        (),
    ],
)
def test_reshape_never_changes_the_number_of_pictures(shape):
    with pytest.raises(ValueError, match=r"x has shape \(.*: Reshape takes pictures of 28x28"):
        Reshape()(torch.zeros(shape))


@pytest.mark.parametrize(
    ("net", "counts", "total"),
    [(sequential_lenet(), SEQUENTIAL, 61_706), (LeNet(), CLASS, 44_426)],
    ids=["sequential", "class"],
)
def test_parameters_are_those_counted_by_hand(net, counts, total):
    assert [p.numel() for p in net.parameters()] == counts
    assert count_parameters(net) == sum(counts) == total
    assert net(torch.zeros(5, 1, 28, 28)).shape == (5, 10)


def test_only_what_is_learned_is_counted():
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    assert count_parameters(net) == (2 * 3 + 3) + (3 + 3) + (3 + 1)
    net[0].requires_grad_(False)
    assert count_parameters(net) == (3 + 3) + (3 + 1)


def kinds(net):
    return [type(m).__name__ for m in net.modules() if not list(m.children())]


def test_layers_of_the_textbook():
    block = ["Conv2d", "Sigmoid", "AvgPool2d"]
    dense = ["Linear", "Sigmoid", "Linear", "Sigmoid", "Linear"]
    net = sequential_lenet()
    assert kinds(net) == ["Reshape", *block, *block, "Flatten", *dense]
    assert (net[1].padding, net[4].padding) == ((2, 2), (0, 0))
    assert kinds(LeNet()) == [*["Conv2d", "Sigmoid", "MaxPool2d"] * 2, *dense]
    assert {m.padding for m in LeNet().conv if isinstance(m, nn.Conv2d)} == {(0, 0)}


def test_another_activation_and_pooling():
    net = sequential_lenet(activation=nn.ReLU, pooling=nn.MaxPool2d)
    assert kinds(net).count("ReLU") == 4
    assert kinds(net).count("MaxPool2d") == 2
    assert not {"Sigmoid", "AvgPool2d"} & set(kinds(net))
    assert count_parameters(net) == 61_706


def test_the_class_computes_what_the_layers_compute_one_by_one():
    net, X = LeNet(), torch.rand(3, 1, 28, 28)
    expected = X
    for layer in (*net.conv, nn.Flatten(), *net.fc):
        expected = layer(expected)
    torch.testing.assert_close(net(X), expected, rtol=0, atol=0)


def weights_and_biases(net):
    layers = [m for m in net.modules() if isinstance(m, nn.Linear | nn.Conv2d)]
    return [m.weight.detach().clone() for m in layers], [m.bias.detach().clone() for m in layers]


@pytest.mark.parametrize("make", [sequential_lenet, LeNet])
def test_xavier_fills_its_interval_in_dense_layers_and_convolutions(make):
    torch.manual_seed(0)
    net = make()
    _, biases = weights_and_biases(net)
    net.apply(xavier_init)
    weights, biases_after = weights_and_biases(net)
    assert len(weights) == 5
    for weight in weights:
        taps = weight[0, 0].numel()  # 25 for a kernel, 1 for a dense layer
        bound = math.sqrt(6 / ((weight.shape[0] + weight.shape[1]) * taps))
        assert 0.95 * bound < weight.abs().max() <= bound
    for before, after in zip(biases, biases_after, strict=True):
        assert torch.equal(before, after)


def test_xavier_leaves_other_layers_alone():
    norm = nn.BatchNorm2d(3)
    xavier_init(norm)
    assert torch.equal(norm.weight, torch.ones(3))


@pytest.mark.parametrize("make", [sequential_lenet, LeNet])
def test_fresh_weights_are_those_of_a_new_network(make):
    torch.manual_seed(3)
    new = make()
    new.apply(xavier_init)
    used = make()
    torch.manual_seed(3)
    fresh_weights(used)
    for name, value in new.state_dict().items():
        assert torch.equal(value, used.state_dict()[name]), name
