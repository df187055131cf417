"""Properties that hold for any network, tried on random ones: chains, and graphs of branches."""

import copy
import re

import pytest
import torch
from by_torch import WEIGHTED, calls, ends, left_alone, multiply_adds, plain_loop, tried
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from torch import nn
from viewer_arithmetic import values_in_page

import lenet_helpers as lh

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

# The same networks on every machine, and nothing kept between runs. They are small as they are:
# looking for a smaller one that fails too would take minutes.
tried_out = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
few = settings(tried_out, max_examples=20)

SIDES, CHANNELS = st.integers(9, 20), st.sampled_from([1, 3])
ACTIVATIONS = (
    nn.ReLU, nn.Sigmoid, nn.Tanh, nn.LeakyReLU, nn.GELU, nn.ELU, nn.SiLU, nn.PReLU, nn.Mish
)  # fmt: skip


def pairs(low, high):
    return st.integers(low, high) | st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def convolutions(draw, channels):
    maps = draw(st.integers(1, 4))
    options = {
        "kernel_size": draw(pairs(1, 4)),
        "dilation": draw(pairs(1, 2)),
        "bias": draw(st.booleans()),
    }
    if draw(st.booleans()):
        options["padding"] = draw(st.sampled_from(["same", "valid"]))
    else:
        options |= {"padding": draw(pairs(0, 2)), "stride": draw(pairs(1, 3))}
    if draw(st.booleans()):
        options["groups"], maps = channels, maps * channels
    return nn.Conv2d(channels, maps, **options)


