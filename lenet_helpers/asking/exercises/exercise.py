"""What an exercise is: one record, from which its cells, its check and its hints are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Attempt = Callable[..., Any]  # a function, or a class


def call(attempt: Attempt, *arguments: Any) -> Any:  # noqa: ANN401
    """Return what ``attempt`` gives: how most exercises are looked at."""
    return attempt(*arguments)


class Facts(dict[str, Any]):
    """What an ``observe`` saw, by name, the plainest first: what the attempt returned, if it does.

    A fact that is a text is told as it stands.
    """


@dataclass(frozen=True)
class Slip:
    """A known wrong version: whoever has its answers has probably had its thought.

    Args:
        key: The thought, as in ``MISCONCEPTIONS``.
        wrong: What somebody with that thought would have written.
    """

    key: str
    wrong: Attempt


@dataclass(frozen=True)
class Case:
    """One input that is tried.

    Args:
        arguments: What the function is called with; each call gets a copy.
        told: The input in words; "": the arguments by name.
    """

    arguments: tuple[Any, ...]
    told: str = ""


@dataclass(frozen=True)
class Exercise:
    """A function or a class for the student to write.

    Args:
        notebook: The notebook that asks for it, by its number.
        solution: Ours. Its name is the exercise's key, its docstring the task.
        cases: The inputs to try, the smallest first.
        slips: Known wrong versions; of two that fit, the first is named.
        hints: Two; neither holds the answer.
        observe: ``observe(attempt, *arguments)`` gives what is compared, where that is not just
            what the attempt returns: for example the weights that it has changed. Several things
            come as :class:`Facts`.
        also: What a right attempt is told besides.
    """

    notebook: int
    solution: Attempt
    cases: Callable[[], Sequence[Case]]
    slips: tuple[Slip, ...]
    hints: tuple[str, str]
    observe: Attempt = call
    also: str = ""

    @property
    def key(self) -> str:
        """The name of the exercise, and of what the student writes."""
        return self.solution.__name__
