"""A step that is noted once gives the numbers of the plain one, or is not done by notes at all."""

import copy
import platform
import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.flop_counter import FlopCounterMode

import lenet_helpers as lh
from lenet_helpers.training import loop, noted
from lenet_helpers.training.noted import Notes

torch.manual_seed(1)
LABELS = torch.arange(90) % 10
PIXELS = (torch.rand(90, 28, 28) * 60 + 19 * LABELS[:, None, None]).to(torch.uint8)
EPOCHS, FULL = 3, 90 // 16  # and full batches in an epoch
PLAIN = 3  # steps of those: the first, the one that is noted, the one that is done both ways
BY_NOTES = EPOCHS * FULL - PLAIN


def batches(**options):
    return lh.TensorBatches(PIXELS, LABELS, 16, device="cpu", **{"shuffle": True, **options})


@pytest.fixture
def computed(monkeypatch):
    """Return the list of the losses that notes gave."""
    losses, compute = [], Notes.compute

    def watched(self, X, y):
        results = compute(self, X, y)
        losses.append(float(results[0]))
        return results

    monkeypatch.setattr(Notes, "compute", watched)
    return losses


def train(net, train_iter=None, **options):
    """Train a copy of ``net``; return the values of all points, and the network."""
    torch.manual_seed(2)  # for a run without a seed of its own
    net, options = copy.deepcopy(net), {"seed": 4, "keep_weights": True, **options}
    train_iter = batches() if train_iter is None else train_iter
    result = lh.train_ch6(net, train_iter, batches(), EPOCHS, 0.05, "cpu", plot=False, **options)
    values = [(p.epoch, p.train_loss, p.train_acc, p.test_acc, p.examples) for p in result.history]
    return values, net


def check_as_plain(net, monkeypatch, **options):
    """Train as ``train_ch6`` does it and without notes: equal in every bit, gradients too."""
    found, trained = train(net, **options)
    monkeypatch.setattr(loop, "may_be_noted", lambda *_: False)
    expected, twin = train(net, **options)
    assert found == expected
    assert len({loss for _, loss, *_ in expected}) > 10  # it moved: the test can fail
    for one, other in zip(trained.state_dict().values(), twin.state_dict().values(), strict=True):
        assert torch.equal(one, other)
    for one, other in zip(trained.parameters(), twin.parameters(), strict=True):
        assert (one.grad is None) == (other.grad is None)
        assert one.grad is None or torch.equal(one.grad, other.grad)
        assert one.grad is None or one.grad.stride() == other.grad.stride()


class Own(nn.Module):
    """A network as a student writes it; the last layer serves twice."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.dense, self.out = nn.Linear(400, 10), nn.Linear(10, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.out(torch.tanh(self.out(self.dense(x.flatten(1)))))


def views():
    """The flattening fails in the fast order in memory, so the run goes on in the usual one."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 5), nn.ReLU(), Viewed(), nn.Linear(4 * 24 * 24, 10),
    )  # fmt: skip


class Viewed(nn.Module):
    """Flattens as students do."""

    def forward(self, x):
        return x.view(x.size(0), -1)


def frozen():
    net = lh.sequential_lenet()
    net[1].requires_grad_(False)
    return net


def tied():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU(), nn.Linear(10, 10))
    net.append(nn.Linear(10, 10))
    net[4].weight = net[3].weight
    return net


class Various(nn.Module):
    """A network of operations that Python code calls in different ways."""

    def __init__(self):
        super().__init__()
        self.conv, self.out = nn.Conv2d(1, 6, 5), nn.Linear(36, 10)

    def forward(self, x):
        x = self.conv(x)
        x = torch.where(x > 0, x, 0.1 * x)
        left, right = x.chunk(2, dim=3)
        x = torch.stack([left, right.flip(2)], dim=1).movedim(1, -1)
        means, most = x.mean((2, 3)), x[:, :, ::2].amax((2, 3))
        values, _ = x.flatten(2).sort(dim=2)
        parts = [means.flatten(1), most.flatten(1), values[:, :, -2:].squeeze(-1).flatten(1)]
        x = torch.cat(parts, 1).clamp(min=-3).div(1 - 0.5).sub(0.25, alpha=2).pow(2)
        return self.out((x / x.norm(dim=1, keepdim=True)).addcmul(x, x.sigmoid(), value=0.1))


