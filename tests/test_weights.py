"""Weights go from one notebook to the next with what is known of them, or are refused in words."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.storage import cache_folder
from lenet_helpers.training.result import Point, TrainingResult

CPU = torch.device("cpu")


def run(source="Fashion-MNIST", *, stopped=False):
    points = (Point(10.0, 41.0, 0.4, 0.83), Point(10.0, 42.0, test_acc=0.8125, stopped=stopped))
    return TrainingResult(points, CPU, source)


def same(net, other):
    pairs = zip(net.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def test_weights_come_back_with_what_is_known_of_them():
    net, other = lh.sequential_lenet(), lh.sequential_lenet()
    assert lh.load_weights(other) is None
    path = lh.save_weights(net, result=run())
    assert [file.name for file in path.parent.iterdir()] == ["lenet.pt"]
    known = lh.load_weights(other)
    assert str(known).startswith(
        "trained on Fashion-MNIST for 10 epochs, test accuracy 0.812, saved on 20"
    )
    assert same(other, net)


def test_weights_without_a_record_say_so():
    lh.save_weights(lh.LeNet(), "mine")
    assert str(lh.load_weights(lh.LeNet(), "mine")).startswith("trained on unknown data, saved on")


def test_those_of_other_data_are_not_taken(capsys):
    lh.save_weights(lh.LeNet(), result=run("drawn stand-in"))
    net, before = lh.LeNet(), lh.LeNet()
    before.load_state_dict(net.state_dict())
    assert lh.load_weights(net, source="Fashion-MNIST") is None
    assert same(net, before)
    assert "trained on drawn stand-in for 10 epochs" in capsys.readouterr().out
    assert lh.load_weights(net, source="drawn stand-in") is not None


class Counting(nn.Linear):
    """A layer that keeps more than tensors: PyTorch's get_extra_state."""

    seen = 0

    def get_extra_state(self):
        return {"seen": self.seen}

    def set_extra_state(self, state):
        self.seen = state["seen"]


def test_what_a_layer_keeps_besides_tensors_comes_back():
    net, other = Counting(4, 2), Counting(4, 2)
    net.seen = 7
    lh.save_weights(net, "counting")
    assert lh.load_weights(other, "counting") is not None
    assert other.seen == 7
    assert torch.equal(other.weight, net.weight)


def test_a_run_that_was_stopped_saves_nothing():
    good, net = lh.LeNet(), lh.LeNet()
    lh.save_weights(good, result=run())
    with pytest.raises(ValueError, match=r"stopped in epoch .*were not saved"):
        lh.save_weights(net, result=run(stopped=True))
    lh.load_weights(net)
    assert same(net, good)


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


