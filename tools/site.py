"""Make a site of the notebooks: a folder of pages that need no kernel, no server and no network.

    python3 run.py site                into the folder pages
    python3 run.py site --out FOLDER   into FOLDER

Open index.html in it: from the disk, from a stick, or from any web server. The pages show what the
notebook files hold, with the outputs that are saved in them. Predictions are fields with the
feedback of the notebooks; the answers stay in the reader's browser.
"""

from __future__ import annotations

import html
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode

from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.places import place
from lenet_helpers.asking.questions import of_notebook
from lenet_helpers.asking.questions.question import Question
from lenet_helpers.web import bundle
from tools.arguments import parser
from tools.files import ROOT, write_whole
from tools.rendering import inline, markdown
from tools.series import notebooks, number
from tools.site_cells import SiteRenderer, anchor, body, prose
from tools.stamp import Address, StampError, read_address

SCRIPTS = Path(__file__).resolve().parent / "site"
FONT = SCRIPTS.parent / "vendor" / "stix-two-math.woff2"
PICTURE = ROOT / "docs" / "viewer.png"
HEADING = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.DOTALL)
TERM = re.compile(r"<p>(?=<strong>(.*?)</strong> —)")  # of the glossary
# What a search leads to: a section, or a word of the glossary.
FOUND = re.compile(rf'{HEADING.pattern}|<p id="([^"]*)"><strong>(.*?)</strong> —', re.DOTALL)


def main(arguments: list[str]) -> int:
    """Make the site that ``arguments`` ask for and return the exit code."""
    asked = parser("site", __doc__)
    asked.add_argument("--out", type=Path, default=ROOT / "pages", metavar="FOLDER")
    folder = asked.parse_args(arguments).out.expanduser().absolute()
    try:
        address = read_address(ROOT)
    except StampError as error:
        print(error)
        return 1
    for name, content in site(address).items():
        write_whole(folder / name, content)
    print(f"{folder / 'index.html'}: open it in a browser.")
    return 0


@dataclass(frozen=True)
class Page:
    """A page of the site.

    Args:
        name: Its file.
        title: Its title, in HTML.
        body: What it shows, in HTML.
        data: What its script needs.
        question: What a notebook asks, and ``time``, the minutes that it takes, as "25 minutes".
        colab: The address that opens the notebook in Colab; "" for none.
    """

    name: str
    title: str
    body: str
    data: Mapping[str, Any]
    question: str = ""
    time: str = ""
    colab: str = ""

    @property
    def contents(self) -> list[tuple[str, str]]:
        """The sections: (id, heading in HTML)."""
        return HEADING.findall(self.body)


def site(address: Address) -> dict[str, bytes]:
    """Return the files of the site by their names; ``address`` is that of the series."""
    lessons = [lesson(path.stem, nbformat.read(path, 4), address) for path in notebooks()]
    glossary = Page("glossary.html", "Glossary", glossary_body(), data_of(None, {}))
    start = Page("index.html", "LeNet, step by step", "", data_of(None, {}))
    environment = Environment(
        loader=FileSystemLoader(SCRIPTS), autoescape=False, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    template = environment.get_template("page.html")
    order = [start, *lessons, glossary]
    files = {}
    for at, page in enumerate(order):
        files[page.name] = template.render(
            page=page,
            lessons=lessons,
            order=order,
            before=order[at - 1] if at else None,
            after=order[at + 1] if at + 1 < len(order) else None,
            data=json.dumps(page.data, ensure_ascii=False).replace("<", "\\u003c"),
        ).encode()
    files["site.js"] = f"(() => {{\n{bundle('main.js', SCRIPTS)}}})();\n".encode()
    files["index.js"] = f"globalThis.lenetIndex = {json.dumps(index(order[1:]))};\n".encode()
    files["site.css"] = (SCRIPTS / "site.css").read_bytes()
    return files | {PICTURE.name: PICTURE.read_bytes(), FONT.name: FONT.read_bytes()}


def lesson(stem: str, notebook: NotebookNode, address: Address) -> Page:
    """Return the page of the notebook whose file name begins with ``stem``."""
    known = of_notebook(number(stem))
    words = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    question = re.search(r"\*\*The question:\*\* (.*?)(?=\n\n|\Z)", words, re.DOTALL)
    time = re.search(r"\*\*Time:\*\* (?:about )?(\d+ minutes)", words)
    colab = address.colab(f"{stem}.ipynb")
    return Page(
        name=f"{stem}.html",
        title=inline(words.split("\n")[0].lstrip("# ")),
        body=body(notebook.cells, known, html.escape(colab)),
        data=data_of(number(stem), known),
        question=markdown(capitalised(question[1]), SiteRenderer) if question else "",
        time=time[1] if time else "",
        colab=colab,
    )


def capitalised(sentence: str) -> str:
    """Return ``sentence`` with a capital letter at its beginning."""
    return sentence[:1].upper() + sentence[1:]


def data_of(notebook: int | None, known: Mapping[str, Question]) -> dict[str, Any]:
    """Return what the script of a page needs: the questions, and the thoughts behind answers."""
    keys = {"per cent for share"}  # the form of an answer alone shows it
    for question in known.values():
        keys |= {*question.thoughts.values(), *(thought for *_, thought in question.bands)}
    thoughts = {}
    for key in sorted(keys if known else ()):
        thought = MISCONCEPTIONS[key]
        where = place(thought.notebook, thought.section)
        link = where.link.replace(".ipynb", ".html")
        thoughts[key] = {
            **{"thought": thought.thought, "hint": thought.hint},
            **{"place": str(where), "link": link},
        }
    questions = [question.as_data() for question in known.values()]
    return {"notebook": notebook, "questions": questions, "thoughts": thoughts}


def glossary_body() -> str:
    """Return the glossary in HTML; each word has an id."""
    page = prose((ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"))
    return TERM.sub(lambda word: f'<p id="{anchor(word[1])}">', page)


def index(pages: list[Page]) -> list[dict[str, str]]:
    """Return what is searched: sections and words, each with its place, heading and text."""
    entries = []
    for page in pages:
        title = plain(page.title)
        begins = list(FOUND.finditer(page.body))
        ends = [*(found.start() for found in begins), len(page.body)]
        sections = [("", title, page.body[: ends[0]])]
        for found, end in zip(begins, ends[1:], strict=True):
            place, heading = filter(None, found.groups())
            sections.append((place, heading, page.body[found.end() : end]))
        for place, heading, words in sections:
            link = f"{page.name}#{place}" if place else page.name
            entry = {"link": link, "page": title, "heading": plain(heading), "words": plain(words)}
            entries.append(entry)
    return entries


def plain(page: str) -> str:
    """Return the words of HTML: without code, what is folded away, fields, and pictures."""
    page = re.sub(r"<(pre|details|form|iframe|style|table)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r"</?(a|b|code|em|strong)\b[^>]*>", "", page)  # no word ends there
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
