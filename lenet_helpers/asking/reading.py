"""Reads an answer as it was written: ``(1, 16, 5, 5)``, "16x10x10", "2,416", "10 %", "dense 1".

What means the right thing is read as the right thing. What cannot be read is said to be unreadable,
with what is expected; it is never taken for a wrong answer. Nothing here knows the right answer.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["whole", "side", "number", "share", "shape", "word"]
Value = int | float | str | tuple[int, ...]

EXPECTED: dict[str, str] = {
    "whole": "a whole number, such as 12",
    "side": "one whole number, the pixels along one axis, such as 12",
    "number": "a number, such as 12.5",
    "share": "a share from 0 to 1, such as 0.25, or a percentage in quotes, such as '25 %'",
    "shape": "whole numbers in brackets, such as (3, 4)",
}
COUNTED = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
NUMBERS = {name: number for number, name in enumerate(COUNTED)} | {"none": 0, "nothing": 0}
SHARES = {
    **{"none": 0.0, "nothing": 0.0, "all": 1.0, "nearly all": 0.95, "most": 0.8},
    **{"half": 0.5, "a half": 0.5, "one half": 0.5, "about a half": 0.5, "about half": 0.5},
    **{"a third": 1 / 3, "two thirds": 2 / 3, "a quarter": 0.25, "three quarters": 0.75},
    **{"a fifth": 0.2, "a tenth": 0.1, "one tenth": 0.1, "about a tenth": 0.1},
}
COMMAS = " A comma makes two numbers of one in Python: write 12345, and 0.5 with a point."
FRACTIONS = " A side is a whole number of places: what becomes of a part of a step?"
LARGEST = 10**15  # above it nothing is asked for, and floating-point numbers lose digits
SHOWN = 40  # characters of an answer that a message repeats


@dataclass(frozen=True)
class Reading:
    """An answer that was read.

    Args:
        value: What it means: a whole number where it is one, a share from 0 to 1, a tuple, a word.
        note: What to say about its form; "" where there is nothing to say.
        thought: The key of the thought that its form shows; None: it shows none.
    """

    value: Value
    note: str = ""
    thought: str | None = None


class UnreadableError(ValueError):
    """An answer cannot be read; the message says what is expected."""


def read(
    answer: object,
    kind: Kind,
    words: Mapping[str, Value] | None = None,
    choices: Sequence[str] = (),
) -> Reading:
    """Return what ``answer`` means.

    Args:
        answer: Whatever was written: a number, a tuple, an array, a text.
        kind: What is asked for. "side" is a whole number of pixels along one axis.
        words: Words that may be answered, in any spelling, and what each means.
        choices: The words to name where one of them is expected.

    Raises:
        UnreadableError: it means nothing of this kind. No other error comes, whatever it is.
    """
    words = words or {}
    try:
        plain = _plain(answer)
        meant = _word(plain, words)
        if meant is not None:
            return meant
        if kind == "share":
            return _from_0_to_1(_share(plain))
        if kind == "shape":
            return Reading(_shape(plain))
        if kind == "side":
            return _side(plain)
        if kind == "number":
            return Reading(_number(_alone(plain), decimal_comma=True))
        if kind != "word":
            return _whole(plain)
    except Exception:  # an answer may be any object, also one whose methods fail
        pass
    told = f"{shown(answer)} cannot be read. Expected: {expected(kind, choices)}."
    raise UnreadableError(told + _advice(answer, kind))


def _advice(answer: object, kind: Kind) -> str:
    """Return how to write what was probably meant; "" where nothing is known."""
    kinds = [type(part) for part in answer] if isinstance(answer, tuple) else []
    if kind in ("whole", "number", "share") and kinds[:2] == [int, int]:
        return COMMAS
    fractions = kind == "shape" and len(kinds) > 1 and set(kinds) == {int, float}
    return FRACTIONS if fractions else ""


def expected(kind: Kind, choices: Sequence[str]) -> str:
    """Return what an answer of ``kind`` looks like, as the end of a sentence."""
    if kind != "word":
        return EXPECTED[kind]
    return "one of " + ", ".join(f'"{word}"' for word in choices)


def shown(value: object) -> str:
    """Return ``value`` as it is shown: "2,416", "0.783", "(1, 16, 5, 5)", or its short code."""
    if isinstance(value, str):
        text = value if value.strip() else repr(value)
    elif isinstance(value, tuple):
        text = _code(tuple(value))
    elif isinstance(value, bool) or not isinstance(value, int | float):
        text = _code(value)
    elif isinstance(value, float) and not value.is_integer():
        text = f"{value:,.3f}" if abs(value) >= 0.001 else f"{value:g}"
    else:
        text = f"{int(value):,}" if abs(value) <= LARGEST else "a very large number"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} ..."


def repeated(value: Value) -> str:
    """Return somebody's answer as it is repeated: ``shown``, but 8.5 stays "8.5"."""
    text = shown(value)
    is_exact = isinstance(value, float) and round(value, 3) == value and "." in text
    return text.rstrip("0") if is_exact else text


