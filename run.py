"""The two commands of the series, for a person and for a CI alike.

    python3 run.py lab      set everything up, then open JupyterLab on the notebooks
    python3 run.py test     set everything up, then run every test and every notebook
    python3 run.py record   run the notebooks and save what they print (for authors)
    python3 run.py benchmark   measure how fast the training is (for authors)
    python3 run.py recordings  train, and keep the runs that can be replayed (for authors)
    python3 run.py update   fetch a newer version of the series; what you changed is kept
    python3 run.py slides   make slides of the notebooks, which need no kernel (for teachers)
    python3 run.py room FOLDER   make a folder that sets up without internet (for teachers)
    python3 run.py measure  measure what a class needs: memory, cores, time (for teachers)
    python3 run.py test-versions   run the tests on the oldest and newest packages (for authors)
    python3 run.py stamp    write the address in pyproject.toml into notebooks and README (authors)
    python3 run.py colab    run the notebooks on Colab's package versions, each alone (for authors)

What follows the command goes on to JupyterLab or pytest, for example ``lab --no-browser``. After
``record`` name the notebooks to run, for example ``record 01 05``; without a name all are run.

Everything is installed into the folder .venv beside this file: the system's Python stays as it
is. Only the standard library is needed here. Where a folder "wheelhouse" made by "room" lies beside
this file, or in the folder that the variable LENET_ROOM names, "lab" needs no internet.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from pathlib import Path

if False:  # typing.TYPE_CHECKING, written so that this file also starts on an old Python
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
OLDEST = (3, 11)
NEEDED_GB = 8  # disk space of a first installation on Linux, where PyTorch brings its GPU libraries
# What is to be installed -> the installations that have it too.
STAMPS = {"lab": ("lab", "present", "test"), "present": ("present",), "test": ("test",)}
# Command -> what is to be installed for it (None: nothing at all), and the program behind it.
PROGRAMS = {
    "benchmark": ("test", "benchmark/benchmark.py"),
    "colab": ("lab", "tools/colab.py"),
    "measure": ("lab", "tools/measure.py"),
    "recordings": ("test", "tools/recordings.py"),
    "room": ("lab", "tools/room.py"),
    "slides": ("present", "tools/slides.py"),
    "stamp": (None, "tools/stamp.py"),
    "test-versions": ("test", "tools/versions.py"),
    "update": (None, "tools/update.py"),
}
ROOM = "LENET_ROOM"  # names a folder made by "room"; without it the folder of this file counts
# Settings of another environment, or of the user's pip, that would install to the wrong place.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")


class SetUpError(Exception):
    """The environment cannot be made; the message says what to do."""


def main(arguments: list[str]) -> int:
    """Run the command named first in ``arguments`` and return its exit code."""
    forgive_consoles()
    if sys.version_info < OLDEST:
        print(
            "This is Python {}.{}, and the notebooks need {}.{} or newer. Start run.py with a "
            "newer Python, for example: python3.12 run.py lab".format(
                *sys.version_info[:2], *OLDEST
            )
        )
        return 1
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    rest = rest[1:] if rest[:1] == ["--"] else rest
    if command == "lab":
        return set_up("lab") or run(jupyter_lab(rest))
    if command == "test":
        return set_up("test") or run(pytest(rest))
    if command == "record":  # this program again, now with the packages of .venv
        return set_up("test") or run([venv_python(), str(Path(__file__)), "record-here", *rest])
    if command == "record-here":
        return record(rest)
    if command in PROGRAMS:
        needed, program = PROGRAMS[command]
        path = str(HERE / program)
        if needed is None:
            return run([sys.executable, path, *rest])
        return set_up(needed) or run([venv_python(), path, *rest])
    print(__doc__)
    return 0 if command in ("", "-h", "--help", "help") else 2


# ---------------------------------------------------------------- the environment


def set_up(what: str) -> int:
    """Install what the command ``what`` needs, unless it is there; return the exit code."""
    if is_installed(what):
        return 0
    try:
        with only_one():
            # Another run may have installed it while this one waited.
            return 0 if is_installed(what) else install(what)
    except SetUpError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        return 130


def install(what: str) -> int:
    """Make .venv if need be, install into it and return pip's exit code."""
    wheels = wheelhouse() if what != "test" else None
    if wheels is None:
        print(
            "Setting up: installing PyTorch and JupyterLab into .venv. The first time this\n"
            "downloads gigabytes on Linux, where PyTorch brings its GPU libraries (elsewhere it\n"
            "is less), and takes some minutes. If it is interrupted, run the same command again.",
            flush=True,
        )
    else:
        check_that_it_fits(wheels)
        print(
            f"Setting up without internet, from {wheels}. This takes some minutes. If it is\n"
            "interrupted, run the same command again.",
            flush=True,
        )
    free = shutil.disk_usage(HERE).free / 1e9
    if free < NEEDED_GB:
        print(f"Careful: {free:.1f} GB of disk space are free; this may need {NEEDED_GB}.")
    began = time.monotonic()
    there = [name for name in STAMPS if is_installed(name)]
    for name in STAMPS:  # from here on until pip has finished, nothing counts as installed
        stamp(name).unlink(missing_ok=True)
    make_environment()
    forget_halves()
    package = str(HERE) if what == "lab" else f"{HERE}[{what}]"
    local = ["--isolated", "--no-index", "--find-links", str(wheels)] if wheels else []
    constraints = str(HERE / "constraints.txt")
    code = run([*pip(), "install", *local, "--editable", package, "--constraint", constraints])
    if code:
        cause = "whether the wheelhouse is whole" if wheels else "the network"
        print(
            f"The installation did not finish. Check {cause} and the disk space, and run the "
            "same command again. If it fails in the same way, delete the folder .venv first."
        )
        return code
    for name in (what, *there):  # pip adds to what was there
        stamp(name).write_text(wanted_stamp(), encoding="utf-8")
    print(f"Set up in {time.monotonic() - began:.0f} s.", flush=True)
    return 0


