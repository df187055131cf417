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


def test_arrays_and_lists_serve_as_tensors():
    served = TensorBatches(IMAGES.numpy(), LABELS.tolist(), 7, device="cpu")
    ((X, y),) = served
    assert torch.equal(X, next(iter(batches(7)))[0])
    assert torch.equal(y, LABELS)


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


def test_parts_share_no_picture_and_the_seed_repeats_them():
    whole = batches(shuffle=True, source="drawn stand-in").augmented(flip=True)
    first, second = whole.split(4, 2)
    pictures = [{tuple(i.flatten().tolist()) for i in part.images} for part in (first, second)]
    assert [len(part) for part in pictures] == [4, 2]
    assert not pictures[0] & pictures[1]
    for part in (first, second):
        for picture, label in zip(part.images, part.labels, strict=True):
            assert torch.equal(picture[0], IMAGES[LABELS.tolist().index(int(label))])
    assert (first.shuffle, second.shuffle) == (True, False)
    assert first.augmentation == whole.augmentation
    assert second.augmentation is None
    assert second.source == "drawn stand-in"
    again, other = whole.split(4, 2)[1], whole.split(4, 2, seed=1)[1]
    assert torch.equal(second.labels, again.labels)
    assert not torch.equal(second.labels, other.labels)


@pytest.mark.parametrize(
    ("sizes", "error", "words"),
    [
        ((5, 3), ValueError, r"sizes=\(5, 3\): that is 8 pictures, and there are 7"),
        ((0,), ValueError, "sizes=0: .* at least 1"),
        ((0.5, 0.5), TypeError, "sizes=0.5"),
    ],
)
def test_parts_that_cannot_be_are_named(sizes, error, words):
    with pytest.raises(error, match=words):
        batches().split(*sizes)


def by_hand(image, mirrored, down, right):
    """A picture of 5x4, mirrored and moved by shifting rows and columns one by one."""
    rows = [list(row) for row in image.tolist()]
    if mirrored:
        rows = [row[::-1] for row in rows]
    blank = [0] * len(rows[0])
    for _ in range(abs(down)):
        rows = [blank, *rows[:-1]] if down > 0 else [*rows[1:], blank]
    for _ in range(abs(right)):
        rows = [[0, *row[:-1]] if right > 0 else [*row[1:], 0] for row in rows]
    return rows


@pytest.mark.parametrize(("flip", "shift", "kinds"), [(True, 2, 50), (False, 1, 9), (True, 0, 2)])
def test_each_picture_is_mirrored_and_moved_in_its_own_way(flip, shift, kinds):
    image = torch.arange(1, 21, dtype=torch.uint8).view(5, 4)
    ways = [
        by_hand(image, mirrored, down, right)
        for mirrored in ([False, True] if flip else [False])
        for down in range(-shift, shift + 1)
        for right in range(-shift, shift + 1)
    ]
    n = 100 * kinds
    same = TensorBatches(image.expand(n, 5, 4), torch.zeros(n, dtype=torch.int64), 64, device="cpu")
    torch.manual_seed(0)
    served = torch.cat([X for X, _ in same.augmented(flip=flip, shift=shift)])
    assert (served.dtype, tuple(served.shape)) == (torch.float32, (n, 1, 5, 4))
    found = [ways.index(picture) for picture in (served[:, 0] * 255).round().int().tolist()]
    counts = [found.count(way) for way in range(len(ways))]
    assert len(ways) == kinds
    assert min(counts) > 60  # each of them about as often: 100 is expected, 10 its deviation
    assert max(counts) < 140


def test_what_is_changed_is_drawn_before_the_first_batch_and_anew_in_each_pass():
    changed = batches(batch_size=3, shuffle=True).augmented(shift=4)
    torch.manual_seed(0)
    passed = iter(changed)
    first, state = next(passed)[0], torch.get_rng_state()
    rest = list(passed)
    assert len(rest) == 2
    assert torch.equal(torch.get_rng_state(), state)
    torch.manual_seed(0)
    assert torch.equal(next(iter(changed))[0], first)
    assert not torch.equal(next(iter(changed))[0], first)
    assert "changed at random" in repr(changed)
    assert "changed" not in repr(batches())


@pytest.mark.parametrize(
    ("shift", "error", "words"),
    [
        (28, ValueError, "shift=28: .*28 pixels"),
        (-1, ValueError, "shift=-1"),
        (0.5, TypeError, "shift"),
    ],
)
def test_a_shift_that_cannot_be_is_named(shift, error, words):
    with pytest.raises(error, match=words):
        batches().augmented(shift=shift)


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
    assert batches.larger().batch_size == 1024 // 64
    assert TensorBatches(images, batches.labels, 20, resize=224).larger().batch_size == 20
    batches.device = torch.device("cuda")  # as if they were there
    assert batches.larger().batch_size == 2048 // 64


@pytest.mark.parametrize("options", [{}, {"shuffle": True}, {"shuffle": True, "resize": 14}])
def test_batches_made_ready_many_at_once_are_the_same(options, monkeypatch):
    images = torch.randint(256, (50, 1, 28, 28), dtype=torch.uint8)
    one = TensorBatches(images, torch.arange(50), 8, **options).augmented(flip=True, shift=2)

    def made():
        torch.manual_seed(3)
        return list(one)

    expected = made()
    monkeypatch.setattr(TensorBatches, "_ahead", lambda _: 3 * 8)
    found = made()
    assert [len(y) for _, y in found] == [8] * 6 + [2]
    for (X, y), (expected_X, expected_y) in zip(found, expected, strict=True):
        assert torch.equal(X, expected_X)
        assert torch.equal(y, expected_y)


@pytest.mark.parametrize(
    ("device", "batch_size", "resize", "ahead"),
    [
        ("cpu", 256, None, 256),
        ("cuda", 256, None, 8 * 256),
        ("cuda", 1000, None, 2000),
        ("cuda", 5000, None, 5000),
        ("cuda", 256, 224, 256),
    ],
)
def test_only_a_gpu_makes_many_batches_ready_at_once(device, batch_size, resize, ahead):
    batches = TensorBatches(
        torch.zeros(3, 28, 28, dtype=torch.uint8),
        [0, 1, 2],
        batch_size,
        resize=resize,
        device="cpu",
    )
    batches.device = torch.device(device)
    assert batches._ahead() == ahead
