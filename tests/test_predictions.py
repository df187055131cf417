"""Predictions: wrong answers must be told from right ones, and no answer from both."""

import doctest

import pytest
import torch

import lenet_helpers as lh
from lenet_helpers.asking import predictions


@pytest.mark.parametrize(
    ("predicted", "answer", "right"),
    [
        (28, 28, True),
        (27, 28, False),
        (28.0, 28, True),
        ((6, 28, 28), torch.Size([6, 28, 28]), True),
        ([6, 28, 28], (6, 28, 28), True),
        ((6, 28), (6, 28, 28), False),
        (28, (28, 28), False),
        ((28,), 28, False),
        (" Shirt ", "shirt", True),
        ("coat", "shirt", False),
        (True, True, True),
        (False, True, False),
    ],
)
def test_right_and_wrong(predicted, answer, right, capsys):
    guess = lh.Predictions()
    guess.predict("q", predicted)
    guess.reveal("q", answer)
    guess.tally()
    said = capsys.readouterr().out
    assert ("You predicted it." in said) == right
    assert said.endswith(
        "Predictions: 1 right, 0 to look at again, 0 not made.\n"
        if right
        else "Predictions: 0 right, 1 to look at again (q), 0 not made.\n"
    )


def test_within_a_band(capsys):
    guess = lh.Predictions()
    for predicted in (2.25, 2.1):
        guess.predict("loss", predicted)
        guess.reveal("loss", 2.303, within=0.1)
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "loss: 2.303. You predicted it."
    assert said[3] == "loss: 2.303. You predicted 2.100."


def test_no_prediction_is_neither_right_nor_wrong(capsys):
    guess = lh.Predictions()
    guess.predict("a")
    guess.predict("b", ...)
    guess.reveal("a", 61706)
    guess.tally()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "a: no prediction yet. Replace the ... by yours and run this cell."
    assert said[2] == "a: 61,706."
    assert said[3] == "Predictions: 0 right, 0 to look at again, 2 not made."


def test_a_slip_is_named(capsys):
    guess = lh.Predictions()
    guess.predict("side", 24)
    guess.reveal("side", 28, slips={24: "2p is forgotten"})
    assert capsys.readouterr().out.endswith("You predicted 24: 2p is forgotten.\n")


def test_a_question_nobody_asked():
    with pytest.raises(KeyError, match="question='q' was never asked"):
        lh.Predictions().reveal("q", 1)


def test_the_example_in_the_docstring():
    assert doctest.testmod(predictions).failed == 0
    assert doctest.testmod(predictions).attempted > 3


def test_near_is_not_right(capsys):
    guess = lh.Predictions()
    guess.predict("share", 0.30)
    guess.reveal("share", 0.35)
    assert "You predicted 0.300." in capsys.readouterr().out
    guess.reveal("share", 0.35, within=0.05)
    assert "You predicted it." in capsys.readouterr().out
    guess.reveal("share", 0.35 + 1e-6, within=0.05)
    assert "You predicted 0.300." in capsys.readouterr().out
