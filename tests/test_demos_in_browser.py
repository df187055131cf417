"""The demos in a real browser: their arithmetic against PyTorch, their hands and their looks."""

import functools
import itertools
import random
import re

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from browsers import redraw_while_drawing
from rings import contrast, faint_rings
from torch import nn
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.network.packing import pack
from lenet_helpers.sizes.explorer import LARGEST
from lenet_helpers.sizes.window import Window
from lenet_helpers.web import bundle

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

VIEWER = (
    "stepsOf marksOf endsOf pixelOf forward unpack explain receptiveField State logitsOf softmax "
    "stroke kindOf"
)
EXPLORER = "Window compute windowsOf RANGES PRESETS PICTURES WEIGHTS pixelTone signedTones"


def module_page(browser, entry, names):
    """Return a page with some of what the module ``entry`` and its imports define in ``m``."""
    page = browser.new_page()
    page.goto("about:blank")
    script = f"{bundle(entry)}\nwindow.m = {{{names.replace(' ', ',')}}};"
    page.add_script_tag(content=script, type="module")
    page.wait_for_function("window.m")
    return page


@pytest.fixture(scope="module")
def viewer_module(browser):
    return module_page(browser, "lenet_viewer.js", VIEWER)


@pytest.fixture(scope="module")
def explorer_module(browser):
    return module_page(browser, "conv_explorer.js", EXPLORER)


# ---------------------------------------------------------------- arithmetic


def odd_lenet():
    """A network with every option the viewer takes: uneven windows, dilation, no bias."""
    return nn.Sequential(
        nn.Conv2d(1, 3, (3, 5), stride=(1, 2), padding=(2, 1), dilation=(2, 1), bias=False),
        nn.Tanh(),
        nn.AvgPool2d((3, 2), stride=2, padding=1, count_include_pad=False),
        nn.Conv2d(3, 4, 3, stride=2),
        nn.ReLU(),
        nn.MaxPool2d(2, stride=1, padding=1, dilation=1),
        nn.AvgPool2d(2, stride=1, padding=1),
        nn.Flatten(),
        nn.LazyLinear(10, bias=False),
    )


def odd():
    net = odd_lenet()
    with torch.no_grad():
        net(torch.zeros(1, 1, 28, 28))
    return net


def sized(*layers):
    """Return a chain, with its lazy layers sized and its batch norms as after some training."""
    net = nn.Sequential(*layers)
    with torch.no_grad():
        for _ in range(3):
            net(3 * torch.randn(8, 1, 28, 28))
    return net.eval()


def poolings():
    """Windows that round up, and parts that share pixels, or have all of them."""
    return sized(
        nn.AvgPool2d(3, stride=2, padding=1, ceil_mode=True),
        nn.MaxPool2d((3, 2), stride=2, padding=1, ceil_mode=True),
        nn.Conv2d(1, 3, (2, 4), padding="same", dilation=(3, 1)),
        nn.AvgPool2d(3, stride=3, padding=1, ceil_mode=True, count_include_pad=False),
        nn.AdaptiveAvgPool2d((5, 7)), nn.AdaptiveMaxPool2d((4, 3)), nn.AdaptiveAvgPool2d((None, 2)),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.LazyLinear(10),
    )  # fmt: skip


def norms():
    return sized(
        nn.Dropout(), nn.Conv2d(1, 3, 5, bias=False), nn.BatchNorm2d(3), nn.Dropout2d(),
        nn.Conv2d(3, 4, 5), nn.BatchNorm2d(4, affine=False), nn.ReLU(inplace=True),
        nn.Flatten(), nn.Identity(), nn.LazyLinear(12), nn.BatchNorm1d(12), nn.AlphaDropout(),
        nn.Linear(12, 10), nn.BatchNorm1d(10, affine=False),
    )  # fmt: skip


def activations():
    each = (
        nn.LeakyReLU(0.2), nn.ELU(0.7), nn.GELU(), nn.GELU(approximate="tanh"), nn.SiLU(),
        nn.Hardtanh(-0.3, 0.4), nn.ReLU6(), nn.SELU(), nn.Softplus(2, 0.5), nn.Mish(),
        nn.Hardswish(),
    )  # fmt: skip
    layers = [layer for act in each for layer in (nn.Conv2d(1, 1, 3, padding=1), act)]
    return sized(*layers, nn.Flatten(), nn.LazyLinear(10))


def learned(*layers):
    """Return a chain whose norms and slopes are as after some training: no two alike."""
    net = sized(*layers)
    for parameter in net.parameters():
        if parameter.ndim == 1:
            nn.init.uniform_(parameter, 0.2, 1.5)
    return net


def grouped():
    """Depthwise with a multiplier, groups of several, and a depthwise separable block."""
    return learned(
        nn.Conv2d(1, 4, 5, stride=2), nn.Conv2d(4, 8, 3, padding=1, groups=4), nn.ReLU(),
        nn.Conv2d(8, 6, 3, groups=2, bias=False), nn.Conv2d(6, 6, 3, groups=6, dilation=2),
        nn.Conv2d(6, 5, 1), nn.Flatten(), nn.LazyLinear(10),
    )  # fmt: skip


def standardised():
    return learned(
        nn.Conv2d(1, 6, 5, stride=2), nn.GroupNorm(2, 6), nn.Conv2d(6, 6, 3), nn.GroupNorm(3, 6),
        nn.InstanceNorm2d(6), nn.Conv2d(6, 4, 3, stride=2), nn.InstanceNorm2d(4, affine=True),
        nn.InstanceNorm2d(4, affine=True, track_running_stats=True), nn.LayerNorm([4, 4, 4]),
        nn.Flatten(), nn.LayerNorm(64, bias=False), nn.Linear(64, 12), nn.GroupNorm(3, 12),
        nn.LayerNorm(12, elementwise_affine=False), nn.Linear(12, 10),
    )  # fmt: skip


class Normalize(nn.Module):
    """As it stands in front of many networks: fixed numbers, no parameters."""

    def __init__(self, mean, std):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean))
        self.register_buffer("std", torch.tensor(std))

    def forward(self, x):
        return (x - self.mean) / self.std


class Gain(nn.Module):
    """A layer of one's own that learns a scale for each unit or map."""

    def __init__(self, *shape):
        super().__init__()
        self.gain = nn.Parameter(torch.rand(shape))

    def forward(self, x):
        return x * self.gain


def slopes_and_scales():
    return learned(
        Normalize(0.2860, 0.3530), nn.Conv2d(1, 4, 5, stride=2), nn.PReLU(), nn.Conv2d(4, 5, 3),
        nn.PReLU(5), Gain(5, 1, 1), nn.Flatten(), nn.LazyLinear(12), nn.PReLU(12), Gain(12),
        nn.Linear(12, 10),
    )  # fmt: skip


NETS = {
    "grouped": grouped,
    "standardised": standardised,
    "slopes and scales": slopes_and_scales,
    "poolings": poolings,
    "norms": norms,
    "activations": activations,
    "softmax": lambda: sized(nn.Flatten(), nn.LazyLinear(10), nn.Softmax(dim=1)),
    "log softmax": lambda: sized(nn.Flatten(), nn.LazyLinear(10), nn.LogSoftmax(dim=-1)),
    "textbook": lh.sequential_lenet,
    "class": lh.LeNet,
    "relu and max": functools.partial(
        lh.sequential_lenet, activation=nn.ReLU, pooling=nn.MaxPool2d
    ),
    "tanh": functools.partial(lh.sequential_lenet, activation=nn.Tanh),
    "odd options": odd,
}


def layers_of(net, pictures):
    """Return every leaf layer's output, in the order of the forward pass."""
    outputs = []
    leaves = [module for module in net.modules() if not any(module.children())]
    hooks = [m.register_forward_hook(lambda *a: outputs.append(a[2].clone())) for m in leaves]
    with torch.no_grad():
        net(pictures)
    for hook in hooks:
        hook.remove()
    return outputs


