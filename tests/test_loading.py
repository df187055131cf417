"""What loads libraries is not held up by Python's search for garbage."""

import gc
import subprocess
import sys

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.loading import collection_paused


@pytest.fixture(autouse=True)
def as_before():
    gc.enable()
    yield
    gc.unfreeze()
    gc.enable()


def test_in_the_block_nobody_looks_for_garbage_and_then_again():
    with collection_paused():
        assert not gc.isenabled()
        with collection_paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), collection_paused():
        raise ImportError
    assert gc.isenabled()


def test_who_looks_for_no_garbage_is_left_alone():
    gc.disable()
    with collection_paused():
        pass
    assert not gc.isenabled()


def test_what_was_made_is_old_afterwards_and_can_still_be_garbage():
    with collection_paused():
        made = [[] for _ in range(5000)]
    assert gc.get_count()[0] < 1000  # new objects that are still to be looked through
    assert gc.get_freeze_count() == 0
    made[0].append(made)
    del made
    assert gc.collect() >= 5000


def test_what_somebody_has_frozen_stays_so():
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collection_paused():
        pass
    assert gc.get_freeze_count() > frozen - 100  # less what has been deleted since


def test_the_first_optimiser_is_made_without_a_search():
    searched = []

    def make(parameters, lr):
        searched.append(gc.isenabled())
        return torch.optim.SGD(parameters, lr=lr)

    net = nn.Linear(784, 10)
    batches = [(torch.rand(4, 784), torch.arange(4))]
    lh.train_ch6(net, batches, None, 1, 0.1, "cpu", optimizer=make, plot=False)
    assert searched == [False]
    assert gc.isenabled()


PROGRAM = """
import gc, sys
looked = []
gc.callbacks.append(lambda phase, _: looked.append(phase))
import lenet_helpers as lh
assert "torch" not in sys.modules
looked.clear()
lh.LeNet, lh.Animator
assert "torch" in sys.modules and "matplotlib.figure" in sys.modules
print(len(looked), gc.isenabled())
"""


def test_the_first_name_that_is_used_loads_all_without_a_search():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["0", "True"], done.stdout + done.stderr
