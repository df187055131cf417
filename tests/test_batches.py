"""Batches from tensors in memory, against indexing by hand and torchvision's own transforms."""

import pytest
import torch
from PIL import Image
from torchvision import transforms

from lenet_helpers.data.batches import TensorBatches, check_classes, check_labels

IMAGES = torch.arange(7 * 28 * 28, dtype=torch.int64).remainder(256).to(torch.uint8)
IMAGES = IMAGES.reshape(7, 28, 28)
LABELS = torch.tensor([0, 1, 2, 3, 4, 5, 9])


def batches(batch_size=3, **options):
    return TensorBatches(IMAGES, LABELS, batch_size, device="cpu", **options)


def test_in_order_every_example_comes_once_and_none_is_dropped():
    served = list(batches())
    assert [X.shape for X, _ in served] == [(3, 1, 28, 28), (3, 1, 28, 28), (1, 1, 28, 28)]
    assert len(batches()) == 3
    assert torch.equal(torch.cat([y for _, y in served]), LABELS)
    X, y = served[0]
    assert (X.dtype, y.dtype) == (torch.float32, torch.int64)


def test_pixels_are_those_of_to_tensor():
    X = torch.cat([X for X, _ in batches()])
    by_torchvision = [
        transforms.ToTensor()(Image.fromarray(image.numpy(), mode=None)) for image in IMAGES
    ]
    assert torch.equal(X, torch.stack(by_torchvision))


def test_resized_pixels_are_those_of_torchvision_within_one_grey_level():
    for size in (96, (20, 14)):
        X = torch.cat([X for X, _ in batches(resize=size)])
        transform = transforms.Compose([transforms.Resize(size), transforms.ToTensor()])
        expected = torch.stack([transform(Image.fromarray(image.numpy())) for image in IMAGES])
        assert X.shape == expected.shape
        assert (X - expected).abs().max() <= 1 / 255 + 1e-6


def test_shuffling_is_a_permutation_that_the_seed_repeats():
    shuffled = batches(batch_size=7, shuffle=True)
    torch.manual_seed(0)
    (X, y), (_, y_next) = next(iter(shuffled)), next(iter(shuffled))
    assert sorted(y.tolist()) == LABELS.tolist()
    assert y.tolist() != y_next.tolist()  # a new order each pass
    for picture, label in zip(X, y, strict=True):
        position = LABELS.tolist().index(int(label))
        assert torch.equal(picture[0], IMAGES[position].float() / 255)
    torch.manual_seed(0)
    assert torch.equal(next(iter(shuffled))[1], y)


def test_moving_keeps_everything():
    names = [f"class {number}" for number in range(10)]
    here = batches(shuffle=True, resize=(14, 14), source="drawn stand-in", classes=names)
    assert here.to("cpu").classes == tuple(names)
    moved = here.to("meta")
    assert str(moved.images.device) == "meta"
    assert (moved.batch_size, moved.shuffle, moved.resize) == (3, True, (14, 14))
    assert (moved.source, moved.classes) == ("drawn stand-in", tuple(names))


def test_it_says_what_it_is():
    assert repr(batches()) == "3 batches of 3 (7 pictures of 28×28, in order, on cpu)"
    assert "drawn stand-in" in repr(batches(source="drawn stand-in"))


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"batch_size": 0}, ValueError, "batch_size=0: it must be at least 1"),
        ({"batch_size": 2.5}, TypeError, "batch_size=2.5 is a float"),
        ({"batch_size": True}, TypeError, "batch_size=True is a bool"),
        ({"resize": 0}, ValueError, "resize=0: it must be at least 1"),
        ({"resize": (1, 2, 3)}, ValueError, r"resize=\(1, 2, 3\) has 3 entries"),
    ],
)
def test_bad_options_name_themselves(options, error, words):
    with pytest.raises(error, match=words):
        batches(**options)


@pytest.mark.parametrize(
    ("images", "labels", "error", "words"),
    [
        (IMAGES.float(), LABELS, TypeError, "dtype torch.float32: give torch.uint8"),
        (IMAGES[:0], LABELS[:0], ValueError, "for the same N of at least 1"),
        (IMAGES, LABELS[:3], ValueError, r"labels \(3,\)"),
        (IMAGES, LABELS - 1, ValueError, "labels contain -1: count the classes from 0"),
        (IMAGES, LABELS.float(), TypeError, "labels have dtype torch.float32"),
        (IMAGES, LABELS.reshape(7, 1), ValueError, r"labels have shape \(7, 1\)"),
    ],
)
def test_bad_tensors_name_themselves(images, labels, error, words):
    with pytest.raises(error, match=words):
        TensorBatches(images, labels, 2)


def test_a_class_more_than_ten_is_no_error_without_names():
    """A student's own letters: 26 classes."""
    batches = TensorBatches(IMAGES, LABELS + 16, 2, device="cpu")
    assert batches.classes is None
    assert torch.equal(next(iter(batches))[1], torch.tensor([16, 17]))


@pytest.mark.parametrize(
    ("classes", "error", "words"),
    [
        (["a"] * 9, ValueError, "labels contain 9: with 9 classes they run from 0 to 8"),
        (10, TypeError, "classes=10: give a name for each class"),
        (range(10), TypeError, r"classes=range\(0, 10\): give a name"),
    ],
)
def test_class_names_that_do_not_fit_are_named(classes, error, words):
    with pytest.raises(error, match=words):
        batches(classes=classes)


@pytest.mark.parametrize("own", [True, False])
def test_labels_that_a_network_has_no_class_for_are_named(own):
    """Of our batches all labels are known at once: the one in the last batch is named too."""
    served = batches(batch_size=6)
    if not own:
        served = list(served)
    check_classes(served, LABELS, 10)
    with pytest.raises(ValueError, match="labels contain 9: with 9 classes"):
        check_classes(served, LABELS[:6] if own else LABELS, 9)


def test_no_labels_are_no_wrong_labels():
    check_labels(torch.tensor([], dtype=torch.int64))


def test_larger_batches_have_the_same_examples_in_order():
    images = torch.arange(5000 * 4).reshape(5000, 1, 2, 2).remainder(256).to(torch.uint8)
    batches = TensorBatches(images, torch.arange(5000) % 10, 7, shuffle=True, source="drawn")
    larger = batches.larger()
    assert (len(larger), larger.source) == (1, "drawn")
    ((X, y),) = larger
    assert torch.equal(X.mul(255).byte(), images)
    assert torch.equal(y, torch.arange(5000) % 10)
    assert (len(batches), batches.shuffle) == (715, True)  # as it was


def test_larger_batches_stay_small_where_pictures_are_large():
    images = torch.zeros(90, 1, 28, 28, dtype=torch.uint8)
    batches = TensorBatches(images, torch.zeros(90, dtype=torch.int64), 5, resize=224)
    assert batches.larger().batch_size == 2048 // 64
    assert TensorBatches(images, batches.labels, 60, resize=224).larger().batch_size == 60
