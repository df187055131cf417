"""Check what a student has written, say in words how it stands, and hand back what works.

An attempt is tried on all cases of its exercise. Where it fails, the smallest case is told. The
likely thought is named where one of the known wrong versions gives the same as the attempt in
every case: then it explains all that was seen.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import EllipsisType
from typing import Any, Literal

import torch

from ...prose import say
from ..errors import end_queue, running_shell
from ..misconceptions import MISCONCEPTIONS
from ..progress import note_exercise
from .answers import alike, difference, shown
from .attempts import (
    Outcome,
    is_blank,
    is_put_off,
    outcomes,
    parameters,
    returns_everywhere,
    uses,
    writes,
)
from .catalogue import EXERCISES
from .exercise import Attempt, Case, Exercise, Facts
from .failures import failure
from .idle import idle_line, unused_argument
from .time_limit import StillRunningError

State = Literal["right", "wrong", "not attempted", "stopped"]


@dataclass(frozen=True)
class Verdict:
    """How an attempt stands.

    Args:
        state: "right", "wrong", "not attempted" or "stopped" (by an interrupt).
        words: What is to be said.
        misconception: The key of the thought that was recognised.
        tried: How many cases were tried.
    """

    state: State
    words: str
    misconception: str | None = None
    tried: int = 0


NOT_ATTEMPTED = Verdict(
    "not attempted",
    "not attempted yet. Write it in place of the ..., run that cell, then this one.",
)
GOES_ON = "Until then the notebook goes on with ours."
NOTHING = "It returns nothing."
PATIENCE = 5.0  # seconds for all inputs together; where ours takes long, SLOWER times ours
SLOWER = 20
_last: dict[str, Verdict] = {}  # of each exercise, while the notebook goes on with ours


def check(key: str, attempt: object) -> Callable[..., Any]:
    """Say whether ``attempt`` solves the exercise ``key``, and hand back a version that works.

    >>> output_size = lh.check("output_size", output_size)  # doctest: +SKIP

    Whatever the attempt does (an error, a wrong type, no return, ...) is told in words; a loop
    without an end is stopped after some seconds. Nothing is lost by the assignment: the line can be
    run again, and says the same of the same attempt.

    Args:
        key: The name of the exercise.
        attempt: The function, or the class, that the student wrote.

    Returns:
        ``attempt`` if it is right, else our solution: the notebook goes on with it.

    Raises:
        ValueError: there is no exercise ``key``.
    """
    if key not in EXERCISES:
        raise ValueError(f"key={key!r} is no exercise. These are: {', '.join(sorted(EXERCISES))}.")
    exercise = EXERCISES[key]
    again = attempt is exercise.solution  # the line alone was run again: nothing new was written
    verdict = _last.get(key, NOT_ATTEMPTED) if again else judge(exercise, attempt)
    goes_on = {"right": "", "wrong": f"\n{GOES_ON}"}.get(verdict.state, f" {GOES_ON}")
    say(f"{_unread(key) or _misnamed(key)}{key}: {verdict.words}{goes_on}")
    if again:
        return exercise.solution
    if verdict.state == "stopped":
        end_queue("The cells that wait were not run.")
    if verdict.state in ("right", "wrong"):
        note_exercise(key, verdict.state == "right", verdict.misconception)
    if verdict.state == "right" and callable(attempt):
        _last.pop(key, None)
        return attempt
    _last[key] = verdict
    return exercise.solution


def judge(exercise: Exercise, attempt: object) -> Verdict:
    """Return how ``attempt`` stands; nothing is printed, noted or kept."""
    if attempt is None or isinstance(attempt, EllipsisType):
        return NOT_ATTEMPTED
    if not callable(attempt):
        return Verdict(
            "wrong",
            f"what was given is not a function but {shown(attempt)}. Give the name alone, without "
            f'brackets: lh.check("{exercise.key}", {exercise.key}).',
        )
    if isinstance(attempt, type) != isinstance(exercise.solution, type):
        what = "a class" if isinstance(exercise.solution, type) else "a function"
        words = f"{exercise.key} must be {what}. Give its name alone, without brackets."
        return Verdict("wrong", words)
    if is_blank(attempt):
        return NOT_ATTEMPTED
    unlike = _unlike_call(exercise, attempt)
    if unlike:
        return Verdict("wrong", unlike)
    with torch.random.fork_rng(devices=[]):  # the notebook's own numbers go on as they would
        return _tried(exercise, attempt)


def _tried(exercise: Exercise, attempt: Attempt) -> Verdict:
    cases = list(exercise.cases())
    started = time.monotonic()
    ours = list(outcomes(exercise, exercise.solution, cases))
    seconds = max(PATIENCE, SLOWER * (time.monotonic() - started))
    theirs = list(outcomes(exercise, attempt, cases, seconds))
    if isinstance(theirs[-1].error, KeyboardInterrupt):
        place = _told(exercise, cases[len(theirs) - 1])
        return Verdict("stopped", f"you stopped it at {place}. Is there a loop that never ends?")
    for case, given, right in zip(cases, theirs, ours, strict=False):
        if is_put_off(given, attempt):
            return NOT_ATTEMPTED
        if _is_right(given, right):
            continue
        thought = _thought(exercise, attempt, cases, theirs, ours)
        thought = thought or _in_the_code(exercise, attempt, theirs)
        told = _told(exercise, case)
        seen = _what_happened(given, right, attempt)
        words = [f"not right yet. The smallest input where it fails: {told}. {seen}"]
        words += [_printed(given), idle_line(attempt), "" if thought else unused_argument(attempt)]
        words += [_advice(thought)]  # a line each: they are read one by one
        return Verdict("wrong", "\n".join(filter(None, words)), thought, len(cases))
    also = f" {exercise.also}" if exercise.also else ""
    return Verdict("right", f"right, on all {len(cases)} inputs tried.{also}", None, len(cases))


def _unlike_call(exercise: Exercise, attempt: Attempt) -> str:
    """Return why ``attempt`` cannot be called as the notebook calls it; "" where it can."""
    ours = inspect.signature(exercise.solution)
    first = f"{exercise.key}{ours}"
    try:
        theirs = inspect.signature(attempt)
    except (TypeError, ValueError):  # some built-in functions do not say
        return ""
    try:
        theirs.bind(*ours.parameters)
    except TypeError as error:
        return f"it must be called as {first}, and yours cannot be: {error}. Keep the first line."
    for name, parameter in ours.parameters.items():
        by_name = parameter.default is not inspect.Parameter.empty
        if by_name and (
            name not in theirs.parameters
            or shown(theirs.parameters[name].default) != shown(parameter.default)
        ):
            return (
                f"it must be called as {first}: yours has no {name}={parameter.default}. Keep the "
                "first line as it was."
            )
    return ""


def _is_right(given: Outcome, right: Outcome) -> bool:
    if given.changed:
        return False
    if right.error is not None:
        return isinstance(given.error, type(right.error))
    return given.error is None and not difference(given.value, right.value)


def _thought(
    exercise: Exercise,
    attempt: Attempt,
    cases: list[Case],
    theirs: list[Outcome],
    ours: list[Outcome],
) -> str | None:
    """Return the key of the thought that explains the outcomes; None where none does."""
    pairs = zip(theirs, ours, strict=False)
    first, expected = next(pair for pair in pairs if not _is_right(*pair))
    if isinstance(first.error, StillRunningError):
        return "loop without end"
    if first.error is None and expected.error is None and expected.returned is not None:
        if first.returned is None and first.printed.strip():
            return "print for return"
        if first.returned is None:
            if returns_everywhere(attempt):
                return "None on the way"
            ever = any(outcome.returned is not None for outcome in theirs)
            return "way without return" if ever else "nothing returned"
        if isinstance(first.returned, str) and not isinstance(expected.returned, str):
            return "text for number"
    if first.changed:
        return "argument changed"
    if isinstance(first.value, type(expected.error)) and expected.error is not None:
        return "error returned"
    for slip in exercise.slips:
        wrong = outcomes(exercise, slip.wrong, cases)  # as far as they agree, and no further
        if all(given.same_as(other) for given, other in zip(theirs, wrong, strict=False)):
            return slip.key
    if isinstance(first.value, float) and type(expected.value) is int:
        return "division with a rest"
    return None


def _in_the_code(exercise: Exercise, attempt: Attempt, theirs: list[Outcome]) -> str | None:
    """Return the key of a thought that the code itself shows; None where it shows none."""
    if uses(attempt, "^") and not uses(exercise.solution, "^"):
        return "^ for a power"
    first = theirs[0].value
    constant = all(given.error is None and alike(given.value, first) for given in theirs)
    return "number written in" if constant and writes(attempt, first) else None


def _what_happened(given: Outcome, right: Outcome, attempt: Attempt) -> str:
    if given.error is not None:
        told = failure(given.error, attempt)
    elif given.changed:
        return f"It changes {given.changed}, which belongs to whoever calls it."
    elif right.error is None:
        told = NOTHING if given.returned is None else difference(given.value, right.value)
    else:
        told = f"It gives {shown(given.value)}." if given.value is not None else NOTHING
    if right.error is not None:
        return f"{told} Expected is that it raises a {type(right.error).__name__}."
    if given.error is None and given.returned is not None:
        return told  # with what is expected
    return told if isinstance(right.value, Facts) else f"{told} Expected is {shown(right.value)}."


def _advice(thought: str | None) -> str:
    if thought is None:
        return ""
    known = MISCONCEPTIONS[thought]
    return (
        f"It looks as if {known.thought}. {known.hint} "
        f'(Notebook {known.notebook}, "{known.section}".)'
    )


def _printed(outcome: Outcome) -> str:
    text = " ".join(outcome.printed.split())
    return f'It printed "{text[:200]}{" ..." if len(text) > 200 else ""}".' if text else ""


def _told(exercise: Exercise, case: Case) -> str:
    if case.told:
        return case.told
    names = parameters(exercise.solution)
    return ", ".join(f"{n}={shown(v)}" for n, v in zip(names, case.arguments, strict=False))


def _misnamed(name: str) -> str:
    """Return a warning if the cell before this one writes a function of another, like name."""
    written = re.findall(r"^(?:def|class)\s+(\w+)", "".join(_cells()[-2:-1]), re.MULTILINE)
    if name in written or not difflib.get_close_matches(name, set(written) - set(EXERCISES)):
        return ""
    return (
        f"The cell before writes {', '.join(written)}, and this exercise is called {name}. This is "
        "about what has that name:\n"
    )


def _cells() -> list[str]:
    """Return the sources of the cells that were run, this one last."""
    shell = running_shell()
    return [] if shell is None else list(shell.user_ns.get("In", []))


def _unread(name: str) -> str:
    """Return a warning if the newest cell that defines ``name`` is not Python; else "".

    Such a cell shows a SyntaxError and changes nothing: what is checked is older.
    """
    cells = _cells()
    for source in reversed(cells):
        if not re.search(rf"^\s*(def|class)\s+{name}\b", source, re.MULTILINE):
            continue
        try:  # to parse is not enough: "jump =* 2" is found when it is compiled
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(source, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            return (
                f"The newest cell with {name} has a SyntaxError in its line {error.lineno}, so "
                "Python has not read it. This is about the version before it:\n"
            )
        return ""
    return ""
