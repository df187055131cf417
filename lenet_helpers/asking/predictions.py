"""Predict, then look: a notebook asks first, shows the answer after, and counts what you knew.

Source of the idea: prediction before the reveal is what handson-ml3 asks in prose ("can you
guess?"); here the question is a cell.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import EllipsisType

from ..prose import say

Answer = int | float | str | bool | Sequence[int]


class Predictions:
    """The predictions of one notebook.

    ``predict`` takes yours before the answer is on the screen, ``reveal`` holds it against the
    answer, ``tally`` counts. A prediction left as ``...`` is never counted as wrong.

    >>> guess = Predictions()
    >>> guess.predict("side of the output", 24)
    side of the output: your prediction is 24. Run on to see.
    >>> guess.reveal("side of the output", 28, slips={24: "the padding is forgotten"})
    side of the output: 28. You predicted 24: the padding is forgotten.
    >>> guess.tally()
    Predictions: 0 right, 1 to look at again (side of the output), 0 not made.
    """

    def __init__(self) -> None:
        self._predicted: dict[str, Answer | None] = {}
        self._right: dict[str, bool | None] = {}

    def predict(self, question: str, answer: Answer | EllipsisType = ...) -> None:
        """Note your ``answer`` to ``question``; ``...`` means that you have not made one yet."""
        if isinstance(answer, EllipsisType):
            self._predicted[question] = None
            say(f"{question}: no prediction yet. Replace the ... by yours and run this cell.")
        else:
            self._predicted[question] = answer
            say(f"{question}: your prediction is {_plain(answer)}. Run on to see.")

    def reveal(
        self,
        question: str,
        answer: Answer,
        *,
        within: float = 0.0,
        slips: Mapping[int, str] | None = None,
    ) -> None:
        """Print the ``answer``, and whether the prediction was right.

        Args:
            question: The words given to :meth:`predict`.
            answer: The right answer: a number, a word, or the sizes of a shape.
            within: How far a predicted number may be off and still be right.
            slips: For wrong whole numbers that a known slip gives: what went wrong.

        Raises:
            KeyError: nobody was asked ``question`` before.
        """
        if question not in self._predicted:
            raise KeyError(
                f"question={question!r} was never asked: run the predict cell above first."
            )
        predicted = self._predicted[question]
        told = f"{question}: {_plain(answer)}."
        if predicted is None:
            self._right[question] = None
            say(told)
            return
        right = _same(predicted, answer, within)
        self._right[question] = right
        if right:
            say(f"{told} You predicted it.")
            return
        slip = (slips or {}).get(predicted) if isinstance(predicted, int) else None
        say(f"{told} You predicted {_plain(predicted)}{': ' + slip if slip else ''}.")

    def tally(self) -> None:
        """Print how many predictions were right, which were wrong, and how many were not made."""
        wrong = [question for question, right in self._right.items() if right is False]
        right = sum(value is True for value in self._right.values())
        missing = len(self._predicted) - right - len(wrong)
        named = f" ({', '.join(wrong)})" if wrong else ""
        say(
            f"Predictions: {right} right, {len(wrong)} to look at again{named}, {missing} not made."
        )


def _plain(answer: Answer) -> str:
    if isinstance(answer, Sequence) and not isinstance(answer, str):
        return str(tuple(answer))
    if isinstance(answer, float):
        return f"{answer:.3f}"
    if isinstance(answer, int) and not isinstance(answer, bool):
        return f"{answer:,}"
    return str(answer)


def _same(predicted: Answer, answer: Answer, within: float) -> bool:
    if isinstance(answer, str) or isinstance(predicted, str):
        return str(predicted).strip().casefold() == str(answer).strip().casefold()
    if isinstance(answer, Sequence):
        return isinstance(predicted, Sequence) and tuple(predicted) == tuple(answer)
    if isinstance(predicted, Sequence):
        return False
    return math.isclose(predicted, answer, rel_tol=0.0, abs_tol=within + 1e-9)
