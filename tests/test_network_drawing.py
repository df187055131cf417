"""The drawing of a network: made from the network, for any network."""

import pytest
from torch import nn

import lenet_helpers as lh
from lenet_helpers.network.drawing import KINDS, stages_of


def stages(net, shape=(1, 1, 28, 28)):
    return [
        (s.kind, s.shape, s.step.replace("\n", " "), s.activation)
        for s in stages_of(lh.layer_table(net, shape).rows)
    ]


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
    net = nn.Sequential(nn.Conv2d(1, 2, (3, 5), stride=2), nn.ReLU(), nn.MaxPool2d(2, 1))
    assert stages(net, (1, 1, 9, 9))[1:] == [
        ("convolution", (2, 4, 3), "3×5 conv stride 2", "relu"),
        ("pooling", (2, 3, 2), "2×2 max pool stride 1", ""),
    ]


@pytest.mark.parametrize("net", [lh.sequential_lenet(), lh.LeNet()])
def test_every_size_is_in_the_picture_and_nothing_else(net):
    picture = lh.draw_network(net, name="Net")
    assert picture.figure.get_suptitle() == f"Net: {lh.count_parameters(net):,} parameters"
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
    for net in (lh.sequential_lenet(), lh.LeNet(), lh.sequential_lenet(activation=nn.ReLU)):
        figure = lh.draw_network(net).figure
        figure.canvas.draw()
        boxes = [t.get_window_extent() for t in figure.axes[0].texts if t.get_text()]
        for i, one in enumerate(boxes):
            assert one.x0 >= 0
            assert one.x1 <= figure.bbox.width
            for other in boxes[i + 1 :]:
                assert not one.overlaps(other)


def test_kinds_differ_in_colour_and_hatch():
    assert len({colour for colour, _, _ in KINDS.values()}) == len(KINDS)
    assert len({hatch for _, hatch, _ in list(KINDS.values())[1:]}) == len(KINDS) - 1


def test_nothing_to_draw():
    with pytest.raises(ValueError, match="net=Sigmoid has no convolution, pooling or dense layer"):
        lh.draw_network(nn.Sigmoid())
