"""The rules for notebooks: executed, compared, described, linked; and nbval really compares."""

import copy
import html
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from lenet_helpers.asking.exercises.catalogue import EXERCISES
from lenet_helpers.asking.exercises.cells import as_cells
from lenet_helpers.asking.questions import of_notebook
from lenet_helpers.asking.reading import shown
from lenet_helpers.prose import COLUMNS
from lenet_helpers.web import bundle
from tools import series

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
PATHS = series.notebooks()
IGNORE = "nbval-ignore-output"
SLIDES = {"slide", "subslide", "fragment", "skip", "-"}
WIDGET = "application/vnd.jupyter.widget-view+json"


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def written(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def prose(notebook):
    return "\n\n".join(cell.source for cell in written(notebook))


def tags(cell):
    return cell.metadata.get("tags", [])


def text_of(output):
    return output.get("text") or output.get("data", {}).get("text/plain", "")


def printed(output):
    """Return the lines of an output that a notebook shows as text; none of Python's own errors."""
    data = output.get("data", {})
    shows_text = output.output_type == "stream" or set(data) == {"text/plain"}
    return text_of(output).splitlines() if shows_text else []


def faults(notebook):
    """Return what is wrong with a notebook, in words."""
    found = []
    cells = code(notebook)
    if [cell.execution_count for cell in cells] != list(range(1, len(cells) + 1)):
        found.append("not executed from top to bottom")
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        errors = [out for out in cell.outputs if out.output_type == "error"]
        if bool(errors) != ("raises-exception" in tags(cell)):
            found.append(f"an error not expected, or expected and missing: {cell.source[:50]}")
        if ("raises-exception" in tags(cell)) != cell.source.startswith("lh.expect_error()\n"):
            found.append(f"the tag or lh.expect_error() is missing: {cell.source[:50]}")
        shows = r"^(print|guess\.|lh\.(draw|show|layer_table|size_calc|check))"
        source = re.sub(r'""".*?"""', "", cell.source, flags=re.DOTALL)  # text runs nothing
        if re.search(shows, source, flags=re.MULTILINE) and not cell.outputs:
            found.append(f"no saved output: {cell.source[:50]}")
        if cell.source.rstrip().endswith(";"):
            found.append(f"a trailing semicolon: {cell.source[-50:]}")
        if "NBVAL" in cell.source or "nbval-skip" in tags(cell):
            found.append("a cell that nbval skips")
        if IGNORE in tags(cell) and after is None:
            found.append("an ignored cell that no compared cell follows")
        for output in cell.outputs:
            found += [f"too long: {line}" for line in printed(output) if len(line) > COLUMNS]
            alt = output.get("data", {}).get("text/plain", "")
            if "image/png" in output.get("data", {}) and not (
                alt.endswith(".") and output.metadata.get("image/png", {}).get("alt")
            ):
                found.append(f"a picture without a sentence: {cell.source[:50]}")
            if WIDGET in output.get("data", {}):
                found.append(f"a widget without its state: {cell.source[:50]}")
    if sum(IGNORE in tags(cell) for cell in cells) * 3 > len(cells):
        found.append("more than a third of the cells are not compared")
    text = re.sub(r"\\u001b\[[\d;]*m", "", nbformat.writes(notebook))
    if re.search(
        r"(?<![\w.])/(root|home|work|tmp|Users)/|(?<![\w.~/-])/[\w./-]*site-packages", text
    ):
        found.append("a path of the author's machine")
    return found + prose_faults(prose(notebook)) + slide_faults(notebook)


def slide_faults(notebook):
    """Return what keeps the notebook from becoming slides, see tools/slides.py."""
    found, shows = [], None  # the kind of slide that a cell would continue
    for cell in notebook.cells:
        settings = dict(cell.metadata.get("slideshow", {}))
        kind = settings.pop("slide_type", None)
        notes = settings.pop("notes", "said")
        is_code, words = cell.cell_type == "code", cell.source[:50]
        if kind == "notes":
            found.append(f"notes that students read, move them into slideshow.notes: {words}")
        elif kind not in SLIDES:
            found.append(f"no slide type: {words}")
        said = notes if isinstance(notes, list) else [notes]
        if not all(isinstance(one, str) and one.strip() for one in said):
            found.append(f"notes that are no text: {words}")
        if kind == "skip" and "notes" in cell.metadata.slideshow:
            found.append(f"notes on no slide: {words}")
        if settings and (not is_code or kind == "skip"):
            found.append(f"input or output set where there is none: {words}")
        if settings.pop("input", "skip") != "skip":
            found.append(f"an input that is not skipped: {words}")
        told = settings.pop("output", "-")
        if told not in {"fragment", "subslide", "skip", "apart", "-"} or settings:
            found.append(f"an output with an unknown place: {words}")
        if kind == "slide" and not re.match("##? ", cell.source):
            found.append(f"a slide without a heading: {words}")
        if not is_code and re.search(r"\n#+ ", cell.source):
            found.append(f"a heading in the middle of a cell: {words}")
        if kind not in ("skip", None) and shows is None and kind != "slide":
            found.append(f"the first cell is no slide: {words}")
        if kind != "skip" and told != "skip" and shown_by_a_kernel_alone(cell):
            found.append(f"a widget on a slide: {words}")
        if "guess.reveal(" in cell.source and (kind, told) == ("-", "-"):
            found.append(f"an answer that stands beside its question: {words}")
        shows = shows or kind
    return found


def shown_by_a_kernel_alone(cell):
    """Return True if the cell shows a widget: what is saved of it is a text that says so."""
    return any("Run this cell to" in str(text_of(output)) for output in cell.get("outputs", []))


def prose_faults(text):
    found = []
    levels = [len(mark) for mark in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    if levels.count(1) != 1 or levels[0] != 1:
        found.append("not exactly one title at the top")
    if any(after > before + 1 for before, after in pairwise(levels)):
        found.append("a heading level is jumped over")
    for picture, words, target in re.findall(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)", text):
        if len(words) < 5 or words.lower() in ("here", "click here", "this link"):
            found.append(f"words that do not say where they lead: [{words}]")
        if not picture and "://" not in target and not (FOLDER / target.split("#")[0]).is_file():
            found.append(f"a link to nowhere: {target}")
    for wanted in (
        "What you will be able to do",
        "**Time:**",
        "**Run first:**",
        "What you learned",
    ):
        if wanted not in text:
            found.append(f"{wanted!r} is missing")
    return found


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_notebook_keeps_the_rules(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert faults(notebook) == []
    assert path.stat().st_size < 2_000_000
    assert len(code(notebook)) > 10


def test_saved_demos_are_those_of_the_package():
    """Their outputs are not compared: record the notebook anew after a change of a module."""
    modules = [bundle("conv_explorer.js"), bundle("lenet_viewer.js")]
    found = 0
    for path in PATHS:
        for cell in code(nbformat.read(path, as_version=4)):
            for output in cell.outputs:
                page = html.unescape(output.get("data", {}).get("text/html", ""))
                if "<iframe" in page:
                    assert any(module in page for module in modules), (path.name, cell.source)
                    found += 1
    assert found >= 3


def test_the_series_is_numbered_and_linked():
    assert [int(path.name[:2]) for path in PATHS] == list(range(1, len(PATHS) + 1))
    assert len(PATHS) >= 5
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path, after in zip(PATHS, [*PATHS[1:], PATHS[0]], strict=True):
        assert f"]({after.name})" in prose(nbformat.read(path, as_version=4)).split("\n## ")[-1]
        assert f"](notebooks/{path.name})" in readme


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda nb: code(nb)[3].update(execution_count=None), "not executed"),
        (lambda nb: code(nb)[2].update(outputs=[]), "no saved output"),
        (lambda nb: code(nb)[2].update(source="x = 1;"), "trailing semicolon"),
        (lambda nb: code(nb)[2].update(source="# NBVAL_SKIP"), "nbval skips"),
        (lambda nb: code(nb)[-1].metadata.update(tags=[IGNORE]), "no compared cell follows"),
        (lambda nb: [c.metadata.update(tags=[IGNORE]) for c in code(nb)], "more than a third"),
        (lambda nb: code(nb)[2].metadata.update(tags=["raises-exception"]), "an error not"),
        (lambda nb: code(nb)[2].update(source="lh.expect_error()\n1 / 0"), "the tag or lh."),
        (lambda nb: nb.cells[0].update(source="no title"), "not exactly one title"),
        (lambda nb: written(nb)[1].update(source="#### deep"), "jumped over"),
        (lambda nb: written(nb)[1].update(source="[here](x.ipynb)"), "do not say where"),
        (lambda nb: written(nb)[1].update(source="[the next one](x.ipynb)"), "a link to nowhere"),
        (lambda nb: code(nb)[2].update(source="open('/home/me/x')"), "author's machine"),
        (lambda nb: code(nb)[2].update(source="# /opt/v/site-packages/x"), "author's machine"),
        (lambda nb: code(nb)[2].metadata.clear(), "no slide type"),
        (lambda nb: on_slides(code(nb)[2], "big"), "no slide type"),
        (lambda nb: on_slides(nb.cells[2], "notes"), "notes that students read"),
        (lambda nb: on_slides(nb.cells[2], "-", notes=""), "notes that are no text"),
        (lambda nb: on_slides(nb.cells[2], "-", notes=["said", 1]), "notes that are no text"),
        (lambda nb: on_slides(nb.cells[2], "skip", notes="said"), "notes on no slide"),
        (lambda nb: on_slides(nb.cells[0], "slide", input="skip"), "where there is none"),
        (lambda nb: on_slides(code(nb)[2], "skip", output="skip"), "where there is none"),
        (lambda nb: on_slides(code(nb)[2], "-", input="fragment"), "input that is not skipped"),
        (lambda nb: on_slides(code(nb)[2], "-", output="notes"), "an unknown place"),
        (lambda nb: on_slides(code(nb)[2], "-", outputs="skip"), "an unknown place"),
        (lambda nb: on_slides(code(nb)[2], "slide"), "a slide without a heading"),
        (lambda nb: nb.cells[2].update(source="a\n\n## b"), "in the middle of a cell"),
        (lambda nb: on_slides(nb.cells[0], "subslide"), "the first cell is no slide"),
        (
            lambda nb: [
                o.data.update({WIDGET: {}}) for c in code(nb) for o in c.outputs if "data" in o
            ],
            "a widget without its state",
        ),
        (
            lambda nb: [on_slides(c, "-") for c in code(nb) if shown_by_a_kernel_alone(c)],
            "a widget on a slide",
        ),
        (
            lambda nb: [on_slides(c, "-") for c in code(nb) if "guess.reveal(" in c.source],
            "beside its question",
        ),
        (
            lambda nb: [o.metadata.clear() for c in code(nb) for o in c.outputs if "data" in o],
            "a picture without a sentence",
        ),
    ],
)
def test_every_rule_can_be_broken(spoil, fault):
    notebook = copy.deepcopy(nbformat.read(PATHS[0], as_version=4))
    spoil(notebook)
    assert any(fault in words for words in faults(notebook))


