"""Predict, then look: a notebook asks first, shows the answer after, and counts what you knew.

A wrong answer gets a hint, not the answer: it names the thought that leads there, if one is known.
The right answer is folded away until a prediction is made.

Sources: those who predicted before a demonstration understood it better, those who only saw it did
not (Crouch and others, 2004); feedback that explains teaches more than "right" or "wrong" (Van der
Kleij and others, 2015). The question as a cell: handson-ml3 asks "can you guess?" in prose.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from types import EllipsisType

from ..checks import whole_number
from ..prose import say, wrapped
from .disclosure import as_text, folded, present
from .misconceptions import MISCONCEPTIONS
from .places import NOTEBOOKS, place
from .progress import Record, Try, keep, now, stored
from .questions import find, of_notebook
from .questions.question import Judgement, Question, same
from .questions.recalled import SEED, drawn
from .reading import UnreadableError, Value, read, repeated, shown


class Predictions:
    """The predictions of one notebook.

    ``predict`` takes yours before the answer is on the screen and says what it thinks of it,
    ``reveal`` shows the answer and the reason, ``tally`` counts. The first answer counts. An answer
    left as ``...`` is none. Answers are kept in a file on this machine, see ``lh.forget_answers``.

    Args:
        notebook: The number of the notebook.

    Raises:
        TypeError, ValueError: there is no such notebook.

    >>> guess = Predictions(1)
    >>> guess.predict("width with padding", ...)
    width with padding: no prediction yet. Put yours in place of the ... and run this cell
    again.
    >>> guess.reveal("width with padding", 28)
    width with padding: 28. 28 + 2·2 − 5 + 1 = 28: the frame adds 2 at each end, the kernel
    takes off 4.
    """

    def __init__(self, notebook: int) -> None:
        self.notebook = whole_number("notebook", notebook, minimum=1)
        if notebook not in NOTEBOOKS:
            raise ValueError(f"notebook={notebook}: the notebooks are 1 to {len(NOTEBOOKS)}.")
        self._questions = of_notebook(self.notebook)
        self._seed: int | None = None  # of the recalled questions, once they are drawn
        self._answered: dict[str, Record] = {}  # in this kernel, by the key in the file
        self._unwritable = False  # whether answers stay in this kernel

    def recall(self, seed: int = SEED) -> None:
        """Ask two questions from earlier notebooks; another ``seed`` gives other numbers.

        Raises:
            TypeError, ValueError: ``seed`` is no whole number of at least 0, or nothing comes
                before notebook 1.
        """
        seed = whole_number("seed", seed, minimum=0)
        asked = drawn(self.notebook, seed)
        self._questions.update(asked)
        self._seed = seed
        say(as_questions(asked.values(), seed))

    def predict(self, key: str, answer: object = ..., *more: object) -> None:
        """Take your ``answer`` to the question ``key``, and say whether it is right, or a hint.

        Args:
            key: The short words of the question.
            answer: In any form that can be read: 28, "28", (2, 2), "2x2", 0.1, "10 %", "Dense 1".
                ``...`` means that you have not made one yet.
            *more: The other sides of a shape that was written without brackets.

        Raises:
            KeyError: the notebook has no such question.
        """
        question = self._question(key)
        if more:
            answer = (answer, *more)
        if isinstance(answer, EllipsisType):
            say(f"{key}: no prediction yet. Put yours in place of the ... and run this cell again.")
            return
        try:
            judged = question.judge(answer)
        except UnreadableError as unreadable:
            say(f"{key}: {unreadable} This answer is not counted.")
            return
        say(f"{key}: {self._note(question, judged)}")

    def reveal(self, key: str, measured: object = None, *told: object) -> None:
        """Show the answer and the reason, folded away if no prediction was made.

        Args:
            key: The short words of the question.
            measured: What the notebook computed: held against the answer that is known, or the
                answer itself where it can only be measured.
            *told: What else belongs to the answer: strings, tables, pictures.

        Raises:
            KeyError: the notebook has no such question.
            TypeError: ``measured`` is missing, and the answer can only be measured.
            ValueError: the notebook and the package do not have the same answer.
        """
        question = self._question(key)
        right = _held_against(question, measured)
        if right is None:
            say(f"{key}: the run gave no number, so there is no answer yet.")
            return
        name = self._kept_as(key)
        record = self._before(name) if name in self._answered else None
        sentences = [f"{shown(right)}.", *_how(question, right), question.why]
        if record:
            record = self._keep(key, _measured(question, record, right))
            sentences.insert(1, _verdict(record))
        summary = f"Answer: {key}" if record else f"Answer (make a prediction first): {key}"
        html = folded(summary, sentences, told, opened=record is not None)
        present(html, as_text([f"{key}:", *sentences], told))

    def tally(self) -> None:
        """Show how many predictions were right, and what to read about again.

        Earlier answers to this notebook's questions count too, once one was made in this kernel.
        """
        records = self._all_records() if self._answered else {}
        outcomes = {key: record.outcome for key, record in records.items()}
        opened = [self._asked_as(name) for name, outcome in outcomes.items() if outcome == "open"]
        named = f" ({', '.join(opened)})" if opened else ""
        missing = sum(self._kept_as(key) not in records for key in self._questions)
        counts = [list(outcomes.values()).count(outcome) for outcome in ("at once", "after a hint")]
        line = (
            f"Predictions: {counts[0]} right at once, {counts[1]} right after a hint, "
            f"{len(opened)} still open{named}, {missing} not made."
        )
        met = list(dict.fromkeys(t for record in records.values() for t in record.thoughts))
        if not met:
            say(line)
            return
        items, texts = zip(*map(_to_read_again, met), strict=True)
        html = f"<p>{escape(line)}</p><p>To read again:</p><ul>{''.join(items)}</ul>"
        present(html, "\n".join([wrapped(line), "To read again:", *texts]))

    def _question(self, key: str) -> Question:
        if str(key).startswith("recall ") and self._seed is None and self.notebook > 1:
            self._questions.update(drawn(self.notebook))
            self._seed = SEED
        return find(key, self._questions)

    def _kept_as(self, key: str) -> str:
        """Return the key of a question in the file: recalled ones differ by their numbers."""
        return f"{key}, seed {self._seed}" if key.startswith("recall ") else key

    def _asked_as(self, name: str) -> str:
        """Return what a question that is kept as ``name`` is called in the notebook.

        With other numbers than those that are asked now, its seed is named: it asks them again.
        """
        key, _, seed = name.partition(", seed ")
        return f"{key} of guess.recall({seed})" if seed not in ("", str(self._seed)) else key

    def _note(self, question: Question, judged: Judgement) -> str:
        """Keep the answer, and return what to say about it."""
        name = self._kept_as(question.key)
        before = self._before(name) or Record(question.words)
        value = judged.reading.value
        answer = repeated(value)
        if not before.tries or not same(before.tries[-1].answer, value):
            right = None if judged.verdict == "noted" else judged.verdict == "right"
            attempt = Try(value, now(), right, judged.thought, before.shown)
            before = replace(before, tries=(*before.tries, attempt))
        record = self._keep(question.key, before)
        note = f" {judged.reading.note}" if judged.reading.note else ""
        if record.tries[-1].late:
            first = repeated(record.tries[0].answer)
            return f"{answer} is a change after the answer was shown; your first, {first}, counts."
        if judged.verdict == "right":
            return f"{answer} is right.{note} Run on to see why."
        known = MISCONCEPTIONS[judged.thought] if judged.thought else None
        if judged.verdict == "noted":
            doubted = known and judged.thought != judged.reading.thought  # else the note says it
            doubt = f" It looks as if {known.thought}. {known.hint}" if doubted and known else ""
            return f"{answer} is noted.{note}{doubt} Change it if you like, or run on to see."
        if known:
            told = f"it looks as if {known.thought}. {known.hint}{note}"
        else:
            told = (
                f"that is not it, and we do not know the thought behind it. {question.hint}{note}"
            )
        return f"{answer}: {told} Try again, or run on to see."

    def _before(self, name: str) -> Record | None:
        """Return what was answered before, also in another kernel."""
        return self._all_records().get(name)

    def _all_records(self) -> dict[str, Record]:
        """Return what is kept of this notebook's answers."""
        if self._unwritable:
            return self._answered
        try:
            return stored().answers.get(self.notebook, {})
        except OSError:
            return self._answered

    def _keep(self, key: str, record: Record) -> Record:
        """Keep ``record`` in the file and here, and return it with what the file had."""
        name = self._kept_as(key)
        try:
            record = keep(self.notebook, name, record)
        except OSError as error:
            if not self._unwritable:
                say(f"Your answers are kept in this kernel only: {error}")
            self._unwritable = True
        self._answered[name] = record
        return record


