"""A schedule, another loss, pictures held back: against a loop that is written out."""

import copy
import functools
import math
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, TensorDataset

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.network.table import LayerShapeError
from lenet_helpers.training.fresh import fresh_weights
from lenet_helpers.training.graph import WARM_UP
from lenet_helpers.training.learning import Schedule

torch.manual_seed(1)
LABELS = torch.arange(90) % 10
PIXELS = (torch.rand(90, 28, 28) * 60 + 19 * LABELS[:, None, None]).to(torch.uint8)
EPOCHS = 3


def batches(first=0, last=90, batch_size=16, **options):
    return TensorBatches(
        PIXELS[first:last], LABELS[first:last], batch_size, device="cpu", **options
    )


def dense():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 16), nn.ReLU(), nn.Linear(16, 10))


def train(net, train_iter=None, test_iter=None, epochs=EPOCHS, lr=0.2, **options):
    options = {"seed": 4, "plot": False, "keep_weights": True} | options
    given = batches() if train_iter is None else train_iter
    return lh.train_ch6(net, given, test_iter, epochs, lr, "cpu", **options)


def twin_of(net, scheduler=None, each="epoch", loss=None, lr=0.2, epochs=EPOCHS, optimizer=None):
    """A copy of ``net`` trained by a loop written out here; also its rate at each step."""
    twin, loss, rates = copy.deepcopy(net), loss or nn.CrossEntropyLoss(), []
    optimizer = (optimizer or torch.optim.SGD)(twin.parameters(), lr=lr)
    scheduler = scheduler(optimizer) if scheduler else None
    for _ in range(epochs):
        for X, y in batches():
            optimizer.zero_grad()
            loss(twin(X), y).backward()
            optimizer.step()
            rates.append(optimizer.param_groups[0]["lr"])
            if scheduler and each == "batch":
                scheduler.step()
        if scheduler and each == "epoch":
            scheduler.step()
    return twin, rates


def alike(one, other):
    for ours, theirs in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


halved = functools.partial(lr_scheduler.StepLR, step_size=1, gamma=0.5)
one_cycle = functools.partial(lr_scheduler.OneCycleLR, max_lr=0.5, total_steps=6 * EPOCHS)


@pytest.mark.parametrize(
    ("scheduler", "each", "rates"), [(halved, "epoch", 3), (one_cycle, "batch", 18)]
)
@pytest.mark.parametrize("optimizer", [torch.optim.SGD, torch.optim.AdamW])
def test_a_schedule_goes_on_after_each_epoch_or_each_batch(scheduler, each, rates, optimizer):
    if optimizer is torch.optim.SGD and each == "batch":
        scheduler = functools.partial(scheduler, cycle_momentum=False)
    net = dense()
    twin, used = twin_of(net, scheduler, each, lr=0.02, optimizer=optimizer)
    assert len(set(used)) == rates
    train(net, lr=0.02, optimizer=optimizer, scheduler=scheduler, schedule_each=each)
    alike(net, twin)


def test_a_plateau_is_seen_in_the_validation_loss_or_in_that_of_training(monkeypatch):
    seen = []
    monkeypatch.setattr(
        lr_scheduler.ReduceLROnPlateau, "step", lambda self, loss: seen.append(float(loss))
    )
    run = train(dense(), scheduler=lr_scheduler.ReduceLROnPlateau)
    assert seen == [loss for _, loss, _, _ in run.by_epoch()]
    seen.clear()
    run = train(dense(), scheduler=lr_scheduler.ReduceLROnPlateau, valid_iter=batches(0, 40))
    assert seen == [p.valid_loss for p in run.history if p.valid_loss is not None]
    assert len(set(seen)) == EPOCHS


def test_another_loss():
    for loss in (nn.CrossEntropyLoss(label_smoothing=0.2), nn.functional.cross_entropy):
        net = dense()
        twin, _ = twin_of(net, loss=loss)
        train(net, loss=loss)
        alike(net, twin)


def test_the_advice_knows_only_the_loss_of_guessing_by_cross_entropy():
    def same(y_hat, y):
        return nn.functional.cross_entropy(y_hat, y)

    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    nn.init.zeros_(net[1].weight)
    nn.init.zeros_(net[1].bias)
    assert any("guessing" in note for note in train(net, lr=1e-9).notes)
    assert not any("guessing" in note for note in train(net, lr=1e-9, loss=same).notes)


