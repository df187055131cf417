"""Printed lines: broken between words, and as wide as a small window has room for."""

import nbformat
import pytest
from jupyterlab_server import opened, serving

from lenet_helpers.prose import COLUMNS, say

SEEN = """() => {
    const lines = document.querySelector('.jp-OutputArea-output pre').firstChild;
    const range = document.createRange();
    range.selectNodeContents(lines);
    const tops = [...range.getClientRects()].filter((r) => r.width > 1).map((r) => r.top);
    return new Set(tops).size;
}"""


def test_what_is_said_is_broken_between_words(capsys):
    text = " ".join(["a few words,"] * 20)
    say(text)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert max(map(len, lines)) <= COLUMNS
    assert " ".join(lines) == text


@pytest.mark.parametrize("path", ["/a-b/" + "c-d/" * 40, "\\".join(["C:", *["some-user"] * 20])])
def test_a_path_can_be_copied(path, capsys):
    say(f"Your answers are kept on this machine, in {path}. lh.forget_answers() deletes them.")
    assert path in capsys.readouterr().out


def test_a_number_of_many_digits_is_broken(capsys):
    say(f"It gives {10**300}.")
    assert max(map(len, capsys.readouterr().out.splitlines())) <= COLUMNS


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A notebook that has printed a line of COLUMNS letters."""
    folder = tmp_path_factory.mktemp("prose")
    output = nbformat.v4.new_output("stream", text="W" * COLUMNS + "\n")
    cell = nbformat.v4.new_code_cell("print()", outputs=[output], execution_count=1)
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata=kernel)
    nbformat.write(notebook, folder / "long.ipynb")
    with serving(folder, tmp_path_factory.mktemp("home")) as address:
        yield address.replace("/doc/tree", "/lab/tree")  # with the file browser beside it


@pytest.mark.parametrize(("width", "lines"), [(1280, 1), (1200, 1), (900, 2)])
def test_a_line_fits_beside_the_file_browser(browser, lab, width, lines):
    page = opened(browser, f"{lab}/long.ipynb", width=width, height=720)
    page.locator(".jp-DirListing").wait_for()
    assert page.locator(".jp-DirListing").bounding_box()["width"] > 200
    assert page.evaluate(SEEN) == lines
    page.close()