def on_slides(cell, kind, **more):
    cell.metadata["slideshow"] = {"slide_type": kind, **more}


# ---------------------------------------------------------------- how a notebook teaches

CELLS, WORDS, LINES, EXERCISES_AT_LEAST = 45, 1200, 15, 6
NAMED = 4  # words to choose from: more of them stand in a table, or are known
FOLDED = re.compile(r"<details>.*?</details>", flags=re.DOTALL)
# a network, a training loop
LONG = re.compile(r"nn\.Sequential\(|\(nn\.Module\)|\.backward\(\)|train_step\(net, X, y,")
HELD_BACK = {
    "jupyter": {"source_hidden": True, "outputs_hidden": True},
    "slideshow": {"slide_type": "skip"},
    "tags": ["checks"],
}


def plain(output):
    """Return the text of an output, of what is folded away too."""
    text = text_of(output)
    return text if isinstance(text, str) else "".join(text)


def saved(cell):
    return "\n".join(plain(output) for output in cell.get("outputs", []))


def part(notebook, heading):
    """Return the cells from the one with ``heading`` to the next section."""
    starts = [i for i, cell in enumerate(notebook.cells) if re.match("##? ", cell.source)]
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if re.match(heading, notebook.cells[start].source):
            return notebook.cells[start:end]
    return []


