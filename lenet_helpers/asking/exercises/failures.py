"""Say in words what an error in an attempt means: what stopped, where, and what to look for."""

from __future__ import annotations

import math
import re
from types import FunctionType

import torch
from torch import nn

from .attempts import place_of
from .exercise import Attempt
from .time_limit import StillRunningError

# (part of the message, what it usually means); \1 is the first group
MEANINGS = (
    (
        r"'(?:int|float|Tensor)' object is not callable",
        "A number stands directly before a bracket: is a * missing there, as in d * (k - 1)?",
    ),
    (
        r"name '(math|np|nn|F|plt)' is not defined",
        r"\1 is a module, or its short name: a cell must import it first.",
    ),
    (
        r"name '(\w+)' is not defined",
        r"Nothing has the name \1 there: is it spelled rightly, and has this notebook run the cell "
        "that defines it?",
    ),
    (
        r"cannot access local variable '(\w+)'",
        r"\1 is used before it gets a value: give it one before the loop.",
    ),
    (
        r"(?:index \S+ is|list index|tuple index) out of (?:bounds|range)",
        "An index reaches past the end: how many places are there? They are counted from 0.",
    ),
    (
        r"indices must be integers or slices",
        "A place in a list is a whole number: does the loop go over the entries, or over places?",
    ),
    (r"non-empty TensorList", "The list is empty: how often does the loop run for this input?"),
    (r"division by zero|modulo by zero", "A divisor is 0: which of the arguments is it?"),
    (
        r"size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\)",
        r"Two tensors are put together whose sides are \1 and \2: do both lie on the same pixels?",
    ),
    (
        r"mat1 and mat2 shapes cannot be multiplied \(\d+x(\d+) and (\d+)x\d+\)",
        r"A dense layer was made for \2 numbers and gets \1.",
    ),
    (
        r"Boolean value of Tensor with more than one value",
        "if and while want one True or False, and here a tensor has several: compare a single "
        "number, or count in the whole tensor at once.",
    ),
    (
        r"could not infer output dtype|can't be cast to the desired output type",
        "Bytes, and True and False, have no fractions: make floating-point numbers of them first.",
    ),
    (
        r"values to unpack",
        "There are more names on the left, or fewer, than parts on the right: how many parts has "
        "it? A for loop takes them one after the other.",
    ),
    (
        r"object is not iterable",
        "A loop, or a star, goes through something that is a single thing.",
    ),
    (
        r"isinstance\(\) arg 2",
        "isinstance wants a class, such as nn.Linear; a name in quotation marks is a text.",
    ),
    (
        r"Fan in and fan out can not be computed",
        "Xavier's rule needs the inputs and the outputs of a weight; a bias has no inputs.",
    ),
    (
        r"as parameter '(\w+)'",
        r"The \1 of a layer is not replaced: nn.init changes its numbers where they are.",
    ),
    (
        r"before Module\.__init__\(\) call",
        "The first line of __init__ must be super().__init__().",
    ),
    (
        r'missing the required "forward" function',
        "A network says in forward what happens: there is none, or its name is misspelled.",
    ),
    (
        r"does not require grad",
        "backward() needs a loss that was computed from the weights, outside of torch.no_grad().",
    ),
    (
        r"leaf Variable that requires grad",
        "Weights that learn are changed in torch.no_grad(), or with nn.init.",
    ),
    (
        r"shape '.*' is invalid for input of size (\d+)",
        r"There are \1 numbers: they do not fill that shape. Is a size written in, or is a picture "
        "lost?",
    ),
    (
        r"(?:not enough|too many) values to unpack",
        "As many names stand on the left as there are values in one example. Has every input so "
        "many?",
    ),
    (
        r"'int' object is not iterable",
        "A number cannot be gone through one by one: range(...) makes numbers to go through.",
    ),
    (
        r"more than one value is ambiguous",
        "Many truth values where one is needed: must all be true, or is one enough? .all() or "
        ".any() says it.",
    ),
    (
        r"unsupported operand type.*'(?:function|builtin_function_or_method|method)'",
        "A function stands there without its brackets: they call it, and give its result.",
    ),
    (
        r"Dimension out of range|Expected 3D \(unbatched\) or 4D",
        "A tensor has fewer axes than are asked for. PyTorch's layers for pictures want (pictures, "
        "channels, height, width).",
    ),
    (
        r"(?:zeros|ones|empty|reshape)\(\) takes 1 positional argument|"
        r"(?:zeros|ones|empty|randn?|view|reshape)\(\) received an invalid combination .*float|"
        r"must be tuple of ints,.*float",
        "Its sides must be whole numbers: // gives one, / does not.",
    ),
    (
        r"exceptions must derive from BaseException",
        "A text alone cannot be raised; ValueError(...) with the text in it can.",
    ),
    (
        r"list is not a Module subclass",
        "nn.Sequential takes its layers one by one: a * before the list hands them over so.",
    ),
    (
        r"'(tuple|list)' object has no attribute '(?:flatten|dim|size|shape|float)'",
        r"A tensor is wanted here, and this is a \1.",
    ),
    (
        r"unsupported operand type\(s\) for .+'(?:tuple|list)'",
        "A tuple or a list holds several numbers: take one of them by its place, as in sides[0].",
    ),
    (
        r"NoneType",
        "Something on that line is None: a value that nobody has given, or a function without "
        "return.",
    ),
    (
        r"unsupported operand",
        "Something on that line is not what it should be: print the type of its parts.",
    ),
    (
        r"module 'torch.nn' has no attribute '([a-z]\w*)'",
        r"There is no nn.\1: is it spelled rightly? Layers begin with a capital letter.",
    ),
    (
        r"'(\w+)' object has no attribute '(\w+)'",
        r"A \1 has no .\2: is it spelled rightly, and is a \1 what you mean to have there?",
    ),
    (r"has no attribute '(\w+)'", r"There is no .\1 here: is it spelled rightly?"),
)


