"""What the figures depend on: the computer that they were measured on, and who else used it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time
from collections.abc import Callable

import psutil
import torch

from lenet_helpers.devices import device_name


def machine() -> dict[str, str]:
    """Return what the figures depend on: the hardware and the versions."""
    names = ("torch", "torchvision", "matplotlib", "ipykernel", "numpy")
    facts = {
        "processor": device_name(torch.device("cpu")),
        "cores": f"{cores()}, torch threads: {torch.get_num_threads()}",
        "GPU": torch.cuda.get_device_name(0) if torch.cuda.is_available() else "none",
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names),
    }
    return facts


def cores() -> int:
    """Return how many processor cores this program may use."""
    available = getattr(os, "sched_getaffinity", None)  # Linux alone has it
    return len(available(0)) if available else os.cpu_count() or 1


def taken_by_others(work: Callable[[], object]) -> float:
    """Do ``work`` and return what others took meanwhile, in % of the cores.

    What ``work`` itself takes is that of this program and of the programs that it started and that
    have ended. Windows does not count those: there they are others.
    """
    began, busy, own = time.perf_counter(), busy_seconds(), sum(os.times()[:4])
    work()
    foreign = busy_seconds() - busy - (sum(os.times()[:4]) - own)
    return max(0.0, 100 * foreign / (time.perf_counter() - began) / cores())


def busy_seconds() -> float:
    """Return for how long the cores of this computer have been busy, together."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
