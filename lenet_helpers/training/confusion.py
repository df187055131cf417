"""What a network takes for what: the confusion matrix.

Row i, column j of the matrix counts the examples of class i that the network took for class j;
its diagonal holds the right ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from ..checks import whole_number
from ..data.batches import check_labels
from ..data.fashion_mnist import LABELS
from ..data.source import marked
from ..show.pictures import Picture, new_figure


def confusion_matrix(predicted: Tensor, true: Tensor, num_classes: int = len(LABELS)) -> Tensor:
    """Return counts, int64, shape (num_classes, num_classes): rows true, columns predicted.

    >>> confusion_matrix(torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1]), 2).tolist()
    [[1, 1], [0, 1]]

    Raises:
        TypeError, ValueError: labels out of range, or not one prediction a label.
    """
    num_classes = whole_number("num_classes", num_classes, minimum=1)
    check_labels(predicted, num_classes)
    check_labels(true, num_classes)
    if predicted.shape != true.shape:
        raise ValueError(
            f"predicted has shape {tuple(predicted.shape)} and true {tuple(true.shape)}: give one "
            "prediction a label."
        )
    cells = torch.bincount(true * num_classes + predicted, minlength=num_classes**2)
    return cells.reshape(num_classes, num_classes)


def draw_confusion_matrix(
    matrix: Tensor, names: Sequence[str] = LABELS, *, source: str | None = None
) -> Picture:
    """Return ``matrix`` as a picture, each row in percent of its class.

    Args:
        matrix: Counts of shape (classes, classes): rows true, columns predicted.
        names: A name a class.
        source: Where the examples come from: ``test_iter.source``. A drawn stand-in is named.

    Raises:
        ValueError: ``matrix`` is not square, or there is not one name a class.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(names) != len(matrix):
        raise ValueError(
            f"matrix has shape {tuple(matrix.shape)} and names {len(names)} entries: give a square "
            "matrix with one name a row."
        )
    percent = 100 * matrix / matrix.sum(dim=1, keepdim=True).clamp(min=1)
    figure = new_figure(7.6, 6.8)
    axes = figure.subplots()
    shown = axes.imshow(percent.numpy(), cmap="cividis", vmin=0, vmax=100)
    for i, row in enumerate(percent.tolist()):
        for j, value in enumerate(row):
            ink = "black" if value > 50 else "white"
            axes.text(j, i, f"{value:.0f}", ha="center", va="center", color=ink, fontsize=9)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    heading = marked("What was taken for what", source)
    axes.set(xlabel="predicted class", ylabel="true class", title=heading)
    figure.colorbar(shown, ax=axes, label="percent of the true class", shrink=0.8)
    figure.tight_layout()
    return Picture(figure, f"{heading}. {_told(percent, names)}")


def _told(percent: Tensor, names: Sequence[str]) -> str:
    right = percent.diagonal()
    wrong = percent - torch.diag(right)
    i, j = divmod(int(wrong.argmax()), len(names))
    best, worst = int(right.argmax()), int(right.argmin())
    return (
        f"Most often right: {names[best]}, {right[best]:.0f} %; least often: {names[worst]}, "
        f"{right[worst]:.0f} %. The most common mistake: {names[i]} taken for {names[j]}, "
        f"{wrong[i, j]:.0f} %."
    )