@pytest.mark.parametrize("name", NETS)
def test_every_layer_equals_torch(viewer_module, name):
    torch.manual_seed(3)
    net, pictures = NETS[name](), torch.rand(20, 1, 28, 28)
    net.apply(lh.xavier_init)
    expected = layers_of(net, pictures)
    viewer_module.evaluate("net => { window.net = m.unpack(net); }", pack(net, pictures))
    for i, picture in enumerate(pictures):
        values = viewer_module.evaluate(
            "p => m.forward(net, Float32Array.from(p)).map(v => Array.from(v))",
            picture.flatten().tolist(),
        )
        for ours, theirs in zip(values[1:], expected, strict=True):
            difference = (torch.tensor(ours) - theirs[i].flatten()).abs().max()
            assert difference < 1e-5


@pytest.mark.parametrize(
    "activation",
    [nn.Sigmoid(), nn.Tanh(), nn.ReLU(), nn.ReLU6(), nn.SiLU(), nn.LeakyReLU(), nn.ELU(), nn.GELU(),
     nn.GELU(approximate="tanh"), nn.Hardtanh(), nn.SELU(), nn.Mish(), nn.Hardswish(),
     nn.Softplus(), nn.Softplus(0.5, 3), nn.PReLU()],
)  # fmt: skip
def test_an_activation_equals_torch_far_out_too(viewer_module, activation):
    x = torch.cat([torch.linspace(-30, 30, 782), torch.tensor([0.0, 1e4])]).reshape(1, 1, 28, 28)
    net = nn.Sequential(activation, nn.Flatten(), nn.Linear(784, 10))
    values = viewer_module.evaluate(
        "([net, p]) => Array.from(m.forward(m.unpack(net), Float32Array.from(p))[1])",
        [pack(net, x), x.flatten().tolist()],
    )
    expected = activation(x).flatten()
    torch.testing.assert_close(torch.tensor(values), expected, rtol=1e-6, atol=1e-5)


def worked_out(layer, told, index):
    """Return the value that the terms of the page give by the rule of the layer."""
    kind, x = layer["kind"], torch.tensor([term["x"] for term in told["terms"]])
    if kind in ("Conv2d", "Linear"):
        return sum(term["product"] for term in told["terms"]) + told["bias"]
    if kind.startswith("BatchNorm") or kind in ("Normalize", "Gain"):
        return x[0] * told["scale"] + told["shift"]
    if "group" in layer:
        value = (x[index % layer["group"]] - x.mean()) / (x.var(correction=0) + layer["eps"]).sqrt()
        return value * told["scale"] + told["shift"]
    if kind == "InstanceNorm2d":  # with the mean and variance of training
        return x[0] * told["scale"] + told["shift"]
    rules = {
        "AvgPool2d": lambda: x.sum() / told["divisor"],
        "AdaptiveAvgPool2d": x.mean,
        "MaxPool2d": x.max,
        "AdaptiveMaxPool2d": x.max,
        "Sigmoid": x.sigmoid,
        "Tanh": x.tanh,
        "ReLU": x.relu,
        "ReLU6": lambda: F.relu6(x),
        "SiLU": lambda: F.silu(x),
        "LeakyReLU": lambda: F.leaky_relu(x, layer.get("slope")),
        "ELU": lambda: F.elu(x, layer.get("alpha")),
        "GELU": lambda: F.gelu(x, approximate=layer.get("approximate")),
        "SELU": lambda: F.selu(x),
        "Mish": lambda: F.mish(x),
        "Hardswish": lambda: F.hardswish(x),
        "Softplus": lambda: F.softplus(x, layer.get("beta"), layer.get("threshold")),
        "PReLU": lambda: x if x > 0 else x * told["slope"],
        "Hardtanh": lambda: F.hardtanh(x, layer.get("low"), layer.get("high")),
        "Softmax": lambda: x.softmax(0)[index],
        "LogSoftmax": lambda: x.log_softmax(0)[index],
        **dict.fromkeys(("Flatten", "Identity", "Reshape"), lambda: x),
        **dict.fromkeys(("Dropout", "Dropout2d", "AlphaDropout"), lambda: x),
    }
    return rules[kind]().item()


@pytest.mark.parametrize("name", NETS)
def test_a_units_spelled_out_sum_equals_torch(viewer_module, name):
    torch.manual_seed(4)
    chosen = random.Random(4)
    net, picture = NETS[name](), torch.rand(1, 1, 28, 28)
    expected = layers_of(net, picture)
    packed = pack(net, picture)
    viewer_module.evaluate("net => { window.net = m.unpack(net); }", packed)
    for at, (layer, output) in enumerate(zip(packed["layers"], expected, strict=True)):
        for index in chosen.sample(range(output.numel()), min(10, output.numel())):
            told = viewer_module.evaluate(
                "([p, at, i]) => m.explain(net, m.forward(net, Float32Array.from(p)), at, i)",
                [picture.flatten().tolist(), at, index],
            )
            value = output.flatten()[index].item()
            spelled = float(worked_out(layer, told, index))
            assert spelled == pytest.approx(value, abs=1e-5), (layer["name"], index)
            assert told["value"] == pytest.approx(value, abs=1e-5)


def test_receptive_fields_are_the_support_of_the_gradient(viewer_module):
    torch.manual_seed(5)
    chosen = random.Random(5)
    net = nn.Sequential(
        nn.Conv2d(1, 3, (3, 5), stride=(1, 2), padding=2), nn.Sigmoid(), nn.AvgPool2d(2, padding=1),
        nn.Conv2d(3, 4, 3), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(), nn.LazyLinear(10),
    )  # fmt: skip
    picture = torch.rand(1, 1, 28, 28, requires_grad=True)
    net(picture)
    viewer_module.evaluate("net => { window.net = m.unpack(net); }", pack(net, picture.detach()))
    for at in range(len(net)):
        output = net[: at + 1](picture).flatten()
        for index in chosen.sample(range(len(output)), min(12, len(output))):
            (gradient,) = torch.autograd.grad(output[index], picture, retain_graph=True)
            rows, columns = gradient[0, 0].nonzero().T
            support = [rows.min(), columns.min(), rows.max(), columns.max()]
            box = viewer_module.evaluate("([at, i]) => m.receptiveField(net, at, i)", [at, index])
            assert box == [int(edge) for edge in support], (at, index)


def test_sizes_over_the_whole_domain_of_the_sliders(explorer_module):
    found = explorer_module.evaluate("""() => {
        const all = [], span = (a) => [...Array(a[1] - a[0] + 1).keys()].map((i) => i + a[0]);
        for (const n of span(m.RANGES.height)) for (const k of span(m.RANGES.kernel))
        for (const s of span(m.RANGES.stride)) for (const p of span(m.RANGES.padding))
        for (const d of span(m.RANGES.dilation))
            all.push([n, k, s, p, d, new m.Window(n, k, s, p, d).output]);
        return all;
    }""")
    assert len(found) == 32 * 5 * 4 * 4 * 3
    for n, k, s, p, d, output in found:
        if d * (k - 1) + 1 > n + 2 * p:
            assert output == 0
            continue
        x, kernel = torch.empty(1, 1, n, device="meta"), torch.empty(1, 1, k, device="meta")
        assert output == F.conv1d(x, kernel, stride=s, padding=p, dilation=d).shape[2]


def window_of_python(n, k, s, p, d):
    """Return reach, output, taps and formula of a window, as Python works them out."""
    window = Window(n, k, s, p, d)
    formula = window.formula() if window.output else None
    return window.reach, window.output, [window.taps(i) for i in range(window.output)], formula


def test_the_window_is_that_of_python(explorer_module):
    """The arithmetic of one side is written twice, once in each language: here they are one."""
    grid = [*itertools.product((1, 2, 5, 8, 28), (1, 2, 3, 5), (1, 2, 3), (0, 1, 2), (1, 2, 3))]
    found = explorer_module.evaluate(
        """grid => grid.map((sizes) => {
            const w = new m.Window(...sizes), formula = w.output ? w.formula() : null;
            return [w.reach, w.output, w.allTaps(), formula, w.whyNone("height")];
        })""",
        grid,
    )
    without = 0
    for sizes, (*numbers, why) in zip(grid, found, strict=True):
        assert tuple(numbers) == window_of_python(*sizes), sizes
        assert Window(*sizes).why_none() in why, sizes
        assert (why == "") == (numbers[1] > 0), sizes
        without += numbers[1] == 0
    assert 20 < without < len(grid) / 2


