"""Notebook 5 when a training was stopped: nothing is saved, and no answer is made of half a run."""

import math
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
import torch

import lenet_helpers as lh
from lenet_helpers.storage import cache_folder

PATH = Path(__file__).resolve().parent.parent / "notebooks" / "05-training.ipynb"


def source(id):
    """Return the code of the cell ``id``."""
    (cell,) = [cell for cell in nbformat.read(PATH, as_version=4).cells if cell.id == id]
    return cell.source


@pytest.fixture
def run():
    """A network, and the record of a run of it."""
    batches = [(torch.rand(4, 1, 28, 28), torch.arange(4))]
    net = lh.sequential_lenet()
    return net, lh.train_ch6(net, batches, batches, 2, 0.1, "cpu", seed=0, plot=False)


def ending(result, losses, stopped=False):
    """Return ``result`` with these losses in its points, one after the other."""
    points = [
        replace(result.history[0], epoch=1.0 + i, train_loss=loss, stopped=stopped and i == 1)
        for i, loss in enumerate(losses)
    ]
    return replace(result, history=tuple(points))


def test_a_whole_run_is_saved_and_revealed(run, capsys):
    net, result = run
    exec(source("cell-30"), {"lh": lh, "guess": lh.Predictions(5), "net": net, "sgd": result})
    assert "test accuracy after ten epochs: " in capsys.readouterr().out
    assert [path.name for path in cache_folder().glob("*.pt")] == ["lenet.pt"]


def test_a_run_that_was_stopped_is_neither_saved_nor_revealed(run, capsys):
    net, result = run
    half = ending(result, [2.0, 1.0], stopped=True)
    names = {"lh": lh, "guess": lh.Predictions(5), "net": net, "sgd": half}
    with pytest.raises(ValueError, match="stopped in epoch"):
        exec(source("cell-30"), names)
    assert "test accuracy" not in capsys.readouterr().out
    assert not list(cache_folder().glob("*.pt"))


@pytest.mark.parametrize(
    ("losses", "said"),
    [
        ([1.9, 1.0, 0.9], "plateau with Adam: shorter."),
        ([2.3, 1.9, 1.0], "plateau with Adam: equal."),
        ([2.3, 2.3, 1.9], "plateau with Adam: longer."),
        ([2.3, 2.3, 2.3], "the run gave no number, so there is no answer yet."),
        (["stopped", 1.9, 1.0], "the run gave no number, so there is no answer yet."),
    ],
)
def test_the_plateaus_are_compared_by_their_points(run, capsys, losses, said):
    stopped = losses[0] == "stopped"
    sgd = ending(run[1], [2.3, 1.9, 1.0])
    adam = ending(run[1], [1.9, *losses[1:]] if stopped else losses, stopped)
    names = {"lh": lh, "guess": lh.Predictions(5), "sgd": sgd, "adam": adam, "math": math}
    exec(source("cell-50").split("# fmt: skip\n")[1], names)  # what follows the training
    assert said in capsys.readouterr().out
