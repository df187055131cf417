"""The demos before a browser sees them: what is packed, what is refused, what is shown without."""

import base64
import html
import json
import re

import numpy as np
import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.network.models import count_parameters
from lenet_helpers.network.packing import pack
from lenet_helpers.network.samples import usual_placing
from lenet_helpers.sizes.explorer import LARGEST

torch.manual_seed(0)
IMAGES, LABELS = torch.rand(3, 1, 28, 28), torch.tensor([0, 5, 9])


def viewer(net=None, **options):
    return lh.lenet_viewer(net or lh.sequential_lenet(), IMAGES, LABELS, **options)


def floats(text):
    return torch.from_numpy(np.frombuffer(base64.b64decode(text), "<f4").copy())


@pytest.mark.parametrize("make", [lh.sequential_lenet, lh.LeNet])
def test_a_packed_network_has_its_own_numbers(make):
    net = make()
    layers = pack(net, IMAGES)["layers"]
    packed = [floats(layer[key]) for layer in layers for key in ("weight", "bias") if key in layer]
    assert len(packed) == 10
    for ours, theirs in zip(packed, net.parameters(), strict=True):
        assert torch.equal(ours, theirs.detach().flatten())
    total = sum(
        int(re.search(r"= ([\d,]+) parameters", layer["formula"])[1].replace(",", ""))
        for layer in layers
        if "weight" in layer
    )
    assert total == count_parameters(net)


def test_packing_leaves_the_network_as_it_was():
    net = lh.sequential_lenet()
    net.train()
    viewer(net)
    assert all(module.training for module in net.modules())
    assert not any(module._forward_hooks for module in net.modules())


class Hidden(nn.Module):
    """A forward with a step that is no layer."""

    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 2, 5), nn.Linear(2 * 24 * 24, 10)

    def forward(self, x):
        return self.fc(torch.relu(self.conv(x)).flatten(1))


def chain(*layers):
    sizes = nn.Sequential(*layers, nn.Flatten())(torch.zeros(1, 1, 28, 28)).shape[1]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(sizes, 10))


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (chain(nn.Conv2d(1, 4, 3), nn.Conv2d(4, 4, 3, groups=2)), "1 (Conv2d): groups=2"),
        (chain(nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect")), "padding_mode='reflect'"),
        (chain(nn.AvgPool2d(2, divisor_override=3)), "divisor_override=3"),
        (chain(nn.BatchNorm2d(1, track_running_stats=False)), "0 (BatchNorm2d): track_running"),
        (chain(nn.Conv2d(1, 4, 3), nn.Mish()), "1 (Mish)"),
        (chain(nn.Softmax2d()), "0 (Softmax2d)"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(0)), "2 (Softmax): dim=0"),
        (chain(nn.Hardtanh(max_val=float("inf"))), "0 (Hardtanh): max_val=inf"),
        (Hidden(), "between conv (Conv2d) and fc (Linear) outside of any layer"),
    ],
)
def test_what_cannot_be_shown_is_named(net, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        viewer(net)


@pytest.mark.parametrize(
    ("images", "labels", "words"),
    [
        (torch.rand(3, 2, 28, 28), LABELS, "one channel"),
        (torch.rand(28, 28), LABELS, "(28, 28)"),
        (IMAGES * 255, LABELS, "divide bytes by 255"),
        (IMAGES, LABELS[:2], "labels has shape (2,)"),
        (IMAGES, torch.tensor([0, 1, 10]), "10"),
    ],
)
def test_pictures_that_do_not_fit_are_named(images, labels, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        lh.lenet_viewer(lh.sequential_lenet(), images, labels)


def test_something_that_is_no_network_is_named():
    with pytest.raises(TypeError, match="net is a str"):
        viewer("lenet")
    with pytest.raises(ValueError, match="net is empty"):
        lh.lenet_viewer({}, IMAGES, LABELS)


def test_the_stand_in_is_named():
    shown = viewer(source="drawn stand-in")
    assert "drawn stand-in" in shown.title
    assert "drawn stand-in" in shown.data["note"]


def test_how_pictures_usually_lie():
    picture = torch.zeros(1, 28, 28)
    picture[0, 4:24, 10:20] = 0.5
    assert usual_placing(picture) == {"longest": 20, "down": 0, "across": 1, "fill": 0.5}


@pytest.mark.parametrize("demo", [lh.conv_explorer(), viewer()])
def test_the_html_stands_alone(demo):
    shown = demo._repr_html_()
    assert not re.search(r"(src|href)=\"?https?:", shown)
    page = html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1])
    assert page == demo.page()
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1]
    assert set(json.loads(data)) == set(demo.data)
    assert re.search(r'<img alt="[^"]{20,}" src="data:image/png', shown)  # the poster
    assert "<th scope=" in shown  # the lesson in words


def test_data_cannot_end_its_script():
    demo = viewer(classes=["</script><b>"] * 10)
    assert demo.page().count("</script>") == lh.conv_explorer().page().count("</script>")


@pytest.mark.parametrize("name", LARGEST)
def test_sizes_beyond_the_sliders_are_named(name):
    largest = LARGEST[name]
    assert lh.conv_explorer(**{name: largest})
    with pytest.raises(ValueError, match=rf"{name}={largest + 1}.*{largest}"):
        lh.conv_explorer(**{name: largest + 1})
    with pytest.raises(TypeError, match=name):
        lh.conv_explorer(**{name: 2.5})


def test_no_output_is_said_in_words():
    demo = lh.conv_explorer(5, 6, kernel_size=4, dilation=2)
    assert dict(demo.rows)["height"] == "no output: the kernel reaches 7, the padded input is 5"
