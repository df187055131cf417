"""Train for real and write the recordings that come with the package.

    python3 run.py recordings                                all that are not there yet
    python3 run.py recordings sgd adam                       those two
    python3 run.py recordings then_and_now                   every run of a group
    python3 run.py recordings "then_and_now/batch norm"      one step of it, with each of its seeds
    python3 run.py recordings "then_and_now/batch norm" --seeds 0 --epochs 3 --out mine
                                                             a short try, into the folder mine

A run that is there already is not done again (--again: it is). It needs the real Fashion-MNIST: a
recording of the drawn stand-in would teach nothing about it.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import lenet_helpers as lh
from lenet_helpers.data.source import FASHION_MNIST
from lenet_helpers.training import recording
from lenet_helpers.training.recording import add_to_group
from lenet_helpers.training.result import TrainingResult
from tools.arguments import parser

from . import then_and_now, training, why_convolution
from .run import BATCH_SIZE, Data, Run, Values, do

FOLDER = Path(recording.__file__).parent / recording.SHIPPED
GROUPS = {"why_convolution": why_convolution.RUNS, "then_and_now": then_and_now.RUNS}
FINAL = "final"  # the last run of then_and_now: its recipe is known when the others are done


def main(arguments: Sequence[str]) -> int:
    """Train what ``arguments`` ask for; return the exit code."""
    asked = parsed(arguments)
    known = [*training.RUNS, *GROUPS, *(f"{g}/{step}" for g in GROUPS for step in steps_of(g))]
    unknown = sorted(set(asked.names) - set(known))
    if unknown:
        print(f"No recording is called {', '.join(unknown)}: there are {', '.join(known)}.")
        return 2
    train_iter, test_iter = lh.load_data_fashion_mnist(BATCH_SIZE, device=asked.device)
    if train_iter.source != FASHION_MNIST:
        print("Recordings need the real Fashion-MNIST: set LENET_DATA_DIR to its folder.")
        return 1
    data = Data(train_iter, test_iter)
    for name in asked.names or [*training.RUNS, *GROUPS]:
        group, _, named = name.partition("/")
        if group in training.RUNS:
            record(group, training.RUNS[group], data, asked)
            continue
        for step in [named] if named else steps_of(group):
            for seed in asked.seeds or seeds_of(group, step):
                record_in_group(group, step, seed, data, asked)
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what was asked for."""
    asked = parser("recordings", __doc__)
    asked.add_argument("names", nargs="*", metavar="NAME", help="what to train (default: all)")
    asked.add_argument("--seeds", type=int, nargs="+", help="other seeds than those of the table")
    asked.add_argument("--epochs", type=int, help="another number of epochs, for a short try")
    asked.add_argument("--out", type=Path, default=FOLDER, help="the folder to write to")
    asked.add_argument("--device", help="where to compute (default: the best device present)")
    asked.add_argument("--again", action="store_true", help="do again what is there")
    return asked.parse_args(arguments)


def steps_of(group: str) -> list[str]:
    """Return the steps of a group, in their order."""
    return [*GROUPS[group], *([FINAL] if group == "then_and_now" else [])]


def seeds_of(group: str, step: str) -> tuple[int, ...]:
    """Return the seeds of a step."""
    return then_and_now.SEEDS if step == FINAL else GROUPS[group][step].seeds


def record(name: str, run: Run, data: Data, asked: argparse.Namespace) -> None:
    """Do a run that has a file of its own."""
    path = asked.out / f"{name}.json"
    if path.is_file() and not asked.again:
        return
    run = shortened(run, asked)
    result, settings = finished(run, data, run.seeds[0])
    lh.save_recording(result, path, title=run.title, settings=settings)


def record_in_group(
    group: str, step: str, seed: int, data: Data, asked: argparse.Namespace
) -> None:
    """Do a run of a group."""
    path = asked.out / f"{group}.json"
    name = f"{step}, seed {seed}"
    if path.is_file() and name in recording.names_in(path) and not asked.again:
        return
    run = shortened(GROUPS[group][step] if step != FINAL else chosen(path), asked)
    print(f"\n{group}: {name}")
    result, settings = finished(run, data, seed)
    add_to_group(result, path, name, title=f"{run.title}, seed {seed}", settings=settings)


def finished(run: Run, data: Data, seed: int) -> tuple[TrainingResult, Values]:
    """Do a run; one that was interrupted ends the program, and is not kept."""
    result, settings = do(run, data, seed)
    if result.stopped:
        raise SystemExit("Stopped: this run is not kept. The same command goes on with it.")
    return result, settings


def shortened(run: Run, asked: argparse.Namespace) -> Run:
    """Return ``run`` with the number of epochs that was asked for."""
    return run.but(epochs=asked.epochs) if asked.epochs else run


def chosen(path: Path) -> Run:
    """Return the run on all training pictures, with the recipe that the validation chose."""
    reached: dict[str, list[tuple[float, float]]] = {step: [] for step in then_and_now.LADDER}
    for name, first, last in runs_in(path):
        step = name.rpartition(", seed ")[0]
        if step in reached:
            reached[step].append((first, last))
    missing = [step for step, found in reached.items() if not found]
    if missing:
        raise SystemExit(f"{FINAL} takes the best of all steps: {', '.join(missing)} come first.")
    best = then_and_now.best(reached)
    print(f"\nThe best on the validation pictures: {best}")
    return then_and_now.final(best)


def runs_in(path: Path) -> Iterator[tuple[str, float, float]]:
    """Yield of each run in a file its name, and its first and last validation accuracy."""
    for name in recording.names_in(path) if path.is_file() else ():
        result = lh.load_recording(path / name).result
        yield name, result.history[0].valid_acc or math.nan, result.valid_acc


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
