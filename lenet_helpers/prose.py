"""Printed prose, broken between words: front ends break a long line in the middle of one."""

from __future__ import annotations

import textwrap

COLUMNS = 96  # characters a line: what a notebook 1,200 pixels wide has room for


def wrapped(text: str) -> str:
    """Return ``text`` with each of its lines broken between words, to be printed."""
    return "\n".join(textwrap.fill(line, COLUMNS) for line in text.splitlines())
