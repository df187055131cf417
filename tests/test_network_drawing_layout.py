"""Nothing in a drawing overlaps or is cut: chains as LeNet, short and wide ones, and branches."""

import itertools

import pytest
import torch
import torch.nn.functional as F
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox
from torch import nn

from lenet_helpers.network.drawing import draw_network
from lenet_helpers.network.models import LeNet, sequential_lenet
from lenet_helpers.network.stages import stages_of
from lenet_helpers.network.table import layer_table

ONE = (1, 1, 28, 28)
WIDE = nn.Sequential(
    nn.Conv2d(3, 64, (3, 5), stride=2, padding=1, dilation=2), nn.BatchNorm2d(64), nn.LeakyReLU(),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1000), nn.Softmax(1),
)  # fmt: skip


class Ways(nn.Module):
    """Ways side by side, joined; "step" stands for one without layers."""

    def __init__(self, *ways):
        super().__init__()
        self.ways = nn.ModuleList(way if way != "step" else nn.Identity() for way in ways)

    def forward(self, x):
        return F.relu(torch.cat([way(x) for way in self.ways], 1))


def conv(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 3, stride=2, padding=2, dilation=2, groups=2)


INCEPTION = nn.Sequential(
    nn.Conv2d(1, 16, 5), nn.BatchNorm2d(16), nn.ReLU(), nn.Hardtanh(), nn.Sigmoid(), nn.Tanh(),
    Ways(
        nn.Sequential(conv(16, 128), nn.BatchNorm2d(128), nn.ReLU()),
        nn.Sequential(conv(16, 2), nn.ReLU(), nn.Conv2d(2, 2, 1)),
        nn.Sequential(nn.ConvTranspose2d(16, 8, 1), conv(8, 4), nn.Conv2d(4, 2, 1)),
    ),
    nn.MaxPool2d(12), nn.Flatten(), nn.Linear(132, 10),
)  # fmt: skip
SKIPS = nn.Sequential(
    Ways(nn.Sequential(nn.Conv2d(1, 6, 1), nn.ReLU(), nn.Conv2d(6, 6, 1)), "step"),
    Ways(Ways(nn.Sequential(nn.Conv2d(7, 2, 1), nn.Conv2d(2, 2, 1)), "step"), "step"),
    nn.Flatten(), nn.Linear(784 * 16, 10),
)  # fmt: skip
NETS = {
    "sequential": (sequential_lenet(), ONE),
    "class": (LeNet(), ONE),
    "relu": (sequential_lenet(activation=nn.ReLU, pooling=nn.MaxPool2d), ONE),
    "wide": (WIDE, (2, 3, 64, 40)),
    "dense": (nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)), (1, 784)),
    "one": (nn.Linear(784, 10), (1, 784)),
    "inception": (INCEPTION, ONE),
    "skips": (SKIPS, ONE),
}


def lines_of(axes):
    """The straight parts of all arrows, as boxes."""
    for line in axes.lines:
        for start, end in itertools.pairwise(axes.transData.transform(line.get_xydata())):
            yield Bbox([start, end])


@pytest.mark.parametrize(("net", "shape"), NETS.values(), ids=NETS)
def test_nothing_overlaps_and_nothing_is_cut(net, shape):
    figure = draw_network(net, shape).figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    axes = figure.axes[0]
    texts = [text for text in axes.texts if text.get_text()] + [figure._suptitle]
    words = [artist.get_window_extent(renderer) for artist in (*texts, *figure.legends)]
    patches = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    squares = [patch.get_window_extent(renderer) for patch in patches]
    stacks = []
    for stage in stages_of(layer_table(net, shape)):
        count = min(stage.shape[0], 16) if len(stage.shape) == 3 else 1
        stacks.append(Bbox.union(squares[:count]))
        squares = squares[count:]
    assert not squares
    lines = list(lines_of(axes))
    for box in (*words, *stacks, *lines):
        assert min(box.x0, box.y0) >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
    pairs = [
        *itertools.combinations(words, 2), *itertools.combinations(stacks, 2),
        *itertools.product(words, stacks), *itertools.product(lines, (*words, *stacks)),
    ]  # fmt: skip
    for one, other in pairs:
        apart = min(one.x1, other.x1) < max(one.x0, other.x0)
        assert apart or max(one.y0, one.y1) < other.y0 or min(one.y0, one.y1) > other.y1
