"""A class's files become one page; and the page of misconceptions is the code's."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from planted import PLANTED

import lenet_helpers as lh
from lenet_helpers.asking.misconceptions import KINDS, MISCONCEPTIONS
from lenet_helpers.asking.places import NOTEBOOKS
from lenet_helpers.asking.progress import note_exercise
from tools import class_summary, misconceptions

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def handed(tmp_path, monkeypatch):
    """Let a student answer, in a cache of their own, and hand in; return the file."""

    def hand(name, answers=(), folder=None, exercises=()):
        monkeypatch.setenv("LENET_CACHE_DIR", str(tmp_path / "caches" / name))
        for notebook, key, answer in answers:
            lh.Predictions(notebook).predict(key, answer)
        for exercise in exercises:
            note_exercise(*exercise)
        return lh.hand_in(name, folder or tmp_path / "class")

    return hand


def page_of(folder):
    assert class_summary.main([str(folder)]) == 0
    return (folder / "class.html").read_text(encoding="utf-8")


def rows(page, heading):
    """The cells of the table under ``heading``, as text."""
    import html
    import re

    part = page.split(f"<h2>{heading}</h2>")[1].split("<h2>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", part)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in lines]
    return [[html.unescape(cell) for cell in row] for row in cells[1:]]


def test_who_is_where(handed, tmp_path, capsys):
    handed("Berta", [(1, "width with padding", 24), (1, "width with padding", 28)])
    handed("Anton", [(1, "width with padding", 28), (2, "first number of the output", 0)],
           exercises=[("output_size", True), ("correlate", False, "kernel flipped")])  # fmt: skip
    handed("Cem")
    page = page_of(tmp_path / "class")
    table = rows(page, "Who is where")
    assert [row[0] for row in table] == ["Anton", "Berta", "Cem"]
    assert table[0][1:4] == ["1 of 7", "0 of 3", "—"]
    assert table[0][-5:-1] == ["1", "0", "1", "1 of 2"]
    assert table[1][1] == "1 of 7"
    assert table[1][-5:-1] == ["0", "1", "0", "0 of 0"]
    assert table[2][1:-5] == ["—"] * len(NOTEBOOKS)
    assert "3 students" in capsys.readouterr().out


def test_the_commonest_thoughts_come_first_with_words_to_say(handed, tmp_path):
    for number in range(3):
        handed(f"P{number}", [(1, "width with padding", 24)])
    handed("Q", [(1, "width with padding", 26), (1, "side after pooling", 27)])
    handed("R", [(1, "width with padding", 26)], exercises=[("x", False, "padding forgotten")])
    handed("S", [(1, "side after pooling", 13), (1, "side after the second pooling", 4)])
    handed("T", [(1, "side after pooling", 13)])
    handed("U", exercises=[("x", False, "kernel for map"), ("y", False, "of another version")])
    found = rows(page_of(tmp_path / "class"), "The commonest thoughts")
    # The kind comes first: each thought about places is met less often than the second of padding.
    assert [(row[0], row[1]) for row in found] == [
        ("padding: 6", "5"), ("padding: 6", "2"), ("counting places: 3", "2"),
        ("counting places: 3", "1"), ("pooling: 1", "1"),
    ]  # fmt: skip
    known = MISCONCEPTIONS["padding forgotten"]
    assert found[0][2:4] == [f"It looks as if {known.thought}.", known.hint]
    assert found[0][4] == "notebook 1, 1.2 Padding: a frame of zeros"


def test_a_kind_that_many_met_in_many_ways_comes_before_a_single_thought(handed, tmp_path):
    for thought in ("gradients pile up", "weights never move", "two steps for one"):
        handed(thought, exercises=[("train_step", False, thought)])
    for name in "AB":
        handed(name, [(1, "width with padding", 24)])
    found = rows(page_of(tmp_path / "class"), "The commonest thoughts")
    assert [(row[0], row[1]) for row in found] == [
        *[("gradients and steps: 3", "1")] * 3, ("padding: 2", "2"),
    ]  # fmt: skip


def test_next_time_is_about_what_fewest_knew(handed, tmp_path):
    handed("A", [(1, "width with padding", 24), (1, "side after pooling", 14)])
    handed("B", [(1, "width with padding", 24), (1, "side after pooling", 27)])
    page = page_of(tmp_path / "class").split("next time</h2>")[1]
    assert page.index("a padding of 2") < page.index("A pooling with a window of 2")
    assert "2 of 2 were not right at first. First answers: 24 (2)." in page
    assert "1 of 2 were not right at first. First answers: 14 (1), 27 (1)." in page


def test_broken_and_edited_files_are_named_and_left_out(handed, tmp_path, capsys):
    folder = tmp_path / "class"
    handed("Whole", [(1, "width with padding", 24)])
    edited = handed("Edited", [(1, "width with padding", 24)])
    edited.write_text(edited.read_text(encoding="utf-8").replace(": 24", ": 28"), encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    (folder / "other.json").write_text(json.dumps({"a": 1}), encoding="utf-8")
    (folder / "folder.json").mkdir()
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    page = page_of(folder)
    said = capsys.readouterr().out
    for words in (page, said):
        assert "lenet-edited.json: it was changed after it was written" in words
        assert "broken.json: it is damaged" in words
        assert "other.json: it is no file of lh.hand_in" in words
        assert "folder.json: " in words
        assert "notes.txt" not in words
    assert [row[0] for row in rows(page, "Who is where")] == ["Whole"]


def test_of_two_files_of_one_student_the_newer_counts(handed, tmp_path):
    folder = tmp_path / "class"
    old = handed("Ada", [(1, "width with padding", 24)])
    old.rename(folder / "z-old.json")
    handed("Ada", [(1, "side after pooling", 14)])
    page = page_of(folder)
    assert rows(page, "Who is where")[0][1] == "1 of 7"
    assert "z-old.json: lenet-ada.json of the same name is newer" in page


def test_names_and_answers_are_escaped_and_nothing_is_fetched(handed, tmp_path):
    handed("<script>alert(1)</script>", [(5, "hardest class", "<b>bag</b>")])
    page = page_of(tmp_path / "class")
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert "http" not in page
    assert "src=" not in page


def test_a_class_of_planted_students(handed, tmp_path):
    """Each has one thought; all of them are in the table, by how many have them."""
    for number, (notebook, key, _, answer) in enumerate(PLANTED):
        handed(f"S{number}", [(notebook, key, answer)])
    found = rows(page_of(tmp_path / "class"), "The commonest thoughts")
    thoughts = [thought for _, _, thought, _ in PLANTED]
    kinds = [MISCONCEPTIONS[thought].kind for thought in thoughts]
    assert sorted((row[0], int(row[1])) for row in found) == sorted(
        (f"{kind}: {kinds.count(kind)}", thoughts.count(thought))
        for kind, thought in set(zip(kinds, thoughts, strict=True))
    )
    ranks = [int(row[0].split(": ")[1]) for row in found]
    assert ranks == sorted(ranks, reverse=True)
    for kind in set(kinds):
        counts = [int(row[1]) for row in found if row[0].startswith(f"{kind}: ")]
        assert counts == sorted(counts, reverse=True)


def test_a_page_for_the_eyes_and_for_a_screen_reader(handed, tmp_path, browser):
    from axe_playwright_python.sync_playwright import Axe

    handed("Ada", [(1, "width with padding", 24)])
    page = browser.new_page()
    page.set_content(page_of(tmp_path / "class"))
    assert Axe().run(page).response["violations"] == []
    page.close()


def test_what_is_asked_wrongly_is_said(tmp_path, capsys):
    assert class_summary.main([str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().out
    assert class_summary.main([str(tmp_path)]) == 2
    assert "lh.hand_in" in capsys.readouterr().out


def test_it_is_a_command(handed, tmp_path):
    path = handed("Ada")
    command = [
        sys.executable,
        "-m",
        "tools.class_summary",
        path.parent,
        "--out",
        tmp_path / "p.html",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("p.html: 1 student\n")
    assert (tmp_path / "p.html").is_file()


# ---------------------------------------------------------------- docs/misconceptions.md


def test_the_page_of_misconceptions_is_made_from_the_code():
    kept = misconceptions.PAGE.read_text(encoding="utf-8")
    assert kept == misconceptions.page(), "run: python -m tools.misconceptions"
    for key, known in MISCONCEPTIONS.items():
        assert f"### {key}\n" in kept
        assert known.hint in kept
    for kind in KINDS:
        link, count = re.search(
            rf"^\| \[{kind}\]\(#(.*)\) \| (\d+) \|$", kept, re.MULTILINE
        ).groups()
        part = kept.split(f"\n## {kind.capitalize()}\n")[1].split("\n## ")[0]
        assert link == kind.replace(" ", "-")
        assert part.count("\n### ") == int(count)
    for notebook, key, thought, _ in PLANTED:
        entry = kept.split(f"### {thought}\n")[1].split("\n###")[0]
        assert f'notebook {notebook}, "{key}": ' in entry
