"""Other programs: started with the right surroundings, quietly or not, and never two at once."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tools.files import ROOT, python
from tools.wheelhouse import data_of_room

# Settings of another environment, or of the user's pip and uv, that would lead to the wrong place.
FOREIGN = {
    *("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "VIRTUAL_ENV"),
    *("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"),
    *("UV_PYTHON", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_PREFIX", "UV_PROJECT_ENVIRONMENT"),
}
# How long a thread of the arithmetic keeps its core busy while it waits for more of it: PyTorch's
# for Linux (GNU's OpenMP), in turns of a loop, from one layer to the next; usual is five times as
# long. NumPy's (OpenBLAS), as a power of 2 of the processor's ticks, which is less than a
# thousandth of a second; usual is over a tenth of one, after each product of matrices.
WAITING = {"GOMP_SPINCOUNT": "60000", "OPENBLAS_THREAD_TIMEOUT": "20"}
STEP = 30.0  # seconds between two lines of progress that are not on a screen


def surroundings() -> dict[str, str]:
    """Return the environment variables for the programs that are started here."""
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    data = data_of_room()
    if data:
        variables.setdefault("LENET_DATA_DIR", data)
    if "OMP_WAIT_POLICY" not in variables:  # the user's own wish for the same
        variables = WAITING | variables
    # Jupyter looks for its kernels beside its own Python: the path comes first.
    path = str(Path(python()).parent) + os.pathsep + variables.get("PATH", "")
    # As pip does: schools and firms have certificates of their own.
    variables.setdefault("UV_SYSTEM_CERTS", "true")
    return variables | {
        "PATH": path,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_PROGRESS_BAR": "off",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_USER": "0",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def forgive_consoles() -> None:
    """Let a console that lacks a letter, say of a folder's name, show a question mark for it."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a captured stream may lack it
            stream.reconfigure(errors="replace")


def answer(command: list[str]) -> str | None:
    """Return what ``command`` prints; None if it fails or is not there."""
    try:
        result = subprocess.run(
            command, check=False, capture_output=True, env=surroundings(), cwd=ROOT,
            text=True, errors="replace",
        )  # fmt: skip
    except OSError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None


def run(command: list[str], **variables: str) -> int:
    """Run ``command`` in the series' folder, with ``variables`` too, and return its exit code."""
    with subprocess.Popen(command, cwd=ROOT, env=surroundings() | variables) as process:
        # Whoever ends this program means that one.
        before = signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            while True:
                # It is told of Ctrl-C too: JupyterLab asks before it ends.
                with contextlib.suppress(KeyboardInterrupt):
                    code = process.wait()
                    return code if code >= 0 else 128 - code
        finally:
            signal.signal(signal.SIGTERM, before)


def watch(command: list[str], log: Path) -> int:
    """Run ``command`` with its words going into ``log``, and show that it lives; return its code.

    On a screen that is one line: the time, and the newest words. Elsewhere a line now and then.
    """
    screen = sys.stdout.isatty()
    wide = shutil.get_terminal_size().columns - 1
    began = time.monotonic()
    # close_fds: what runs on after this program was killed keeps the lock, see only_one.
    with (
        log.open("ab") as words,
        subprocess.Popen(
            command, cwd=ROOT, env=surroundings(), close_fds=False, stdin=subprocess.DEVNULL,
            stdout=words, stderr=subprocess.STDOUT,
        ) as process,
    ):  # fmt: skip
        while True:
            try:
                code = process.wait(timeout=0.5 if screen else STEP)
            except subprocess.TimeoutExpired:
                minutes, seconds = divmod(int(time.monotonic() - began), 60)
                line = f"  {minutes}:{seconds:02}  {last_words(log, lines=1)}"[:wide]
                print(
                    f"\r{line:{wide}}" if screen else line, end="" if screen else "\n", flush=True
                )
            else:
                print(f"\r{'':{wide}}\r" if screen else "", end="", flush=True)
                return code


def last_words(log: Path, lines: int = 3) -> str:
    """Return the last lines that are not empty in ``log``."""
    text = log.read_bytes()[-3000:].decode(errors="replace")
    return "\n".join([line.strip() for line in text.splitlines() if line.strip()][-lines:])


@contextlib.contextmanager
def only_one(lock: Path, message: str) -> Iterator[None]:
    """Wait, with ``message``, until no other run has the ``lock``; keep others waiting meanwhile.

    The operating system holds the lock and gives it up when the last process that has it ends: a
    file left over does not block.
    """
    with lock.open("a") as file:
        os.set_inheritable(file.fileno(), True)
        told = False
        while not locked(file.fileno()):
            if not told:
                print(message, flush=True)
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