def too_long(notebook):
    """Short enough for one sitting."""
    words = len(re.findall(r"\S*\w\S*", FOLDED.sub("", prose(notebook))))
    if len(notebook.cells) > CELLS:
        yield f"{len(notebook.cells)} cells, more than {CELLS}"
    if words > WORDS:
        yield f"{words} words of Markdown that is not folded, more than {WORDS}"
    generated = {cell for key in EXERCISES for cell in as_cells(key)}
    for cell in code(notebook):
        lines = len(cell.source.splitlines())
        if lines <= LINES or cell.source in generated or LONG.search(cell.source):
            continue
        if "checks" not in tags(cell):
            yield f"{lines} lines in a cell, more than {LINES}: {cell.source[:50]}"


def badly_numbered(notebook, number):
    """Sections N.1, N.2 and so on, without a gap."""
    found = re.findall(r"^## (\d+\.\d+) ", prose(notebook), flags=re.MULTILINE)
    wanted = [f"{number}.{i}" for i in range(1, len(found) + 1)]
    if found != wanted or not found:
        yield f"sections are numbered {', '.join(found)}"


def badly_exercised(notebook, number):
    """The exercises of the package where they are checked, as it makes them, and others below."""
    sources = [cell.source for cell in notebook.cells]
    checked = [
        i for i, s in enumerate(sources) if re.search(r"^\w+ = lh\.check\(", s, re.MULTILINE)
    ]
    for key, exercise in EXERCISES.items():
        if exercise.notebook == number and not any(f'lh.check("{key}"' in s for s in sources):
            yield f"the exercise {key} is not asked for"
    for i in checked:
        key = re.search(r'lh\.check\("(\w*)"', sources[i])[1]
        if key not in EXERCISES:
            yield f"an exercise that the package does not have: {key}"
            continue
        for given, made, what in zip(
            sources[i - 1 : i + 2], as_cells(key), ("stub", "check", "hints"), strict=True
        ):
            if given != made:
                yield f"the {what} of {key} are not as as_cells makes them: {given[:50]}"
    below = FOLDED.sub("", "\n".join(c.source for c in part(notebook, "## Exercises")))
    others = re.findall(r"^(?:\d+\. |#+ Exercise |\*\*Exercise )", below, flags=re.MULTILINE)
    if not below:
        yield "no section Exercises"
    if len(checked) + len(others) < EXERCISES_AT_LEAST:
        yield (
            f"{len(checked)} checked exercises and {len(others)} numbered ones under Exercises: "
            f"together fewer than {EXERCISES_AT_LEAST}"
        )


