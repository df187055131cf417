"""What a student has answered: a small file in the user's cache folder, on this machine alone.

It is written only when something was answered, and read only then: a notebook that is run with all
its questions left open prints the same whatever the file holds. Two kernels may write at once:
each adds to what is there.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from ..prose import say
from ..storage import alone, cache_folder, write_whole
from .reading import Value

FORMAT = "lenet_helpers answers 1"
SWITCH = "LENET_ANSWERS"  # an environment variable: "off" keeps nothing, as when an author records
Outcome = Literal["at once", "after a hint", "open"]


@dataclass(frozen=True)
class Try:
    """One answer to a question.

    Args:
        answer: What was answered.
        time: When, as ISO 8601 in UTC.
        right: None while the answer is not measured yet.
        thought: The key of the thought behind it; None: none is known.
        late: Whether the right answer had been shown before.
    """

    answer: Value
    time: str
    right: bool | None
    thought: str | None = None
    late: bool = False


@dataclass(frozen=True)
class Record:
    """All answers to one question, the first at first.

    Args:
        words: The question.
        tries: The answers.
        shown: Whether the right answer has been shown after one of them.
    """

    words: str
    tries: tuple[Try, ...] = ()
    shown: bool = False

    @property
    def outcome(self) -> Outcome:
        """How it went: the first answer counts, and after it those before the answer was shown."""
        if self.tries[0].right:
            return "at once"
        return "after a hint" if any(t.right and not t.late for t in self.tries) else "open"

    @property
    def thoughts(self) -> list[str]:
        """The keys of the thoughts that were met."""
        return list(dict.fromkeys(t.thought for t in self.tries if t.thought))


@dataclass(frozen=True)
class Exercise:
    """How an exercise went.

    Args:
        begun: When it was first checked.
        passed: When it first passed; None: it has not.
        thoughts: The keys of the thoughts that were met.
    """

    begun: str
    passed: str | None = None
    thoughts: tuple[str, ...] = ()


@dataclass
class Progress:
    """All answers of a student: notebook -> question -> record; and the exercises."""

    answers: dict[int, dict[str, Record]] = field(default_factory=dict)
    exercises: dict[str, Exercise] = field(default_factory=dict)


def now() -> str:
    """Return the time, as ISO 8601 in UTC."""
    return datetime.now(UTC).isoformat()


def answers_file() -> Path:
    """Return the file of the answers; it need not exist."""
    return cache_folder() / "answers.json"


def stored() -> Progress:
    """Return what the file holds; what cannot be read is kept aside under another name, and said.

    Raises:
        OSError: the file is there and may not be read, or not be kept aside.
    """
    path = answers_file()
    try:
        return from_data(json.loads(path.read_bytes()))
    except FileNotFoundError:
        return Progress()
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        aside = path.with_name(f"answers-set-aside-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.json")
        path.replace(aside)
        say(
            "The file of your answers is damaged, or not from this package. It is kept as "
            f"{aside}, and a new one begins."
        )
        return Progress()


def keep(notebook: int, key: str, record: Record) -> Record:
    """Add ``record`` to the file, to what is there of the same question, and return both as one.

    Raises:
        OSError: the file could not be written, or is not to be: LENET_ANSWERS=off.
    """
    path = _writable()
    with alone(path):
        begins = not path.exists()
        progress = stored()
        here = progress.answers.setdefault(notebook, {})
        here[key] = merged(here[key], record) if key in here else record
        _write(progress)
    if begins:
        say(f"Your answers are kept on this machine, in {path}. lh.forget_answers() deletes them.")
    return here[key]


def note_exercise(key: str, passed: bool, thought: str | None = None) -> None:
    """Keep how a check of the exercise ``key`` went; where that cannot be written, it is not.

    Args:
        key: The exercise, for example "1 output_size".
        passed: Whether it passed.
        thought: The key in ``MISCONCEPTIONS`` of what was recognised in it, if anything was.
    """
    try:
        with alone(_writable()):
            progress = stored()
            old = progress.exercises.get(key, Exercise(now()))
            thoughts = dict.fromkeys([*old.thoughts, *([thought] if thought else [])])
            first_passed = old.passed or (now() if passed else None)
            progress.exercises[key] = Exercise(old.begun, first_passed, tuple(thoughts))
            _write(progress)
    except OSError:
        return  # a check is worth more than its record


def forget_answers() -> None:
    """Delete the file with your answers and exercises."""
    path = answers_file()
    with alone(path):
        if path.exists():
            path.unlink()
            say(f"{path} is deleted: your answers are forgotten.")
        else:
            say("No answers are kept: there is nothing to forget.")


def merged(one: Record, other: Record) -> Record:
    """Return the answers of both records, in the order of their times."""
    tries: dict[tuple[str, str], Try] = {}
    for attempt in (*one.tries, *other.tries):
        mark = (attempt.time, repr(attempt.answer))
        if mark not in tries or tries[mark].right is None:
            tries[mark] = attempt
    ordered = tuple(tries[mark] for mark in sorted(tries))
    return Record(other.words, ordered, one.shown or other.shown)


def as_data(progress: Progress) -> dict[str, Any]:
    """Return ``progress`` as what JSON can hold."""
    return {
        "answers": {
            str(notebook): {key: asdict(record) for key, record in records.items()}
            for notebook, records in sorted(progress.answers.items())
        },
        "exercises": {key: asdict(exercise) for key, exercise in progress.exercises.items()},
    }


def from_data(data: Any) -> Progress:  # noqa: ANN401 (whatever a file holds)
    """Return the progress that :func:`as_data` made ``data`` of.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, IndexError: it did not.
    """
    if data.get("format", FORMAT) != FORMAT:
        raise ValueError(data["format"])
    return Progress(
        answers={
            int(notebook): {key: _record(record) for key, record in records.items()}
            for notebook, records in data["answers"].items()
        },
        exercises={
            key: Exercise(exercise["begun"], exercise["passed"], tuple(exercise["thoughts"]))
            for key, exercise in data["exercises"].items()
        },
    )


def _record(data: dict[str, Any]) -> Record:
    tries = []
    for attempt in data["tries"]:
        answer = attempt["answer"]
        answer = tuple(answer) if isinstance(answer, list) else answer
        if not isinstance(answer, int | float | str | tuple):
            raise TypeError(answer)
        datetime.fromisoformat(attempt["time"])
        tries.append(Try(**{**attempt, "answer": answer}))
    tries[0]  # a record without an answer is none
    return Record(data["words"], tuple(tries), data["shown"])


def _writable() -> Path:
    if os.environ.get(SWITCH) == "off":
        raise OSError(f"{SWITCH}=off")
    return answers_file()


def _write(progress: Progress) -> None:
    content = {"format": FORMAT, **as_data(progress)}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_whole(answers_file(), text.encode("utf-8"))
