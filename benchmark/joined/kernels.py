"""Kernels for NVIDIA's GPUs: compiled for the sizes of a layer, and started.

NVRTC, the compiler that PyTorch brings, makes machine code of CUDA C++ in a second or less. The
code is kept in the user's cache folder, so this happens once a computer and layer.

Source: NVIDIA's documentation, "NVRTC" and "CUDA Python" (the package ``cuda.bindings``).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

import torch
from torch import Tensor

from lenet_helpers.storage import cache_folder, write_whole

# Starts a kernel: how many blocks of how many threads, and its arguments.
Start = Callable[..., None]


def compiled(
    name: str, definitions: Mapping[str, object], device: torch.device
) -> tuple[Start, Start]:
    """Return what starts the kernels ``forward`` and ``backward`` of the file ``name``.

    Args:
        name: A file beside this one.
        definitions: What is to be defined in it.
        device: The GPU, an NVIDIA one.

    Raises:
        Exception: there is no such compiler or GPU, or it refuses; of any kind, as libraries do.
    """
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    told = "".join(f"#define {what} {value}\n" for what, value in definitions.items())
    return _loaded(told + text, torch.device(device.type, device.index or 0))


@functools.cache
def _loaded(source: str, device: torch.device) -> tuple[Start, Start]:
    """Return the kernels of ``source``; asked again, the same ones."""
    from cuda.bindings import driver

    with torch.cuda.device(device):
        torch.cuda.current_stream().synchronize()  # makes the GPU's context, if there is none yet
        (module,) = _done(driver.cuModuleLoadData(_machine_code(source, device)))
        kernels = [
            _done(driver.cuModuleGetFunction(module, kernel))[0]
            for kernel in (b"forward", b"backward")
        ]
    forward, backward = (functools.partial(_start, kernel) for kernel in kernels)
    return forward, backward


def _start(kernel: Any, blocks: int, threads: int, *arguments: Tensor | int) -> None:  # noqa: ANN401
    """Queue ``kernel`` on the current stream of the tensors' GPU; they are given by their place."""
    from cuda.bindings import driver

    values = tuple(a.data_ptr() if isinstance(a, Tensor) else a for a in arguments)
    kinds = tuple(ctypes.c_void_p if isinstance(a, Tensor) else ctypes.c_int for a in arguments)
    tensors = [a for a in arguments if isinstance(a, Tensor)]
    with torch.cuda.device(tensors[0].device):
        stream = torch.cuda.current_stream().cuda_stream
        how = (blocks, 1, 1, threads, 1, 1, 0, stream)
        _done(driver.cuLaunchKernel(kernel, *how, (values, kinds), 0))


def _machine_code(source: str, device: torch.device) -> bytes:
    """Return ``source`` compiled for ``device``, from the cache folder if it is there."""
    from cuda.bindings import nvrtc

    major, minor = torch.cuda.get_device_capability(device)
    options = [f"--gpu-architecture=sm_{major}{minor}".encode(), b"--std=c++17"]
    version = _done(nvrtc.nvrtcVersion())
    known = hashlib.sha256(repr((source, options, version)).encode()).hexdigest()
    kept = cache_folder() / "kernels" / f"{known}.cubin"
    with contextlib.suppress(OSError):
        return kept.read_bytes()
    code = _compile(source.encode(), options)
    with contextlib.suppress(OSError):  # a full disk, a read-only home: compiled anew next time
        write_whole(kept, code)
    return code


def _compile(source: bytes, options: list[bytes]) -> bytes:
    from cuda.bindings import nvrtc

    (program,) = _done(nvrtc.nvrtcCreateProgram(source, b"", 0, [], []))
    _done(nvrtc.nvrtcCompileProgram(program, len(options), options))
    (size,) = _done(nvrtc.nvrtcGetCUBINSize(program))
    code = bytes(size)
    _done(nvrtc.nvrtcGetCUBIN(program, code))
    _done(nvrtc.nvrtcDestroyProgram(program))
    return code


def _done(answer: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what a function of ``cuda.bindings`` gave.

    Raises:
        RuntimeError: it failed.
    """
    error, *results = answer
    if int(error) != 0:
        raise RuntimeError(f"{error!r}")
    return tuple(results)