def test_what_is_held_back_is_measured_after_each_epoch():
    net, held = dense(), batches(0, 50)
    run = train(net, batches(50), batches(40), valid_iter=held)
    ends = [point for point in run.history if point.valid_acc is not None]
    assert [point.epoch for point in ends] == [1, 2, 3]
    with torch.no_grad():
        y_hat = net(PIXELS[:50].unsqueeze(1) / 255)
    assert ends[-1].valid_loss == pytest.approx(
        nn.functional.cross_entropy(y_hat, LABELS[:50]).item(), rel=1e-5
    )
    assert ends[-1].valid_acc == float((y_hat.argmax(1) == LABELS[:50]).sum()) / 50
    assert (run.valid_loss, run.valid_acc) == (ends[-1].valid_loss, ends[-1].valid_acc)
    assert f"valid acc {run.valid_acc:.3f}, test acc {run.test_acc:.3f}" in str(run)
    without = train(dense(), valid_iter=held)
    assert "test" not in str(without).splitlines()[0]
    assert not any("test" in note for note in without.notes)  # none was given on purpose


def test_what_is_held_back_is_measured_in_larger_batches():
    net, seen = dense(), []

    def note(net, inputs, _):
        if not net.training:
            seen.append(len(inputs[0]))

    net.register_forward_hook(note)
    train(net, batches(50), valid_iter=batches(0, 50))
    assert seen == [50] * EPOCHS


def test_what_failed_was_the_validation():
    X = torch.rand(4, 1, 28, 28)
    for wrong, error, words in (
        ([(torch.rand(4, 1, 32, 32), LABELS[:4])], LayerShapeError, "got 1024"),
        ([(X, torch.tensor([0, 1, 2, 10]))], ValueError, "labels contain 10: with 10 classes"),
    ):
        with pytest.raises(error, match=words) as raised:
            train(dense(), valid_iter=wrong)
        assert raised.value.__notes__[-2] == "It came when valid_iter was measured."


def test_a_loader_of_validation_pictures_draws_the_runs_own_numbers():
    held = DataLoader(TensorDataset(PIXELS / 255, LABELS), 30)  # it draws a number in each pass
    net, before = dense(), torch.get_rng_state()
    train(net, batches(), batches(), valid_iter=held)
    assert torch.equal(torch.get_rng_state(), before)