def random_settings(n):
    chosen = random.Random(6)
    pick = lambda low, high: [chosen.randint(low, high), chosen.randint(low, high)]  # noqa: E731
    for _ in range(n):
        yield {
            "input": pick(1, 32), "kernel": pick(1, 5), "stride": pick(1, 4),
            "padding": pick(0, 3), "dilation": pick(1, 3),
            "kind": chosen.choice(["conv", "avg", "max"]),
            "picture": chosen.choice(["numbers", "shoe"]),
            "weights": chosen.choice(["numbers", "across", "down"]),
        }  # fmt: skip


def pixels_of(module, settings):
    """Return the picture of the settings; the small numbers as they are defined here."""
    height, width = settings["input"]
    if settings["picture"] == "numbers":
        return ((7 * torch.arange(height)[:, None] + 3 * torch.arange(width)) % 10).float()
    told = "([h, w]) => [...Array(h * w).keys()].map((i) => m.PICTURES.shoe.pixel("
    found = module.evaluate(f"{told}Math.floor(i / w), i % w, [h, w]))", [height, width])
    return torch.tensor(found).float().reshape(height, width)


def weights_of(settings):
    """Return the kernel of the settings; Sobel's from the rows that smooth and that differ."""
    height, width = settings["kernel"]
    if settings["weights"] == "numbers":
        i, j = torch.arange(height)[:, None], torch.arange(width)
        return ((2 * i + 3 * j + i * j) % 5 - 2).float()
    smooth = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1]]
    differ = [[1], [-1, 1], [-1, 0, 1], [-1, -1, 1, 1], [-1, -2, 0, 2, 1]]
    down, across = (smooth, differ) if settings["weights"] == "across" else (differ, smooth)
    return torch.outer(torch.tensor(down[height - 1]), torch.tensor(across[width - 1])).float()


def test_values_equal_torch(explorer_module):
    checked = 0
    for settings in random_settings(800):
        kernel, padding = settings["kernel"], settings["padding"]
        pooling = settings["kind"] != "conv"
        if settings["kind"] == "avg":
            settings["dilation"] = [1, 1]
        if pooling and any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
            continue  # PyTorch refuses it, and the page says so
        result = explorer_module.evaluate("s => m.compute(s)", settings)
        x = pixels_of(explorer_module, settings)[None, None]
        w = weights_of(settings)[None, None]
        options = {"stride": settings["stride"], "padding": padding}
        reach = [d * (k - 1) + 1 for d, k in zip(settings["dilation"], kernel, strict=True)]
        padded = [n + 2 * p for n, p in zip(settings["input"], padding, strict=True)]
        if any(r > n for r, n in zip(reach, padded, strict=True)):
            assert (result["rows"], result["columns"]) == (0, 0)
            continue
        if settings["kind"] == "conv":
            expected = F.conv2d(x, w, dilation=settings["dilation"], **options)
        elif settings["kind"] == "avg":
            expected = F.avg_pool2d(x, kernel, **options)
        else:
            expected = F.max_pool2d(x, kernel, dilation=settings["dilation"], **options)
        assert [result["rows"], result["columns"]] == list(expected.shape[2:])
        assert torch.allclose(torch.tensor(result["values"]).float(), expected.flatten())
        checked += 1
    assert checked > 200


def test_the_unvisited_lines_are_those_without_a_gradient(explorer_module):
    for settings in random_settings(60):
        settings["kind"] = "conv"
        padded = [n + 2 * p for n, p in zip(settings["input"], settings["padding"], strict=True)]
        reach = [
            d * (k - 1) + 1 for d, k in zip(settings["dilation"], settings["kernel"], strict=True)
        ]
        if any(r > n for r, n in zip(reach, padded, strict=True)):
            continue
        x = torch.zeros(1, 1, *padded, requires_grad=True)
        ones = torch.ones(1, 1, *settings["kernel"])
        F.conv2d(x, ones, stride=settings["stride"], dilation=settings["dilation"]).sum().backward()
        for axis in (0, 1):
            unseen = (x.grad[0, 0].sum(dim=1 - axis) == 0).nonzero().flatten().tolist()
            found = explorer_module.evaluate(
                "([s, a]) => m.windowsOf(s)[a].unvisited()", [settings, axis]
            )
            assert found["between"] + found["end"] == unseen
            last = padded[axis] - len(found["end"]) - 1
            assert last not in unseen  # what is left out at the end is all in one piece


def test_presets_are_lenets(explorer_module):
    presets = explorer_module.evaluate("m.PRESETS")
    sizes = {
        (group, name): [
            explorer_module.evaluate("s => m.compute(s)", preset["settings"])[side]
            for side in ("rows", "columns")
        ]
        for group, named in presets.items()
        for name, preset in named.items()
    }
    assert sizes["", "plain 3×3"] == [4, 4]
    assert sizes["", "same padding"] == [6, 6]
    assert sizes["LeNet", "conv 1"] == [28, 28]
    assert sizes["LeNet", "pooling 1"] == [14, 14]
    assert sizes["LeNet", "conv 2"] == [10, 10]
    assert sizes["LeNet", "pooling 2"] == [5, 5]
    assert sizes["class version", "conv 1"] == [24, 24]
    assert sizes["class version", "pooling 2"] == [4, 4]
    told = {name: preset["note"] for name, preset in presets["LeNet"].items()}
    assert all(re.match(r"One .*channels? is shown", note) for note in told.values()), told


def test_the_shoe_is_a_picture_with_an_outside(explorer_module):
    shoe = pixels_of(explorer_module, {"picture": "shoe", "input": [28, 28]})
    assert (shoe.min(), shoe.max()) == (0, 9)
    assert 1 / 4 < (shoe > 0).float().mean() < 2 / 3
    assert shoe[0].sum() == shoe[-1].sum() == 0  # it ends before the picture does
    half = pixels_of(explorer_module, {"picture": "shoe", "input": [14, 14]})
    assert torch.equal(half, shoe[1::2, 1::2])  # the same shoe, smaller


def test_numbers_stand_out_on_every_colour_of_a_cell(explorer_module):
    tones = explorer_module.evaluate("""() => {
        const signed = m.signedTones({low: -50, high: 50}), all = [];
        for (let i = 0; i <= 100; i++) all.push(m.pixelTone(9 * i / 100), signed(i - 50));
        return all.flatMap((tone) => [tone.light, tone.dark]);
    }""")
    inks = {"#000": (0, 0, 0), "#fff": (1, 1, 1)}
    for colour, ink in tones:
        ground = [int(part) / 255 for part in re.findall(r"\d+", colour)]
        assert contrast(ground, inks[ink]) >= 4.5, (colour, ink)


STATE = """([data, i]) => {
    const state = new m.State({get: (name) => data[name]});
    state.pick(i);
    state.work();
    const [values] = state.values;
    return {
        values: values.map((v) => Array.from(v)),
        seen: Array.from(state.picture),
        shares: Array.from(m.softmax(m.logitsOf(state.nets[0], values))),
    };
}"""


@pytest.mark.parametrize(
    ("last", "probability"),
    [
        ([nn.Softmax(dim=1)], lambda y: y),
        ([nn.LogSoftmax(dim=1)], torch.exp),
        ([nn.Softmax(dim=1), nn.Flatten(), nn.Dropout()], lambda y: y),
        ([], lambda y: y.softmax(1)),
        ([nn.Softmax(dim=1), nn.Linear(10, 10)], lambda y: y.softmax(1)),
    ],
)
def test_shares_are_of_one_softmax(viewer_module, last, probability):
    torch.manual_seed(5)
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10), *last).eval()
    X = torch.rand(2, 1, 28, 28)
    demo = lh.lenet_viewer(net, X, [0, 1])
    with torch.no_grad():
        expected = probability(net(X))
    for i in range(2):
        found = torch.tensor(viewer_module.evaluate(STATE, [demo.data, i])["shares"])
        torch.testing.assert_close(found, expected[i], rtol=0, atol=1e-5)
    best = expected[0].max().item()
    assert f"with {best:.2f}" in demo.poster.alt


