"""Predictions: a hint for a wrong thought and never the answer, which is folded until then."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from planted import PLANTED
from test_questions import BY_KEY, gives_away
from test_reading import NOTHING

import lenet_helpers as lh
from lenet_helpers.asking import disclosure, predictions, progress
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.questions import QUESTIONS
from lenet_helpers.asking.questions.recalled import drawn
from lenet_helpers.asking.reading import repeated
from lenet_helpers.prose import COLUMNS

ROOT = Path(__file__).resolve().parent.parent
# What a notebook would measure for the questions whose answer is not known before.
MEASURED = {
    "share of black pixels": 0.502,
    "loss of the first epoch": 2.288,
    "test accuracy after ten epochs": 0.808,
    "operation that takes most time": "backward",
    "DataLoader's share of a step": 0.418,
    "plateau with Adam": "shorter",
    "hardest class": 6,
    "layer that changes least": "pool2",
    "equal answers after a move": 0.629,
    "pictures right with a second softmax": 20,
    "share of the ideal with all threads": 0.783,
    "two programs at once": 3.172,
    "a batch of 256 against one of 16": 7.439,
    "better with as many parameters": "lenet",
    "accuracy of the dense network": 0.875,
    "class where it loses most": "t-shirt",
    "accuracy of LeNet, permuted": 0.854,
    "accuracy after a move by 6 pixels": 0.23,
    "accuracy with random kernels": 0.852,
    "smallest gradients": "sigmoid",
    "accuracy of 1998": 0.885,
    "step that helps most": "one-cycle rate",
    "steps that do not help": 7,
    "best epoch with 2,000 pictures": 6,
    "test accuracy of today": 0.9207,
}


@pytest.fixture
def said(capsys):
    """What was printed since the last time, on one line."""
    return lambda: " ".join(capsys.readouterr().out.replace("-\n", "-").split())


@pytest.fixture
def seen(monkeypatch):
    """What a notebook would show, as (HTML, text)."""
    shows = []
    monkeypatch.setattr(predictions, "present", lambda *both: shows.append(both))
    return shows


def answer_of(question):
    return question.answer if question.answer is not None else MEASURED[question.key]


# ---------------------------------------------------------------- the feedback that was missing

FEEDBACK = [
    (1, "reach with dilation", 4, "the pixel of the first tap. Count pixels and not steps"),
    (1, "reach with dilation", 6, "a gap is counted after the last tap too"),
    (1, "side after pooling", 13, "Put the kernel, or the window, at the left edge"),
    (1, "parameters of the second convolution", "2.416", "If 2,416 is meant, leave the point out."),
    (1, "shape with stride", (2, 2.5), "what becomes of a part of a step?"),
    (2, "layer with the most parameters", "conv", 'cannot be read. Expected: one of "conv1"'),
    (2, "layer with the most parameters", "linear", "dense1 is right."),
    (2, "parameters without padding", (44, 426), "A comma makes two numbers of one in Python"),
    (3, "shape after the second pooling", "16x10x10", "the axis of the pictures is left out"),
    (3, "mat1 when nobody flattened", (12, 72), "The first number counts the rows"),
    (3, "mat1 when nobody flattened", (864, 10), "mat2 is given: the weights of the layer"),
    (3, "layers that a hook sees", 10, "Count what stands in the two chains"),
    (1, "width with padding", 24, "the padding is left out"),
    (1, "width with padding", 26, "the padding is added at one side only"),
    (1, "width with padding", 27, "the first place is not counted"),
    (1, "width with padding", "28x28", "28 is right. One side is asked for"),
    (1, "width of the output", 2, "the first place is not counted"),
    (1, "shape with stride", (2, 3), "the division is rounded up"),
    (1, "shape with stride", "(2,2)", "(2, 2) is right"),
    (1, "side after the second pooling", (5, 5), "5 is right. One side is asked for"),
    (1, "side after the second pooling", 25, "all pixels are counted where one side is asked for"),
    (1, "side after the second pooling", 400, "all pixels are counted where one side is asked for"),
    (1, "parameters of the second convolution", 2400, "the bias is left out"),
    (1, "parameters of the second convolution", "2,416", "2,416 is right"),
    (5, "loss of guessing", "2.303", "2.303 is right"),
    (2, "layer with the most parameters", "dense 1", "dense1 is right"),
    (4, "batches of 256", 234, "the last, smaller batch is left out"),
    (4, "megabytes of all pictures", 54_880_000, "the number is right in another unit"),
    (6, "pixels seen by the second convolution", 10, "the pooling before the layer is left out"),
    (5, "test accuracy after ten epochs", 83, "Read as 83 %: a share lies between 0 and 1."),
    (5, "loss of guessing", 4.6, "the logarithm of another number is taken"),
]


@pytest.mark.parametrize(("notebook", "key", "answer", "told"), FEEDBACK)
def test_what_was_not_said_is_said(notebook, key, answer, told, said):
    lh.Predictions(notebook).predict(key, answer)
    assert told in said()


@pytest.mark.parametrize(
    ("notebook", "key", "answer"),
    [
        (4, "share of black pixels", "half"), (4, "share of black pixels", 50),
        (4, "share of black pixels", "50 %"), (5, "hardest class", 6),
        (5, "hardest class", "Shirt"), (5, "test accuracy after ten epochs", "80 %"),
    ],
)  # fmt: skip
def test_measured_answers_in_other_forms_are_right(notebook, key, answer, said):
    guess = lh.Predictions(notebook)
    guess.predict(key, answer)
    assert "is noted" in said()
    guess.reveal(key, MEASURED[key])
    assert "You predicted it." in said()


def test_a_shape_without_brackets_is_right(said):
    guess = lh.Predictions(1)
    guess.predict("shape with stride", 2, 2)
    assert "(2, 2) is right" in said()


def test_what_cannot_be_read_stops_nothing_and_is_not_counted(said):
    for question in QUESTIONS:
        guess = lh.Predictions(question.notebook)
        for answer in NOTHING:
            guess.predict(question.key, answer)
            told = said()
            assert "cannot be read. Expected:" in told
            assert "is not counted" in told
        guess.reveal(question.key, answer_of(question))
        guess.tally()
        assert f"0 still open, {len(guess._questions)} not made" in said()
    assert not progress.answers_file().exists()


# ---------------------------------------------------------------- planted students


@pytest.mark.parametrize(("notebook", "key", "thought", "answer"), PLANTED)
def test_a_planted_student_gets_the_hint_and_never_the_answer(notebook, key, thought, answer, said):
    question, known = BY_KEY[notebook, key], MISCONCEPTIONS[thought]
    guess = lh.Predictions(notebook)
    guess.predict(key, answer)
    told = said().split("deletes them. ")[1].removeprefix(f"{key}: ")
    assert f"t looks as if {known.thought}. {known.hint}" in told
    own = repeated(question.judge(answer).reading.value)
    assert told.startswith(own)
    assert gives_away(question, told.removeprefix(own)) == set()
    guess.reveal(key, answer_of(question))
    assert known.thought in said()
    guess.tally()
    told = said()
    assert f"1 still open ({key})" in told
    assert f"- {known.thought}: notebook {known.notebook}, " in told


def test_every_known_wrong_answer_gets_its_hint_and_then_the_right_one_is_right(said):
    for question in QUESTIONS:
        for wrong, thought in question.thoughts.items():
            lh.forget_answers()
            guess = lh.Predictions(question.notebook)
            guess.predict(question.key, wrong)
            known = MISCONCEPTIONS[thought]
            assert f"t looks as if {known.thought}. {known.hint}" in said()
            guess.predict(question.key, answer_of(question))
            assert ("is noted" if question.answer is None else "is right") in said()
            guess.reveal(question.key, answer_of(question))
            assert "You had it after a hint" in said()
            guess.tally()
            assert "0 right at once, 1 right after a hint, 0 still open" in said()


def written(value):
    """The forms in which somebody may write an answer."""
    if isinstance(value, tuple):
        return [value, list(value), torch.Size(value), str(value), "x".join(map(str, value)),
                " × ".join(map(str, value)), np.array(value)]  # fmt: skip
    if isinstance(value, str):
        return [value, value.upper(), f" {value} ", f'"{value}"', f"The {value}."]
    forms = [value, float(value), str(value), torch.tensor(float(value)), np.float64(value)]
    return [*forms, f"{value:,}"] if isinstance(value, int) else forms


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_the_right_answer_in_all_forms_is_right(question, said):
    for form in written(answer_of(question)):
        lh.forget_answers()
        guess = lh.Predictions(question.notebook)
        guess.predict(question.key, form)
        told = said()
        assert "cannot" not in told
        assert "looks as if" not in told
        guess.reveal(question.key, answer_of(question))
        assert "You predicted it." in said()
        guess.tally()
        assert "1 right at once, 0 right after a hint, 0 still open" in said()


def test_an_unknown_wrong_answer_gets_the_questions_hint_which_says_so(said):
    for question in QUESTIONS:
        if question.answer is None or question.kind not in ("whole", "side", "number"):
            continue
        guess = lh.Predictions(question.notebook)
        guess.predict(question.key, 123_457)
        told = said()
        assert f"we do not know the thought behind it. {question.hint} Try again" in told
        assert gives_away(question, told.split("behind it.")[1]) == set()


def test_a_share_without_its_sign_gets_the_hint_of_its_band_too(said):
    guess = lh.Predictions(4)
    guess.predict("share of black pixels", 90)
    told = said()
    assert "Read as 90 %: a share lies between 0 and 1. It looks as if the garment" in told
    guess.predict("share of black pixels", 50)
    assert "looks as if" not in said()  # only its form was odd, and that is said


# ---------------------------------------------------------------- the first answer counts


def test_nothing_is_said_to_be_right_or_wrong_before_there_is_an_answer(said):
    guess = lh.Predictions(1)
    guess.predict("width with padding")
    guess.predict("width with padding", ...)
    assert said().count("no prediction yet. Put yours in place of the ...") == 2
    guess.tally()
    assert said() == (
        "Predictions: 0 right at once, 0 right after a hint, 0 still open, 7 not made."
    )


def test_a_later_change_is_shown_as_one_and_does_not_count(said):
    guess = lh.Predictions(1)
    guess.predict("width with padding", 24)
    guess.reveal("width with padding", 28)
    said()
    guess.predict("width with padding", 28)
    assert said().endswith("28 is a change after the answer was shown; your first, 24, counts.")
    guess.reveal("width with padding", 28)
    assert "A change after the answer was shown does not count." in said()
    guess.tally()
    assert "0 right at once, 0 right after a hint, 1 still open (width with padding)" in said()


def test_an_answer_after_a_closed_reveal_is_a_first_one(said):
    """Run All shows every answer folded; then somebody begins."""
    guess = lh.Predictions(1)
    guess.predict("width with padding", ...)
    guess.reveal("width with padding", 28)
    guess.predict("width with padding", 28)
    guess.tally()
    assert "1 right at once" in said()


def test_running_the_same_cells_again_changes_nothing(said):
    guess = lh.Predictions(1)
    for _ in range(3):
        guess.predict("width with padding", 24)
        guess.predict("side after pooling", 14)
        guess.reveal("width with padding", 28)
        guess.reveal("side after pooling", 14)
    record = progress.stored().answers[1]["width with padding"]
    assert [attempt.answer for attempt in record.tries] == [24]
    said()
    guess.tally()
    assert "1 right at once, 0 right after a hint, 1 still open" in said()


def test_after_a_restart_the_first_answer_still_counts(said):
    first = lh.Predictions(1)
    first.predict("width with padding", 24)
    first.reveal("width with padding", 28)
    first.predict("width of the output", 3)
    said()
    second = lh.Predictions(1)
    second.predict("width with padding", 28)
    assert "your first, 24, counts" in said()
    second.tally()
    assert "1 right at once, 0 right after a hint, 1 still open (width with padding)" in said()


def test_what_a_file_holds_does_not_show_while_nothing_is_answered(said):
    def run():
        guess = lh.Predictions(3)
        guess.recall()
        for key, question in list(guess._questions.items()):
            guess.predict(key, ...)
            guess.reveal(key, question.answer)
        guess.tally()
        return said()

    before = run()
    guess = lh.Predictions(3)
    guess.predict("features without padding", 400)
    guess.predict("recall 1", 0)
    said()
    assert run() == before
    lh.forget_answers()
    said()
    assert run() == before


def test_a_run_that_gave_no_number_reveals_nothing(said):
    guess = lh.Predictions(5)
    guess.predict("test accuracy after ten epochs", 0.8)
    said()
    guess.reveal("test accuracy after ten epochs", float("nan"))
    assert said().endswith("the run gave no number, so there is no answer yet.")
    guess.predict("test accuracy after ten epochs", 0.7)
    assert "a change after" not in said()


def test_a_number_unlike_those_of_most_runs_is_said_to_be(said):
    guess = lh.Predictions(5)
    guess.reveal("test accuracy after ten epochs", 0.3)
    assert "That is unusual: most runs give 0.700 to 0.850." in said()
    guess.reveal("test accuracy after ten epochs", 0.8)
    assert "unusual" not in said()


def test_a_measured_word_that_nobody_offered(said):
    guess = lh.Predictions(5)
    guess.predict("plateau with Adam", "gone")
    guess.reveal("plateau with Adam", "not a word of ours")
    assert "plateau with Adam: not a word of ours. You predicted shorter." in said()


# ---------------------------------------------------------------- mistakes of a notebook


def test_an_unknown_question_gets_the_nearest():
    guess = lh.Predictions(1)
    for ask in (guess.predict, guess.reveal):
        with pytest.raises(KeyError, match="Near: width with padding"):
            ask("width with pading", 28)
    with pytest.raises(KeyError, match="not asked in this notebook"):
        guess.predict("recall 1", 3)
    with pytest.raises(KeyError, match=r"Near: .*recall 1"):
        lh.Predictions(2).predict("recall 3", 3)
    with pytest.raises(KeyError):
        guess.predict(28)


def test_a_notebook_and_a_package_that_differ_are_loud():
    guess = lh.Predictions(1)
    with pytest.raises(ValueError, match="computes 27, and the package knows 28"):
        guess.reveal("width with padding", 27)
    with pytest.raises(ValueError, match=r"computes \(2, 3\), and the package knows \(2, 2\)"):
        guess.reveal("shape with stride", (2, 3))
    with pytest.raises(ValueError, match="computes nan, and the package knows 28"):
        guess.reveal("width with padding", float("nan"))
    for question in QUESTIONS:
        guess = lh.Predictions(question.notebook)
        guess.predict(question.key, ...)
        for wrong in question.thoughts:
            if question.answer is not None:
                with pytest.raises(ValueError, match="and the package knows"):
                    guess.reveal(question.key, wrong)


def test_a_measured_answer_must_be_given():
    with pytest.raises(TypeError, match="can only be measured"):
        lh.Predictions(5).reveal("hardest class")


@pytest.mark.parametrize(
    ("notebook", "error"), [("5", TypeError), (0, ValueError), (11, ValueError), (True, TypeError)]
)
def test_there_are_ten_notebooks(notebook, error):
    with pytest.raises(error, match="notebook="):
        lh.Predictions(notebook)


# ---------------------------------------------------------------- recall


@pytest.mark.parametrize(("seed", "error"), [("2", TypeError), (1.5, TypeError), (-1, ValueError)])
def test_a_seed_is_a_whole_number(seed, error):
    guess = lh.Predictions(2)
    with pytest.raises(error, match="seed="):
        guess.recall(seed)
    assert guess._seed is None


def test_recalled_questions_are_asked_answered_and_revealed(said):
    guess = lh.Predictions(4)
    guess.recall(seed=5)
    told = said()
    first, second = drawn(4, 5).values()
    assert first.words in told
    assert second.words in told
    assert told.endswith("Other numbers: guess.recall(seed=6)")
    guess.predict("recall 1", first.answer)
    assert "is right" in said()
    wrong, thought = next(iter(second.thoughts.items()))
    guess.predict("recall 2", wrong)
    assert MISCONCEPTIONS[thought].hint in said()
    guess.reveal("recall 2")
    assert second.why in said()
    assert list(progress.stored().answers[4]) == ["recall 1, seed 5", "recall 2, seed 5"]
    said()
    guess.tally()
    assert "1 right at once, 0 right after a hint, 1 still open (recall 2), 4 not made" in said()
    guess.recall(seed=6)
    said()
    guess.tally()
    assert "1 still open (recall 2 of guess.recall(5)), 6 not made" in said()


def test_other_numbers_are_other_questions(said):
    guess = lh.Predictions(2)
    guess.predict("recall 1", drawn(2)["recall 1"].answer)  # with the numbers it begins with
    assert "is right" in said()
    guess.recall(seed=7)
    guess.predict("recall 1", drawn(2, 7)["recall 1"].answer)
    assert "is right" in said()
    guess.tally()
    assert "2 right at once" in said()


# ---------------------------------------------------------------- what is shown


def test_an_answer_is_closed_before_and_open_after_a_prediction(seen):
    guess = lh.Predictions(1)
    guess.reveal("width with padding", 28)
    guess.predict("width with padding", 28)
    guess.reveal("width with padding", 28)
    (closed, text), (opened, _) = seen
    assert closed.startswith(
        "<details><summary>Answer (make a prediction first): width with padding</summary>"
    )
    assert opened.startswith("<details open><summary>Answer: width with padding</summary>")
    assert "28 + 2·2 − 5 + 1 = 28" in closed
    assert text.startswith("width with padding: 28. 28 + 2·2")


class Nasty:
    def __str__(self):
        return "<script>alert(1)</script> & more"


def test_what_is_told_lies_inside_and_is_escaped(seen):
    table = lh.layer_table(lh.sequential_lenet(), (1, 1, 28, 28))
    picture = lh.draw_convolution(5, 3)
    lh.Predictions(1).reveal("width with padding", 28, "a < b\nc", table, picture, Nasty())
    ((shown_html, text),) = seen
    assert shown_html.endswith("</details>")
    assert "<pre>a &lt; b\nc</pre>" in shown_html
    assert table._repr_html_() in shown_html
    assert f"<p>{picture.as_html()}</p>" in shown_html
    assert "<script" not in shown_html
    assert "a < b\nc\n" in text
    assert str(table) in text
    assert picture.alt in text


def test_an_answer_with_signs_of_html_is_escaped(seen):
    guess = lh.Predictions(5)
    guess.predict("hardest class", "shirt")
    guess.reveal("hardest class", "<b>shirt</b>")
    assert "<b>" not in seen[0][0]
    assert "&lt;b&gt;" in seen[0][0]


def test_the_tally_links_to_the_sections(seen):
    guess = lh.Predictions(1)
    guess.predict("width with padding", 24)
    guess.tally()
    shown_html, text = seen[0]
    assert '<a href="01-size-arithmetic.ipynb#1.2-Padding:-a-frame-of-zeros">' in shown_html
    assert "- the padding is left out: notebook 1, 1.2 Padding: a frame of zeros" in text


def test_a_notebook_gets_both_and_a_terminal_the_text(monkeypatch, capsys):
    disclosure.present("<p>h</p>", "text")
    assert capsys.readouterr().out == "text\n"
    displayed = []
    monkeypatch.setattr(disclosure, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    disclosure.present("<p>h</p>", "text")
    assert displayed == [{"text/html": "<p>h</p>", "text/plain": "text"}]


def test_the_answer_is_folded_for_the_eyes_and_for_a_screen_reader(browser):
    """Closed: neither seen nor read aloud; a key opens it; no script is needed."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_content(disclosure.folded("Answer", ["28."], ["more"], opened=False))
    assert page.get_by_text("28.").is_hidden()
    page.get_by_text("Answer").focus()
    page.keyboard.press("Enter")
    assert page.get_by_text("28.").is_visible()
    assert page.get_by_text("more").is_visible()
    context.close()