def test_measuring_changes_nothing():
    torch.manual_seed(3)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.BatchNorm1d(10), nn.Dropout(0.5))
    twin = copy.deepcopy(net)
    train(net)
    train(twin, valid_iter=batches(), keep_best=False)
    for ours, theirs in zip(net.state_dict().values(), twin.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


def scripted(monkeypatch, accuracies):
    """Let the validation accuracies be these; return the weights at the end of each epoch."""
    weights, left = [], iter(accuracies)

    def measure(self, net, device, loss):
        weights.append(copy.deepcopy(net.state_dict()))
        accuracy = next(left)
        self._note(net, accuracy)
        return 1 - accuracy, accuracy

    monkeypatch.setattr("lenet_helpers.training.validation.Validation.measure", measure)
    return weights


def has(net, weights):
    return all(torch.equal(value, weights[name]) for name, value in net.state_dict().items())


def test_the_best_weights_are_kept(monkeypatch):
    weights = scripted(monkeypatch, [0.5, 0.8, 0.8, 0.6])
    net = dense()
    run = train(net, epochs=4, valid_iter=batches(), keep_best=True)
    assert [has(net, one) for one in weights] == [False, True, False, False]
    assert "The network has the weights of epoch 2, the best one" in run.notes[-1]
    assert "0.800" in run.notes[-1]


def test_the_last_weights_are_kept_unless_the_best_are_asked_for(monkeypatch):
    weights = scripted(monkeypatch, [0.5, 0.8, 0.7])
    net = dense()
    run = train(net, valid_iter=batches())
    assert [has(net, one) for one in weights] == [False, False, True]
    assert run.notes == ()


def test_patience_ends_a_run(monkeypatch):
    weights = scripted(monkeypatch, [0.5, 0.6, 0.55, 0.6, 0.9])
    net = dense()
    run = train(net, epochs=9, valid_iter=batches(), patience=2, keep_best=True)
    assert (run.epochs, run.stopped) == (4, False)
    assert "Stopped early" in run.notes[0]
    assert has(net, weights[1])


def test_an_interrupt_leaves_the_best_weights(monkeypatch):
    class Stops(TensorBatches):
        passes = 0

        def __iter__(self):
            self.passes += 1
            yield from list(super().__iter__())[:2]
            if self.passes == 3:
                raise KeyboardInterrupt

    weights = scripted(monkeypatch, [0.7, 0.6])
    net = dense()
    run = train(
        net, Stops(PIXELS, LABELS, 16, device="cpu"), epochs=5, valid_iter=batches(), keep_best=True
    )
    assert run.stopped
    assert has(net, weights[0])
    stopped, kept = run.notes
    assert stopped.startswith("Stopped by you after")
    assert kept == KEPT.format(1, "0.700")


KEPT = "The network has the weights of epoch {}, the best one: validation accuracy {}."


def test_the_best_weights_are_told_when_the_plot_is_interrupted(monkeypatch):
    """Or when a panel is asked to stop: the run itself does not see that."""

    class Plot(lh.Animator):
        def add(self, x, y):
            if x > 2:
                raise KeyboardInterrupt

    weights = scripted(monkeypatch, [0.7, 0.6])
    net = dense()
    run = train(net, epochs=5, valid_iter=batches(), keep_best=True, plot=True, animator=Plot())
    assert run.stopped
    assert has(net, weights[0])
    assert run.notes[-1] == KEPT.format(1, "0.700")


def test_the_best_weights_are_told_when_the_loss_is_no_number_any_more(monkeypatch):
    weights = scripted(monkeypatch, [0.7])
    net = dense()
    losses = iter([1.0] * 6 + [math.nan] * 99)

    def loss(scores, labels):
        return nn.functional.cross_entropy(scores, labels) * next(losses)

    run = train(net, epochs=5, valid_iter=batches(), keep_best=True, loss=loss)
    assert "cannot come back" in run.notes[0]
    assert has(net, weights[0])
    assert run.notes[-1] == KEPT.format(1, "0.700")


def test_the_best_weights_are_told_when_a_batch_fails(monkeypatch):
    class Fails(TensorBatches):
        passes = 0

        def __iter__(self):
            self.passes += 1
            yield from super().__iter__()
            if self.passes == 2:
                raise OSError("the disk is gone")

    weights = scripted(monkeypatch, [0.7, 0.6])
    net = dense()
    given = Fails(PIXELS, LABELS, 16, device="cpu")
    with pytest.raises(OSError, match="the disk is gone") as failed:
        train(net, given, epochs=5, valid_iter=batches(), keep_best=True)
    assert has(net, weights[0])
    assert failed.value.__notes__[-1].endswith(KEPT.format(1, "0.700"))


def test_a_run_that_is_done_again_forgets_the_one_before(monkeypatch):
    from lenet_helpers.training.loop import Run

    weights = scripted(monkeypatch, [0.9, 0.8, 0.6, 0.5])
    net = dense()
    run = Run(net, batches(), None, 2, 0.1, "cpu", valid_iter=batches(), keep_best=True)
    list(run.points())
    list(run.points())
    assert has(net, weights[2])


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"scheduler": 0.5}, TypeError, r"scheduler is a float: .*scheduler\(optimizer\)"),
        ({"scheduler": lambda _: 3}, TypeError, r"scheduler\(optimizer\) gives a int"),
        ({"schedule_each": "step"}, ValueError, "schedule_each='step': .*'epoch'.*'batch'"),
        ({"optimizer": torch.optim.LBFGS}, ValueError, "LBFGS.* closure.*torch.optim.Adam"),
        ({"lr": np.bool_(True)}, ValueError, "lr=.*True.*number above 0"),
        ({"lr": np.array([0.1])}, ValueError, "lr=array.*number above 0"),
        ({"lr": torch.tensor(-1.0)}, ValueError, "lr=tensor.*number above 0"),
        ({"optimizer": lambda parameters, lr: None}, TypeError, r"lr=lr\) gives a NoneType"),
        ({"loss": "mse"}, TypeError, r"loss is a str: .*loss\(scores, labels\)"),
        ({"keep_best": True}, ValueError, "keep_best=True needs pictures.*valid_iter"),
        ({"patience": 3}, ValueError, "patience=3 needs pictures.*valid_iter"),
        ({"patience": 0, "valid_iter": batches()}, ValueError, "patience=0: .* at least 1"),
        ({"valid_iter": []}, ValueError, "valid_iter has no batches"),
        ({"valid_iter": 5}, TypeError, "valid_iter is a int"),
    ],
)
def test_a_wrong_argument_is_named_and_the_network_stays(wrong, error, words):
    net = dense()
    before = copy.deepcopy(net.state_dict())
    with pytest.raises(error, match=words):
        train(net, keep_weights=False, **wrong)
    assert has(net, before)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"optimizer": lambda p: torch.optim.SGD(p, 0.1)}, r"optimizer\(parameters, lr=lr\)"),
        ({"scheduler": lr_scheduler.StepLR}, r"scheduler\(optimizer\)"),
    ],
)
def test_what_cannot_be_called_is_told_how_it_is_called(wrong, words):
    with pytest.raises(TypeError) as raised:
        train(dense(), **wrong)
    (note,) = raised.value.__notes__
    assert re.match(f"It is called as {words}. functools.partial gives it further", note)