@pytest.mark.parametrize("stated", [True, False])
def test_normalised_pictures_are_seen_as_they_were(viewer_module, stated):
    torch.manual_seed(6)
    pictures = torch.rand(4, 3, 12, 10)
    pictures[0, :, 0, 0], pictures[1, :, 0, 0] = 0, 1  # black and white in every channel
    mean, std = torch.tensor([0.49, 0.4, 0.3]), torch.tensor([0.24, 0.2, 0.26])
    X = (pictures - mean[:, None, None]) / std[:, None, None]
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(320, 10))
    told = {"mean": mean.tolist(), "std": std.tolist()} if stated else {}
    demo = lh.lenet_viewer(net, X, range(4), **told)
    assert ("shown as black" in str(demo.data["note"])) is not stated
    with torch.no_grad():
        expected = net(X)
    for i in range(4):
        found = viewer_module.evaluate(STATE, [demo.data, i])
        close = {"rtol": 0, "atol": 1e-5}
        torch.testing.assert_close(torch.tensor(found["seen"]), pictures[i].flatten(), **close)
        torch.testing.assert_close(torch.tensor(found["values"][0]), X[i].flatten(), **close)
        torch.testing.assert_close(torch.tensor(found["values"][-1]), expected[i], **close)


def test_a_stroke_is_grey_in_every_channel(viewer_module):
    drawn = viewer_module.evaluate(
        """() => { const shape = [3, 8, 9], how = {brush: 1.3, erasing: false};
            const once = m.stroke(new Float32Array(216), shape, [2, 2], [6, 7], how);
            const gone = m.stroke(once, shape, [2, 2], [6, 7], {...how, erasing: true});
            return [once, gone].map((p) => Array.from(p)); }"""
    )
    once, gone = torch.tensor(drawn).reshape(2, 3, 8, 9)
    assert torch.equal(once[0], once[1])
    assert torch.equal(once[0], once[2])
    assert once[0].max() == 1
    assert (once[0] == 0).sum() > 30
    assert gone.sum() < 0.3 * once.sum()


# ---------------------------------------------------------------- the pages


def in_colour():
    """A viewer of a network of other kinds, on normalised pictures in colour."""
    net = nn.Sequential(
        nn.Conv2d(3, 4, 4, padding="same"), nn.BatchNorm2d(4), nn.LeakyReLU(), nn.Dropout2d(),
        nn.MaxPool2d(3, ceil_mode=True), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 5),
        nn.GELU(), nn.Softmax(dim=1),
    )  # fmt: skip
    pictures = torch.rand(4, 3, 32, 32)
    return lh.lenet_viewer(net, (pictures - 0.5) / 0.25, range(4), mean=0.5, std=0.25)


@pytest.fixture(scope="module")
def demos(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("demos")
    garments, _ = lh.load_data_fashion_mnist(20, source="drawn stand-in", device="cpu")
    X, y = next(iter(garments))
    net = lh.sequential_lenet(activation=nn.ReLU)  # sigmoids barely answer before training
    pages = {
        "explorer": lh.conv_explorer(),
        "viewer": lh.lenet_viewer(net, X, y),
        "compare": lh.lenet_viewer({"textbook": net, "class": lh.LeNet()}, X, y),
        "colour": in_colour(),
    }
    for name, demo in pages.items():
        demo.save(folder / f"{name}.html")
    return folder


class Page:
    """A demo in a page of its own that notes errors and requests."""

    def __init__(self, browser, folder, name, width=1200, theme="light"):
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        self.faults, self.requests = [], []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto((folder / f"{name}.html").as_uri())
        self.wait("document.querySelector('#demo').childElementCount > 1")

    def wait(self, condition):
        # Playwright's own wait uses eval(), which the page's security policy rightly forbids.
        for _ in range(200):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not within 10 s: {condition}")

    def close(self):
        urls = {url.split(":")[0] for url in self.requests}
        self.page.close()
        assert self.faults == []
        assert urls == {"file"}, self.requests  # nothing was asked of anybody


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("name", ["explorer", "viewer", "compare"])
def test_nothing_overflows(browser, demos, name, width):
    demo = Page(browser, demos, name, width)
    fits = "document.documentElement.scrollWidth <= window.innerWidth"
    assert demo.page.evaluate(fits)
    if name == "explorer":
        for preset in demo.page.locator(".chips button").all():
            preset.click()
            assert demo.page.evaluate(fits), preset.inner_text()
    else:
        select = demo.page.get_by_label("layer", exact=True)
        layers = select.locator("option").count()
        assert layers == 13
        for layer in range(layers):
            select.select_option(str(layer))
            assert demo.page.evaluate(fits), layer
    demo.close()


def test_a_page_of_other_kinds_in_colour(browser, demos):
    demo = Page(browser, demos, "colour")
    page = demo.page
    colours = """() => { const g = document.querySelector('.pad').getContext('2d');
        const inside = [...Array(200).keys()].map((i) => [12 + i, 12 + (7 * i) % 200]);
        const pixel = ([x, y]) => [...g.getImageData(x, y, 1, 1).data].slice(0, 3);
        return inside.filter((place) => new Set(pixel(place)).size > 1).length; }"""
    assert page.evaluate(colours) > 100  # red, green and blue differ
    select = page.get_by_label("layer", exact=True)
    spoken = []
    for layer in range(select.locator("option").count()):
        select.select_option(str(layer))
        spoken.append(page.inner_text(".total"))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), layer
    assert not [words for words in spoken if "NaN" in words or "undefined" in words]
    for words in ("sum of 48 products", "· scale ", "the same number", "121 values", " / sum "):
        assert any(words in told for told in spoken), (words, spoken)
    shares = page.locator(".bars > span:nth-child(4n+3)").all_inner_texts()[1:]
    assert sum(float(share.split()[0]) for share in shares) == pytest.approx(100, abs=0.4)
    page.locator(".pad").click()
    demo.wait("document.querySelector('.lv').innerText.includes('Your drawing.')")
    page.get_by_role("button", name="Centre and thicken").click()
    demo.wait("document.querySelector('.lv').dataset.redraws >= 2")
    assert page.evaluate(colours) == 0  # a drawing is grey
    demo.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["explorer", "viewer", "compare", "colour"])
def test_axe_finds_no_violation(browser, demos, name, theme):
    demo = Page(browser, demos, name, theme=theme)
    shown = demo.page.evaluate("document.querySelector('#demo').lastElementChild.dataset.theme")
    assert shown == theme
    tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(demo.page, options=tags).response
    assert found["passes"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found["violations"]] == []
    demo.close()


def preset(demo, name):
    demo.page.get_by_role("button", name=name, exact=True).click()


