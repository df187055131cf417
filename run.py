"""The two commands of the series, for a person and for a CI alike.

    python3 run.py lab      set everything up, then open JupyterLab on the notebooks
    python3 run.py test     set everything up, then run every test and every notebook
    python3 run.py record   run the notebooks and save what they print (for authors)

What follows the command goes on to JupyterLab or pytest, for example ``lab --no-browser``. After
``record`` name the notebooks to run, for example ``record 01 05``; without a name all are run.

Everything is installed into the folder .venv beside this file: the system's Python stays as it
is. Only the standard library is needed here.
"""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
OLDEST = (3, 11)
NEEDED_GB = 8  # disk space of a first installation on Linux, where PyTorch brings its GPU libraries


def main(arguments: list[str]) -> int:
    """Run the command named first in ``arguments`` and return its exit code."""
    if sys.version_info < OLDEST:
        print(
            "This is Python {}.{}, and PyTorch needs {}.{} or newer. Start run.py with a newer "
            "Python, for example: python3.12 run.py lab".format(*sys.version_info[:2], *OLDEST)
        )
        return 1
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "lab":
        return set_up("lab") or run(jupyter_lab(rest))
    if command == "test":
        return set_up("test") or run(pytest(rest))
    if command == "record":
        return set_up("test") or run([*python(), str(Path(__file__)), "record-here", *rest])
    if command == "record-here":  # this program again, now with the packages of .venv
        return record(rest)
    print(__doc__)
    return 0 if command in ("", "-h", "--help", "help") else 2


# ---------------------------------------------------------------- the environment


def venv_python(folder: Path = VENV, system: str = os.name) -> Path:
    """Return the Python of the environment in ``folder``."""
    return folder / "Scripts" / "python.exe" if system == "nt" else folder / "bin" / "python"


def python() -> list[str]:
    """Return the start of a command that runs the environment's Python."""
    return [str(venv_python())]


def wanted_stamp(what: str) -> str:
    """Return a text that changes when what is to be installed changes."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((HERE / name).read_bytes())
    return f"{what} {platform.python_version()} {sys.platform} {digest.hexdigest()}\n"


def set_up(what: str) -> int:
    """Install what the command ``what`` needs, unless it is there; return pip's exit code."""
    stamp = VENV / f"installed-for-{what}.txt"
    wanted = wanted_stamp(what)
    if works() and stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return 0
    print(
        "Setting up .venv with PyTorch and JupyterLab. The first time downloads a few gigabytes\n"
        "(on Linux about 3, where PyTorch brings its GPU libraries) and takes some minutes.\n"
        "If it is interrupted, run the same command again: it goes on from there.",
        flush=True,
    )
    free = shutil.disk_usage(HERE).free / 1e9
    if free < NEEDED_GB:
        print(f"Careful: {free:.1f} GB of disk space are free; this may need {NEEDED_GB}.")
    began = time.monotonic()
    try:
        make_environment()
    except RuntimeError as error:
        print(error)
        return 1
    package = f"{HERE}[test]" if what == "test" else str(HERE)
    code = pip("install", "--editable", package, "--constraint", str(HERE / "constraints.txt"))
    if code:
        print(
            "The installation did not finish. Check the network and the disk space, and run the "
            "same command again. If it fails in the same way, delete the folder .venv first."
        )
        return code
    stamp.write_text(wanted, encoding="utf-8")
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)
    return 0


def works() -> bool:
    """Return True if the environment's Python starts and is the version of this one."""
    question = "import sys; print(sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [*python(), "-I", "-c", question], check=False, capture_output=True, text=True
        )
    except OSError:
        return False
    return answer.returncode == 0 and answer.stdout.strip() == str(sys.version_info[:2])


def make_environment() -> None:
    """Make .venv; again from nothing if one is there that does not work.

    Raises:
        RuntimeError: this Python can neither make an environment with pip nor lend it its own.
    """
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
    if (
        subprocess.run(
            [*python(), "-m", "pip", "--version"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return
    # Debian keeps ensurepip in a package of its own; pip can then be lent from outside.
    if (
        subprocess.run(
            [*python(), "-m", "ensurepip", "-q"], check=False, capture_output=True
        ).returncode
        == 0
    ):
        return
    if subprocess.run(lent_pip("--version"), check=False, capture_output=True).returncode != 0:
        raise RuntimeError(
            "This Python has no pip of 22.3 or newer, and no ensurepip. Install one of them, on "
            "Debian and Ubuntu with: sudo apt install python3-venv"
        )


def lent_pip(*arguments: str) -> list[str]:
    """Return a command that works on .venv with the pip of the Python that runs this file."""
    return [sys.executable, "-m", "pip", "--python", str(venv_python()), *arguments]


def pip(*arguments: str) -> int:
    """Run pip for .venv, with its own messages on the screen, and return its exit code."""
    own = [*python(), "-m", "pip"]
    has_own = subprocess.run([*own, "--version"], check=False, capture_output=True).returncode == 0
    return run([*own, *arguments] if has_own else lent_pip(*arguments))


def run(command: list[str]) -> int:
    """Run ``command`` in the folder of this file and return its exit code."""
    environment = dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_REQUIRE_VIRTUALENV="0")
    for name in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET"):
        environment.pop(name, None)  # another environment's settings would lead astray
    # Jupyter looks for its kernels beside its own Python: the path comes first.
    environment["PATH"] = str(venv_python().parent) + os.pathsep + environment.get("PATH", "")
    try:
        return subprocess.run(command, cwd=HERE, env=environment, check=False).returncode
    except KeyboardInterrupt:
        return 130


# ---------------------------------------------------------------- the commands


def jupyter_lab(rest: list[str]) -> list[str]:
    """Return the command that opens JupyterLab on the notebooks."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*python(), "-m", "jupyterlab", str(HERE / "notebooks"), *root, *rest]


def pytest(rest: list[str]) -> list[str]:
    """Return the command that runs the tests, and every notebook against its saved outputs."""
    return [
        *python(),
        "-m",
        "pytest",
        "--nbval",
        "--nbval-current-env",
        "--nbval-cell-timeout=900",
        *rest,
    ]


def record(names: list[str]) -> int:
    """Run the notebooks whose file names begin with one of ``names`` and save their outputs."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    paths = sorted((HERE / "notebooks").glob("*.ipynb"))
    chosen = [path for path in paths if not names or path.name.startswith(tuple(names))]
    if not chosen:
        print(f"No notebook begins with {names}: there are {[path.name for path in paths]}.")
        return 2
    for path in chosen:
        print(f"Running {path.name} ...", flush=True)
        began = time.monotonic()
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook,
            timeout=1800,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(path.parent)}},
        )
        try:
            client.execute()
        except CellExecutionError as error:
            print(f"{path.name} was not saved, because a cell failed:\n{error}")
            return 1
        # The version of Python would make every author's file differ.
        notebook.metadata = {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
        nbformat.write(notebook, path)
        print(f"  saved, {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