def as_questions(asked: Iterable[Question], seed: int) -> str:
    """Return questions as text, with how to get others."""
    lines = [
        f"{question.key} (notebook {question.notebook}): {question.words}" for question in asked
    ]
    return "\n".join([*lines, f"Other numbers: guess.recall(seed={seed + 1})"])


def _held_against(question: Question, measured: object) -> Value | None:
    """Return the right answer, the known or the measured one; None if a run gave no number."""
    known = question.answer
    if measured is None:
        if known is None:
            raise TypeError(
                f'The answer to "{question.key}" can only be measured: give what the notebook '
                "measured as the second argument."
            )
        return known
    if known is None and isinstance(measured, float) and math.isnan(measured):
        return None
    try:
        value = read(measured, question.kind, question.vocabulary).value
    except UnreadableError:
        if question.kind != "word":
            value = shown(measured)
            if known is None:
                return None
        else:
            value = str(measured)
    if known is None:
        return value
    if not same(value, known, question.within):
        raise ValueError(
            f'"{question.key}": this notebook computes {shown(value)}, and the package knows '
            f"{shown(known)}. If you changed the numbers above, put them back for this question; "
            "if you did not, please report it."
        )
    return known


def _how(question: Question, right: Value) -> list[str]:
    """Return what to say about a measured number that is unlike those of most runs."""
    if question.usual is None or not isinstance(right, int | float):
        return []
    lowest, highest = question.usual
    if lowest <= right <= highest:
        return []
    return [f"That is unusual: most runs give {shown(lowest)} to {shown(highest)}."]


