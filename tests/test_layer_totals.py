"""The totals of the layer table are true, or marked as partial; what no row shows is named."""

import copy
import html
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
import torchvision
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lenet_helpers.network.models import LeNet, sequential_lenet
from lenet_helpers.network.table import LayerShapeError, layer_table

ONE = (1, 1, 28, 28)
ZEROS = torch.zeros(ONE)
S = nn.Sequential


def counted_by_torch(net, shape):
    """The multiply-adds of one example, on the meta device: there torch fuses nothing."""
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        net = copy.deepcopy(net).to("meta").eval()
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            net(torch.empty(shape, device="meta"))
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    return counter.get_total_flops() // (2 * shape[0])


class Forward(nn.Module):
    """A network of the given parts, with the given forward."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.does = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs):
        return self.does(self, *inputs)


def lines(table):
    return str(table).splitlines()


# ------------------------------------------------------------------ parameters


def test_a_parameter_beside_layers_is_in_the_total():
    """Seen in pytorch-summary #148, torchinfo #54: 8 where there are 15."""
    net = Forward(
        lambda net, x: net.fc(x) * net.scale.sum(),
        fc=nn.Linear(3, 2), scale=nn.Parameter(torch.ones(7)),
    )  # fmt: skip
    table = layer_table(net, (1, 3))
    assert (table.rows[0].parameters, table.parameters) == (8, 15)
    assert "7 parameters of no layer: 'scale' (7)." in table.notes
    for note in table.notes:
        assert note in str(table)
        assert note in html.unescape(table._repr_html_())


def test_a_transformer_has_all_of_its_parameters():
    """Seen in torchinfo #226: half of them."""
    net = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True)
    table = layer_table(net, (3, 5, 8))
    assert table.parameters == sum(p.numel() for p in net.parameters())
    assert sum(row.parameters for row in table.rows) == table.parameters
    assert table.multiply_adds == counted_by_torch(net, (3, 5, 8))
    assert table.multiply_adds_complete
    assert table.notes == ("Outside of any layer, in forward: add (2 times), relu.",)


def test_what_is_frozen_is_apart():
    """Seen in torchinfo #115."""
    net = sequential_lenet()
    net[1].requires_grad_(False)
    table = layer_table(net, ONE)
    assert (table.parameters, table.trainable, table.frozen) == (61_706, 61_550, 156)
    assert [row.trainable for row in table.rows if row.parameters] == [0, 2416, 48_120, 10_164, 850]
    assert "trainable" in lines(table)[2]
    assert "61,550" in lines(table)[-1]
    assert ">trainable<" in table._repr_html_()
    net[1].requires_grad_(True)
    assert "trainable" not in str(layer_table(net, ONE))
    assert "trainable" not in layer_table(net, ONE)._repr_html_()


def test_shared_parameters_are_counted_once():
    net = Forward(
        lambda net, x: net.b(net.a(x)), a=nn.Linear(5, 5, bias=False), b=nn.Linear(5, 5, bias=False)
    )
    net.b.weight = net.a.weight
    table = layer_table(net, (1, 5))
    assert (table.parameters, table.trainable, table.multiply_adds) == (25, 25, 50)


def test_the_weights_of_a_parametrized_layer_are_in_its_row():
    net = S(nn.utils.parametrizations.weight_norm(nn.Conv2d(1, 4, 5)), nn.Flatten())
    table = layer_table(net, ONE)
    assert [row.name for row in table.rows] == ["0", "1"]
    assert table.rows[0].parameters == sum(p.numel() for p in net.parameters()) == table.parameters
    assert (table.rows[0].multiply_adds, table.notes) == (100 * 24 * 24, ())


# ------------------------------------------------------------------ multiply-adds


