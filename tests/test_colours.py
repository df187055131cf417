"""The colours of Python's pictures and of the demos are the same where they mean the same."""

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex, to_rgb

import lenet_helpers as lh
from lenet_helpers.show import pictures
from lenet_helpers.show.pictures import CURVES, OF_A_RUN, looks, painted

WEB = Path(lh.__file__).parent / "web"


def source(name):
    return (WEB / name).read_text(encoding="utf-8")


def stops(name):
    """The colours of a scale in the viewer, each as three numbers from 0 to 255."""
    (block,) = re.findall(rf"const {name} = \[(.*?)\n\];", source("viewer/colours.js"), re.DOTALL)
    return [tuple(map(int, re.findall(r"\d+", row))) for row in re.findall(r"\[(.*?)\]", block)]


def variable(name, style):
    """A colour of a demo's light theme."""
    (light,) = re.findall(r"^\.\w\w\{(.*)", source(style), re.MULTILINE)
    return re.search(rf"--{name}:(#\w+)", light)[1].upper()


@pytest.mark.parametrize("name", ["SIGNED", "RISING"])
def test_the_scales_of_values_are_the_viewers(name):
    scale, there = getattr(pictures, name), stops(name)
    assert len(there) in (7, 9)
    at = np.linspace(0, 1, len(there))
    for level in range(256):  # as many as the viewer has
        real = [np.interp(level / 255, at, [stop[c] for stop in there]) for c in range(3)]
        ours = [255 * part for part in scale(level)[:3]]
        assert ours == pytest.approx(real, abs=0.01)


def test_what_is_added_up_and_what_it_gives_have_one_colour():
    picture = lh.draw_convolution((5, 6), 3, padding=1, position=(1, 1))
    given, made = (axes.images[0].get_array() for axes in picture.figure.axes)
    assert to_hex(given[1, 1]).upper() == to_hex(made[1, 1]).upper() == pictures.TAP
    assert to_hex(given[5, 6]).upper() == pictures.PIXEL
    assert tuple(given[0, 0]) == to_rgb("white")  # padding


def test_bars_and_marks_of_the_viewer_are_ours():
    assert variable("accent", "viewer/style.js") == pictures.BLUE
    assert variable("mark", "viewer/style.js") == pictures.VERMILION


def test_zero_is_the_middle_where_a_value_is_below_it():
    signed = painted([torch.tensor([[-1.0, 0.5]]).numpy(), torch.tensor([[3.0]]).numpy()])
    assert signed == {"cmap": pictures.SIGNED, "vmin": -3.0, "vmax": 3.0}
    rising = painted([torch.tensor([[0.25, 0.5]]).numpy()])
    assert rising == {"cmap": pictures.RISING, "vmin": 0.0, "vmax": 0.5}
    nothing = painted([torch.zeros(2, 2).numpy()])
    assert (nothing["vmin"], nothing["vmax"]) == (0.0, 1.0)


def test_numbers_are_drawn_on_one_scale_and_pictures_as_pictures():
    images = [torch.eye(3), torch.eye(3) * -2, torch.eye(3) * 0.5]
    shown = lh.draw_images(images, 1, 3, ["a", "b", "c"], title="T", values=[False, True, True])
    first, *rest = (axes.images[0] for axes in shown.figure.axes[:3])
    assert first.get_cmap().name == "gray"
    for image in rest:
        assert image.get_cmap() is pictures.SIGNED
        assert image.get_clim() == (-2, 2)
    words = "1 grey image and 2 images of values from -2 to 0.5, row by row: a, b, c."
    assert shown.alt == f"T. {words}"
    everything = lh.draw_images(torch.rand(2, 3, 3), 1, 2, values=True)
    assert all(axes.images[0].get_cmap() is pictures.RISING for axes in everything.figure.axes[:2])
    with pytest.raises(ValueError, match="values has 1 entries for 3 images: give one an image"):
        lh.draw_images(images, 1, 3, values=[True])


def test_the_viewers_poster_has_the_colours_of_its_maps():
    torch.manual_seed(0)
    poster = lh.lenet_viewer(lh.sequential_lenet(), torch.rand(1, 1, 28, 28), [0]).poster
    maps = [axes for axes in poster.figure.axes if axes.get_title().startswith("map ")]
    assert len(maps) == 6
    assert all(axes.images[0].get_cmap() is pictures.SIGNED for axes in maps)


def test_a_curve_of_a_run_looks_the_same_in_every_plot():
    assert looks(["train loss", "test acc"]) == [CURVES[0], CURVES[2]]
    assert looks(["mine", "train loss", "test acc", "yours"]) == [
        CURVES[1], CURVES[0], CURVES[2], CURVES[3]
    ]  # fmt: skip
    assert looks(list(OF_A_RUN)) == list(CURVES[:5])
    many = looks([*OF_A_RUN, *"abcdefg"])
    assert set(many[5:]) == {CURVES[5]}
    assert looks(list("abcdefgh")) == [*CURVES, *CURVES[:2]]
    plot = lh.Animator(legend=["train loss", "test acc"])
    plot.add(1, (2.0, 0.5))
    colours = [line.get_color() for line in plot.picture().figure.axes[0].lines]
    assert colours == [CURVES[0][0], CURVES[2][0]]
