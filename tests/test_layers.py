"""The layer table: its numbers against torch, a network left as it was, and layers that misfit."""

import itertools
import math
import re
from html.parser import HTMLParser

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lenet_helpers.network.models import LeNet, count_parameters, sequential_lenet
from lenet_helpers.network.table import LayerShapeError, layer_table

ONE = (1, 1, 28, 28)


def forgotten_padding():
    """The textbook's LeNet without padding=2: 256 features reach a layer made for 400."""
    net = sequential_lenet()
    net[1] = nn.Conv2d(1, 6, kernel_size=5)
    return net


# ------------------------------------------------------------------ the numbers


def test_the_textbook_lenet_by_hand():
    table = layer_table(sequential_lenet(), ONE)
    same, to = "same size", "{} → {}".format
    assert [
        (r.layer, r.output_shape, r.parameters, r.multiply_adds, r.how) for r in table.rows
    ] == [
        ("Reshape", (1, 1, 28, 28), 0, 0, same),
        ("Conv2d", (1, 6, 28, 28), 156, 117_600, "28 + 2·2 − 5 + 1 = 28"),
        ("Sigmoid", (1, 6, 28, 28), 0, 0, same),
        ("AvgPool2d", (1, 6, 14, 14), 0, 0, "(28 − 2)/2 + 1 = 14"),
        ("Conv2d", (1, 16, 10, 10), 2_416, 240_000, "14 − 5 + 1 = 10"),
        ("Sigmoid", (1, 16, 10, 10), 0, 0, same),
        ("AvgPool2d", (1, 16, 5, 5), 0, 0, "(10 − 2)/2 + 1 = 5"),
        ("Flatten", (1, 400), 0, 0, "16·5·5 = 400"),
        ("Linear", (1, 120), 48_120, 48_000, to(400, 120)),
        ("Sigmoid", (1, 120), 0, 0, same),
        ("Linear", (1, 84), 10_164, 10_080, to(120, 84)),
        ("Sigmoid", (1, 84), 0, 0, same),
        ("Linear", (1, 10), 850, 840, to(84, 10)),
    ]
    assert [row.name for row in table.rows] == [str(i) for i in range(13)]
    assert (table.parameters, table.multiply_adds) == (61_706, 416_520)


def test_a_class_that_flattens_in_forward():
    table = layer_table(LeNet(), ONE)
    rows = {row.name: row for row in table.rows}
    assert [*rows][:3] == ["conv.0", "conv.1", "conv.2"]
    assert rows["conv.5"].output_shape == (1, 16, 4, 4)
    assert rows["fc.0"].how == "16·4·4 = 256; 256 → 120"
    assert rows["fc.2"].how == "120 → 84"
    assert table.parameters == 44_426
    assert table.multiply_adds == 86_400 + 153_600 + 30_720 + 10_080 + 840


@pytest.mark.parametrize("batch", [1, 7])
def test_multiply_adds_are_those_of_one_picture(batch):
    assert layer_table(LeNet(), (batch, 1, 28, 28)).multiply_adds == 281_640


def value_of(arithmetic):
    """Work out the words of the last column with Python's own arithmetic."""
    floored = re.sub(r"⌊(.*)⌋", r"math.floor(\1)", arithmetic)
    rounded = re.sub(r"⌈(.*)⌉", r"math.ceil(\1)", floored)
    return eval(rounded.replace("·", "*").replace("−", "-"), {"math": math})


GRID = [
    layer
    for k, s, p, d in itertools.product([2, (5, 3)], [1, 2, (3, 1)], [0, 1], [1, 2])
    for layer in (
        nn.Conv2d(4, 8, k, stride=s, padding=p, dilation=d, groups=2),
        nn.MaxPool2d(k, s, p, d),
        nn.AvgPool2d(k, s, p),
    )
] + [
    nn.Conv2d(4, 3, (4, 3), padding="same"),
    nn.Conv2d(4, 3, 3, padding="valid"),
    nn.MaxPool2d(2, ceil_mode=True),
    nn.AvgPool2d((3, 2), 2, 1, ceil_mode=True),
    nn.AvgPool2d(3),
]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("layer", GRID, ids=str)
@pytest.mark.parametrize("sides", [(21, 16), (15, 15)])
def test_the_arithmetic_shown_gives_the_shape_that_torch_gives(layer, sides):
    (row,) = layer_table(nn.Sequential(layer), (2, 4, *sides)).rows
    expected = tuple(layer(torch.zeros(2, 4, *sides)).shape)
    assert row.output_shape == expected
    shown = [side.split(" = ") for side in row.how.split("; ")]
    assert [value_of(left) for left, _ in shown] == [int(right) for _, right in shown]
    right = [int(right) for _, right in shown]
    assert (right if len(right) == 2 else right * 2) == list(expected[-2:])


