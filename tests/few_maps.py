"""Training with the ways of few maps and without them: for the tests of each way."""

import copy

import torch

import lenet_helpers as lh
from lenet_helpers.training.few_maps import PLACES

CAPABILITY = torch.backends.cpu.get_cpu_capability()


def batches(examples=24):
    torch.manual_seed(1)
    images = torch.randint(256, (examples, 1, 28, 28), dtype=torch.uint8)
    return lh.TensorBatches(images, torch.arange(examples) % 10, 8)


def trained_both_ways(net, monkeypatch, ways, epochs, lr, **how):
    """Train ``net``, and a copy of it without the ways, which are watched in ``ways``.

    Returns:
        The results of both, the copy, and what ``ways`` had after the first.
    """
    twin, how = copy.deepcopy(net), {"seed": 0, "plot": False, **how}
    result = lh.train_ch6(net, batches(), batches(), epochs, lr, "cpu", **how)
    taken = [*ways]
    monkeypatch.setitem(PLACES, CAPABILITY, 0)
    expected = lh.train_ch6(twin, batches(), batches(), epochs, lr, "cpu", **how)
    assert ways == taken  # the copy took none
    return result, expected, twin, taken


def check_learned_alike(net, twin, result, expected, atol):
    assert not any("forward" in vars(module) for one in (net, twin) for module in one)
    assert result.test_acc == expected.test_acc
    for weight, other in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(weight, other, rtol=1e-5, atol=atol)
