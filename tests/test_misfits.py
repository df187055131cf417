"""What a misfit is told: advice that fits when it is followed, and no claim that is not true."""

import pytest
import torch
from torch import nn

from lenet_helpers.network.models import LeNet, sequential_lenet
from lenet_helpers.network.table import LayerShapeError, layer_table

ONE = (1, 1, 28, 28)


def told(net, shape):
    with pytest.raises(LayerShapeError) as raised:
        layer_table(net, shape)
    return str(raised.value).split("\n\nThe layers before it fit:")[0]


@pytest.mark.parametrize("net", [LeNet(), sequential_lenet()[1:]], ids=["flattened", "chain"])
def test_a_missing_batch_dimension(net):
    message = told(net, (1, 28, 28))
    assert "has read (1, 28, 28) as one picture without a batch." in message
    assert message.endswith("X.unsqueeze(0) has shape (1, 1, 28, 28).")
    assert layer_table(net, (1, 1, 28, 28)).rows[-1].output_shape == (1, 10)


def test_a_missing_batch_and_a_missing_flatten():
    net = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Linear(3456, 3))
    assert "nn.Linear(24" not in told(net, (1, 28, 28))


@pytest.mark.parametrize(
    ("shape", "fix"),
    [
        ((256, 784), "If these are flat pictures of 28×28: X.reshape(-1, 1, 28, 28)."),
        ((784,), "If these are flat pictures of 28×28: X.reshape(-1, 1, 28, 28)."),
        ((28, 28), "Give it .reshape(1, 1, 28, 28): one picture, one channel."),
        ((16, 16), "Give it .reshape(1, 1, 16, 16): one picture, one channel."),
        ((5,), "got (5,), 1 dimensions."),
    ],
)
def test_pictures_without_their_dimensions(shape, fix):
    assert told(LeNet(), shape).endswith(fix)


def test_no_advice_that_would_not_fit():
    assert told(nn.Conv2d(3, 6, 5), (28, 28)).endswith("got (28, 28), 2 dimensions.")
    late = nn.Sequential(nn.Conv2d(1, 6, 5), nn.Flatten(), nn.Conv2d(6, 16, 5))
    assert told(late, ONE).endswith(
        "Layer '1' has flattened the maps: put the convolution before it."
    )


def test_features_of_a_dense_layer_are_not_taken_for_maps():
    net = nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.AvgPool2d(6), nn.Flatten(), nn.Linear(96, 96), nn.Linear(120, 10)
    )
    assert told(net, ONE).endswith("It expected 120 features and got 96. Write nn.Linear(96, 10).")


PARTS = [
    (),
    (nn.Sigmoid(), nn.BatchNorm2d(6), nn.Dropout()),
    (nn.AvgPool2d(2),),
    (nn.MaxPool2d(2, ceil_mode=True),),
    (nn.MaxPool2d(3, 2, 1, ceil_mode=True),),
    (nn.MaxPool2d((3, 2), (1, 2)),),
    (nn.AdaptiveAvgPool2d(4),),
    (nn.AdaptiveAvgPool2d(24),),
    (nn.Upsample(scale_factor=2),),
    (nn.Conv2d(6, 6, 3, stride=2, dilation=2),),
    (nn.Conv2d(6, 6, 3, padding="same"), nn.AvgPool2d(3)),
]


@pytest.mark.parametrize("parts", PARTS, ids=str)
@pytest.mark.parametrize("side", [28, 29])
def test_a_padding_is_named_only_if_it_would_give_the_features(parts, side):
    """The claim is held against torch: the same network, with the padding in its first layer."""
    shape = (1, 1, side, side)
    for wanted in range(1, 33):
        net = nn.Sequential(
            nn.Conv2d(1, 6, 5), *parts, nn.Flatten(), nn.Linear(6 * wanted * wanted, 3)
        ).eval()
        try:
            layer_table(net, shape)
        except LayerShapeError as error:
            message = str(error)
        else:
            continue
        if "padding=2 in layer '0' would give" in message:
            net[0] = nn.Conv2d(1, 6, 5, padding=2)
            with torch.no_grad():
                assert net(torch.zeros(shape)).shape == (1, 3)


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [((), 28), (PARTS[1], 28), (PARTS[2], 14), (PARTS[3], 14), (PARTS[4], 15), (PARTS[10], 9)],
    ids=str,
)
def test_the_forgotten_padding_is_found_behind_other_layers(parts, wanted):
    net = nn.Sequential(nn.Conv2d(1, 6, 5), *parts, nn.Flatten(), nn.Linear(6 * wanted * wanted, 3))
    net[0].padding = (2, 2)
    fits = net(torch.zeros(2, *ONE[1:])).shape == (2, 3)
    net[0].padding = (0, 0)
    assert fits
    assert "which padding=2 in layer '0' would give" in told(net, ONE)