def badly_ended(notebook):
    """The tally, then what was learned, then a cell for the tests, which nobody need read."""
    tally = [i for i, cell in enumerate(notebook.cells) if "guess.tally()" in cell.source]
    learned = [
        i for i, c in enumerate(notebook.cells) if c.source.startswith("## What you learned")
    ]
    if len(tally) != 1 or len(learned) != 1 or tally > learned:
        yield 'guess.tally() does not stand once, before "What you learned"'
    *others, last = notebook.cells
    if last.cell_type != "code" or dict(last.metadata) != HELD_BACK:
        yield f"the last cell is not one of checks, collapsed: {dict(last.metadata)}"
    elif not all(re.fullmatch(r"[^:]+: True", line) for line in saved(last).split("\n")):
        yield f"a line of the checks that is not 'name: True': {saved(last)}"
    elif [output.get("data", {}).get("text/html") for output in last.outputs] != [""]:
        yield "the checks are seen: JupyterLab shows hidden outputs when it runs a cell"
    for cell in others:
        printed = [out.text for out in cell.get("outputs", []) if out.output_type == "stream"]
        if re.search(r"(?<![=\w])True\b", "".join(printed)):  # bias=True: PyTorch shows a layer
            yield f"True is printed where people read: {cell.source[:50]}"


def forms(question):
    """Return how the answer may be written, where that can be told from other numbers and words.

    A number of one digit is everywhere, and 2×2 is the size of many a window. What the question
    itself says, the choices of a word for example, gives nothing away.
    """
    answer = question.answer
    ways = set()  # none: it is measured in the notebook
    if isinstance(answer, tuple):
        ways = {str(answer), str(answer).replace(" ", "")}
        if max(answer) >= 10:
            ways |= {"×".join(map(str, answer)), ", ".join(map(str, answer))}
    elif isinstance(answer, str):
        ways = {answer}
    elif isinstance(answer, float) and not answer.is_integer():
        ways = {shown(answer), f"{answer:.2f}"}
    elif answer is not None and abs(answer) >= 10:
        ways = {shown(answer), str(int(answer))}
    return {way for way in ways if not said(way, question.words)}


def said(form, text):
    """Return whether ``form`` stands in ``text``, not as a part of a longer number or word.

    The first axis of a shape, (256, 1, 28, 28), counts pictures: that is no answer.
    """
    batch = r"(?!, \d+, \d)" if form.isdigit() else ""
    text = re.sub(r"(?<=\d)x(?=\d)", "×", text)
    return re.search(rf"(?<![\w.,]){re.escape(form)}(?!\w|[.,]\d){batch}", text) is not None


