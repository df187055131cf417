"""Nothing in a drawing overlaps or is cut, for short and wide networks as for LeNet."""

import itertools

import pytest
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox
from torch import nn

from lenet_helpers.network.drawing import draw_network, stages_of
from lenet_helpers.network.models import LeNet, sequential_lenet
from lenet_helpers.network.table import layer_table

ONE = (1, 1, 28, 28)
WIDE = nn.Sequential(
    nn.Conv2d(3, 64, (3, 5), stride=2, padding=1, dilation=2), nn.BatchNorm2d(64), nn.LeakyReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1000), nn.Softmax(1),
)  # fmt: skip


@pytest.mark.parametrize(
    ("net", "shape"),
    [
        (sequential_lenet(), ONE),
        (LeNet(), ONE),
        (sequential_lenet(activation=nn.ReLU, pooling=nn.MaxPool2d), ONE),
        (WIDE, (2, 3, 64, 40)),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)), ONE),
        (nn.Linear(784, 10), (1, 784)),
    ],
    ids=["sequential", "class", "relu", "wide", "dense", "one"],
)
def test_nothing_overlaps_and_nothing_is_cut(net, shape):
    figure = draw_network(net, shape).figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    texts = [text for text in figure.axes[0].texts if text.get_text()] + [figure._suptitle]
    words = [artist.get_window_extent(renderer) for artist in (*texts, *figure.legends)]
    patches = [patch for patch in figure.axes[0].patches if isinstance(patch, Rectangle)]
    stacks = [patch.get_window_extent(renderer) for patch in patches]
    for box in (*words, *stacks):
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
    for one, other in (*itertools.combinations(words, 2), *itertools.product(words, stacks)):
        assert Bbox.intersection(one, other) is None, (one, other)
    ends = []  # of each stage: its left and its right end
    for stage in stages_of(layer_table(net, shape).rows):
        count = min(stage.shape[0], 16) if len(stage.shape) == 3 else 1
        own, stacks = stacks[:count], stacks[count:]
        ends.append((min(box.x0 for box in own), max(box.x1 for box in own)))
    assert all(right < left for (_, right), (left, _) in itertools.pairwise(ends))
    assert not stacks
