"""A question of a notebook, and what an answer to it says about the thought behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..reading import Kind, Reading, Value, read

Verdict = Literal["right", "wrong", "noted"]
Band = tuple[float, float]
Wrong = Mapping[str, Value | list[Value]]  # the key of a thought -> the answers that it leads to


@dataclass(frozen=True)
class Judgement:
    """What an answer is worth.

    Args:
        reading: The answer as it was read.
        verdict: "right" or "wrong"; "noted" while the answer is still to be measured.
        thought: The key in ``MISCONCEPTIONS`` of the thought behind it; None: none is known.
    """

    reading: Reading
    verdict: Verdict
    thought: str | None


@dataclass(frozen=True)
class Question:
    """A question with its answer, the reason, and the thoughts behind wrong answers.

    Args:
        key: The short words that a notebook calls it by.
        notebook: The notebook that asks it, by its number.
        words: The question in full.
        kind: What kind of answer it wants.
        answer: The right answer. None: it is measured in the notebook.
        why: The reason, with its numbers; shown after the answer.
        hint: Where to look, for a wrong answer that nobody knows; without the answer.
        thoughts: Wrong answers, each with the key of its thought in ``MISCONCEPTIONS``.
        bands: (lowest, highest, key of the thought), for answers that are measured.
        within: How far a number may be off and still be right.
        words_for: Other words that may be answered, and what each means.
        choices: The words to choose from, where there is a choice.
        usual: For a measured number the lowest and the highest that runs usually give.
    """

    key: str
    notebook: int
    words: str
    kind: Kind
    answer: Value | None
    why: str
    hint: str
    thoughts: Mapping[Value, str] = field(default_factory=dict)
    bands: tuple[tuple[float, float, str], ...] = ()
    within: float = 0.0
    words_for: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    usual: Band | None = None

    @property
    def vocabulary(self) -> dict[str, Value]:
        """All words that may be answered, and what each means."""
        return {choice: choice for choice in self.choices} | dict(self.words_for)

    def judge(self, answer: object, measured: Value | None = None) -> Judgement:
        """Return what ``answer`` is worth, against the known answer or the ``measured`` one.

        Raises:
            UnreadableError: it cannot be read as an answer of this kind.
        """
        reading = read(answer, self.kind, self.vocabulary, self.choices)
        right = self.answer if measured is None else measured
        if right is not None and same(reading.value, right, self.within):
            return Judgement(reading, "right", reading.thought)
        thought = self.thought_behind(reading.value) or reading.thought
        return Judgement(reading, "noted" if right is None else "wrong", thought)

    def thought_behind(self, value: Value) -> str | None:
        """Return the key of the thought that leads to ``value``; None if none is known."""
        for wrong, thought in self.thoughts.items():
            if same(value, wrong, _rounding(wrong)):
                return thought
        if isinstance(value, int | float):
            for lowest, highest, thought in self.bands:
                if lowest <= value <= highest:
                    return thought
        return None

    def as_data(self) -> dict[str, Any]:
        """Return the question as what JSON can hold; each thought with the answers that show it."""
        thoughts = [
            {"answer": wrong, "within": _rounding(wrong), "thought": key}
            for wrong, key in self.thoughts.items()
        ]
        bands = [{"from": low, "to": high, "thought": key} for low, high, key in self.bands]
        return {
            **{"key": self.key, "notebook": self.notebook, "words": self.words, "kind": self.kind},
            **{"answer": self.answer, "within": self.within, "usual": self.usual},
            **{"why": self.why, "hint": self.hint, "choices": list(self.choices)},
            **{"words_for": dict(self.words_for), "thoughts": thoughts, "bands": bands},
        }


def _rounding(wrong: Value) -> float:
    """Return how far off ``wrong`` is still recognised: numbers are often rounded when written."""
    return 0.01 * abs(wrong) if isinstance(wrong, float) else 0.0


def same(value: Value, other: Value, within: float = 0.0) -> bool:
    """Return whether two answers are the same, numbers up to ``within``."""
    numbers = isinstance(value, int | float), isinstance(other, int | float)
    if numbers == (True, True):
        return math.isclose(value, other, rel_tol=0.0, abs_tol=within + 1e-9)  # type: ignore[arg-type]
    return numbers == (False, False) and value == other


def wrong_answers(answer: Value, thoughts: Wrong) -> dict[Value, str]:
    """Return which wrong answer shows which thought, from what each thought leads to.

    Args:
        answer: The right answer: a thought that leads there too cannot be told from none.
        thoughts: Key of a thought -> the wrong answer that it gives, or several. Where two
            thoughts give the same one, it is taken for the first.
    """
    found: dict[Value, str] = {}
    for thought, values in thoughts.items():
        for value in values if isinstance(values, list) else [values]:
            if not same(value, answer):
                found.setdefault(value, thought)
    return found
