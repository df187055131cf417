"""Pictures of training runs: several in one picture, told apart by colour, style and marker."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes

from ..data.source import STAND_IN, marked
from ..show.pictures import BLUE, CURVES, GREY, VERMILION, Picture, new_figure
from .result import TrainingResult


def draw_runs(runs: Mapping[str, TrainingResult], *, title: str = "Training runs") -> Picture:
    """Return train loss (left) and test accuracy (right) of each run, by epoch.

    Of runs with pictures held back (``valid_iter``), both sides show training, thin and grey, and
    validation: where they part, the network learns by heart.

    Args:
        runs: Results of ``train_ch6`` or ``replay`` under the name that each is to have in the
            picture. Recorded ones are marked as such.
        title: The title of the whole picture.

    Raises:
        ValueError: ``runs`` is empty.
    """
    if not runs:
        raise ValueError("runs is empty: give at least one result of train_ch6, with a name.")
    figure = new_figure(9.0, 4.0)
    left, right = figure.subplots(1, 2)
    told = []
    validated = all("valid_acc" in _measured(run) for run in runs.values())
    loss, acc = ("valid_loss", "valid_acc") if validated else ("train_loss", "test_acc")
    for i, (given, run) in enumerate(runs.items()):
        name = given if run.recorded is None else f"{given} (recorded)"
        if validated:
            for axes, curve in ((left, "train_loss"), (right, "train_acc")):
                style = (GREY, CURVES[i % len(CURVES)][1], "")
                _plot(axes, run, curve, style, f"{name}, training")
        for axes, curve in ((left, loss), (right, acc)):
            label = f"{name}, validation" if validated else name
            _plot(axes, run, curve, CURVES[i % len(CURVES)], label)
        told.append(f"{name}: {_ending(run, validated)}")
    both = "Loss, training and validation", "Accuracy, training and validation"
    names = both if validated else ("Training loss", "Test accuracy")
    left.set(title=names[0], xlabel="epoch", ylabel="loss (nats)")
    right.set(title=names[1], xlabel="epoch", ylabel="share right")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.set_xlim(left=0)
    handles, labels = left.get_legend_handles_labels()
    columns = min(2 if validated else 4, len(labels))
    figure.legend(handles, labels, loc="lower center", ncols=columns, frameon=False)
    drawn = any(run.source == STAND_IN for run in runs.values())
    heading = marked(title, STAND_IN if drawn else None)
    figure.suptitle(heading)
    figure.tight_layout(rect=(0, 0.02 + 0.06 * math.ceil(len(labels) / columns), 1, 1))
    return Picture(figure, f"{heading}. {'; '.join(told)}.")


def draw_spread(
    groups: Mapping[str, Sequence[float]], *, title: str = "Runs with other seeds"
) -> Picture:
    """Return a row for each group: a dot for each run, and a line at their mean.

    Args:
        groups: The validation accuracies of the runs under the name of what they have in common,
            from top to bottom.
        title: The title.

    Raises:
        ValueError: there are no groups, or one has no numbers.
    """
    if not groups or not all(groups.values()):
        raise ValueError(
            f"groups={dict(groups)!r}: give at least one, and each with at least one number."
        )
    label = "validation accuracy (share right)"
    figure = new_figure(7.5, 0.34 * len(groups) + 1.4)
    axes = figure.subplots()
    told = []
    for row, (name, numbers) in enumerate(groups.items()):
        mean = statistics.mean(numbers)
        axes.plot([mean, mean], [row - 0.35, row + 0.35], color=VERMILION, linewidth=2.5)
        axes.plot(numbers, [row] * len(numbers), "o", color=BLUE, markersize=5, alpha=0.8)
        told.append(f"{name} {mean:.4f} ({min(numbers):.4f} to {max(numbers):.4f})")
    axes.set_yticks(range(len(groups)), list(groups))
    axes.invert_yaxis()
    axes.grid(alpha=0.3, axis="x")
    axes.set(xlabel=label, title=title)
    figure.tight_layout()
    return Picture(figure, f"{title}, {label}. Mean, and least to most: {'; '.join(told)}.")


def _plot(
    axes: Axes, run: TrainingResult, curve: str, style: tuple[str, str, str], label: str
) -> None:
    points = [(p.epoch, getattr(p, curve)) for p in run.history if getattr(p, curve) is not None]
    colour, line, marker = style
    axes.plot(
        [x for x, _ in points],
        [y for _, y in points],
        color=colour,
        linestyle=line,
        marker=marker,
        markersize=5,
        markevery=max(1, len(points) // 10),
        label=label,
    )


def _measured(run: TrainingResult) -> set[str]:
    """Return which of the numbers of a point the run has."""
    names = ("train_loss", "train_acc", "test_acc", "valid_loss", "valid_acc")
    return {name for name in names for p in run.history if getattr(p, name) is not None}


def _ending(run: TrainingResult, validated: bool) -> str:
    """Return in words how a run ended."""
    if run.stopped and run.examples == 0:
        return "nothing was trained"
    after = f"after {run.epochs:g} epochs"
    if not validated:
        return f"loss {run.train_loss:.3f} and test accuracy {run.test_acc:.3f} {after}"
    measured = [(p.valid_loss, p.epoch) for p in run.history if p.valid_loss is not None]
    least, epoch = min(measured)
    return (
        f"training loss {run.train_loss:.3f} and validation loss {run.valid_loss:.3f} {after}, "
        f"at its least {least:.3f} after {epoch:g}; validation accuracy {run.valid_acc:.3f}"
    )