def _code(value: object) -> str:
    try:
        code = " ".join(repr(value).split())
    except Exception:  # it is somebody's object, or a number of thousands of digits
        code = "<"
    return f"something of type {type(value).__name__}" if code.startswith("<") else code


def _plain(answer: object) -> int | float | str | list[object]:
    """Return an answer of Python's own types: arrays and tensors give their numbers."""
    if isinstance(answer, bool):
        raise UnreadableError
    if isinstance(answer, str):
        text = " ".join(answer.replace("−", "-").split()).strip("\"'` ").rstrip(".?! ")
        return text.casefold()
    if isinstance(answer, tuple | list):
        return [_plain(part) for part in answer[:10]]
    axes = getattr(answer, "shape", None)
    if axes is not None:
        if math.prod(axes) == 1:
            return _plain(answer.item())  # type: ignore[attr-defined] # an array, or a tensor
        if len(axes) != 1 or axes[0] > 10:
            raise UnreadableError
        return [_plain(part) for part in answer.tolist()]  # type: ignore[attr-defined]
    if isinstance(answer, int):
        return answer
    return float(answer)  # type: ignore[arg-type] # else it raises: it is no number


def _alone(plain: object) -> object:
    """Return what stands alone in brackets."""
    return plain[0] if isinstance(plain, list) and len(plain) == 1 else plain


def _word(plain: object, words: Mapping[str, Value]) -> Reading | None:
    """Return the word of ``words`` that was meant; None if it is none of them."""
    plain = _alone(plain)
    if isinstance(plain, list) or not words:
        return None
    spelled = {_letters(word): meant for word, meant in words.items()}
    if isinstance(plain, float) and plain.is_integer():
        plain = int(plain)
    asked = re.sub(r"^(the|an?|with|it is|its) ", "", str(plain))
    for form in (_letters(str(plain)), _letters(asked), _letters(asked).removesuffix("s")):
        if form in spelled:
            return Reading(spelled[form])
    if isinstance(plain, str) and not re.search(r"\d", plain):
        near = _nearest(_letters(asked), spelled)
        if len(near) == 1 and len(near[0]) > 4:
            return Reading(spelled[near[0]], f'Read as "{spelled[near[0]]}".')
    return None


def _nearest(written: str, spelled: Mapping[str, Value]) -> list[str]:
    """Return the nearest word; two if another one is as near and means something else."""
    near = difflib.get_close_matches(written, spelled, n=len(spelled), cutoff=0.85)
    scores = [difflib.SequenceMatcher(None, word, written).ratio() for word in near]
    as_near = [word for word, score in zip(near, scores, strict=True) if score == scores[0]]
    return near[:1] + [word for word in as_near if spelled[word] != spelled[near[0]]][:1]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())


def _number(plain: object, decimal_comma: bool = False) -> int | float:
    """Return the number that was written; a whole one as int."""
    if isinstance(plain, str):
        plain = _written_number(plain, decimal_comma)
    if not isinstance(plain, int | float) or not -LARGEST <= plain <= LARGEST:  # NaN too
        raise UnreadableError
    return int(plain) if plain == int(plain) else plain


