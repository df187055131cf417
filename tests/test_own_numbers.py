"""A run beside other cells: it is not disturbed by them, and does not disturb them."""

import threading

import pytest
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

import lenet_helpers as lh
from lenet_helpers.training.random_numbers import OwnRandomNumbers

torch.manual_seed(1)
X, Y = torch.rand(60, 1, 28, 28), torch.arange(60) % 10
DRAWS = {
    "randperm": lambda: torch.randperm(9),
    "rand": lambda: torch.rand(3),
    "rand, no generator": lambda: torch.rand(3, generator=None),
    "randn": lambda: torch.randn(3),
    "randint": lambda: torch.randint(0, 100, (3,)),
    "rand_like": lambda: torch.rand_like(torch.empty(3)),
    "randn_like": lambda: torch.randn_like(torch.empty(3), dtype=torch.float64),
    "randint_like": lambda: torch.randint_like(torch.empty(3), 100),
    "randint_like from": lambda: torch.randint_like(torch.empty(3), 50, 100),
    "normal": lambda: torch.normal(torch.zeros(3), 1.0),
    "uniform_": lambda: torch.empty(3).uniform_(),
    "bernoulli": lambda: torch.bernoulli(torch.full((9,), 0.5)),
    "multinomial": lambda: torch.multinomial(torch.ones(9), 4),
    "dropout": lambda: F.dropout(torch.ones(50), 0.5),
    "rrelu": lambda: F.rrelu(-torch.ones(9), training=True),
    "xavier": lambda: nn.init.xavier_uniform_(torch.empty(3, 3)),
    "orthogonal": lambda: nn.init.orthogonal_(torch.empty(3, 3)),
    "conv": lambda: nn.Conv2d(1, 2, 3).weight[0],
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_its_numbers_are_those_of_the_seed_and_the_others_stay(draw):
    torch.manual_seed(5)
    expected = draw()
    torch.manual_seed(6)
    before = torch.get_rng_state()
    numbers = OwnRandomNumbers(5)
    with numbers:
        assert torch.equal(draw(), expected)
    assert numbers.draws > 0
    assert torch.equal(torch.get_rng_state(), before)
    with numbers:
        assert not torch.equal(draw(), expected)  # it goes on: it does not begin again
    numbers.go_back({})
    with numbers:
        assert torch.equal(draw(), expected)


def test_what_draws_nothing_is_seen_to_draw_nothing():
    numbers = OwnRandomNumbers(5)
    with numbers:
        F.relu(X[:2]).sum()
    assert numbers.draws == 0


def chancy():
    """A network with random numbers in every way: dropout, noise, and batch statistics."""

    class Noise(nn.Module):
        def forward(self, x):
            return x + 0.1 * torch.randn_like(x) if self.training else x

    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 20), nn.BatchNorm1d(20), nn.ReLU(), nn.Dropout(0.5), Noise(),
        nn.Linear(20, 10),
    )  # fmt: skip


def loader():
    return DataLoader(TensorDataset(X, Y), batch_size=12, shuffle=True)


class Meddling(threading.Thread):
    """Another cell: it draws random numbers and sets the seed, again and again."""

    def __init__(self):
        super().__init__(daemon=True)
        self.enough = threading.Event()

    def run(self):
        while not self.enough.is_set():
            torch.manual_seed(0)
            torch.rand(100)

    def __enter__(self):
        self.start()

    def __exit__(self, *_):
        self.enough.set()
        self.join()


def panel_run(net):
    panel = lh.training_panel(net, loader(), loader(), "cpu", seed=3)
    panel.controls.epochs.value = 4
    panel.controls.lr.value = 0.1
    panel.controls.start.click()
    panel.wait(60)
    return [p.values for p in panel.results[-1].history]


@pytest.mark.parametrize("make", [chancy, lh.LeNet])
def test_a_panel_that_trains_beside_other_cells_has_the_run_of_its_seed(make):
    alone = panel_run(make())
    with Meddling():
        beside = panel_run(make())
    assert beside == alone


@pytest.mark.parametrize("make", [chancy, lh.LeNet])
def test_other_cells_have_their_numbers_while_a_panel_trains(make):
    def other_cell():
        torch.manual_seed(11)
        return torch.cat([torch.rand(2) for _ in range(200)])

    expected = other_cell()
    panel = lh.training_panel(make(), loader(), loader(), "cpu", seed=3)
    panel.controls.epochs.value = 20
    panel.controls.start.click()
    seen = 0
    while panel.is_running():
        assert torch.equal(other_cell(), expected)
        seen += 1
    assert seen > 2
    panel.wait(60)


def test_the_same_seed_gives_the_same_run_again_on_the_same_network():
    net = chancy()
    runs = [
        lh.train_ch6(net, loader(), loader(), 2, 0.1, "cpu", seed=seed, plot=False)
        for seed in (4, 4, 5)
    ]
    curves = [[p.values for p in run.history] for run in runs]
    assert curves[0] == curves[1] != curves[2]


def test_without_a_seed_it_takes_the_numbers_as_they_come():
    runs = []
    for _ in range(2):
        torch.manual_seed(9)
        run = lh.train_ch6(lh.LeNet(), loader(), None, 1, 0.1, "cpu", plot=False)
        runs.append(run.train_loss)
    assert runs[0] == runs[1]
