"""Where the arithmetic runs: a CUDA GPU if there is one, else Apple's (mps), else the CPU."""

from __future__ import annotations

import contextlib
import platform
import sys
from pathlib import Path

import torch

from .checks import whole_number


def available_devices() -> list[str]:
    """Return the names of the devices present, best first, for example ["cuda:0", "cpu"]."""
    names = [f"cuda:{i}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        names.append("mps")
    return [*names, "cpu"]


def try_gpu(i: int = 0) -> torch.device:
    """Return GPU number ``i`` if it is present, else the CPU.

    Args:
        i: The GPU's number, from 0. Apple's GPU (mps) counts as number 0 where no CUDA GPU is.

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
    numbered = f"{asked.type}:{asked.index or 0}" if asked.type == "cuda" else asked.type
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
    if device.type == "cuda":
        return str(torch.cuda.get_device_name(device))
    with contextlib.suppress(OSError):  # Linux
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def synchronize(device: torch.device) -> None:
    """Wait until ``device`` has done its work: a GPU computes while Python goes on."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
