"""The last cell of a notebook in a real JupyterLab: a reader does not see what it checks."""

import nbformat
import pytest
from jupyterlab_server import opened, run, serving

from tools import series

KERNEL = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


@pytest.fixture(scope="module")
def last():
    """The last cell of the series' first notebook."""
    return nbformat.read(series.notebooks()[0], as_version=4).cells[-1]


def after_running(browser, tmp_path, cell, source):
    """Run a cell with the metadata of ``cell``: the words and height seen, and what is saved."""
    made = nbformat.v4.new_code_cell(source, metadata=cell.metadata)
    notebook = nbformat.v4.new_notebook(cells=[made], metadata=KERNEL)
    path, home = tmp_path / "lab" / "checks.ipynb", tmp_path / "home"
    path.parent.mkdir()
    home.mkdir()
    nbformat.write(notebook, path)
    with serving(path.parent, home) as address:
        page = opened(browser, f"{address}/checks.ipynb")
        run(page)
        page.wait_for_timeout(500)
        seen = page.locator(".jp-CodeCell").inner_text()
        height = page.locator(".jp-CodeCell").bounding_box()["height"]
        page.evaluate("async () => { await jupyterapp.commands.execute('docmanager:save'); }")
        page.close()
    return seen, height, nbformat.read(path, as_version=4).cells[0].outputs


def test_a_reader_sees_one_line_of_it_and_the_file_has_the_facts(browser, tmp_path, last):
    head, end = last.source.splitlines()[:2], last.source.splitlines()[-1]
    source = "\n".join([*head, 'facts = {"a": True, "b": False}', end])
    seen, height, (output,) = after_running(browser, tmp_path, last, source)
    assert seen.strip() == head[0]
    assert height < 80
    assert output.data == {"text/html": "", "text/plain": "a: True\nb: False"}


def test_what_is_printed_would_be_seen(browser, tmp_path, last):
    """Though the metadata hide it: JupyterLab shows the outputs of a cell that it runs."""
    assert last.metadata.jupyter.outputs_hidden
    seen, _, _ = after_running(browser, tmp_path, last, "print('a: True')")
    assert "a: True" in seen.splitlines()
