"""The live plot, in a real kernel and in a script."""

import base64
import io
import subprocess
import sys

import nbformat
import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from nbclient import NotebookClient
from PIL import Image

import lenet_helpers as lh
from lenet_helpers.show.encoding import png
from lenet_helpers.training.loop import run_plot


def run(*cells, allow_errors=False):
    """Run code cells in a fresh kernel and return the notebook with its outputs."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, allow_errors=allow_errors).execute()
    return notebook


def pictures(cell):
    return [out for out in cell.outputs if "image/png" in out.get("data", {})]


SETUP = """
import hashlib, base64
import lenet_helpers as lh
from lenet_helpers.show.encoding import png
def digest(animator):
    animator._refresh()
    return hashlib.sha256(png(animator.fig)).hexdigest()
"""
MAKE = "a = lh.Animator(xlabel='epoch', legend=['loss', 'acc'], xlim=[0, 3])\n"
FEED = "for i in range(40):\n    a.add(i / 10, (3 - i / 20, i / 40))\n"


def digest(output):
    import hashlib

    return hashlib.sha256(base64.b64decode(output["data"]["image/png"])).hexdigest()


def test_one_picture_with_every_point_before_the_printed_text():
    notebook = run(SETUP, MAKE + FEED + "print('done')", "print(digest(a))")
    cell = notebook.cells[1]
    assert [out.output_type for out in cell.outputs] == ["display_data", "stream"]
    (picture,) = pictures(cell)
    assert digest(picture) == notebook.cells[2].outputs[0].text.strip()
    assert picture["data"]["text/plain"] == "Live plot of loss, acc against epoch."
    assert picture["metadata"]["image/png"]["alt"] == (
        "Progress by epoch: loss from 3.000 at epoch 0 to 1.050 at epoch 3.9; "
        "acc from 0.000 at epoch 0 to 0.975 at epoch 3.9."
    )
    assert picture["metadata"]["image/png"]["width"] == 640  # of 1280 pixels in the file


def test_a_single_point_is_not_told_twice():
    plot = lh.Animator(xlabel="epoch", legend=["loss"], xlim=[0, 3])
    plot.add(1, 2.5)
    assert plot.summary() == "Progress by epoch, in words:\nloss 2.500 at epoch 1"


def test_an_animator_of_an_earlier_cell_shows_under_the_cell_that_adds():
    notebook = run(SETUP, MAKE, FEED, "a.add(4, (1, 1))", "print(digest(a))")
    assert [len(pictures(cell)) for cell in notebook.cells] == [0, 0, 1, 1, 0]
    assert digest(pictures(notebook.cells[3])[0]) == notebook.cells[4].outputs[0].text.strip()
    assert digest(pictures(notebook.cells[2])[0]) != digest(pictures(notebook.cells[3])[0])


def test_the_last_points_are_drawn_after_an_error_too():
    notebook = run(SETUP, MAKE + FEED + "1 / 0", "print(digest(a))", allow_errors=True)
    assert digest(pictures(notebook.cells[1])[0]) == notebook.cells[2].outputs[0].text.strip()


def test_two_animators_in_one_cell_have_a_picture_each():
    twice = MAKE + "b = lh.Animator(xlabel='epoch')\n" + FEED + "for i in range(9): b.add(i, i)"
    notebook = run(SETUP, twice, "print(digest(a), digest(b))")
    shown = [digest(out) for out in pictures(notebook.cells[1])]
    assert shown == notebook.cells[2].outputs[0].text.split()


class Kept:
    """A screen that keeps what it is shown."""

    def __init__(self):
        self.pictures = []

    def is_there(self):
        return True

    def show(self, picture, plain, alt):
        self.pictures.append(picture)

    def watch(self, flush):
        pass


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def test_a_quick_drawing_shows_what_the_whole_one_shows(monkeypatch):
    """Also where something besides the curves has changed since the last picture."""
    animator = lh.Animator(xlabel="step", legend=["loss", "acc"], xlim=[0, 11])
    animator.screen = Kept()
    monkeypatch.setattr(animator._pace, "is_time", lambda: True)
    axes = animator.axes[0]
    for i in range(12):
        if i == 4:
            axes.axvline(1.5, color="black")
        if i == 5:
            animator.fig.suptitle("a title over all")
        if i == 8:
            axes.set_ylabel("another name")
        animator.add(i, (10.0 if i == 6 else 1 / (i + 1), i / 12) if i < 10 else (i, i, i))
        quick, whole = pixels(animator.screen.pictures[-1]), pixels(png(animator.fig))
        assert (quick == whole).all(), i
    assert len(animator.screen.pictures) == 12


def test_the_y_axis_ends_at_its_ticks_and_stays_while_points_are_within(monkeypatch):
    animator = lh.Animator(xlabel="step", legend=["loss"], xlim=[0, 9])
    animator.screen = Kept()
    monkeypatch.setattr(animator._pace, "is_time", lambda: True)
    whole = FigureCanvasAgg.draw
    drawn, heights = [], []
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda self: drawn.append(whole(self)))
    for step, loss in enumerate([0.5, 10, 10.9, 0.1, 12.5, -0.1, 5]):
        animator.add(step, loss)
        heights.append(tuple(round(float(end), 3) for end in animator.axes[0].get_ylim()))
    # With a margin of a twentieth, but not below 0 for the margin alone.
    assert heights[1:] == [(0, 12)] * 3 + [(0, 14)] + [(-2, 14)] * 2
    assert len(drawn) == 4  # each new axis, and the first of one point
    animator.flush()
    assert len(drawn) == 4  # the picture that is kept has the same axis
    assert (pixels(animator.screen.pictures[-1]) == pixels(png(animator.fig))).all()


def test_a_training_draws_all_that_stands_behind_its_curves_once(monkeypatch):
    whole = FigureCanvasAgg.draw
    drawn = []
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda self: drawn.append(whole(self)))
    animator = run_plot(2)
    animator.screen = Kept()
    monkeypatch.setattr(animator._pace, "is_time", lambda: True)
    for i in range(1, 21):
        animator.add(i / 10, (2.31 * 0.95**i, 0.1 + i / 40, 0.7 if i % 10 == 0 else None))
    animator.flush()
    assert len(animator.screen.pictures) == 21
    assert len(drawn) == 1


def test_an_axis_whose_ticks_somebody_took_away_serves():
    animator = lh.Animator(xlim=[0, 2])
    animator.screen = Kept()
    animator.add(0, 1)
    for axis in (animator.axes[0].xaxis, animator.axes[0].yaxis):
        axis.set_ticks([])
    animator.add(1, 3)
    animator.flush()
    low, high = animator.axes[0].get_ylim()
    assert low < 1
    assert high > 3
    assert (pixels(animator.screen.pictures[-1]) == pixels(png(animator.fig))).all()


def test_an_axis_of_decades_is_not_changed():
    animator = lh.Animator(yscale="log")
    for i in range(3):
        animator.add(i, 3.0 * 10**i)
    low, high = animator.picture().figure.axes[0].get_ylim()
    assert 1 < low < 3
    assert 300 < high < 1000


def test_it_draws_no_oftener_than_it_was_told():
    count = """
