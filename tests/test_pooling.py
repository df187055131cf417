"""Average pooling of few maps takes another way while training, with the same numbers."""

import pytest
import torch
from few_maps import CAPABILITY, check_learned_alike, trained_both_ways
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.training import pooling
from lenet_helpers.training.few_maps import PLACES
from lenet_helpers.training.pooling import pool_fast
from lenet_helpers.training.ways import give_back

CPU = torch.device("cpu")
needs_vectors = pytest.mark.skipif(CAPABILITY not in PLACES, reason="no AVX2 or AVX512 here")


@pytest.fixture
def ways(monkeypatch):
    """Return the list of the shapes that took a faster way: with a sigmoid before it, or alone."""
    taken = []

    def watch(function, *also):
        apply = function.apply
        monkeypatch.setattr(
            function, "apply", lambda x, *how: taken.append((*x.shape, *also)) or apply(x, *how)
        )

    watch(pooling._Means)
    watch(pooling._MeansOfSigmoid, "sigmoid")
    return taken


def maps(*shape, **like):
    torch.manual_seed(0)
    return torch.rand(*shape, **like).to(memory_format=torch.channels_last).requires_grad_()


def value_and_gradient(layer, x, weights):
    y = layer(x)
    return y.detach(), *torch.autograd.grad((y * weights).sum(), x)


