"""The Fashion-MNIST race: seconds by the clock to 0.90 on the test set, verified.

    python3 run.py race benchmark/entries/lenet.py              ten seeds, on 2 CPU cores
    python3 run.py race benchmark/entries/lenet.py --cores 8    in another class
    python3 run.py race benchmark/entries/lenet.py --gpu        with a GPU

The rules are in docs/race.md. An entry is a Python program, started as ``python ENTRY SEED OUT``:
it trains, and writes the 10,000 labels that it predicts for the test pictures to the file OUT, one
a line. The clock runs from its start to its end, so loading counts. LENET_DATA_DIR names a folder
with the training pictures, the training labels and the test pictures: the labels of the test set
are not in it, and the accuracy is counted here.
"""

from __future__ import annotations

import argparse
import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmark.machine import cores
from lenet_helpers.data.finding import data_folder, find
from lenet_helpers.data.idx import parse_idx, read_content
from lenet_helpers.data.sets import NAMES
from lenet_helpers.devices import device_name
from tools.arguments import parser

TARGET = 0.90
SEEDS = 10
ROOT = Path(__file__).resolve().parent.parent
HEADINGS = ("entry", "hardware", "seconds, mean ± spread", "test accuracy, mean ± spread",
            "runs", "torch", "date")  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    """Verify an entry; return 0 if it reaches the target."""
    asked = parsed(arguments)
    found = find(data_folder(), "FashionMNIST", NAMES)
    if len(found) < len(NAMES):
        print(f"The race needs the real Fashion-MNIST: {data_folder()} has not its four files.")
        return 2
    labels = parse_idx(read_content(found[NAMES[3]]), found[NAMES[3]])
    times, shares = [], []
    with tempfile.TemporaryDirectory(prefix="race-") as folder:
        shown = Path(folder) / "data"
        shown.mkdir()
        for name in NAMES[:3]:
            (shown / name).write_bytes(read_content(found[name]))
        for seed in range(asked.seeds):
            seconds, predicted = one_run(asked, seed, shown, Path(folder) / f"labels-{seed}.txt")
            times.append(seconds)
            shares.append(right(predicted, labels))
            print(f"seed {seed}: {seconds:.2f} s, {shares[-1]:.4f} right", flush=True)
    told = line(asked, times, shares)
    print(f"\n| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}\n{told}")
    return verdict(statistics.mean(shares), asked.seeds)


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for."""
    asked = parser("race", __doc__)
    asked.add_argument("entry", type=Path, help="the program to verify")
    asked.add_argument("--cores", type=int, default=2, help="CPU cores that it may use (2)")
    asked.add_argument("--gpu", action="store_true", help="it may use a GPU")
    asked.add_argument("--seeds", type=int, default=SEEDS, help="runs; fewer are only a try")
    chosen = asked.parse_args(arguments)
    if not chosen.entry.is_file():
        asked.error(f"{chosen.entry} is no file: name the program of an entry.")
    if not 1 <= chosen.cores <= cores():
        asked.error(f"--cores {chosen.cores}: this computer lends 1 to {cores()}.")
    if chosen.seeds < 1:
        asked.error(f"--seeds {chosen.seeds}: at least 1.")
    return chosen


def one_run(asked: argparse.Namespace, seed: int, data: Path, out: Path) -> tuple[float, list[int]]:
    """Run the entry once; return its seconds and the labels that it predicted.

    Raises:
        SystemExit: it failed, or its labels are not 10,000 whole numbers from 0 to 9.
    """
    variables = {"LENET_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}
    variables |= {"OMP_NUM_THREADS": str(asked.cores), "MKL_NUM_THREADS": str(asked.cores)}
    if not asked.gpu:
        variables["CUDA_VISIBLE_DEVICES"] = ""
    command = [sys.executable, str(asked.entry), str(seed), str(out)]
    began = time.perf_counter()
    done = subprocess.run(
        _held_to(asked.cores, command), env=os.environ | variables, cwd=ROOT, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        raise SystemExit(f"The entry failed with exit code {done.returncode}.")
    lines = out.read_text(encoding="utf-8").split() if out.is_file() else []
    if len(lines) != 10_000 or not set(lines) <= set("0123456789"):
        raise SystemExit(
            f"The entry wrote {len(lines):,} labels to the file it was given: it must write 10,000 "
            "whole numbers from 0 to 9, one a line, in the order of the test pictures."
        )
    return seconds, [int(label) for label in lines]


def right(predicted: Sequence[int], labels: torch.Tensor) -> float:
    """Return the share of ``predicted`` that is right."""
    return float((torch.tensor(predicted) == labels).sum()) / len(labels)


def line(asked: argparse.Namespace, times: Sequence[float], shares: Sequence[float]) -> str:
    """Return the line for the table in docs/race.md."""
    hardware = f"{asked.cores} cores, {device_name(torch.device('cpu'))}"
    if asked.gpu and torch.cuda.is_available():
        hardware += f", {torch.cuda.get_device_name(0)}"
    cells = (
        asked.entry.stem, hardware, spread(times, 1), spread(shares, 4), str(len(times)),
        torch.__version__, datetime.date.today().isoformat(),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def spread(numbers: Sequence[float], digits: int) -> str:
    """Return the mean and the standard deviation of a sample, in words."""
    deviation = statistics.stdev(numbers) if len(numbers) > 1 else float("nan")
    return f"{statistics.mean(numbers):.{digits}f} ± {deviation:.{digits}f}"


def verdict(mean: float, seeds: int) -> int:
    """Say whether the target was reached; return the exit code."""
    reached = mean >= TARGET
    how = "reached" if reached else "not reached"
    print(f"\nMean accuracy {mean:.4f}: the target {TARGET:.2f} is {how}.")
    if seeds < SEEDS:
        print(f"A try: an entry needs {SEEDS} seeds.")
    return 0 if reached else 1


def _held_to(number: int, command: list[str]) -> list[str]:
    """Return ``command`` so that it can use ``number`` cores only, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):  # threads are held to the number all the same
        return command
    chosen = sorted(os.sched_getaffinity(0))[:number]
    start = (
        f"import os, sys; os.sched_setaffinity(0, {chosen}); os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", start, *command]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
