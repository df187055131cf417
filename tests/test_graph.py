"""A training step that is recorded and replayed, without a GPU: a stand-in takes the graph's place.

The stand-in keeps the rules of a CUDA graph: recording runs the step's Python once and computes
nothing, reading a number back is an error while recording, and a replay does the operations again,
on the tensors of the recording, without any Python of the step. Each run is compared with the plain
one, bit by bit.
"""

import contextlib
import copy
import math
import random

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.data import DataLoader, TensorDataset

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.network.table import LayerShapeError
from lenet_helpers.training.graph import WARM_UP
from lenet_helpers.training.replayable import Watch, may_be_recorded, only_computes
from lenet_helpers.training.steps import Steps

torch.manual_seed(1)
LABELS = torch.arange(90) % 10
PIXELS = (torch.rand(90, 28, 28) * 60 + 19 * LABELS[:, None, None]).to(torch.uint8)
CPU, GPU = torch.device("cpu"), torch.device("cuda")


def batches(batch_size=16, **options):
    return TensorBatches(PIXELS, LABELS, batch_size, device="cpu", **options)


class Tape(TorchDispatchMode):
    """A block whose operations are noted, and after which every tensor is as it was before."""

    def __init__(self):
        super().__init__()
        self.noted, self.before, self.made = [], {}, {}

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        if func is torch.ops.aten._local_scalar_dense.default:
            raise RuntimeError("operation not permitted when stream is capturing")
        named = kwargs or {}
        for tensor in tensors([args, list(named.values())]):
            if id(tensor) not in self.made:
                self.before.setdefault(id(tensor), (tensor, tensor.detach().clone()))
        result = func(*args, **named)
        for tensor in tensors([result]):
            if id(tensor) not in self.before:
                self.made[id(tensor)] = tensor
        self.noted.append((func, args, named, result))
        return result

    def __exit__(self, *error):
        super().__exit__(*error)
        for tensor, value in self.before.values():
            if not torch.equal(tensor, value):
                tensor.detach().copy_(value)

    @torch.no_grad()
    def play(self):
        """Do the operations again, on the tensors and into the tensors of the first time."""
        for func, args, named, results in self.noted:
            again = func(*args, **named)
            for kept, new in zip(tensors([results]), tensors([again]), strict=True):
                if not new.is_set_to(kept):  # a view of what has been played again already
                    kept.detach().copy_(new.clone())


def tensors(values):
    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from tensors(value)


class StandIn:
    """Records as a CUDA graph would, on the CPU."""

    def __init__(self, steps):
        self.steps, self.calls = steps, []

    @contextlib.contextmanager
    def aside(self):
        self.calls.append("aside")
        yield

    def record(self, step):
        self.calls.append("record")
        rewind = self.steps.rewinder()
        try:
            with Tape() as self.tape:
                results = step()
        finally:
            rewind()
        self.gradients = [parameter.grad for parameter in self.steps.net.parameters()]
        return results

    def replay(self):
        self.calls.append("replay")
        self.tape.play()


@pytest.fixture
def made(monkeypatch):
    """The stand-ins of the runs in this test."""
    made = []

    def recorder(steps, optimizer, batches):
        made.append(StandIn(steps))
        return made[-1]

    monkeypatch.setattr(Steps, "recorder", recorder)
    return made


def lenet():
    return lh.sequential_lenet(activation=nn.ReLU)


def chancy():
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 20), nn.BatchNorm1d(20), nn.ReLU(), nn.Dropout(0.5),
        nn.Linear(20, 10),
    )  # fmt: skip


def momentum(parameters, lr):
    return torch.optim.SGD(parameters, lr=lr, momentum=0.9)


def train(net, train_iter=None, epochs=3, **options):
    """Train a copy of ``net``; return the values of all points, and the network."""
    net, options = copy.deepcopy(net), {"seed": 4, **options}
    train_iter = batches(shuffle=True) if train_iter is None else train_iter
    result = lh.train_ch6(net, train_iter, batches(), epochs, 0.05, "cpu", plot=False, **options)
    values = [(p.epoch, p.train_loss, p.train_acc, p.test_acc, p.examples) for p in result.history]
    return values, net


