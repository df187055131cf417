"""Errors that are meant to come, and runs that are meant to end: how a cell ends.

JupyterLab knows a tag for cells with an error on purpose, "raises-exception"; Colab does not, nor
does an older VS Code: there "Run all" stops at the first of them. So the cell itself says it.
IPython shows the error as it always does, and is then told that the cell has ended well. The other
way round, a cell whose run was stopped can end "Run all" although it shows no error.
"""

from __future__ import annotations

from typing import Any

from ..prose import say


def expect_error() -> None:
    """Say that this cell fails on purpose: its error is shown, and the run goes on after it.

    Put it before the line that fails. An interrupt still ends the run. If no error comes, a
    sentence says so. Outside IPython it does nothing.
    """
    shell = running_shell()
    if shell is not None:
        shell.events.register("post_run_cell", _settle)


def end_queue(reason: str) -> None:
    """See to it that the cells that wait behind this one do not run, and say ``reason``.

    The cell itself ends as it would have. Outside IPython it does nothing.
    """
    shell = running_shell()
    if shell is None:
        return

    def end(result: Any) -> None:  # noqa: ANN401 # IPython's ExecutionResult; IPython is untyped
        shell.events.unregister("post_run_cell", end)
        if result.success:
            say(reason)
            result.error_in_exec = KeyboardInterrupt(reason)

    shell.events.register("post_run_cell", end)


def in_kernel() -> bool:
    """Return whether this runs in a notebook's kernel, and not in a script or a terminal."""
    return getattr(running_shell(), "kernel", None) is not None


def _settle(result: Any) -> None:  # noqa: ANN401
    """End the cell that has just run well, if its error was one; then forget about it."""
    running_shell().events.unregister("post_run_cell", _settle)
    if isinstance(result.error_in_exec, Exception):  # not an interrupt
        result.error_in_exec = None
    elif result.success:
        say(
            "No error came, and this cell is meant to show one. If you have mended what was "
            "broken, take expect_error() away."
        )


def running_shell() -> Any:  # noqa: ANN401
    """Return IPython's shell, or None where the code does not run in one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
