"""Run an attempt on one input: whatever it does, something is noted and nothing comes out."""

from __future__ import annotations

import contextlib
import copy
import dis
import inspect
import io
import linecache
from dataclasses import dataclass
from types import CodeType, EllipsisType, FunctionType, TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from .answers import alike
from .exercise import Attempt, Case, Exercise

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
        return next(iter(self.value.values())) if isinstance(self.value, dict) else self.value

    def same_as(self, other: Outcome) -> bool:
        """Return whether both gave the same, or failed with the same words."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error) and str(self.error) == str(other.error)
        return alike(self.value, other.value)


def run_all(exercise: Exercise, attempt: Attempt, cases: list[Case]) -> list[Outcome]:
    """Return the outcome of each case; after an interrupt, or a call without end, no more.

    Random numbers are the same for every attempt; the notebook's own go on as if nothing had been
    drawn.
    """
    names = parameters(exercise.solution)
    outcomes = []
    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.default_generator.manual_seed(0)
        for case in cases:
            outcomes.append(_run(exercise, attempt, case, names))
            if isinstance(outcomes[-1].error, KeyboardInterrupt | RecursionError):
                break
    return outcomes


def _run(exercise: Exercise, attempt: Attempt, case: Case, names: list[str]) -> Outcome:
    given = copy.deepcopy(case.arguments)
    printed = io.StringIO()
    value, failed = None, None
    with contextlib.redirect_stdout(printed):
        try:
            value = exercise.observe(attempt, *given)
        except (Exception, KeyboardInterrupt, SystemExit) as error:
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


def is_put_off(outcome: Outcome) -> bool:
    """Return whether the attempt says that it is not written yet."""
    if isinstance(outcome.error, NotImplementedError):
        frames = _frames(outcome.error.__traceback__)
        return "NotImplementedError" in frames[-1].tb_frame.f_code.co_names
    return isinstance(outcome.returned, EllipsisType)


def _frames(traceback: TracebackType | None) -> list[TracebackType]:
    frames = []
    while traceback is not None:
        frames.append(traceback)
        traceback = traceback.tb_next
    return frames


def place_of(error: BaseException, attempt: Attempt) -> str:
    """Return the student's line that failed, ", in the line `...`"; "" where it is not known."""
    codes = [attempt, *vars(attempt).values()] if isinstance(attempt, type) else [attempt]
    files = {part.__code__.co_filename for part in codes if isinstance(part, FunctionType)}
    for frame in reversed(_frames(error.__traceback__)):
        file = frame.tb_frame.f_code.co_filename
        line = linecache.getline(file, frame.tb_lineno).strip()
        if file in files and line:
            return f", in the line `{line}`"
    return ""
