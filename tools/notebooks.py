"""The notebooks of the series: found by how their names begin, and run in a kernel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.series import FOLDER, notebooks

if TYPE_CHECKING:
    from nbclient import NotebookClient
    from nbformat import NotebookNode

WIDGET = "application/vnd.jupyter.widget-view+json"  # the kind of an output that needs a kernel


class UnknownNotebookError(Exception):
    """No notebook has that name; the message names those there are."""


def chosen(names: list[str]) -> list[Path]:
    """Return the notebooks whose file names begin with one of ``names``; all, if there are none.

    Raises:
        UnknownNotebookError: no notebook begins with one of the names.
    """
    paths = notebooks(FOLDER)
    for name in names:
        if not any(path.name.startswith(name) for path in paths):
            known = ", ".join(path.stem for path in paths)
            raise UnknownNotebookError(f"No notebook begins with {name}: there are {known}.")
    return [path for path in paths if not names or path.name.startswith(tuple(names))]


def client(notebook: NotebookNode, folder: Path, **options: Any) -> NotebookClient:  # noqa: ANN401
    """Return what runs ``notebook`` in a kernel whose working folder is ``folder``.

    Its traffic is encrypted where kernel and client can do it, else ipykernel warns each time.
    """
    from nbclient import NotebookClient
    from traitlets.config import Config

    return NotebookClient(
        notebook,
        timeout=1800,
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        resources={"metadata": {"path": str(folder)}},
        **options,
    )
