"""What the figures depend on: the computer that they were measured on."""

from __future__ import annotations

import importlib.metadata
import os
import platform

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