def test_the_explorer_by_keyboard(browser, demos):
    demo = Page(browser, demos, "explorer")
    page, spoken = demo.page, demo.page.locator(".sum")
    assert spoken.inner_text().startswith("output row 0, column 0: ")
    page.locator("svg[tabindex]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert spoken.inner_text().startswith("output row 1, column 1: ")
    page.get_by_role("button", name="height and width apart").press("Enter")
    page.get_by_label("kernel, height").focus()
    page.keyboard.press("ArrowRight")
    assert "⌊(5 + 2·0 − 1·(4 − 1) − 1) / 1⌋ + 1 = ⌊1 / 1⌋ + 1 = 2" in page.inner_text(".formula")
    for _ in range(2):
        page.get_by_label("dilation, height").press("ArrowRight")
    words = page.inner_text(".ce")
    assert "No output in height: the kernel reaches 10, the padded input is 5." in words
    past = """() => { const ends = (what) => Math.max(...[...document.querySelectorAll(what)]
            .map((e) => e.getBoundingClientRect().bottom));
        return ends('.input .tap') - ends('.input .cell rect'); }"""
    demo.wait("document.getAnimations().length === 0")
    side = float(page.locator(".input .cell rect >> nth=0").get_attribute("height"))
    assert page.evaluate(past) == pytest.approx(5 * side, abs=2)  # the picture shows it too
    demo.close()


def test_presets_come_first_then_the_picture_then_what_can_be_set(browser, demos):
    """By the Tab key as to the eye: presets, the output's cells, the way of the window, sizes."""
    demo = Page(browser, demos, "explorer", width=1280)
    page, seen = demo.page, []
    told = """() => { const e = document.activeElement;
        const part = e.closest('.chips, .scene, .player, .controls');
        return [part?.classList[0] ?? '', e.getBoundingClientRect().top]; }"""
    page.keyboard.press("Tab")
    while (now := page.evaluate(told))[0]:
        seen.append(now)
        page.keyboard.press("Tab")
    parts = [part for part, _ in itertools.groupby(seen, lambda told: told[0])]
    assert parts == ["chips", "scene", "row", "controls"]
    chips = {top for part, top in seen if part == "chips"}
    assert len(chips) == 1  # one row
    assert max(chips) < 20
    assert len([part for part, _ in seen if part == "controls"]) == 8
    demo.close()


def test_the_preset_that_is_shown_is_pressed(browser, demos):
    demo = Page(browser, demos, "explorer")
    pressed = demo.page.locator(".chips button[aria-pressed=true]")
    assert pressed.all_inner_texts() == ["start"]  # what the page was asked for
    preset(demo, "same padding")
    assert pressed.all_inner_texts() == ["same padding"]
    demo.page.get_by_label("padding", exact=True).press("ArrowLeft")
    assert pressed.all_inner_texts() == ["plain 3×3"]
    demo.page.get_by_label("padding", exact=True).press("End")
    assert pressed.count() == 0
    preset(demo, "LeNet conv 2")
    assert pressed.all_inner_texts() == ["conv 2"]
    assert "One of 6 input channels is shown" in demo.page.inner_text(".words")
    preset(demo, "start")
    assert "height: ⌊(5 + 2·0 − 1·(3 − 1) − 1) / 1⌋" in demo.page.inner_text(".formula")
    demo.close()


def test_height_and_width_go_together_until_they_are_apart(browser, demos):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    sliders = page.locator(".controls input[type=range]:visible")
    assert [one.get_attribute("aria-label") for one in sliders.all()] == [
        "input", "kernel", "stride", "padding", "dilation",
    ]  # fmt: skip
    both = page.get_by_label("input", exact=True)
    both.press("ArrowRight")
    assert both.get_attribute("aria-valuetext") == "6 by 7"  # it was 5 by 6
    page.get_by_role("button", name="height and width apart").click()
    assert sliders.count() == 10
    page.get_by_label("input, width").press("ArrowRight")
    page.get_by_role("button", name="height and width apart").click()
    assert both.get_attribute("aria-valuetext") == "6 by 8"
    both.press("End")
    assert both.get_attribute("aria-valuetext") == "32 by 32"  # no side leaves its range
    demo.close()


@pytest.mark.parametrize("apart", [False, True])
def test_all_of_the_explorer_stands_on_one_screen(browser, demos, apart):
    demo = Page(browser, demos, "explorer", width=1280)
    page = demo.page
    page.set_viewport_size({"width": 1280, "height": 720})
    if apart:
        page.get_by_role("button", name="height and width apart").click()
    for chip in page.locator(".chips button").all():
        chip.click()
        ends = page.evaluate("document.querySelector('#demo').getBoundingClientRect().bottom")
        assert 500 < ends <= 720, chip.inner_text()
    demo.close()


# Where some elements are after 200 ms of their motion, and how long the longest motion takes.
MOTION = """(press) => {
    const places = () => Object.fromEntries(['.output .cell', '.tap', '.dot', '.padding']
        .map((what) => [what, [...document.querySelectorAll(`.scene ${what}`)]
            .map((e) => e.getBoundingClientRect()).map(({x, y, width}) => [x, y, width])]));
    const before = places();
    document.querySelector(`button[aria-label="${press}"]`).click();
    const running = document.getAnimations();
    const longest = Math.max(0, ...running.map((a) => a.effect.getComputedTiming().endTime));
    running.forEach((a) => { a.pause(); a.currentTime = 200; });
    const during = places();
    running.forEach((a) => a.finish());
    return {before, during, after: places(), longest};
}"""


def between(before, during, after):
    return min(before, after) + 1 < during < max(before, after) - 1


def moved(browser, demos, press, motion="no-preference"):
    demo = Page(browser, demos, "explorer")
    demo.page.emulate_media(reduced_motion=motion)
    preset(demo, "plain 3×3")
    demo.page.wait_for_timeout(700)
    found = demo.page.evaluate(MOTION, press)
    demo.close()
    return found


def test_padding_grows_in(browser, demos):
    found = moved(browser, demos, "same padding")
    assert 0 < found["longest"] <= 600
    during, after = found["during"][".padding"], found["after"][".padding"]
    assert len(during) == len(after) == 8 * 8 - 6 * 6
    assert all(0 < now[2] < 0.8 * then[2] for now, then in zip(during, after, strict=True))


def test_taps_spread_with_the_dilation(browser, demos):
    found = moved(browser, demos, "dilated")
    gap = {
        when: found[when][".tap"][1][0] - found[when][".tap"][0][0]
        for when in found
        if when != "longest"
    }
    assert gap["after"] == pytest.approx(2 * gap["before"], abs=1)
    assert between(gap["before"], gap["during"], gap["after"])


def test_the_steps_of_the_window_spread_with_the_stride(browser, demos):
    found = moved(browser, demos, "stride 2")
    dots = {when: found[when][".dot"] for when in ("before", "during", "after")}
    assert (len(dots["before"]), len(dots["after"])) == (4 + 4, 2 + 2)
    gap = {when: places[1][1] - places[0][1] for when, places in dots.items()}
    assert gap["after"] == pytest.approx(2 * gap["before"], abs=1)
    assert between(gap["before"], gap["during"], gap["after"])


def test_another_picture_is_there_at_once(browser, demos):
    found = moved(browser, demos, "LeNet conv 1")
    assert len(found["after"][".output .cell"]) == 28 * 28
    assert found["during"][".output .cell"] == found["after"][".output .cell"]


@pytest.mark.parametrize("press", ["same padding", "dilated", "stride 2"])
def test_nothing_moves_for_who_asks_for_less_motion(browser, demos, press):
    found = moved(browser, demos, press, motion="reduce")
    assert found["longest"] == 0
    assert found["during"] == found["after"] != found["before"]


def test_edges_of_the_shoe_have_the_signed_colours(browser, demos, explorer_module):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    preset(demo, "shoe, Sobel")
    settings = explorer_module.evaluate("m.PRESETS['']['shoe, Sobel'].settings")
    sobel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    shoe = pixels_of(explorer_module, settings)
    expected = F.conv2d(shoe[None, None], sobel[None, None])[0, 0]
    most = int(expected.abs().max())
    ends = page.locator(".output .legend:visible span").all_inner_texts()
    assert ends == [f"−{most}", "0", str(most)]
    assert page.locator(".input text, .output text").count() == 0  # too small for digits
    assert page.locator(".window text").count() == 2 * 9
    fills = page.locator(".output .cell rect").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).fill.match(/\\d+/g).map(Number))"
    )
    assert len(fills) == expected.numel() == 26 * 26
    for (red, _, blue), value in zip(fills, expected.flatten().tolist(), strict=True):
        # orange, purple, or the grey of zero
        assert (red > blue + 1, blue > red + 1) == (value > 0, value < 0)
    row, column = 13, 13
    words = page.inner_text(".sum")
    assert words.startswith(f"output row {row}, column {column}: ")
    assert words.endswith(f"= {int(expected[row, column])}".replace("-", "−"))
    demo.close()


def test_the_explorer_plays_pauses_and_steps(browser, demos):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    preset(demo, "plain 3×3")
    empty = """() => [...document.querySelectorAll('.output .cell')]
        .filter((cell) => !cell.textContent).length"""
    assert page.evaluate(empty) == 0
    page.get_by_role("button", name="Play").click()
    demo.wait("document.querySelector('.scrub').value >= 2")
    page.set_viewport_size({"width": 700, "height": 900})  # and it goes on
    page.wait_for_timeout(100)
    page.get_by_role("button", name="Pause").click()
    at = int(page.get_by_label("output cell").input_value())
    assert page.evaluate(empty) == 16 - at - 1  # it fills cell by cell
    page.wait_for_timeout(900)
    assert int(page.get_by_label("output cell").input_value()) == at
    page.get_by_role("button", name="Step back").click()
    assert int(page.get_by_label("output cell").input_value()) == at - 1
    page.locator("svg[tabindex] rect >> nth=5").hover()
    assert page.inner_text(".sum").startswith("output row 1, column 1: ")
    demo.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["explorer", "viewer"])
def test_every_control_shows_that_it_has_the_focus(browser, demos, name, theme):
    demo = Page(browser, demos, name, 1200, theme)
    stops, faint = faint_rings(demo.page)
    assert stops > 20
    assert faint == []
    demo.close()