@pytest.mark.parametrize(
    ("net", "shape", "expected"),
    [
        (nn.ConvTranspose2d(3, 1, 2, stride=2), (1, 3, 2, 2), 48),  # flops-counter #149
        (nn.Conv1d(1, 6, 5), (1, 1, 28), 720),  # OpCounter #20
        (nn.Conv3d(2, 4, 3), (2, 2, 5, 5, 5), 27 * 27 * 8),
        (nn.LSTM(5, 4, batch_first=True), (3, 7, 5), 7 * 4 * 4 * (5 + 4)),
        (nn.GRU(5, 4, batch_first=True, bidirectional=True), (3, 7, 5), 2 * 7 * 3 * 4 * (5 + 4)),
        (nn.MultiheadAttention(8, 2, batch_first=True), (3, 5, 8), 4 * 5 * 64 + 2 * 5 * 5 * 8),
    ],
    ids=lambda part: type(part).__name__,
)  # fmt: skip
def test_layers_by_hand(net, shape, expected):
    whole = Forward(lambda net, x: net.layer(*[x] * net.times), layer=net)
    whole.times = 3 if isinstance(net, nn.MultiheadAttention) else 1
    table = layer_table(whole, shape)
    assert (table.multiply_adds, table.multiply_adds_complete) == (expected, True)
    assert f"{expected:,}" in lines(table)[-1]


@pytest.mark.parametrize(
    "name", ["alexnet", "googlenet", "mobilenet_v3_small", "resnet18", "vit_b_16"]
)
def test_the_networks_of_torchvision(name):
    """Against torch's counter and the published number of parameters; without numbers: on meta."""
    options = {"init_weights": False, "aux_logits": False} if name == "googlenet" else {}
    with torch.device("meta"):
        net = torchvision.models.get_model(name, **options)
    shape = (2, 3, 224, 224)
    table = layer_table(net, shape)
    published = torchvision.models.get_model_weights(name).DEFAULT.meta["num_params"]
    assert table.parameters == published
    assert (table.multiply_adds, table.multiply_adds_complete) == (
        counted_by_torch(net, shape),
        True,
    )


def test_work_outside_of_layers_is_in_the_total():
    net = Forward(
        lambda net, x: F.linear(torch.sigmoid(net.code(x)), net.code.weight.t()),
        code=nn.Linear(9, 4),
    )
    table = layer_table(net, (2, 9))
    assert (table.rows[0].multiply_adds, table.multiply_adds) == (36, 72)
    assert "72" in lines(table)[-2]


@pytest.mark.parametrize(
    ("net", "shape", "known", "says"),
    [
        (
            Forward(lambda net, x: net.b(net.a(x), x), a=nn.Linear(4, 3), b=nn.Bilinear(3, 4, 2)),
            (1, 4), 12, "those of 'b' (_trilinear)",
        ),
        (
            Forward(lambda net, x: torch.mv(net.a(x), torch.ones(3)), a=nn.Linear(4, 3)),
            (2, 4), 12, "those of 'mv' (mv)",
        ),
        (
            S(nn.utils.parametrizations.spectral_norm(nn.Linear(4, 3))),
            (1, 4), 12, "those of '0' (mv, vdot)",
        ),
    ],
    ids=["a layer", "a step", "a parametrization"],
)  # fmt: skip
def test_what_is_not_counted_is_said(net, shape, known, says):
    table = layer_table(net, shape)
    assert not table.multiply_adds_complete
    assert table.multiply_adds == known
    assert any(says in note for note in table.notes)
    for shown in (str(table), table._repr_html_()):
        assert f"at least {known}" in shown
    uncounted = [row for row in table.rows if not row.multiply_adds_complete]
    assert ("not counted" in str(table)) == any(
        row.multiply_adds == 0 for row in uncounted
    ) or not uncounted


@pytest.mark.parametrize(
    "activation",
    [nn.PReLU(), nn.Hardswish(), nn.LogSigmoid(), nn.GLU(1), nn.Mish(), nn.BatchNorm2d(4),
     nn.GroupNorm(2, 4), nn.InstanceNorm2d(4), nn.Softmax(1), nn.AvgPool2d(2), nn.Upsample(8)],
)  # fmt: skip
def test_layers_without_products_count_as_nothing(activation):
    table = layer_table(S(activation), (1, 4, 6, 6))
    assert (table.multiply_adds, table.multiply_adds_complete) == (0, True)


# ------------------------------------------------------------------ for one example


