"""Weights lie channels last while training, and as before after it."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.training.memory_order import lay_back, lay_channels_last

CPU = torch.device("cpu")
ROOT = Path(__file__).resolve().parent.parent


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


@pytest.mark.parametrize(
    "unsafe",
    [
        lambda: nn.Conv2d(4, 6, 1, stride=2),  # PyTorch's own backward pass dies on it
        lambda: nn.Conv2d(4, 4, 3, groups=4),
        lambda: nn.ConvTranspose2d(4, 4, 3),
        lambda: nn.utils.parametrizations.weight_norm(nn.Conv2d(4, 4, 3)),
    ],
)
def test_a_network_with_any_other_kernel_keeps_its_order(unsafe):
    net = nn.Sequential(nn.Conv2d(1, 4, 3), unsafe())
    before = strides(net)
    assert lay_channels_last(net, CPU) == []
    assert strides(net) == before


TRIES = """
import random, torch
from torch import nn
from lenet_helpers.training.memory_order import lay_channels_last
random.seed(0)
for _ in range(40):
    k, s, p, d = random.choice([2, 3, 5, 7]), random.randint(1, 3), random.randint(0, 2), 1
    wide, side = [random.randint(1, 20) for _ in range(3)], random.randint(2 * k, 24)
    first = nn.Conv2d(wide[0], wide[1], k, padding=k // 2)
    net = nn.Sequential(first, nn.ReLU(), nn.Conv2d(wide[1], wide[2], k, stride=s, padding=p))
    assert len(lay_channels_last(net, torch.device("cpu"))) > 0
    for _ in range(3):
        net(torch.rand(random.choice([1, 6, 33]), wide[0], side, side)).square().sum().backward()
print("alive")
"""


def test_many_sizes_of_the_safe_kernels_leave_the_process_alive():
    done = subprocess.run(
        [sys.executable, "-c", TRIES], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout == "alive\n", done.stderr[-500:]
