"""The drawing of a network: made from the network, for any network."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from torch import nn

import lenet_helpers as lh
from lenet_helpers.network.drawing import KINDS
from lenet_helpers.network.models import count_parameters
from lenet_helpers.network.stages import stages_of

S = nn.Sequential


def stages(net, shape=(1, 1, 28, 28)):
    return [
        (s.kind, s.shape, " ".join(s.step), " ".join(name for name, _ in s.then))
        for s in stages_of(lh.layer_table(net, shape))
    ]


class Forward(nn.Module):
    """A network of the given parts, with the given forward."""

    def __init__(self, forward, **parts):
        super().__init__()
        self.does = forward
        for name, part in parts.items():
            setattr(self, name, part)

    def forward(self, *inputs):
        return self.does(self, *inputs)


def test_the_textbooks_lenet():
    assert stages(lh.sequential_lenet()) == [
        ("input", (1, 28, 28), "", ""),
        ("convolution", (6, 28, 28), "5×5 conv padding 2", "sigmoid"),
        ("pooling", (6, 14, 14), "2×2 average pool", ""),
        ("convolution", (16, 10, 10), "5×5 conv", "sigmoid"),
        ("pooling", (16, 5, 5), "2×2 average pool", ""),
        ("dense", (120,), "dense", "sigmoid"),
        ("dense", (84,), "dense", "sigmoid"),
        ("dense", (10,), "dense", ""),
    ]


def test_the_class_version():
    assert stages(lh.LeNet())[1:5] == [
        ("convolution", (6, 24, 24), "5×5 conv", "sigmoid"),
        ("pooling", (6, 12, 12), "2×2 max pool", ""),
        ("convolution", (16, 8, 8), "5×5 conv", "sigmoid"),
        ("pooling", (16, 4, 4), "2×2 max pool", ""),
    ]


def test_another_network():
    net = S(nn.Conv2d(1, 2, (3, 5), stride=2), nn.ReLU(), nn.MaxPool2d(2, 1))
    assert stages(net, (1, 1, 9, 9))[1:] == [
        ("convolution", (2, 4, 3), "3×5 conv stride 2", "relu"),
        ("pooling", (2, 3, 2), "2×2 max pool stride 1", ""),
    ]


@pytest.mark.parametrize(
    ("layer", "step"),
    [
        (nn.Conv2d(4, 4, 3, padding="same", groups=2), "3×3 conv padding same groups 2"),
        (nn.Conv2d(4, 4, 3, padding=(1, 0), dilation=2), "3×3 conv padding 1×0 dilation 2"),
        (nn.ConvTranspose2d(4, 2, 2, stride=2), "2×2 transposed conv stride 2"),
        (nn.AdaptiveAvgPool2d((4, 3)), "average pool to 4×3"),
        (nn.AdaptiveMaxPool2d(1), "max pool to 1×1"),
        (nn.Upsample(scale_factor=2), "upsample"),
        (nn.PixelShuffle(2), "pixelshuffle"),
    ],
)
def test_what_made_a_stage(layer, step):
    assert stages(S(layer), (2, 4, 12, 12))[1][2] == step


def test_all_that_happens_to_a_stage_is_named():
    net = S(
        nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(inplace=True), nn.Dropout(), nn.Flatten(),
        nn.Linear(1352, 3), nn.Softmax(1),
    )  # fmt: skip
    assert [(kind, then) for kind, *_, then in stages(net)] == [
        ("input", ""), ("convolution", "batchnorm2d relu"), ("dense", "softmax")
    ]  # fmt: skip


def test_one_picture_without_a_batch_is_maps():
    picture = lh.draw_network(S(nn.Conv2d(1, 6, 5)), (1, 28, 28))
    assert "1 map of 28×28, then 6 maps of 24×24 (5×5 conv)" in picture.alt
    assert stages(S(nn.Conv2d(3, 3, 5)), (3, 28, 28))[1][:2] == ("convolution", (3, 24, 24))


@pytest.mark.parametrize("net", [lh.sequential_lenet(), lh.LeNet()])
def test_every_size_is_in_the_picture_and_nothing_else(net):
    picture = lh.draw_network(net, name="Net")
    assert picture.figure.get_suptitle() == f"Net: {count_parameters(net):,} parameters"
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    for kind, shape, step, activation in stages(net):
        size = (
            f"{shape[0]} map{'s' if shape[0] > 1 else ''}\n{shape[1]}×{shape[2]}"
            if len(shape) == 3
            else f"{shape[0]}\nfeatures"
        )
        assert size in texts
        if kind != "input":
            assert step in [text.replace("\n", " ") for text in texts]
        assert not activation or activation in texts
        assert size.replace("\n", " of " if len(shape) == 3 else " ") in picture.alt
    assert "outside" not in picture.alt


# ------------------------------------------------------------------ steps outside of layers


def functional():
    return Forward(
        lambda net, x: F.log_softmax(net.fc(F.max_pool2d(F.relu(net.conv(x)), 2).flatten(1)), 1),
        conv=nn.Conv2d(1, 6, 5), fc=nn.Linear(864, 10),
    )  # fmt: skip


def test_steps_of_forward_are_there_and_marked():
    assert stages(functional()) == [
        ("input", (1, 28, 28), "", ""),
        ("convolution", (6, 24, 24), "5×5 conv", "relu"),
        ("step", (6, 12, 12), "max_pool2d", ""),
        ("dense", (10,), "dense", "log_softmax"),
    ]
    picture = lh.draw_network(functional())
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert {"◇ relu", "◇ max_pool2d", "◇ log_softmax"} <= set(texts)
    assert picture.alt.endswith(
        "1 map of 28×28, then 6 maps of 24×24 (5×5 conv and relu, outside of any layer), then "
        "6 maps of 12×12 (max_pool2d, outside of any layer), then 10 features (dense and "
        "log_softmax, outside of any layer)."
    )
    legend = [text.get_text() for text in picture.figure.legends[0].get_texts()]
    assert legend[-2:] == ["made outside of any layer", "outside of any layer"]


# ------------------------------------------------------------------ branches


def feeds(net, shape=(1, 1, 28, 28)):
    """The numbers of the stages that each stage is made of."""
    made = stages_of(lh.layer_table(net, shape))
    return [[made.index(source) for source in stage.sources] for stage in made]


def residual():
    def forward(net, x):
        x = net.act(net.a(x))
        return net.c(net.b(x) + net.same(x))

    parts = {name: nn.Conv2d(1, 1, 3, padding=1) for name in "abc"}
    return Forward(forward, act=nn.ReLU(), same=nn.Identity(), **parts)


def test_a_skip_is_a_skip():
    assert feeds(residual()) == [[], [0], [1], [2, 1], [3]]
    picture = lh.draw_network(residual())
    assert picture.alt.endswith(
        "From left to right, with branches: (1) 1 map of 28×28; (2) 1 map of 28×28 (3×3 conv "
        "padding 1 and relu), from 1; (3) 1 map of 28×28 (3×3 conv padding 1), from 2; (4) 1 map "
        "of 28×28 (add, outside of any layer), joins 3 and 2; (5) 1 map of 28×28 (3×3 conv padding "
        "1), from 4."
    )


def test_what_branches_before_its_activation_is_two_stages():
    net = Forward(
        lambda net, x: (lambda y: net.act(y) + y)(net.a(x)), a=nn.Conv2d(1, 2, 3), act=nn.ReLU()  # noqa: PLC3002
    )  # fmt: skip
    assert feeds(net) == [[], [0], [1], [2, 1]]
    assert [then for *_, then in stages(net)] == [""] * 4


def test_ways_side_by_side_meet():
    net = Forward(
        lambda net, x: torch.cat([net.a(x), net.c(net.b(x))], 1),
        a=nn.Conv2d(1, 2, 1), b=nn.Conv2d(1, 3, 1), c=nn.Conv2d(3, 4, 3, padding=1),
    )  # fmt: skip
    assert feeds(net) == [[], [0], [0], [2], [1, 3]]
    assert stages(net)[-1] == ("step", (6, 28, 28), "cat", "")


def test_a_decoder_is_drawn_and_a_second_way_out():
    def forward(net, x):
        code = net.encoder(x)
        return net.head(code), net.decoder(code)

    net = Forward(
        forward, head=nn.Linear(12, 10),
        encoder=S(nn.Conv2d(1, 4, 4, stride=4), nn.ReLU(), nn.Flatten(), nn.Linear(196, 12)),
        decoder=S(nn.Linear(12, 196), nn.Unflatten(1, (4, 7, 7)),
                  nn.ConvTranspose2d(4, 1, 4, stride=4), nn.Sigmoid()),
    )  # fmt: skip
    assert [stage[:2] for stage in stages(net)[2:]] == [
        ("dense", (12,)), ("dense", (10,)), ("dense", (196,)), ("layer", (4, 7, 7)),
        ("transposed", (1, 28, 28)),
    ]  # fmt: skip
    assert feeds(net)[3:] == [[2], [2], [4], [5]]
    assert stages(net)[-1][3] == "sigmoid"


def test_a_layer_used_twice_is_drawn_twice():
    net = Forward(
        lambda net, x: net.fc(torch.tanh(net.fc(x.flatten(1)))), fc=nn.Linear(784, 784)
    )  # fmt: skip
    assert [kind for kind, *_ in stages(net)] == ["input", "dense", "dense"]


def test_a_layer_that_takes_nothing_of_the_input():
    """As the embedding of places does."""

    def forward(net, x):
        return net.fc(x) + net.places(torch.arange(5))

    net = Forward(forward, fc=nn.Linear(3, 4), places=nn.Embedding(5, 4))
    assert feeds(net, (2, 5, 3)) == [[], [0], [], [1, 2]]
    assert stages(net, (2, 5, 3))[2] == ("layer", (5, 4), "embedding", "")
    assert "no input" in str(lh.layer_table(net, (2, 5, 3)))


def test_two_inputs():
    net = Forward(lambda net, x, y: net.a(x) + net.b(y), a=nn.Linear(3, 2), b=nn.Linear(4, 2))
    assert feeds(net, [(1, 3), (1, 4)]) == [[], [], [0], [1], [2, 3]]
    assert lh.draw_network(net, [(1, 3), (1, 4)]).alt.count("features") == 5


# ------------------------------------------------------------------ sizes


def heights(net, shape):
    """The height of each stage in inches."""
    figure = lh.draw_network(net, shape).figure
    inches = figure.dpi_scale_trans.inverted()
    boxes = [p.get_window_extent().transformed(inches) for p in figure.axes[0].patches]
    found, rest = [], boxes
    for stage in stages_of(lh.layer_table(net, shape)):
        count = min(stage.shape[0], 16) if len(stage.shape) == 3 else 1
        found.append(rest[0].height)
        rest = rest[count:]
    return found


def test_larger_maps_are_drawn_larger():
    net = S(nn.Conv2d(3, 2, 1), *(nn.MaxPool2d(2) for _ in range(5)))
    sizes = heights(net, (1, 3, 224, 224))
    assert sizes[0] == pytest.approx(sizes[1])
    for one, other in itertools.pairwise(sizes[1:]):  # 224, 112, 56, 28, 14, 7
        assert one == pytest.approx(other * 2**0.5, rel=0.01)


def test_more_features_are_drawn_longer():
    net = S(nn.Linear(4096, 1000), nn.Linear(1000, 400), nn.Linear(400, 120), nn.Linear(120, 10))
    sizes = heights(net, (1, 4096))
    assert all(one > 1.3 * other for one, other in itertools.pairwise(sizes))


def test_squares_are_square_and_maps_are_stacked():
    figure = lh.draw_network(lh.LeNet()).figure
    axes = figure.axes[0]
    squares = [p for p in axes.patches if p.get_hatch() in (None, "", "///")]
    assert len(squares) == 1 + 6 + 6 + 16 + 16
    inches = figure.dpi_scale_trans.inverted()
    for patch in squares:
        box = patch.get_window_extent().transformed(inches)
        assert box.width == pytest.approx(box.height, rel=0.02)


def test_words_do_not_overlap():
    nets = [lh.sequential_lenet(), lh.LeNet(), lh.sequential_lenet(activation=nn.ReLU)]
    drawn = [lh.draw_network(net) for net in nets]
    for picture in [*drawn, lh.draw_network(Film(), (2, 4, 1, 28, 28))]:
        figure = picture.figure
        figure.canvas.draw()
        title = figure._suptitle.get_window_extent()
        boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text()]
        assert max(box.y1 for box in boxes) <= title.y0 + 1
        for i, one in enumerate(boxes):
            assert one.x0 >= 0
            assert one.x1 <= figure.bbox.width
            for other in boxes[i + 1 :]:
                assert not one.overlaps(other)


def test_kinds_differ_in_colour_and_hatch():
    assert len({colour for colour, _, _ in KINDS.values()}) == len(KINDS)
    assert len({hatch for _, hatch, _ in list(KINDS.values())[1:]}) == len(KINDS) - 1


# ------------------------------------------------------------------ refused


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="net=Sigmoid calls no convolution, pooling or dense"):
        lh.draw_network(nn.Sigmoid())


class Ending(nn.Module):
    """Something is done with the scores."""

    def __init__(self, last):
        super().__init__()
        self.conv, self.fc, self.last = nn.Conv2d(1, 6, 5), nn.Linear(3456, 10), last

    def forward(self, x):
        return self.last(self.fc(self.conv(x).flatten(1)))


def test_one_number_for_each_example_is_one_result():
    alt = lh.draw_network(Ending(lambda scores: scores.argmax(1))).alt
    assert "1 feature (argmax, outside of any layer)" in alt
    assert "several results" not in alt


def test_a_batch_that_is_merged_is_no_several_results():
    net = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Flatten(0), nn.Linear(3456, 10))
    assert lh.draw_network(net).alt.endswith("10 features (dense).")


@pytest.mark.parametrize("batch", [1, 2])
def test_a_batch_that_is_moved_is_left_out_where_it_is(batch):
    class ByRows(nn.Module):
        def __init__(self):
            super().__init__()
            self.gru, self.fc = nn.GRU(24, 16), nn.Linear(16, 10)

        def forward(self, x):
            return self.fc(self.gru(x.transpose(0, 1))[1][-1])

    alt = lh.draw_network(ByRows(), (batch, 28, 24)).alt
    assert "right: 28×24 numbers (transpose, outside of any layer), then several" in alt


def test_a_step_gives_what_it_gives_and_no_several_results():
    class Steps(nn.Module):
        def __init__(self, step):
            super().__init__()
            self.fc, self.step = nn.Linear(784, 10), step

        def forward(self, x):
            return self.step(self.fc(x.flatten(1)))

    assert lh.draw_network(Steps(torch.mean)).alt.endswith("1 number (mean, outside of any layer).")
    left = lh.draw_network(Steps(torch.Tensor.numpy)).alt
    assert left.endswith("10 features (dense and numpy, outside of any layer).")


class Film(nn.Module):
    """Each frame goes through as if it were an example."""

    def __init__(self):
        super().__init__()
        self.frame = lh.LeNet()

    def forward(self, x):
        frames = self.frame(x.flatten(0, 1))
        return frames.view(*x.shape[:2], 10).mean(1)


@pytest.mark.parametrize("films", [1, 2])
def test_what_is_folded_into_the_batch_is_counted(films):
    alt = lh.draw_network(Film(), (films, 4, 1, 28, 28)).alt
    assert "4 times 6 maps of 24×24 (5×5 conv and sigmoid)" in alt
    assert alt.endswith("then 4 times 10 features (dense), then 10 features (mean, outside of any "
                        "layer).")  # fmt: skip
    table = str(lh.layer_table(Film(), (films, 4, 1, 28, 28)))
    assert f"({4 * films}, 10)" in table  # as many as the table has


def test_nothing_is_folded_where_the_batch_stays():
    for shape in ((1, 1, 28, 28), (3, 1, 28, 28)):
        assert " times " not in lh.draw_network(lh.LeNet(), shape).alt


def test_too_much_to_draw():
    net = S(nn.Flatten(), *(nn.Linear(784, 784) for _ in range(70)))
    with pytest.raises(ValueError, match=r"net=Sequential has 71 stages: .* Draw a part of it"):
        lh.draw_network(net)


def test_a_network_that_does_not_fit():
    with pytest.raises(ValueError, match="It expected 400 features and got 256"):
        lh.draw_network(lh.sequential_lenet()[2:], (1, 6, 24, 24))