def test_with_less_motion_each_press_fills_in_a_row_of_the_output(browser, demos):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    page.emulate_media(reduced_motion="reduce")
    preset(demo, "plain 3×3")  # an output of 4×4
    page.get_by_role("button", name="Play").click()
    for row in range(4):
        assert page.inner_text(".sum").startswith(f"output row {row}, column 3: ")
        cells = page.locator(".output .cell").all_text_contents()
        assert cells.count("") == 4 * (3 - row)
        page.wait_for_timeout(700)  # longer than a cell takes where it plays
        assert page.inner_text(".sum").startswith(f"output row {row}, column 3: ")
        if row < 3:
            page.get_by_role("button", name="Next row").click()
    page.get_by_role("button", name="Play").click()  # and anew
    assert page.inner_text(".sum").startswith("output row 0, column 3: ")
    demo.close()


def test_a_large_output_fills_in_half_a_minute(browser, demos):
    demo = Page(browser, demos, "explorer")
    preset(demo, "LeNet conv 1")
    demo.page.get_by_role("button", name="Play").click()
    live = "document.querySelector('.sum').getAttribute('aria-live')"
    assert demo.page.evaluate(live) == "off"  # spoken, nobody could follow
    demo.wait("document.querySelector('.scrub').value >= 40")  # within 10 s; 784 cells in all
    demo.page.get_by_role("button", name="Pause").click()
    assert demo.page.evaluate(live) == "polite"
    demo.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_in_any_state_of_the_explorer(browser, demos, theme):
    demo = Page(browser, demos, "explorer", theme=theme)
    page = demo.page
    page.get_by_role("button", name="height and width apart").click()
    page.locator("summary").click()
    tags = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    for name in ("shoe, Sobel", "LeNet pooling 1"):
        preset(demo, name)
        found = Axe().run(page, options=tags).response["violations"]
        assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == [], name
    page.get_by_label("kernel, height").press("End")
    page.get_by_label("input, height").press("Home")
    assert "No output in height" in page.inner_text(".words")
    found = Axe().run(page, options=tags).response["violations"]
    assert [(v["id"], [n["html"][:90] for n in v["nodes"]]) for v in found] == []
    demo.close()


