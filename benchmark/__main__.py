"""How fast the series trains: ratios measured side by side in one run, as medians.

    python3 run.py benchmark              everything, about half an hour on two CPU cores
    python3 run.py benchmark speed growth   only these parts
    python3 run.py benchmark --repeats 10   medians of 10 runs of each, not of 5

Parts: ``speed`` (against the textbook's package), ``overhead`` (against a bare loop), ``start``
(loading, memory, first notebook and picture), ``growth`` (batch size, picture size, threads),
``crowd`` (trainings at once on one computer), ``gpu``.

The textbook's package, d2l 0.17.6, is installed without its dependencies into a folder that only
its own runs see. Each run of a notebook is a fresh Jupyter kernel, so the live plots are really
sent and received. The results are written to ``benchmark/results``. A part during which, or just
before which, others took more than 10 % of the cores is marked as not clean and meets no target.
"""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from benchmark.at_once import trainings_at_once
from benchmark.first_picture import first_picture_rows, first_pictures
from benchmark.growth import measure
from benchmark.kernels import TEXTBOOK, kernel
from benchmark.machine import machine, taken_by_others
from benchmark.opening import seconds_to_a_notebook
from benchmark.rows import Row, ratio, row, table
from lenet_helpers.data.fashion_mnist import FASHION
from lenet_helpers.data.finding import data_folder, find
from tools.arguments import parser

HERE = Path(__file__).resolve().parent
REPEATS = 5
EXAMPLES = 60_000  # in one epoch
MOST = 10.0  # % of the cores that others may take in a clean run


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are asked for, print their tables and keep them."""
    asked = parser("benchmark", __doc__)
    asked.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; none: all")
    asked.add_argument("--repeats", type=int, default=REPEATS, help="runs of each (median)")
    chosen = asked.parse_args(arguments)
    if wrong := [part for part in chosen.parts if part not in PARTS]:
        asked.error(f"no part is called {wrong[0]!r}: there are {', '.join(PARTS)}")
    if len(find(data_folder(), FASHION.family, FASHION.files)) < len(FASHION.files):
        asked.error(
            f"the benchmark needs the real Fashion-MNIST, and {data_folder()} has not its files: "
            "run notebook 4 once with a network, or set LENET_DATA_DIR."
        )
    # Programs find their modules compiled, as on a student's computer from the second start on.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    parts = chosen.parts or list(PARTS)
    rows = []
    for part in parts:
        print(f"{part} ...", flush=True)
        found = watched(PARTS[part], chosen.repeats)
        rows += found
        print(table(found), flush=True)
    keep({"machine": machine(), "repeats": chosen.repeats, "rows": rows}, parts)
    return 0


def watched(part: Callable[[int], list[Row]], repeats: int) -> list[Row]:
    """Return the rows of ``part`` and what others took; if that was too much, none is judged."""
    rows: list[Row] = []
    took = [
        taken_by_others(lambda: time.sleep(3)),
        taken_by_others(lambda: rows.extend(part(repeats))),
    ]
    clean = max(took) <= MOST
    foreign = row("others took, of the cores", took, "%", f"at most {MOST:g}", lambda _: clean)
    if not clean:
        rows = [{**r, "met": "not clean" if r.get("met") else ""} for r in rows]
    return [*rows, foreign]


# both(epochs) trains with train_ch6, and before each TURN of its steps does as many of a bare loop:
# a quarter of a second, in which the speed of a machine seldom changes.
IN_TURN = """
import copy, json, time, types, torch
from torch import nn
import lenet_helpers as lh
from lenet_helpers.show import animator
from lenet_helpers.training.convolving import convolve_fast
from lenet_helpers.training.noted import Noted
from lenet_helpers.training.pooling import pool_fast

train_iter, test_iter = lh.load_data_fashion_mnist(256, device="cpu")
loss = nn.CrossEntropyLoss()
seconds = []
TURN = 23

class Bare:
    def __init__(self):
        self.net = lh.sequential_lenet().apply(lh.xavier_init)
        self.net.to(memory_format=torch.channels_last)  # and computed alike: only what is around
        pool_fast(self.net, torch.device("cpu"))  # differs
        convolve_fast(self.net, torch.device("cpu"))
        self.passes = Noted(self.plain_passes, self.net)
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=0.9)
        self.training = self.evaluation = 0.0

    def plain_passes(self, X, y):
        y_hat = self.net(X)
        value = loss(y_hat, y)
        value.backward()
        return value.detach(), y_hat.detach()

    def epoch(self):
        began = time.perf_counter()
        for step, (X, y) in enumerate(train_iter, 1):
            self.optimizer.zero_grad()
            self.passes(X, y)
            self.optimizer.step()
            if step % TURN == 0:
                self.training += time.perf_counter() - began
                yield
                began = time.perf_counter()
        self.training += time.perf_counter() - began

    def evaluate(self):
        began = time.perf_counter()
        with torch.no_grad():
            for X, y in test_iter:
                self.net(X)
        self.evaluation += time.perf_counter() - began

