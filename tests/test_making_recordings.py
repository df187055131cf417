"""The command that makes the recordings: on a few pictures, into a folder of its own."""

import functools
import json
import statistics

import pytest
import torch

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.network.models import count_parameters
from lenet_helpers.training import recording
from tools.recordings import __main__ as command
from tools.recordings import run as one
from tools.recordings import then_and_now, why_convolution

PIXELS = torch.randint(256, (60, 28, 28), dtype=torch.uint8)
LABELS = torch.arange(60) % 10


@pytest.fixture(autouse=True)
def few_pictures(monkeypatch):
    """Sixty pictures that pass for Fashion-MNIST, and short runs."""

    def load(batch_size, **options):
        train, test = (
            TensorBatches(PIXELS, LABELS, 16, shuffle=shuffle, device="cpu", source="Fashion-MNIST")
            for shuffle in (True, False)
        )
        return train, test

    monkeypatch.setattr(lh, "load_data_fashion_mnist", load)
    monkeypatch.setattr(one, "HELD_BACK", 20)
    for name in then_and_now.OVERFIT:
        run = then_and_now.RUNS[name]
        few = functools.partial(one.held_back, train=10)
        monkeypatch.setitem(then_and_now.RUNS, name, run.but(pictures=few))


def make(folder, *names):
    return command.main([*names, "--epochs", "1", "--out", str(folder)])


def test_they_go_where_the_package_looks_for_them():
    names = {path.stem for path in command.FOLDER.glob("*.json")}
    assert {"sgd", "adam"} <= names == {name.split("/")[0] for name in lh.recordings()}


def test_a_run_is_done_once(tmp_path, capsys):
    for _ in range(2):
        assert make(tmp_path, "relu") == 0
    assert capsys.readouterr().out.count("train acc") == 1
    assert lh.load_recording(tmp_path / "relu.json").settings["optimizer"] == "SGD"
    assert command.main(["relu", "--epochs", "1", "--out", str(tmp_path), "--again"]) == 0
    assert "train acc" in capsys.readouterr().out


def test_a_step_of_a_group_has_a_run_for_each_seed(tmp_path, capsys):
    assert make(tmp_path, "why_convolution/dense") == 0
    assert make(tmp_path, "why_convolution/dense, permuted") == 0
    runs = recording.names_in(tmp_path / "why_convolution.json")
    assert runs == [f"dense{more}, seed {i}" for more in ("", ", permuted") for i in range(3)]
    capsys.readouterr()
    assert command.main(["why_convolution/dense", "--out", str(tmp_path)]) == 0
    assert "train acc" not in capsys.readouterr().out  # they are there
    kept = lh.load_recording(tmp_path / "why_convolution.json" / runs[0])
    assert len(kept.settings["moved"]) == 7
    assert len(kept.settings["by_class"]) == 10
    assert kept.settings["parameters"] == 61_723


def test_the_last_run_takes_the_best_recipe_and_only_it_sees_the_test_set(tmp_path, monkeypatch):
    steps = ["1998", "softmax", "batch norm"]
    monkeypatch.setattr(then_and_now, "LADDER", {name: then_and_now.LADDER[name] for name in steps})
    for step in steps:
        with pytest.raises(SystemExit, match="come first"):
            make(tmp_path, "then_and_now/final")
        make(tmp_path, f"then_and_now/{step}")
    path = tmp_path / "then_and_now.json"
    kept = json.loads(path.read_text())
    for name, run in kept["runs"].items():
        assert "test_acc" not in run["columns"]
        run["points"][-1][run["columns"].index("valid_acc")] = 0.9 if "softmax" in name else 0.1
    path.write_text(json.dumps(kept))
    make(tmp_path, "then_and_now/final")
    last = [name for name in recording.names_in(path) if name.startswith("final")]
    assert last == [f"final, seed {i}" for i in range(3)]
    run = lh.load_recording(path / last[0])
    assert "softmax" in run.title
    assert run.settings["pictures"] == 60
    assert 0 <= run.result.test_acc <= 1


def test_what_is_held_back_is_the_same_for_all_and_not_trained_on():
    train, test = lh.load_data_fashion_mnist(16)
    all_others, few = (one.held_back(one.Data(train, test), n) for n in (None, 10))
    assert torch.equal(all_others.valid.images, few.valid.images)
    assert (all_others.train.num_examples, few.train.num_examples) == (40, 10)
    assert all_others.test is few.test is None
    seen = {tuple(image.flatten().tolist()) for image in all_others.train.images}
    held = {tuple(image.flatten().tolist()) for image in all_others.valid.images}
    assert (len(seen), len(held), seen & held) == (40, 20, set())
    assert (all_others.train.shuffle, all_others.valid.shuffle) == (True, False)