def given_away(notebook, number):
    """An answer stands in no cell of its section before the question is asked.

    An answer of three digits or more stands in no cell at all before it.
    """
    for key, question in of_notebook(number).items():
        asked = [i for i, c in enumerate(notebook.cells) if f'guess.predict("{key}"' in c.source]
        if not asked:
            yield f"the question {key!r} is not asked"
            continue
        begins = [i for i in range(asked[0]) if re.match("##? ", notebook.cells[i].source)]
        for form in forms(question):
            large = re.fullmatch(r"\d[\d,]{2,}", form)
            for cell in notebook.cells[0 if large else begins[-1] : asked[0] + 1]:
                if said(form, f"{cell.source}\n{saved(cell)}"):
                    yield f"{key!r} is answered before it is asked, with {form}: {cell.source[:50]}"
        told = notebook.cells[asked[0]].source
        if not re.search(
            rf'^answer = \.\.\.\nguess\.predict\("{key}", answer\)$', told, re.MULTILINE
        ):
            yield f"{key!r} is not asked with 'answer = ...' on a line of its own"
        reveal = re.compile(rf'guess\.reveal\(\s*"{re.escape(key)}"')
        revealed = [i for i, c in enumerate(notebook.cells) if reveal.search(c.source)]
        if len(asked) != 1 or len(revealed) != 1 or revealed < asked:
            yield f"{key!r} is not asked once and revealed once after that"


def unasked(notebook, number):
    """Before an answer is wanted, its section asks in words, and names the words to choose from."""
    questions = of_notebook(number)
    for i, cell in enumerate(notebook.cells):
        keys = re.findall(r'^guess\.predict\("(?!recall)([^"]+)"', cell.source, re.MULTILINE)
        begins = [j for j in range(i) if re.match("##? ", notebook.cells[j].source)]
        if not keys or not begins:
            continue
        told = [c.source for c in notebook.cells[begins[-1] : i] if c.cell_type == "markdown"]
        words = FOLDED.sub("", "\n".join(told))
        if not re.search(r"\?|Predict the ", words):
            yield f"{keys} are not asked in words"
        for key in keys:
            choices = questions[key].choices if key in questions else ()
            for choice in choices if len(choices) <= NAMED else ():
                if f'"{choice}"' not in words:
                    yield f"{key!r} may be answered with {choice!r}, and nobody says so"


TEACHING = {
    "too long": lambda notebook, number: too_long(notebook),
    "sections": badly_numbered,
    "exercises": badly_exercised,
    "the end": lambda notebook, number: badly_ended(notebook),
    "answers": given_away,
    "words": unasked,
}


@pytest.mark.parametrize("rule", TEACHING)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_notebook_teaches(path, rule):
    notebook = nbformat.read(path, as_version=4)
    assert list(TEACHING[rule](notebook, int(path.name[:2]))) == []


def cell_with(notebook, words):
    return next(cell for cell in notebook.cells if words in cell.source)


def before(notebook, words, *cells):
    at = notebook.cells.index(cell_with(notebook, words))
    notebook.cells[at:at] = cells


def add(notebook, words, text):
    cell = cell_with(notebook, words)
    cell.source += text


def prints(text):
    output = nbformat.v4.new_output("stream", text=text)
    return nbformat.v4.new_code_cell("lh.something()", outputs=[output])


def markdown(text):
    return nbformat.v4.new_markdown_cell(text)


ASKED = 'guess.predict("parameters of the second'


