"""Size arithmetic against torch.nn over grids of sizes, and counts by hand."""

import doctest
import itertools
import re

import numpy as np
import pytest
import torch
from torch import nn

import lenet_helpers as lh
from lenet_helpers.asking.exercises.sizes import size_cases
from lenet_helpers.sizes import arithmetic as sizes
from lenet_helpers.sizes import window
from lenet_helpers.sizes.calculator import torch_size


def torch_shape(layer, height, width):
    return tuple(layer(torch.empty(1, 1, height, width, device="meta")).shape[-2:])


def test_convolution_is_torchs_over_a_grid_with_height_and_width_apart():
    grid = itertools.product((5, 8, 28), (6, 9), (1, 3, 4), (2, 5), (1, 2, 3), (0, 2), (1, 2))
    seen = 0
    for height, width, kh, kw, stride, padding, dilation in grid:
        if min(height, width) + 2 * padding < dilation * (max(kh, kw) - 1) + 1:
            continue
        conv = nn.Conv2d(
            1, 1, (kh, kw), stride=(stride, 2), padding=(padding, 1), dilation=(dilation, 1),
            device="meta",
        )  # fmt: skip
        if width + 2 < kw:
            continue
        ours = lh.conv_output_size(
            (height, width), (kh, kw), stride=(stride, 2), padding=(padding, 1),
            dilation=(dilation, 1),
        )  # fmt: skip
        assert ours == torch_shape(conv, height, width)
        seen += 1
    assert seen > 200


def test_pooling_is_torchs_over_a_grid_floor_and_ceil():
    grid = itertools.product(
        (4, 5, 7, 28), (6, 9), (1, 2, 3), (None, 1, 2, 3), (0, 1), (1, 2), (False, True)
    )
    seen = 0
    for height, width, k, stride, padding, dilation, ceil in grid:
        reach = dilation * (k - 1) + 1
        if padding > k // 2 or min(height, width) + 2 * padding < reach:
            continue
        pool = nn.MaxPool2d(k, stride, padding, dilation, ceil_mode=ceil)
        ours = lh.pool_output_size(
            (height, width), k, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil
        )
        assert ours == torch_shape(pool, height, width), (height, width, k, stride, padding)
        seen += 1
    assert seen > 200


def test_the_padding_rule_of_pooling_is_torchs():
    for k, dilation, padding in itertools.product((1, 2, 3, 5), (1, 2), (0, 1, 2, 3, 4)):
        pool = nn.MaxPool2d(k, 1, padding, dilation)
        try:
            expected = torch_shape(pool, 20, 20)[0]
        except RuntimeError:
            with pytest.raises(ValueError, match=f"padding={padding}: pooling takes at most half"):
                lh.pool_output_size(20, k, stride=1, padding=padding, dilation=dilation)
        else:
            options = {"stride": 1, "padding": padding, "dilation": dilation}
            assert lh.pool_output_size(20, k, **options) == expected


def test_average_pooling_has_stride_equal_to_kernel_by_default():
    assert lh.pool_output_size((28, 9), (2, 3)) == torch_shape(nn.AvgPool2d((2, 3)), 28, 9)
    assert lh.pool_output_size(28, 2) == 14


def test_one_number_in_one_number_out():
    assert lh.conv_output_size(28, 5, padding=2) == 28
    assert lh.conv_output_size(28, (5, 5), padding=2) == (28, 28)
    assert lh.pool_output_size(5, 2, ceil_mode=True) == 3