drawn = 0
import time
a = lh.Animator(max_fps=4)
show = a.screen.show
def counting(*shown):
    global drawn
    drawn += 1
    show(*shown)
a.screen.show = counting
began = time.monotonic()
while time.monotonic() - began < 1.0:
    a.add(time.monotonic() - began, 0)
"""
    notebook = run(SETUP, count, "print(2 <= drawn <= 4 * 1 + 2)")
    assert notebook.cells[2].outputs[0].text == "True\n"


def test_a_throttled_point_costs_next_to_nothing_and_a_picture_little():
    measure = """
import statistics, time
sent = []
session = get_ipython().kernel.session
plain = session.send
def counting(stream, message, *args, **kwargs):
    kind = message if isinstance(message, str) else message.get("msg_type")
    if kind in ("display_data", "update_display_data"):
        told = message["content"] if isinstance(message, dict) else kwargs.get("content", args[0])
        sent.append(len(told["data"]["image/png"]))
    return plain(stream, message, *args, **kwargs)
session.send = counting
a = lh.Animator(xlabel="epoch", legend=["loss", "train acc", "test acc"], max_fps=4)
costs, began = [], time.monotonic()
while time.monotonic() - began < 2:
    before = time.perf_counter()
    a.add(time.monotonic() - began, (1, 2, 3))
    costs.append(time.perf_counter() - before)
    time.sleep(0.005)
