"""Pictures of training runs: several in one picture, told apart by colour, style and marker."""

from __future__ import annotations

from collections.abc import Mapping

from ..data.source import STAND_IN, marked
from ..show.pictures import CURVES, Picture, new_figure
from .result import TrainingResult


def draw_runs(runs: Mapping[str, TrainingResult], *, title: str = "Training runs") -> Picture:
    """Return train loss (left) and test accuracy (right) of each run, by epoch.

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
    for i, (given, run) in enumerate(runs.items()):
        name = given if run.recorded is None else f"{given} (recorded)"
        colour, style, marker = CURVES[i % len(CURVES)]
        loss = [(p.epoch, p.train_loss) for p in run.history if p.train_loss is not None]
        test = [(p.epoch, p.test_acc) for p in run.history if p.test_acc is not None]
        for axes, points in ((left, loss), (right, test)):
            axes.plot(
                [x for x, _ in points],
                [y for _, y in points],
                color=colour,
                linestyle=style,
                marker=marker,
                markersize=5,
                markevery=max(1, len(points) // 10),
                label=name,
            )
        told.append(
            f"{name}: loss {run.train_loss:.3f} and test accuracy {run.test_acc:.3f} after "
            f"{run.epochs:g} epochs"
        )
    left.set(title="Training loss", xlabel="epoch", ylabel="loss (nats)")
    right.set(title="Test accuracy", xlabel="epoch", ylabel="share right")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.set_xlim(left=0)
    handles, names = left.get_legend_handles_labels()
    figure.legend(handles, names, loc="lower center", ncols=min(4, len(names)), frameon=False)
    drawn = any(run.source == STAND_IN for run in runs.values())
    heading = marked(title, STAND_IN if drawn else None)
    figure.suptitle(heading)
    figure.tight_layout(rect=(0, 0.08, 1, 1))
    return Picture(figure, f"{heading}. {'; '.join(told)}.")
