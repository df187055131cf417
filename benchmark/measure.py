"""Measure what a student needs on a shared computer: memory of the programs, time of the training.

    python3 run.py measure                  everything: some minutes on an idle computer
    python3 run.py measure --label "a note on the computer, for example: shared with others"

Measured are the notebook server of a student, the kernel of each notebook (the program that runs
its cells), and the training of notebook 5 for one student and for two at once. The figures are
kept in benchmark/results, under today's date, and docs/teaching.md quotes them.
"""

from __future__ import annotations

import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from benchmark.machine import machine
from benchmark.opening import served
from lenet_helpers.data.finding import data_folder
from tools.arguments import parser
from tools.files import ROOT
from tools.notebooks import chosen, client
from tools.series import number

RESULTS = ROOT / "benchmark" / "results"
PAGE = ROOT / "docs" / "teaching.md"
BEGIN, END = "<!-- measured: run.py measure writes what follows -->", "<!-- end of measured -->"
EPOCHS = 4  # of the training; notebook 5 trains for 10, twice
MB = 1e6
# What a kernel says of itself, in a cell after the notebook's last.
QUESTION = """
import json, psutil, sys, time
me = psutil.Process()
if sys.platform == "win32":
    peak = me.memory_info().peak_wset
elif sys.platform == "darwin":
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
else:  # Linux: ru_maxrss would be that of the program that started this one, where it was larger
    status = open("/proc/self/status").read().split()
    peak = int(status[status.index("VmHWM:") + 1]) * 1024
told = {"peak": peak, "own": getattr(me.memory_full_info(), "uss", 0), "cpu": time.process_time()}
print(json.dumps(told))
"""
TRAINING = f"""
import sys
import torch
import lenet_helpers as lh
torch.set_num_threads(int(sys.argv[1]))
batches = lh.load_data_fashion_mnist(256, device="cpu")
net = lh.sequential_lenet()
result = lh.train_ch6(net, *batches, {EPOCHS}, 0.9, "cpu", seed=0, plot=False)
print(result.seconds)
"""

Row = tuple[str, str]


def main(arguments: list[str]) -> int:
    """Measure, print and keep the figures; return the exit code."""
    asked = parser("measure", __doc__)
    asked.add_argument("--label", default="", help="a note to keep with the figures")
    options = asked.parse_args(arguments)
    began = time.monotonic()
    facts = {**machine(), "memory": f"{psutil.virtual_memory().total / 1e9:.0f} GB"}
    facts["busy before the start"] = f"{psutil.cpu_percent(interval=3):.0f} % of the cores"
    if options.label:
        facts["note"] = options.label
    server, notebooks = server_rows(), notebook_rows()
    rows = [*server, *notebooks, *class_rows([*server, *notebooks]), *training_rows()]
    facts["measured in"] = f"{time.monotonic() - began:.0f} s"
    keep(facts, rows)
    return 0


def tell(row: Row) -> Row:
    """Print a figure as soon as it is there, and return it."""
    print(f"{row[0]}: {row[1]}", flush=True)
    return row


# ---------------------------------------------------------------- memory