def test_the_viewer_by_keyboard(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    page.get_by_role("button", name="Picture 3: ").focus()
    page.keyboard.press("Enter")
    demo.wait("document.querySelector('.lv').innerText.includes('Picture 3, ')")
    maps = page.locator(".layer canvas >> nth=4")
    maps.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageDown")
    assert "Conv2d, map 1, row 0, column 1" in page.inner_text(".total")
    pad = page.locator(".pad")
    pad.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    demo.wait("document.querySelector('.lv').innerText.includes('Your drawing.')")
    assert "Unlike the training pictures" in page.inner_text(".lv")
    demo.close()


def test_a_clicked_unit_is_the_one_spelled_out(browser, demos):
    demo = Page(browser, demos, "viewer")
    maps = demo.page.locator(".layer canvas >> nth=1")  # six maps of 28 by 28, two side by side
    side = (maps.bounding_box()["width"] - 3) / 2 / 28
    assert side >= 4  # pixels a value
    maps.click(position={"x": 28 * side + 3 + side * 8 + 2, "y": side * 11 + 2})
    assert "map 1, row 11, column 8" in demo.page.inner_text(".total")
    demo.close()


@pytest.mark.parametrize("name", ["viewer", "compare"])
def test_picture_maps_and_sum_are_in_sight_together(browser, demos, name):
    """Whatever layer the unit is in: nobody should scroll up to read what was clicked below."""
    demo = Page(browser, demos, name)
    inside = """() => {
        const places = ['.pad', '.total', '.layer:has(.chosen) canvas']
            .map((place) => document.querySelector(place).getBoundingClientRect());
        const maps = document.querySelector('.maps').getBoundingClientRect();
        return places.every((box) => box.top >= 0 && box.bottom <= window.innerHeight)
            && places[2].top >= maps.top - 1 && places[2].top < maps.bottom;
    }"""
    select = demo.page.get_by_label("layer", exact=True)
    for layer in [*range(13), 2]:
        select.select_option(str(layer))
        assert demo.page.evaluate("document.querySelectorAll('.layer:has(.chosen)').length") == 1
        assert demo.page.evaluate(inside), layer
    demo.close()


def test_networks_side_by_side_scroll_together(browser, demos):
    demo = Page(browser, demos, "compare", width=900)  # in a wide page nothing has to scroll
    demo.page.evaluate("document.querySelectorAll('.maps')[1].scrollTop = 150")
    demo.wait("Math.abs(document.querySelectorAll('.maps')[0].scrollTop - 150) <= 1")
    # The class version is shorter: the other one can still be seen to its end.
    ends = "[...document.querySelectorAll('.maps')].map((m) => m.scrollHeight - m.clientHeight)"
    assert demo.page.evaluate(f"{ends}[0] > {ends}[1] + 5")
    demo.page.evaluate("document.querySelector('.maps').scrollTop = 1e6")
    demo.page.wait_for_timeout(300)
    assert demo.page.evaluate(f"document.querySelector('.maps').scrollTop >= {ends}[0] - 1")
    demo.close()


@pytest.mark.parametrize("width", [900, 1000, 1280])
def test_all_of_lenet_stands_on_one_screen(browser, demos, width):
    demo = Page(browser, demos, "viewer", width)
    demo.page.set_viewport_size({"width": width, "height": 720})
    whole = """() => {
        const maps = document.querySelector('.maps').getBoundingClientRect();
        const inside = (box) => box.top >= maps.top && box.bottom <= Math.min(maps.bottom, 720)
            && box.left >= maps.left && box.right <= maps.right && box.width > 15;
        const legends = [...document.querySelectorAll('.layer:not([hidden])')];
        return legends.filter((layer) => inside(layer.querySelector('canvas')
            .getBoundingClientRect()) && inside(layer.querySelector('.legend')
            .getBoundingClientRect())).length;
    }"""
    shown = demo.page.evaluate(whole)
    assert (shown == 7) == (width >= 1000), shown
    demo.close()


def test_the_layers_that_may_be_negative_have_zero_in_the_middle(browser, demos):
    demo = Page(browser, demos, "viewer")
    legends = demo.page.locator(".layer:not([hidden]) .legend").all_inner_texts()
    ends = [[float(end.replace("−", "-")) for end in legend.split()] for legend in legends]
    assert [len(numbers) for numbers in ends] == [3, 2, 3, 2, 2, 2, 3]  # after a ReLU none is
    for low, *middle, high in ends:
        assert high > 0
        assert (low, middle) == ((-high, [0]) if middle else (0, []))
    before = demo.page.evaluate("document.querySelectorAll('.layer canvas')[1].toDataURL()")
    demo.page.get_by_label("Each map its own").check()
    legends = demo.page.locator(".layer:not([hidden]) .legend").all_inner_texts()
    maps, values = legends[:4], legends[4:]  # a single value has no scale of its own
    assert [legend.split()[-1] for legend in maps] == ["most"] * 4
    assert [len(legend.split()) for legend in values] == [2, 2, 3]
    assert "most" not in " ".join(values)
    after = demo.page.evaluate("document.querySelectorAll('.layer canvas')[1].toDataURL()")
    assert before != after
    demo.close()


@pytest.mark.parametrize("is_signed", [True, False])
def test_zero_and_the_ends_have_their_colours(viewer_module, is_signed):
    rgb = """([values, isSigned]) => values.map((value) => {
        const pixel = m.pixelOf(m.endsOf(Float32Array.of(-2, 1, 4), isSigned), isSigned)(value);
        return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255]; })"""
    low, zero, high = viewer_module.evaluate(rgb, [[-4, 0, 4], is_signed])
    lightness = [sum(colour) for colour in (low, zero, high)]
    if is_signed:
        assert max(zero) - min(zero) <= 2
        assert min(zero) > 240
        assert low[2] > low[0] + 30  # purple
        assert high[0] > high[2] + 60  # orange
        steps = viewer_module.evaluate(rgb, [[i / 10 for i in range(41)], True])
        sums = [sum(colour) for colour in steps]
        assert sums == sorted(sums, reverse=True)  # darker with every step away from zero
    else:
        assert low == zero == [0, 0, 0]
        assert lightness[2] > 600


def test_the_products_shown_add_up_to_the_sum_shown(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    number = lambda text: float(text.replace("−", "-"))  # noqa: E731
    for layer, count in (("1", 1), ("4", 6)):
        page.get_by_label("layer", exact=True).select_option(layer)
        tables = page.locator(".sum table")
        assert tables.count() == count
        for table in tables.all():
            products = [number(text) for text in table.locator("td b").all_inner_texts()]
            assert len(products) == 25
            told = number(table.locator("caption").inner_text().split(": ")[1])
            assert sum(products) == pytest.approx(told, abs=26 * 0.00005)
    demo.close()


def test_a_unit_of_the_answer_has_the_name_of_its_class(browser, demos):
    demo = Page(browser, demos, "viewer")
    demo.page.get_by_label("layer", exact=True).select_option("12")
    assert "unit 0 (t-shirt)" in demo.page.inner_text(".total")
    demo.page.get_by_label("layer", exact=True).select_option("11")
    assert "(" not in demo.page.inner_text(".total strong")
    demo.close()


MARKS = """([net, picture, at, index]) => {
    const unpacked = m.unpack(net), values = m.forward(unpacked, Float32Array.from(picture));
    const marks = m.marksOf(unpacked, values, at, index);
    return [marks.before, marks.after].map((found) => [...found]);
}"""


def inside(mark, shape):
    """Return the values, of a layer of this shape, that a mark stands for."""
    values = torch.zeros(shape)
    if "index" in mark:
        values.flatten()[mark["index"]] = 1
        return values.bool()
    top, left, bottom, right = mark["box"]
    maps = slice(None) if mark["map"] is None else slice(mark["map"], mark["map"] + 1)
    values[maps, top : bottom + 1, left : right + 1] = 1
    return values.bool()


def test_marks_are_where_the_gradient_comes_from_and_goes_to(viewer_module):
    torch.manual_seed(8)
    chosen = random.Random(8)
    net = lh.sequential_lenet()
    x = torch.rand(1, 1, 28, 28)
    net(x)
    packed = pack(net, x)
    outputs = [x]
    for layer in net:
        outputs.append(layer(outputs[-1].detach().requires_grad_()))
    whole = {7, 8, 9, 10, 11, 12}  # from the first dense layer on: the strongest, not all
    for at in range(1, 7):
        for index in chosen.sample(range(outputs[at + 1].numel()), 6):
            before, after = viewer_module.evaluate(MARKS, [packed, x.flatten().tolist(), at, index])
            assert {number for number, _ in before} == set(range(at))
            for number, (mark,) in before:
                start = outputs[number + 1].detach().requires_grad_()
                value = net[number + 1 : at + 1](start).flatten()[index]
                (gradient,) = torch.autograd.grad(value, start)
                seen = inside(mark, start.shape[1:])
                assert torch.equal(gradient[0] != 0, seen), (at, number, index)
            for number, marks in after:
                if number in whole:
                    continue
                start = outputs[at + 1].detach().requires_grad_()
                given = net[at + 1 : number + 1](start)
                slopes = torch.autograd.functional.jacobian(
                    net[at + 1 : number + 1], start.detach()
                )
                reached = slopes.reshape(given.numel(), -1)[:, index].reshape(given.shape[1:]) != 0
                used = [inside(mark, given.shape[1:]) for mark in marks]
                expected = used[0] if used else torch.zeros(given.shape[1:]).bool()
                assert torch.equal(reached, expected), (at, number, index)


def test_marks_of_a_grouped_convolution_are_in_its_group_only(viewer_module):
    torch.manual_seed(8)
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Conv2d(6, 12, 3, padding=1, groups=3), nn.AvgPool2d(2),
        nn.Conv2d(12, 12, 3, groups=12), nn.Flatten(), nn.Linear(1200, 10),
    )  # fmt: skip
    x = torch.rand(1, 1, 28, 28)
    packed, outputs = pack(net, x), [x]
    for layer in net[:4]:
        outputs.append(layer(outputs[-1].detach().requires_grad_()))
    for at, index in ((1, 5000), (2, 1300), (3, 5), (3, 777)):
        told = viewer_module.evaluate(MARKS, [packed, x.flatten().tolist(), at, index])
        for number, marks in told[0]:
            start = outputs[number + 1].detach().requires_grad_()
            value = net[number + 1 : at + 1](start).flatten()[index]
            (gradient,) = torch.autograd.grad(value, start)
            seen = sum(inside(mark, start.shape[1:]).int() for mark in marks)
            assert torch.equal(gradient[0] != 0, seen == 1), (at, number, index)
    for index in (7, 1900):  # a unit of the first layer, in the second
        _, after = viewer_module.evaluate(MARKS, [packed, x.flatten().tolist(), 0, index])
        start = outputs[1].detach()
        slopes = torch.autograd.functional.jacobian(net[1], start)
        reached = slopes.reshape(-1, start.numel())[:, index].reshape(12, 24, 24) != 0
        (marks,) = (marks for number, marks in after if number == 1)
        assert torch.equal(reached, sum(inside(mark, (12, 24, 24)).int() for mark in marks) == 1)


@pytest.mark.parametrize("norm", [nn.LayerNorm([3, 24, 24]), nn.GroupNorm(3, 3), nn.PReLU(3)])
def test_a_norm_of_the_maps_sees_all_of_the_picture_and_a_slope_does_not(viewer_module, norm):
    net = nn.Sequential(nn.Conv2d(1, 3, 5), norm, nn.Flatten(), nn.Linear(1728, 10))
    x = torch.rand(1, 1, 28, 28)
    viewer_module.evaluate("net => { window.net = m.unpack(net); }", pack(net, x))
    box = viewer_module.evaluate("([at, i]) => m.receptiveField(net, at, i)", [1, 30])
    assert box == ([1, 6, 5, 10] if isinstance(norm, nn.PReLU) else [0, 0, 27, 27])
    before, _ = viewer_module.evaluate(MARKS, [pack(net, x), x.flatten().tolist(), 1, 30])
    assert (before == []) == (not isinstance(norm, nn.PReLU))  # no place matters more than others


def test_the_cone_joins_the_picture_to_the_unit(browser, demos):
    demo = Page(browser, demos, "viewer")
    bands = demo.page.locator(".cone polygon")
    assert bands.count() == 1  # the picture, the first convolution
    demo.page.get_by_label("layer", exact=True).select_option("4")
    assert bands.count() == 8  # picture to convolution to pooling, and its six maps to the unit
    ends = """() => {
        const points = [...document.querySelectorAll('.cone polygon')].at(-1).points;
        const [svg, canvas] = ['.cone', '.layer:has(.chosen) canvas']
            .map((at) => document.querySelector(at).getBoundingClientRect());
        return (points[1].x + svg.left - canvas.left) / ((canvas.width - 3) / 20); }"""
    assert demo.page.evaluate(ends) == pytest.approx(5, abs=0.1)  # the column of the unit
    demo.page.set_viewport_size({"width": 800, "height": 900})
    demo.wait("getComputedStyle(document.querySelector('.cone')).display === 'none'")
    demo.close()


def test_the_kernel_moves_and_the_map_fills_in(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    page.get_by_label("layer", exact=True).select_option("3")  # a pooling
    page.evaluate("""() => { window.places = [];
        new MutationObserver(() => places.push(document.querySelector('.total').textContent
            .match(/row \\d+, column \\d+/)[0]))
            .observe(document.querySelector('.total'), {childList: true}); }""")
    page.get_by_role("button", name="Play").click()
    demo.wait("document.querySelector('.total').innerText.includes('row 0, column 4')")
    places = page.evaluate("places")[:5]
    assert places == [f"row 0, column {column}" for column in range(5)]  # none is left out
    empty = """() => { const canvas = document.querySelector('.layer:has(.chosen) canvas');
        const g = canvas.getContext('2d'), side = canvas.width / 14;
        return [1.5, 12.5].map((column) =>
            g.getImageData(column * side, side / 2, 1, 1).data[3]); }"""
    assert page.evaluate(empty) == [255, 0]
    page.get_by_role("button", name="Stop").click()
    words = page.inner_text(".total")
    page.wait_for_timeout(400)
    assert page.inner_text(".total") == words
    assert page.evaluate(empty) == [255, 255]
    demo.close()


def test_hovering_tells_position_and_value(browser, demos):
    demo = Page(browser, demos, "viewer")
    maps = demo.page.locator(".layer canvas >> nth=3")
    maps.hover(position={"x": 2, "y": 2})
    first = demo.page.inner_text(".hovered")
    assert first.startswith("3 AvgPool2d, map 0, row 0, column 0: ")
    inside = {"x": 36, "y": 36}  # in the garment, where neighbours differ
    maps.hover(position=inside)
    place, value = demo.page.inner_text(".hovered").split(": ")
    assert value != first.split(": ")[1]
    maps.click(position=inside)
    assert demo.page.inner_text(".total").startswith(f"{place}: ")
    assert demo.page.inner_text(".total").endswith(f"= {value}")
    demo.close()


def test_the_bars_of_a_decision_add_up_to_the_logit(browser, demos, viewer_module):
    torch.manual_seed(9)
    net, x = lh.sequential_lenet(), torch.rand(1, 1, 28, 28)
    logits = net(x)[0]
    for index in range(10):
        steps = viewer_module.evaluate(
            """([net, p, i]) => { const n = m.unpack(net);
                const values = m.forward(n, Float32Array.from(p));
                return m.stepsOf(m.explain(n, values, n.layers.length - 1, i)); }""",
            [pack(net, x), x.flatten().tolist(), index],
        )
        assert len(steps) == 1 + 84
        assert steps[0]["from"] == 0
        assert all(a["to"] == b["from"] for a, b in itertools.pairwise(steps))
        assert steps[-1]["to"] == pytest.approx(logits[index].item(), abs=1e-5)
        assert steps[0]["to"] == pytest.approx(net[-1].bias[index].item(), abs=1e-6)
    demo = Page(browser, demos, "viewer")
    demo.page.get_by_text("What matters to the decision").click()
    demo.page.get_by_label("logit of").select_option("7")
    assert demo.page.locator(".decision rect").count() == 85
    words = demo.page.locator(".decision").get_attribute("aria-label").replace("−", "-")
    bias, more, less, value = (float(n) for n in re.findall(r"-?\d+\.\d+", words))
    assert words.startswith("sneaker: ")
    assert bias + more - abs(less) == pytest.approx(value, abs=2e-4)
    found = Axe().run(demo.page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response
    assert [v["id"] for v in found["violations"]] == []
    demo.close()


def test_drawing_follows_the_pointer(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    before = page.inner_text(".bars")
    assert redraw_while_drawing(page) < 16  # milliseconds: a frame of a 60 Hz screen
    assert page.inner_text(".bars") != before
    demo.close()


def test_centre_and_thicken_brings_a_drawing_nearer(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    box = page.locator(".pad").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 60, steps=8)
    page.mouse.move(box["x"] + 20, box["y"] + 60, steps=8)
    page.mouse.up()
    demo.wait("document.querySelector('.lv').innerText.includes('Unlike')")
    told = page.locator(".lv ul li").all_inner_texts()
    assert [line.split(":")[0] for line in told][:2] == ["Centre", "Size"]
    page.get_by_role("button", name="Centre and thicken").click()
    demo.wait("!document.querySelector('.lv').innerText.includes('Centre: it lies')")
    assert not any(line.startswith("Size") for line in page.locator(".lv ul li").all_inner_texts())
    demo.close()


# How much light each row and column of the picture has in the drawing field.
LIGHT = """() => { const pad = document.querySelector('.pad'), lit = [...Array(784).keys()];
    const g = pad.getContext('2d'), side = pad.width / 28;
    return lit.map((i) => g.getImageData(((i % 28) + 0.5) * side,
        (Math.floor(i / 28) + 0.5) * side, 1, 1).data[2] / 255); }"""


def test_fast_strokes_are_joined_and_clear_leaves_nothing(browser, demos):
    demo = Page(browser, demos, "viewer")
    page = demo.page
    page.get_by_label("layer", exact=True).select_option("12")  # its frame is at the edge
    box = page.locator(".pad").bounding_box()
    side = (box["width"] - 2) / 28
    across, down = box["x"] + 1, box["y"] + 1 + 14.5 * side
    page.mouse.move(across + 5 * side, down)
    page.mouse.down()
    page.mouse.move(across + 23 * side, down)  # one event: the pointer was fast
    page.mouse.up()
    demo.wait("document.querySelector('.lv').innerText.includes('Your drawing.')")
    drawn = torch.tensor(page.evaluate(LIGHT)).reshape(28, 28)[2:26, 2:26]
    assert drawn[12, 4:20].min() > 0.9  # all between the two places
    assert drawn[:9].max() == drawn[16:].max() == 0
    page.get_by_role("button", name="Clear").click()
    demo.wait("document.querySelector('.lv').innerText.includes('It is empty.')")
    left = torch.tensor(page.evaluate(LIGHT)).reshape(28, 28)[2:26, 2:26]
    assert left.max() == 0
    demo.close()


LIKE_THE_DATA = """([picture, usual]) => {
    const shape = [1, 28, 28], made = m.likeTheData(Float32Array.from(picture), shape, usual);
    return [m.measure(Float32Array.from(picture), shape), m.measure(made, shape)]; }"""


def test_centre_and_thicken_each_do_their_part(browser):
    page = module_page(browser, "lenet_viewer.js", "likeTheData measure")
    thin = torch.zeros(28, 28)
    thin[3:13, 4], thin[12, 4:14] = 1, 1  # a corner, high at the left
    usual = {"longest": 10, "down": 0, "across": 0, "fill": 0.6}
    before, after = page.evaluate(LIKE_THE_DATA, [thin.flatten().tolist(), usual])
    assert before["down"] < -5
    assert before["across"] < -4
    assert abs(after["down"]) <= 1
    assert abs(after["across"]) <= 1
    assert before["fill"] < 0.25
    assert after["fill"] >= 0.9 * usual["fill"]
    page.close()


def test_play_goes_through_every_cell_of_a_padded_input_to_the_last(browser, demos):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    preset(demo, "same padding")  # an output of 6×6
    page.evaluate("""() => { window.places = [];
        new MutationObserver(() => places.push(document.querySelector('.sum').textContent
            .match(/row \\d+, column \\d+/)[0]))
            .observe(document.querySelector('.sum'), {childList: true}); }""")
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(40_000)  # far more than 36 cells take
    every = [f"row {row}, column {column}" for row in range(6) for column in range(6)]
    assert page.evaluate("places") == every
    assert page.locator(".output .cell").all_text_contents().count("") == 0
    assert page.get_by_role("button", name="Play").is_visible()
    demo.close()


def test_a_padded_cell_is_no_pixel_to_the_eye_nor_in_the_sum(browser, demos):
    demo = Page(browser, demos, "explorer")
    page = demo.page
    cells = """() => [...document.querySelectorAll('.input .cell')].map((cell) => {
        const {fill, strokeDasharray} = getComputedStyle(cell.querySelector('rect'));
        return [cell.textContent, fill, strokeDasharray]; })"""
    for name, inside in (("same padding", "0"), ("max pooling", "−∞")):
        preset(demo, "same padding")
        if name == "max pooling":
            page.locator(".choice select").first.select_option(label="max pooling")
        page.wait_for_timeout(700)
        found = page.evaluate(cells)
        edge = [row in (0, 7) or column in (0, 7) for row in range(8) for column in range(8)]
        for (text, fill, dashes), is_padding in zip(found, edge, strict=True):
            assert (dashes != "none") == is_padding
            if is_padding:
                assert (text, fill) == (inside, "rgb(255, 255, 255)")  # the page's own ground
        pixels = {fill for (_, fill, _), out in zip(found, edge, strict=True) if not out}
        assert len(pixels) == 10  # numbers from 0 to 9
        page.locator(".scrub").press("Home")
        words = page.inner_text(".sum").split(": ")[1].split(" = ")[0]
        terms = re.split(r" \+ |, ", words.removeprefix("the largest of "))
        assert len(terms) == 9
        assert [term.split("·")[0] for term in terms[:3]] == [inside] * 3
    demo.close()


def test_the_ranges_of_the_sliders_are_those_of_python(explorer_module):
    ranges = explorer_module.evaluate("m.RANGES")
    largest = {"h": "height", "w": "width", "kernel_size": "kernel"}
    assert {largest.get(name, name): end for name, end in LARGEST.items()} == {
        name: end for name, (_, end) in ranges.items()
    }
