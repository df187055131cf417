"""Answers are read in every form that means the right thing; what means nothing is said to."""

import math

import numpy as np
import pytest
import torch

from lenet_helpers.asking import reading
from lenet_helpers.asking.reading import UnreadableError, read

LAYERS = {"conv1": "conv1", "dense1": "dense1", "first dense layer": "dense1", "6": "shirt"}
LAYERS |= {"shirt": "shirt", "t-shirt": "t-shirt", "channels": "channels"}


class Hostile:
    """Every question to it fails."""

    def __repr__(self):
        raise RuntimeError("no")

    __len__ = __iter__ = __float__ = __index__ = __str__ = __repr__
    shape = property(__repr__)


@pytest.mark.parametrize(
    "answer",
    [
        (16, 10, 10), [16, 10, 10], torch.Size([16, 10, 10]), np.array([16, 10, 10]),
        torch.tensor([16, 10, 10]), (16.0, 10, "10"), (torch.tensor(16), np.int64(10), 10),
        "16x10x10", "16 × 10 × 10", "16 X 10 x 10", "16*10*10", "16·10·10", "16, 10, 10",
        "(16, 10, 10)", "[16,10,10]", "16 10 10", "16 by 10 by 10", "torch.Size([16, 10, 10])",
        " (16,10,10) ", "16,10,10,",
    ],
)  # fmt: skip
def test_a_shape_in_every_form(answer):
    assert read(answer, "shape").value == (16, 10, 10)


@pytest.mark.parametrize(
    "answer",
    [
        2416, 2416.0, "2,416", "2416", "2 416", "2'416", "2_416", " 2416. ", "2,416 parameters",
        "about 2,416", "~2416", "(2416)", [2416], (2416,), np.int32(2416), np.float64(2416),
        torch.tensor(2416), torch.tensor([2416]), np.array([[2416]]), "2.416e3",
    ],
)  # fmt: skip
def test_a_whole_number_in_every_form(answer):
    value = read(answer, "whole").value
    assert value == 2416
    assert isinstance(value, int)


@pytest.mark.parametrize(
    "answer", [28, 28.0, "28", "28 pixels", "28 px", "28.", torch.tensor(28.0)]
)
def test_a_side_in_every_form(answer):
    assert read(answer, "side") == reading.Reading(28)


@pytest.mark.parametrize("answer", ["28x28", "28×28", (28, 28), [28, 28], "(28, 28)", "28, 28"])
def test_both_sides_where_one_is_asked_for(answer):
    found = read(answer, "side")
    assert found.value == 28
    assert found.note == "One side is asked for; both are 28 here."


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (0.1, 0.1), ("0.1", 0.1), (".1", 0.1), ("0,1", 0.1), ("10 %", 0.1), ("10%", 0.1),
        ("10 per cent", 0.1), ("10 percent", 0.1), ("1/10", 0.1), ("1 in 10", 0.1),
        ("1 out of 10", 0.1), ("a tenth", 0.1), ("half", 0.5), ("Half", 0.5), ("a half", 0.5),
        ("about a half", 0.5), ("1/2", 0.5), ("50%", 0.5), ("nearly all", 0.95), ("all", 1.0),
        ("none", 0.0), (1, 1), (0, 0), (np.float32(0.25), 0.25), (torch.tensor(0.25), 0.25),
        ("1 %", 0.01), ("12,5 %", 0.125),
    ],
)  # fmt: skip
def test_a_share_in_every_form(answer, share):
    found = read(answer, "share")
    assert found.value == pytest.approx(share, abs=1e-7)
    assert found.thought is None


@pytest.mark.parametrize("answer", [-0.2, "-0.2", "-10 %", 1.2e3, "200", "120 %", "5/4", "3 of 2"])
def test_what_is_no_share_is_unreadable(answer):
    with pytest.raises(UnreadableError, match="Expected: a share from 0 to 1"):
        read(answer, "share")


@pytest.mark.parametrize(
    ("answer", "whole"), [("6.000", 6000), ("60.000", 60_000), ("2.416.000", 2_416_000)]
)
def test_points_between_thousands_are_read_and_said(answer, whole):
    assert read(answer, "whole") == reading.Reading(whole, f"Read as {whole:,}.")


@pytest.mark.parametrize(("answer", "whole"), [("234.375", 234.375), ("2.5", 2.5), ("0.000", 0)])
def test_a_point_is_a_decimal_point_elsewhere(answer, whole):
    assert read(answer, "whole").value == whole


@pytest.mark.parametrize("answer", [83, "83", 83.0])
def test_a_share_in_per_cent_without_the_sign_is_read_and_said(answer):
    found = read(answer, "share")
    assert found.value == 0.83
    assert found.note == "Read as 83 %: a share lies between 0 and 1."
    assert found.thought == "per cent for share"


