"""Stop what a student wrote when it does not end by itself: a loop for ever stops no notebook.

A second thread watches, and has Python raise an error in the first one. This works on every system
and in every thread, and leaves the interrupt of a notebook, which is a signal, as it is. Python
raises such an error between two of its own instructions: one long operation of PyTorch, or a sleep,
ends first.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

AGAIN = 0.1  # seconds until it is stopped again: an `except:` in the loop may take the error


class StillRunningError(BaseException):
    """A call ran longer than it may. It is no ``Exception``: few programs catch it by accident.

    ``seconds`` is how long it was allowed to run.
    """

    seconds: float = 0.0


def within(seconds: float | None, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """Return ``function(*arguments)``, or stop it after ``seconds``; None: let it run.

    Raises:
        StillRunningError: it was stopped. Its traceback has the line where it was.
    """
    if seconds is None:
        return function(*arguments)
    over = threading.Event()
    thread = threading.get_ident()

    def watched() -> Any:  # noqa: ANN401
        watcher.start()
        return function(*arguments)

    def watch() -> None:
        pause = seconds
        while not over.wait(pause) and _runs(watched, thread):
            error = ctypes.py_object(StillRunningError)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), error)
            pause = AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        return watched()
    finally:
        over.set()
        watcher.join()  # an error that was sent in the last moment comes here, and no later one


def _runs(function: Callable[..., Any], thread: int) -> bool:
    """Return whether ``function`` is being run in ``thread``: what comes after it is left alone."""
    frame: FrameType | None = sys._current_frames().get(thread)
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None
