"""Training runs kept in small files, and played back without data and without a GPU.

A recording holds every point of a real run, with where and when it was made. Those that come with
the package were made by ``python3 run.py recordings``.
"""

from __future__ import annotations

import json
import math
import platform
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import torch

from ..checks import positive_number
from ..devices import device_name
from ..prose import readable, say
from ..show.pictures import in_notebook
from ..storage import write_whole
from .loop import follow, run_plot
from .result import Point, TrainingResult

FORMAT = 2
COLUMNS = [field.name for field in fields(Point)]
FORMAT_OF_GROUPS = 3  # a file of several runs, each in the format above
SHIPPED = "recorded"  # a folder beside this file


class RecordingError(Exception):
    """A file is no recording, or a damaged one; the message says what is wrong with it."""


@dataclass(frozen=True)
class Recording:
    """A run as it was recorded.

    Args:
        title: What was trained, and how.
        result: The result of the run; it says itself that it is recorded.
        settings: What the run was made with: optimiser, learning rate, batch size, seed, ...
        made: The date, the device's name and the versions of the run.
    """

    title: str
    result: TrainingResult
    settings: Mapping[str, object]
    made: Mapping[str, str]

    def __str__(self) -> str:
        return readable(f"{self.title}\n{self.result}")

    __repr__ = __str__


def save_recording(
    result: TrainingResult,
    path: str | Path,
    *,
    title: str,
    settings: Mapping[str, object] | None = None,
) -> Path:
    """Write ``result``, a run that was computed just now on this computer, to the file ``path``.

    Args:
        result: What ``train_ch6`` returned.
        path: The file to write, best with the ending .json. An older file is replaced in one step.
        title: What was trained, and how: the title of the picture when it is replayed.
        settings: What else to keep: numbers and words.

    Raises:
        ValueError: ``result`` is a recording itself, or has no points.
        OSError: the file cannot be written; an older file stays as it was.
    """
    # A part a line: a change in one place is seen as one.
    kept = _kept(result, title, settings)
    lines = [f" {json.dumps(key)}: {_written(kept[key])}" for key in kept]
    path = Path(path)
    write_whole(path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())
    return path


def add_to_group(
    result: TrainingResult,
    path: str | Path,
    name: str,
    *,
    title: str,
    settings: Mapping[str, object] | None = None,
) -> Path:
    """Write ``result`` as the run ``name`` into a file of several runs, beside those it has.

    Such a file is to stay small: of each epoch its last numbers are kept, with five digits.

    Args:
        result: What ``train_ch6`` returned.
        path: The file; made if it is not there.
        name: What the run is called, without "/": ``load_recording("FILE/NAME")`` finds it.
        title: What was trained, and how.
        settings: What else to keep: numbers and words.

    Raises:
        ValueError: ``name`` has a "/", or ``result`` is a recording itself, or has no points.
        RecordingError: the file is no file of several runs.
        OSError: the file cannot be written; an older file stays as it was.
    """
    if "/" in name:
        raise ValueError(f"name={name!r} has a /, which parts the file from the run: leave it out.")
    path = Path(path)
    runs = dict(_group(path)) if path.is_file() else {}
    thinned = replace(result, history=tuple(_last_of_each_epoch(result.history)))
    runs[name] = _kept(thinned, title, settings, digits=5)
    lines = [f"  {json.dumps(key)}: {_written(runs[key])}" for key in runs]
    head = f' "format": {FORMAT_OF_GROUPS},\n "runs": {{\n'
    write_whole(path, ("{\n" + head + ",\n".join(lines) + "\n }\n}\n").encode())
    return path


def _last_of_each_epoch(history: Sequence[Point]) -> Generator[Point, None, None]:
    """Yield a point for each whole epoch, with all that was known at its end."""
    by_epoch: dict[float, dict[str, Any]] = {}
    for point in history:
        known = {f.name: getattr(point, f.name) for f in fields(point)}
        if point.epoch.is_integer() or point is history[-1]:
            before = by_epoch.setdefault(point.epoch, {})
            before |= {key: value for key, value in known.items() if value is not None}
    for known in by_epoch.values():
        yield Point(**known)


