"""The calculator: it calls the student's function, and shows what it says, right or wrong."""

import base64

import numpy as np
import pytest

import lenet_helpers as lh
from lenet_helpers.sizes import calculator


def right(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def test_it_calls_the_students_function_for_each_side():
    calls = []

    def remembering(*arguments):
        calls.append(arguments)
        return right(*arguments)

    shown = lh.size_calculator(remembering)
    calls.clear()
    shown.sliders["height"].value = 9
    assert calls == [(9, 3, 1, 0, 1), (5, 3, 1, 0, 1)]
    assert (
        "(9 + 2·0 − 1·(3 − 1) − 1) / 1⌋ + 1 = 7; your function says the same" in shown.answer.value
    )


@pytest.mark.parametrize("name", ["height", "width", "kernel_height", "stride", "padding"])
def test_every_slider_changes_the_picture(name):
    shown = lh.size_calculator(right)
    before = shown.image.value
    shown.sliders[name].value += 1
    assert shown.image.value != before
    assert bytes(shown.image.value[:4]) == b"\x89PNG"


def test_a_wrong_function_is_held_against_torch():
    shown = lh.size_calculator(lambda n, k, s, p, d: n)
    assert "+ 1 = 3; <b>your function says 5</b>" in shown.answer.value


def test_a_function_that_fails_is_shown_and_does_not_stop_the_sliders():
    shown = lh.size_calculator(lambda n, k, s, p, d: 1 // 0)
    assert "ZeroDivisionError" in shown.answer.value
    shown.sliders["height"].value = 9
    assert "(9 + 2·0" in shown.answer.value


def test_several_numbers_for_one_do_not_stop_the_sliders():
    shown = lh.size_calculator(lambda n, k, s, p, d: np.array([n, n]))
    shown.sliders["height"].value = 9
    assert "+ 1 = 7; <b>your function says ValueError: The truth value" in shown.answer.value


def test_no_output_is_said_in_words():
    shown = lh.size_calculator(right)
    shown.preset.value = "no output"
    assert "<b>height: no output:</b> the kernel reaches 7, the padded input is 5." in (
        shown.answer.value
    )


def test_examples_are_taken_over_and_drawn_once(monkeypatch):
    drawn = []
    real = calculator.png
    monkeypatch.setattr(calculator, "png", lambda figure: drawn.append(1) or real(figure))
    shown = lh.size_calculator(right)
    drawn.clear()
    shown.preset.value = "LeNet, first convolution"
    assert [slider.value for slider in shown.sliders.values()] == [28, 28, 5, 5, 1, 2, 1]
    assert len(drawn) == 1
    assert "+ 1 = 28; your function says the same" in shown.answer.value


def test_every_example_is_within_the_sliders():
    shown = lh.size_calculator(right)
    for name, values in calculator.PRESETS.items():
        shown.preset.value = name
        assert tuple(slider.value for slider in shown.sliders.values()) == values


def test_its_text_in_a_saved_notebook_is_always_the_same():
    one, two = lh.size_calculator(right), lh.size_calculator(lambda *_: 0)
    assert repr(one) == repr(two)
    assert repr(one).startswith("Size calculator: sliders for height, width")


def test_without_a_kernel_there_is_a_picture_and_a_whole_sentence():
    shown = lh.size_calculator(right)
    data = shown._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data  # what a front end shows if it can
    assert data["text/plain"].endswith("Run this cell to use it.")
    assert data["text/plain"] in data["text/html"]
    assert f'alt="{shown.alt}"' in data["text/html"]
    picture = data["text/html"].split("base64,")[1].split('"')[0]
    assert base64.b64decode(picture) == bytes(shown.image.value)
