"""Which wrong answers to a question to expect, the thought behind each, and what to say to it.

In Markdown, for whoever teaches: the instructor's notebooks have all of it, the notes of a slide
the first few.
"""

from __future__ import annotations

from collections.abc import Iterable

from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.questions.question import Question
from lenet_helpers.asking.reading import shown

FEW = 4  # thoughts that a speaker takes in at a glance


def answer_of(question: Question) -> str:
    """Return the answer in bold; of one that is measured, what runs usually give."""
    if question.answer is not None:
        return f"**{question.key}: {shown(question.answer)}.**"
    if question.usual is not None:
        low, high = map(shown, question.usual)
        return f"**{question.key}: measured, usually {low} to {high}.**"
    return f"**{question.key}: measured.**"


def wrong_answers(question: Question) -> list[tuple[str, str]]:
    """Return the wrong answers to ``question``, each with the key of its thought."""
    rows = [(shown(wrong), key) for wrong, key in question.thoughts.items()]
    return rows + [(f"{shown(low)} to {shown(high)}", key) for low, high, key in question.bands]


def in_full(question: Question) -> str:
    """Return the answer, its reason, and a table of all wrong answers."""
    return f"{answer_of(question)} {question.why}" + table("answer", wrong_answers(question))


def in_short(question: Question) -> str:
    """Return the answer, and the first few thoughts: what they lead to, and what to say."""
    led: dict[str, list[str]] = {}
    for wrong, key in wrong_answers(question):
        led.setdefault(key, []).append(wrong)
    lines = [
        f"- {', '.join(wrong)}: {MISCONCEPTIONS[key].thought}. *{MISCONCEPTIONS[key].hint}*"
        for key, wrong in list(led.items())[:FEW]
    ]
    return "\n".join([f"{answer_of(question)} Wrong answers, and what to say:", "", *lines])


def table(head: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return a table of thoughts and what to say.

    Args:
        head: What stands above the first column; without it there is no such column.
        rows: The first column, and the key of a thought.
    """
    known = [(first, MISCONCEPTIONS[key]) for first, key in rows]
    if not known:
        return ""
    if head:
        lines = [f"| {head} | it looks as if ... | say |", "| --- | --- | --- |"]
        lines += [f"| {first} | {seen.thought} | {seen.hint} |" for first, seen in known]
    else:
        lines = ["| it looks as if ... | say |", "| --- | --- |"]
        lines += [f"| {seen.thought} | {seen.hint} |" for _, seen in known]
    return "\n\n" + "\n".join(lines)
