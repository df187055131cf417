"""Find what Python takes without a word: lines that do nothing, and arguments that nobody uses."""

from __future__ import annotations

import ast
import inspect
import textwrap

from .exercise import Attempt

# Methods of tensors that give something new and leave the tensor as it is
MAKES_NEW = {
    "argmax", "clone", "double", "flatten", "float", "item", "long", "mean", "permute", "reshape",
    "softmax", "squeeze", "sum", "tolist", "transpose", "unsqueeze", "view",
}  # fmt: skip


def idle_line(attempt: Attempt) -> str:
    """Return a sentence about the first line of ``attempt`` that does nothing; "" for none."""
    for statement in ast.walk(_parsed(attempt)):
        told = _idle(statement)
        if told:
            return f"The line `{' '.join(ast.unparse(statement).split())}` {told}"
    return ""


def unused_argument(attempt: Attempt) -> str:
    """Return a sentence about an argument that ``attempt`` never looks at; "" for none."""
    written = next(iter(_parsed(attempt).body), None)
    if not isinstance(written, ast.FunctionDef):
        return ""
    for argument in [one.arg for one in written.args.args]:
        using = [line for line in written.body if argument in _names(line)]
        if not using:
            return f"It never uses {argument}, which it is called with."
        first = using[0]
        if (
            isinstance(first, ast.Assign)
            and any(argument in _names(target) for target in first.targets)
            and argument not in _names(first.value)
        ):
            return f"It puts something else in the place of {argument}, which it is called with."
    return ""


def _parsed(attempt: Attempt) -> ast.Module:
    """Return the code of ``attempt``; nothing where it is not known."""
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(attempt)))
    except (OSError, TypeError, SyntaxError):
        return ast.Module([], [])


def _names(part: ast.AST) -> set[str]:
    return {name.id for name in ast.walk(part) if isinstance(name, ast.Name)}


def _idle(statement: ast.AST) -> str:
    if isinstance(statement, ast.Assign):
        plus = isinstance(statement.value, ast.UnaryOp) and isinstance(statement.value.op, ast.UAdd)
        return "adds nothing: += adds, =+ does not." if plus else ""
    if not isinstance(statement, ast.Expr):
        return ""
    value = statement.value
    if isinstance(value, ast.Attribute):
        return "does nothing: a method is called with brackets, ()."
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr in ("no_grad", "inference_mode"):
            return (
                "does nothing alone: it belongs behind with, and the lines under it are moved in."
            )
        idle = value.func.attr in MAKES_NEW
        return "makes something new, and nothing keeps it: give it a name." if idle else ""
    if isinstance(value, ast.BinOp | ast.Compare | ast.Name | ast.Subscript | ast.UnaryOp):
        return "does nothing: it computes something, and nothing keeps it."
    return ""
