"""The figures that the README and notebook 8 quote are those of the newest benchmark run."""

import re
import sys
import time
from pathlib import Path

import nbformat
import pytest

from benchmark import __main__ as command
from benchmark import at_once
from benchmark import machine as computer
from benchmark.joined.layers import join_layers
from benchmark.opening import served
from lenet_helpers.training import steps

ROOT = Path(__file__).resolve().parent.parent
NEWEST = max((ROOT / "benchmark" / "results").glob("*-all.md"))


def figures(text):
    """Return the rows of a Markdown table of the benchmark: (what was measured, its value)."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+?) +\|", text, flags=re.MULTILINE)
    return [row for row in rows if row[0] not in ("what", "---")]


def test_the_readme_quotes_the_newest_results():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## How fast")[1].split("\n## ")[0]
    named = {NEWEST.parent / name for name in re.findall(r"results/(\S+?\.md)", section)}
    measured = [row for path in named for row in figures(path.read_text(encoding="utf-8"))]
    quoted = figures(section)
    assert len(quoted) >= 8
    assert [row for row in quoted if row not in measured] == []
    assert {NEWEST, max(NEWEST.parent.glob("*-gpu.md"))} <= named


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


def test_the_ratios_of_a_crowd_are_taken_round_by_round(monkeypatch):
    rates = {(1, "ours"): 100.0, (1, "plain"): 101.0, (2, "plain"): 20.0}
    monkeypatch.setattr(
        at_once, "together", lambda crowd, threads: rates.get((crowd, threads), 94.0)
    )
    rows = {row["what"]: row for row in at_once.trainings_at_once(2)}
    assert len(rows) == 7
    alone, two = (
        rows["one alone / with PyTorch's own"],
        rows["2 trainings at once, together / one alone"],
    )
    assert alone["samples"] == [100 / 101] * 2
    assert two["samples"] == [0.94] * 2
    assert (alone["met"], two["met"]) == ("yes", "no")


@pytest.mark.parametrize(
    ("before", "during", "clean"), [(3, 9, True), (11, 2, False), (3, 12, False)]
)
def test_a_part_is_judged_only_if_nobody_else_used_the_computer(before, during, clean, monkeypatch):
    took = iter([before, during])

    def others(work):
        share = next(took)
        if share != before:  # at first there is only the wait
            work()
        return share

    monkeypatch.setattr(command, "taken_by_others", others)
    part = [command.row("a", [1.0], "s", "under 2", lambda s: s < 2), command.row("b", [1.0], "s")]
    rows = {row["what"]: row for row in command.watched(lambda _: part, 1)}
    assert rows["a"]["met"] == ("yes" if clean else "not clean")
    assert rows["b"]["met"] == ""
    assert rows["others took, of the cores"]["met"] == ("yes" if clean else "no")


def test_what_others_take_is_told_from_what_the_work_takes(monkeypatch):
    busy, clock = iter([100.0, 103.0]), iter([5.0, 7.0])
    own = iter([(1.0, 0.5, 2.0, 0.0, 5.0), (1.25, 0.5, 2.25, 0.5, 7.0)])  # one second of work
    monkeypatch.setattr(computer, "busy_seconds", lambda: next(busy))
    monkeypatch.setattr(computer, "cores", lambda: 2)
    monkeypatch.setattr(computer.os, "times", lambda: next(own))
    monkeypatch.setattr(computer.time, "perf_counter", lambda: next(clock))
    done = []
    assert computer.taken_by_others(lambda: done.append(1)) == 50  # two of four seconds
    assert done == [1]


def test_a_busy_core_is_counted():
    before = computer.busy_seconds()
    end = time.process_time() + 0.5
    while time.process_time() < end:
        pass
    assert computer.busy_seconds() - before > 0.3


def test_a_server_that_ends_is_said_to_have_ended(tmp_path):
    ends = [sys.executable, "-c", "pass"]
    with pytest.raises(RuntimeError, match="did not start"), served(ends, tmp_path):
        pass


def test_textbook_ours_and_the_trial_take_turns(monkeypatch):
    asked = []

    def kernel(cells, *, textbook):
        asked.append((cells[0].splitlines()[-1], textbook, len(cells)))
        return [float(len(asked)), 0.5]

    monkeypatch.setattr(command, "kernel", kernel)
    monkeypatch.setattr(command, "install_textbook", lambda: None)
    monkeypatch.setattr(command.torch.cuda, "is_available", lambda: True)
    rows = {row["what"]: row for row in command.gpu(2)}
    theirs = "from d2l import torch as lib"
    assert asked == [(theirs, True, 3), ("lib = lh", False, 3), ("lib = lh", False, 3)] * 2
    samples = {what: row["samples"] for what, row in rows.items()}
    assert samples["textbook, 10 epochs on a GPU"] == [1, 4]
    assert samples["ours, 10 epochs on a GPU"] == [2, 5]
    assert samples["ours with joined layers, a trial, 10 epochs on a GPU"] == [3, 6]
    assert rows["ours with joined layers, a trial, the same once more"]["met"] == "yes"


def test_the_trial_joins_layers(monkeypatch):
    monkeypatch.setattr(steps, "pool_fast", steps.pool_fast)
    exec(command.IMPORTS + command.JOINED, {})  # as a kernel would
    assert steps.pool_fast is join_layers
