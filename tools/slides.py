"""Make slides of the notebooks: one HTML file each that needs no kernel, no server and no network.

    python3 run.py slides                      of every notebook, into the folder slides
    python3 run.py slides 01 05 --out FOLDER   of those two, into FOLDER

Open a file in a browser: the arrow keys and the space bar lead on, S opens the speaker's notes, F
fills the screen, Esc shows all slides. The slides show what the notebook files hold, with the
outputs that are saved in them.

What becomes of a cell is written in its metadata, as in JupyterLab: "slideshow": {"slide_type": T}
with T one of slide, subslide, fragment, notes, skip, and "-" for "on the same slide". Two more
names are ours, for a code cell: "input": "skip" leaves the code out, "output": T says the same of
what the code gave ("fragment", "subslide" or "skip"; "apart" puts each picture or table on a slide
of its own). An answer that a notebook folds away stands open on a slide, one step after its
question.

"notes" has what the speaker says, in Markdown: whoever reads the notebook does not see it. A cell
that makes several slides has a list, one text for each. A vote brings its own notes: the answer,
and which wrong ones to expect.
"""

from __future__ import annotations

import base64
import html
import re
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lenet_helpers.asking.questions import of_notebook
from lenet_helpers.asking.questions.question import Question
from tools.arguments import parser
from tools.files import ROOT, write_whole
from tools.notebooks import UnknownNotebookError, chosen
from tools.rendering import FOLD, folded_answer, inline, markdown, python, rendered_outputs, script
from tools.series import number
from tools.thoughts import in_short

Piece = tuple[str, str, str]  # slide type, the cell's words if it is prose, HTML
BEGINS = ("slide", "subslide")
# What fills a slide, so that a second one begins another: pictures, tables, demos, long lists; and
# words after a table.
LARGE = (
    r'(?=<img class="picture"|<div class="(?:table|demo)">|<pre><code>(?:[^\n<]*\n){6})'
    r"|(?<=</table></div>)(?=<p>)"
)
PICTURE = re.compile(r'<img [^>]*src="data:image/png;base64,([^"]{64})[^>]*>')
TOOLS = Path(__file__).resolve().parent
VENDOR = TOOLS / "vendor"  # what others wrote: see the README there
# The page asks nobody for anything, and the browser sees to it. Frames are the demos and, in the
# speaker's window, the deck itself.
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline';
 style-src 'unsafe-inline'; img-src data:; font-src data:;
 frame-src 'self' file:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}
