"""The lesson plan: it names what the notebooks ask, all of it, and nothing else."""

import re
from pathlib import Path

import nbformat
import pytest

from tools.series import notebooks

TEACHING = (Path(__file__).resolve().parent.parent / "docs" / "teaching.md").read_text("utf-8")
PLAN = TEACHING.split("## Lesson plans")[1].split("### Objectives")[0]
OBJECTIVES = TEACHING.split("### Objectives, and what checks them")[1].split("### A build")[0]


def rows(text):
    """Return the rows of the table in ``text`` by notebook, each a list of its cells."""
    found, number = {}, None
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) < 3 or not line.startswith("|") or set(cells[0]) == {"-"}:
            continue
        if cells[0].isdigit():
            number = int(cells[0])
        if number:
            found.setdefault(number, []).append(cells)
    return found


def asked(path):
    """Return the predictions and the exercises of a notebook, by their keys."""
    sources = [c.source for c in nbformat.read(path, 4).cells if c.cell_type == "code"]
    predictions = re.findall(r'guess\.predict\("([^"]+)"', "\n".join(sources))
    exercises = re.findall(r'lh\.check\("([^"]+)"', "\n".join(sources))
    return [key for key in predictions if not key.startswith("recall ")], exercises


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_every_prediction_and_exercise_checks_an_objective(path):
    told = " ".join(" ".join(cells) for cells in rows(OBJECTIVES)[int(path.name[:2])])
    predictions, exercises = asked(path)
    runs = [key for key in predictions if key.startswith("mistake of run ")]
    missing = [key for key in predictions if key not in told and key not in runs]
    assert missing == []
    assert not runs or "mistake of run A to D" in told
    assert set(re.findall(r"`(\w+)`", told)) == set(exercises)


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_the_plan_names_sections_that_are_there_in_order(path):
    number = int(path.name[:2])
    text = "\n".join(c.source for c in nbformat.read(path, 4).cells if c.cell_type == "markdown")
    sections = re.findall(rf"^## ({number}\.\d+) ", text, flags=re.MULTILINE)
    planned = re.findall(
        rf"(?<![\d.])({number}\.\d+)(?!\d)", "\n".join(r[2] for r in rows(PLAN)[number])
    )
    assert set(planned) <= set(sections)
    order = [sections.index(section) for section in planned]
    assert order == sorted(order)
    minutes = [int(cells[1]) for cells in rows(PLAN)[number]]
    assert minutes == sorted(set(minutes))
    (taken,) = re.findall(r"\*\*Time:\*\* about (\d+) minutes", text)
    assert minutes[-1] < int(taken)
