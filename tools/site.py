"""Make a site of the notebooks."""

from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent / "site"
