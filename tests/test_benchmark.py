"""The figures that the README and notebook 8 quote are those of the newest benchmark run."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
NEWEST = max((ROOT / "benchmark" / "results").glob("*-all.md"))


def figures(text):
    """Return the rows of a Markdown table of the benchmark: (what was measured, its value)."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+?) +\|", text, flags=re.MULTILINE)
    return [row for row in rows if row[0] not in ("what", "---")]


def test_the_readme_quotes_the_newest_results():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## How fast")[1].split("\n## ")[0]
    quoted, measured = figures(section), figures(NEWEST.read_text(encoding="utf-8"))
    assert len(quoted) >= 5
    assert [row for row in quoted if row not in measured] == []
    assert NEWEST.name in section


def test_notebook_8_quotes_the_newest_results():
    measured = dict(figures(NEWEST.read_text(encoding="utf-8")))
    notebook = nbformat.read(ROOT / "notebooks" / "08-where-the-time-goes.ipynb", as_version=4)
    prose = " ".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    for what in ("textbook, 2 epochs, by the clock", "ours, 2 epochs, by the clock"):
        assert measured[what] in " ".join(prose.split())


def test_every_result_says_on_what_it_was_measured():
    text = NEWEST.read_text(encoding="utf-8")
    for fact in ("processor:", "cores:", "GPU:", "versions: torch ", "runs of each: 5"):
        assert fact in text
