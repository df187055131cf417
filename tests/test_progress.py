"""The file of answers: never lost silently, nor damaged by two kernels, nor a reason to stop."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lenet_helpers as lh
from lenet_helpers import storage
from lenet_helpers.asking import handing_in, progress
from lenet_helpers.asking.misconceptions import MISCONCEPTIONS
from lenet_helpers.asking.progress import Record, Try
from tools import record

ROOT = Path(__file__).resolve().parent.parent
KEY = "width with padding"


def attempt(answer, second=0, right=False, **more):
    return Try(answer, f"2026-01-01T00:00:{second:02}+00:00", right, **more)


def answered(answer=24):
    guess = lh.Predictions(1)
    guess.predict(KEY, answer)
    return guess


# ---------------------------------------------------------------- outcomes


@pytest.mark.parametrize(
    ("tries", "outcome"),
    [
        ([attempt(28, right=True)], "at once"),
        ([attempt(28, 0, True), attempt(24, 1)], "at once"),
        ([attempt(24), attempt(28, 1, True)], "after a hint"),
        ([attempt(24), attempt(28, 1, True, late=True)], "open"),
        ([attempt(24)], "open"),
        ([attempt(0.8, right=None)], "open"),
    ],
)
def test_how_it_went(tries, outcome):
    assert Record("?", tuple(tries)).outcome == outcome


def test_two_records_become_one_in_the_order_of_time():
    one = Record("?", (attempt(24, 1), attempt(0.8, 3, None)), shown=False)
    other = Record("?", (attempt(26, 2), attempt(0.8, 3, True)), shown=True)
    both = progress.merged(one, other)
    assert [(t.answer, t.right) for t in both.tries] == [(24, False), (26, False), (0.8, True)]
    assert both.shown
    assert progress.merged(other, one).tries == both.tries
    assert progress.merged(both, both) == both


# ---------------------------------------------------------------- the file


def test_it_is_read_as_it_was_written():
    guess = answered()
    guess.predict(KEY, 28)
    guess.reveal(KEY, 28)
    guess.predict("shape with stride", (2, 3))
    progress.note_exercise("output_size", False, "padding once")
    progress.note_exercise("output_size", True)
    kept = progress.stored()
    assert [t.answer for t in kept.answers[1][KEY].tries] == [24, 28]
    assert kept.answers[1][KEY].shown
    assert kept.answers[1]["shape with stride"].tries[0].answer == (2, 3)
    assert kept.exercises["output_size"].thoughts == ("padding once",)
    assert kept.exercises["output_size"].passed
    assert progress.from_data(json.loads(json.dumps(progress.as_data(kept)))) == kept


def test_an_exercise_stays_passed_and_its_thoughts_stay():
    progress.note_exercise("x", True)
    passed = progress.stored().exercises["x"].passed
    progress.note_exercise("x", False, "padding once")
    progress.note_exercise("x", False, "no plus one")
    after = progress.stored().exercises["x"]
    assert after.passed == passed
    assert after.thoughts == ("padding once", "no plus one")
    assert set(after.thoughts) <= set(MISCONCEPTIONS)


WHOLE = {"format": progress.FORMAT, "answers": {}, "exercises": {}}
EMPTY = {"words": "", "tries": [], "shown": False}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"\xff\xfe", b"[]", b"null", b"3", b'"x"', b"{}",
        json.dumps(WHOLE | {"format": "lenet_helpers answers 99"}).encode(),
        json.dumps(WHOLE | {"answers": {"1": {KEY: {}}}}).encode(),
        json.dumps(WHOLE | {"answers": {"one": {}}}).encode(),
        json.dumps(WHOLE | {"answers": {"1": {KEY: EMPTY}}}).encode(),
        json.dumps(WHOLE | {"exercises": {"x": 1}}).encode(),
        json.dumps(WHOLE).encode()[:40],
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_file_is_kept_aside_and_said(content, capsys):
    path = progress.answers_file()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    answered()
    told = " ".join(capsys.readouterr().out.split())
    (aside,) = path.parent.glob("answers-set-aside-*")
    assert aside.read_bytes() == content
    assert f"It is kept as {aside}" in told
    assert "the padding is left out" in told
    assert list(progress.stored().answers[1]) == [KEY]


def test_forgetting_deletes_it(capsys):
    guess = answered()
    lh.forget_answers()
    assert not progress.answers_file().exists()
    assert "your answers are forgotten" in " ".join(capsys.readouterr().out.split())
    lh.forget_answers()
    assert "nothing to forget" in capsys.readouterr().out
    guess.tally()
    assert "7 not made" in capsys.readouterr().out
    guess.predict(KEY, 28)  # the same kernel begins anew
    guess.tally()
    assert "1 right at once" in capsys.readouterr().out


def test_a_disk_that_refuses_stops_nothing(capsys, monkeypatch):
    def refuse(path, content):
        raise OSError("no space")

    monkeypatch.setattr(progress, "write_whole", refuse)
    guess = answered()
    assert "kept in this kernel only: no space" in capsys.readouterr().out
    guess.predict(KEY, 28)
    guess.reveal(KEY, 28)
    told = capsys.readouterr().out
    assert "You had it after a hint" in told
    assert "kernel only" not in told
    guess.tally()
    assert "1 right after a hint" in capsys.readouterr().out
    progress.note_exercise("x", True)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_folder_that_cannot_be_written_to_stops_nothing(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv(storage.CACHE_DIR_VARIABLE, str(tmp_path / "file" / "below"))
    (tmp_path / "file").write_text("no folder")
    guess = answered()
    guess.predict(KEY, 28)
    guess.tally()
    assert "1 right after a hint" in capsys.readouterr().out
    progress.note_exercise("x", True)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    path = tmp_path / "file" / "answers.json"
    path.parent.write_text("no folder")
    with pytest.raises(OSError, match=r"answers\.json could not be written .* Make room"):
        storage.write_whole(path, b"")
    assert [there.name for there in tmp_path.iterdir()] == ["file"]


def test_where_it_is_switched_off_the_kernel_remembers_and_the_file_stays(capsys, monkeypatch):
    answered()
    before = progress.answers_file().read_bytes()
    monkeypatch.setenv(progress.SWITCH, "off")
    guess = lh.Predictions(1)
    guess.predict("side after pooling", 14)
    assert "kept in this kernel only: LENET_ANSWERS=off" in capsys.readouterr().out
    guess.tally()
    assert "1 right at once, 0 right after a hint, 0 still open, 6" in capsys.readouterr().out
    progress.note_exercise("x", True)
    assert progress.answers_file().read_bytes() == before


def test_recording_and_comparing_notebooks_switch_it_off():
    assert record.without_the_author()[progress.SWITCH] == "off"
    ask = f"import conftest, os; print(os.environ['{progress.SWITCH}'])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.split() == [b"off"]


WRITER = """
import sys, lenet_helpers as lh
from lenet_helpers.asking import progress
who = int(sys.argv[1])
for n in range(25):
    progress.note_exercise(f"{who}, {n}", True)
    lh.Predictions(1).predict("width with padding", 1000 * who + n)