def alike(one, other):
    """Two trained networks are equal in every bit, gradients too."""
    for a, b in zip(one.state_dict().values(), other.state_dict().values(), strict=True):
        assert torch.equal(a, b)
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(a.grad, b.grad)


@pytest.mark.parametrize("net", [lenet, chancy])
@pytest.mark.parametrize("optimizer", [torch.optim.SGD, momentum])
@pytest.mark.parametrize("seed", [4, None])
def test_a_run_of_replays_is_the_plain_run(net, optimizer, seed, made, monkeypatch):
    net = net()
    torch.manual_seed(2)
    replayed, trained = train(net, optimizer=optimizer, seed=seed)
    full = 3 * (90 // 16)
    assert made[0].calls == ["aside"] * (WARM_UP - 1) + ["record"] + ["replay"] * (full - WARM_UP)
    monkeypatch.setattr(Steps, "recorder", lambda *_: None)
    torch.manual_seed(2)
    plain, twin = train(net, optimizer=optimizer, seed=seed)
    assert replayed == plain
    assert len({loss for _, loss, *_ in plain}) > 10  # it moved: the test can fail
    alike(trained, twin)


@pytest.mark.parametrize("examples", [90, 80])  # the last batch of a run: a smaller one, a full one
def test_the_gradients_afterwards_are_those_of_the_last_step(examples, made, monkeypatch):
    some = TensorBatches(PIXELS[:examples], LABELS[:examples], 16, device="cpu")
    net = lenet()
    _, trained = train(net, some)
    monkeypatch.setattr(Steps, "recorder", lambda *_: None)
    _, twin = train(net, some)
    alike(trained, twin)
    kept = {gradient.data_ptr() for gradient in made[0].gradients}
    assert not kept & {
        p.grad.data_ptr() for p in trained.parameters()
    }  # the graph's memory is free


def test_a_stop_between_a_smaller_batch_and_a_replay_leaves_the_right_gradients(made, monkeypatch):
    # 90 examples are 5 full batches and a smaller one: the 7th step is a replay after it.
    class Stops(TensorBatches):
        def __iter__(self):
            for batch in super().__iter__():
                self.steps += 1
                if self.steps == 8:
                    raise KeyboardInterrupt
                yield batch

    def stopped():
        some = Stops(PIXELS, LABELS, 16, device="cpu")
        some.steps = 0
        return some

    net = lenet()
    replayed, trained = train(net, stopped())
    monkeypatch.setattr(Steps, "recorder", lambda *_: None)
    plain, twin = train(net, stopped())
    assert replayed == plain
    assert plain[-1][-1] == 106
    alike(trained, twin)


class Reads(nn.Module):
    """Reads a number back in its forward pass."""

    def forward(self, x):
        return x * (0.5 if x.mean().item() > 0 else 2.0)


def test_a_network_that_reads_numbers_is_seen_while_it_warms_up(made, monkeypatch):
    net = nn.Sequential(Reads(), *chancy())
    replayed, trained = train(net)
    assert made[0].calls == ["aside"] * (WARM_UP - 1)
    monkeypatch.setattr(Steps, "recorder", lambda *_: None)
    plain, twin = train(net)
    assert replayed == plain
    alike(trained, twin)


def test_a_recording_that_fails_leaves_no_trace(made, monkeypatch, capsys):
    monkeypatch.setattr(Watch, "replayable", property(lambda _: True, lambda *_: None), False)
    net = nn.Sequential(Reads(), *chancy())
    replayed, trained = train(net)
    said = capsys.readouterr().out
    assert made[0].calls == ["aside"] * (WARM_UP - 1) + ["record"]  # it is tried once
    monkeypatch.setattr(Steps, "recorder", lambda *_: None)
    plain, twin = train(net)
    assert replayed == plain
    assert len(said.splitlines()) == len(capsys.readouterr().out.splitlines())  # no word of it
    alike(trained, twin)


def test_an_interrupt_while_recording_ends_the_run_cleanly(made, monkeypatch):
    def record(self, step):
        raise KeyboardInterrupt

    monkeypatch.setattr(StandIn, "record", record)
    values, _ = train(lenet())
    assert values[-1][-1] == WARM_UP * 16


def test_a_network_that_does_not_fit_is_named_and_keeps_its_weights(made):
    net = nn.Sequential(nn.Flatten(), nn.Linear(783, 10))
    before = copy.deepcopy(net.state_dict())
    with pytest.raises(LayerShapeError):
        lh.train_ch6(net, batches(), None, 1, 0.1, "cpu", plot=False)
    assert made[0].calls == []
    for name, value in net.state_dict().items():
        assert torch.equal(value, before[name])


def test_a_loss_that_diverges_is_seen(made):
    result = lh.train_ch6(lenet(), batches(), None, 3, 1e9, "cpu", plot=False)
    assert not math.isfinite(result.history[-1].train_loss)
    assert result.history[-1].notes


# ---------------------------------------------------------------- what may be recorded


def allowed(net=None, optimizer=None, train_iter=None, device=GPU):
    net = lenet() if net is None else net
    optimizer = optimizer or torch.optim.SGD(net.parameters(), lr=0.1)
    return may_be_recorded(net, optimizer, batches() if train_iter is None else train_iter, device)


def test_it_is_on_a_gpu_with_the_batches_there():
    assert allowed()
    assert not allowed(device=CPU)
    assert not allowed(train_iter=DataLoader(TensorDataset(PIXELS, LABELS)))


def test_it_is_with_optimisers_that_can_be_recorded():
    weights = [nn.Parameter(torch.zeros(3))]
    able = ["Adadelta", "Adam", "AdamW", "Adamax", "ASGD", "NAdam", "RAdam", "RMSprop", "Rprop"]
    for name in able:
        optimizer = getattr(torch.optim, name)(weights, lr=0.1)
        assert allowed(optimizer=optimizer)
        assert all(group["capturable"] for group in optimizer.param_groups)
    for name in ("Adagrad", "LBFGS", "SparseAdam"):
        assert not allowed(optimizer=getattr(torch.optim, name)(weights, lr=0.1))


def test_it_is_not_with_an_optimiser_that_somebody_has_changed():
    class Own(torch.optim.Adam):
        pass

    weights = [nn.Parameter(torch.zeros(3))]
    hooked = torch.optim.SGD(weights, lr=0.1)
    hooked.register_step_post_hook(lambda *_: None)
    scheduled = torch.optim.SGD(weights, lr=0.1)
    torch.optim.lr_scheduler.StepLR(scheduled, 1)
    for optimizer in (Own(weights, lr=0.1), hooked, scheduled):
        assert not allowed(optimizer=optimizer)


def test_it_is_not_where_somebody_counts_operations_or_looks_for_faults():
    class Counting(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            return func(*args, **(kwargs or {}))

    with Counting():
        assert not allowed()
    with torch.autograd.set_detect_anomaly(True, check_nan=False):
        assert not allowed()
    handle = nn.modules.module.register_module_forward_hook(lambda *_: None)
    try:
        assert not allowed()
    finally:
        handle.remove()
    assert allowed()


def test_it_is_not_with_a_network_on_two_devices():
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Linear(10, 10, device="meta"))
    assert not allowed(net)


def scale(x):
    return x * 2


class Computes(nn.Module):
    """Computes in the ways that students write."""

    SIDE = 28

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(784, 784), nn.Linear(784, 10)])
        self.act, self.twice, self.sizes = torch.relu, scale, [784, 10]
        self.scale = nn.Parameter(torch.ones(()))

    def forward(self, x):
        """Return scores."""
        if x.shape[1] != 1:
            raise ValueError(f"one channel, not {x.shape[1]}")
        x = torch.flatten(x.view(-1, 1, self.SIDE, self.SIDE), 1)
        for i, layer in enumerate(self.layers):
            x = self.rest(nn.functional.relu(layer(x)), i)
        return self.act(x) if self.training else x.softmax(dim=1)

    def rest(self, x, i):
        return self.twice(x) * self.scale + torch.randn_like(x) * len(self.sizes) * i

    def describe(self):
        print(self)  # not called by forward