@needs_vectors
@pytest.mark.parametrize("channels", [2, 3, 6, 7])
@pytest.mark.parametrize(
    ("side", "height", "width"), [(2, 28, 28), (2, 4, 10), (3, 9, 6), (4, 4, 8)]
)
def test_means_and_gradients_are_those_of_pytorch(ways, side, channels, height, width):
    layer, x = nn.AvgPool2d(side), maps(5, channels, height, width)
    weights = torch.rand(5, channels, height // side, width // side)
    mean, gradient = value_and_gradient(layer, x, weights)
    pool_fast(layer, CPU)
    fast, fast_gradient = value_and_gradient(layer, x, weights)
    assert ways == [(5, channels, height, width)]
    torch.testing.assert_close(fast, mean, rtol=1e-6, atol=0)
    torch.testing.assert_close(fast_gradient, gradient, rtol=1e-6, atol=0)
    assert fast.stride() == mean.stride()  # the layers after it compute in the same order
    assert fast_gradient.stride() == gradient.stride()


@needs_vectors
@pytest.mark.parametrize("channels", [2, 3, 6, 7])
@pytest.mark.parametrize(
    ("side", "height", "width"), [(2, 28, 28), (2, 4, 10), (3, 9, 6), (4, 4, 8)]
)
def test_with_a_sigmoid_before_it_the_gradient_goes_through_both_at_once(
    ways, side, channels, height, width
):
    x = maps(5, channels, height, width)
    net = nn.Sequential(nn.Sigmoid(), nn.AvgPool2d(side))
    weights = torch.rand(5, channels, height // side, width // side)
    mean, gradient = value_and_gradient(net, x, weights)
    assert pool_fast(net, CPU) == [net[1], net]
    fast, fast_gradient = value_and_gradient(net, x, weights)
    assert ways == [(5, channels, height, width, "sigmoid")]
    torch.testing.assert_close(fast, mean, rtol=1e-6, atol=0)
    torch.testing.assert_close(fast_gradient, gradient, rtol=1e-5, atol=0)
    assert fast.stride() == mean.stride()
    assert fast_gradient.stride() == gradient.stride()
    assert torch.equal(net(x.detach()), fast)  # and where nothing is learned


SEEN = {
    "nobody": lambda conv, look: None,
    "a hook": lambda conv, look: conv.register_forward_hook(lambda *seen: look(seen[-1])),
    "a layer after it": lambda conv, look: nn.Identity(),
    "another forward": lambda conv, look: setattr(
        conv, "forward", lambda x: look(nn.Conv2d.forward(conv, x))
    ),
}


@needs_vectors
@pytest.mark.parametrize("who", SEEN)
def test_sigmoids_are_written_over_what_a_convolution_made_unless_somebody_sees_it(
    who, ways, monkeypatch
):
    conv, x, seen, came = nn.Conv2d(2, 6, 3), maps(4, 2, 10, 10), [], []
    apply = pooling._MeansOfSigmoid.apply
    monkeypatch.setattr(
        pooling._MeansOfSigmoid, "apply", lambda x, *how: came.append(x) or apply(x, *how)
    )
    plain = nn.Sequential(conv, nn.Sigmoid(), nn.AvgPool2d(2))
    expected = value_and_gradient(plain, x, torch.ones(4, 6, 4, 4))
    made = conv(x).detach()
    between = SEEN[who](conv, lambda y: seen.append(y) or y)
    net = nn.Sequential(conv, *[between] * isinstance(between, nn.Module), *plain[1:])
    pool_fast(net, CPU)
    y = net(x)
    torch.testing.assert_close(came[0], made.sigmoid() if who == "nobody" else made)
    torch.testing.assert_close((y, *torch.autograd.grad(y.sum(), x)), expected, rtol=1e-5, atol=0)
    assert ways == [(4, 6, 8, 8, "sigmoid")]
    assert len(seen) == (who in ("a hook", "another forward"))


class Twice(nn.Module):
    """A layer that gives no tensor, but two."""

    def forward(self, x):
        return x, x


class Sum(nn.Module):
    def forward(self, both):
        return both[0] + both[1]


@needs_vectors
def test_each_sigmoid_before_a_pooling_is_found_wherever_it_is(ways):
    sigmoid = nn.Sigmoid()  # one layer, in several places
    inner = nn.Sequential(sigmoid, nn.AvgPool2d(2), Twice(), Sum(), sigmoid)
    net = nn.Sequential(sigmoid, nn.AvgPool2d(2), inner, nn.Identity(), sigmoid, nn.AvgPool2d(2))
    x = maps(3, 6, 16, 16)
    expected = value_and_gradient(net, x, torch.ones(3, 6, 2, 2))
    pool_fast(net, CPU)
    found = value_and_gradient(net, x, torch.ones(3, 6, 2, 2))
    assert ways == [(3, 6, side, side, "sigmoid") for side in (16, 8, 4)]
    for ours, usual in zip(found, expected, strict=True):
        torch.testing.assert_close(ours, usual, rtol=1e-5, atol=1e-9)


class OwnSigmoid(nn.Sigmoid):
    def forward(self, x):
        return super().forward(x) + 1


class Backwards(nn.Sequential):
    def forward(self, x):
        for layer in reversed(self):
            x = layer(x)
        return x


def with_a_forward_of_its_own():
    sigmoid = nn.Sigmoid()
    sigmoid.forward = lambda x: x.sigmoid() + 1
    return sigmoid


@needs_vectors
@pytest.mark.parametrize(
    ("net", "pooled"),
    [
        (nn.Sequential(OwnSigmoid(), nn.AvgPool2d(2)), True),
        (nn.Sequential(with_a_forward_of_its_own(), nn.AvgPool2d(2)), True),
        (Backwards(nn.Sigmoid(), nn.AvgPool2d(2)), True),
        (nn.Sequential(nn.Tanh(), nn.AvgPool2d(2)), True),
        (nn.Sequential(nn.Sigmoid(), nn.Identity(), nn.AvgPool2d(2)), True),
        (nn.Sequential(nn.Sigmoid(), nn.AvgPool2d(2, stride=1)), False),
        (nn.Sequential(nn.Sigmoid(), nn.AvgPool2d(3)), False),  # of 4 rows one is left over
        (nn.Sequential(nn.Sigmoid(), nn.MaxPool2d(2)), False),
    ],
)
def test_what_is_not_a_sigmoid_before_a_pooling_goes_layer_by_layer(ways, net, pooled):
    x = maps(2, 6, 4, 4)
    expected = net(x)
    pool_fast(net, CPU)
    torch.testing.assert_close(net(x), expected, rtol=1e-6, atol=0)
    assert ways == [(2, 6, 4, 4)] * pooled


@needs_vectors
def test_of_several_sigmoids_and_poolings_each_is_looked_at(ways):
    own = nn.AvgPool2d(2)
    own.forward = lambda x: F.max_pool2d(x, 2)
    known = [nn.Sigmoid(), nn.AvgPool2d(2)]
    net = nn.Sequential(*known, OwnSigmoid(), nn.AvgPool2d(2), nn.Sigmoid(), own)
    x = maps(2, 6, 8, 8)
    expected = net(x)
    assert pool_fast(net, CPU) == [net[1], net[3], net]
    torch.testing.assert_close(net(x), expected, rtol=1e-6, atol=0)
    assert ways == [(2, 6, 8, 8, "sigmoid"), (2, 6, 4, 4)]
    without = nn.Sequential(nn.Tanh(), nn.AvgPool2d(2))
    assert pool_fast(without, CPU) == [without[1]]


@needs_vectors
@pytest.mark.parametrize("layers", [(nn.Sigmoid(), nn.AvgPool2d(2)), (nn.AvgPool2d(2),)])
def test_what_is_no_tensor_is_refused_in_pytorchs_words(layers):
    net = nn.Sequential(*layers)
    with pytest.raises(TypeError) as expected:
        net("pictures")
    pool_fast(net, CPU)
    with pytest.raises(TypeError) as found:
        net("pictures")
    assert str(found.value) == str(expected.value)


@needs_vectors
def test_other_defaults_of_pytorch_change_nothing():
    net, x = nn.Sequential(nn.Sigmoid(), nn.AvgPool2d(5)), maps(2, 3, 5, 5)  # new to the caches
    pool_fast(net, CPU)
    before = torch.get_default_dtype()
    try:
        torch.set_default_dtype(torch.float64)
        with torch.device("meta"):
            with torch.inference_mode():
                net(x)
            y = net(x)
            y.backward(torch.ones_like(y, device="cpu"))
    finally:
        torch.set_default_dtype(before)
    torch.testing.assert_close(y, x.sigmoid().mean((2, 3), keepdim=True), rtol=1e-6, atol=0)


BOTH = [nn.Sigmoid, nn.AvgPool2d]
WATCHES = {  # how somebody looks, and at which layers
    "the sigmoid": (lambda net, look: net[0].register_forward_hook(look), BOTH[:1]),
    "its gradient": (lambda net, look: net[0].register_full_backward_hook(look), BOTH[:1]),
    "what comes in": (lambda net, look: net[1].register_forward_pre_hook(look), BOTH[1:]),
    "all layers": (
        lambda net, look: nn.modules.module.register_module_forward_hook(look),
        [*BOTH, nn.Sequential],
    ),
}


@needs_vectors
@pytest.mark.parametrize(("watch", "layers"), WATCHES.values(), ids=WATCHES)
def test_who_looks_between_the_layers_sees_what_passes(ways, watch, layers):
    net, seen = nn.Sequential(nn.Sigmoid(), nn.AvgPool2d(2)), []
    pool_fast(net, CPU)
    handle = watch(net, lambda layer, *_: seen.append(type(layer)))
    net(maps(2, 6, 4, 4)).sum().backward()
    handle.remove()
    assert seen == layers
    assert ways == [(2, 6, 4, 4)]
    net(maps(2, 6, 4, 4))
    assert ways[1:] == [(2, 6, 4, 4, "sigmoid")]  # nobody looks any more


@pytest.mark.parametrize(
    ("layer", "x"),
    [
        (nn.AvgPool2d(2), maps(2, 6, 5, 4)),  # a row is left over
        (nn.AvgPool2d(2), maps(2, 1, 4, 4)),  # one map
        (nn.AvgPool2d(2), maps(2, 17, 4, 4)),  # more than a vector has places
        (nn.AvgPool2d(2), maps(2, 6, 4, 4, dtype=torch.float64)),
        (nn.AvgPool2d(2), torch.rand(2, 6, 4, 4)),  # map by map in memory
        (nn.AvgPool2d(2), torch.rand(6, 4, 4)),
        (nn.AvgPool2d(2), maps(0, 6, 4, 4)),
        (nn.AvgPool2d(2, stride=1), maps(2, 6, 4, 4)),
        (nn.AvgPool2d((2, 4)), maps(2, 6, 4, 4)),
        (nn.AvgPool2d(2, padding=1), maps(2, 6, 4, 4)),
        (nn.AvgPool2d(2, divisor_override=3), maps(2, 6, 4, 4)),
        (nn.MaxPool2d(2), maps(2, 6, 4, 4)),
    ],
)
def test_all_else_is_left_to_pytorch(ways, layer, x):
    expected = layer(x)
    pool_fast(layer, CPU)
    assert torch.equal(layer(x), expected)
    assert ways == []


@needs_vectors
def test_in_lower_precision_pytorch_does_it(ways):
    layer, x = nn.AvgPool2d(2), maps(2, 6, 4, 4)
    pool_fast(layer, CPU)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(layer(x), F.avg_pool2d(x, 2))
    assert ways == []


@needs_vectors
def test_afterwards_the_layers_are_as_before():
    net = lh.sequential_lenet()
    before = [dict(vars(module)) for module in net.modules()]
    changed = pool_fast(net, CPU)
    assert [type(module) for module in changed] == [nn.AvgPool2d, nn.AvgPool2d, nn.Sequential]
    give_back(changed)
    assert [dict(vars(module)) for module in net.modules()] == before


def test_a_forward_of_somebodys_own_and_a_compiled_network_stay():
    layer = nn.AvgPool2d(2)
    layer.forward = F.relu
    give_back(pool_fast(layer, CPU))
    assert layer.forward is F.relu
    compiled = lh.sequential_lenet()
    compiled.compile(backend="eager")
    assert pool_fast(compiled, CPU) == pool_fast(torch.compile(lh.sequential_lenet()), CPU) == []
    assert pool_fast(lh.sequential_lenet(), torch.device("meta")) == []


@needs_vectors
def test_a_training_takes_it_and_learns_the_same(ways, monkeypatch):
    shapes = [(8, 6, 28, 28, "sigmoid"), (8, 16, 10, 10, "sigmoid")]
    shapes = shapes[: 1 + (PLACES[CAPABILITY] == 16)]
    net = lh.sequential_lenet()
    result, expected, twin, taken = trained_both_ways(net, monkeypatch, ways, 2, 0.5)
    # Each batch in training, and those of a test at once; notes of the first epoch train on.
    tested = [(24, *rest) for _, *rest in shapes]
    assert taken == shapes * 3 + tested * 2
    check_learned_alike(net, twin, result, expected, atol=1e-7)


class WithSlope(nn.Module):
    """Scores to which, while training, a gradient of the pooled maps is added."""

    def __init__(self):
        super().__init__()
        self.conv, self.pool = nn.Conv2d(1, 6, 5), nn.AvgPool2d(2)
        self.dense = nn.Linear(6 * 12 * 12, 10)

    def forward(self, X):
        pooled = self.pool(self.conv(X))
        scores = self.dense(pooled.flatten(1))
        if not self.training:
            return scores
        (slope,) = torch.autograd.grad(pooled.square().mean(), self.conv.weight, create_graph=True)
        return scores + slope.square().sum()


class WithSize(nn.Module):
    """Scores that, while training, are scaled by how fast the maps change with the kernels."""

    def __init__(self):
        super().__init__()
        self.maps = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Sigmoid(), nn.AvgPool2d(2))
        self.dense = nn.Linear(6 * 12 * 12, 10)

    def forward(self, X):
        maps = self.maps(X)
        scores = self.dense(maps.flatten(1))
        if not self.training:
            return scores
        (slope,) = torch.autograd.grad(maps.mean(), self.maps[0].weight, retain_graph=True)
        return scores * (1 + slope.abs().sum())


@needs_vectors
@pytest.mark.parametrize("kind", [WithSlope, WithSize])
def test_where_it_does_not_serve_the_step_is_done_as_usual(ways, monkeypatch, kind):
    result, expected, _, taken = trained_both_ways(
        kind(), monkeypatch, ways, 1, 0.01, keep_weights=True
    )
    assert len(taken) == 1  # the first step, once
    assert result.train_loss == pytest.approx(expected.train_loss, rel=1e-5)
