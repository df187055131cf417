"""The programs behind the commands of run.py: ``python -m tools.slides`` is ``run.py slides``."""
