"""The site reads and judges answers in JavaScript: Python says the same of each, in a browser."""

import random

import pytest
import test_reading
from planted import PLANTED

from lenet_helpers.asking.questions import QUESTIONS, as_data
from lenet_helpers.asking.reading import UnreadableError, repeated, shown
from lenet_helpers.web import bundle
from tools.site import SCRIPTS
from tools.site_cells import UNQUOTED

FORMS = [
    form
    for test in vars(test_reading).values()
    for mark in getattr(test, "pytestmark", [])
    if mark.name == "parametrize" and "answer" in mark.args[0]
    for form in mark.args[1]
]
PIECES = [
    *"0123456789.,'_ -+()[]%/x×*~≈=e\"?s", "ln", "about ", "dense", "conv", "half", "of", "size",
    "28", "16, 10", "10 %", "shirt", "small", "the ", "2.303", "per cent", "−", "by", "three",
]  # fmt: skip


def typed(answer):
    """An answer as somebody types it into a field; None for what nobody can type."""
    if isinstance(answer, str):
        return answer
    parts = answer if isinstance(answer, tuple | list) else [answer]
    plain = all(isinstance(part, int | float) and abs(part) < 1e300 for part in parts)
    return str(answer) if plain else None


def texts():
    """Every accepted form, what means nothing, every known wrong answer, and random texts."""
    found = [form[0] for form in FORMS if isinstance(form, tuple) and form]
    found += FORMS  # an answer that stands alone, or is a tuple itself
    found += [wrong for question in QUESTIONS for wrong in question.thoughts]
    found += [question.answer for question in QUESTIONS if question.answer is not None]
    found += [answer for *_, answer in PLANTED]
    found += [edge for question in QUESTIONS for band in question.bands for edge in band[:2]]
    draw = random.Random(1)
    found += ["".join(draw.choices(PIECES, k=draw.randint(1, 5))) for _ in range(500)]
    return sorted({typed(answer) for answer in found} - {None})


def said_by_python(question, text):
    try:
        judged = question.judge(text)
    except UnreadableError as unreadable:
        return str(unreadable).replace(*UNQUOTED)
    value = judged.reading.value
    return [
        list(value) if isinstance(value, tuple) else value,
        shown(value),
        repeated(value),
        judged.reading.note,
        judged.thought,
        judged.verdict,
    ]


JUDGE = """
globalThis.judgeAll = (questions, texts) => questions.map((question) => texts.map((text) => {
  try {
    const { value, note, thought, verdict } = judge(question, text);
    return [value, shown(value), repeated(value), note, thought, verdict];
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return error.message;
  }
}));
"""


@pytest.fixture(scope="module")
def judge_all(blank_page):
    """The site's own modules, in the browser."""
    blank_page.add_script_tag(content=f"{{{bundle('judging.js', SCRIPTS)}\n{JUDGE}}}")
    return lambda questions, answers: blank_page.evaluate(
        "([questions, texts]) => judgeAll(questions, texts)", [questions, answers]
    )


def test_python_and_javascript_judge_every_text_alike(judge_all):
    answers = texts()
    assert len(answers) > 600
    judged, met = judge_all(as_data(), answers), set()
    for question, by_script in zip(QUESTIONS, judged, strict=True):
        for text, said in zip(answers, by_script, strict=True):
            expected = said_by_python(question, text)
            met.add(expected[-1] if isinstance(expected, list) else "unreadable")
            if isinstance(expected, list) and isinstance(expected[0], float):
                assert said[0] == pytest.approx(expected[0], rel=1e-12), (question.key, text)
                expected[0] = said[0]
            assert said == expected, (question.key, text)
    assert met == {"right", "wrong", "noted", "unreadable"}


def test_every_planted_thought_is_recognised_by_the_site(judge_all):
    by_key = {entry["key"]: entry for entry in as_data()}
    for _, key, thought, answer in PLANTED:
        text = typed(tuple(answer) if isinstance(answer, list) else answer)
        ((said,),) = judge_all([by_key[key]], [text])
        assert said[4:] == [thought, "noted" if by_key[key]["answer"] is None else "wrong"]
