"""CUDA kernels computed on the CPU, by a C++ compiler: a thread for each thread of a block.

It is for tests of what kernels compute, where there is no GPU. Blocks run one after the other.
"""

import ctypes
import functools
import hashlib
import shutil
import subprocess
import tempfile
from importlib import resources
from pathlib import Path

from torch import Tensor

COMPILER = shutil.which("g++") or shutil.which("clang++")
SHIM = """
#include <barrier>
#include <cmath>
#include <thread>
#include <utility>
#include <vector>
#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__ static
#define __align__(n) __attribute__((aligned(n)))
#define __syncthreads() together->arrive_and_wait()
struct Index { int x; };
struct float4 { float x, y, z, w; };
static thread_local Index threadIdx, blockIdx;
static Index blockDim, gridDim;
static std::barrier<> *together;
"""
STARTER = """
template <class... P> static void start(void (*kernel)(P...), int blocks, int threads, P... given)
{
    gridDim.x = blocks, blockDim.x = threads;
    std::barrier<> barrier(threads);
    together = &barrier;
    std::vector<std::thread> all;
    for (int thread = 0; thread < threads; thread++)
        all.emplace_back([=] {
            threadIdx.x = thread;
            for (int block = 0; block < blocks; block++) {
                blockIdx.x = block;
                kernel(given...);
                together->arrive_and_wait();
            }
        });
    for (auto &thread : all) thread.join();
}
template <class... P, size_t... I>
static void start_with(void (*kernel)(P...), int blocks, int threads, void **a,
                       std::index_sequence<I...>)
{
    start(kernel, blocks, threads, *(P *)a[I]...);
}
template <class... P> static void run(void (*kernel)(P...), int blocks, int threads, void **a)
{
    start_with(kernel, blocks, threads, a, std::index_sequence_for<P...>());
}
#define STARTED(name)                                                                           \\
    extern "C" void start_##name(int blocks, int threads, void **a) \
    {                                                                  \
        run(name, blocks, threads, a);                                 \
    }
STARTED(forward)
STARTED(backward)
"""


def compiled(name, definitions, device):
    """Stand in for ``benchmark.joined.kernels.compiled``."""
    text = resources.files("benchmark.joined").joinpath(name).read_text(encoding="utf-8")
    told = "".join(f"#define {what} {value}\n" for what, value in definitions.items())
    library = _library(SHIM + told + text + STARTER)
    return tuple(
        functools.partial(_start, getattr(library, f"start_{kernel}"))
        for kernel in ("forward", "backward")
    )


@functools.cache
def _library(source):
    folder = Path(tempfile.gettempdir()) / "lenet-kernels"
    folder.mkdir(exist_ok=True)
    made = folder / f"{hashlib.sha256(source.encode()).hexdigest()[:16]}.so"
    if not made.exists():
        draft = Path(tempfile.mkdtemp(dir=folder))
        (draft / "kernels.cpp").write_text(source, encoding="utf-8")
        options = ["-std=c++20", "-O1", "-shared", "-fPIC", "-w", "-pthread"]
        files = ["-o", str(draft / "kernels.so"), str(draft / "kernels.cpp")]
        subprocess.run([COMPILER, *options, *files], check=True)
        (draft / "kernels.so").replace(made)
    return ctypes.CDLL(str(made))


def _start(starter, blocks, threads, *arguments):
    kept = [
        ctypes.c_void_p(a.data_ptr()) if isinstance(a, Tensor) else ctypes.c_int(a)
        for a in arguments
    ]
    places = (ctypes.c_void_p * len(kept))(*(ctypes.addressof(value) for value in kept))
    starter(blocks, threads, places)
