"""The arguments of a command: explained by its program's own docstring."""

from __future__ import annotations

import argparse

from tools.programs import forgive_consoles


def parser(command: str, about: str | None) -> argparse.ArgumentParser:
    """Return a parser for the command of run.py, which the text ``about`` explains."""
    forgive_consoles()
    return argparse.ArgumentParser(
        prog=f"python3 run.py {command}",
        description=about,
        formatter_class=argparse.RawTextHelpFormatter,
    )
