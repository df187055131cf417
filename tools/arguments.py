"""The arguments of a command: explained by its program's own docstring."""

from __future__ import annotations

import argparse

from tools.programs import forgive_consoles


def parser(command: str, about: str | None) -> argparse.ArgumentParser:
    """Return a parser for a command, which the text ``about`` explains.

    Args:
        command: Its name in run.py; of what is none of run.py's, the module: "tools.build".
        about: The explanation.
    """
    forgive_consoles()
    start = "python -m" if "." in command else "python3 run.py"
    return argparse.ArgumentParser(
        prog=f"{start} {command}",
        description=about,
        formatter_class=argparse.RawTextHelpFormatter,
    )
