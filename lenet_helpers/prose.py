"""Printed text: broken between words, and readable on a console that lacks its signs.

Front ends break a long line in the middle of a word. A console, or a file that the output is sent
to, may know fewer signs than this text has (on Windows cp1252 has no →): printing then fails.
"""

from __future__ import annotations

import sys
import textwrap

# Characters a line. Measured: JupyterLab with its file browser open shows 105 in a window of 1,280
# pixels, and 95 in one of 1,200. What is left is for a file browser that somebody has made wider.
COLUMNS = 92
SPELLED = str.maketrans(
    {"×": "x", "·": "*", "−": "-", "–": "-", "—": "-", "→": "->"}
    | {"⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "≥": ">=", "≤": "<="}
)


def wrapped(text: str) -> str:
    """Return ``text`` with each of its lines broken between words, to be printed.

    A path stays in one piece, however long, so that it can be copied.
    """
    return "\n".join(map(_broken, text.splitlines()))


def _broken(line: str) -> str:
    has_path = "/" in line or "\\" in line
    return textwrap.fill(line, COLUMNS, break_long_words=not has_path, break_on_hyphens=False)


def readable(text: str) -> str:
    """Return ``text`` as the standard output can show it: a sign that it lacks is spelled out."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(SPELLED).encode(encoding, "replace").decode(encoding)
    return text


def say(text: object) -> None:
    """Print ``text`` at once, broken between words, as :func:`readable` has it."""
    print(wrapped(readable(str(text))), flush=True)


def counted(number: int, noun: str) -> str:
    """Return the number with its noun: "1 row", "2,000 rows"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
