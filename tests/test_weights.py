"""Weights go from one notebook to the next, or are refused with a reason."""

import pytest
import torch
from torch import nn

import lenet_helpers as lh


def test_weights_come_back():
    net, other = lh.sequential_lenet(), lh.sequential_lenet()
    assert not lh.load_weights(other)
    path = lh.save_weights(net)
    assert [file.name for file in path.parent.iterdir()] == ["lenet.pt"]
    assert lh.load_weights(other)
    for ours, theirs in zip(other.parameters(), net.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_another_networks_weights_are_refused():
    lh.save_weights(lh.LeNet(), "mine")
    net = nn.Sequential(nn.Linear(2, 2))
    before = net[0].weight.clone()
    with pytest.raises(ValueError, match=r"name='mine'.*another network"):
        lh.load_weights(net, "mine")
    assert torch.equal(net[0].weight, before)


@pytest.mark.parametrize("name", ["", "../lenet", "a b"])
def test_a_name_that_is_no_word_is_refused(name):
    with pytest.raises(ValueError, match="name="):
        lh.save_weights(lh.sequential_lenet(), name)