@pytest.mark.parametrize(
    ("rule", "spoil", "fault"),
    [
        ("too long", lambda nb: nb.cells.extend(nb.cells[:9]), "cells, more than 45"),
        ("too long", lambda nb: add(nb, "## 1.2", " word" * 1200), "words of Markdown"),
        ("too long", lambda nb: add(nb, "sides = [28]", "\nx = 1" * 15), "lines in a cell"),
        ("sections", lambda nb: cell_with(nb, "## 1.3").update(source="## 1.4 a"), "1.2, 1.4, 1.4"),
        ("exercises", lambda nb: nb.cells.remove(cell_with(nb, "lh.check(")), "not asked for"),
        ("exercises", lambda nb: add(nb, "def pool_size", "\n    return 1"), "stub of pool_size"),
        ("exercises", lambda nb: add(nb, 'check("pool_size', "  # now"), "check of pool_size"),
        ("exercises", lambda nb: before(nb, "s is None", markdown("And?")), "hints of pool_size"),
        ("exercises", lambda nb: add(nb, "guess = ", '\nf = lh.check("f", 1)'), "does not have: f"),
        ("exercises", lambda nb: cell_with(nb, "## Exer").update(source="## Exercises"), "fewer"),
        ("exercises", lambda nb: nb.cells.remove(cell_with(nb, "## Exer")), "no section"),
        ("the end", lambda nb: nb.cells.remove(cell_with(nb, "tally()")), "does not stand once"),
        ("the end", lambda nb: nb.cells.insert(-1, nb.cells.pop(-3)), "does not stand once"),
        ("the end", lambda nb: nb.cells.pop(), "not one of checks"),
        ("the end", lambda nb: nb.cells[-1].metadata.pop("jupyter"), "not one of checks"),
        ("the end", lambda nb: nb.cells[-1].update(outputs=prints("a: False").outputs), "a: False"),
        ("the end", lambda nb: nb.cells[-1].update(outputs=prints("a: True").outputs), "are seen"),
        ("the end", lambda nb: nb.cells[-1].update(outputs=[]), "not 'name: True'"),
        ("the end", lambda nb: before(nb, "## 1.2", prints("right: True")), "where people read"),
        ("words", lambda nb: cell_with(nb, "## 1.3").update(source="## 1.3 a"), "asked in words"),
        ("answers", lambda nb: before(nb, ASKED, markdown("It has 2,416.")), "with 2,416"),
        ("answers", lambda nb: before(nb, ASKED, prints("2416\n")), "with 2416"),
        ("answers", lambda nb: before(nb, "## 1.2", prints("2416\n")), "with 2416"),
        ("answers", lambda nb: add(nb, "## 1.6", " The side is 14."), "with 14"),
        ("answers", lambda nb: add(nb, "## 1.6", " A map of 14x14."), "with 14"),
        ("answers", lambda nb: add(nb, "## 1.3", " The shape is (2,2)."), "with (2,2)"),
        ("answers", lambda nb: cell_with(nb, ASKED).update(source="x = 1"), "is not asked"),
        ("answers", lambda nb: add(nb, ASKED, ".lower()"), "on a line of its own"),
        ("answers", lambda nb: before(nb, "## 1.2", cell_with(nb, ASKED)), "once after that"),
    ],
)
def test_every_rule_of_teaching_can_be_broken(rule, spoil, fault):
    notebook = copy.deepcopy(nbformat.read(PATHS[0], as_version=4))
    assert not any(fault in words for words in TEACHING[rule](notebook, 1))
    spoil(notebook)
    assert any(fault in words for words in TEACHING[rule](notebook, 1))


def test_words_to_choose_from_are_named():
    notebook = nbformat.read(PATHS[8], as_version=4)
    asked = cell_with(notebook, '"exactly"')
    asked.source = asked.source.replace('"exactly"', "the same")
    (fault,) = unasked(notebook, 9)
    assert fault == "'loops against autograd' may be answered with 'exactly', and nobody says so"


@pytest.mark.parametrize(
    ("form", "text", "there"),
    [
        ("235", "235 batches", True),
        ("235", "1,235 or 235.5 or 2350", False),
        ("256", "1x256", True),
        ("256", "(256, 1, 28, 28)", False),
        ("256", "(1, 256)", True),
        ("shirt", "T-shirts", False),
        ("shirt", "a shirt.", True),
        ("2.303", "2.303, the loss", True),
    ],
)
def test_what_counts_as_said(form, text, there):
    assert said(form, text) == there


def nbval(path):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval",
         "--nbval-current-env", f"--nbval-sanitize-with={ROOT}/tests/nbval_sanitize.cfg",
         "--rootdir", str(path.parent), str(path)],
        cwd=path.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_changed_number_in_a_saved_output_fails(tmp_path):
    notebook = nbformat.read(PATHS[0], as_version=4)
    copied = tmp_path / "copy.ipynb"
    nbformat.write(notebook, copied)
    assert nbval(copied).returncode == 0
    cell = cell_with(notebook, "sides = [28]")
    (output,) = cell.outputs
    output.data["text/plain"] = output.data["text/plain"].replace("14", "15", 1)
    nbformat.write(notebook, copied)
    result = nbval(copied)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
