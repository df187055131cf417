"""Every picture: a title, labels, and a sentence that says what it shows."""

import base64
import io
import os
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

import lenet_helpers as lh
from lenet_helpers.show.encoding import image_bundle, image_tag, png, width_of
from lenet_helpers.show.pictures import CURVES, Picture, new_figure
from lenet_helpers.training.result import Point, TrainingResult
from tools.programs import WAITING


def result(shift=0.0, source=None):
    points = [
        Point(0.5, 1.0, 2.3, 0.1),
        Point(1.0, 2.0, 1.5 - shift, 0.4),
        Point(1.0, 2.5, test_acc=0.5 + shift),
    ]
    return TrainingResult(tuple(points), torch.device("cpu"), source)


def test_a_picture_has_two_pixels_for_each_of_the_page_and_says_its_width(tmp_path):
    picture = Picture(new_figure(3, 2.5), "Nothing.")
    picture.save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as saved:
        assert saved.size == (600, 500)
    data = png(picture.figure)
    assert data == (tmp_path / "a.png").read_bytes()
    assert width_of(data) == 300
    bundle, metadata = image_bundle(data, "A line.", "Always the same.")
    assert bundle["text/plain"] == "Always the same."
    assert base64.b64decode(bundle["image/png"]) == data
    assert metadata == {"image/png": {"alt": "A line.", "width": 300}}
    assert image_tag(data, 'a < "b"').startswith('<img alt="a &lt; &quot;b&quot;" width="300" src')
    assert picture.figure.dpi == 100  # what is drawn for a file leaves the figure as it was


def drawn(figure):
    """Return the pixels of a figure as they are drawn, and as the file has them."""
    with Image.open(io.BytesIO(png(figure))) as saved:
        mode, there = saved.mode, np.array(saved.convert("RGB")).astype(int)
    figure.dpi = 200
    figure.canvas.draw()
    return mode, there, np.asarray(figure.canvas.buffer_rgba())[:, :, :3].astype(int)


