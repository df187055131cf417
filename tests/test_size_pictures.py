"""The kernel on its input: which pixels it touches, against the gradient of a convolution."""

import itertools

import pytest
import torch
from torch.nn import functional as F

import lenet_helpers as lh
from lenet_helpers.sizes.window import on_both_axes

GRID = [
    (size, kernel, stride, padding, dilation)
    for size, kernel, stride, padding, dilation in itertools.product(
        ((5, 6), (7, 4)), ((3, 3), (2, 1)), ((1, 1), (2, 3)), ((0, 0), (1, 2)), ((1, 1), (2, 1))
    )
]


@pytest.mark.parametrize(("size", "kernel", "stride", "padding", "dilation"), GRID)
def test_taps_are_the_support_of_the_gradient(size, kernel, stride, padding, dilation):
    down, across = on_both_axes(size, kernel, stride=stride, padding=padding, dilation=dilation)
    height, width = down.padded, across.padded
    padded = torch.zeros(1, 1, height, width, requires_grad=True)
    output = F.conv2d(padded, torch.ones(1, 1, *kernel), stride=stride, dilation=dilation)
    assert tuple(output.shape[-2:]) == (down.output, across.output)
    touched = torch.zeros(height, width)
    for row, column in itertools.product(range(down.output), range(across.output)):
        (gradient,) = torch.autograd.grad(output[0, 0, row, column], padded, retain_graph=True)
        expected = {tuple(at) for at in gradient[0, 0].nonzero().tolist()}
        assert set(itertools.product(down.taps(row), across.taps(column))) == expected
        touched += gradient[0, 0]
    rows, columns = down.visited(), across.visited()
    assert rows == set(touched.sum(dim=1).nonzero()[:, 0].tolist())
    assert columns == set(touched.sum(dim=0).nonzero()[:, 0].tolist())


def test_the_picture_says_its_sizes_and_what_is_left_out():
    picture = lh.draw_convolution((5, 6), 3, stride=2, position=(1, 1))
    assert picture.figure.get_suptitle() == "Input 5×6, kernel 3×3: output 2×2"
    assert picture.alt.endswith("Never visited: 1 of 6 columns.")
    left, right = picture.figure.axes
    assert (left.get_xlabel(), left.get_ylabel()) == ("width 6", "height 5")
    assert (right.get_xlabel(), right.get_ylabel()) == ("width 2", "height 2")
    assert left.images[0].get_array().shape == (5, 6, 3)


def test_no_output_is_said_and_not_refused():
    picture = lh.draw_convolution(5, 4, dilation=2)
    assert "no output" in picture.figure.get_suptitle()
    assert picture.alt.endswith("Along the height the kernel reaches 7, the padded input is 5.")
    wide = lh.draw_convolution((9, 2), 3)
    assert wide.alt.endswith("Along the width the kernel reaches 3, the padded input is 2.")


def test_a_question_does_not_give_its_answer_away():
    picture = lh.draw_convolution((5, 6), 3, stride=2, show_output=False)
    assert "output" not in picture.alt
    assert "output" not in picture.figure.get_suptitle()
    assert "2×2" not in picture.alt.replace("stride 2×2", "")


def test_a_position_past_the_end_is_the_last_one():
    assert "row 2, column 2" in lh.draw_convolution(5, 3, position=(9, 9)).alt


@pytest.mark.parametrize(
    ("options", "words"),
    [({"stride": 0}, "stride=0"), ({"padding": -1}, "padding=-1"), ({"position": -1}, "position")],
)
def test_bad_arguments_name_themselves(options, words):
    with pytest.raises(ValueError, match=words):
        lh.draw_convolution(5, 3, **options)
