"""Trainings at once on one computer: what they do together, against one alone.

Each training is a program of its own, as a student's kernel is. All begin at one moment and train,
evaluation included, for the same time; counted is what they have done by its end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

from benchmark.rows import Row, ratio, row
from tools.programs import WAITING

SECONDS = 10.0  # of training, in each measurement
CROWDS = (2, 4, 8)
TRAINING = """
import json, sys, time
import lenet_helpers as lh
from lenet_helpers.training import loop
from lenet_helpers.training.threads import Threads

seconds = float(sys.argv[1])
if sys.argv[2] == "plain":  # PyTorch's own number of threads, whatever others do
    loop.Threads = lambda *_: Threads([])
train_iter, test_iter = lh.load_data_fashion_mnist(256, device="cpu")
run = loop.Run(lh.sequential_lenet(), train_iter, test_iter, 10_000, 0.9, "cpu", seed=0)
for _ in loop.Run(lh.LeNet(), [next(iter(test_iter))] * 5, None, 1, 0.1, "cpu").points():
    pass  # what is set up once
print("ready", flush=True)
begin = float(sys.stdin.readline())
time.sleep(max(0.0, begin - time.time()))
before, here = (0.0, 0), None
for point in run.points():
    here = time.time() - begin, point.examples
    if here[0] >= seconds:
        break
    before = here
share = (seconds - before[0]) / (here[0] - before[0])
done = before[1] + share * (here[1] - before[1])
print(json.dumps(done / seconds), flush=True)
"""


def trainings_at_once(repeats: int) -> list[Row]:
    """Return the rows: examples a second of one alone, and of 2, 4 and 8 together against it."""
    rates: dict[str, list[float]] = {}
    plans = [("one", 1, "ours"), ("one, plain", 1, "plain"), ("two, plain", 2, "plain")]
    plans += [(str(crowd), crowd, "ours") for crowd in CROWDS]
    for turn in range(repeats):
        for name, crowd, threads in plans if turn % 2 == 0 else plans[::-1]:
            rate = together(crowd, threads)
            rates.setdefault(name, []).append(rate)
            print(f"  {name}: {rate:,.0f} examples/s", flush=True)
    one, plain = rates["one"], rates["one, plain"]
    return [
        row("one training alone", one, "examples/s"),
        row("one alone, PyTorch's own threads and waiting", plain, "examples/s"),
        ratio("one alone / with PyTorch's own", one, plain, "at least 0.98", lambda r: r >= 0.98),
        row("2 at once with PyTorch's own / one alone",
            [two / alone for two, alone in zip(rates["two, plain"], plain, strict=True)], ""),
        *(ratio(f"{crowd} trainings at once, together / one alone", rates[str(crowd)], one,
                "at least 0.95", lambda r: r >= 0.95)
          for crowd in CROWDS),
    ]  # fmt: skip


def together(crowd: int, threads: str) -> float:
    """Return the examples a second of ``crowd`` trainings, all together.

    Args:
        crowd: How many trainings.
        threads: "ours": as many as others leave cores for, and the waiting of ``run.py``; "plain":
            PyTorch's own number and waiting.
    """
    command = [sys.executable, "-c", TRAINING, str(SECONDS), threads]
    own = {name: value for name, value in os.environ.items() if name not in WAITING}
    programs = [
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=own if threads == "plain" else WAITING | own,
        )
        for _ in range(crowd)
    ]  # fmt: skip
    try:
        for program in programs:
            while program.stdout.readline().strip() != "ready":
                if program.poll() is not None:
                    raise RuntimeError(f"A training ended with exit code {program.returncode}.")
        begin = time.time() + 1.0
        for program in programs:
            program.stdin.write(f"{begin}\n")
            program.stdin.flush()
        told = [
            json.loads(program.communicate(timeout=600)[0].splitlines()[-1]) for program in programs
        ]
    finally:
        for program in programs:
            program.kill()
            program.wait()
    return sum(told)