def is_installed(what: str) -> bool:
    """Return True if an installation for ``what`` has finished, and nothing changed since."""
    wanted = wanted_stamp()
    return works() and any(
        stamp(name).is_file() and stamp(name).read_text(encoding="utf-8") == wanted
        for name in STAMPS[what]
    )


def stamp(what: str) -> Path:
    """Return the file that is there once everything for ``what`` is installed."""
    return VENV / f"installed-for-{what}.txt"


def wanted_stamp() -> str:
    """Return a text that changes when what is to be installed changes, or where."""
    digest = hashlib.sha256(os.fsencode(HERE))  # an editable package does not follow a move
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((HERE / name).read_bytes())
    computer = f"{platform.python_version()} {sys.platform} {platform.machine()}"
    return f"{computer} {digest.hexdigest()}\n"


def venv_python(folder: Path | None = None, system: str = os.name) -> str:
    """Return the Python of the environment in ``folder`` (default: .venv)."""
    parts = ("Scripts", "python.exe") if system == "nt" else ("bin", "python")
    return str((folder or VENV).joinpath(*parts))


def works() -> bool:
    """Return True if .venv has a Python that starts, of the version of this one."""
    question = "import sys; print(sys.version_info[:2], sys.prefix != sys.base_prefix)"
    return answer([venv_python(), "-c", question]) == f"{sys.version_info[:2]} True"


def make_environment() -> None:
    """Make .venv; again from nothing if one is there that does not work.

    Raises:
        SetUpError: the old one cannot be deleted, or this Python can neither make an environment
            with pip nor lend it its own.
    """
    if not works():
        try:
            for old in VENV.iterdir():
                if old != lock_file():
                    shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
            venv.create(VENV, with_pip=False, symlinks=os.name != "nt")
        except OSError as error:
            raise SetUpError(
                f"{VENV} cannot be made anew: {error}. Close every JupyterLab and terminal that "
                "uses it, delete the folder and run the same command again."
            ) from error
    if answer([venv_python(), "-m", "pip", "--version"]) is not None:
        return
    # Debian keeps ensurepip in a package of its own; pip can then be lent from outside.
    if answer([venv_python(), "-m", "ensurepip", "--upgrade"]) is None and answer(pip()) is None:
        raise SetUpError(
            "This Python has no ensurepip and no pip of version 22.3 or newer. Install one of "
            "them, on Debian and Ubuntu with: sudo apt install python3-venv"
        )