class InTurn(lh.TensorBatches):
    def __iter__(self):
        turns = self.bare.epoch()
        for step, batch in enumerate(super().__iter__()):
            if step % TURN == 0:
                next(turns, None)
            yield batch
        self.bare.evaluate()  # train_ch6 does so next

def both(epochs):
    in_turn = copy.copy(train_iter)
    in_turn.__class__, in_turn.bare = InTurn, Bare()
    bare = in_turn.bare
    # The plot's clock stands still meanwhile: it is drawn as often as it would be without.
    away = lambda: bare.training + bare.evaluation
    animator.time = types.SimpleNamespace(monotonic=lambda: time.monotonic() - away())
    began = time.perf_counter()
    lh.train_ch6(lh.sequential_lenet(), in_turn, test_iter, epochs, 0.9, "cpu")
    whole = time.perf_counter() - began - away()
    seconds.append((epochs, bare.training, whole - bare.evaluation))

torch.manual_seed(0)
both(1)  # what is loaded once
seconds.clear()
"""


# ---------------------------------------------------------------- the parts


def speed(repeats: int) -> list[Row]:
    """Two epochs by the clock, loading, evaluation and live plot included: textbook and ours."""
    runs = side_by_side((THEIRS, OURS), repeats, 2, "cpu")
    theirs, ours = ([run[0] for run in of_one] for of_one in runs)
    return [
        row("textbook, 2 epochs, by the clock", theirs, "s"),
        row("ours, 2 epochs, by the clock", ours, "s"),
        row("ours, by the clock", [2 * EXAMPLES / s for s in ours], "examples/s"),
        ratio("textbook's time / ours", theirs, ours, "at least 4", lambda r: r >= 4),
    ]


def gpu(repeats: int) -> list[Row]:
    """Ten epochs on a GPU: textbook, ours, and a trial; without a GPU the rows say so.

    In a fresh kernel, where libraries are loaded and set themselves up, and once more there.
    """
    when = ("10 epochs on a GPU", "the same once more")
    whose = (
        "textbook, ",
        "ours, ",
        "textbook's time / ours, ",
        "ours with joined layers, a trial, ",
    )
    names = [[who + time for who in whose] for time in when]
    targets = ("", "under 1 s", "at least 50", "under 1 s")
    if not torch.cuda.is_available():
        return [
            {"what": what, "value": "not measured (no GPU)", "target": target}
            for four in names
            for what, target in zip(four, targets, strict=True)
        ]
    rows = []
    measured = side_by_side((THEIRS, OURS, JOINED), repeats, epochs=10, device="cuda:0", times=2)
    for which, four in enumerate(names):
        a, b, c = [[run[which] for run in runs] for runs in measured]
        rows += [
            row(four[0], a, "s"),
            row(four[1], b, "s", targets[1], lambda s: s < 1),
            ratio(four[2], a, b, targets[2], lambda r: r >= 50),
            row(four[3], c, "s", targets[3], lambda s: s < 1),
        ]
    return rows


# What each run begins with. The textbook's package imports torchvision and Matplotlib by itself:
# ours gets them too, so that neither run has the imports on its clock.
IMPORTS = """import time, json, torch, torchvision
from matplotlib import pyplot
import lenet_helpers as lh
"""
THEIRS = "from d2l import torch as lib"
OURS = "lib = lh"
JOINED = """
from benchmark.joined.layers import join_layers
from lenet_helpers.training import steps
steps.pool_fast = join_layers  # which itself does nothing on a GPU
lib = lh
"""


def side_by_side(
    whose: Sequence[str], repeats: int, epochs: int, device: str, times: int = 1
) -> list[list[list[float]]]:
    """Return the seconds of each run of each, ``times`` a kernel; they take turns."""
    install_textbook()
    run = f"""