def unused():
    net = Own()
    net.spare = nn.Linear(3, 3)
    return net


@pytest.mark.parametrize(
    "make",
    [
        lh.sequential_lenet,
        lambda: lh.sequential_lenet(activation=nn.ReLU),
        Own,
        views,
        frozen,
        tied,
        unused,
        Various,
    ],
)
def test_a_run_by_notes_is_the_plain_run(make, computed, monkeypatch):
    torch.manual_seed(3)
    check_as_plain(make(), monkeypatch)
    assert len(computed) == BY_NOTES + 1  # with the one for comparison
    assert len(set(computed)) == len(computed)  # each for its own batch and weights


def test_operations_are_called_as_python_code_calls_them_where_it_can():
    aten, x = torch.ops.aten, torch.randn(4, 6)
    assert noted._direct(aten.permute.default) is torch.permute
    assert noted._direct(aten.view.default)(x, [6, 4]).shape == (6, 4)
    assert noted._direct(aten.view.default) is not aten.view.default
    assert torch.equal(noted._direct(aten.where.self)(x > 0, x, -x), x.abs())
    assert noted._direct(aten.convolution_backward.default) is aten.convolution_backward.default


def nearly(bias, x, weights):
    return torch.addmm(bias, x, weights) * 1.001


@pytest.mark.parametrize("way", [nearly, torch.sigmoid])  # other numbers, other arguments
def test_an_operation_that_python_calls_in_another_way_leaves_the_run_plain(
    way, computed, monkeypatch
):
    direct = noted._direct
    monkeypatch.setattr(
        noted, "_direct", lambda func: way if "addmm" in str(func) else direct(func)
    )
    torch.manual_seed(3)
    check_as_plain(lh.sequential_lenet(activation=nn.ReLU), monkeypatch)
    assert len(computed) == (way is nearly)


@pytest.mark.parametrize(
    "options",
    [
        {"optimizer": torch.optim.Adam},
        {"optimizer": lambda p, lr: torch.optim.SGD(p, lr=lr, momentum=0.9, weight_decay=0.01)},
        {
            "scheduler": lambda o: torch.optim.lr_scheduler.StepLR(o, 4),
            "schedule_each": "batch",
        },
        {"loss": nn.CrossEntropyLoss(label_smoothing=0.1)},
        {"valid_iter": batches(shuffle=False), "keep_best": True},
        {"seed": None},
    ],
)
def test_what_is_around_the_passes_stays_in_python(options, computed, monkeypatch):
    torch.manual_seed(3)
    check_as_plain(Own(), monkeypatch, **options)
    assert len(computed) == BY_NOTES + 1


# ---------------------------------------------------------------- what is not done by notes


class Reads(nn.Module):
    """Reads a number back."""

    def forward(self, x):
        return x * (0.5 if x.mean().item() > 0.2 else 2.0)


class Counting(nn.Module):
    """Counts its calls."""

    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros(()))

    def forward(self, x):
        if self.training:
            self.calls.add_(1)
        return x + 0 * self.calls


class CountingInView(Counting):
    """The same, by a view of what counts."""

    def forward(self, x):
        if self.training:
            self.calls.view(1).add_(1)
        return x + 0 * self.calls


class Draws(nn.Module):
    """Draws random numbers."""

    def forward(self, x):
        return x + 0.1 * torch.rand_like(x)


class Unseen(nn.Module):
    """Leaves PyTorch where nobody can see it, for memory of its own."""

    def forward(self, x):
        return torch.from_numpy(x.numpy() * 1)


class UnseenThere(nn.Module):
    """Leaves PyTorch where nobody can see it, and comes back to the same memory."""

    def forward(self, x):
        return torch.from_numpy(x.numpy())