def test_frames_in_the_batch_count_all():
    net = Forward(
        lambda net, x: net.fc(net.conv(x.view(-1, 1, 8, 8)).view(len(x), -1)),
        conv=nn.Conv2d(1, 2, 3), fc=nn.Linear(3 * 2 * 36, 5),
    )  # fmt: skip
    table = layer_table(net, (2, 3, 8, 8))
    assert table.rows[0].multiply_adds == 3 * (2 * 9 * 36)
    assert table.multiply_adds == counted_by_torch(net, (2, 3, 8, 8))
    (note,) = table.notes
    assert note == (
        "The batch has 2, but 6 come first in the shapes of 'conv': forward has folded another "
        "dimension into the batch, or moved it."
    )


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 28, 28)])
def test_one_picture_without_a_batch_is_one_example(shape):
    conv = nn.Conv2d(shape[0], 3, 5)
    table = layer_table(S(conv), shape)
    assert table.multiply_adds == 3 * shape[0] * 25 * 24 * 24
    assert table.notes == (f"'0' has read {shape} as one example without a batch.",)


def test_a_sequence_before_the_batch():
    net = nn.LSTM(5, 4)
    first = layer_table(net, (7, 3, 5))
    assert first.multiply_adds == 7 * 4 * 4 * (5 + 4)
    assert "the second number of (7, 3, 5) counts the examples" in first.notes[0]


def test_a_picture_that_the_network_makes_a_batch_of():
    table = layer_table(sequential_lenet(), (28, 28))
    assert table.multiply_adds == 416_520
    assert "the multiply-adds are for the whole input" in table.notes[0]


# ------------------------------------------------------------------ what no row shows


def test_layers_that_are_never_called():
    net = Forward(
        lambda net, x: net.used(x), used=nn.Linear(3, 2), head=nn.Linear(9, 9), drop=nn.Dropout()
    )
    table = layer_table(net, (1, 3))
    assert table.notes == ("Never called: 'head' (Linear, 90 parameters), 'drop' (Dropout).",)
    assert table.parameters == 98


@pytest.mark.filterwarnings("ignore:Lazy modules")
def test_a_lazy_layer_that_is_never_called():
    net = Forward(lambda net, x: net.used(x), used=nn.LazyLinear(2), head=nn.LazyLinear(4))
    table = layer_table(net, (1, 3))
    assert table.parameters == 8
    assert table.notes == ("Never called: 'head' (LazyLinear, of unknown size).",)


def test_weights_that_steps_use():
    net = Forward(lambda net, x: F.linear(x, net.fc.weight), fc=nn.Linear(3, 2, bias=False))
    table = layer_table(net, (1, 3))
    assert table.rows == ()
    assert (table.parameters, table.multiply_adds) == (6, 6)
    assert table.notes[0].startswith("The weights of 'fc' are used, but by steps of forward")
    assert not any("Never" in note for note in table.notes)


def test_steps_outside_of_layers_stand_where_they_happen():
    """Seen in pytorch-summary #120: the table jumps from 24 to 12."""
    net = Forward(
        lambda net, x: net.fc(F.max_pool2d(F.relu(net.conv(x)), 2).flatten(1)),
        conv=nn.Conv2d(1, 6, 5), fc=nn.Linear(864, 10),
    )  # fmt: skip
    table = layer_table(net, ONE)
    assert [row.name for row in table.rows] == ["conv", "fc"]
    step = next(line for line in lines(table) if line.startswith("relu, max_pool2d"))
    assert step.split("  ")[1] == "(1, 6, 12, 12)"
    assert step.endswith("outside of any layer")
    assert table.rows[1].how == "6·12·12 = 864; 864 → 10"
    assert table.notes == ("Outside of any layer, in forward: relu, max_pool2d.",)


@pytest.mark.parametrize(
    "flatten",
    [
        lambda x: x.view(-1, 864), lambda x: x.reshape(len(x), -1), lambda x: x.flatten(1),
        lambda x: torch.flatten(x, 1), lambda x: x.unsqueeze(0).squeeze(0).contiguous().flatten(1),
        lambda x: F.dropout(x, training=False).detach().flatten(1), lambda x: x.float().flatten(1),
    ],
)  # fmt: skip
@pytest.mark.parametrize("order", [torch.contiguous_format, torch.channels_last])
def test_what_leaves_the_numbers_as_they_are_is_no_step(flatten, order):
    if order is torch.channels_last and flatten(torch.zeros(1, 6, 12, 12)).shape != (1, 864):
        return
    net = Forward(
        lambda net, x: net.fc(flatten(net.pool(x))), pool=nn.MaxPool2d(2), fc=nn.Linear(864, 3)
    )
    assert layer_table(net, (2, 6, 24, 24)).notes == ()


