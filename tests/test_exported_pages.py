"""The page that nbconvert makes of a notebook says what each picture shows.

Its template "classic" takes the text of a picture from the output; its usual one, "lab", has no
place for it.
"""

import re

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter

CELLS = (
    "import lenet_helpers as lh",
    "lh.draw_convolution(5, 3)",
    "plot = lh.Animator(xlabel='epoch', legend=['train loss'])\nplot.add(1, 2)\nplot.add(2, 1)",
    "lh.conv_explorer()",
    "lh.size_calculator(lambda n, k, s, p, d: 3)",
)


def test_every_picture_has_its_words_live_plots_too():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=120, store_widget_state=False).execute()
    page, _ = HTMLExporter(template_name="classic").from_notebook_node(notebook)
    tags = re.findall(r"<img\b[^>]*>", page.split("<body")[1])
    words = [re.search(r' alt="([^"]*)"', tag)[1] for tag in tags]
    assert len(words) >= 3
    assert words[0].startswith("Input 5×5, kernel 3×3: output 3×3")
    assert words[1] == "Progress by epoch: train loss from 2.000 at epoch 1 to 1.000 at epoch 2."
    assert not any(one.startswith("No description") for one in words)
    assert all(re.search(r' width="?\d+', tag) for tag in tags)  # as large as they are meant
