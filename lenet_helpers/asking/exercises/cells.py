"""The cells of an exercise in its notebook: made from the record, so that they cannot differ."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import NamedTuple

from .catalogue import EXERCISES
from .exercise import Exercise


class Cells(NamedTuple):
    """The sources of an exercise's cells.

    Args:
        stub: A code cell: the first line, the task, and ``...`` for the student to replace.
        check: A code cell of one line.
        help: A Markdown cell: two hints and the worked solution, folded.
    """

    stub: str
    check: str
    help: str


def as_cells(key: str) -> Cells:
    """Return the cells of the exercise ``key``.

    Raises:
        ValueError: there is no exercise ``key``.
    """
    if key not in EXERCISES:
        raise ValueError(f"key={key!r} is no exercise. These are: {', '.join(sorted(EXERCISES))}.")
    exercise = EXERCISES[key]
    folded = [
        _folded("First hint", exercise.hints[0]),
        _folded("Second hint", exercise.hints[1]),
        _folded("A solution", f"```python\n{solution_source(exercise)}\n```"),
    ]
    line = f'{key} = lh.check("{key}", {key})'
    return Cells(stub_source(exercise), line, "\n\n".join(folded))


def stub_source(exercise: Exercise) -> str:
    """Return the solution without what solves it: every body but a docstring is ``...``."""
    lines, tree = _read(exercise)
    kept = []
    for node in [tree, *(part for part in tree.body if isinstance(part, ast.FunctionDef))]:
        kept += lines[node.lineno - 1 : node.body[0].lineno - 1]
        if ast.get_docstring(node) is not None:
            kept += lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
        if isinstance(node, ast.FunctionDef):
            kept += [" " * (node.col_offset + 4) + "..."]
        kept += [""]
    return "\n".join(kept).strip()


def solution_source(exercise: Exercise) -> str:
    """Return the source of the solution without its docstring, which the stub has already."""
    lines, tree = _read(exercise)
    docstring = tree.body[0]
    rest = lines[docstring.end_lineno :]
    return "\n".join(lines[: docstring.lineno - 1] + rest).replace(":\n\n", ":\n", 1).strip()


def _read(exercise: Exercise) -> tuple[list[str], ast.FunctionDef | ast.ClassDef]:
    source = textwrap.dedent(inspect.getsource(exercise.solution))
    (tree,) = ast.parse(source).body
    assert isinstance(tree, ast.FunctionDef | ast.ClassDef)
    return source.splitlines(), tree


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n</details>"