def test_other_orders_are_steps():
    net = Forward(
        lambda net, x: net.fc(net.pool(x).permute(0, 2, 3, 1).reshape(len(x), -1)),
        pool=nn.MaxPool2d(2), fc=nn.Linear(864, 3),
    )  # fmt: skip
    assert layer_table(net, (2, 6, 24, 24)).notes == ("Outside of any layer, in forward: permute.",)


# ------------------------------------------------------------------ who feeds whom


def takes(table):
    return {row.name: [source.name for source in row.call.sources] for row in table.rows}


def test_branches_say_what_they_take():
    def forward(net, x):
        y = net.a(x)
        return net.c(net.b(y)) + y

    table = layer_table(Forward(forward, **{name: nn.Linear(4, 4) for name in "abc"}), (1, 4))
    assert takes(table) == {"a": ["input"], "b": ["a"], "c": ["b"]}
    assert lines(table)[-4].endswith("outside of any layer; takes 'c', 'a'")


def test_a_layer_that_does_not_follow_the_one_above():
    def forward(net, x):
        code = net.encoder(x)
        net.decoder(code)
        return net.head(code)

    net = Forward(forward, encoder=nn.Linear(9, 4), decoder=nn.Linear(4, 9), head=nn.Linear(4, 2))
    table = layer_table(net, (1, 9))
    assert takes(table)["head"] == ["encoder"]
    assert lines(table)[-3].endswith("4 → 2; takes 'encoder'")


def test_a_layer_that_gives_back_the_very_tensor_is_known_apart():
    def forward(net, x):
        y = net.a(x)
        z = net.drop(y)  # in evaluation the same object
        return net.b(y), net.c(z)

    parts = {name: nn.Linear(4, 4) for name in "abc"}
    table = layer_table(Forward(forward, drop=nn.Dropout(), **parts), (1, 4))
    assert takes(table) == {"a": ["input"], "drop": ["a"], "b": ["a"], "c": ["drop"]}


def test_a_layer_that_works_in_place():
    def forward(net, x):
        y = net.a(x)
        net.act(y)  # what it gives is not used, but y has changed
        return net.b(y)

    net = Forward(forward, a=nn.Linear(4, 4), act=nn.ReLU(inplace=True), b=nn.Linear(4, 2))
    assert takes(layer_table(net, (1, 4))) == {"a": ["input"], "act": ["a"], "b": ["act"]}


def test_a_part_that_is_changed_changes_the_whole():
    def forward(net, x):
        y = net.a(x)
        y[:, 1:] = 0
        return net.b(y)

    table = layer_table(Forward(forward, a=nn.Linear(4, 4), b=nn.Linear(4, 2)), (1, 4))
    assert takes(table)["b"] == ["x[...] ="]


def test_what_numpy_does_is_not_passed_over():
    net = Forward(
        lambda net, x: net.b(torch.from_numpy(np.maximum(net.a(x).numpy(), 0))),
        a=nn.Linear(4, 4), b=nn.Linear(4, 2),
    )  # fmt: skip
    table = layer_table(net, (1, 4))
    assert takes(table)["b"] == ["numpy"]
    assert table.notes == ("Outside of any layer, in forward: numpy.",)


def test_tensors_by_keyword_in_dicts_and_tuples_are_followed():
    class Pair(nn.Module):
        def forward(self, *, parts):
            return {"sum": parts["a"] + parts["b"][0]}

    net = Forward(
        lambda net, x: net.pair(parts={"a": net.a(x), "b": (net.b(x),)})["sum"],
        a=nn.Linear(4, 4), b=nn.Linear(4, 4), pair=Pair(),
    )  # fmt: skip
    assert takes(layer_table(net, (1, 4)))["pair"] == ["a", "b"]


def test_forward_may_be_written_for_inference():
    class Inferring(LeNet):
        @torch.inference_mode()
        def forward(self, x):
            return super().forward(x)

    table = layer_table(Inferring(), ONE)
    assert (table.multiply_adds, table.notes) == (281_640, ())


