"""The demos before a browser sees them: what is packed, what is refused, what is shown without."""

import base64
import html
import json
import re

import numpy as np
import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, Subset
from torchvision import transforms

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
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


class Casting(nn.Module):
    """A forward that computes in another type, which leaves the numbers as they are."""

    def __init__(self, kind):
        super().__init__()
        self.fc, self.kind = nn.Linear(784, 10).to(kind), kind

    def forward(self, x):
        return self.fc(x.flatten(1).to(self.kind))


def test_another_type_of_numbers_is_no_other_step():
    torch.manual_seed(0)
    double, single = Casting(torch.float64), Casting(torch.float32)
    double.load_state_dict(single.state_dict())
    assert viewer(double).data["nets"] == viewer(single).data["nets"]
    with pytest.raises(ValueError, match=r"between the picture and fc \(Linear\) outside"):
        viewer(Casting(torch.bfloat16))  # it has fewer digits: other numbers


class Patches(nn.Module):
    """As a vision transformer begins: the layer that cannot be shown comes after such a step."""

    def __init__(self):
        super().__init__()
        self.patch, self.norm = nn.Conv2d(1, 8, 7, stride=7), nn.LayerNorm(8)
        self.fc = nn.Linear(8, 10)

    def forward(self, x):
        return self.fc(self.norm(self.patch(x).flatten(2).transpose(1, 2)).mean(1))


def chain(*layers):
    sizes = nn.Sequential(*layers, nn.Flatten())(torch.zeros(1, 1, 28, 28)).shape[1]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(sizes, 10))