def forget_halves() -> None:
    """Make pip install again what an interrupted run left half-installed.

    pip writes a package's list of files, RECORD, last; without it pip would take the package for
    installed all the same.
    """
    for info in VENV.glob("**/site-packages/*.dist-info"):
        if not (info / "RECORD").is_file():
            shutil.rmtree(info)


def pip() -> list[str]:
    """Return the start of a pip command for .venv: its own pip, else that of this Python."""
    own = [venv_python(), "-m", "pip"]
    if answer([*own, "--version"]) is not None:
        return own
    lent = [sys.executable, "-m", "pip", "--python", venv_python()]
    packed = sorted((wheelhouse() or HERE / "no wheelhouse").glob("pip-*.whl"))
    if packed and answer(lent) is None:
        return [venv_python(), str(packed[-1] / "pip")]  # Python runs what is in a zip file
    return lent


# ---------------------------------------------------------------- a room without internet


def room() -> Path:
    """Return the folder that may hold a wheelhouse and the data: LENET_ROOM, else this one."""
    named = os.environ.get(ROOM)
    return Path(named).expanduser().absolute() if named else HERE


def wheelhouse() -> Path | None:
    """Return the folder of packages to install from without internet; None if there is none.

    Raises:
        SetUpError: LENET_ROOM names a folder that has none.
    """
    folder = room() / "wheelhouse"
    if (folder / "fits.json").is_file():  # written last: it is there once the wheelhouse is whole
        return folder
    if os.environ.get(ROOM):
        raise SetUpError(
            f"{ROOM}={os.environ[ROOM]}: no finished wheelhouse is in that folder. Make one with: "
            "python3 run.py room FOLDER, on a computer with internet. Or unset the variable."
        )
    return None


def check_that_it_fits(wheels: Path) -> None:
    """Check that the packages in ``wheels`` are for this Python on this system.

    Raises:
        SetUpError: they are for others; the message names both.
    """
    fits = json.loads((wheels / "fits.json").read_text(encoding="utf-8"))
    here = this_computer()
    if here not in fits:
        raise SetUpError(
            f"The packages in {wheels} are for {', and for '.join(fits)}. This is {here}. Start "
            "run.py with such a Python, or add this one to the folder on a computer with internet "
            "(python3 run.py room --help says how). To install from the internet, rename the "
            "folder wheelhouse."
        )


def this_computer() -> str:
    """Return what packages must fit, for example "Python 3.12 on win amd64"."""
    system = sysconfig.get_platform().split("-")[0]
    version = ".".join(platform.python_version_tuple()[:2])
    return f"Python {version} on {system} {platform.machine().lower()}"


# ---------------------------------------------------------------- other programs


def surroundings() -> dict[str, str]:
    """Return the environment variables for the programs that are started here."""
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    # Jupyter looks for its kernels beside its own Python: the path comes first.
    path = str(Path(venv_python()).parent) + os.pathsep + variables.get("PATH", "")
    data = room() / "fashion-mnist"
    if data.is_dir():
        variables.setdefault("LENET_DATA_DIR", str(data))
    return dict(
        variables,
        PATH=path,
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_REQUIRE_VIRTUALENV="0",
        PIP_USER="0",
    )


