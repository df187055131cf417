"""Run an attempt on one input: whatever it does, something is noted and nothing comes out."""

from __future__ import annotations

import contextlib
import copy
import dis
import inspect
import io
import itertools
import linecache
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, EllipsisType, FunctionType, TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from .answers import alike
from .exercise import Attempt, Case, Exercise, Facts
from .time_limit import StillRunningError, within

KEPT = 2000  # characters of what is printed: a loop for ever prints for ever
BLANK = {"RESUME", "NOP", "CACHE", "LOAD_CONST", "POP_TOP", "RETURN_CONST", "RETURN_VALUE"}


@dataclass(frozen=True)
class Outcome:
    """What an attempt did with one input.

    Args:
        value: What was observed, or None where it failed.
        error: What it failed with.
        printed: What it printed.
        changed: The argument that it changed; "" for none.
    """

    value: Any = None
    error: BaseException | None = None
    printed: str = ""
    changed: str = ""

    @property
    def returned(self) -> Any:  # noqa: ANN401
        """What the attempt returned: of several facts the first."""
        return next(iter(self.value.values())) if isinstance(self.value, Facts) else self.value

    def same_as(self, other: Outcome) -> bool:
        """Return whether both gave the same, or failed with the same words."""
        if self.error is not None or other.error is not None:
            on_purpose = isinstance(self.error, ValueError)  # its words are free
            told = on_purpose or str(self.error) == str(other.error)
            return type(self.error) is type(other.error) and told
        return alike(self.value, other.value)


class _Heard(io.StringIO):
    """Keeps the beginning of what is printed."""

    def write(self, text: str) -> int:
        return super().write(text[: max(0, KEPT - self.tell())])


def outcomes(
    exercise: Exercise, attempt: Attempt, cases: Sequence[Case], seconds: float | None = None
) -> Iterator[Outcome]:
    """Yield the outcome of each case; after an interrupt, or a call without end, no more.

    Random numbers are the same for every attempt.

    Args:
        exercise: Says how it is looked at.
        attempt: What is run.
        cases: The inputs.
        seconds: How long all of them may take together; None: as long as they like.
    """
    names = parameters(exercise.solution)
    torch.default_generator.manual_seed(0)
    end = None if seconds is None else time.monotonic() + seconds
    for case in cases:
        left = None if end is None else max(0.0, end - time.monotonic())
        outcome = _outcome(exercise, attempt, case, names, left)
        if isinstance(outcome.error, StillRunningError):
            outcome.error.seconds = seconds or 0.0
        yield outcome
        if isinstance(outcome.error, KeyboardInterrupt | RecursionError | StillRunningError):
            return


def _outcome(
    exercise: Exercise, attempt: Attempt, case: Case, names: list[str], seconds: float | None
) -> Outcome:
    given = copy.deepcopy(case.arguments)
    printed = _Heard()
    value, failed = None, None
    with contextlib.redirect_stdout(printed), torch.enable_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they come when the student calls it, and once is enough
        try:
            value = within(seconds, exercise.observe, attempt, *given)
        except (Exception, KeyboardInterrupt, SystemExit, StillRunningError) as error:
            failed = error
    changed = [
        name
        for name, before, after in zip(names, case.arguments, given, strict=False)
        if isinstance(before, Tensor | list) and not alike(before, after)
    ]
    return Outcome(value, failed, printed.getvalue(), changed[0] if changed else "")


def parameters(function: Attempt) -> list[str]:
    """Return the names of what ``function`` takes."""
    return list(inspect.signature(function).parameters)


def is_blank(attempt: Attempt) -> bool:
    """Return whether nothing has been written yet: every body is ``...``, ``pass`` or a text."""
    if isinstance(attempt, type):
        methods = [part for part in vars(attempt).values() if isinstance(part, FunctionType)]
        plain = set(attempt.__bases__) <= {object, nn.Module}  # others bring methods along
        return all(is_blank(method) for method in methods) and (bool(methods) or plain)
    code = getattr(attempt, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    return all(
        step.opname in BLANK
        and (not step.opname.endswith("CONST") or step.argval is None or step.argval is ...)
        for step in dis.get_instructions(code)
    )


def uses(attempt: Attempt, operator: str) -> bool:
    """Return whether ``attempt`` has a sum with ``operator``, such as "^"; "^=" counts too."""
    steps = (step for code in _codes(attempt) for step in dis.get_instructions(code))
    return any(s.opname == "BINARY_OP" and s.argrepr.rstrip("=") == operator for s in steps)


def writes(attempt: Attempt, number: object) -> bool:
    """Return whether ``number`` stands in the code of ``attempt``; 0 and 1 say nothing."""
    plain = isinstance(number, int | float) and number not in (0, 1)
    return plain and any(number in code.co_consts for code in _codes(attempt))


def _codes(attempt: Attempt) -> Iterator[CodeType]:
    """Yield the code of a function, and of the functions and comprehensions in it."""
    waiting = [getattr(attempt, "__code__", None)]
    while waiting:
        code = waiting.pop()
        if isinstance(code, CodeType):
            yield code
            waiting.extend(code.co_consts)


def returns_everywhere(attempt: Attempt) -> bool:
    """Return whether ``attempt`` is a function whose every end is a return with a value."""
    code = getattr(attempt, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname != "CACHE"]
    ends = [
        step if step.opname == "RETURN_CONST" else before
        for before, step in itertools.pairwise(steps)
        if step.opname.startswith("RETURN_") and step.opname != "RETURN_GENERATOR"
    ]
    return all(not end.opname.endswith("CONST") or end.argval is not None for end in ends)


def is_put_off(outcome: Outcome, attempt: Attempt) -> bool:
    """Return whether the attempt says that it is not written yet."""
    if isinstance(outcome.error, NotImplementedError):
        code = _frames(outcome.error.__traceback__)[-1].tb_frame.f_code
        return "NotImplementedError" in code.co_names and code.co_filename in _files(attempt)
    return isinstance(outcome.returned, EllipsisType)


def _frames(traceback: TracebackType | None) -> list[TracebackType]:
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    return frames


def place_of(error: BaseException, attempt: Attempt) -> str:
    """Return the student's line that failed, ", in the line `...`"; "" where it is not known."""
    for frame in reversed(_frames(error.__traceback__)):
        file = frame.tb_frame.f_code.co_filename
        line = linecache.getline(file, frame.tb_lineno).strip()
        if file in _files(attempt) and line:
            return f", in the line `{line}`"
    return ""


def _files(attempt: Attempt) -> set[str]:
    """Return where the code of ``attempt`` was written: a cell is a file too."""
    parts = vars(attempt).values() if isinstance(attempt, type) else [attempt]
    return {part.__code__.co_filename for part in parts if isinstance(part, FunctionType)}
