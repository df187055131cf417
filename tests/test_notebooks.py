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

from lenet_helpers.web import bundle
from tools import series

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
PATHS = series.notebooks()
IGNORE = "nbval-ignore-output"
SLIDES = {"slide", "subslide", "fragment", "notes", "skip", "-"}
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
        if re.search(shows, cell.source, flags=re.MULTILINE) and not cell.outputs:
            found.append(f"no saved output: {cell.source[:50]}")
        if cell.source.rstrip().endswith(";"):
            found.append(f"a trailing semicolon: {cell.source[-50:]}")
        if "NBVAL" in cell.source or "nbval-skip" in tags(cell):
            found.append("a cell that nbval skips")
        if IGNORE in tags(cell) and after is None:
            found.append("an ignored cell that no compared cell follows")
        for output in cell.outputs:
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
        is_code, words = cell.cell_type == "code", cell.source[:50]
        if kind not in SLIDES:
            found.append(f"no slide type: {words}")
        if is_code and kind == "notes":
            found.append(f"notes that are code: {words}")
        if settings and (not is_code or kind == "skip"):
            found.append(f"input or output set where there is none: {words}")
        if settings.pop("input", "skip") != "skip":
            found.append(f"an input that is not skipped: {words}")
        told = settings.pop("output", "-")
        if told not in {"fragment", "subslide", "skip", "-"} or settings:
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
        if not picture and "://" not in target and not (FOLDER / target).is_file():
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
        (lambda nb: on_slides(code(nb)[2], "notes"), "notes that are code"),
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


def nbval(path):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--nbval",
         "--nbval-current-env", "--rootdir", str(path.parent), str(path)],
        cwd=path.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_changed_number_in_a_saved_output_fails(tmp_path):
    notebook = nbformat.read(PATHS[0], as_version=4)
    copied = tmp_path / "copy.ipynb"
    nbformat.write(notebook, copied)
    assert nbval(copied).returncode == 0
    (cell,) = [c for c in code(notebook) if c.source.startswith("sides") and "guess" in c.source]
    cell.outputs[0].text = cell.outputs[0].text.replace("14", "15", 1)
    nbformat.write(notebook, copied)
    result = nbval(copied)
    assert result.returncode == 1
    assert "1 failed" in result.stdout