# ---------------------------------------------------------------- with recorded steps


def test_a_recording_is_given_up_when_a_number_in_it_changes(monkeypatch):
    """A stand-in for a GPU's recording, which keeps the numbers that it was recorded with."""
    calls = []

    class Keeps:
        def __init__(self, steps):
            self.steps = steps

        def aside(self):
            import contextlib

            return contextlib.nullcontext()

        def record(self, step):
            calls.append("record")
            raise RuntimeError  # the step is done plainly then; that it was tried is what counts

    monkeypatch.setattr("lenet_helpers.training.steps.Steps.recorder", lambda s, *_: Keeps(s))
    train(dense(), batches(0, 80))
    assert calls == ["record"]
    calls.clear()
    scheduler = functools.partial(one_cycle, cycle_momentum=False)
    train(dense(), batches(0, 80), scheduler=scheduler, schedule_each="batch")
    assert calls == []  # given up after the first step, before the recording
    train(dense(), batches(0, 80), loss=nn.functional.cross_entropy)
    assert calls == []  # a function may do more than compute


def test_a_rate_that_is_a_tensor_changes_in_place():
    weights = [nn.Parameter(torch.ones(3))]
    for optimizer, stale in (
        (torch.optim.AdamW(weights, lr=0.1, capturable=True), False),
        (torch.optim.SGD(weights, lr=0.1), True),
    ):
        schedule = Schedule(optimizer, halved, "epoch", recorded=True)
        rate = optimizer.param_groups[0]["lr"]
        assert schedule.after("batch", lambda: 0.0) is False
        weights[0].grad = torch.zeros(3)
        optimizer._opt_called = True  # a step was made, as far as the scheduler knows
        assert schedule.after("epoch", lambda: 0.0) is stale
        assert float(optimizer.param_groups[0]["lr"]) == pytest.approx(0.05)
        assert (optimizer.param_groups[0]["lr"] is rate) is not stale


def test_momentum_that_cycles_makes_a_recording_stale():
    weights = [nn.Parameter(torch.ones(3))]
    optimizer = torch.optim.AdamW(weights, lr=0.1, capturable=True)
    schedule = Schedule(optimizer, one_cycle, "batch", recorded=True)
    optimizer._opt_called = True
    assert schedule.after("batch", lambda: 0.0) is True
    assert WARM_UP > 1  # so that the first change comes before the recording


@pytest.mark.parametrize("make", [np.float32, np.float64, np.array, torch.tensor])
def test_a_learning_rate_may_be_a_number_of_numpy_or_a_tensor(make):
    net = dense()
    twin = copy.deepcopy(net)
    train(net, epochs=np.int64(1), lr=make(0.25))
    train(twin, epochs=1, lr=0.25)
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), twin.parameters(), strict=True))


def frozen(first):
    first.requires_grad_(False)
    return nn.Sequential(first, nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(4 * 24 * 24, 10))


@pytest.mark.parametrize("keep", [False, True])
def test_frozen_layers_keep_their_weights(keep):
    net = frozen(nn.Sequential(nn.Conv2d(1, 4, 5), nn.BatchNorm2d(4)).eval())
    net[0][1].running_mean += 3
    before = copy.deepcopy(net[0].state_dict())
    dense_before = net[3].weight.clone()
    fresh_weights(net)
    assert all(torch.equal(value, before[name]) for name, value in net[0].state_dict().items())
    assert not torch.equal(net[3].weight, dense_before)
    train(net, epochs=1, keep_weights=keep)
    assert torch.equal(net[0][0].weight, before["0.weight"])


def test_the_other_layers_get_what_they_would_without_frozen_ones():
    whole, half = (nn.Sequential(nn.Conv2d(1, 4, 5), nn.Conv2d(4, 4, 5)) for _ in range(2))
    half[0].weight.requires_grad_(False)
    kept = half[0].weight.clone()
    for net in (whole, half):
        torch.manual_seed(0)
        fresh_weights(net)
    assert torch.equal(half[0].weight, kept)
    assert torch.equal(half[0].bias, whole[0].bias)
    assert torch.equal(half[1].weight, whole[1].weight)