@pytest.mark.parametrize(
    ("net", "words"),
    [
        (chain(nn.LayerNorm(28)), "0 (LayerNorm): normalized_shape=(28,), a part of an example"),
        (chain(nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect")), "padding_mode='reflect'"),
        (chain(nn.AvgPool2d(2, divisor_override=3)), "divisor_override=3"),
        (chain(nn.BatchNorm2d(1, track_running_stats=False)), "0 (BatchNorm2d): track_running"),
        (chain(nn.Conv2d(1, 4, 3), nn.LocalResponseNorm(3)), "1 (LocalResponseNorm)"),
        (chain(nn.Conv2d(1, 2, 3), nn.Softmax2d()), "1 (Softmax2d)"),
        (nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Softmax(0)), "2 (Softmax): dim=0"),
        (chain(nn.Hardtanh(max_val=float("inf"))), "0 (Hardtanh): max_val=inf"),
        (Hidden(), "between conv (Conv2d) and fc (Linear) outside of any layer"),
        (Patches(), "between patch (Conv2d) and norm (LayerNorm) outside of any layer"),
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


class View(nn.Module):
    """The textbook's way to give a picture its shape."""

    def forward(self, x):
        return x.view(-1, 1, 28, 28)


class OwnDropout(nn.Module):
    def forward(self, x):
        return x * (torch.rand_like(x) > 0.5) if self.training else x


class Capped(nn.Module):
    """It leaves pictures alone, and not what a layer could give."""

    def forward(self, x):
        return x.clamp(0, 1)


class Softmax(nn.Module):
    """The name of another layer, and only a reshape."""

    def forward(self, x):
        return x.flatten(1)


def test_layers_of_ones_own_that_leave_the_numbers_alone():
    net = nn.Sequential(View(), OwnDropout(), Softmax(), nn.Linear(784, 10))
    state = torch.get_rng_state()
    shown = viewer(net)
    assert torch.equal(torch.get_rng_state(), state)
    layers = shown.data["nets"][0]["layers"]
    assert [layer.get("unchanged", False) for layer in layers] == [True, True, True, False]
    with pytest.raises(ValueError, match=r"0 \(Capped\).*use Conv2d, Linear"):
        viewer(nn.Sequential(Capped(), nn.Flatten(), nn.Linear(784, 10)))


class EndsIn(nn.Module):
    """A dense layer of a type of its own, and a step behind it."""

    def __init__(self, step, dtype=torch.float32):
        super().__init__()
        self.fc, self.step = nn.Linear(784, 10, dtype=dtype), step

    def forward(self, x):
        return self.step(self.fc(x.flatten(1).to(self.fc.weight.dtype)))


def test_other_types_of_numbers_are_shown_or_named():
    assert viewer(EndsIn(torch.Tensor.double)).data["nets"]  # the same numbers
    with pytest.raises(ValueError, match=r"between fc \(Linear\) and the result outside"):
        viewer(EndsIn(torch.Tensor.half))
    with pytest.raises(ValueError, match=r"fc \(Linear\): complex numbers"):
        viewer(EndsIn(torch.abs, torch.cfloat))


def test_what_is_put_into_a_layer_of_a_known_type_is_named():
    hooked, replaced = lh.LeNet(), lh.LeNet()
    hooked.conv[0].register_forward_hook(lambda layer, x, out: out * 2)
    replaced.conv[1].forward = torch.relu
    with pytest.raises(
        ValueError, match=r"conv\.0 \(Conv2d\): something else than a Conv2d computes"
    ):
        viewer(hooked)
    with pytest.raises(ValueError, match=r"conv\.1 \(Sigmoid\): something else"):
        viewer(replaced)
    rounded, moved = (
        nn.Sequential(nn.Flatten(), nn.Linear(784, 50), nn.Linear(50, 10)) for _ in "ab"
    )
    rounded[1].register_forward_hook(lambda layer, x, out: out + 1e-6 * out.abs().mean())
    assert viewer(rounded).data["nets"]  # sums may be made in another order
    moved[1].register_forward_hook(lambda layer, x, out: out + 1e-4 * out.abs().mean())
    with pytest.raises(ValueError, match=r"1 \(Linear\): something else"):
        viewer(moved)
    watched = lh.LeNet()
    watched.conv[0].register_forward_hook(lambda layer, x, out: None)
    assert viewer(watched).data["nets"]


class Bent(nn.Module):
    """It scales what a data set has, and caps what is larger."""

    def forward(self, x):
        return (2 * x - 1).clamp(-3, 3)


class ByPlace(nn.Module):
    """A scale of its own for each pixel: none of a channel."""

    def __init__(self):
        super().__init__()
        self.register_buffer("scale", torch.rand(28, 28))

    def forward(self, x):
        return x * self.scale


def test_what_scales_each_channel_is_told_from_what_does_more():
    norm = transforms.Normalize([0.286], [0.353])
    shown = viewer(nn.Sequential(norm, nn.Flatten(), nn.Linear(784, 10)))
    first = shown.data["nets"][0]["layers"][0]
    assert (first["kind"], first["scaled"]) == ("Normalize", True)
    for layer in (Bent(), ByPlace()):
        with pytest.raises(ValueError, match=rf"0 \({type(layer).__name__}\).*does not know"):
            viewer(nn.Sequential(layer, nn.Flatten(), nn.Linear(784, 10)))


class OnlyOnDrawings(nn.Module):
    """A step in forward that changes no picture of the data, which are dark; but a drawing."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        whole = x.mean((1, 2, 3), keepdim=True) > 0.7  # a picture that is nearly white
        return self.fc(torch.where(whole, x / 2, x).flatten(1))


class Folded(nn.Module):
    """Pictures of the batch side by side: nothing changes but who belongs to whom."""

    def __init__(self):
        super().__init__()
        self.conv, self.flat, self.fc = nn.Conv2d(1, 1, 1), nn.Flatten(), nn.Linear(784, 10)

    def forward(self, x):
        halves = self.conv(x.reshape(-1, 1, 14, 28))
        return self.fc(self.flat(halves.reshape(len(x), 1, 28, 28)))


def test_steps_that_these_pictures_do_not_show_are_named():
    dark = IMAGES.clamp(max=0.85)
    with pytest.raises(ValueError, match=r"between the picture and fc \(Linear\) outside of any"):
        lh.lenet_viewer(OnlyOnDrawings(), dark, LABELS)
    with pytest.raises(ValueError, match=r"size of the batch between the picture and conv") as told:
        lh.lenet_viewer(Folded(), IMAGES[:2], LABELS[:2])
    assert "from 6 to 12, where 4 pictures are drawn here to test it" in str(told.value)


def test_a_layer_that_does_not_fit_the_pictures_is_named():
    with pytest.raises(ValueError, match=r"Layer '0', Conv2d.* does not fit"):
        lh.lenet_viewer(chain(nn.Conv2d(1, 2, 3)), torch.rand(3, 3, 28, 28), LABELS)


# ---------------------------------------------------------------- pictures and their classes


class Normalize:
    """As torchvision's."""

    def __init__(self, mean, std):
        self.mean, self.std = mean, std

    def __call__(self, x):
        return (x - self.mean) / self.std


class Composed:
    def __init__(self, *transforms):
        self.transforms = transforms


class Garments(Dataset):
    classes = tuple("abcdefghij")

    def __init__(self, step):
        self.transform = Composed(Composed(), step)

    def __len__(self):
        return 30

    def __getitem__(self, i):
        return self.transform.transforms[-1](IMAGES[i % 3]), i % 10


@pytest.mark.parametrize("subset", [False, True])
def test_batches_tell_what_they_know(subset):
    data = Garments(Normalize(0.286, 0.353))
    loader = DataLoader(Subset(data, range(25)) if subset else data, batch_size=8)
    shown = lh.lenet_viewer(lh.sequential_lenet(), loader)
    assert shown.data["classes"] == list("abcdefghij")
    assert shown.data["labels"] == [*range(10)] * 2
    assert shown.data["note"] is None
    assert shown.data["mean"] == pytest.approx([0.286])
    assert shown.data["std"] == pytest.approx([0.353])
    seen = floats(shown.data["images"]).reshape(20, 1, 28, 28)
    torch.testing.assert_close(seen[:3], IMAGES, rtol=0, atol=1e-6)
    stated = lh.lenet_viewer(lh.sequential_lenet(), *next(iter(loader)), mean=0.286, std=0.353)
    assert stated.data["mean"] == shown.data["mean"]


def test_batches_of_the_package_tell_their_classes_and_source():
    letters = TensorBatches(
        torch.randint(256, (5, 28, 28), dtype=torch.uint8), torch.arange(5), 3,
        device="cpu", source="drawn stand-in", classes=list("pqrst"),
    )  # fmt: skip
    shown = lh.lenet_viewer(nn.Sequential(nn.Flatten(), nn.Linear(784, 5)), letters)
    assert shown.data["classes"] == list("pqrst")
    assert shown.data["labels"] == [0, 1, 2, 3, 4]
    assert "drawn stand-in" in shown.title


@pytest.mark.parametrize(("classes", "first"), [(10, "t-shirt"), (12, "class 0")])
def test_classes_without_names(classes, first):
    names = viewer(nn.Sequential(nn.Flatten(), nn.Linear(784, classes))).data["classes"]
    assert len(names) == classes
    assert names[0] == first


def test_networks_of_other_classes_are_not_compared():
    nets = {str(n): nn.Sequential(nn.Flatten(), nn.Linear(784, n)) for n in (10, 12)}
    with pytest.raises(ValueError, match="10 names and 12 gives 12 values"):
        lh.lenet_viewer(nets, IMAGES, LABELS)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"mean": 0.3}, "std is None and mean=0.3"),
        ({"mean": 0.3, "std": 0}, "std=0: it must be above 0"),
        ({"mean": [0.3, 0.3], "std": 0.3}, "mean=[0.3, 0.3] has 2 numbers"),
        ({"mean": float("nan"), "std": 0.3}, "mean=nan: give finite numbers"),
        ({"mean": 0.3, "std": 0.5}, "with mean=0.3 and std=0.5 the pictures would have"),
        ({"mean": 0.3, "std": 0.1, "images": IMAGES}, "(images - mean) / std"),
        ({"labels": None}, "labels is None"),
        ({"images": [(IMAGES, LABELS)]}, "images is a list, and labels are given"),
        ({"images": [], "labels": None}, "images yields no batches"),
        ({"images": IMAGES / 0}, "infinite or NaN"),
    ],
)
def test_arguments_about_pictures_are_named(options, words):
    given = {"images": (IMAGES - 0.286) / 0.353, "labels": LABELS} | options
    with pytest.raises(ValueError, match=re.escape(words)):
        lh.lenet_viewer(lh.sequential_lenet(), **given)


def test_something_that_is_no_picture_is_named():
    with pytest.raises(TypeError, match="images has the type int"):
        lh.lenet_viewer(lh.sequential_lenet(), 3)


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
    assert re.search(r'<img alt="[^"]{20,}" width="\d+" src="data:image/png', shown)  # the poster
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
