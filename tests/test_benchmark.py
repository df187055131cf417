"""The figures that the README and notebook 8 quote are those of the newest benchmark run."""

import re
from pathlib import Path

import nbformat
import pytest

from benchmark import at_once

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


@pytest.mark.parametrize(
    ("before", "during", "clean"),
    [(3, [4, 9], True), (11, [2, 2], False), (3, [12, 14], False)],
)
def test_a_crowd_is_judged_only_if_nobody_else_used_the_computer(
    before, during, clean, monkeypatch
):
    took = iter(during * 9)
    rates = {(1, "ours"): 100.0, (1, "plain"): 101.0, (2, "plain"): 20.0}
    monkeypatch.setattr(at_once.psutil, "cpu_percent", lambda interval: before)
    monkeypatch.setattr(
        at_once, "together", lambda crowd, threads: (rates.get((crowd, threads), 94.0), next(took))
    )
    rows = {row["what"]: row for row in at_once.trainings_at_once(2)}
    assert len(rows) == 8
    alone, two = (
        rows["one alone / with PyTorch's own"],
        rows["2 trainings at once, together / one alone"],
    )
    assert alone["samples"] == [100 / 101] * 2
    assert two["samples"] == [0.94] * 2
    assert (alone["met"], two["met"]) == (("yes", "no") if clean else ("not clean", "not clean"))
    assert rows["others took, of the cores"]["met"] == ("yes" if clean else "no")
