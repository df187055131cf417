"""Stop what a student wrote when it does not end by itself: a loop for ever stops no notebook.

A second thread watches, and has Python raise an error in the first one. This works on every system
and in every thread, and leaves the interrupt of a notebook, which is a signal, as it is. Python
raises such an error between two of its own instructions: one long operation of PyTorch, or a sleep,
ends first.

A loop may stand in a ``try`` whose bare ``except:`` takes the error, and that in another loop. Then
errors come without a pause between them, and one of them meets the code outside of the ``try``.
They would also meet what a ``with`` does at its end, so this is the last way, not the first.
"""

from __future__ import annotations

import ctypes
import functools
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

AGAIN = 0.1  # seconds until it is stopped again, where an `except:` has taken the error
GENTLY = 5  # so often; then without a pause

# Python's own function: the thread, and the class of the error; no class: take back what was sent
_PROTOTYPE = ctypes.PYFUNCTYPE(None, ctypes.c_ulong, ctypes.c_void_p)
_send = _PROTOTYPE(("PyThreadState_SetAsyncExc", ctypes.pythonapi))


class StillRunningError(BaseException):
    """A call ran longer than it may. It is no ``Exception``: few programs catch it by accident.

    ``seconds`` is how long it was allowed to run.
    """

    seconds: float = 0.0


def within(seconds: float | None, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """Return ``function(*arguments)``, or stop it after ``seconds``; None: let it run.

    Raises:
        StillRunningError: it was stopped. Its traceback has the line where it was, unless the
            function took the error and returned.
    """
    if seconds is None:
        return function(*arguments)
    over, stopped = threading.Event(), threading.Event()
    thread = threading.get_ident()
    send = functools.partial(_send, thread)
    stubborn = _with_another_behind_it(thread)

    def watched() -> Any:  # noqa: ANN401
        watcher.start()
        return function(*arguments)

    def watch() -> None:
        pause, sent = seconds, 0
        while not over.wait(pause) and _runs(watched, thread):
            stopped.set()
            send(id(StillRunningError if sent < GENTLY else stubborn))
            pause, sent = AGAIN, sent + 1

    watcher = threading.Thread(target=watch, daemon=True)
    try:
        value = watched()
    finally:
        send(None)  # what was on its way; a call of C: Python raises nothing before it
        try:
            over.set()
            watcher.join()  # an error that was sent in the last moment comes here, and no later one
        except StillRunningError:
            send(None)
    if stopped.is_set():
        raise StillRunningError
    return value


def _with_another_behind_it(thread: int) -> type[StillRunningError]:
    """Return a class of errors: when ``thread`` raises one, the next is on its way already.

    To make one is a call of C: in Python the next error would be raised before this one is made.
    """
    made = type(StillRunningError.__name__, (StillRunningError,), {})
    made.__init__ = staticmethod(functools.partial(_send, thread, id(made)))  # type: ignore[misc]
    return made


def _runs(function: Callable[..., Any], thread: int) -> bool:
    """Return whether ``function`` is being run in ``thread``: what comes after it is left alone."""
    frame: FrameType | None = sys._current_frames().get(thread)
    while frame is not None and frame.f_code is not function.__code__:
        frame = frame.f_back
    return frame is not None
