"""An answer that is folded away until it is wanted: what a notebook shows, and the same as text.

``<details>`` needs no script: it works in notebooks that are not trusted, on code hosts, and in
pages made from a notebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from ..prose import readable, wrapped
from .errors import in_kernel


def folded(
    summary: str, sentences: Iterable[str], told: Iterable[object] = (), *, opened: bool
) -> str:
    """Return HTML with ``summary`` to click on, and the rest under it.

    Args:
        summary: What is seen while it is closed.
        sentences: What is said; each is a paragraph.
        told: Sentences, lines of text as they stand, or things that show themselves as HTML or as a
            picture.
        opened: Whether it is open from the beginning.
    """
    paragraphs = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    shown = "".join(_shown(thing) for thing in told)
    state = " open" if opened else ""
    return f"<details{state}><summary>{escape(summary)}</summary>{paragraphs}{shown}</details>"


def as_text(sentences: Iterable[str], told: Iterable[object] = ()) -> str:
    """Return the same as plain text: the lines of ``told`` as they are, sentences broken."""
    said = [wrapped(" ".join(sentences))]
    return "\n".join([*said, *map(_plainly, told)])


def present(html: str, text: str) -> None:
    """Show ``html`` in a notebook, and print ``text`` elsewhere."""
    if not in_kernel():
        print(readable(text), flush=True)  # its tables stay as they are
        return
    from IPython.display import display

    display({"text/html": html, "text/plain": text}, raw=True)


def _is_sentence(thing: object) -> bool:
    """Return whether ``thing`` is a line of text that may be broken, and no columns."""
    return isinstance(thing, str) and "\n" not in thing


def _plainly(thing: object) -> str:
    told = str(getattr(thing, "alt", None) or thing)
    return wrapped(told) if _is_sentence(thing) else told


def _shown(thing: object) -> str:
    if _is_sentence(thing):
        return f"<p>{escape(str(thing))}</p>"
    picture: Any = thing  # a Picture, perhaps: its module would load matplotlib
    if hasattr(picture, "as_html"):
        return f"<p>{picture.as_html()}</p><p>{escape(picture.alt)}</p>"
    made = getattr(thing, "_repr_html_", lambda: None)()
    if isinstance(made, str):
        return f"<div>{made}</div>"
    return f"<pre>{escape(str(thing))}</pre>"
