"""The questions of the notebooks: a module a lesson, each with the thoughts behind wrong answers.

They are data: what the package computes, and words. A page without Python may use the same tables,
as ``as_data()`` gives them.
"""

from __future__ import annotations

import difflib
from typing import Any

from . import (
    building,
    data,
    inside,
    mistakes,
    shapes,
    sizes,
    then_and_now,
    timing,
    training,
    why_convolution,
)  # fmt: skip
from .question import Question

LESSONS = (
    sizes, building, shapes, data, training, inside, mistakes, timing, why_convolution,
    then_and_now,
)  # fmt: skip
QUESTIONS: tuple[Question, ...] = tuple(
    question for lesson in LESSONS for question in lesson.QUESTIONS
)


def of_notebook(notebook: int) -> dict[str, Question]:
    """Return the questions of a notebook by their keys, in the order in which it asks them."""
    return {question.key: question for question in QUESTIONS if question.notebook == notebook}


def find(key: object, known: dict[str, Question]) -> Question:
    """Return the question that ``known`` has under ``key``.

    Raises:
        KeyError: there is none; the message names the nearest.
    """
    if isinstance(key, str) and key in known:
        return known[key]
    near = difflib.get_close_matches(str(key), known, n=3, cutoff=0.4) or list(known)
    raise KeyError(f"question={key!r} is not asked in this notebook. Near: {', '.join(near)}.")


def as_data() -> list[dict[str, Any]]:
    """Return all questions as what JSON can hold."""
    return [question.as_data() for question in QUESTIONS]
