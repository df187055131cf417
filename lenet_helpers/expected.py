"""Show an error that is meant to come, without ending the run of the notebook there.

JupyterLab knows a tag for such cells, "raises-exception"; Colab does not, nor does an older VS
Code: there "Run all" stops at the first of them. So the cell itself says it. IPython shows the
error as it always does, and is then told that the cell has ended well.
"""

from __future__ import annotations

from typing import Any

from .prose import say


def expect_error() -> None:
    """Say that this cell fails on purpose: its error is shown, and the run goes on after it.

    Put it before the line that fails. An interrupt still ends the run. If no error comes, a
    sentence says so. Outside IPython it does nothing.
    """
    shell = _shell()
    if shell is not None:
        shell.events.register("post_run_cell", _settle)


def _settle(result: Any) -> None:  # noqa: ANN401 # IPython's ExecutionResult; IPython is untyped
    """End the cell that has just run well, if its error was one; then forget about it."""
    _shell().events.unregister("post_run_cell", _settle)
    if isinstance(result.error_in_exec, Exception):  # not an interrupt
        result.error_in_exec = None
    elif result.success:
        say(
            "No error came, and this cell is meant to show one. If you have mended what was "
            "broken, take expect_error() away."
        )


def _shell() -> Any:  # noqa: ANN401
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()