def test_a_notebooks_cells_run_as_they_are_with_answers_filled_in(tmp_path, said):
    """All sources of notebook 1 that ask and reveal, with planted answers in place of the dots."""
    import nbformat

    cells = nbformat.read(ROOT / "notebooks" / "01-size-arithmetic.ipynb", as_version=4).cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    planted = {key: answer for number, key, _, answer in PLANTED if number == 1}
    names = {}
    for cell in code:
        if not re.search(r"guess\b|lh\.check\(|^def |^import", cell, flags=re.MULTILINE):
            continue
        asked = re.search(r'guess\.predict\("([^"]*)"', cell)
        if asked:
            cell = cell.replace("answer = ...", f"answer = {planted[asked[1]]!r}")
        exec(cell, names)
    assert "0 right at once, 0 right after a hint, 7 still open" in said()


def test_the_examples_in_the_docstrings():
    found = doctest.testmod(predictions)
    assert found.failed == 0
    assert found.attempted > 2


def test_predicting_loads_neither_torch_nor_matplotlib():
    program = (
        "import sys, lenet_helpers as lh; g = lh.Predictions(1); g.tally();"
        "g.predict('width with padding', 24); g.reveal('width with padding', 28); g.tally();"
        "print([m for m in ('torch', 'matplotlib', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.endswith("[]\n")


def test_what_is_printed_is_broken_between_words(capsys):
    for question in QUESTIONS:
        guess = lh.Predictions(question.notebook)
        guess.predict(question.key, ...)
        for wrong in question.thoughts:
            guess.predict(question.key, wrong)
        guess.reveal(question.key, answer_of(question))
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if "answers.json" not in line) <= COLUMNS


def test_the_file_has_what_a_teacher_wants(said):
    guess = lh.Predictions(1)
    guess.predict("width with padding", 24)
    kept = json.loads(progress.answers_file().read_text(encoding="utf-8"))
    (attempt,) = kept["answers"]["1"]["width with padding"]["tries"]
    assert attempt["answer"] == 24
    assert attempt["right"] is False
    assert attempt["thought"] == "padding forgotten"
    assert f"kept on this machine, in {progress.answers_file()}" in said()
