"""Convolutions of few maps take other ways while training, with the same numbers."""

import pytest
import torch
from few_maps import CAPABILITY, check_learned_alike, trained_both_ways
from torch import nn

import lenet_helpers as lh
from lenet_helpers.training import convolving
from lenet_helpers.training.convolving import convolve_fast
from lenet_helpers.training.few_maps import PLACES
from lenet_helpers.training.memory_order import lay_channels_last
from lenet_helpers.training.ways import give_back

CPU = torch.device("cpu")
needs_vectors = pytest.mark.skipif(CAPABILITY not in PLACES, reason="no AVX2 or AVX512 here")


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """Vectors of 16 places: the arithmetic is the same on every processor."""
    if CAPABILITY in PLACES:
        monkeypatch.setitem(PLACES, CAPABILITY, 16)


@pytest.fixture
def ways(monkeypatch):
    """Return the list of the ways that were taken: "pairs", "gradient"."""
    taken, pairs, handed = [], convolving._in_pairs, convolving._handed_back
    monkeypatch.setattr(
        convolving, "_in_pairs", lambda *given: taken.append("pairs") or pairs(*given)
    )
    monkeypatch.setattr(
        convolving, "_handed_back", lambda *given: taken.append("gradient") or handed(*given)
    )
    return taken


def maps(*shape, **like):
    torch.manual_seed(0)
    return torch.rand(*shape, **like).to(memory_format=torch.channels_last)


def results(layer, x):
    """Return what ``layer`` makes of ``x``, and the gradients of all that has one."""
    wanted = [t for t in (x, *layer.parameters()) if t.requires_grad]
    y = layer(x)
    torch.manual_seed(1)
    return y.detach(), *torch.autograd.grad((y * torch.rand_like(y)).sum(), wanted)


def compare(layer, x, ways, way):
    expected = results(layer, x)
    lay_channels_last(layer, CPU)
    assert convolve_fast(layer, CPU) == [layer]
    found = results(layer, x)
    assert ways == way
    for ours, usual in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, usual, rtol=1e-5, atol=1e-5 * float(usual.abs().max()))
    if x.requires_grad:  # what goes on from there computes channels last too
        assert found[1].is_contiguous(memory_format=torch.channels_last)
    return found[0]


@needs_vectors
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("channels", "out"), [(1, 6), (1, 8), (3, 4)])
@pytest.mark.parametrize(
    ("kernel", "padding", "height", "width"),
    [
        (5, 2, 28, 28),
        (5, 0, 32, 32),
        (5, 1, 9, 12),
        (7, 3, 8, 14),
        ((5, 7), (2, 3), 5, 10),
        (9, (1, 4), 9, 10),
        (5, 3, 7, 6),
        (5, 4, 7, 6),
    ],
)
def test_pairs_of_pixels_give_what_pytorch_gives(
    ways, kernel, padding, height, width, channels, out, bias
):
    layer = nn.Conv2d(channels, out, kernel, padding=padding, bias=bias)
    made = compare(layer, maps(3, channels, height, width), ways, ["pairs"])
    assert made.stride(1) == 1  # the layers after it compute channels last too


@needs_vectors
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("channels", "out"), [(6, 16), (1, 3), (8, 2)])
@pytest.mark.parametrize(
    ("kernel", "height", "width"),
    [(5, 14, 14), (5, 5, 6), (5, 9, 11), ((5, 6), 8, 13), (7, 9, 20), (5, 12, 24)],
)
def test_the_gradient_of_few_maps_is_that_of_pytorch(
    ways, kernel, height, width, channels, out, bias
):
    layer = nn.Conv2d(channels, out, kernel, bias=bias)
    x = maps(5, channels, height, width).requires_grad_()
    made = compare(layer, x, ways, ["gradient"])
    assert made.stride(1) == 1


@needs_vectors
def test_of_a_frozen_layer_only_the_maps_have_a_gradient(ways):
    layer = nn.Conv2d(6, 16, 5).requires_grad_(False)
    compare(layer, maps(2, 6, 14, 14).requires_grad_(), ways, ["gradient"])