def test_a_file_has_a_table_of_colours_that_nobody_misses():
    figure = lh.draw_runs({"SGD": result(), "Adam": result(0.1)}).figure
    mode, there, real = drawn(figure)
    assert mode == "P"
    apart = np.abs(there - real).max(axis=2)
    assert (apart > 0).mean() < 0.01  # only seams of lines and letters
    assert apart[(real == 255).all(axis=2)].max() == 0
    for colour in (CURVES[0][0], CURVES[1][0]):
        own = (real == [int(colour[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2)
        assert own.sum() > 100
        assert apart[own].max() == 0


def test_a_colour_bar_keeps_its_ends_beside_greys():
    """As in notebook 6: the greys of a garment are frequent, each colour of the bar is rare."""
    garment = (torch.arange(784) % 200).view(28, 28) / 255
    heat = torch.linspace(-1.5, 3.8, 60)[torch.arange(784) % 60].view(28, 28)
    figure = lh.draw_images(
        torch.stack([garment, heat]), 1, 2, ["garment", "heat"], scale=3.0, values=[False, True]
    ).figure
    mode, there, _ = drawn(figure)
    assert mode == "P"
    for end in ([0x2D, 0x0A, 0x55], [0x6E, 0x30, 0x02]):  # of SIGNED; heat has only the second
        assert (np.abs(there - end).max(axis=2) < 12).sum() > 200


def test_greys_keep_their_values_and_many_colours_need_no_table():
    greys = lh.draw_images(torch.arange(784).reshape(1, 28, 28) % 200, 1, 1, title="").figure
    mode, there, real = drawn(greys)
    assert mode == "P"
    assert (there == real).all()
    colours = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(0))
    mode, there, real = drawn(lh.draw_images(colours, 1, 1).figure)
    assert mode == "RGB"
    assert (there == real).all()


DRAWS = """
import os
import time
from pathlib import Path
from lenet_helpers.show.encoding import encoded, sharp
from lenet_helpers.show.pictures import new_figure

def used_by_other_threads():
    own = str(os.getpid())
    told = [(t / "stat").read_text() for t in Path("/proc/self/task").iterdir() if t.name != own]
    # utime and stime are the 14th and 15th field of proc_stat(5), the name in brackets the second
    return sum(sum(map(int, text.rpartition(")")[2].split()[11:13])) for text in told)

figure = new_figure(6, 4)
axes = figure.subplots()
for i in range(60):  # the seams of lines of many colours
    axes.plot([0, 1], [i, i * i / 60], color=(i / 60, 1 - i / 60, i % 7 / 7))
with sharp(figure) as canvas:
    canvas.draw()
    time.sleep(0.5)  # older versions of NumPy wake their threads for what Matplotlib computes
    before = used_by_other_threads()
    for _ in range(10):
        encoded(canvas)
    print(used_by_other_threads() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc tells it")
def test_a_file_is_made_without_threads_that_would_disturb_a_training():
    usual = {name: value for name, value in os.environ.items() if name not in WAITING}
    ran = subprocess.run(
        [sys.executable, "-c", DRAWS], check=True, capture_output=True, text=True, env=usual
    )
    assert int(ran.stdout) <= 1  # hundredth of a second, in ten files


def test_outside_a_notebook_a_picture_is_its_sentence(capsys):
    Picture(new_figure(3, 2), "A line that climbs.").show()
    assert capsys.readouterr().out == "A line that climbs.\n"
    assert repr(Picture(new_figure(3, 2), "A line.")) == "Picture: A line."


def test_curves_differ_in_three_ways():
    for way in range(3):
        assert len({curve[way] for curve in CURVES[:4]}) == 4


def test_images_are_drawn_in_order_with_their_titles():
    images = torch.arange(4.0)[:, None, None, None].expand(4, 1, 28, 28) / 4
    picture = lh.draw_images(images, 2, 2, ["a", "b", "c", "d"], title="Four")
    cells = picture.figure.axes
    assert [cell.get_title() for cell in cells] == ["a", "b", "c", "d"]
    assert [float(cell.images[0].get_array()[0, 0]) for cell in cells] == [0, 0.25, 0.5, 0.75]
    assert picture.figure.get_suptitle() == "Four"
    assert picture.alt == "Four. 4 grey images, row by row: a, b, c, d."


@pytest.mark.parametrize(
    "images",
    [
        torch.zeros(3, 28, 28, dtype=torch.uint8),
        [np.zeros((28, 28))] * 3,
        [Image.new("L", (28, 28))] * 3,
        torch.zeros(3, 1, 28, 28, requires_grad=True),
        torch.zeros(3, 1, 28, 28, dtype=torch.bfloat16),
    ],
)
def test_images_of_any_kind(images, capsys):
    lh.show_images(images, 1, 4)  # fewer images than places
    assert "3 grey images, row by row" in capsys.readouterr().out


RED = torch.zeros(3, 5, 4).index_fill(0, torch.tensor([0]), 1.0)  # channels first


@pytest.mark.parametrize(
    "images",
    [
        RED.expand(2, 3, 5, 4),
        RED.expand(2, 3, 5, 4).permute(0, 2, 3, 1),
        [RED.mul(255).byte()] * 2,
        [RED.permute(1, 2, 0).numpy()] * 2,
        [Image.new("RGB", (4, 5), (255, 0, 0))] * 2,
    ],
)
def test_images_in_colour(images):
    picture = lh.draw_images(images, 1, 2)
    for cell in picture.figure.axes:
        shown = cell.images[0].make_image(None, unsampled=True)[0]
        assert shown.shape == (5, 4, 4)
        assert (shown == [255, 0, 0, 255]).all()
    assert picture.alt == "Pictures. 2 coloured images, row by row."


def test_images_of_both_kinds(capsys):
    lh.show_images([RED, RED[0]], 1, 2)
    lh.show_images([RED[0]], 1, 2)
    assert capsys.readouterr().out == (
        "Pictures. 2 images, row by row.\nPictures. 1 grey image, row by row.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((torch.zeros(2, 4, 28, 28), 1, 2), r"an image of shape \(4, 28, 28\): give grey ones"),
        ((torch.zeros(2, 3, 9, 9) - 2, 1, 2), "a coloured image with values from -2 to -2: col"),
        ((torch.ones(2, 3, 9, 9) * 255, 1, 2), "values from 255 to 255: colours run from 0 to 1"),
        ((torch.zeros(2, 28, 28), 0, 2), "num_rows=0"),
        ((torch.zeros(2, 28, 28), 1, 0), "num_cols=0"),
        ((torch.zeros(2, 28, 28), 1, 2, ["a"]), "titles has 1 entries for 2 images"),
        (([], 1, 2), "imgs is empty"),
    ],
)
def test_bad_images_are_named(arguments, words):
    with pytest.raises(ValueError, match=words):
        lh.draw_images(*arguments)


def test_runs_share_a_picture():
    picture = lh.draw_runs({"SGD": result(), "Adam": result(0.1)}, title="Two")
    left, right = picture.figure.axes
    assert [list(line.get_ydata()) for line in left.lines] == [[2.3, 1.5], [2.3, 1.4]]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.5], [0.6]]
    for axes in (left, right):
        assert axes.get_title()
        assert axes.get_xlabel() == "epoch"
        assert axes.get_ylabel()
    assert picture.alt == (
        "Two. SGD: loss 1.500 and test accuracy 0.500 after 1 epochs; "
        "Adam: loss 1.400 and test accuracy 0.600 after 1 epochs."
    )
    assert "drawn stand-in" in lh.draw_runs({"a": result(source="drawn stand-in")}).alt
    with pytest.raises(ValueError, match="runs is empty"):
        lh.draw_runs({})


def test_the_confusion_matrix_of_a_small_case():
    predicted, true = torch.tensor([0, 1, 1, 2, 2]), torch.tensor([0, 1, 2, 2, 2])
    matrix = lh.confusion_matrix(predicted, true, 3)
    assert matrix.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 2]]
    picture = lh.draw_confusion_matrix(matrix, ["a", "b", "c"])
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert texts == ["100", "0", "0", "0", "100", "0", "0", "33", "67"]
    assert "The most common mistake: c taken for b, 33 %." in picture.alt
    assert "Most often right: a and b, 100 %; least often: c, 67 %." in picture.alt
    axes = picture.figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("predicted class", "true class")


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            [[3, 1, 0], [0, 0, 0], [0, 2, 2]],
            "Most often right: cat, 75 %; least often: dog, 50 %. The most common mistake: dog "
            "taken for eel, 50 %. Without examples: eel.",
        ),
        ([[3, 0, 0], [0, 5, 0], [0, 0, 2]], "There is no mistake."),
        ([[3, 0, 0], [0, 0, 0], [0, 0, 2]], "There is no mistake. Without examples: eel."),
        ([[0, 0, 0], [0, 0, 0], [0, 0, 0]], "There are no examples."),
        (
            [[0, 0, 0], [1, 3, 0], [0, 0, 0]],
            "Right: eel, 75 %. The most common mistake: eel taken for cat, 25 %. "
            "Without examples: cat, dog.",
        ),
        (
            [[1, 1, 1], [1, 1, 1], [1, 1, 1]],
            "Right: cat and eel and dog, 33 %. The most common mistake: 6 pairs of classes, 33 %.",
        ),
        (
            [[999, 1, 0], [0, 500, 0], [3, 0, 197]],
            "Most often right: eel, 100 %; least often: dog, 98 %. "
            "The most common mistake: dog taken for cat, 2 %.",
        ),
        (
            [[999, 1, 0], [0, 9999, 1], [0, 0, 0]],
            "Most often right: eel, >99 %; least often: cat, >99 %. The most common mistake: cat "
            "taken for eel, <1 %. Without examples: dog.",
        ),
    ],
)
def test_a_confusion_matrix_says_nothing_that_is_not_so(counts, said):
    picture = lh.draw_confusion_matrix(torch.tensor(counts), ["cat", "eel", "dog"])
    assert picture.alt == f"What was taken for what. {said}"
    cells = [text.get_text() for text in picture.figure.axes[0].texts]
    assert len(cells) == 3 * sum(any(row) for row in counts)  # a row without examples is empty


def test_a_matrix_of_many_classes_shows_the_cells_that_are_not_zero():
    matrix = torch.diag(torch.full((26,), 9))
    matrix[0, 5] = 1
    picture = lh.draw_confusion_matrix(matrix, "abcdefghijklmnopqrstuvwxyz")
    cells = [text.get_text() for text in picture.figure.axes[0].texts]
    assert cells == ["90", "10", *["100"] * 25]
    assert "Most often right: 25 classes, 100 %; least often: a, 90 %." in picture.alt


def test_labels_that_are_bytes_are_counted_as_numbers():
    labels = torch.arange(26, dtype=torch.uint8)
    assert lh.confusion_matrix(labels.long(), labels, 26).trace() == 26
    assert lh.confusion_matrix(labels, labels, 26).trace() == 26


def test_predictions_are_those_of_the_network():
    net = lh.LeNet().train()
    X = torch.rand(7, 1, 28, 28)
    y = torch.arange(7)
    predicted, true = lh.predict(net, [(X[:4], y[:4]), (X[4:], y[4:])])
    assert torch.equal(predicted, net(X).argmax(1))
    assert torch.equal(true, y)
    assert net.training
    with pytest.raises(ValueError, match="data_iter has no examples"):
        lh.predict(net, [])


@pytest.mark.parametrize(
    ("predicted", "true", "words"),
    [
        (torch.tensor([3]), torch.tensor([0]), "labels contain 3: with 3 classes"),
        (torch.tensor([0]), torch.tensor([-1]), "labels contain -1"),
        (torch.tensor([0, 1]), torch.tensor([0]), r"predicted has shape \(2,\) and true \(1,\)"),
    ],
)
def test_a_confusion_of_labels_that_are_not(predicted, true, words):
    with pytest.raises(ValueError, match=words):
        lh.confusion_matrix(predicted, true, 3)


def test_a_matrix_needs_a_name_a_row():
    with pytest.raises(ValueError, match=r"matrix has shape \(3, 3\) and names 2 entries"):
        lh.draw_confusion_matrix(torch.eye(3), ["a", "b"])
    with pytest.raises(ValueError, match=r"matrix has shape \(26, 26\) and names 10 entries"):
        lh.draw_confusion_matrix(torch.eye(26))
    with pytest.raises(TypeError, match="names=3: give a name for each class"):
        lh.draw_confusion_matrix(torch.eye(3), 3)
