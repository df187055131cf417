"""How long a student waits for the first picture, and what of that no notebook can save.

A kernel has to start, and PyTorch and Matplotlib have to load, whoever uses them. That is measured
alone, with and without a first step of an optimiser (for which PyTorch loads its compiler).
"""

from __future__ import annotations

import nbformat

from benchmark.kernels import kernel
from benchmark.rows import Row, row
from tools.files import ROOT

# Notes when the first picture leaves the kernel, in seconds since the kernel's program began.
WATCH = """
import json

seconds = []

def watch(seconds):
    import psutil, time
    session, began = get_ipython().kernel.session, psutil.Process().create_time()
    send, shows = session.send, ("display_data", "execute_result", "update_display_data")

    def watched(stream, message, *more, **named):
        if isinstance(message, dict):
            kind, content = message["header"]["msg_type"], message["content"]
        else:
            kind, content = message, more[0] if more else named.get("content")
        if not seconds and kind in shows:
            if any(sign in str(content["data"]) for sign in ("image/png", "<img", "<svg")):
                seconds.append(time.time() - began)
        return send(stream, message, *more, **named)

    session.send = watched

watch(seconds)
"""
STEP = """
import torch
weight = torch.nn.Parameter(torch.zeros(1))
optimizer = torch.optim.SGD([weight], lr=0.1)
weight.sum().backward()
optimizer.step()
"""
PICTURE = """
import io, torch
from IPython.display import Image, display
from matplotlib.figure import Figure
figure, file = Figure(), io.BytesIO()
figure.add_subplot().plot([1, 2])
figure.savefig(file)
display(Image(file.getvalue()))
"""
FIRST = ROOT / "notebooks" / "01-size-arithmetic.ipynb"


def first_picture_rows(repeats: int) -> list[Row]:
    """Return the seconds from the start of a kernel to the first picture of a notebook."""
    cells = up_to_a_picture()
    plans = {"notebook": cells, "alone": [PICTURE], "step": [STEP, PICTURE]}
    took: dict[str, list[float]] = {name: [] for name in plans}
    for _ in range(repeats):
        for name, plan in plans.items():
            took[name] += kernel([WATCH, *plan])
    return [
        row("notebook 1 opened and run to its first picture", took["notebook"], "s", "under 3",
            lambda s: s < 3),
        row("a kernel, PyTorch and Matplotlib alone to a picture", took["alone"], "s"),
        row("the same with a step of an optimiser before", took["step"], "s"),
    ]  # fmt: skip


def up_to_a_picture() -> list[str]:
    """Return the code cells of notebook 1, up to the first that shows a picture."""
    cells = [c for c in nbformat.read(FIRST, as_version=4).cells if c.cell_type == "code"]
    shows = ["<img" in str(c.outputs) or "image/png" in str(c.outputs) for c in cells]
    return [c.source for c in cells[: shows.index(True) + 1]]


def first_pictures(repeats: int) -> list[list[float]]:
    """Return the seconds to the first two pictures, of the imports, and since the kernel began."""
    imports = """
import time
began = time.perf_counter()
import json, psutil, torch
others = time.perf_counter()
import lenet_helpers as lh
own = time.perf_counter() - others
imports = time.perf_counter() - began
drawn, draw = [], lh.Animator._draw

def timed(self, **how):
    draw(self, **how)
    drawn.append((time.perf_counter(), time.time()))

lh.Animator._draw = timed
"""
    run = """
began = time.perf_counter()
data = lh.load_data_fashion_mnist(256, device="cpu")
lh.train_ch6(lh.sequential_lenet(), *data, 1, 0.9, "cpu")
opened = drawn[0][1] - psutil.Process().create_time()
seconds = [*(t - began for t, _ in drawn[:2]), imports, own, opened]
"""
    return [kernel([imports, run]) for _ in range(repeats)]
