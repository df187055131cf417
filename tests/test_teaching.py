"""docs/teaching.md: its times are the notebooks', its figures those that were measured."""

import json
import os
import re
from pathlib import Path

import nbformat
import pytest

from benchmark import measure
from tools import series

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "teaching.md"
TEXT = PAGE.read_text(encoding="utf-8")
NOTEBOOKS = series.notebooks()


def minutes(path):
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return int(re.search(r"\*\*Time:\*\* about (\d+) minutes", prose)[1])


def test_the_plan_has_every_notebook_with_its_time():
    plan = TEXT.split("## A plan")[1].split("\n## ")[0]
    planned = [int(n) for cell in re.findall(r"\| ([\d +]+) \|", plan) for n in cell.split(" + ")]
    times = [minutes(path) for path in NOTEBOOKS]
    assert planned == times
    assert f"take {sum(times)} minutes" in plan
    assert [f"../notebooks/{path.name}" for path in NOTEBOOKS] == re.findall(
        r"\]\((\.\./notebooks/[^)]+)\)", plan
    )


def test_every_link_to_a_file_leads_somewhere_and_the_readme_leads_here():
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert "://" in target or (PAGE.parent / target).is_file(), target
    assert "](docs/teaching.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_figures_are_those_of_the_newest_measurement():
    newest = max((ROOT / "benchmark" / "results").glob("*-class.md"))
    lines = newest.read_text(encoding="utf-8").splitlines()
    block = TEXT.split("<!-- measured")[1].split("<!-- end of measured -->")[0]
    figures = [line for line in lines if line.startswith(("| ", "- "))]
    assert len(figures) > 30
    assert [line for line in figures if line not in block.splitlines()] == []
    assert newest.name[:10] in block
    kept = json.loads(newest.with_suffix(".json").read_text(encoding="utf-8"))
    assert all(f"| {what} | {value} |" in figures for what, value in kept["rows"].items())


def test_measuring_a_notebook_tells_memory_and_time(tmp_path):
    """A notebook that holds 100 MB: the kernel says so, in its peak and in what is its own."""
    cells = [nbformat.v4.new_code_cell("held = b'x' * 100_000_000")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "1.ipynb")
    cells[0].source = "held = 0"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "2.ipynb")
    big, small = (measure.run_notebook(tmp_path / f"{n}.ipynb", dict(os.environ)) for n in (1, 2))
    assert big[0] - small[0] > 90e6
    assert 0 < small[2] < small[3] + 5


def test_the_sums_for_a_class():
    rows = [("memory of the notebook server", "100 MB")]
    rows += [(f"notebook {n}: peak memory of the kernel", f"{n}00 MB") for n in (1, 9, 3)]
    assert measure.class_rows(rows) == [
        ("a student at most: the server and one kernel", "1.0 GB"),
        ("100 students at most", "100 GB"),
    ]


def test_a_new_measurement_is_quoted(tmp_path, monkeypatch):
    page = tmp_path / "teaching.md"
    page.write_text(f"a\n{measure.BEGIN}\n\nold\n\n{measure.END}\nb\n", encoding="utf-8")
    monkeypatch.setattr(measure, "PAGE", page)
    measure.quote("new")
    assert page.read_text(encoding="utf-8") == f"a\n{measure.BEGIN}\n\nnew\n\n{measure.END}\nb\n"
    assert measure.BEGIN in TEXT
    assert measure.END in TEXT


def test_two_students_train_in_two_programs(monkeypatch):
    monkeypatch.setattr(measure, "TRAINING", "import sys; print(int(sys.argv[1]) + 0.5)")
    assert measure.train_together(2, 3) == [3.5, 3.5]
    monkeypatch.setattr(measure, "TRAINING", "raise SystemExit(1)")
    with pytest.raises(RuntimeError, match="training failed"):
        measure.train_together(1, 1)
