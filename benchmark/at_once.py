"""Trainings at once on one computer: what they do together, against one alone.

Each training is a program of its own, as a student's kernel is. All begin at one moment and train,
evaluation included, for the same time; counted is what they have done by its end. A figure is
judged only if nobody else used the computer meanwhile.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time

import psutil

from benchmark.machine import cores
from tools.programs import WAITING

SECONDS = 10.0  # of training, in each measurement
MOST = 10.0  # % of the cores that others may take in a clean run
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
used, before, here = time.process_time(), (0.0, 0), None
for point in run.points():
    here = time.time() - begin, point.examples
    if here[0] >= seconds:
        break
    before = here
share = (seconds - before[0]) / (here[0] - before[0])
done = before[1] + share * (here[1] - before[1])
print(json.dumps([done / seconds, (time.process_time() - used) / here[0]]), flush=True)
"""


def trainings_at_once(repeats: int) -> list[dict[str, object]]:
    """Return the rows: examples a second of one alone, and of 2, 4 and 8 together against it."""
    from benchmark.__main__ import ratio, row

    before = psutil.cpu_percent(interval=3)
    rates: dict[str, list[float]] = {}
    others = [before]
    plans = [("one", 1, "ours"), ("one, plain", 1, "plain"), ("two, plain", 2, "plain")]
    plans += [(str(crowd), crowd, "ours") for crowd in CROWDS]
    for turn in range(repeats):
        for name, crowd, threads in plans if turn % 2 == 0 else plans[::-1]:
            rate, foreign = together(crowd, threads)
            rates.setdefault(name, []).append(rate)
            others.append(foreign)
            print(f"  {name}: {rate:,.0f} examples/s; others: {foreign:.0f} %", flush=True)
    one, plain = rates["one"], rates["one, plain"]
    rows = [
        row("one training alone", one, "examples/s"),
        row("one alone, PyTorch's own threads and waiting", plain, "examples/s"),
        ratio("one alone / with PyTorch's own", one, plain, "at least 0.98", lambda r: r >= 0.98),
        row("2 at once with PyTorch's own / one alone",
            [two / alone for two, alone in zip(rates["two, plain"], plain, strict=True)], ""),
    ]  # fmt: skip
    rows += [
        ratio(f"{crowd} trainings at once, together / one alone", rates[str(crowd)], one,
              "at least 0.95", lambda r: r >= 0.95)
        for crowd in CROWDS
    ]  # fmt: skip
    return judged(rows, row("others took, of the cores", others, "%", f"at most {MOST:g}"))


def judged(rows: list[dict[str, object]], foreign: dict[str, object]) -> list[dict[str, object]]:
    """Return ``rows`` and ``foreign``, what others took; if that was too much, none is judged."""
    took = foreign["samples"]
    clean = took[0] <= MOST and statistics.median(took) <= MOST  # before the start, and all along
    foreign["met"] = "yes" if clean else "no"
    if not clean:
        rows = [{**row, "met": "not clean" if row["target"] else ""} for row in rows]
    return [*rows, foreign]


def together(crowd: int, threads: str, seconds: float = SECONDS) -> tuple[float, float]:
    """Return the examples a second of ``crowd`` trainings, and what others took, in % of the cores.

    Args:
        crowd: How many trainings.
        threads: "ours": as many as others leave cores for, and the waiting of ``run.py``; "plain":
            PyTorch's own number and waiting.
        seconds: For how long.
    """
    command = [sys.executable, "-c", TRAINING, str(seconds), threads]
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
        time.sleep(begin - time.time())
        busy = busy_seconds()
        time.sleep(seconds)
        busy = (busy_seconds() - busy) / seconds
        told = [
            json.loads(program.communicate(timeout=600)[0].splitlines()[-1]) for program in programs
        ]
    finally:
        for program in programs:
            program.kill()
            program.wait()
    foreign = busy - sum(used for _, used in told)
    return sum(rate for rate, _ in told), max(0.0, 100 * foreign / cores())


def busy_seconds() -> float:
    """Return for how long the cores of this computer have been busy, together."""
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0) - getattr(times, "guest", 0.0)