def server_rows() -> list[Row]:
    """Return the memory of a JupyterLab server that nobody looks at yet."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={home}"]
        with served(command, Path(home)) as (_, server):
            memory = server.memory_full_info()
    return [
        tell(("memory of the notebook server", f"{memory.rss / MB:.0f} MB")),
        tell(("of that its own", f"{memory.uss / MB:.0f} MB")),
    ]


def notebook_rows() -> list[Row]:
    """Run each notebook in a kernel of its own; return its peak memory and its time."""
    rows, owns = [], []
    with tempfile.TemporaryDirectory() as cache:  # the student's own weights are left alone
        variables = {**os.environ, "LENET_CACHE_DIR": cache}
        variables["LENET_DATA_DIR"] = str(data_folder())
        for path in chosen([]):
            peak, own, cpu, seconds = run_notebook(path, variables)
            name = f"notebook {number(path.name)}"
            rows.append(tell((f"{name}: peak memory of the kernel", f"{peak / MB:.0f} MB")))
            rows.append(tell((f"{name}: time to run it all", f"{seconds:.0f} s")))
            rows.append(tell((f"{name}: processor time", f"{cpu:.0f} s")))
            owns.append(own)
    rows.append(tell(("most of a kernel's own memory at the end", f"{max(owns) / MB:.0f} MB")))
    return rows


def run_notebook(path: Path, variables: dict[str, str]) -> tuple[float, float, float, float]:
    """Return peak and own memory (bytes), processor time and wall-clock time (s) of a notebook."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(QUESTION))
    began = time.monotonic()
    client(notebook, path.parent).execute(env=variables)
    seconds = time.monotonic() - began
    told = json.loads(notebook.cells[-1].outputs[0].text)
    return told["peak"], told["own"], told["cpu"], seconds


def class_rows(rows: list[Row]) -> list[Row]:
    """Return what the figures of one student come to for a class."""
    numbers = {what: float(value.split()[0]) for what, value in rows}
    kernel = max(value for what, value in numbers.items() if "peak memory" in what)
    student = (numbers["memory of the notebook server"] + kernel) * MB
    return [
        tell(("a student at most: the server and one kernel", f"{student / 1e9:.1f} GB")),
        tell(("100 students at most", f"{100 * student / 1e9:.0f} GB")),
    ]


# ---------------------------------------------------------------- time


def training_rows() -> list[Row]:
    """Return the seconds an epoch of the training takes, alone and beside another student."""
    cases = {
        "one student, 1 thread": (1, 1),
        "one student, 2 threads": (1, 2),
        "two students at once, 1 thread each": (2, 1),
        "two students at once, 2 threads each": (2, 2),
    }
    rows = []
    for what, (students, threads) in cases.items():
        epoch = statistics.mean(train_together(students, threads)) / EPOCHS
        rows.append(tell((f"{what}: an epoch", f"{epoch:.1f} s")))
        rows.append(tell((f"{what}: ten epochs at that rate", f"{10 * epoch:.0f} s")))
    return rows


def train_together(students: int, threads: int) -> list[float]:
    """Train in ``students`` programs at once; return the seconds that each needed."""
    command = [sys.executable, "-c", TRAINING, str(threads)]
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(threads)}
    started = [
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, text=True)
        for _ in range(students)
    ]
    told = [program.communicate()[0] for program in started]
    if any(program.returncode for program in started):
        raise RuntimeError("The training failed: see the message above.")
    return [float(text.splitlines()[-1]) for text in told]


# ---------------------------------------------------------------- the result


def keep(facts: dict[str, str], rows: list[Row]) -> None:
    """Write the figures, as data and as a table, under today's date."""
    today = datetime.date.today()
    place = RESULTS / f"{today}-class"
    told = {"machine": facts, "epochs": EPOCHS, "rows": dict(rows)}
    place.with_suffix(".json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    about = "\n".join(f"- {key}: {value}" for key, value in facts.items())
    text = f"{about}\n- epochs timed: {EPOCHS}, one run of each\n\n{table(rows)}"
    place.with_suffix(".md").write_text(
        f"# What a class needs, {today}\n\n{text}\n", encoding="utf-8"
    )
    quote(f"Measured on {today}:\n\n{text}")
    print(f"kept in {place.relative_to(ROOT)}.json and .md, quoted in {PAGE.relative_to(ROOT)}")


def table(rows: list[Row]) -> str:
    """Return the figures as a Markdown table."""
    return "\n".join(["| what | value |", "| --- | --- |", *(f"| {a} | {b} |" for a, b in rows)])


def quote(text: str) -> None:
    """Put ``text`` in place of the figures in docs/teaching.md."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
