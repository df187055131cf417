"""The cell of notebook 10 that trains on digits, where their files are at hand."""

import functools
import re
from pathlib import Path

import nbformat
import pytest
import torch
from idx_files import sums, write

import lenet_helpers as lh
from lenet_helpers.data import sets
from lenet_helpers.network import codes1998
from lenet_helpers.network.lenet1998 import CodesLoss, lenet5

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "10-then-and-now.ipynb"
BEFORE_IT = {  # what the cells above it have made
    "functools": functools, "torch": torch, "lh": lh, "codes1998": codes1998, "lenet5": lenet5,
    "CodesLoss": CodesLoss,
}  # fmt: skip


@pytest.fixture
def run_the_cell(tmp_path, monkeypatch, capsys):
    """Runs it with its files in ``LENET_DATA_DIR``; returns what it left and what it printed."""
    (cell,) = (c for c in nbformat.read(NOTEBOOK, as_version=4).cells if c.id == "digits")
    monkeypatch.setenv("LENET_DATA_DIR", str(tmp_path))

    def run():
        names = dict(BEFORE_IT)
        exec(cell.source, names)
        return names, capsys.readouterr().out

    return run


def test_it_trains_lenet_of_1998_on_digits(tmp_path, monkeypatch, run_the_cell):
    monkeypatch.setitem(sets.CONTENT, "MNIST", sums())
    write(tmp_path)
    names, said = run_the_cell()
    assert (names["digits"].source, len(names["digits"].images)) == ("MNIST", 20)
    assert names["digits_test"].classes == tuple("0123456789")
    assert torch.equal(names["reader"].output.codes, codes1998.codes(codes1998.DIGITS))
    assert re.match(r"loss [\d.]+, train acc [\d.]+, test acc [\d.]+\n", said)


@pytest.mark.parametrize("others", [False, True], ids=["no files", "another set's files"])
def test_without_digits_it_says_so(tmp_path, monkeypatch, run_the_cell, others):
    if others:
        monkeypatch.setitem(sets.CONTENT, "Fashion-MNIST", sums())
        write(tmp_path)
    names, said = run_the_cell()
    assert said == "MNIST is not at hand: lh.load_data('MNIST', 128) downloads 12 MB.\n"
    assert "reader" not in names