"""
    told = "print(statistics.median(costs) < 1e-3, 2 <= len(sent) <= 4 * 2 + 2, max(sent) < 60_000)"
    notebook = run(SETUP, measure, told)
    assert notebook.cells[2].outputs[0].text == "True True True\n"


def test_strict_nbval_passes_on_a_notebook_with_a_live_plot(tmp_path):
    notebook = run(SETUP, MAKE + FEED + "print('done')", "a.add(4, (1, 1))")
    nbformat.write(notebook, tmp_path / "live.ipynb")
    options = ["-p", "no:cacheprovider", "--nbval", "--nbval-current-env", f"--rootdir={tmp_path}"]
    command = [sys.executable, "-m", "pytest", *options, "live.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "3 passed" in done.stdout, done.stdout


def test_nothing_stays_behind_when_the_cell_has_ended():
    hooks = "print(len(get_ipython().events.callbacks['post_run_cell']))"
    notebook = run(SETUP, hooks, MAKE + FEED, hooks)
    assert notebook.cells[1].outputs[0].text == notebook.cells[3].outputs[0].text


def test_in_a_script_it_prints_lines(capsys):
    animator = lh.Animator(xlabel="epoch", legend=["loss", "acc"])
    animator.add(1, (2.0, None))
    animator.add(1.1, (1.5, None))  # not whole, and too soon after the last line
    animator.add(2, (torch.tensor(1.0), 0.5))
    animator.flush()
    assert capsys.readouterr().out == "epoch 1: loss 2.000\nepoch 2: loss 1.000, acc 0.500\n"


def test_points_and_lines_agree():
    animator = lh.Animator(xlim=[1, 2])
    animator.add(0.5, 3)
    animator.add([1.5, 2.5], [4, None])
    assert animator.X == [[0.5, 1.5], []]
    assert animator.Y == [[3.0, 4.0], []]
    axes = animator.picture().figure.axes[0]
    assert [list(line.get_xdata()) for line in axes.lines] == [[0.5, 1.5], []]
    assert axes.get_xlim() == (0.5, 2.0)  # the point before xlim is in view


def test_curves_differ_in_colour_style_and_marker():
    animator = lh.Animator(legend=["a", "b", "c"])
    animator.add(1, (1, 2, 3))
    lines = animator.picture().figure.axes[0].lines
    for look in ("get_color", "get_linestyle", "get_marker"):
        assert len({getattr(line, look)() for line in lines}) == 3


def test_the_textbooks_arguments_serve():
    animator = lh.Animator(
        "epoch", "value", ["a"], [1, 9], [0.1, 1], "linear", "log", ("-", "m--"), 1, 2, (3.5, 2.5)
    )
    animator.add(1, 0.5)
    axes = animator.picture().figure.axes
    assert len(axes) == 2
    assert axes[0].get_yscale() == "log"
    assert axes[0].get_ylim() == (0.1, 1.0)


def test_bad_arguments_name_themselves():
    with pytest.raises(ValueError, match=r"max_fps=0: it must be above 0"):
        lh.Animator(max_fps=0)
    with pytest.raises(ValueError, match="x has 2 entries and y has 3"):
        lh.Animator().add([1, 2], [1, 2, 3])


def test_with_no_points_it_says_so():
    assert repr(lh.Animator(title="Run")) == "Run: no points yet."