def test_sides_are_apart_where_they_differ_and_the_floor_is_shown_where_it_acts():
    net = nn.Sequential(nn.Conv2d(1, 2, (3, 5), stride=(2, 1)), nn.MaxPool2d(2, ceil_mode=True))
    conv, pool = layer_table(net, (1, 1, 28, 9)).rows
    assert conv.how == "⌊(28 − 3)/2⌋ + 1 = 13; 9 − 5 + 1 = 5"
    assert pool.how == "⌈(13 − 2)/2⌉ + 1 = 7; ⌈(5 − 2)/2⌉ + 1 = 3"
    (dilated,) = layer_table(nn.Conv2d(1, 1, 3, dilation=2), (1, 1, 9, 9)).rows
    assert dilated.how == "9 − (2·(3 − 1) + 1) + 1 = 5"


def test_groups_cut_the_weights_and_the_work():
    (row,) = layer_table(nn.Conv2d(4, 8, 3, groups=2, bias=False), (1, 4, 5, 5)).rows
    assert row.parameters == 8 * 2 * 9
    assert row.multiply_adds == 8 * 2 * 9 * 3 * 3


def test_other_layers():
    net = nn.Sequential(
        nn.BatchNorm2d(3), nn.Dropout(), nn.AdaptiveAvgPool2d((4, 3)), nn.PixelUnshuffle(1),
        nn.ConvTranspose2d(3, 2, 2), nn.Flatten(2), nn.Flatten(), nn.Flatten(),
    )  # fmt: skip
    rows = layer_table(net, (2, 3, 8, 6)).rows
    assert [row.how for row in rows] == [
        "same size", "same size", "8×6 → 4×3, as asked", "same size",
        "(4 − 1)·1 + 2 = 5; (3 − 1)·1 + 2 = 4", "5·4 = 20", "2·20 = 40", "same size",
    ]  # fmt: skip
    assert rows[0].parameters == 6


def test_a_layer_that_gives_no_tensor_has_a_dash():
    table = layer_table(nn.LSTM(5, 4), (1, 2, 5))
    assert table.rows[0].output_shape == ()
    assert re.search(r"LSTM +— +176 +144 +—$", str(table), re.M)


def test_a_dense_layer_on_rows_works_on_each_of_them():
    (row,) = layer_table(nn.Linear(5, 3, bias=False), (2, 7, 5)).rows
    assert (row.output_shape, row.parameters, row.multiply_adds) == ((2, 7, 3), 15, 7 * 15)


def test_parameters_of_a_layer_used_twice_count_once():
    linear = nn.Linear(5, 5)
    table = layer_table(nn.Sequential(linear, nn.Sigmoid(), linear), (1, 5))
    assert [row.parameters for row in table.rows] == [30, 0, 0]
    assert [row.multiply_adds for row in table.rows] == [25, 0, 25]
    tied = nn.Sequential(nn.Linear(5, 5, bias=False), nn.Linear(5, 5, bias=False))
    tied[1].weight = tied[0].weight
    assert layer_table(tied, (1, 5)).parameters == count_parameters(tied) == 25


def test_a_network_that_is_one_layer():
    (row,) = layer_table(nn.Linear(3, 2), [4, 3]).rows
    assert (row.name, row.output_shape) == ("", (4, 2))
    assert "\nLinear  (4, 2) " in str(layer_table(nn.Linear(3, 2), torch.Size([4, 3])))


def test_half_precision():
    assert layer_table(LeNet().to(torch.bfloat16), ONE).parameters == 44_426


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_lazy_layers_take_their_sizes():
    lazy = nn.Sequential(nn.LazyConv2d(6, 5, padding=2), nn.Flatten(), nn.LazyLinear(10))
    table = layer_table(lazy, ONE)
    assert [row.parameters for row in table.rows] == [156, 0, 6 * 784 * 10 + 10]


# ------------------------------------------------------------------ how it looks