MODULES = {"math": math, "nn": nn, "torch": torch}  # where a name without its module may belong


def failure(error: BaseException, attempt: Attempt) -> str:
    """Return a sentence or two about ``error``, which ``attempt`` stopped with."""
    if isinstance(error, RecursionError):
        return f"It calls itself without an end{place_of(error, attempt)}."
    if isinstance(error, StillRunningError):
        return (
            f"It was still running after {error.seconds:.0f} seconds and has been stopped"
            f"{place_of(error, attempt)}."
        )
    if isinstance(error, SystemExit):
        return "It calls exit(), which would end Python. Write return."
    message = str(error).strip().split("\n")[0][:300]
    told = f"It stops with {type(error).__name__}{': ' if message else ''}{message}"
    told = f"{told.removesuffix(', but expected one of:').rstrip('.')}{place_of(error, attempt)}."
    if isinstance(attempt, type):
        if isinstance(error, AttributeError) and "__init__" not in vars(attempt):
            return f"{told} It has no __init__: two underscores stand on each side of the name."
        if isinstance(error, NameError) and _is_kept_in(attempt, str(error.name)):
            return f"{told} It is made as self.{error.name}: write self. here too."
    if type(error) is NameError:
        for module, content in MODULES.items():
            if hasattr(content, error.name or ""):
                return f"{told} Is {module}.{error.name} meant?"
    for part, meaning in MEANINGS:
        found = re.search(part, message)
        if found:
            return f"{told} {found.expand(meaning)}"
    return told


def _is_kept_in(attempt: type, name: str) -> bool:
    """Return whether a method of ``attempt`` has self.``name``."""
    methods = [part for part in vars(attempt).values() if isinstance(part, FunctionType)]
    return any(
        name in method.__code__.co_names for method in methods if method.__name__ == "__init__"
    )
