"""How the speed of training changes as batches, pictures and threads grow: a table, a picture."""

from __future__ import annotations

import contextlib
import datetime
import io
import statistics
from pathlib import Path

import torch
from torch import nn

import lenet_helpers as lh
from benchmark.rows import Row, row
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.show.pictures import CURVES, Picture, new_figure

BATCH_SIZES = (32, 64, 128, 256, 512, 1024, 2048, 4096)
SIDES = (28, 40, 56, 72, 96)
PICTURES = 8192  # in a run over the batch sizes; 2,048 in one over the sides


def measure(repeats: int) -> list[Row]:
    """Measure, draw, and return the rows of the table: medians of ``repeats`` runs."""
    train_iter, test_iter = lh.load_data_fashion_mnist(256, device="cpu")
    few = TensorBatches(test_iter.images[:256], test_iter.labels[:256], 256, device="cpu")
    before, rates = torch.get_num_threads(), {}
    for threads in (1, 2):
        torch.set_num_threads(threads)
        for batch_size in BATCH_SIZES:
            batches = part(train_iter, PICTURES, batch_size, 28)
            rates["batch", threads, batch_size] = rate(lh.sequential_lenet(), batches, few, repeats)
        for side in SIDES:
            batches = part(train_iter, 2048, 256, side)
            rates["side", threads, side] = rate(lenet_for(side), batches, few, repeats, side)
    torch.set_num_threads(before)
    name = Path(__file__).parent / "results" / f"{datetime.date.today()}-growth.png"
    draw(rates).save(name)
    labels = {"batch": "batch size", "side": "picture side"}
    return [
        row(f"{labels[kind]} {at}, {threads} thread{'s' * (threads > 1)}", samples, "examples/s")
        for (kind, threads, at), samples in rates.items()
    ]


def part(whole: TensorBatches, n: int, batch_size: int, side: int) -> TensorBatches:
    """Return the first ``n`` examples of ``whole``, resized beforehand."""
    batches = TensorBatches(
        whole.images[:n], whole.labels[:n], n, resize=None if side == 28 else side, device="cpu"
    )
    images = next(iter(batches))[0].mul(255).round().to(torch.uint8)
    return TensorBatches(images, whole.labels[:n], batch_size, shuffle=True, device="cpu")


def lenet_for(side: int) -> nn.Sequential:
    """Return the textbook's LeNet for square pictures of ``side``."""
    last = lh.pool_output_size(lh.conv_output_size(lh.pool_output_size(side, 2), 5), 2)
    net = lh.sequential_lenet()
    net[8] = nn.Linear(16 * last * last, 120)
    return nn.Sequential(*list(net)[1:])  # without the reshape to 28


def rate(
    net: nn.Module, batches: TensorBatches, few: TensorBatches, repeats: int, side: int = 28
) -> list[float]:
    """Return examples a second, as train_ch6 counts them, after a run to warm up."""
    if side != 28:
        few = TensorBatches(few.images, few.labels, 256, resize=side, device="cpu")
    runs = []
    for _ in range(repeats + 1):
        with contextlib.redirect_stdout(io.StringIO()):
            run = lh.train_ch6(net, batches, few, 1, 0.1, "cpu", plot=False)
        runs.append(run.examples_per_sec)
    return runs[1:]


def draw(rates: dict[tuple[str, int, int], list[float]]) -> Picture:
    """Return both curves, a line a number of threads."""
    figure = new_figure(9.0, 4.0)
    for axes, kind, label in zip(
        figure.subplots(1, 2), ("batch", "side"), ("batch size", "side of the picture (pixels)"),
        strict=True,
    ):  # fmt: skip
        for threads in (1, 2):
            colour, style, marker = CURVES[threads - 1]
            at = [x for k, t, x in rates if (k, t) == (kind, threads)]
            axes.plot(
                at,
                [statistics.median(rates[kind, threads, x]) for x in at],
                color=colour, linestyle=style, marker=marker,
                label=f"{threads} thread{'s' * (threads > 1)}",
            )  # fmt: skip
        axes.set(title=f"Speed by {label}", xlabel=label, ylabel="examples/s")
        axes.set_xscale("log", base=2)
        ticks = BATCH_SIZES if kind == "batch" else SIDES
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.tight_layout()
    return Picture(figure, "Training speed by batch size (left) and by picture size (right).")