@font-face {{ font-family: "STIX Two Math"; src: url(data:font/woff2;base64,{font}); }}
</style></head>
<body><main class="reveal"><div class="slides">
{slides}
</div></main>
{scripts}
</body></html>
"""


def main(arguments: list[str]) -> int:
    """Make the decks that ``arguments`` ask for and return the exit code."""
    asked = parser("slides", __doc__)
    asked.add_argument("names", nargs="*", metavar="NN", help="how a notebook's name begins")
    asked.add_argument("--out", type=Path, default=ROOT / "slides", metavar="FOLDER")
    options = asked.parse_args(arguments)
    try:
        paths = chosen(options.names)
    except UnknownNotebookError as error:
        print(error)
        return 2
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        if not any(slide_type(cell) == "slide" for cell in notebook.cells):
            print(f"{path.name} has no slides: set the slide type of its first cell to Slide.")
            continue
        target = options.out.expanduser().absolute() / f"{path.stem}.html"
        write_whole(target, deck(notebook, of_notebook(number(path.name))).encode("utf-8"))
        print(f"{target} ({target.stat().st_size / 1e6:.1f} MB)")
    return 0


def deck(notebook: NotebookNode, known: Mapping[str, Question]) -> str:
    """Return the slides of ``notebook`` as a page that is complete in itself.

    Args:
        notebook: With its saved outputs.
        known: The notebook's questions by their keys.
    """
    stacks = "\n".join(
        f"<section>\n{''.join(slide.section() for slide in stack)}</section>"
        for stack in arrange(notebook.cells, known)
    )
    style = (VENDOR / "reveal.css", TOOLS / "slides.css")
    scripts = (VENDOR / "reveal.js", VENDOR / "notes.js", TOOLS / "slides.js")
    return PAGE.format(
        title=html.escape(notebook.cells[0].source.split("\n")[0].lstrip("# ")),
        style="\n".join(path.read_text(encoding="utf-8") for path in style),
        font=base64.b64encode((VENDOR / "stix-two-math.woff2").read_bytes()).decode("ascii"),
        slides=stacks,
        scripts="\n".join(f"<script>{script(path)}</script>" for path in scripts),
    )


# ---------------------------------------------------------------- cells to slides


@dataclass
class Slide:
    """One slide: what is shown, what is said, and of which section it is."""

    heading: str = ""
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def section(self) -> str:
        """Return the slide in HTML; one without a heading of its own says where we are."""
        where = f'<p class="where">{inline(self.heading)}</p>\n' if self.heading else ""
        notes = "\n".join(self.notes)
        said = f'\n<aside class="notes">{notes}</aside>' if notes else ""
        return "<section>\n" + where + "\n".join(self.parts) + said + "\n</section>\n"


def arrange(cells: Iterable[NotebookNode], known: Mapping[str, Question]) -> list[list[Slide]]:
    """Return the slides: one list for each step to the right, its subslides below each other."""
    stacks: list[list[Slide]] = []
    heading = ""
    for kind, words, content in pieces(cells, known):
        title = re.match(r"#+ (.*)", words)
        heading = title[1] if title else heading
        if kind == "slide" or not stacks:
            stacks.append([Slide("" if title else heading)])
        elif kind == "subslide":
            stacks[-1].append(Slide("" if title else heading))
        slide = stacks[-1][-1]
        if kind == "notes":
            slide.notes.append(content)
        else:
            more = " fragment" if kind == "fragment" else ""
            slide.parts.append(content.replace('class="cell', f'class="cell{more}', 1))
    return stacks


def slide_type(cell: NotebookNode) -> str:
    """Return what becomes of a cell; one that does not say goes onto the slide before it."""
    return str(cell.metadata.get("slideshow", {}).get("slide_type", "-"))


def pieces(cells: Iterable[NotebookNode], known: Mapping[str, Question]) -> Iterator[Piece]:
    """Yield what goes onto the slides as (slide type, the cell's words if it is prose, HTML)."""
    introduced = False  # whether words on the same slide lead to a question
    for cell in cells:
        kind = slide_type(cell)
        if kind == "skip":
            continue
        introduced = introduced and kind not in BEGINS
        asked = re.findall(r'^guess\.predict\("([^"]*)"', cell.source, flags=re.MULTILINE)
        if cell.cell_type == "markdown":
            introduced = introduced or kind != "notes"
            parts = [(kind, cell.source, f'<div class="cell prose">{markdown(cell.source)}</div>')]
        elif asked:  # the room predicts aloud: nobody sees the code for it
            parts = ballot(cell, asked, known, introduced)
        else:
            parts = program(cell)
        yield from with_notes(parts, notes_of(cell))


def notes_of(cell: NotebookNode) -> list[str]:
    """Return what is said about a cell, in Markdown: a text for each slide that it is on."""
    said = cell.metadata.get("slideshow", {}).get("notes", [])
    return [said] if isinstance(said, str) else list(said)


def with_notes(parts: Iterable[Piece], said: Iterable[str]) -> Iterator[Piece]:
    """Yield ``parts``; after the first on a slide, what is said about that slide."""
    left = iter(said)
    for at, part in enumerate(parts):
        yield part
        words = next(left, "") if at == 0 or part[0] in BEGINS else ""
        if words:
            yield "notes", "", markdown(words)


def ballot(
    cell: NotebookNode, asked: list[str], known: Mapping[str, Question], introduced: bool
) -> Iterator[Piece]:
    """Yield a vote, with what the cell shows beside it, and which answers to expect."""
    yield slide_type(cell), "", vote(asked, {} if introduced else known)
    beside = [output for output in cell.outputs if output.output_type != "stream"]
    if beside:
        given = rendered_outputs(beside, opened)
        yield "-", "", f'<div class="cell"><div class="given">{given}</div></div>'
    for key in asked:
        if key in known:
            yield "notes", "", markdown(in_short(known[key]))


def program(cell: NotebookNode) -> Iterator[Piece]:
    """Yield a cell's code and what it gave."""
    settings = cell.metadata.get("slideshow", {})
    kind, told = slide_type(cell), settings.get("output", "-")
    code = "" if settings.get("input") == "skip" else python(cell.source)
    if (kind, told) == ("-", "-") and any(map(folded_answer, cell.outputs)):
        told = "fragment"
    if told == "apart":
        for page in pages(cell.outputs):
            yield "subslide", "", f'<div class="cell">{side_by_side(page)}</div>'
        return
    given = "" if told == "skip" else outputs(cell)
    if given:
        beside = " beside" if has_tall_picture(given) else ""
        given = f'<div class="given{beside}">{given}</div>'
    if told == "-":
        code, given = code + given, ""
    for part_kind, part in ((kind, code), (told, given)):
        if part:
            yield part_kind, "", f'<div class="cell">{part}</div>'


def pages(saved: Iterable[NotebookNode]) -> list[str]:
    """Return outputs in HTML, spread over slides: what is shown first, then each answer.

    No slide has two of what fills one. Words alone join what comes after them.
    """
    saved = list(saved)
    shown = [output for output in saved if not folded_answer(output)]
    parts = [rendered_outputs(shown, opened)]
    parts += [rendered_outputs([output], opened) for output in saved if folded_answer(output)]
    found, words = [], ""
    for part in parts:
        first, *others = re.split(LARGE, part)
        if not others:
            words += first
            continue
        found += [words + first + others[0], *others[1:]]
        words = ""
    return [page for page in [*found, words] if page.strip()]


def side_by_side(page: str) -> str:
    """Return what a cell gave; words that are few stand beside the picture if that is tall."""
    picture = PICTURE.search(page)
    words = page.replace(picture[0], "") if picture else ""
    few = 0 < len(re.sub(r"<[^>]+>", "", words).strip()) < 300
    if picture is None or not few or not has_tall_picture(page):
        return f'<div class="given">{page}</div>'
    return f'<div class="given beside"><div class="words">{words}</div>{picture[0]}</div>'


def vote(asked: Iterable[str], known: Mapping[str, Question]) -> str:
    """Return what a class is to predict: by its short words, or in full where it is ``known``."""
    questions = [known[key].words if key in known else f"{key}?" for key in asked]
    told = "<br>".join(map(html.escape, questions))
    return f'<p class="cell predict"><b>Your prediction:</b> {told}</p>'


# ---------------------------------------------------------------- what is in a cell


def outputs(cell: NotebookNode) -> str:
    """Return the saved outputs of a code cell in HTML, its answers open."""
    return rendered_outputs(cell.outputs, opened)


def opened(fold: str) -> str:
    """Return a folded answer as a slide has it: open, its parts like those of other outputs."""
    found = FOLD.fullmatch(fold)
    assert found is not None
    question, told = found.groups()
    told = re.sub(r"<p>(.*?)</p>", rf"<p><b>{question}: \1</b></p>", told, count=1)
    # The words of a picture are its alternative text; below it they take the picture's room.
    told = re.sub(r'(<p><img alt="([^"]*)"[^>]*></p>)<p>\2</p>', r"\1", told)
    told = re.sub(r"<p><img (.*?)></p>", r'<img class="picture" \1>', told)
    told = re.sub(r"<pre>(.*?)</pre>", r"<pre><code>\1</code></pre>", told, flags=re.DOTALL)
    told = re.sub(r"<div>(?=<table)", '<div class="table">', told)
    told = re.sub(r"<div>(?=<div><img)", '<div class="demo">', told)
    return told.replace("<p>", f'<p class="answer" data-question="{question}">', 1)


def has_tall_picture(page: str) -> bool:
    """Return True if ``page``, in HTML, has a picture that leaves room for words at its side."""
    picture = PICTURE.search(page)
    if picture is None:
        return False
    head = base64.b64decode(picture[1])
    width, height = struct.unpack(">II", head[16:24])  # where a PNG file has its size
    return bool(width < 1.5 * height)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
