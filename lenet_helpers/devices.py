"""Where the arithmetic runs: a GPU if there is one, else the CPU.

Which GPUs there are, PyTorch knows: NVIDIA's and AMD's are called cuda, Apple's mps, Intel's xpu.
Tried were NVIDIA's; the others are as ``torch.accelerator``'s documentation says.
"""

from __future__ import annotations

import contextlib
import platform
import sys
from pathlib import Path

import torch

from .checks import whole_number


def available_devices() -> list[str]:
    """Return the names of the devices present, best first, for example ["cuda:0", "cpu"]."""
    # Asked first: with torch 2.6, asking for the current one where there is none is an error.
    kind = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    if kind is None:
        return ["cpu"]
    if kind.type == "mps":  # there is one of them, and it is called so
        return ["mps", "cpu"]
    return [*(f"{kind.type}:{i}" for i in range(torch.accelerator.device_count())), "cpu"]


def try_gpu(i: int = 0) -> torch.device:
    """Return GPU number ``i`` if it is present, else the CPU.

    Args:
        i: The GPU's number, from 0.

    Raises:
        TypeError, ValueError: ``i`` is not a whole number of at least 0.
    """
    i = whole_number("i", i, minimum=0, fix="GPUs are numbered from 0.")
    present = available_devices()[:-1]
    return torch.device(present[i]) if i < len(present) else torch.device("cpu")


def find_device(device: torch.device | str | None = None) -> torch.device:
    """Return the device asked for, or the best one present.

    Args:
        device: A ``torch.device``, a name such as "cuda", "cuda:1", "mps" or "cpu", or None for
            the best one present.

    Raises:
        ValueError: the device is not present, or there is no device of that name.
    """
    if device is None:
        return try_gpu()
    present = available_devices()
    fix = f"Present here: {', '.join(present)}. Choose one, or device=None for the best."
    try:
        asked = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"device={device!r} is no device that PyTorch knows. {fix}") from error
    if asked.type == "meta":  # shapes without numbers: always there
        return asked
    numbered = asked.type if asked.type in ("cpu", "mps") else f"{asked.type}:{asked.index or 0}"
    if numbered not in present:
        raise ValueError(f"device={str(device)!r} is not present. {fix}")
    return asked


def describe_device(device: torch.device) -> str:
    """Return the name of ``device``; on Colab without a GPU also how to switch one on.

    >>> describe_device(torch.device("cuda:0"))
    'cuda:0'
    """
    if device.type == "cpu" and "google.colab" in sys.modules:  # Colab itself has imported it
        return (
            f"{device}. Colab lends a GPU: choose Runtime > Change runtime type > GPU, and then "
            "Runtime > Run all, because the notebook starts anew."
        )
    return str(device)


def device_name(device: torch.device) -> str:
    """Return what ``device`` is in words: the model of the GPU or of the processor."""
    if device.type in ("cuda", "xpu"):
        return str(torch.get_device_module(device).get_device_name(device))
    with contextlib.suppress(OSError):  # Linux
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def synchronize(device: torch.device) -> None:
    """Wait until ``device`` has done its work: a GPU computes while Python goes on."""
    if device.type not in ("cpu", "meta"):
        torch.accelerator.synchronize(device)