@st.composite
def poolings(draw):
    kernel = draw(st.integers(1, 3))
    return draw(st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]))(
        kernel,
        stride=draw(st.none() | st.integers(1, 3)),
        padding=draw(st.integers(0, kernel // 2)),
        ceil_mode=draw(st.booleans()),
    )


def layers_on(maps):
    return st.one_of(
        convolutions(maps),
        poolings(),
        st.sampled_from(ACTIVATIONS).map(lambda activation: activation()),
        st.builds(nn.BatchNorm2d, st.just(maps)),
    )


@st.composite
def trunks(draw):
    """Make (layers, shape of an example): convolutions, poolings, activations that leave room."""
    shape = (draw(CHANNELS), draw(SIDES), draw(SIDES))
    x, layers = torch.empty(1, *shape, device="meta"), []
    for _ in range(draw(st.integers(1, 5))):
        layer = draw(layers_on(x.shape[1]))
        try:
            made = copy.deepcopy(layer).to("meta").eval()(x)
        except RuntimeError:  # no room for its window
            continue
        if made.numel() == 0:  # in older versions without an error there
            continue
        x = made
        layers.append(layer)
    return layers, shape


@st.composite
def chains(draw):
    """Make (network, shape of an example, classes)."""
    layers, shape = draw(trunks())
    torch.manual_seed(draw(st.integers(0, 9)))
    features = nn.Sequential(*copy.deepcopy(layers)).eval()(torch.zeros(1, *shape)).numel()
    layers.append(nn.Flatten())
    for _ in range(draw(st.integers(0, 2))):
        hidden = draw(st.integers(1, 12))
        layers += [nn.Linear(features, hidden), draw(st.sampled_from(ACTIVATIONS))()]
        features = hidden
    classes = draw(st.integers(2, 30))
    layers.append(nn.Linear(features, classes))
    return again(nn.Sequential(*layers)), shape, classes


def again(net):
    """Draw the parameters of ``net`` anew, so that they follow the seed."""
    for module in net.modules():
        if hasattr(module, "reset_parameters"):
            module.reset_parameters()
    return net


class Sum(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


class Beside(nn.Module):
    def __init__(self, left, right):
        super().__init__()
        self.left, self.right = left, right

    def forward(self, x):
        return torch.cat([self.left(x), self.right(x)], dim=1)


@st.composite
def blocks(draw, channels, depth):
    """Make (block, maps that it gives): the maps keep their size, the branches nest."""
    kinds = ["convolution"] if depth == 0 else ["convolution", "sum", "beside", "row"]
    kind = draw(st.sampled_from(kinds))
    if kind == "convolution":
        maps, kernel = draw(st.integers(1, 3)), draw(st.sampled_from([1, 3]))
        return nn.Conv2d(channels, maps, kernel, padding=kernel // 2), maps
    first, maps = draw(blocks(channels, depth - 1))
    if kind == "sum":
        back = nn.Conv2d(maps, channels, 1)
        return Sum(nn.Sequential(first, nn.ReLU(), back)), channels
    if kind == "beside":
        second, more = draw(blocks(channels, depth - 1))
        return Beside(first, second), maps + more
    second, more = draw(blocks(maps, depth - 1))
    return nn.Sequential(first, nn.ReLU(), second), more


@st.composite
def graphs(draw):
    """Make (network with at least one branch, shape of an example, classes)."""
    shape, classes = (draw(CHANNELS), draw(SIDES), draw(SIDES)), draw(st.integers(2, 12))
    torch.manual_seed(draw(st.integers(0, 9)))
    inner, maps = draw(blocks(shape[0], 2))
    branch = Beside(inner, nn.Conv2d(shape[0], 1, 1)) if draw(st.booleans()) else Sum(inner)
    if isinstance(branch, Sum):
        branch.inner = nn.Sequential(inner, nn.Conv2d(maps, shape[0], 1))
        maps = shape[0]
    else:
        maps += 1
    net = nn.Sequential(
        branch, nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(maps * (shape[1] // 2) * (shape[2] // 2), classes),
    )  # fmt: skip
    return again(net), shape, classes


def batches_of(shape, classes):
    numbers = torch.Generator().manual_seed(7)
    return [
        (torch.rand(n, *shape, generator=numbers), torch.randint(classes, (n,), generator=numbers))
        for n in (5, 5, 3)
    ]


# ---------------------------------------------------------------- the table


@tried_out
@given(chains() | graphs())
def test_totals_and_shapes(made):
    net, shape, _ = made
    with left_alone(net):
        table = lh.layer_table(net, (2, *shape))
    assert table.parameters == table.trainable == sum(p.numel() for p in net.parameters())
    assert table.frozen == 0
    assert table.multiply_adds_complete
    assert table.multiply_adds == multiply_adds(net, (2, *shape))
    leaves = [
        (name, tuple(out.shape))
        for name, module, out in calls(copy.deepcopy(net).eval(), torch.rand(2, *shape))
        if not any(module.children())
    ]
    assert [(row.name, row.output_shape) for row in table.rows] == leaves


def positive(layer):
    """Return a layer with the same window through which every gradient is above 0."""
    if isinstance(layer, nn.Conv2d):
        layer = copy.deepcopy(layer).double()
        nn.init.ones_(layer.weight)
        return layer
    if isinstance(layer, nn.MaxPool2d):
        return nn.AvgPool2d(layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode)
    return layer if isinstance(layer, nn.AvgPool2d) else nn.Identity()


def reach(layers, shape, unit):
    """Return the first and last (row, column) of the picture with a gradient to a unit."""
    x = torch.zeros(1, *shape, dtype=torch.float64, requires_grad=True)
    out = nn.Sequential(*map(positive, layers))(x)
    (grad,) = torch.autograd.grad(out[0, :, unit[0], unit[1]].sum(), x)
    seen = grad[0].abs().sum(dim=0) > 0
    return [ends(seen.any(dim=1 - axis)) for axis in range(2)]


@tried_out
@given(trunks())
def test_receptive_fields_are_where_the_gradient_is(made):
    layers, (channels, *sides) = made
    sides = [side + 30 for side in sides]  # room for whole fields
    if not layers:
        return
    table = lh.layer_table(nn.Sequential(*layers), (1, channels, *sides))
    for i, row in enumerate(table.rows):
        unit = [side // 2 for side in row.output_shape[2:]]
        here = reach(layers[: i + 1], (channels, *sides), unit)
        above = reach(layers[: i + 1], (channels, *sides), [max(0, u - 1) for u in unit])
        for axis, (first, last) in enumerate(here):
            assert row.receptive_field[axis] >= last - first + 1
            if first > 0 and last < sides[axis] - 1:
                assert row.receptive_field[axis] == last - first + 1
                if unit[axis] and above[axis][0] > 0:
                    assert row.jump[axis] == first - above[axis][0]


# ---------------------------------------------------------------- training


@few
@given(chains() | graphs())
def test_it_trains_as_in_a_plain_loop(made):
    net, shape, classes = made
    twin, batches = copy.deepcopy(net), batches_of(shape, classes)
    expected = plain_loop(twin, batches, batches, 1, 0.05)
    result = lh.train_ch6(net, batches, batches, 1, 0.05, "cpu", keep_weights=True, plot=False)
    assert result.train_loss == pytest.approx(expected[0][0], rel=1e-4)
    assert (result.train_acc, result.test_acc) == pytest.approx(expected[0][1:])
    theirs = twin.state_dict()
    for name, value in net.state_dict().items():
        torch.testing.assert_close(value, theirs[name], rtol=1e-4, atol=1e-5)


# ---------------------------------------------------------------- pictures


@few
@given(chains())
def test_a_chain_is_drawn_with_all_its_layers(made):
    net, shape, _ = made
    alt = lh.draw_network(net, (2, *shape)).alt
    sizes = [out.shape[1:] for *_, out in calls(net.eval(), torch.rand(2, *shape), WEIGHTED)]
    words = [
        f"{size[0]} features" if len(size) == 1 else rf"{size[0]} maps? of {size[1]}×{size[2]}"
        for size in sizes
    ]
    for word in set(words):
        assert len(re.findall(rf"\b{word}\b", alt)) >= words.count(word)
    assert "outside" not in alt


@few
@given(graphs())
def test_branches_are_drawn_or_refused(made):
    net, shape, _ = made
    picture = tried(lh.draw_network, net, (2, *shape))
    told = str(picture) if isinstance(picture, ValueError) else picture.alt
    assert re.search(r"\b(branch|skip|join|add(s|ed)?\b|sum\b|concat|split|beside|outside)", told)


@few
@given(made=chains())
def test_the_viewer_computes_what_torch_does(made, blank_page):
    net, shape, classes = made
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 2)
    images = torch.rand(2, *shape, generator=torch.Generator().manual_seed(1))
    names = [f"class {i}" for i in range(classes)]
    demo = lh.lenet_viewer(net, images, torch.tensor([0, 1]), classes=names)
    with torch.no_grad():
        expected = net.eval()(images)
    shown = values_in_page(blank_page, demo, images)[-1]
    torch.testing.assert_close(shown, expected, rtol=0, atol=1e-5)


@few
@given(graphs())
def test_the_viewer_refuses_branches(made):
    net, shape, classes = made
    images = torch.rand(2, *shape, generator=torch.Generator().manual_seed(1))
    names = [f"class {i}" for i in range(classes)]
    with pytest.raises(ValueError, match="outside of any layer"):
        lh.lenet_viewer(net, images, torch.tensor([0, 1]), classes=names)
