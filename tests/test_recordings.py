"""Recorded runs: kept to the last digit, replayed at the pace asked for, never taken for new."""

import json
import math
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

import lenet_helpers as lh
from lenet_helpers.training import recording
from lenet_helpers.training.drawing import draw_spread
from lenet_helpers.training.result import Point, TrainingResult

HISTORY = (
    Point(0.5, 1.0, 2.303, 0.1, examples=50, training_seconds=0.05),
    Point(1.0, 2.0, 1 / 3, 0.75, examples=100, training_seconds=0.1),
    Point(1.0, 2.25, test_acc=0.7, examples=100, training_seconds=0.1, notes=("Well done.",)),
)


def a_result(**changes):
    return TrainingResult(**{"history": HISTORY, "device": torch.device("cpu")} | changes)


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "run.json"
    return lh.save_recording(a_result(), path, title="A run", settings={"lr": 0.9})


@pytest.fixture
def clock(monkeypatch):
    """A clock that only sleeping moves; it notes when each point was drawn."""

    class Clock:
        now = 100.0

        def sleep(self, seconds):
            assert seconds >= 0
            self.now += seconds

        def monotonic(self):
            return self.now

    made = Clock()
    made.points = []
    monkeypatch.setattr(recording, "time", made)
    plain = lh.Animator.add
    monkeypatch.setattr(
        lh.Animator,
        "add",
        lambda self, x, y: (made.points.append((made.now - 100, x)), plain(self, x, y)),
    )
    return made


def test_a_recording_comes_back_to_the_last_digit(kept):
    back = lh.load_recording(kept)
    assert back.result.history == HISTORY
    assert back.title == "A run"
    assert back.settings == {"lr": 0.9}
    assert (back.result.examples, back.result.training_seconds) == (100, 0.1)
    assert back.made["torch"] == torch.__version__
    assert not list(kept.parent.glob("*.part"))


def test_a_run_that_broke_down_comes_back_too(tmp_path):
    broken = a_result(history=(Point(1.0, 1.0, math.nan, 0.1, notes=("The loss became nan",)),))
    lh.save_recording(broken, tmp_path / "nan.json", title="Broken")
    back = lh.load_recording(tmp_path / "nan.json").result
    assert math.isnan(back.history[0].train_loss)
    assert back.notes == broken.notes == ("The loss became nan",)


def test_it_says_what_it_is(kept, capsys):
    shown = str(lh.replay(kept, math.inf))
    told = capsys.readouterr().out
    for words in ("A recording of 20", "not computed here", f"torch {torch.__version__}"):
        assert words in " ".join(shown.split())
        assert words in " ".join(told.split())
    assert shown.startswith("loss 0.333, train acc 0.750, test acc 0.700")


def test_the_plot_is_called_recorded(kept, monkeypatch):
    seen = []
    monkeypatch.setattr(lh.Animator, "flush", lambda self: seen.append(self.summary()))
    lh.replay(kept, math.inf)
    assert seen[0].startswith("Recorded: A run, in words:")


def test_drawn_pictures_stay_drawn_and_real_ones_real(tmp_path, monkeypatch):
    drawn = a_result(source="drawn stand-in")
    real = a_result(source="Fashion-MNIST")
    seen = []
    monkeypatch.setattr(lh.Animator, "flush", lambda self: seen.append(self.summary()))
    for name, result in {"drawn": drawn, "real": real}.items():
        lh.save_recording(result, tmp_path / name, title="A run")
        shown = str(lh.replay(tmp_path / name, math.inf))
        assert ("(drawn stand-in)" in shown) == (name == "drawn")
        assert ("(drawn stand-in)" in seen[-1]) == (name == "drawn")


@pytest.mark.parametrize("speed", [1, 10, np.float32(0.5), math.inf])
def test_the_pace_is_the_recorded_one_times_speed(kept, clock, speed):
    lh.replay(kept, speed)
    assert [epoch for _, epoch in clock.points] == [point.epoch for point in HISTORY]
    assert [at for at, _ in clock.points] == pytest.approx([p.seconds / speed for p in HISTORY])


def test_the_stop_button_ends_it(kept, clock, monkeypatch, capsys):
    def interrupted(seconds):
        if clock.points:
            raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", interrupted)
    result = lh.replay(kept)
    assert len(clock.points) == 1
    assert "Replay stopped by you at epoch 0.5 of 1." in capsys.readouterr().out
    assert result.history == HISTORY


@pytest.mark.parametrize("speed", [0, -1, math.nan, "fast", True])
def test_a_bad_speed_is_named(kept, speed):
    with pytest.raises(ValueError, match=r"speed=.*must be above 0"):
        lh.replay(kept, speed)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text[: len(text) // 2], "damaged"),
        (lambda text: "[]", "damaged"),
        (lambda text: text.replace('"format": 2', '"format": 9'), "format 9.*reads 1 and 2"),
        (lambda text: text.replace('"format": 2', '"format": [2]'), "damaged"),
        (lambda text: text.replace("[0.5, 1.0, 2.303, 0.1, null,", "[0.5,"), "shorter"),
        (lambda text: text.replace('"cpu"', '"toaster"', 1), "damaged"),
        (lambda text: text.replace('"points"', '"story"'), "KeyError"),
    ],
)
def test_a_damaged_file_is_named(kept, spoil, words):
    kept.write_text(spoil(kept.read_text()))
    with pytest.raises(recording.RecordingError, match=f"(?s)run.json.*{words}"):
        lh.load_recording(kept)