class Program:
    """What a file from elsewhere may hold: unpickled, it runs."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_file_that_holds_a_program_is_refused_and_not_run(tmp_path):
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"0.weight": Program(tmp_path / "ran")}, folder / "lenet.pt")
    with pytest.raises(ValueError, match="no file of weights"):
        lh.load_weights(lh.LeNet())
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is damaged"),
        (b"PK\x03\x04 half", "is damaged"),
        (b"not at all a file of weights", "is damaged"),
        (pickle.dumps([1, 2]), "is damaged"),
    ],
)
def test_a_damaged_file_is_named_and_left(content, words):
    path = lh.save_weights(lh.LeNet())
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"(?s)name='lenet': .*{words}.*Save the weights anew"):
        lh.load_weights(lh.LeNet())
    assert path.read_bytes() == content


def test_a_whole_model_is_refused_and_a_checkpoint_of_others_read():
    net = lh.LeNet()
    path = lh.save_weights(net)
    torch.save(net, path)
    with pytest.raises(ValueError, match="a whole model, perhaps"):
        lh.load_weights(lh.LeNet())
    torch.save({"epoch": 3, "model_state_dict": net.state_dict()}, path)
    other = lh.LeNet()
    assert "unknown data" in str(lh.load_weights(other))
    assert same(other, net)
    torch.save([1.0], path)
    with pytest.raises(ValueError, match="holds a list"):
        lh.load_weights(lh.LeNet())


def test_a_recorded_run_has_not_trained_the_network():
    """Else the weights would have an accuracy that is none of theirs."""
    recorded = lh.load_recording("sgd").result
    with pytest.raises(ValueError, match="result is a recording: that run has not trained this"):
        lh.save_weights(lh.LeNet(), result=recorded)
    assert lh.load_weights(lh.LeNet()) is None


def test_weights_that_are_no_numbers_do_not_replace_good_ones():
    good, net = lh.LeNet(), lh.LeNet()
    lh.save_weights(good)
    with torch.no_grad():
        net.fc[0].bias[3] = torch.nan
    with pytest.raises(ValueError, match=r"NaN or infinite, 'fc.0.bias': they were not saved"):
        lh.save_weights(net, result=run())
    lh.load_weights(net)
    assert same(net, good)


def other_files(net):
    state = net.state_dict()
    known = {"source": None, "epochs": 1, "test_acc": None, "saved": "2026-01-01"}
    ours = {"format": "lenet_helpers weights 1", "known": known, "weights": state}
    return {
        "a later version": ({**ours, "format": "lenet_helpers weights 2"}, "Update the series"),
        "nothing known": ({**ours, "known": None}, "is damaged"),
        "other things known": ({**ours, "known": {**known, "lr": 1}}, "is damaged"),
        "no weights": ({**ours, "weights": None}, "is damaged"),
        "of several GPUs": ({f"module.{k}": v for k, v in state.items()}, "no 'conv.0.weight' in"),
        "lists": ({k: v.tolist() for k, v in state.items()}, "is a list, and no tensor"),
        "more layers": ({**state, "fc.9.bias": torch.ones(1)}, "'fc.9.bias' is not in this one"),
        "rounded": ({k: v.to(torch.int8) for k, v in state.items()}, "has type torch.int8"),
        "wider": ({**state, "conv.0.bias": torch.ones(7)}, r"shape (7,), and this one's (6,)"),
    }


@pytest.mark.parametrize("kind", other_files(lh.LeNet()))
def test_what_another_file_lacks_is_named(kind):
    net = lh.LeNet()
    path, before = lh.save_weights(net), lh.LeNet()
    before.load_state_dict(net.state_dict())
    content, words = other_files(lh.LeNet())[kind]
    torch.save(content, path)
    with pytest.raises(ValueError, match=re.escape(words)) as raised:
        lh.load_weights(net)
    assert str(path) in str(raised.value)
    assert same(net, before)


def test_a_file_that_may_not_be_read_is_not_called_damaged(monkeypatch):
    lh.save_weights(lh.LeNet())

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(PermissionError, match=r"lenet\.pt"):
        lh.load_weights(lh.LeNet())


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_lazy_layers():
    def lazy():
        return nn.Sequential(nn.Flatten(), nn.LazyLinear(3))

    with pytest.raises(ValueError, match=r"lazy layer: '1.weight' has no numbers"):
        lh.save_weights(lazy())
    net, other = lazy(), lazy()
    net(torch.zeros(1, 4))
    lh.save_weights(net)
    lh.load_weights(other)
    assert same(other, net)


@pytest.mark.parametrize("net", [lh.LeNet, "lenet", None])
def test_something_that_is_no_network(net):
    for call in (lh.save_weights, lh.load_weights):
        with pytest.raises(TypeError, match="is no network"):
            call(net)


SAVING = """
import sys, torch, lenet_helpers as lh
for _ in range(40):
    net = torch.nn.Linear(200, 200)
    torch.nn.init.constant_(net.weight, float(sys.argv[1]))
    lh.save_weights(net)
"""


def test_two_kernels_that_save_at_once_leave_one_whole_file():
    others = [subprocess.Popen([sys.executable, "-c", SAVING, value]) for value in ("1", "2")]
    net, seen = nn.Linear(200, 200), set()
    while any(other.poll() is None for other in others):
        if lh.load_weights(net) is not None:
            assert (net.weight == net.weight[0, 0]).all()
            seen.add(net.weight[0, 0].item())
    assert [other.wait() for other in others] == [0, 0]
    assert seen <= {1.0, 2.0}
    assert [file.name for file in cache_folder().iterdir()] == ["lenet.pt"]


def test_a_full_disk_leaves_the_old_weights(monkeypatch):
    good = lh.LeNet()
    path = lh.save_weights(good)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match=r"lenet\.pt could not be written .*No space left"):
        lh.save_weights(lh.LeNet())
    monkeypatch.undo()
    assert [file.name for file in path.parent.iterdir()] == ["lenet.pt"]
