"""Run notebooks and save what they print.

    python3 run.py record         all notebooks
    python3 run.py record 01 05   those whose file names begin so

A notebook in which a cell fails is left as it was.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.arguments import parser
from tools.files import ROOT, write_whole
from tools.notebooks import WIDGET, UnknownNotebookError, chosen, client

if TYPE_CHECKING:
    from nbformat import NotebookNode


def main(arguments: list[str]) -> int:
    """Record the notebooks that ``arguments`` name and return the exit code."""
    options = parser("record", __doc__)
    options.add_argument("names", nargs="*", metavar="NN", help="how a notebook's name begins")
    try:
        paths = chosen(options.parse_args(arguments).names)
    except UnknownNotebookError as error:
        print(error)
        return 2
    return max([record(path) for path in paths], default=0)


def record(path: Path) -> int:
    """Run one notebook and save its outputs; if a cell fails, say so and leave the file alone."""
    import nbformat
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    print(f"Running {path.name} ...", flush=True)
    began = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    run = client(notebook, path.parent, record_timing=False, store_widget_state=False)
    try:
        run.execute(env=without_the_author())
    except (CellExecutionError, DeadKernelError, TimeoutError) as error:
        print(f"{path.name} was not saved, because a cell failed:\n{error}")
        return 1
    write_whole(path, nbformat.writes(lasting(notebook)).encode("utf-8") + b"\n")
    print(f"  saved, {time.monotonic() - began:.0f} s", flush=True)
    return 0


def lasting(notebook: NotebookNode) -> NotebookNode:
    """Take out of ``notebook`` what differs with every run, author and editor; return it."""
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            # The number of a widget in a kernel that has ended. Whoever opens the notebook reads
            # the widget's text instead of "Error displaying widget: model not found".
            output.get("data", {}).pop(WIDGET, None)
    return notebook


def without_the_author() -> dict[str, str]:
    """Return the variables of a kernel whose tracebacks name this folder as ~, the home folder.

    Only that changes: what a home folder is for lies where it was. The author's own answers to the
    questions are left alone.
    """
    home = Path.home()
    places = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config", "IPYTHONDIR": ".ipython"}
    kept = {name: str(home / folder) for name, folder in places.items()}
    return {**kept, **os.environ, "HOME": str(ROOT), "LENET_ANSWERS": "off"}


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join printed text that follows printed text: where a kernel cuts it is chance.

    nbclient's ``coalesce_streams`` would also move what was printed after a picture before it.
    """
    kept: list[dict[str, Any]] = []
    for output in outputs:
        last = kept[-1] if kept else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] = f"{last['text']}{output['text']}"
        else:
            kept.append(output)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
