"""The page that nbconvert makes of a notebook says what each picture shows.

Its template "classic" takes the text of a picture from the output; its usual one, "lab", has no
place for it: there the sentence under a picture says it, and a demo's picture brings its own.
"""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

CELLS = (
    "import lenet_helpers as lh",
    "lh.draw_convolution(5, 3)",
    "plot = lh.Animator(xlabel='epoch', legend=['train loss'])\nplot.add(1, 2)\nplot.add(2, 1)",
    "lh.conv_explorer()",
    "lh.size_calculator(lambda n, k, s, p, d: 3)",
)


@pytest.fixture(scope="module")
def executed():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    return NotebookClient(notebook, timeout=120, store_widget_state=False).execute()


def exported(notebook, template):
    """Return the page of ``notebook``, and its pictures with the words of each."""
    page, _ = HTMLExporter(template_name=template).from_notebook_node(notebook)
    body = page.split("<body")[1]
    tags = re.findall(r"<img\b[^>]*>", body)
    return body, tags, [re.search(r' alt="([^"]*)"', tag)[1] for tag in tags]


def test_every_picture_has_its_words_live_plots_too(executed):
    _, tags, words = exported(executed, "classic")
    assert len(words) >= 3
    assert words[0].startswith("Input 5×5, kernel 3×3: output 3×3")
    assert words[1] == "Progress by epoch: train loss from 2.000 at epoch 1 to 1.000 at epoch 2."
    assert not any(one.startswith("No description") for one in words)
    assert all(re.search(r' width="?\d+', tag) for tag in tags)  # as large as they are meant


def test_in_the_usual_template_the_words_stand_under_a_picture(executed):
    body, _, words = exported(executed, "lab")
    drawing, plot, *demos = words
    assert (drawing, plot) == ("No description has been provided for this image",) * 2
    assert "<pre>Input 5×5, kernel 3×3: output 3×3" in body
    assert len(demos) == 2
    assert all(demo.startswith("Input 5×") for demo in demos)