class Derived(Computes):
    def forward(self, x):
        return super().forward(x)


@pytest.mark.parametrize("make", [lh.LeNet, lh.sequential_lenet, chancy, Computes, Derived])
def test_networks_that_only_compute_may_be_recorded(make):
    assert only_computes(make())


def test_a_parametrized_layer_may_be_recorded():
    assert only_computes(nn.Sequential(nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))))


SEEN = []


def forward(lines):
    """Return a network whose forward pass has ``lines``."""
    names = {"nn": nn, "torch": torch, "random": random, "SEEN": SEEN, "math": math}
    body = "\n".join(f"        {line}" for line in lines.split("; "))
    code = f"class Net(nn.Module):\n    def forward(self, x):\n{body}\n        return x"
    exec(code, names)
    net = names["Net"]()
    net.count, net.seen, net.inner = 0, [], nn.Linear(3, 3)
    return net


@pytest.mark.parametrize(
    "lines",
    [
        "print(x.shape)",
        "self.count += 1",
        "self.seen.append(x)",
        "SEEN.append(x)",
        "self.last = x",
        "self.inner.weight.data[0] = 1.0",
        "x = x if random.random() < 0.5 else x * 2",
        "import random",
        "global GONE; GONE = x",
        "x = [print(x) for _ in range(2)]",
        "f = lambda v: print(v); x = f(x)",
        "x = x * next(self.inner.parameters())",
        "self.register_buffer('last', x)",
        "x = math.sqrt(2) * x",  # it would be safe, and is not known to be
    ],
)
def test_networks_that_do_anything_else_may_not(lines):
    assert only_computes(forward("x = x + 1"))
    assert not only_computes(nn.Sequential(forward(lines)))


