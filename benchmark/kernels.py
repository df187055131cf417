"""Run cells in a fresh Jupyter kernel, so that live plots are really sent and received."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import nbformat

from lenet_helpers.data.finding import data_folder
from tools.notebooks import client

TEXTBOOK = Path(__file__).resolve().parent / ".textbook"  # where only its own runs see it


def kernel(cells: list[str], *, textbook: bool = False) -> object:
    """Run ``cells`` in a fresh kernel and return the value of ``seconds`` in it."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in [*cells, "print(json.dumps(seconds))"]]
    )
    paths = [str(TEXTBOOK / "packages" if textbook else TEXTBOOK.parent.parent)]
    where = TEXTBOOK / "run" if textbook else Path(tempfile.gettempdir())
    variables = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "LENET_DATA_DIR": str(data_folder()),
    }
    client(notebook, where).execute(env=variables)
    text = "".join(out.get("text", "") for out in notebook.cells[-1].outputs)
    return json.loads(text.splitlines()[-1])