def _kept(
    result: TrainingResult, title: str, settings: Mapping[str, object] | None, digits: int = 0
) -> dict[str, Any]:
    """Return what a file has of a run; numbers rounded to ``digits``, 0: as they are."""
    if result.recorded is not None:
        raise ValueError("result is a recording itself: copy its file instead.")
    if not result.history:
        raise ValueError("result has no points: record a run that has computed something.")

    def rounded(value: object) -> object:
        if isinstance(value, list):
            return [rounded(part) for part in value]
        return float(f"{value:.{digits}g}") if digits and isinstance(value, float) else value

    columns = [
        name for name in COLUMNS if any(getattr(p, name) is not None for p in result.history)
    ]
    return {
        "format": FORMAT,
        "title": title,
        "made": {
            "date": date.today().isoformat(),
            "device": device_name(result.device),
            "threads": str(torch.get_num_threads()),
            "torch": torch.__version__,
            "python": platform.python_version(),
        },
        "settings": {key: rounded(value) for key, value in dict(settings or {}).items()},
        "device": str(result.device),
        "source": result.source,
        "columns": columns,
        "points": [[rounded(getattr(point, name)) for name in columns] for point in result.history],
    }


def _written(value: object) -> str:
    rows = value if isinstance(value, list) and value and isinstance(value[0], list) else None
    if rows is None:
        return json.dumps(value, ensure_ascii=False)
    return "[\n" + ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n ]"


def load_recording(name: str | Path) -> Recording:
    """Return a recording: one that comes with the package, by its name, or a file.

    Raises:
        RecordingError: there is no such recording, or the file is damaged.
    """
    folder, wanted = resources.files(__package__).joinpath(SHIPPED), str(name)
    file, _, run = wanted.rpartition("/")
    for inside, told in ((wanted, None), (file, run)):
        if isinstance(name, str) and inside and folder.joinpath(f"{inside}.json").is_file():
            return _read(_text(folder.joinpath(f"{inside}.json"), inside), inside, told)
    path = Path(name)
    if path.is_file():
        return _read(_text(path, wanted), wanted, None)
    if path.parent.is_file():
        return _read(_text(path.parent, wanted), str(path.parent), path.name)
    raise RecordingError(
        f"name={wanted!r}: there is no such file, and no such recording in the package. "
        f"Those in the package are: {', '.join(_files())}; see recordings()."
    )


def recordings(group: str | None = None) -> list[str]:
    """Return the names of the recordings that come with the package.

    Args:
        group: Only those of a file of several runs, for example "then_and_now".

    Raises:
        RecordingError: there is no such group.
    """
    names = [
        name
        for file, kept in _files().items()
        for name in ([f"{file}/{run}" for run in kept["runs"]] if "runs" in kept else [file])
    ]
    if group is None:
        return names
    chosen = [name for name in names if name.startswith(f"{group}/")]
    if not chosen:
        groups = sorted(file for file, kept in _files().items() if "runs" in kept)
        raise RecordingError(
            f"group={group!r}: there are the groups {', '.join(groups) or 'none'}."
        )
    return chosen


def names_in(path: Path) -> list[str]:
    """Return the names of the runs in a file of several.

    Raises:
        RecordingError: it is none.
    """
    return list(_group(path))


def _files() -> dict[str, dict[str, Any]]:
    """Return what the files of the package hold, by name and in its order."""
    folder = resources.files(__package__).joinpath(SHIPPED)
    there = folder.iterdir() if folder.is_dir() else ()
    texts = {f.name: f.read_text(encoding="utf-8") for f in there if f.name.endswith(".json")}
    return {name.removesuffix(".json"): json.loads(texts[name]) for name in sorted(texts)}


