"""Run the notebooks as Colab would: its versions, each notebook alone, the helpers not installed.

    python3 run.py colab                      all notebooks, in an environment that is then deleted
    python3 run.py colab 01 05                some of them
    python3 run.py colab --environment FOLDER     keep the environment in FOLDER, and use it again

A fresh environment gets the packages that Colab has (gigabytes), a module google.colab, and no
lenet_helpers. The files of this folder, as they are now, become a git repository. Then each
notebook lies alone in an empty folder, its set-up cell installs the helpers from that repository,
and it runs to the end. The list of installed packages may differ by the helpers alone.

It needs Python 3.13, and git. Not covered: Colab's own page, its widgets' JavaScript, its GPU.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools import stamp
from tools.arguments import parser
from tools.files import copy_series
from tools.files import python as python_in
from tools.notebooks import UnknownNotebookError, chosen, client
from tools.programs import FOREIGN, answer, run

if TYPE_CHECKING:
    import nbformat

# What Colab had in August 2026.
PYTHON = (3, 13)
PINS = (
    "torch==2.11.0",
    "torchvision==0.26.0",
    "numpy==2.1.3",
    "matplotlib==3.10.0",
    "ipywidgets==7.7.1",
    "ipython==7.34.0",
    "ipykernel==6.17.1",
)
EXAMPLE = stamp.Address("https://github.com/owner/lenet", "main")  # while no address is set
HELPERS = "lenet-helpers"


class ColabError(Exception):
    """The notebooks cannot be run like this, or one does not do what it should."""


def main(arguments: list[str]) -> int:
    """Run the notebooks that ``arguments`` name and return the exit code."""
    asked = parser("colab", __doc__)
    asked.add_argument("names", nargs="*", metavar="NN", help="how a notebook's name begins")
    asked.add_argument("--environment", type=Path, metavar="FOLDER", help="is made if need be")
    options = asked.parse_args(arguments)
    try:
        paths = chosen(options.names)
        with tempfile.TemporaryDirectory(prefix="colab-") as place:
            folder = Path(place)
            python = make_environment(options.environment or folder / "environment")
            origin = make_origin(folder / "origin")
            for path in paths:
                began = time.monotonic()
                added = run_alone(path.name, python, origin, folder / path.stem)
                print(f"{path.name}: {time.monotonic() - began:.0f} s, installed {added}")
    except (ColabError, UnknownNotebookError, stamp.StampError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


# ---------------------------------------------------------------- the environment


def make_environment(folder: Path) -> str:
    """Make an environment like Colab's in ``folder``, unless it is there; return its Python.

    Raises:
        ColabError: there is no such Python, or the packages could not be installed.
    """
    python = python_in(folder.absolute())
    ready = folder / "ready.txt"
    if ready.is_file() and ready.read_text(encoding="utf-8") == str(PINS):
        return python
    print(f"Installing Colab's versions ({', '.join(PINS)}) ...", flush=True)
    subprocess.run([find_python(), "-m", "venv", "--clear", str(folder)], check=True)
    if run([python, "-m", "pip", "install", "--quiet", *PINS]):
        raise ColabError("The packages could not be installed. Check the network and disk space.")
    pretend_colab(python)
    ready.write_text(str(PINS), encoding="utf-8")
    return python


def find_python() -> str:
    """Return a Python of Colab's version.

    Raises:
        ColabError: there is none.
    """
    name = ".".join(map(str, PYTHON))
    by_pyenv = sorted(Path.home().glob(f".pyenv/versions/{name}*/bin/python"))
    candidates = [[sys.executable], [f"python{name}"], ["py", f"-{name}"]]
    candidates += [[str(path)] for path in by_pyenv]
    question = "import sys; print(*sys.version_info[:2], sys.executable)"
    for command in candidates:
        found = answer([*command, "-c", question]) or ""
        if found.startswith("{} {} ".format(*PYTHON)):
            return found.split(" ", 2)[2]
    raise ColabError(f"This needs Python {name}, which Colab has. Install it, and try again.")


def pretend_colab(python: str) -> None:
    """Give ``python`` an empty module google.colab, imported at the start, as Colab's has it."""
    places = answer([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    site = Path(str(places))
    (site / "google" / "colab").mkdir(parents=True, exist_ok=True)
    (site / "google" / "colab" / "__init__.py").write_text("", encoding="utf-8")
    (site / "pretend_colab.pth").write_text("import google.colab\n", encoding="utf-8")


# ---------------------------------------------------------------- the repository


def make_origin(folder: Path) -> tuple[Path, stamp.Address]:
    """Make a git repository of the files of this series as they are now, with an address.

    Returns:
        The repository, and the address that its notebooks install the helpers from.

    Raises:
        ColabError: git is missing, or failed.
        StampError: the address in pyproject.toml will not do.
    """
    copy_series(folder)
    address = stamp.read_address(folder)
    if not address.badge("01"):  # not set, or not one that Colab opens
        address = EXAMPLE
    for path, content in stamp.stale(folder, address).items():
        path.write_bytes(content)
    git(folder, "init", "--quiet", f"--initial-branch={address.branch}")
    git(folder, "add", "--all")
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    git(folder, *who, "commit", "--quiet", "--message=The series as it is", "--no-gpg-sign")
    return folder, address


def git(folder: Path, *arguments: str) -> None:
    """Run a git command in ``folder``.

    Raises:
        ColabError: there is no git, or the command failed.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=folder, check=False, capture_output=True)
    except OSError as error:
        raise ColabError("This needs git: install it.") from error
    if done.returncode:
        raise ColabError(f"git {arguments[0]} failed: {done.stderr.decode(errors='replace')}")


# ---------------------------------------------------------------- one notebook


def run_alone(
    name: str, python: str, origin: tuple[Path, stamp.Address], folder: Path, **more: str
) -> str:
    """Run the notebook ``name`` of ``origin``, alone in ``folder``, and uninstall the helpers.

    Args:
        name: Its file name.
        python: The environment's Python; lenet_helpers is not installed there.
        origin: What :func:`make_origin` returns.
        folder: A new folder for the notebook, and for the user's caches.
        more: Environment variables.

    Returns:
        The line that the list of installed packages has got.

    Raises:
        ColabError: the notebook did not do what it should; the message says what.
    """
    import nbformat

    variables = surroundings(origin, folder / "cache") | more
    alone = folder / "notebook"
    alone.mkdir(parents=True)
    shutil.copyfile(origin[0] / "notebooks" / name, alone / name)
    notebook = nbformat.read(alone / name, as_version=4)
    before = packages(python, variables)
    try:
        execute(notebook, python, alone, variables)
        after = packages(python, variables)
    finally:
        uninstall_helpers(python, variables)
    check_errors(name, notebook)
    gone, added = before - after, after - before
    if gone or [line.split(" ")[0] for line in added] != [HELPERS]:
        raise ColabError(f"{name} changed the packages: {sorted(gone)} went, {sorted(added)} came.")
    return added.pop()


def surroundings(origin: tuple[Path, stamp.Address], cache: Path) -> dict[str, str]:
    """Return the environment variables: git finds ``origin`` at its address, and it is Colab."""
    variables = {k: v for k, v in os.environ.items() if k not in FOREIGN}
    repository, address = origin
    return variables | {
        "COLAB_RELEASE_TAG": "release-colab-pretended",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
        "GIT_CONFIG_VALUE_0": address.repository,
        # Nothing of the user's own: neither the weights of another run, nor an installed helper.
        "LENET_CACHE_DIR": str(cache),
        "PYTHONNOUSERSITE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # no messages about the debugger
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }


def packages(python: str, variables: dict[str, str]) -> set[str]:
    """Return the installed packages with their versions, a line each, as pip lists them."""
    command = [python, "-m", "pip", "freeze", "--all"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=variables)
    return set(done.stdout.splitlines())


def uninstall_helpers(python: str, variables: dict[str, str]) -> None:
    """Make ``python`` what it was before, so that the next notebook starts afresh."""
    command = [python, "-m", "pip", "uninstall", "--yes", "--quiet", HELPERS]
    subprocess.run(command, check=False, capture_output=True, env=variables)


def execute(
    notebook: nbformat.NotebookNode, python: str, folder: Path, variables: dict[str, str]
) -> None:
    """Run all cells with a kernel of ``python`` as Colab does: the first that fails ends the run.

    Raises:
        ColabError: a cell failed.
    """
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient.exceptions import CellExecutionError

    class Manager(AsyncKernelManager):
        """Starts kernels of ``python``, whatever kernels are installed here."""

        @property
        def kernel_spec(self) -> Any:  # noqa: ANN401
            argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=argv, display_name="Colab", language="python")

    # Colab does not know the tag raises-exception.
    run = client(notebook, folder, kernel_manager_class=Manager, force_raise_errors=True)
    try:
        run.execute(env=variables)
    except CellExecutionError as error:
        raise ColabError(f"A cell failed:\n{error}") from error


def check_errors(name: str, notebook: nbformat.NotebookNode) -> None:
    """Check that the cells that fail on purpose did, and that the set-up cell came first.

    Raises:
        ColabError: it is not so.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if "setup" not in cells[0].metadata.get("tags", []):
        raise ColabError(f"The first code cell of {name} is not the set-up cell.")
    for cell in cells:
        failed = any(output.output_type == "error" for output in cell.outputs)
        if failed != ("raises-exception" in cell.metadata.get("tags", [])):
            raise ColabError(f"An error is missing, or too many, in {name}: {cell.source}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
