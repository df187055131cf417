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


# ------------------------------------------------------------------ errors that are no misfits


class Forward(nn.Module):
    """A convolution and a dense layer, with the given step between them."""

    def __init__(self, between, features=3456):
        super().__init__()
        self.conv, self.fc, self.between = nn.Conv2d(1, 6, 5), nn.Linear(features, 10), between

    def forward(self, x):
        return self.fc(self.between(self.conv(x)))


def raising(error):
    def between(x):
        raise error

    return between


def typo(x):
    return x.flaten(1)  # "has no attribute": no word of shapes


def typo_in_size(x):
    return x.view(x.sizee(0), -1)


class Layer(nn.Module):
    """A layer of one's own, which does what it is given."""

    def __init__(self, does):
        super().__init__()
        self.does = does

    def forward(self, x):
        return self.does(x)


OTHER_ERRORS = [
    (typo, AttributeError),
    (typo_in_size, AttributeError),
    (raising(KeyError("size")), KeyError),
    (raising(TypeError("shape: expected input of another size")), TypeError),
    (raising(torch.OutOfMemoryError("CUDA out of memory: a block of that size")), RuntimeError),
    (raising(RuntimeError("MPS backend: Invalid buffer size: 40 GiB")), RuntimeError),
    (raising(AssertionError("the size is wrong")), AssertionError),
    (lambda x: x.flatten(1).double(), RuntimeError),
    (lambda x: x.transpose(2, 3).view(1, -1), RuntimeError),  # torch says: use reshape
]  # fmt: skip


@pytest.mark.parametrize("inside", [False, True], ids=["between layers", "in a layer"])
@pytest.mark.parametrize(("between", "error"), OTHER_ERRORS)
def test_any_other_error_passes_as_it_was(between, error, inside):
    net = Forward(Layer(between) if inside else between)
    with pytest.raises(error) as raised:
        layer_table(net, ONE)
    assert not isinstance(raised.value, LayerShapeError)
    assert raised.value.__cause__ is None
    assert not net.conv._forward_hooks


def test_what_forward_says_itself_passes_as_it_was():
    with pytest.raises(ValueError, match=r"^the size is mine to check$") as raised:
        layer_table(Forward(raising(ValueError("the size is mine to check"))), ONE)
    assert not isinstance(raised.value, LayerShapeError)


@pytest.mark.parametrize(
    ("between", "words"),
    [
        (lambda x: x.view(-1, 3455), "shape '[-1, 3455]' is invalid for input of size 3456"),
        (lambda x: torch.cat([x, x[:, :, 1:]], 1), "Sizes of tensors must match except in"),
        (lambda x: x + torch.zeros(7), "must match the size of tensor b (7)"),
        (lambda x: x.flatten(5), "Dimension out of range"),
        (lambda x: x.flatten(1) @ torch.zeros(5, 5), "shapes cannot be multiplied"),
    ],
)
def test_a_misfit_between_layers_is_one(between, words):
    message = told(Forward(between), ONE)
    assert "after layer 'conv' gave (1, 6, 24, 24), outside any layer: " in message
    assert words in message


def test_an_error_that_forward_catches_is_not_blamed():
    def between(x):
        try:
            x.view(5, 5)
        except RuntimeError:
            x = x.flatten(1)
        return x.sizee

    with pytest.raises(AttributeError):
        layer_table(Forward(between), ONE)


def test_maps_that_a_function_has_pooled_are_counted():
    net = Forward(lambda x: nn.functional.max_pool2d(x, 2).flatten(1))
    assert told(net, ONE).endswith(
        "It expected 3456 features and got 864 = 6·12·12: 6 maps of 12×12, flattened. "
        "Write nn.Linear(864, 10); 3456 would be 6 maps of 24×24."
    )


def test_a_padding_is_not_named_across_branches():
    class Branches(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Conv2d(1, 6, 5), nn.Conv2d(1, 6, 5)
            self.fc = nn.Linear(6 * 28 * 28, 10)

        def forward(self, x):
            return self.fc((self.a(x) + self.b(x)).flatten(1))

    message = told(Branches(), ONE)
    assert "got 3456 = 6·24·24" in message
    assert "padding" not in message
