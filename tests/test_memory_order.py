"""Weights lie channels last while training, and as before after it."""

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.training.memory_order import lay_back, lay_channels_last

CPU = torch.device("cpu")


def strides(net):
    return [weight.stride() for weight in net.parameters()]


def test_weights_are_channels_last_inside_and_as_before_after():
    net = lh.sequential_lenet()
    before, values = strides(net), [w.detach().clone() for w in net.parameters()]
    net(torch.rand(2, 1, 28, 28)).sum().backward()
    gradients = [w.grad.clone() for w in net.parameters()]
    moved = lay_channels_last(net, CPU)
    convolutions = [m.weight for m in net.modules() if isinstance(m, nn.Conv2d)]
    assert [w.stride(1) for w in convolutions] == [1, 1]
    assert [w.grad.stride(1) for w in convolutions] == [1, 1]
    first_map = net[1](torch.rand(2, 1, 28, 28))
    assert first_map.stride(1) == 1  # the whole network computes channels last
    lay_back(moved)
    assert strides(net) == before == [w.grad.stride() for w in net.parameters()]
    for weight, value, gradient in zip(net.parameters(), values, gradients, strict=True):
        assert torch.equal(weight, value)
        assert torch.equal(weight.grad, gradient)


def test_weights_that_were_channels_last_stay_so():
    net = lh.sequential_lenet().to(memory_format=torch.channels_last)
    before = strides(net)
    lay_back(lay_channels_last(net, CPU))
    assert strides(net) == before


def test_other_devices_keep_their_order():
    net = lh.sequential_lenet()
    before = strides(net)
    assert lay_channels_last(net, torch.device("meta")) == []
    assert strides(net) == before


@pytest.mark.parametrize("make", [lh.sequential_lenet, lh.LeNet])
def test_the_gradients_are_those_of_the_usual_order(make):
    torch.manual_seed(0)
    net, X, y = make(), torch.rand(8, 1, 28, 28), torch.arange(8)
    nn.functional.cross_entropy(net(X), y).backward()
    usual = [w.grad.clone() for w in net.parameters()]
    net.zero_grad()
    lay_channels_last(net, CPU)
    nn.functional.cross_entropy(net(X), y).backward()
    for weight, gradient in zip(net.parameters(), usual, strict=True):
        assert torch.allclose(weight.grad, gradient, rtol=1e-5, atol=1e-7)
