"""What stands in a cell, in HTML that needs nothing else: for the slides and for the site.

Markdown is rendered as Jupyter renders it; formulas become MathML, which browsers show by
themselves.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

# What lh.Predictions.reveal gives, with the short words of the question.
FOLD = re.compile(r"<details[^>]*><summary>Answer[^:]*: (.*?)</summary>(.*)</details>", re.DOTALL)


class Renderer(IPythonRenderer):
    """Markdown as Jupyter renders it, but with formulas that need no program to be shown."""

    def inline_math(self, body: str) -> str:
        """Return the formula in the line."""
        return mathml(body, "inline")

    def block_math(self, body: str) -> str:
        """Return the formula on a line of its own."""
        return mathml(body, "block")

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return the picture; only its words if it would have to be fetched."""
        return super().image(text, url, title) if url.startswith("data:") else html.escape(text)

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return the link; to another notebook's slides where it leads to a notebook."""
        return super().link(text, re.sub(r"^([\w-]+)\.ipynb$", r"\1.html", url), title)


def mathml(latex: str, display: str) -> str:
    """Return a formula in MathML."""
    latex = latex.replace("·", r"\cdot ")  # else it is taken for a letter
    latex = re.sub(r"(?<=\d) ?(?=\\(ln|tanh))", r"\\,", latex)  # and before its name
    latex = re.sub(r"\\(ln|tanh) ", r"\\\1\\,", latex)  # the space before what it is taken of
    return str(convert(latex, display=display))


def markdown(source: str, kind: type[Renderer] = Renderer) -> str:
    """Return ``source`` in HTML."""
    renderer = kind(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(source)


def inline(heading: str) -> str:
    """Return the words of a heading in HTML, without the heading's element."""
    return re.sub(r"^<h1[^>]*>|</h1>\s*$", "", markdown(f"# {heading}"))


def python(source: str) -> str:
    """Return the code, coloured, without what only the formatter reads and with single gaps."""
    source = re.sub(r"\n{3,}", "\n\n", source.replace("  # fmt: skip", ""))
    coloured = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
    return f'<pre class="code"><code>{coloured}</code></pre>'


def script(path: Path) -> str:
    """Return JavaScript that may stand in a page: what would end its element is written so."""
    # In a JavaScript string a slash after a backslash is a slash.
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script")


def rendered_outputs(saved: Sequence[NotebookNode], answer: Callable[[str], str]) -> str:
    """Return saved outputs of a code cell in HTML; a picture has its words as its text.

    Args:
        saved: The outputs.
        answer: Makes of an answer that the notebook folds away what the page shows.
    """
    said = " ".join(output.get("metadata", {}).get("image/png", {}).get("alt", "")
                    for output in saved)  # fmt: skip
    shown = []
    for output in saved:
        data = output.get("data", {})
        if output.output_type == "stream":
            shown.append(printed(output.text, said))
        elif output.output_type == "error":  # the traceback is for reading at one's own pace
            message = output.evalue.split("\n\n")[0]
            words = f"<b>{html.escape(output.ename)}</b>: {html.escape(message)}"
            shown.append(f'<p class="error">{words}</p>')
        elif "image/png" in data:
            source = f"data:image/png;base64,{data['image/png'].replace(chr(10), '')}"
            told = output.metadata["image/png"]
            width = f' width="{told["width"]}"' if "width" in told else ""
            alt = html.escape(told["alt"])
            shown.append(f'<img class="picture" alt="{alt}"{width} src="{source}">')
        elif folded_answer(output):
            shown.append(answer(data["text/html"]))
        elif "text/html" in data:
            kind = "demo" if "<iframe" in data["text/html"] else "table"
            shown.append(f'<div class="{kind}">{data["text/html"]}</div>')
        elif "text/plain" in data and len(data) == 1:  # else a widget, which needs a kernel
            shown.append(printed(data["text/plain"], said))
    return "\n".join(filter(None, shown))


def folded_answer(output: NotebookNode) -> bool:
    """Return whether ``output`` is the answer to a question, as ``lh.Predictions`` folds it."""
    return "text/html" in output.get("data", {}) and bool(FOLD.fullmatch(output.data["text/html"]))


def printed(text: str, said: str) -> str:
    """Return printed ``text``, without the lines that a picture's text says already."""
    lines = [
        line
        for line in text.rstrip("\n").split("\n")
        if not line or not (line in said or line.endswith(", in words:"))
    ]
    return f"<pre><code>{html.escape(chr(10).join(lines))}</code></pre>" if any(lines) else ""