def hooked_layer(net):
    net[1].register_forward_hook(lambda *_: None)


def hooked_weight(net):
    net[1].weight.register_hook(lambda gradient: None)


def hooked_after(net):
    net[1].weight.register_post_accumulate_grad_hook(lambda weight: None)


def replaced(net):
    net[1].forward = lambda x: x


def closure(net):
    seen = []

    class Keeps(nn.Module):
        def forward(self, x):
            seen.append(x)
            return x

    net.append(Keeps())


def reads_outside(net):
    factor = 2.0

    class Scales(nn.Module):
        def forward(self, x):
            return x * factor  # a later step may find another one

    net.append(Scales())


def property_of_its_own(net):
    class Keeps(nn.Module):
        @property
        def factor(self):
            SEEN.append(self)
            return 2.0

        def forward(self, x):
            return x * self.factor

    net.append(Keeps())


def callable_object(net):
    class Keeps(nn.Module):
        def __init__(self):
            super().__init__()
            self.tool = random.Random()

        def forward(self, x):
            return x * self.tool.random()

    net.append(Keeps())


def called_otherwise(net):
    class Keeps(nn.Module):
        def __call__(self, x):
            SEEN.append(x)
            return x

        def forward(self, x):
            return x

    net.append(Keeps())


@pytest.mark.parametrize(
    "change",
    [
        hooked_layer, hooked_weight, hooked_after, replaced, closure, reads_outside,
        property_of_its_own, callable_object, called_otherwise,
    ],
)  # fmt: skip
def test_networks_that_somebody_listens_to_may_not(change):
    net = lenet()
    assert only_computes(net)
    change(net)
    assert not only_computes(net)


@pytest.mark.parametrize(
    ("step", "replayable"),
    [
        (lambda x: (x * 2).sum(), True),
        (torch.randn_like, True),
        (lambda x: x.sum().item(), False),
        (lambda x: x if x.sum() > 1 else -x, False),
        (lambda x: x[x > 0], False),  # how many, the GPU has to say
        (lambda x: torch.nn.functional.one_hot(x.long()), False),
    ],
)
def test_a_watched_step_that_reads_results_is_seen(step, replayable):
    with Watch(CPU) as watch:
        step(torch.ones(3))
    assert watch.replayable == replayable


@pytest.mark.parametrize(
    ("step", "replayable"),
    [
        (lambda x: (x * 2).sum(), True),
        (lambda x: torch.rand(3), False),
        (lambda x: x * torch.tensor(2.0), False),
        (lambda x: torch.zeros(3).to("meta") + x, False),
    ],
)
def test_a_watched_step_that_computes_elsewhere_is_seen(step, replayable):
    with Watch(torch.device("meta")) as watch:
        step(torch.ones(3, device="meta"))
    assert watch.replayable == replayable