def test_an_interrupted_run_is_not_kept(tmp_path, monkeypatch):
    def stops(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lenet_helpers.training.loop._Training._step", stops)
    with pytest.raises(SystemExit, match="not kept"):
        make(tmp_path, "why_convolution/lenet")
    assert list(tmp_path.iterdir()) == []


def test_every_step_has_lenets_sizes_and_can_be_trained(tmp_path):
    shapes = set()
    for step in then_and_now.LADDER.values():
        net = step.make()
        row = {row.name: row for row in lh.layer_table(net, (1, 1, 28, 28)).rows}
        shapes.add(tuple(row[n].output_shape for n in ("C1", "S2", "C3", "S4", "C5", "F6")))
        assert net(torch.zeros(2, 1, 28, 28)).shape == (2, 10)
    assert shapes == {
        ((1, 6, 28, 28), (1, 6, 14, 14), (1, 16, 10, 10), (1, 16, 5, 5), (1, 120, 1, 1), (1, 84))
    }
    for name in ("1998", "dropout", "2,000, stopped early"):
        assert make(tmp_path, f"then_and_now/{name}") == 0


def test_permuted_pictures_are_all_permuted_alike():
    train, test = lh.load_data_fashion_mnist(16)
    other = why_convolution.permuted(one.Data(train, test))
    before, after = (batches.images.flatten(1) for batches in (train, other.train))
    assert not torch.equal(before, after)
    places = {tuple(column.tolist()): i for i, column in enumerate(before.T)}
    order = [places[tuple(column.tolist())] for column in after.T]
    assert sorted(order) == list(range(784))
    assert torch.equal(test.images.flatten(1)[:, order], other.test.images.flatten(1))


def test_moved_pictures_are_moved_to_the_right():
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10))
    _, test = lh.load_data_fashion_mnist(16)
    found = why_convolution.moved(net, one.Data(test, test))["moved"]
    for pixels in (0, 3):
        images = torch.zeros_like(test.images)
        images[..., pixels:] = test.images[..., : 28 - pixels]
        expected = lh.accuracy(net(images.float() / 255), LABELS) / 60
        assert found[pixels] == pytest.approx(expected)


def test_an_unknown_name_and_the_stand_in_are_refused(tmp_path, monkeypatch, capsys):
    assert make(tmp_path, "then_and_now/nothing") == 2
    assert "then_and_now/batch norm" in capsys.readouterr().out
    drawn = TensorBatches(PIXELS, LABELS, 16, device="cpu", source="drawn stand-in")
    monkeypatch.setattr(lh, "load_data_fashion_mnist", lambda *_, **__: (drawn, drawn))
    assert make(tmp_path, "sgd") == 1
    assert "need the real Fashion-MNIST" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- what comes with the package


def test_the_recorded_runs_are_those_of_the_tables():
    """Each step has its seeds, and each run the settings and the size of its step."""
    best = "two cycles"
    for group, steps in command.GROUPS.items():
        all_steps = steps | ({command.FINAL: then_and_now.final(best)} if "now" in group else {})
        expected = {
            f"{group}/{step}, seed {seed}": (run, seed)
            for step, run in all_steps.items()
            for seed in run.seeds
        }
        assert set(lh.recordings(group)) == set(expected)
        for name, (run, seed) in expected.items():
            kept = lh.load_recording(name)
            told = kept.settings
            assert kept.title == f"{run.title}, seed {seed}"
            assert told["optimizer"] == one.name_of(run.optimizer)
            assert (told["lr"], told["batch_size"], told["seed"]) == (run.lr, run.batch_size, seed)
            assert told["parameters"] == count_parameters(run.make())
            assert set(kept.made) == {"date", "device", "threads", "torch", "python"}
            assert kept.result.source == "Fashion-MNIST"
            assert kept.result.examples == told["pictures"] * kept.result.epochs
            assert kept.result.epochs == run.epochs or run.stop_early


def test_a_recipe_is_good_after_one_epoch_already():
    quick, worse, slow = [(0.9, 0.93), (0.86, 0.91)], [(0.9, 0.9)], [(0.5, 0.95)]
    assert then_and_now.best({"quick": quick, "worse": worse, "slow": slow}) == "quick"
    assert then_and_now.best({"slow": slow, "slower": [(0.4, 0.94)]}) == "slow"


def test_the_last_recipe_was_chosen_by_validation_and_only_it_saw_the_test_set():
    reached = {}
    for name in lh.recordings("then_and_now"):
        step, run = name.partition("/")[2].rpartition(", seed ")[0], lh.load_recording(name)
        tested = [p for p in run.result.history if p.test_acc is not None]
        assert bool(tested) == (step == command.FINAL)
        if step in then_and_now.LADDER:
            first = run.result.history[0].valid_acc
            reached.setdefault(step, []).append((first, run.result.valid_acc))
    good = {step: zip(*runs, strict=True) for step, runs in reached.items()}
    means = {step: [statistics.mean(when) for when in runs] for step, runs in good.items()}
    best = max((s for s in means if means[s][0] >= 0.87), key=lambda step: means[step][1])
    final = lh.load_recording(f"then_and_now/{command.FINAL}, seed 0")
    assert final.title == f"{then_and_now.final(best).title}, seed 0"
    assert final.settings["pictures"] == 60_000


def test_the_recordings_are_small():
    assert sum(path.stat().st_size for path in command.FOLDER.glob("*.json")) < 300_000
