"""expect_error, in a kernel: the error is shown as always, and "Run all" goes on."""

import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

CELLS = {
    "import": "import torch\nfrom torch import nn\nimport lenet_helpers as lh\n"
    "net = nn.Sequential(nn.Flatten(), nn.Linear(3, 2))",
    "torch": "lh.expect_error()\nnet(torch.rand(1, 1, 28, 28))",
    "table": "lh.expect_error()\nlh.layer_table(net, (1, 1, 28, 28))",
    "table plainly": "lh.layer_table(net, (1, 1, 28, 28))",
    "minimal mode": "%xmode Minimal",
    "minimal": "lh.expect_error()\nnet(torch.rand(1, 1, 28, 28))",
    "minimal plainly": "net(torch.rand(1, 1, 28, 28))",
    "twice": "lh.expect_error()\nlh.expect_error()\nnothing_of_this_name",
    "no error": "lh.expect_error()\n1 + 1",
    "interrupt": "lh.expect_error()\nraise KeyboardInterrupt",
    "after": "1 / 0",
}
PLAINLY = {"table plainly", "minimal plainly", "interrupt", "after"}


@pytest.fixture(scope="module")
def ran():
    """Run all cells in one kernel: the outputs and the status that each ended with."""
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS.values()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    status = []
    client = NotebookClient(notebook, allow_errors=True)
    client.on_cell_executed = lambda execute_reply, **_: status.append(
        execute_reply["content"]["status"]
    )
    client.execute()
    outputs = [cell.outputs for cell in notebook.cells]
    return dict(zip(CELLS, zip(outputs, status, strict=True), strict=True))


def test_the_run_goes_on_after_the_errors_that_are_meant(ran):
    assert {name for name, (_, status) in ran.items() if status == "error"} == PLAINLY


def test_the_error_is_shown_with_the_line_that_failed(ran):
    (error,) = ran["torch"][0]
    assert error.output_type == "error"
    assert error.ename == "RuntimeError"
    assert "cannot be multiplied" in error.evalue
    told = "\n".join(error.traceback)
    assert "expected.py" not in told
    marked = [line for line in told.splitlines() if "-> " in line]
    assert "net" in marked[0]
    assert "expect_error" not in marked[0]


@pytest.mark.parametrize("name", ["table", "minimal"])
def test_it_looks_as_it_does_without(ran, name):
    assert ran[name][0] == ran[f"{name} plainly"][0]
    assert ran[name][0][0].output_type == "error"


def test_said_twice_it_counts_once(ran):
    (error,) = ran["twice"][0]
    assert error.ename == "NameError"


def test_no_error_is_told(ran):
    value, told = ran["no error"][0]
    assert told.text.startswith("No error came, and this cell is meant to show one.")
    assert value.data["text/plain"] == "2"


@pytest.mark.parametrize("last", ["lh.expect_error()\nraise KeyboardInterrupt", "1 / 0"])
def test_what_is_not_meant_still_ends_the_run(last):
    sources = ("import lenet_helpers as lh", "lh.expect_error()\n1 / 0", last)
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    client = NotebookClient(nbformat.v4.new_notebook(cells=cells), force_raise_errors=True)
    with pytest.raises(CellExecutionError):
        client.execute()
    assert client.code_cells_executed == 3


def test_in_a_script_it_does_nothing():
    program = "import lenet_helpers as lh\nlh.expect_error()\nprint('on')\n1 / 0"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "on\n")
    assert "ZeroDivisionError" in done.stderr