def test_the_text_is_aligned():
    lines = str(layer_table(LeNet(), ONE)).splitlines()
    assert lines[0] == "LeNet, input (1, 1, 28, 28)"
    assert lines[1].split() == ["multiply-", "receptive", "how", "the", "size"]
    ends = [lines[2].index(word) + len(word) for word in ("parameters", "adds")]
    for line, numbers in ((lines[4], ("156", "86,400")), (lines[-1], ("44,426", "281,640"))):
        assert [line.index(n) + len(n) for n in numbers] == ends
    assert lines[-1].startswith("total")
    assert not any(line.endswith(" ") for line in lines)
    assert repr(layer_table(LeNet(), ONE)) == "\n".join(lines)


class Cells(HTMLParser):
    """Collect the rows of an HTML table, each a list of (tag, attributes, text)."""

    def __init__(self):
        super().__init__()
        self.rows, self.open, self.caption = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append([tag, dict(attrs), ""])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] == "caption":
            self.caption += data
        else:
            self.rows[-1][-1][2] += data


def test_the_html_is_a_table_with_headers_and_a_caption():
    table = layer_table(LeNet(), ONE)
    cells = Cells()
    cells.feed(table._repr_html_())
    assert cells.open == []
    assert cells.caption == "LeNet, input (1, 1, 28, 28)"
    head, *body, total = cells.rows
    assert [(tag, attrs["scope"]) for tag, attrs, _ in head] == [("th", "col")] * 7
    assert [text for *_, text in head] == [
        "layer", "output shape", "parameters", "multiply-adds", "receptive field", "jump",
        "how the size came about",
    ]  # fmt: skip
    assert len(body) == len(table.rows)
    for row in (*body, total):
        assert [tag for tag, *_ in row] == ["th", *["td"] * 6]
        assert row[0][1]["scope"] == "row"
        aligned = [attrs["style"].split(":")[1] for _, attrs, _ in row]
        assert aligned == ["left", "left", *["right"] * 4, "left"]
    assert [text for *_, text in total] == ["total", "", "44,426", "281,640", "", "", ""]
    assert [text for *_, text in body[2]][4:6] == ["6×6", "2"]
    assert [text for *_, text in body[6]][4:6] == ["all", "—"]
    text = str(table)
    for row in body:
        assert all(cell in text for *_, cell in row)


def test_names_are_escaped():
    class Odd(nn.Module):
        def forward(self, x):
            return x

    Odd.__name__ = "A<b>"
    assert '<th scope="row" style="text-align:left">A&lt;b&gt;</th>' in (
        layer_table(Odd(), (1,))._repr_html_()
    )


# ------------------------------------------------------------------ left as it was


