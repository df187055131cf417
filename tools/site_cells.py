"""What the site makes of a notebook's cells: predictions become fields, the rest stays.

What only a kernel can do, the check of an exercise or a widget, is said to need the notebook.
"""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

from lenet_helpers.asking.disclosure import folded
from lenet_helpers.asking.questions.question import Question
from lenet_helpers.asking.reading import UnreadableError, expected, read, shown
from tools.notebooks import WIDGET
from tools.rendering import FOLD, Renderer, folded_answer, markdown, python, rendered_outputs
from tools.series import notebooks

LEFT_OUT = {"setup", "checks"}  # tags of cells
FROM_MEMORY = "**First, from memory:**"  # begins the words before the recalled questions
UNANSWERED = re.compile(r"^[^\n]*: no prediction yet\..*?\bcell(\s+again)?\.\n?", re.M | re.S)
UNQUOTED = (
    " in quotes, such as '25 %'",
    ", such as 25 %",
)  # only Python needs them; site/reading.js says so too
RUN_IT = "Run this cell to use it."  # says a widget
NEEDS_NOTEBOOK = '<p class="needs-notebook">{what} in the notebook{where}.</p>'


class SiteRenderer(Renderer):
    """Markdown whose links lead to the pages of the site."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return the link; to a page where it leads to a notebook or to the glossary.

        What is no page of the site, such as another file of docs, is left as text.
        """
        own = re.match(r"(?:\.\./)?(?:notebooks/|docs/)?([\w-]+)\.(?:ipynb|md)", url)
        if own and own[1] not in {"glossary", *(path.stem for path in notebooks())}:
            return text
        page = f"{own[1]}.html{url[own.end() :]}" if own else url
        return super().link(text, page, title)

    def heading(self, text: str, level: int, **attributes: object) -> str:
        """Return the heading with the id that links to sections have."""
        return f'<h{level} id="{anchor(text)}">{text}</h{level}>\n'


def anchor(text: str) -> str:
    """Return the id of what ``text``, in HTML, heads, as JupyterLab makes it."""
    words = html.unescape(re.sub(r"<[^>]*>", "", text))
    return html.escape(words.replace(" ", "-"))


def prose(source: str) -> str:
    """Return Markdown in HTML. An empty cell heads nothing, and readers of screens say so."""
    page = markdown(source, SiteRenderer).replace("<th></th>", "<td></td>")
    return f'<div class="prose">{page}</div>'


@dataclass
class Code:
    """A cell's code, taken apart.

    Args:
        program: The code without the calls below.
        asked: The keys of the questions that it asks.
        revealed: The keys of the questions that it answers.
        tallies: Whether it counts the predictions.
        checks: The names of the exercises that it checks.
    """

    program: str
    asked: list[str] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)
    tallies: bool = False
    checks: list[str] = field(default_factory=list)


def taken_apart(source: str) -> Code:
    """Return the parts of a cell's ``source``."""
    code = Code("")
    lines = source.splitlines()
    for statement in ast.parse(source).body:
        call = getattr(statement, "value", None)
        name = ast.unparse(call.func) if isinstance(call, ast.Call) else ""
        first = call.args[0] if isinstance(call, ast.Call) and call.args else None
        key = str(first.value) if isinstance(first, ast.Constant) else ""
        if name == "guess.predict":
            code.asked.append(key)
        elif name == "guess.reveal":
            code.revealed.append(key)
        elif name == "guess.tally":
            code.tallies = True
        elif name == "lh.check":
            code.checks.append(key)
        elif name != "lh.Predictions" and ast.unparse(statement) != "answer = ...":
            continue
        assert statement.end_lineno is not None
        gone = slice(statement.lineno - 1, statement.end_lineno)
        lines[gone] = [""] * len(lines[gone])
    code.program = re.sub(r"\n{3,}", "\n\n\n", "\n".join(lines)).strip("\n")
    return code


def left_out(cell: NotebookNode) -> bool:
    """Return whether the site does without ``cell``."""
    if cell.cell_type == "markdown":
        said = cell.metadata.get("slideshow", {}).get("slide_type") == "notes"  # for a speaker
        return said or bool(cell.source.startswith(FROM_MEMORY))
    recalls = re.search(r'guess\.recall\(|guess\.\w+\(\s*"recall ', cell.source)
    return bool(recalls or LEFT_OUT & set(cell.metadata.get("tags", [])))