def test_a_file_without_points_is_no_recording(kept, tmp_path):
    """It would show a loss of nan as if that were one."""
    content = json.loads(kept.read_text(encoding="utf-8"))
    path = tmp_path / "empty.json"
    path.write_text(json.dumps({**content, "points": []}), encoding="utf-8")
    with pytest.raises(recording.RecordingError, match="it has no points"):
        lh.load_recording(path)


def test_bytes_that_are_no_text_are_no_recording(tmp_path):
    (tmp_path / "x.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(recording.RecordingError, match="cannot be read"):
        lh.load_recording(tmp_path / "x.json")


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(recording.RecordingError, match=r"(?s)name='none'.*adam.*sgd"):
        lh.load_recording("none")


def test_a_recording_is_not_recorded_again(kept, tmp_path):
    with pytest.raises(ValueError, match="recording itself"):
        lh.save_recording(lh.load_recording(kept).result, tmp_path / "again", title="x")
    with pytest.raises(ValueError, match="no points"):
        lh.save_recording(a_result(history=()), tmp_path / "none", title="x")


def test_a_failed_write_leaves_the_old_file(kept, monkeypatch):
    before = kept.read_text()
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        lh.save_recording(a_result(history=HISTORY[:1]), kept, title="Other")
    assert kept.read_text() == before


def test_a_recorded_run_is_marked_in_a_picture_of_several(kept):
    alt = lh.draw_runs({"old": lh.load_recording(kept).result, "new": a_result()}).alt
    assert "old (recorded): loss" in alt
    assert "; new: loss" in alt


def test_the_recordings_of_the_package_are_real_runs():
    names = lh.recordings()
    assert {"sgd", "adam", "class_version", "relu"} <= set(names)
    for name in (name for name in names if "/" not in name):
        recording = lh.load_recording(name)
        run = recording.result
        assert run.source == "Fashion-MNIST"
        assert run.epochs == recording.settings["epochs"]
        assert run.examples == 60_000 * run.epochs
        assert len(run.by_epoch()) == run.epochs
        assert len(run.history) >= 10 * run.epochs
        assert all(
            a.seconds < b.seconds for a, b in zip(run.history, run.history[1:], strict=False)
        )
        assert set(recording.made) == {"date", "device", "threads", "torch", "python"}
    sgd, adam = (lh.load_recording(name).result for name in ("sgd", "adam"))
    assert 0.44 <= sgd.train_loss <= 0.50
    assert 0.81 <= sgd.train_acc <= 0.84
    assert sgd.by_epoch()[0][1] > 2.2  # the plateau
    assert adam.by_epoch()[0][1] < 2.0  # without one
    for name in ("mistake_a", "mistake_c"):
        assert abs(lh.load_recording(name).result.train_loss - math.log(10)) < 0.02


def test_a_replay_passes_strict_nbval(tmp_path):
    source = "import math\nimport lenet_helpers as lh\nlh.replay('sgd', speed=math.inf)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=120, coalesce_streams=True).execute()
    (cell,) = notebook.cells
    assert [out.output_type for out in cell.outputs] == ["display_data", "stream"]
    assert "A recording of" in cell.outputs[1].text
    nbformat.write(notebook, tmp_path / "replay.ipynb")
    options = ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env", f"--rootdir={tmp_path}"]
    command = [sys.executable, "-m", "pytest", *options, "replay.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "1 passed" in done.stdout, done.stdout


def test_a_line_a_point(kept):
    lines = kept.read_text().splitlines()
    assert "  [0.5, 1.0, 2.303, 0.1, null, 50, 0.05, [], false]," in lines
    told = json.loads(kept.read_text())
    last = dict(zip(told["columns"], told["points"][2], strict=True))
    assert (last["test_acc"], last["train_loss"], last["notes"]) == (0.7, None, ["Well done."])


def test_a_file_of_the_first_format_comes_back(tmp_path):
    old = {
        "format": 1, "title": "Old", "device": "cpu", "examples": 90, "training_seconds": 1.5,
        "made": {"date": "2026-11-24", "device": "x", "threads": "2", "torch": "2", "python": "3"},
        "settings": {}, "source": "Fashion-MNIST", "notes": ["Stopped by you."],
        "history": [[0.5, 1.0, 2.303, 0.1, None], [1.0, 2.25, None, None, 0.7]],
    }  # fmt: skip
    (tmp_path / "old.json").write_text(json.dumps(old))
    run = lh.load_recording(tmp_path / "old.json").result
    assert run.history[0] == Point(0.5, 1.0, 2.303, 0.1)
    assert (run.examples, run.training_seconds, run.test_acc) == (90, 1.5, 0.7)
    assert run.notes == ("Stopped by you.",)


# ---------------------------------------------------------------- several runs in a file

TWO_EPOCHS = (
    Point(0.5, 1.0, 2.3031234567, 0.1, examples=50, training_seconds=0.05),
    Point(1.0, 2.0, 1 / 3, 0.75, examples=100, training_seconds=0.1),
    Point(1.0, 2.25, examples=100, training_seconds=0.1, valid_loss=0.4, valid_acc=0.7),
    Point(1.5, 3.0, 0.3, 0.8, examples=150, training_seconds=0.15),
    Point(2.0, 4.0, 0.2, 0.9, examples=200, training_seconds=0.2),
    Point(2.0, 4.25, examples=200, training_seconds=0.2, valid_loss=0.5, valid_acc=0.65),
)


@pytest.fixture
def group(tmp_path):
    path = tmp_path / "group.json"
    for name, settings in (("one, seed 0", {"seed": 0, "moved": [0.123456789]}), ("other", None)):
        recording.add_to_group(
            a_result(history=TWO_EPOCHS), path, name, title=f"Run {name}", settings=settings
        )
    return path


def test_of_several_runs_the_last_numbers_of_each_epoch_come_back(group):
    back = lh.load_recording(group / "one, seed 0")
    assert back.title == "Run one, seed 0"
    assert back.settings == {"seed": 0, "moved": [0.12346]}
    assert back.result.history == (
        Point(1.0, 2.25, 0.33333, 0.75, None, 100, 0.1, valid_loss=0.4, valid_acc=0.7),
        Point(2.0, 4.25, 0.2, 0.9, None, 200, 0.2, valid_loss=0.5, valid_acc=0.65),
    )
    assert back.result.recorded.startswith("A recording of 20")
    assert recording.names_in(group) == ["one, seed 0", "other"]
    assert lh.load_recording(str(group / "other")).title == "Run other"


def test_a_run_takes_the_place_of_an_older_one(group):
    recording.add_to_group(a_result(), group, "other", title="New")
    assert recording.names_in(group) == ["one, seed 0", "other"]
    assert lh.load_recording(group / "other").title == "New"


def test_what_is_wrong_with_a_file_of_several_is_named(group, kept, tmp_path):
    for name, words in (
        (group, "has several runs: name one of them.*one, seed 0"),
        (group / "third", "has no run 'third'"),
        (kept / "one", "has one run, which has no name"),
        (tmp_path / "none.json" / "one", "there is no such file"),
    ):
        with pytest.raises(recording.RecordingError, match=f"(?s){words}"):
            lh.load_recording(name)
    with pytest.raises(ValueError, match="has a /"):
        recording.add_to_group(a_result(), group, "a/b", title="x")
    with pytest.raises(recording.RecordingError, match="no file of several runs"):
        recording.add_to_group(a_result(), kept, "one", title="x")
    with pytest.raises(ValueError, match="recording itself"):
        recording.add_to_group(lh.load_recording(kept).result, group, "one", title="x")


def test_the_curves_of_validation_are_played_too(group, monkeypatch):
    seen = []
    monkeypatch.setattr(lh.Animator, "flush", lambda self: seen.append(self.summary()))
    lh.replay(group / "other", math.inf)
    for words in ("train loss from 0.333", "valid loss from 0.400", "valid acc from 0.700"):
        assert words in seen[0]


def test_several_runs_are_drawn_with_their_validation(group):
    runs = {name: lh.load_recording(group / name).result for name in recording.names_in(group)}
    picture = lh.draw_runs(runs)
    assert "validation loss 0.500 after 2 epochs, at its least 0.400 after 1" in picture.alt
    left, right = picture.figure.axes
    assert [line.get_label() for line in left.lines] == [
        f"{name} (recorded), {what}" for name in runs for what in ("training", "validation")
    ]
    assert [list(line.get_ydata()) for line in right.lines[:2]] == [[0.75, 0.9], [0.7, 0.65]]
    figure = picture.figure
    figure.canvas.draw()
    legend = figure.legends[0].get_window_extent(figure.canvas.get_renderer())
    assert legend.x0 >= 0
    assert legend.x1 <= figure.bbox.width
    assert legend.y1 <= left.xaxis.label.get_window_extent().y0
    mixed = lh.draw_runs({"held back": runs["other"], "tested": a_result()})
    assert mixed.figure.axes[0].get_title() == "Training loss"


def test_a_spread_shows_each_run_and_the_mean():
    picture = draw_spread({"a": [0.8, 0.9], "b": [0.5]}, title="Steps")
    (axes,) = picture.figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    assert [list(line.get_xdata()) for line in dots] == [[0.8, 0.9], [0.5]]
    means = [line.get_xdata()[0] for line in axes.lines if line.get_marker() != "o"]
    assert means == pytest.approx([0.85, 0.5])
    assert "a 0.8500 (0.8000 to 0.9000); b 0.5000" in picture.alt
    for wrong in ({}, {"a": []}):
        with pytest.raises(ValueError, match="at least one"):
            draw_spread(wrong)
