"""Say in words what an error in an attempt means: what stopped, where, and what to look for."""

from __future__ import annotations

import re

from .attempts import place_of
from .exercise import Attempt

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
    (r"name '(\w+)' is not defined", r"Nothing has the name \1 there: is it spelled rightly?"),
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


def failure(error: BaseException, attempt: Attempt) -> str:
    """Return a sentence or two about ``error``, which ``attempt`` stopped with."""
    if isinstance(error, RecursionError):
        return f"It calls itself without an end{place_of(error, attempt)}."
    if isinstance(error, SystemExit):
        return "It calls exit(), which would end Python. Write return."
    message = str(error).strip().split("\n")[0][:300]
    told = f"It stops with {type(error).__name__}{': ' if message else ''}{message}"
    told = f"{told.rstrip('.')}{place_of(error, attempt)}."
    for part, meaning in MEANINGS:
        found = re.search(part, message)
        if found:
            return f"{told} {found.expand(meaning)}"
    return told