class Restless(nn.Module):
    """Draws random numbers in every mode, as a functional dropout without training= does."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        self.inner = nn.Sequential(nn.Dropout(), nn.Flatten(), nn.Linear(784, 2))

    def forward(self, x):
        return F.dropout(self.inner(self.norm(x + 1)))


def hooks(net):
    return [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in net.modules()]


@pytest.mark.parametrize("shape", [ONE, (1, 1, 20, 20)], ids=["fits", "misfits"])
def test_the_network_is_left_as_it_was(shape):
    net = Restless()
    net.inner[0].eval()
    net.inner.register_forward_hook(lambda *_: None)
    modes, own_hooks = [m.training for m in net.modules()], hooks(net)
    state = {name: value.clone() for name, value in net.state_dict().items()}
    numbers = torch.get_rng_state()
    if shape == ONE:
        layer_table(net, shape)
    else:
        with pytest.raises(LayerShapeError):
            layer_table(net, shape)
    assert torch.equal(torch.get_rng_state(), numbers)
    assert [m.training for m in net.modules()] == modes
    assert len(set(modes)) == 2
    assert hooks(net) == own_hooks
    for name, value in net.state_dict().items():
        assert torch.equal(value, state[name]), name
    assert all(p.grad is None for p in net.parameters())
    assert torch.is_grad_enabled()


def test_an_interrupt_takes_the_hooks_away_too():
    class Stopped(nn.Sequential):
        def forward(self, x):
            raise KeyboardInterrupt

    net = Stopped(nn.Linear(2, 2))
    with pytest.raises(KeyboardInterrupt):
        layer_table(net, (1, 2))
    assert hooks(net) == [0, 0]
    assert net.training


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_a_network_on_a_gpu():
    net = Restless().cuda()
    numbers = torch.cuda.get_rng_state()
    assert layer_table(net, ONE).rows[-1].output_shape == (1, 2)
    assert torch.equal(torch.cuda.get_rng_state(), numbers)


# ------------------------------------------------------------------ layers that do not fit


def told(net, shape):
    """Return the message without the table of the layers before."""
    with pytest.raises(LayerShapeError) as raised:
        layer_table(net, shape)
    return str(raised.value).split("\n\nThe layers before it fit:")[0]


def test_a_forgotten_padding_is_found():
    with pytest.raises(LayerShapeError) as raised:
        layer_table(forgotten_padding(), ONE)
    message, _, fitted = str(raised.value).partition("\n\nThe layers before it fit:\n")
    assert message == (
        "Layer '8', Linear(in_features=400, out_features=120, bias=True), does not fit. "
        "It expected 400 features and got 256 = 16·4·4: 16 maps of 4×4, flattened. "
        "Write nn.Linear(256, 120); 400 would be 16 maps of 5×5, which padding=2 in layer '1' "
        "would give."
    )
    assert fitted == str(raised.value.table)
    assert raised.value.table.parameters == 156 + 2416  # of those that fit
    assert [row.name for row in raised.value.table.rows] == [str(i) for i in range(8)]


def test_the_advice_is_right():
    net = forgotten_padding()
    net[1] = nn.Conv2d(1, 6, kernel_size=5, padding=2)
    assert layer_table(net, ONE).rows[-1].output_shape == (1, 10)
    net = forgotten_padding()
    net[8] = nn.Linear(256, 120)
    assert layer_table(net, ONE).rows[-1].output_shape == (1, 10)


def test_torchs_own_error_is_chained():
    with pytest.raises(LayerShapeError) as raised:
        layer_table(forgotten_padding(), ONE)
    assert "cannot be multiplied" in str(raised.value.__cause__)
    assert isinstance(raised.value, ValueError)


CONV = "Layer 'conv.0', Conv2d(1, 6, kernel_size=(5, 5), stride=(1, 1)), does not fit. "


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (
            (256, 28, 28),
            "It expected (N, 1, height, width) and got (256, 28, 28): with three dimensions "
            "PyTorch reads one picture of 256 channels. For 256 grey pictures the channel is "
            "missing: X.unsqueeze(1) has shape (256, 1, 28, 28).",
        ),
        (
            (28, 28),
            "It expected (N, 1, height, width) and got (28, 28), 2 dimensions. Give it "
            ".reshape(1, 1, 28, 28): one picture, one channel.",
        ),
        (
            (1, 3, 28, 28),
            "It expected 1 channels, (N, 1, height, width), and got (1, 3, 28, 28), 3 channels. "
            "Write nn.Conv2d(3, 6, ...), or give it 1.",
        ),
        (
            (2, 28, 28, 1),
            "It expected 1 channels in the second place, (N, 1, height, width), and got "
            "(2, 28, 28, 1): the channels are last. X.permute(0, 3, 1, 2) puts them second.",
        ),
        (
            (1, 1, 28, 4),
            "Along the width the kernel reaches 5, the padded input is 4, in (1, 1, 28, 4): "
            "no output is left. Use a larger picture, a smaller kernel, more padding, or fewer "
            "poolings before it.",
        ),
    ],
)
def test_a_first_convolution_says_what_it_wants(shape, words):
    assert told(LeNet(), shape) == CONV + words


@pytest.mark.parametrize(
    ("features", "end"), [(3456, "which fits."), (99, "so it must also be nn.Linear(3456, 3).")]
)
def test_a_missing_flatten(features, end):
    net = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Linear(features, 3))
    assert told(net, ONE) == (
        f"Layer '1', Linear(in_features={features}, out_features=3, bias=True), does not fit. "
        f"It expected (N, {features}) and got (1, 6, 24, 24): maps that nobody has flattened. "
        f"Put nn.Flatten() before it: 6·24·24 = 3456 features, {end}"
    )


def test_dense_layers_that_do_not_follow_each_other():
    net = nn.Sequential(nn.Linear(5, 4), nn.Linear(3, 2))
    assert "It expected 3 features and got 4. Write nn.Linear(4, 2)." in told(net, (1, 5))


def test_a_larger_picture_with_no_padding_to_blame():
    assert told(LeNet(), (1, 1, 32, 32)).endswith(
        "It expected 256 features and got 400 = 16·5·5: 16 maps of 5×5, flattened. "
        "Write nn.Linear(400, 120); 256 would be 16 maps of 4×4."
    )


def test_a_pooling_that_leaves_nothing():
    net = nn.Sequential(nn.AvgPool2d(2), nn.MaxPool2d(3, padding=1, dilation=8))
    message = told(net, (1, 1, 20, 28))
    assert message.startswith("Layer '1', MaxPool2d(")
    assert "Along the height the kernel reaches 17, the padded input is 12, in" in message


def test_any_other_layer_is_named_with_torchs_first_line():
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ConvTranspose2d(9, 3, 3))
    message = told(net, ONE)
    assert message.startswith("Layer '1', ConvTranspose2d(9, 3, ")
    assert "does not fit. It got (1, 8, 26, 26) and failed: " in message
    assert "expected input[1, 8, 26, 26] to have 9 channels" in message
    assert "\n" not in message


class Between(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.conv, self.fc, self.features = nn.Conv2d(1, 2, 3), nn.Linear(1352, 3), features

    def forward(self, x):
        return self.fc(self.conv(x).view(-1, self.features))


def test_a_failure_between_layers_is_not_blamed_on_a_layer():
    assert told(Between(1350), ONE) == (
        "Between.forward failed after layer 'conv' gave (1, 2, 26, 26), outside any layer: "
        "shape '[-1, 1350]' is invalid for input of size 1352. Look at what forward does there, "
        "for example a view or flatten with fixed numbers."
    )
    assert layer_table(Between(1352), ONE).rows[-1].how == "2·26·26 = 1352; 1352 → 3"


def test_a_failure_before_any_layer():
    class Early(nn.Sequential):
        def forward(self, x):
            return super().forward(x.view(7, 7))

    message = told(Early(nn.Linear(7, 1)), ONE)
    assert message.startswith("Early.forward failed at once, outside any layer: shape '[7, 7]' is")
    with pytest.raises(LayerShapeError) as raised:
        layer_table(Early(nn.Linear(7, 1)), ONE)
    assert "The layers before" not in str(raised.value)


def test_ipython_shows_the_message_without_a_stack(capsys):
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    try:
        shell.user_ns.update(layer_table=layer_table, net=forgotten_padding())
        result = shell.run_cell("layer_table(net, (1, 1, 28, 28))")
        shown = capsys.readouterr().out
    finally:
        shell.history_manager.end_session()
        InteractiveShell.clear_instance()
    assert isinstance(result.error_in_exec, LayerShapeError)
    assert (
        shown.split() == f"LayerShapeError: {result.error_in_exec}".split()
    )  # but for line breaks
    assert max(map(len, shown.splitlines())) <= 96


# ------------------------------------------------------------------ bad input


@pytest.mark.parametrize(
    ("shape", "error", "words"),
    [
        ((), ValueError, r"input_shape=\(\) is empty: give the shape of a batch"),
        ((1, 0, 28, 28), ValueError, r"input_shape\[1\]=0: it must be at least 1"),
        ((1, 1, 28, -28), ValueError, r"input_shape\[3\]=-28"),
        ((1, 1, 28.0, 28), TypeError, r"input_shape\[2\]=28.0 is a float"),
        ((True, 1), TypeError, r"input_shape\[0\]=True is a bool"),
        ("1128", TypeError, "input_shape='1128' is a str"),
        (28, TypeError, "input_shape=28 is a int: give the shape of a batch"),
        (None, TypeError, "input_shape=None is a NoneType"),
        (
            torch.zeros(2, 1, 28, 28),
            TypeError,
            r"^input_shape is a Tensor: give its shape, tuple\(X.shape\) = \(2, 1, 28, 28\)\.$",
        ),
    ],
)
def test_no_shape(shape, error, words):
    with pytest.raises(error, match=words):
        layer_table(LeNet(), shape)


@pytest.mark.parametrize(
    ("net", "words"),
    [(LeNet, r"models\.LeNet'> is no network: .* such as LeNet\(\)"), ([], r"net=\[\] is no net")],
)
def test_no_network(net, words):
    with pytest.raises(TypeError, match=words):
        layer_table(net, ONE)