def _text(file: Traversable, name: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{name} cannot be read: {error}.") from error


def _group(path: Path) -> dict[str, Any]:
    """Return the runs in a file of several."""
    try:
        kept = json.loads(_text(path, str(path)))
        if kept["format"] != FORMAT_OF_GROUPS:
            raise KeyError(kept["format"])
        return dict(kept["runs"])
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingError(
            f"{path} is no file of several runs ({type(error).__name__}: {error}). Choose another "
            "name, or move it away."
        ) from error


def replay(recording: str | Path | Recording, speed: float = 1.0) -> TrainingResult:
    """Play a recorded run as a live plot, and return its result.

    Nothing is computed, and neither data nor a GPU is needed. The title, and the lines at the end,
    say that it is a recording. The stop button ends it early; what it returns is the whole run.

    Args:
        recording: The name of one that comes with the package (see ``recordings()``), a file, or
            what ``load_recording`` returned.
        speed: How many times as fast as the run was: 1 is its own pace, ``math.inf`` at once.

    Raises:
        ValueError: ``speed`` is not above 0.
        RecordingError: there is no such recording, or the file is damaged.
    """
    rule = "it must be above 0; 1 is the pace of the run itself."
    speed = positive_number("speed", speed, fix=rule, finite=False)
    shown = recording if isinstance(recording, Recording) else load_recording(recording)
    result = shown.result
    plot = run_plot(math.ceil(result.epochs), result.source, title=f"Recorded: {shown.title}")
    seen = follow(_played(result.history, speed), result.epochs, plot)
    if seen and seen[-1].stopped and not result.stopped:
        say(f"Replay stopped by you at epoch {seen[-1].epoch:.3g} of {result.epochs:g}.")
    plot.flush()
    if in_notebook():
        say(plot.summary())
    result.show()
    return result


def _played(history: Sequence[Point], speed: float) -> Generator[Point, None, None]:
    """Yield each point when its time has come."""
    began = time.monotonic()
    for point in history:
        time.sleep(max(0.0, point.seconds / speed - (time.monotonic() - began)))
        yield point


def _read(text: str, name: str, run: str | None) -> Recording:
    """Return the recording in ``text``; of several the one called ``run``."""
    try:
        kept: dict[str, Any] = json.loads(text)
        if kept["format"] == FORMAT_OF_GROUPS:
            runs = kept["runs"]
            if run not in runs:
                asked = "has several runs" if run is None else f"has no run {run!r}"
                raise RecordingError(
                    f"{name} {asked}: name one of them, for example "
                    f"load_recording({f'{name}/{next(iter(runs), None)}'!r})."
                )
            kept, name, run = runs[run], f"{name}/{run}", None
        if run is not None:
            raise RecordingError(f"{name} has one run, which has no name: leave out {run!r}.")
        if kept["format"] not in READ:
            raise RecordingError(
                f"{name} has format {kept['format']!r}, and this version of lenet_helpers reads "
                f"{' and '.join(map(str, READ))}. Update the series, or record the run anew."
            )
        made = {key: str(value) for key, value in kept["made"].items()}
        history = READ[kept["format"]](kept)
        if not history:
            raise ValueError("it has no points")
        result = TrainingResult(
            history=history,
            device=torch.device(kept["device"]),
            source=kept["source"],
            recorded=_told(made),
        )
        return Recording(str(kept["title"]), result, dict(kept["settings"]), made)
    except (ValueError, KeyError, TypeError, AttributeError, RuntimeError) as error:
        raise RecordingError(
            f"{name} is no recording, or a damaged one ({type(error).__name__}: {error}). Copy "
            "the file anew, or make one with save_recording."
        ) from error


def _points_of_format_1(kept: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return the points of a file that has their numbers by position, and the totals beside."""
    names = ("epoch", "seconds", "train_loss", "train_acc", "test_acc")
    points = [Point(**_numbers(names, row)) for row in kept["history"]]
    points[-1:] = [
        replace(
            points[-1],
            examples=int(kept["examples"]),
            training_seconds=float(kept["training_seconds"]),
            notes=tuple(str(note) for note in kept["notes"]),
        )
    ]
    return tuple(points)


def _points_of_format_2(kept: Mapping[str, Any]) -> tuple[Point, ...]:
    """Return the points of a file that names its columns."""
    names = [str(name) for name in kept["columns"]]
    points = []
    for row in kept["points"]:
        told = dict(zip(names, row, strict=True))
        notes = tuple(str(note) for note in told.pop("notes"))
        examples, stopped = int(told.pop("examples")), bool(told.pop("stopped"))
        numbers = _numbers(told.keys(), told.values())
        points.append(Point(**numbers, examples=examples, notes=notes, stopped=stopped))
    return tuple(points)


READ = {1: _points_of_format_1, 2: _points_of_format_2}


def _numbers(names: Iterable[str], row: Iterable[float | None]) -> dict[str, Any]:
    pairs = zip(names, row, strict=True)
    return {name: None if value is None else float(value) for name, value in pairs}


def _told(made: Mapping[str, str]) -> str:
    return (
        f"A recording of {made['date']}, not computed here: {made['device']}, "
        f"{made['threads']} threads, torch {made['torch']}, Python {made['python']}."
    )
