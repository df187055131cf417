"""The code and the notebooks are formatted, linted and typed; importing changes nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command", [("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)]
)
def test_the_tools_find_nothing(command):
    result = run(sys.executable, "-m", *command)
    assert result.returncode == 0, result.stdout + result.stderr


def test_importing_changes_nothing():
    program = """
import random, sys
import matplotlib, torch
def state():
    # asking for "backend" would itself import pyplot
    names = [name for name in matplotlib.rcParams if name != "backend"]
    settings = [matplotlib.rcParams[name] for name in names]
    return torch.get_rng_state().tolist(), random.getstate(), settings
before = state()
threads, default = torch.get_num_threads(), torch.get_default_dtype()
import lenet_helpers
assert before == state()
assert (threads, default) == (torch.get_num_threads(), torch.get_default_dtype())
assert "matplotlib.pyplot" not in sys.modules
assert "torchvision" not in sys.modules, "only loading the data needs it"
"""
    result = run(sys.executable, "-c", program)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