"""


def test_kernels_that_write_at_once_lose_nothing():
    running = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(who)], cwd=ROOT, stdout=subprocess.PIPE)
        for who in (1, 2, 3)
    ]
    said = [process.communicate()[0].decode() for process in running]
    assert all(process.returncode == 0 for process in running)
    assert not any("damaged" in told for told in said)
    kept = progress.stored()
    assert len(kept.exercises) == 75
    answers = [t.answer for t in kept.answers[1][KEY].tries]
    assert sorted(answers) == [1000 * who + n for who in (1, 2, 3) for n in range(25)]
    assert not list(progress.answers_file().parent.glob("*.part"))


def test_nothing_is_written_while_nothing_is_answered():
    guess = lh.Predictions(2)
    guess.recall()
    guess.predict("recall 1", ...)
    guess.reveal("recall 1")
    guess.tally()
    assert not progress.answers_file().parent.exists() or not list(
        progress.answers_file().parent.iterdir()
    )


# ---------------------------------------------------------------- handing in


def test_a_hand_in_is_readable_and_read_again(tmp_path, capsys):
    answered()
    progress.note_exercise("output_size", True)
    path = lh.hand_in("  Ada   Müller ", tmp_path / "new")
    assert str(path) in capsys.readouterr().out.replace("\n", "")
    assert path.name == "lenet-ada-müller.json"
    text = path.read_text(encoding="utf-8")
    assert "Ada Müller" in text
    assert len(text.splitlines()) > 20
    assert "lh.hand_in" in json.loads(text)["about"]
    content, answers = handing_in.handed_in(path)
    assert content["name"] == "Ada Müller"
    assert content["package"]
    assert answers == progress.stored()


def test_with_nothing_answered_there_is_still_a_file(tmp_path):
    _, answers = handing_in.handed_in(lh.hand_in("x", tmp_path))
    assert answers == progress.Progress()


@pytest.mark.parametrize(("name", "error"), [("", ValueError), (" ", ValueError), (3, TypeError)])
def test_a_name_is_needed(name, error, tmp_path):
    with pytest.raises(error, match="name="):
        lh.hand_in(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "a/b", "...", "CON:", "名前"])
def test_a_name_leads_to_no_other_folder(name, tmp_path):
    path = lh.hand_in(name, tmp_path)
    assert path.parent == tmp_path
    assert handing_in.handed_in(path)[0]["name"] == name


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('"answer": 24', '"answer": 28'), "changed after it was written"),
        (lambda text: text.replace("Ada", "Eve"), "changed after it was written"),
        (lambda text: text.replace("hand-in 1", "hand-in 2"), "no file of lh.hand_in"),
        (lambda text: text[:-30], "damaged"),
        (lambda text: "[]", "damaged"),
        (lambda text: "", "damaged"),
        (lambda text: json.dumps({"format": handing_in.FORMAT}), "damaged"),
    ],
)
def test_an_edited_or_broken_file_is_told_from_a_whole_one(change, told, tmp_path):
    answered()
    path = lh.hand_in("Ada", tmp_path)
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(handing_in.HandInError, match=told):
        handing_in.handed_in(path)