def _measured(question: Question, record: Record, right: Value) -> Record:
    """Return ``record`` after the answer was shown, with the tries judged that waited for it."""
    tries = []
    for attempt in record.tries:
        if attempt.right is None:
            is_right = same(attempt.answer, right, question.within)
            thought = None if is_right else attempt.thought
            attempt = replace(attempt, right=is_right, thought=thought)
        tries.append(attempt)
    return replace(record, tries=tuple(tries), shown=True)


def _verdict(record: Record) -> str:
    """Return how the prediction was, as a sentence."""
    first = record.tries[0]
    thought = MISCONCEPTIONS.get(first.thought or "")
    behind = f": it looks as if {thought.thought}" if thought and not first.right else ""
    if record.outcome == "at once":
        return "You predicted it."
    if record.outcome == "after a hint":
        return f"You had it after a hint; your first answer was {repeated(first.answer)}{behind}."
    changed = (
        " A change after the answer was shown does not count." if record.tries[-1].late else ""
    )
    return f"You predicted {repeated(first.answer)}{behind}.{changed}"


def _to_read_again(key: str) -> tuple[str, str]:
    """Return a thought with the place to read again, as HTML and as text."""
    known = MISCONCEPTIONS.get(key)
    if known is None:  # kept by another version
        return f"<li>{escape(key)}</li>", f"- {key}"
    where = place(known.notebook, known.section)
    link = f'<a href="{escape(where.link, quote=True)}">{escape(str(where))}</a>'
    return f"<li>{escape(known.thought)}: {link}</li>", f"- {known.thought}: {where}"