@needs_vectors
def test_a_gradient_that_lies_map_by_map_will_do(ways):
    net = nn.Sequential(nn.Conv2d(6, 16, 5), nn.Flatten(), nn.Linear(1600, 3))
    x = maps(4, 6, 14, 14).requires_grad_()
    expected = results(net, x)
    convolve_fast(net, CPU)
    for ours, usual in zip(results(net, x), expected, strict=True):
        torch.testing.assert_close(ours, usual, rtol=1e-5, atol=1e-6)
    assert ways == ["gradient"]


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (nn.Conv2d(1, 9, 5), maps(2, 1, 12, 12)),  # more than half a vector's places
        (nn.Conv2d(1, 6, 3), maps(2, 1, 12, 12)),  # a small kernel
        (nn.Conv2d(1, 6, 5), maps(2, 1, 12, 11)),  # rows that are not whole pairs
        (nn.Conv2d(1, 6, 6, padding=1), maps(2, 1, 12, 13)),
        (nn.Conv2d(1, 6, 6), maps(2, 1, 12, 12)),  # what comes out has none
        (nn.Conv2d(1, 6, (3, 5)), maps(2, 1, 12, 12)),
        (nn.Conv2d(1, 6, 5, stride=2), maps(2, 1, 12, 12)),
        (nn.Conv2d(1, 6, 5, dilation=2), maps(2, 1, 12, 12)),
        (nn.Conv2d(2, 6, 5, groups=2), maps(2, 2, 12, 12)),
        (nn.Conv2d(1, 6, 5, padding="same"), maps(2, 1, 12, 12)),
        (nn.Conv2d(1, 6, 5, padding=2, padding_mode="reflect"), maps(2, 1, 12, 12)),
        (nn.Conv2d(1, 6, 5).double(), maps(2, 1, 12, 12, dtype=torch.float64)),
        (nn.Conv2d(1, 6, 5), torch.rand(1, 12, 12)),
        (nn.Conv2d(2, 6, 5), torch.rand(2, 2, 12, 12)),  # map by map in memory
        (nn.Conv2d(1, 6, 5), maps(0, 1, 12, 12)),
        (nn.Conv2d(9, 16, 5), maps(2, 9, 14, 14).requires_grad_()),
        (nn.Conv2d(6, 16, 5, padding=2), maps(2, 6, 14, 14).requires_grad_()),
        (nn.Conv2d(6, 16, 5), maps(2, 6, 14, 21).requires_grad_()),  # 17: no pieces
        (nn.Conv2d(6, 16, 5), maps(2, 6, 14, 5).requires_grad_()),  # 1: no pieces
        (nn.ConvTranspose2d(6, 16, 5), maps(2, 6, 14, 14).requires_grad_()),
    ],
)
def test_all_else_is_left_to_pytorch(ways, layer, x):
    expected = layer(x)
    convolve_fast(layer, CPU)
    found = layer(x)
    assert torch.equal(found, expected)
    if x.requires_grad:
        found.sum().backward()
    assert ways == []


@needs_vectors
@pytest.mark.parametrize("shape", [(2, 2, 12, 12), (2, 1, 3, 12), (2, 1, 12, 2)])
def test_what_does_not_fit_is_refused_in_pytorchs_words(shape):
    usual, ours = nn.Conv2d(1, 6, 5), nn.Conv2d(1, 6, 5)
    convolve_fast(ours, CPU)
    with pytest.raises(RuntimeError) as expected:
        usual(maps(*shape))
    with pytest.raises(RuntimeError) as found:
        ours(maps(*shape))
    assert str(found.value) == str(expected.value)


@needs_vectors
def test_in_lower_precision_pytorch_does_it(ways):
    layer, x = nn.Conv2d(1, 6, 5), maps(2, 1, 12, 12)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        expected = layer(x)
        convolve_fast(layer, CPU)
        assert torch.equal(layer(x), expected)
    assert ways == []


@needs_vectors
def test_afterwards_the_layers_are_as_before():
    net = lh.sequential_lenet()
    before = [dict(vars(module)) for module in net.modules()]
    changed = convolve_fast(net, CPU)
    assert [type(module) for module in changed] == [nn.Conv2d] * 2
    give_back(changed)
    assert [dict(vars(module)) for module in net.modules()] == before
    assert convolve_fast(net, torch.device("meta")) == []


@needs_vectors
def test_a_training_takes_them_and_learns_the_same(ways, monkeypatch):
    net = lh.sequential_lenet()
    result, expected, twin, taken = trained_both_ways(net, monkeypatch, ways, 2, 0.5)
    # Three batches of training, and two tests of all at once; notes of the first epoch train on.
    assert taken == [*["pairs", "gradient"] * 3, *["pairs"] * 2]
    check_learned_alike(net, twin, result, expected, atol=1e-6)


class WithSlope(nn.Module):
    """Scores to which, while training, the slope of the maps at a picture's pixels is added."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 8, 5)
        self.dense = nn.Linear(8 * 20 * 20, 10)

    def forward(self, X):
        maps = self.second(self.first(X))
        scores = self.dense(maps.flatten(1))
        if not self.training:
            return scores
        (slope,) = torch.autograd.grad(maps.square().mean(), self.first.weight, create_graph=True)
        return scores + slope.square().sum()


@needs_vectors
def test_where_it_does_not_serve_the_step_is_done_as_usual(ways, monkeypatch):
    result, expected, _, taken = trained_both_ways(
        WithSlope(), monkeypatch, ways, 1, 0.01, keep_weights=True
    )
    assert taken == ["pairs", "gradient"]  # the first step, once
    assert result.train_loss == pytest.approx(expected.train_loss, rel=1e-5)
