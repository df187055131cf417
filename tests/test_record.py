"""run.py record: what is saved is what every run of every author gives."""

import re
from pathlib import Path

import nbformat
import pytest

from tools import files, notebooks, record

POSIX = pytest.mark.skipif(
    files.python().endswith(".exe"), reason="Windows has another variable for the home"
)


def saved(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_a_recording_is_the_same_each_time_and_has_no_number_of_a_widget(tmp_path, capfd):
    path = saved(tmp_path / "a.ipynb", "import ipywidgets\nipywidgets.IntSlider(5)", "print(1)")
    assert record.record(path) == 0
    first = path.read_bytes()
    assert record.record(path) == 0
    assert path.read_bytes() == first
    output = nbformat.read(path, as_version=4).cells[0].outputs[0]
    assert list(output.data) == ["text/plain"]
    assert "IntSlider(value=5" in output.data["text/plain"]
    assert "eavesdropping" not in capfd.readouterr().err


def test_a_cell_keeps_its_metadata_and_the_traces_of_editors_go(tmp_path):
    path = saved(tmp_path / "a.ipynb", "print(1)")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].metadata = {
        "slideshow": {"slide_type": "subslide", "output": "fragment"},
        "execution": {"iopub.status.busy": "2026"},
    }
    notebook.metadata["vscode"] = {}
    nbformat.write(notebook, path)
    assert record.record(path) == 0
    after = nbformat.read(path, as_version=4)
    assert list(after.cells[0].metadata) == ["slideshow"]
    assert after.cells[0].metadata == {
        "slideshow": {"slide_type": "subslide", "output": "fragment"}
    }
    assert set(after.metadata) == {"kernelspec", "language_info"}
    assert after.cells[0].outputs[0].text == "1\n"
    assert path.read_bytes().endswith(b"}\n")


def test_a_notebook_that_fails_is_left_as_it_was(tmp_path, capsys):
    path = saved(tmp_path / "a.ipynb", "print(1)", "1 / 0")
    before = path.read_bytes()
    assert record.record(path) == 1
    assert path.read_bytes() == before
    assert "a.ipynb was not saved, because a cell failed" in capsys.readouterr().out


def test_an_unknown_notebook_names_those_there_are(monkeypatch, tmp_path, capsys):
    for name in ("01-one.ipynb", "02-two.ipynb", "mine.ipynb"):
        (tmp_path / name).touch()
    monkeypatch.setattr(notebooks, "FOLDER", tmp_path)
    assert record.main(["01", "99"]) == 2
    assert capsys.readouterr().out == "No notebook begins with 99: there are 01-one, 02-two.\n"
    assert [path.name for path in notebooks.chosen(["02"])] == ["02-two.ipynb"]
    assert [path.name for path in notebooks.chosen([])] == ["01-one.ipynb", "02-two.ipynb"]


def test_printed_text_is_joined_but_stays_where_it_was():
    def out(text, name="stdout"):
        return {"output_type": "stream", "name": name, "text": text}

    picture = {"output_type": "display_data", "data": {}}
    given = [out("a"), out("b"), picture, out("c"), out("d", "stderr"), out("e"), out("f")]
    wanted = [out("ab"), picture, out("c"), out("d", "stderr"), out("ef")]
    assert record.joined(given) == wanted


@POSIX
def test_a_recorded_traceback_names_no_folder_of_the_author(tmp_path):
    """IPython writes ~ for the home folder; recordings are made with the series' own as home."""
    cell = nbformat.v4.new_code_cell("import lenet_helpers as lh\nlh.conv_output_size(1, 3)")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    client = notebooks.client(notebook, tmp_path, allow_errors=True)
    client.execute(env={**record.without_the_author(), "PYTHONPATH": str(files.ROOT)})
    told = "\n".join(notebook.cells[0].outputs[-1].traceback)
    assert "~/lenet_helpers/sizes/arithmetic.py" in re.sub(r"\x1b\[[\d;]*m", "", told)
    assert str(files.ROOT) not in told


def test_recording_leaves_what_a_home_folder_is_for_where_it_was(monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", "elsewhere")
    variables = record.without_the_author()
    assert variables["HOME"] == str(files.ROOT)
    assert variables["XDG_CACHE_HOME"] == str(Path.home() / ".cache")
    assert variables["XDG_CONFIG_HOME"] == "elsewhere"