@pytest.mark.parametrize(
    ("answer", "number"),
    [
        ("2.303", 2.303), ("2,303", 2.303), (2.303, 2.303), ("ln 10", math.log(10)),
        ("ln(10)", math.log(10)), ("log 10", math.log(10)), ("math.log(10)", math.log(10)),
        ("-ln 0.1", math.log(10)), ("−2.303", -2.303), ("54.88 MB", 54.88), ("55 megabytes", 55),
        ("54,880,000", 54_880_000), (54_880_000, 54_880_000), ("1e-3", 0.001), ("three", 3),
    ],
)  # fmt: skip
def test_a_number_in_every_form(answer, number):
    assert read(answer, "number").value == pytest.approx(number)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("dense1", "dense1"), ("dense 1", "dense1"), ("Dense 1", "dense1"), ("DENSE-1", "dense1"),
        ("dense_1", "dense1"), (" dense1 ", "dense1"), ('"dense1"', "dense1"),
        ("the first dense layer", "dense1"), ("First Dense Layers", "dense1"), ("conv 1", "conv1"),
        (6, "shirt"), (6.0, "shirt"), ("6", "shirt"), (torch.tensor(6), "shirt"),
        ("Shirt", "shirt"), ("shirts", "shirt"), ("a shirt", "shirt"), ("T-Shirt", "t-shirt"),
        ("tshirt", "t-shirt"), ("t shirt", "t-shirt"), ("Channels.", "channels"),
    ],
)  # fmt: skip
def test_a_word_in_every_form(answer, word):
    assert read(answer, "word", LAYERS) == reading.Reading(word)


def test_a_word_with_a_slip_of_the_pen_is_read_and_said():
    assert read("chanels", "word", LAYERS).note == 'Read as "channels".'
    with pytest.raises(UnreadableError):
        read("conv3", "word", LAYERS)  # near to conv1, but a layer of its own


NOTHING = [
    {3}, None, object(), float("nan"), float("inf"), True, False, np.bool_(True), {}, {"a": 1}, [],
    (), "", "   ", "I do not know", "28 or 29", 1j, torch.rand(3, 3), torch.rand(0), "9" * 6000,
    10**400, -(10**400), "nan", "inf", Hostile(), Hostile, print, b"\xff", [[1, 2], [3, 4]],
    lambda: 28, range(3), iter([3]), "1e999", "(((", "x", "×", "28 + 0", "\0", "½½", [Hostile()],
    (Hostile(), 1), (10**5000, 2),
]  # fmt: skip


@pytest.mark.parametrize("answer", NOTHING, ids=lambda answer: type(answer).__name__)
@pytest.mark.parametrize("kind", [*reading.EXPECTED, "word"])
def test_what_means_nothing_is_said_with_what_is_expected(answer, kind):
    with pytest.raises(UnreadableError) as told:
        read(answer, kind, LAYERS if kind == "word" else None, ["conv1", "dense1"])
    words = str(told.value).removesuffix(reading.COMMAS)
    wanted = reading.EXPECTED.get(kind, 'one of "conv1", "dense1"')
    assert words.endswith(f"cannot be read. Expected: {wanted}.")
    assert len(words) < 220
    assert "\n" not in words


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((5, 6), "side"), ((1, 16, 5, 5), "side"), ("16x5", "side"),
        ((2, 2), "whole"), ((2.5, 2), "shape"),
        (2, "shape"), ("2", "shape"), ("(N, 16)", "shape"), ("shirt", "share"), (3, "word"),
        (-1, "share"), (-0.2, "share"), (250, "share"), ("120 %", "share"), ("7/5", "share"),
    ],
)  # fmt: skip
def test_an_answer_of_another_kind_is_not_wrong_but_unreadable(answer, kind):
    with pytest.raises(UnreadableError):
        read(answer, kind, LAYERS if kind == "word" else None)


def test_what_is_shown():
    values = (2416, 28.0, 0.8, 2.302585, (1, 16, 5, 5), "shirt", {3}, 10**400, 0.00004, None, -3)
    assert [reading.shown(value) for value in values] == [
        "2,416", "28", "0.800", "2.303", "(1, 16, 5, 5)", "shirt", "{3}", "a very large number",
        "4e-05", "None", "-3",
    ]  # fmt: skip
    assert reading.shown("x" * 99) == "x" * 40 + " ..."
    assert "0x" not in reading.shown(object())  # no address in memory: it differs each time
    assert reading.shown(Hostile()) == "something of type Hostile"


@pytest.mark.parametrize(
    ("answer", "said"),
    [(8.5, "8.5"), (0.1, "0.1"), (-1234.5, "-1,234.5"), (0.783, "0.783"), (28, "28"), (6.0, "6")],
)
def test_an_answer_is_repeated_as_it_was_written(answer, said):
    assert reading.repeated(answer) == said


def test_an_answer_of_many_decimals_is_repeated_as_other_numbers_are_shown():
    for answer in (1 / 3, 2.3025850929940455, 0.99996, 8.50001, 1e-5, 1e300, (2, 2), "conv1"):
        assert reading.repeated(answer) == reading.shown(answer)