def test_no_output_says_what_reaches_where():
    with pytest.raises(
        ValueError, match=r"along the height: the kernel reaches 7, the padded input is 5"
    ):
        lh.conv_output_size((5, 9), 4, dilation=2)
    with pytest.raises(ValueError, match="along the width: the kernel reaches 3"):
        lh.conv_output_size((5, 2), 3)
    # and the padding that the message names is enough, and one less is not
    with pytest.raises(ValueError, match="the padding at least 3"):
        lh.conv_output_size(2, 7)
    assert lh.conv_output_size(2, 7, padding=3) == 2
    with pytest.raises(ValueError, match="No output"):
        lh.conv_output_size(2, 7, padding=2)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"stride": 0}, ValueError, "stride=0: it must be at least 1. 1 visits every place"),
        ({"padding": -1}, ValueError, "padding=-1: it must be at least 0"),
        ({"dilation": 0}, ValueError, "dilation=0: it must be at least 1"),
        ({"kernel_size": 0}, ValueError, "kernel_size=0"),
        ({"input_size": 0}, ValueError, "input_size=0"),
        ({"stride": (1, 0)}, ValueError, r"stride\[1\]=0"),
        ({"padding": "sane"}, ValueError, "padding='sane': write a number of pixels, 'same' or"),
        (
            {"padding": "same", "stride": (1, 2)},
            ValueError,
            "padding='same' with stride=2: PyTorch",
        ),
        ({"kernel_size": 2.5}, TypeError, r"kernel_size=2\.5 is a float"),
        ({"kernel_size": True}, TypeError, "kernel_size=True is a bool"),
        ({"kernel_size": torch.tensor(2.5)}, TypeError, r"kernel_size=tensor\(.* is a Tensor"),
        ({"stride": np.array([1, 2])}, TypeError, r"stride=array\(\[1, 2\]\) is a ndarray"),
        ({"kernel_size": (1, 2, 3)}, ValueError, "has 3 entries: give one whole number, or two"),
    ],
)
def test_bad_arguments_name_themselves(changes, error, words):
    with pytest.raises(error, match=words):
        lh.conv_output_size(**{"input_size": 28, "kernel_size": 5, **changes})


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
def test_padding_by_name_is_that_of_torch():
    for name, k, d in itertools.product(("same", "valid"), (1, 2, 5, (3, 4)), (1, 2, (1, 3))):
        conv = nn.Conv2d(1, 1, k, padding=name, dilation=d, device="meta")
        expected = tuple(conv(torch.zeros(1, 1, 28, 20, device="meta")).shape[2:])
        assert lh.conv_output_size((28, 20), k, padding=name, dilation=d) == expected
    assert lh.conv_output_size(28, 4, padding="same") == 28
    with pytest.raises(TypeError, match="padding='same' is a str"):
        lh.pool_output_size(28, 2, padding="same")


def test_same_padding_keeps_the_size():
    for k, d in itertools.product((1, 2, 3, 4, 5, 7), (1, 2, 3)):
        if d * (k - 1) % 2:
            with pytest.raises(ValueError, match="Use an odd kernel_size"):
                lh.same_padding(k, dilation=d)
        else:
            padding = lh.same_padding(k, dilation=d)
            conv = nn.Conv2d(1, 1, k, padding=padding, dilation=d, device="meta")
            assert torch_shape(conv, 28, 28) == (28, 28)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(1, 6, 5),
        nn.Conv2d(6, 16, 5, bias=False),
        nn.Conv2d(6, 12, (3, 2), groups=3),
    ],
)
def test_parameters_of_a_convolution_are_torchs(layer):
    ours = lh.conv_parameters(
        layer.in_channels, layer.out_channels, layer.kernel_size,
        bias=layer.bias is not None, groups=layer.groups,
    )  # fmt: skip
    assert ours == sum(p.numel() for p in layer.parameters())


def test_counts_by_hand():
    # a 2x2 kernel, 3 channels in, 2 out, output 4x5: every output number takes 12 multiply-adds
    assert lh.conv_multiply_adds(3, 2, 2, (4, 5)) == 2 * 4 * 5 * 12
    assert lh.conv_multiply_adds(1, 6, 5, 28) == 117_600
    assert lh.conv_multiply_adds(6, 16, 5, 10) == 240_000
    with pytest.raises(ValueError, match="groups=4: it must divide in_channels=6"):
        lh.conv_parameters(6, 16, 5, groups=4)


def test_the_formula_says_what_the_function_says():
    for case in size_cases():
        n, k, s, p, d = case.arguments
        formula = lh.Window(n, k, s, p, d).formula()
        computed = formula.replace("⌊", "(").replace("⌋", ")").replace("·", "*").replace("−", "-")
        left, right = computed.split(" = ")
        assert eval(left.replace(" / ", " // ")) == int(right) == torch_size(n, k, s, p, d)


def test_slips_never_hold_the_right_answer():
    for case in size_cases():
        n, k, s, p, d = case.arguments
        slips = lh.Window(n, k, s, p, d).slips()
        assert torch_size(n, k, s, p, d) not in slips
    assert lh.Window(28, 5, p=2).slips()[24] == "2p is forgotten"
    assert lh.Window(28, 5, p=2).slips()[26].startswith("p is counted once")


def test_the_examples_in_the_docstrings():
    for module, least in ((sizes, 9), (window, 4)):
        done = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
        assert done.failed == 0
        assert done.attempted >= least


@pytest.mark.parametrize("kernel", range(2, 12))
def test_a_padding_that_a_pooling_is_told_to_take_is_taken(kernel):
    for size in range(1, 12):
        for dilation in (1, 2, 3):
            try:
                lh.pool_output_size(size, kernel, stride=1, dilation=dilation)
            except ValueError as error:
                advice = re.search(r"padding at least (\d+)\.", str(error))
                takes = [
                    padding
                    for padding in range(kernel // 2 + 1)
                    if size + 2 * padding >= dilation * (kernel - 1) + 1
                ]
                assert (int(advice[1]) if advice else None) == (takes[0] if takes else None)
                if advice:
                    padding = int(advice[1])
                    assert lh.pool_output_size(
                        size, kernel, stride=1, padding=padding, dilation=dilation
                    )