def body(cells: Iterable[NotebookNode], known: Mapping[str, Question], colab: str = "") -> str:
    """Return ``cells`` in HTML.

    Args:
        cells: Those of a notebook.
        known: The notebook's questions by their keys.
        colab: The address that opens the notebook in Colab; "" for none.
    """
    parts = []
    for cell in cells:
        if left_out(cell):
            continue
        if cell.cell_type == "markdown":
            parts.append(prose(cell.source))
        elif cell.cell_type == "code":
            parts += code_cell(cell, known, f', <a href="{colab}">in Colab</a>' if colab else "")
    return "\n".join(filter(None, parts))


def code_cell(cell: NotebookNode, known: Mapping[str, Question], where: str) -> list[str]:
    """Return what the site shows of a code cell."""
    code = taken_apart(cell.source)
    parts = [python(code.program)] if code.program else []
    saved = [] if code.checks or code.tallies else [said(output) for output in cell.outputs]
    given = rendered_outputs(saved, lambda saved_fold: answer(saved_fold, known))
    given = given.replace(RUN_IT, f"It works in the notebook{where}.")
    if given:
        parts.append(f'<div class="given">{given}</div>')
    parts += [question_field(known[key]) for key in code.asked]
    there = {FOLD.fullmatch(o.data["text/html"])[1] for o in saved if folded_answer(o)}  # type: ignore[index]
    parts += [answer(unrecorded(known[key]), known) for key in code.revealed
              if html.escape(key) not in there]  # fmt: skip
    if any(WIDGET in output.get("data", {}) for output in saved):
        parts.append(NEEDS_NOTEBOOK.format(what="This works", where=where))
    if code.checks:
        what = f"<code>{html.escape(', '.join(code.checks))}</code>: write it and have it checked"
        parts.append(NEEDS_NOTEBOOK.format(what=what, where=where))
    if code.tallies:
        parts.append('<div class="tally" role="status"></div>')
    return parts


def said(output: NotebookNode) -> NotebookNode:
    """Return ``output`` without what it says of questions that nobody has answered."""
    if output.output_type != "stream":
        return output
    return NotebookNode(output, text=UNANSWERED.sub("", output.text))


def question_field(question: Question) -> str:
    """Return the field that takes a prediction."""
    name = f"prediction-{re.sub(r'[^a-z0-9]+', '-', question.key.lower())}"
    form = html.escape(expected(question.kind, question.choices).replace(*UNQUOTED))
    return (
        f'<form class="prediction" data-question="{html.escape(question.key)}">'
        f'<label for="{name}"><b>Your prediction:</b> {html.escape(question.words)}</label>'
        f'<p class="row"><input id="{name}" aria-describedby="{name}-form" autocomplete="off" '
        'spellcheck="false"><button>Predict</button></p>'
        f'<p class="form" id="{name}-form">Expected: {form}.</p>'
        '<p class="feedback" role="status"></p></form>'
    )


def answer(fold: str, known: Mapping[str, Question]) -> str:
    """Return a folded answer as the site has it: it knows its question, and what was measured."""
    found = FOLD.fullmatch(fold)
    assert found is not None
    key, told = html.unescape(found[1]), found[2]
    measured = json.dumps(measured_in(told, known[key]) if key in known else None)
    return (
        f'<details class="answer" data-question="{html.escape(key)}" '
        f'data-measured="{html.escape(measured)}"><summary>Answer: {html.escape(key)} '
        f'<span class="first">(make a prediction first)</span></summary>{told}</details>'
    )


def measured_in(told: str, question: Question) -> object:
    """Return the answer that the notebook measured; None where it is known or not measured."""
    first = re.match(r"<p>(.*?)\.?</p>", told)
    if question.answer is not None or first is None:
        return None
    try:
        return read(html.unescape(first[1]), question.kind, question.vocabulary).value
    except UnreadableError:
        return None


def unrecorded(question: Question) -> str:
    """Return the answer to a question of a cell whose outputs are not saved."""
    sentences = ["It is measured: run the notebook to see it."]
    if question.answer is not None:
        sentences = [f"{shown(question.answer)}."]
    elif question.usual is not None:
        lowest, highest = map(shown, question.usual)
        sentences.append(f"Most runs give {lowest} to {highest}.")
    return folded(f"Answer: {question.key}", [*sentences, question.why], opened=False)