def forgive_consoles() -> None:
    """Let a console that lacks a letter, say of a folder's name, show a question mark for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a captured stream may lack it
            stream.reconfigure(errors="replace")


def answer(command: list[str]) -> str | None:
    """Return what ``command`` prints; None if it fails or is not there."""
    try:
        result = subprocess.run(
            command, check=False, capture_output=True, env=surroundings(), cwd=HERE,
            text=True, errors="replace",
        )  # fmt: skip
    except OSError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None


def run(command: list[str]) -> int:
    """Run ``command`` in the folder of this file and return its exit code."""
    # close_fds: what runs on after this program was killed keeps the lock, see only_one.
    with subprocess.Popen(command, cwd=HERE, env=surroundings(), close_fds=False) as process:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # the program was told too: JupyterLab asks before it ends
            return code if code >= 0 else 128 - code


def lock_file() -> Path:
    """Return the file that is locked while something is installed."""
    return VENV / "lock"


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Wait until no other run installs into .venv, and keep others waiting meanwhile.

    The operating system holds the lock and gives it up when the last process that has it ends: a
    file left over does not block.
    """
    VENV.mkdir(exist_ok=True)
    with lock_file().open("a") as file:
        os.set_inheritable(file.fileno(), True)
        told = False
        while not locked(file.fileno()):
            if not told:
                print("Another run is setting up .venv: waiting until it has finished.", flush=True)
            told = True
            time.sleep(1)
        yield


def locked(descriptor: int) -> bool:
    """Lock the open file ``descriptor``; return False if another process has locked it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# ---------------------------------------------------------------- the commands


def jupyter_lab(rest: list[str]) -> list[str]:
    """Return the command that opens JupyterLab on the notebooks."""
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [venv_python(), "-m", "jupyterlab", str(HERE / "notebooks"), *root, *rest]


def pytest(rest: list[str]) -> list[str]:
    """Return the command that runs the tests, and every notebook against its saved outputs."""
    sanitize = f"--nbval-sanitize-with={Path('tests', 'nbval_sanitize.cfg')}"
    nbval = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=900", sanitize]
    return [venv_python(), "-m", "pytest", *nbval, *rest]


def record(names: list[str]) -> int:
    """Run the notebooks whose file names begin with one of ``names`` and save their outputs."""
    paths = sorted((HERE / "notebooks").glob("*.ipynb"))
    for name in names:
        if not any(path.name.startswith(name) for path in paths):
            print(f"No notebook begins with {name}: there are {[path.name for path in paths]}.")
            return 2
    return max(
        (record_one(path) for path in paths if not names or path.name.startswith(tuple(names))),
        default=0,
    )


def record_one(path: Path) -> int:
    """Run one notebook and save its outputs; if a cell fails, say so and leave the file alone."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    print(f"Running {path.name} ...", flush=True)
    began = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=1800,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute(env=without_the_author())
    except (CellExecutionError, DeadKernelError, TimeoutError) as error:
        print(f"{path.name} was not saved, because a cell failed:\n{error}")
        return 1
    # The version of Python and the traces of editors would make every author's file differ.
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.metadata.pop("lines_to_next_cell", None)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    draft = path.with_suffix(".ipynb.part")
    nbformat.write(notebook, draft)
    draft.replace(path)  # in one step: an interrupt leaves the old file or the new one
    print(f"  saved, {time.monotonic() - began:.0f} s", flush=True)
    return 0


def without_the_author() -> dict[str, str]:
    """Return the variables of a kernel whose tracebacks name this folder as ~, the home folder.

    Only that changes: what a home folder is for lies where it was.
    """
    home = Path.home()
    places = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config", "IPYTHONDIR": ".ipython"}
    kept = {name: str(home / folder) for name, folder in places.items()}
    return {**kept, **os.environ, "HOME": str(HERE)}


def joined(outputs: list[dict[str, object]]) -> list[dict[str, object]]:
    """Join printed text that follows printed text: where a kernel cuts it is chance.

    nbclient's ``coalesce_streams`` would also move what was printed after a picture before it.
    """
    kept: list[dict[str, object]] = []
    for output in outputs:
        last = kept[-1] if kept else {}
        if output["output_type"] == "stream" and last.get("name") == output["name"]:
            last["text"] = f"{last['text']}{output['text']}"
        else:
            kept.append(output)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