def behind(layer):
    return nn.Sequential(layer, nn.Flatten(), nn.Linear(784, 10))


def hooked():
    net = behind(nn.Identity())
    net[2].register_forward_hook(lambda *_: None)
    return net


@pytest.mark.parametrize(
    "make",
    [
        lambda: behind(Reads()),
        lambda: behind(Counting()),
        lambda: behind(CountingInView()),
        lambda: behind(Draws()),
        lambda: behind(nn.Dropout(0.3)),
        lambda: behind(nn.BatchNorm2d(1)),
        lambda: behind(UnseenThere()),
        hooked,
    ],
)
@pytest.mark.parametrize("seed", [4, None])
def test_a_network_that_does_more_than_compute_stays_plain(make, seed, computed, monkeypatch):
    torch.manual_seed(3)
    check_as_plain(make(), monkeypatch, seed=seed)
    assert computed == []


def test_what_nobody_saw_is_found_by_doing_a_step_both_ways(computed, monkeypatch):
    check_as_plain(behind(Unseen()), monkeypatch)
    assert len(computed) == 1  # and from then on plain


def test_a_compiled_network_stays_as_it_is(computed):
    net = behind(nn.Identity())
    net.compile(backend="eager")
    train_net = lh.train_ch6(net, batches(), None, 2, 0.05, "cpu", plot=False)
    assert train_net.history
    assert computed == []


def test_batches_of_unknown_origin_stay_plain(computed):
    loader = DataLoader(TensorDataset(PIXELS.unsqueeze(1) / 255, LABELS), 16)
    train(Own(), loader)
    assert computed == []


def test_an_optimiser_that_keeps_gradients_stays_plain(computed, monkeypatch):
    class Adds(torch.optim.SGD):
        def zero_grad(self, set_to_none=True):
            super().zero_grad(set_to_none=False)

    check_as_plain(Own(), monkeypatch, optimizer=Adds)
    assert computed == []


def test_in_lower_precision_it_stays_plain(computed, monkeypatch):
    with torch.autocast("cpu", dtype=torch.bfloat16):
        check_as_plain(behind(nn.Identity()), monkeypatch)
    assert computed == []


def test_who_looks_for_faults_finds_them_in_the_network(computed):
    with torch.autograd.set_detect_anomaly(True, check_nan=False):
        train(Own())
    assert computed == []


def test_who_counts_operations_sees_them(computed):
    with FlopCounterMode(display=False) as counter:
        train(Own())
    assert computed == []
    assert counter.get_total_flops() > 0


def test_what_fails_by_notes_is_done_plainly(computed, monkeypatch):
    compute = Notes.compute

    def fails(self, X, y):
        if len(computed) == 5:
            raise RuntimeError("too little memory")
        return compute(self, X, y)

    monkeypatch.setattr(Notes, "compute", fails)
    check_as_plain(Own(), monkeypatch)
    assert len(computed) == 5


def test_an_interrupt_leaves_what_was_computed(monkeypatch):
    compute, calls = Notes.compute, []

    def stops(self, X, y):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return compute(self, X, y)

    monkeypatch.setattr(Notes, "compute", stops)
    values, _ = train(Own())
    assert values[-1][-1] == 90  # the fourth time is the first step of the second epoch


# ---------------------------------------------------------------- memory

FAULTS = """
import resource, torch, lenet_helpers as lh
torch.set_num_threads(1)
images = torch.randint(256, (1024, 28, 28), dtype=torch.uint8)
batches = lh.TensorBatches(images, torch.arange(1024) % 10, 256, device="cpu")
def train(epochs):
    lh.train_ch6(lh.sequential_lenet(), batches, None, epochs, 0.1, "cpu", plot=False)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
print((train(2) - train(5)) / -20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_a_step_takes_the_memory_of_the_step_before():
    told = subprocess.run(
        [sys.executable, "-c", FAULTS], capture_output=True, text=True, check=True
    ).stdout
    assert float(told.splitlines()[-1]) < 500  # new pages in a step; without it over 2,000