began = time.perf_counter()
train_iter, test_iter = lib.load_data_fashion_mnist(batch_size=256)
train_ch6 = lib.train_ch6(net(), train_iter, test_iter, {epochs}, 0.9, torch.device({device!r}))
seconds.append(time.perf_counter() - began)
"""
    textbook_net = "seconds = []\ndef net():\n    return lh.sequential_lenet()\n"
    seconds: list[list[list[float]]] = [[] for _ in whose]
    for _ in range(repeats):
        for who, of_one in zip(whose, seconds, strict=True):
            cells = [IMPORTS + textbook_net + who, *[run] * times]
            of_one.append(kernel(cells, textbook=who == THEIRS))
    return seconds


def overhead(repeats: int) -> list[Row]:
    """Train_ch6 against a bare loop over the same tensors, an epoch of each in turn.

    A machine that slows down for some seconds slows both alike. Ten epochs are what notebook 5
    trains; of two, the first picture of the plot is a larger part.
    """
    cells = [f"both({epochs})" for epochs in [*[10] * repeats, *[2] * 2 * repeats]]
    runs = kernel([IN_TURN, *cells])
    rows = []
    for epochs in (10, 2):
        pairs = [run[1:] for run in runs if run[0] == epochs]
        shares = [100 * (ours / bare - 1) for bare, ours in pairs]
        rows += [
            row(f"bare loop, {epochs} epochs", [bare for bare, _ in pairs], "s"),
            row(f"train_ch6, {epochs} epochs, less the arithmetic of evaluation",
                [ours for _, ours in pairs], "s"),
            row(f"train_ch6, {epochs} epochs, is slower by", shares, "%", "at most 3",
                lambda percent: percent <= 3),
        ]  # fmt: skip
    return rows


def start(repeats: int) -> list[Row]:
    """Loading, its memory, and the waits: for a notebook, for its first picture."""
    first, loads = first_pictures(repeats), loadings(repeats)
    opening = [seconds_to_a_notebook() for _ in range(repeats)]
    rows = [
        row("run.py lab to a notebook that can be used", opening, "s", "under 5", lambda s: s < 5),
        row("the imports: torch, lenet_helpers", [f[2] for f in first], "s"),
        row("of that lenet_helpers", [f[3] for f in first], "s", "under 0.2", lambda s: s < 0.2),
        *first_picture_rows(repeats),
        row("a kernel opened and trained to its first point", [f[4] for f in first], "s"),
        row("first point on the screen", [f[0] for f in first], "s", "under 3", lambda s: s < 3),
        row("the plot moves", [f[1] for f in first], "s", "under 3", lambda s: s < 3),
    ]  # fmt: skip
    if loads:
        rows += [
            row("loading the data", [x[0] for x in loads], "s", "under 1", lambda s: s < 1),
            row("peak memory of loading", [x[1] for x in loads], "MB", "under 300",
                lambda m: m < 300),
        ]  # fmt: skip
    return rows


def loadings(repeats: int) -> list[list[float]]:
    """Return the seconds and the MB of memory that loading takes; Windows does not tell."""
    program = """
import json, resource, time, torch, torchvision, matplotlib.figure
import lenet_helpers as lh
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * UNIT / 1e6
torch.rand(8, 1, 28, 28).mul_(2).sum()
before, began = peak(), time.perf_counter()
train_iter, test_iter = lh.load_data_fashion_mnist(256, device="cpu")
print(json.dumps([time.perf_counter() - began, peak() - before]))
""".replace("UNIT", "1" if sys.platform == "darwin" else "1024")
    if os.name != "posix":
        return []
    command = [sys.executable, "-c", program]
    told = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
        for _ in range(repeats)
    ]
    return [json.loads(lines.splitlines()[-1]) for lines in told]


PARTS: dict[str, Callable[[int], list[Row]]] = {
    "speed": speed,
    "overhead": overhead,
    "start": start,
    "growth": measure,
    "crowd": trainings_at_once,
    "gpu": gpu,
}


def keep(results: dict[str, object], parts: Sequence[str]) -> None:
    """Write the results, as numbers and as a table, under today's date."""
    folder = HERE / "results"
    name = f"{datetime.date.today()}-{'-'.join(parts) if len(parts) < len(PARTS) else 'all'}"
    (folder / f"{name}.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    about = "\n".join(f"- {key}: {value}" for key, value in results["machine"].items())
    text = f"# Benchmark, {datetime.date.today()}\n\n{about}\n- runs of each: {results['repeats']}"
    (folder / f"{name}.md").write_text(
        f"{text} (medians; the spread is smallest to largest)\n\n{table(results['rows'])}\n",
        encoding="utf-8",
    )
    print(f"kept in {(folder / name).relative_to(HERE.parent)}.json and .md")


# ---------------------------------------------------------------- kernels and the textbook


def install_textbook() -> None:
    """Install d2l 0.17.6 where only its runs see it, and give it the data in its own layout."""
    packages, raw = TEXTBOOK / "packages", TEXTBOOK / "data" / "FashionMNIST" / "raw"
    if not (packages / "d2l").is_dir():
        wanted = ["d2l==0.17.6", "pandas"]  # pandas: d2l imports it, and does not need it here
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", str(packages), *wanted], check=True)
    (TEXTBOOK / "run").mkdir(parents=True, exist_ok=True)
    raw.mkdir(parents=True, exist_ok=True)
    for path in data_folder().rglob("*-ubyte*"):
        if not (raw / path.name).exists():
            shutil.copy(path, raw / path.name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