def test_an_error_that_forward_catches_leaves_no_trace():
    def forward(net, x):
        try:
            x = net.a(x)
        except RuntimeError:
            x = net.b(x)
        return F.relu(x)

    table = layer_table(Forward(forward, a=nn.Linear(3, 3), b=nn.Linear(4, 3)), (1, 4))
    assert [row.name for row in table.rows] == ["b"]
    assert "Outside of any layer, in forward: relu." in table.notes


def test_how_torch_computes_is_left_as_it_was():
    def settings():
        return (
            torch.backends.mha.get_fastpath_enabled(), torch.backends.mkldnn.enabled,
            torch.backends.cudnn.enabled, torch.backends.cuda.flash_sdp_enabled(),
        )  # fmt: skip

    before = settings()
    layer_table(S(nn.LSTM(4, 3, batch_first=True)), (1, 5, 4))
    with pytest.raises(LayerShapeError):
        layer_table(S(nn.LSTM(4, 3, batch_first=True)), (1, 5, 9))
    assert settings() == before


# ------------------------------------------------------------------ inputs, types, compiled parts


def two_inputs():
    return Forward(
        lambda net, words, x: net.embed(words).mean(1) + net.fc(x),
        embed=nn.Embedding(10, 4), fc=nn.Linear(5, 4),
    )  # fmt: skip


@pytest.mark.parametrize("shapes", [[(2, 7), (2, 5)], ([2, 7], torch.Size([2, 5]))])
def test_several_inputs_and_types(shapes):
    table = layer_table(two_inputs(), shapes, dtype=[torch.long, torch.float32])
    assert table.title == "Forward, inputs (2, 7), (2, 5)"
    assert (table.parameters, table.multiply_adds) == (64, 20)
    assert takes(table) == {"embed": ["input 0"], "fc": ["input 1"]}
    assert "takes the input 1" in str(table)


def test_whole_numbers_as_input():
    net = S(nn.Embedding(10, 4), nn.Flatten(), nn.Linear(12, 2))
    assert layer_table(net, (2, 3), dtype=torch.long).rows[0].output_shape == (2, 3, 4)
    with pytest.raises(RuntimeError, match="Long") as raised:
        layer_table(net, (2, 3))
    assert raised.value.__notes__ == ["For whole numbers as input write dtype=torch.long."]


@pytest.mark.parametrize("dtype", [[torch.long], "long", [torch.long, "float"]])
def test_types_that_are_none(dtype):
    with pytest.raises(
        ValueError, match=r"dtype=.*: give one type, such as torch\.long, or one for"
    ):
        layer_table(two_inputs(), [(2, 7), (2, 5)], dtype=dtype)


def test_a_shape_among_several_that_is_none():
    with pytest.raises(ValueError, match=r"input_shape\[1\]\[0\]=0: it must be at least 1"):
        layer_table(two_inputs(), [(2, 7), (0, 5)])


def test_compiled_networks_and_parts():
    net = LeNet()
    expected = [row[:4] for row in layer_table(net, ONE)._lines()]
    assert [row[:4] for row in layer_table(torch.compile(net), ONE)._lines()] == expected
    net.fc.compile()
    assert [row[:4] for row in layer_table(net, ONE)._lines()] == expected


@pytest.mark.filterwarnings("ignore:.*torch.jit")
@pytest.mark.parametrize("make", [torch.jit.script, partial(torch.jit.trace, example_inputs=ZEROS)])
def test_torchscript_is_refused_in_words(make):
    words = "traced or scripted, .* Give the network that it was made from"
    with pytest.raises(TypeError, match=f"it is {words}"):
        layer_table(make(LeNet()), ONE)
    with pytest.raises(TypeError, match=f"its layer '1' is {words}"):
        layer_table(S(nn.Identity(), make(LeNet())), ONE)


def test_the_compiler_is_not_loaded():
    """It takes seconds."""
    code = (
        "import sys, torch, lenet_helpers as lh\n"
        "before = {'sympy', 'torch._dynamo'} & set(sys.modules)\n"
        "lh.layer_table(lh.LeNet(), (1, 1, 28, 28))\n"
        "print({'sympy', 'torch._dynamo'} & set(sys.modules) - before)"
    )
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