def _written_number(text: str, decimal_comma: bool) -> int | float:
    text = text.strip("()[], ")
    if text in NUMBERS:
        return NUMBERS[text]
    logarithm = re.fullmatch(r"(-?) ?(?:ln|(?:math|np|torch)?\.?log) ?\(? ?([\d.]+) ?\)?", text)
    if logarithm:
        return (-1 if logarithm[1] else 1) * math.log(float(logarithm[2]))
    # A number, and perhaps its unit; also "~28" and "about 28".
    found = re.fullmatch(
        r"(?:about|around|~|≈|=)? ?([-+]?[\d][\d.,'_  ]*(?:e-?\d+)?|\.\d+)(.*)", text
    )
    if not found or re.search(r"[\d(){}\[\]/*+^]", found[2]):
        raise UnreadableError
    digits = re.sub(r"(?<=\d)['_  ](?=\d{3})", "", found[1].rstrip(" .,"))
    if decimal_comma and re.fullmatch(r"-?\d+,\d+", digits):
        return float(digits.replace(",", "."))
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", digits):
        digits = digits.replace(",", "")
    return float(digits.replace(",", ".")) if re.search(r"[.,e]", digits) else int(digits)


def _from_0_to_1(share: Reading) -> Reading:
    if not isinstance(share.value, int | float) or not 0 <= share.value <= 1:
        raise UnreadableError
    return share


def _whole(plain: object) -> Reading:
    """Return the number; "6.000" has a point where English has a comma: nobody means 6 by it."""
    plain = _alone(plain)
    if isinstance(plain, str) and re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})*\.000", plain):
        number = _number(plain.replace(".", ""))
        return Reading(number, f"Read as {shown(number)}.")
    number = _number(plain)
    if not _has_decimals(number, 3) or _has_decimals(number, 2):
        return Reading(number)
    return Reading(number, f"If {shown(round(1000 * number))} is meant, leave the point out.")


def _has_decimals(number: float, decimals: int) -> bool:
    """Return whether ``number`` has no more decimals than these."""
    shifted = number * 10.0**decimals
    return abs(shifted - round(shifted)) < 1e-6


def _share(plain: object) -> Reading:
    plain = _alone(plain)
    if isinstance(plain, str):
        if plain in SHARES:
            return Reading(SHARES[plain])
        part = re.fullmatch(r"(\d+) ?(?:/|of|out of|in) ?(\d+)", plain)
        if part:
            return Reading(int(part[1]) / int(part[2]))
        per_cent = re.fullmatch(r"(.+?) ?(%|per ?cent)", plain)
        if per_cent:
            return Reading(_number(per_cent[1], decimal_comma=True) / 100)
    number = _number(plain, decimal_comma=True)
    if 1 < number <= 100:
        note = f"Read as {number:g} %: a share lies between 0 and 1."
        return Reading(number / 100, note, "per cent for share")
    return Reading(number)


def _shape(plain: object) -> tuple[int, ...]:
    if isinstance(plain, str):
        inner = re.sub(r"^(torch\.)?size", "", plain).strip("([ ])")
        if not re.fullmatch(r"\d+( ?(,|;|x|×|\*|·|by| ) ?\d+)+ ?,?", inner):
            raise UnreadableError
        plain = [int(side) for side in re.findall(r"\d+", inner)]
    if not isinstance(plain, list) or len(plain) < 2:
        raise UnreadableError
    sides = [_number(side) for side in plain]
    if not all(isinstance(side, int) for side in sides):
        raise UnreadableError
    return tuple(int(side) for side in sides)


def _side(plain: object) -> Reading:
    plain = _alone(plain)
    several = isinstance(plain, list) or (isinstance(plain, str) and _is_shape(plain))
    if not several:
        return Reading(_number(plain))
    sides = _shape(plain)
    if len(set(sides)) > 1 or len(sides) != 2:
        raise UnreadableError
    return Reading(sides[0], f"One side is asked for; both are {sides[0]} here.")


def _is_shape(text: str) -> bool:
    try:
        return bool(_shape(text))
    except UnreadableError:
        return False
