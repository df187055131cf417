"""Training on a GPU: the replayed steps are the plain ones. Skipped where there is no GPU."""

import copy
import functools
import threading
import warnings

import pytest
import torch
from torch import nn

import lenet_helpers as lh
from benchmark.joined import kernels, layers
from benchmark.joined.layers import join_layers
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.training import steps
from lenet_helpers.training.graph import CudaRecorder
from lenet_helpers.training.replayable import Watch
from lenet_helpers.training.steps import Steps

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="it needs a GPU")

LABELS = torch.arange(600) % 10
PIXELS = (
    torch.rand(600, 28, 28, generator=torch.Generator().manual_seed(1)) * 60
    + 19 * LABELS[:, None, None]
).to(torch.uint8)
BATCH, EPOCHS = 64, 3
FULL = EPOCHS * (600 // BATCH)  # batches that are replayed, once the first 3 have been done plainly


@pytest.fixture(autouse=True)
def same_kernels(monkeypatch):
    """Both ways compute with the same algorithms."""
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", True)


@pytest.fixture(autouse=True)
def replays(monkeypatch):
    """The replays of this test."""
    made, replay = [], CudaRecorder.replay

    def counted(recorder):
        made.append(recorder)
        replay(recorder)

    monkeypatch.setattr(CudaRecorder, "replay", counted)
    return made


def batches(batch_size=BATCH, **options):
    return TensorBatches(PIXELS, LABELS, batch_size, device="cuda", **options)


def lenet():
    return lh.sequential_lenet(activation=nn.ReLU)


def chancy():
    return nn.Sequential(
        nn.Conv2d(1, 8, 5), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(4), nn.Dropout2d(0.2),
        nn.Flatten(), nn.Linear(8 * 6 * 6, 20), nn.Dropout(0.5), nn.Linear(20, 10),
    )  # fmt: skip


class Reads(nn.Module):
    """Reads a number back in its forward pass."""

    def forward(self, x):
        return x * (0.5 if x.mean().item() > 0 else 2.0)


def train(net, lr=0.05, train_iter=None, **options):
    """Train a copy of ``net``; return the losses and accuracies of all points, and the network."""
    net = copy.deepcopy(net)
    train_iter = batches(shuffle=True) if train_iter is None else train_iter
    options = {"seed": 4, "plot": False, **options}
    result = lh.train_ch6(net, train_iter, batches(), EPOCHS, lr, "cuda", **options)
    rows = [(p.train_loss, p.train_acc, p.test_acc) for p in result.history]
    return [value for row in rows for value in row if value is not None], net


def plainly(monkeypatch, net, *args, **options):
    with monkeypatch.context() as patch:
        patch.setattr(Steps, "recorder", lambda *_: None)
        return train(net, *args, **options)


def alike(one, other, tolerance=1e-5):
    (values, net), (expected, twin) = one, other
    assert values == pytest.approx(expected, rel=tolerance, abs=tolerance)
    for a, b in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)
        torch.testing.assert_close(a.grad, b.grad, rtol=100 * tolerance, atol=tolerance)
    for a, b in zip(net.buffers(), twin.buffers(), strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("seed", [4, None])
@pytest.mark.parametrize("make", [lenet, lh.LeNet, chancy])
def test_a_run_of_replays_is_the_plain_run(make, seed, replays, monkeypatch):
    net = make()
    torch.manual_seed(2)
    ours = train(net, seed=seed)
    assert len(replays) == FULL - 3
    torch.manual_seed(2)
    alike(ours, plainly(monkeypatch, net, seed=seed))
    assert len(replays) == FULL - 3


@pytest.mark.parametrize("function", [nn.Sigmoid, nn.ReLU])
def test_joined_layers_learn_what_the_plain_ones_learn(function, replays, monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    net = lh.sequential_lenet(activation=function)
    expected = plainly(monkeypatch, net)
    joined = []
    monkeypatch.setattr(steps, "pool_fast", lambda *a: joined.extend(join_layers(*a)) or joined)
    starts = watched_starts(monkeypatch)
    ours = train(net)
    assert len(joined) == 1
    assert len(replays) == FULL - 3
    assert len(starts) > 100
    alike(ours, expected, 1e-4)


def watched_starts(monkeypatch):
    """Return a list that grows with each start of a kernel of joined layers."""
    starts, start = [], kernels._start
    monkeypatch.setattr(kernels, "_start", lambda *a: starts.append(a[1]) or start(*a))
    kernels._loaded.cache_clear()
    for cached in (layers._dense_kernels, layers._compiled_maps):
        cached.cache_clear()
    return starts


@pytest.mark.parametrize("net", [lh.sequential_lenet(), lenet()])
def test_joined_layers_give_the_numbers_of_pytorch(net):
    net.cuda()
    twin = copy.deepcopy(net).double()
    assert join_layers(net, torch.device("cuda")) == [net]
    x = torch.rand(70, 1, 28, 28, device="cuda", requires_grad=True)
    twin_x = x.detach().double().requires_grad_()
    y, expected = net(x), twin(twin_x)
    assert type(y.grad_fn).__name__ == "_DenseBackward"
    (y**2).sum().backward()
    (expected**2).sum().backward()
    pairs = [(y.detach(), expected.detach()), (x.grad, twin_x.grad)]
    pairs += [(p.grad, q.grad) for p, q in zip(net.parameters(), twin.parameters(), strict=True)]
    for value, right in pairs:
        assert ((value - right).norm() / right.norm()).item() < 5e-6


STEPS = {
    "cosine": lambda each: functools.partial(
        torch.optim.lr_scheduler.CosineAnnealingLR, T_max=EPOCHS * (FULL if each == "batch" else 1)
    ),
    "one cycle": lambda each: functools.partial(
        torch.optim.lr_scheduler.OneCycleLR, max_lr=0.01, total_steps=10 * FULL
    ),
}


@pytest.mark.parametrize("each", ["batch", "epoch"])
@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("optimizer", [torch.optim.AdamW, torch.optim.SGD])
def test_a_schedule_is_followed_by_replays_too(name, each, optimizer, replays, monkeypatch):
    """A rate that changes in place is replayed; where other numbers change, steps are plain."""
    scheduler = STEPS[name](each)
    if optimizer is torch.optim.SGD and name == "one cycle":
        scheduler = functools.partial(scheduler, cycle_momentum=False)
    options = {"optimizer": optimizer, "scheduler": scheduler, "schedule_each": each, "lr": 0.002}
    net = lenet()
    ours = train(net, **options)
    if optimizer is torch.optim.AdamW and name == "cosine":
        assert len(replays) == FULL - 3
    elif each == "batch":
        assert not replays
    else:
        assert 0 < len(replays) < FULL - 3  # until the first epoch has ended
    if optimizer is torch.optim.AdamW:
        options["optimizer"] = rate_on_the_gpu
    alike(ours, plainly(monkeypatch, net, **options), 1e-4)


def rate_on_the_gpu(parameters, lr):
    """AdamW as a recorded step has it: its numbers lie on the GPU, and are rounded there."""
    optimizer = torch.optim.AdamW(parameters, lr=lr, capturable=True)
    for group in optimizer.param_groups:
        group.update(initial_lr=lr, lr=torch.tensor(lr, device="cuda"))
    return optimizer


@pytest.mark.parametrize(
    "name", ["Adadelta", "Adam", "AdamW", "Adamax", "ASGD", "NAdam", "RAdam", "RMSprop", "Rprop"]
)
def test_every_optimiser_gives_what_it_gives_plainly(name, replays, monkeypatch):
    net, made = lenet(), getattr(torch.optim, name)
    ours = train(net, 0.001, optimizer=made)
    assert len(replays) == FULL - 3
    # Its numbers lie on the GPU then, and are rounded otherwise: so are those of the plain run.
    kept_there = functools.partial(made, capturable=True)
    alike(ours, plainly(monkeypatch, net, 0.001, optimizer=kept_there), 2e-4)


def test_momentum_gives_what_it_gives_plainly(replays, monkeypatch):
    def made(parameters, lr):
        return torch.optim.SGD(parameters, lr=lr, momentum=0.9, weight_decay=1e-3)

    net = lenet()
    ours = train(net, optimizer=made)
    assert len(replays) == FULL - 3
    alike(ours, plainly(monkeypatch, net, optimizer=made))


def test_a_network_that_reads_numbers_trains_all_the_same(replays, monkeypatch):
    net = nn.Sequential(Reads(), *chancy())
    alike(train(net), plainly(monkeypatch, net))
    assert replays == []


@pytest.mark.parametrize("seed", [4, None])
def test_a_recording_that_fails_leaves_no_trace(seed, replays, monkeypatch, capfd):
    net = nn.Sequential(Reads(), *chancy())
    with monkeypatch.context() as patch:
        patch.setattr(Watch, "replayable", property(lambda _: True, lambda *_: None), False)
        torch.manual_seed(2)
        ours = train(net, seed=seed)
    assert replays == []
    assert "error" not in capfd.readouterr().err.lower()
    torch.manual_seed(2)
    alike(ours, plainly(monkeypatch, net, seed=seed))
    torch.cuda.empty_cache()  # it refuses while a recording goes on
    assert torch.rand(3, device="cuda").isfinite().all()
    ours = train(chancy())
    assert len(replays) == FULL - 3  # the next network is recorded


def test_python_does_not_wait_for_each_batch():
    small = batches(4, shuffle=True)  # 150 batches an epoch
    with warnings.catch_warnings(record=True) as waits:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")  # it warns of itself, too
        try:
            train(lenet(), train_iter=small)
        finally:
            torch.cuda.set_sync_debug_mode("default")
    waits = [wait for wait in waits if "synchronizing" in str(wait.message)]
    assert 0 < len(waits) < EPOCHS * 40  # two sums a report, ten reports an epoch


def test_a_run_in_a_thread_while_the_gpu_is_used_elsewhere(replays, monkeypatch):
    net, results = lenet(), []
    thread = threading.Thread(target=lambda: results.append(train(net)))
    thread.start()
    other = torch.rand(300, 300, device="cuda")
    while thread.is_alive():
        other = (other @ other).softmax(0)
        assert other.sum().isfinite().item()
    assert len(replays) == FULL - 3
    alike(results[0], plainly(monkeypatch, net))


def test_the_memory_of_a_recording_is_given_back():
    train(lenet())  # the libraries take their share once
    torch.cuda.synchronize()
    before = torch.cuda.memory_allocated()
    _, net = train(lenet())
    own = 2 * sum(p.numel() * p.element_size() for p in net.parameters())
    assert torch.cuda.memory_allocated() - before < 2 * own
