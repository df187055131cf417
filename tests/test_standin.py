"""The drawn stand-in: its promises, without training a network."""

import pytest
import torch

from lenet_helpers.data.stand_in import draw_garments

IMAGES, LABELS = draw_garments(3000, seed=0)


def test_shapes_types_and_balance():
    assert (IMAGES.shape, IMAGES.dtype) == ((3000, 28, 28), torch.uint8)
    assert (LABELS.shape, LABELS.dtype) == ((3000,), torch.int64)
    assert LABELS.bincount().tolist() == [300] * 10
    assert draw_garments(13, seed=0)[1].bincount(minlength=10).tolist() == [2] * 3 + [1] * 7


def test_the_order_is_mixed():
    assert LABELS[:20].unique().numel() > 4


def test_the_seed_decides_and_nothing_else():
    state = torch.get_rng_state()
    again = draw_garments(3000, seed=0)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.equal(again[0], IMAGES)
    assert torch.equal(again[1], LABELS)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    assert torch.equal(draw_garments(3000, seed=0)[0], IMAGES)
    torch.set_num_threads(threads)
    assert not torch.equal(draw_garments(3000, seed=1)[0], IMAGES)


def test_grey_values_are_near_those_of_the_real_set():
    grey = IMAGES.float() / 255  # the real set has mean 0.286 and standard deviation 0.353
    assert 0.2 < grey.mean() < 0.35
    assert 0.28 < grey.std() < 0.42
    assert IMAGES.max() > 250
    assert 1 / 3 < (IMAGES == 0).float().mean() < 3 / 4


def test_garments_are_in_the_middle():
    rim = torch.cat([IMAGES[:, 0], IMAGES[:, -1], IMAGES[:, :, 0], IMAGES[:, :, -1]], dim=1)
    assert rim.float().mean() < 30
    assert (IMAGES[:, 8:20, 8:20].float().mean(dim=(1, 2)) > 20).float().mean() > 0.98


def test_no_two_pictures_are_alike():
    assert IMAGES.flatten(1).unique(dim=0).shape[0] == 3000


def test_classes_differ_and_overlap():
    """The class of the nearest mean picture is right oftener than by chance, and often wrong."""
    pixels = IMAGES.float().flatten(1) / 255
    train, test = slice(0, 2000), slice(2000, 3000)
    means = torch.stack([pixels[train][LABELS[train] == c].mean(dim=0) for c in range(10)])
    right = torch.cdist(pixels[test], means).argmin(dim=1) == LABELS[test]
    assert 0.4 < right.float().mean() < 0.85


@pytest.mark.parametrize(
    ("number", "seed", "error", "words"),
    [
        (0, 0, ValueError, "num_examples=0: it must be at least 1"),
        (2.5, 0, TypeError, r"num_examples=2\.5 is a float"),
        (10, -1, ValueError, "seed=-1"),
        (10, None, TypeError, "seed=None is a NoneType"),
    ],
)
def test_bad_arguments_name_themselves(number, seed, error, words):
    with pytest.raises(error, match=words):
        draw_garments(number, seed=seed)
