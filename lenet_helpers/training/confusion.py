"""What a network takes for what: the confusion matrix.

Row i, column j of the matrix counts the examples of class i that the network took for class j;
its diagonal holds the right ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import torch
from torch import Tensor

from ..checks import whole_number
from ..data.batches import check_labels, class_names
from ..data.fashion_mnist import LABELS
from ..data.source import marked
from ..show.pictures import RISING, Picture, new_figure

FEW = 12  # classes up to which each cell has room for its number
NAMED = 3  # names in a sentence; of more it says how many


def confusion_matrix(predicted: Tensor, true: Tensor, num_classes: int = len(LABELS)) -> Tensor:
    """Return counts, int64, shape (num_classes, num_classes): rows true, columns predicted.

    >>> confusion_matrix(torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1]), 2).tolist()
    [[1, 1], [0, 1]]

    Raises:
        TypeError, ValueError: labels out of range, or not one prediction a label.
    """
    num_classes = whole_number("num_classes", num_classes, minimum=1)
    predicted, true = torch.as_tensor(predicted), torch.as_tensor(true)
    check_labels(predicted, num_classes)
    check_labels(true, num_classes)
    if predicted.shape != true.shape:
        raise ValueError(
            f"predicted has shape {tuple(predicted.shape)} and true {tuple(true.shape)}: give one "
            "prediction a label."
        )
    # As whole numbers of 64 bits: among bytes, 25 * 26 is 138.
    cells = torch.bincount(true.long() * num_classes + predicted.long(), minlength=num_classes**2)
    return cells.reshape(num_classes, num_classes)


def draw_confusion_matrix(
    matrix: Tensor, names: Sequence[str] = LABELS, *, source: str | None = None
) -> Picture:
    """Return ``matrix`` as a picture, each row in percent of its class.

    The row of a class without examples stays empty: it has no percentages.

    Args:
        matrix: Counts of shape (classes, classes): rows true, columns predicted.
        names: A name a class, for example ``test_iter.classes``.
        source: Where the examples come from: ``test_iter.source``. A drawn stand-in is named.

    Raises:
        TypeError: ``names`` are not names.
        ValueError: ``matrix`` is not square, or there is not one name a class.
    """
    names = class_names("names", names)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(names) != len(matrix):
        raise ValueError(
            f"matrix has shape {tuple(matrix.shape)} and names {len(names)} entries: give a square "
            "matrix with one name a row."
        )
    counts = matrix.cpu().double()
    percent = 100 * counts / counts.sum(dim=1, keepdim=True)  # not a number without examples
    few = len(names) <= FEW
    side = len(names) * (0.56 if few else 0.38)
    figure = new_figure(max(side, 3.4) + 2.0, max(side, 3.4) + 1.2)
    axes = figure.subplots()
    shown = axes.imshow(percent.numpy(), cmap=RISING, vmin=0, vmax=100)
    for i, row in enumerate(percent.tolist()):
        for j, value in enumerate(row):
            if value > 0 or (few and value == 0):
                ink = "black" if value > 50 else "white"
                axes.text(j, i, _rounded(value), ha="center", va="center", color=ink)
    axes.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axes.set_yticks(range(len(names)), names)
    heading = marked("What was taken for what", source)
    axes.set(xlabel="predicted class", ylabel="true class", title=heading)
    figure.colorbar(shown, ax=axes, label="percent of the true class", shrink=0.8)
    figure.tight_layout()
    return Picture(figure, f"{heading}. {_told(percent, names)}")


def _told(percent: Tensor, names: Sequence[str]) -> str:
    """Return what is best, what is worst and what is mistaken most; nothing that is not so."""
    shares = list(zip(names, percent.diagonal().tolist(), strict=True))
    absent = [name for name, share in shares if math.isnan(share)]
    right = [(name, share) for name, share in shares if not math.isnan(share)]
    if not right:
        return "There are no examples."
    wrong = [
        (f"{names[i]} taken for {names[j]}", float(percent[i, j]))
        for i, j in (percent > 0).nonzero().tolist()
        if i != j
    ]
    if wrong:
        most, least = _those(right, max, "classes"), _those(right, min, "classes")
        said = (
            f"Most often right: {most}; least often: {least}."
            if most != least
            else f"Right: {most}."
        )
        said += f" The most common mistake: {_those(wrong, max, 'pairs of classes')}."
    else:
        said = "There is no mistake."
    return f"{said} Without examples: {', '.join(absent)}." if absent else said


def _those(
    shares: Sequence[tuple[str, float]], of: Callable[[Iterable[float]], float], noun: str
) -> str:
    """Return which ones have the largest (or smallest) share, and it: "coat and shirt, 80 %"."""
    share = of(value for _, value in shares)
    those = [name for name, value in shares if value == share]
    told = " and ".join(those) if len(those) <= NAMED else f"{len(those)} {noun}"
    return f"{told}, {_rounded(share)} %"


def _rounded(percent: float) -> str:
    """Return a whole number; 0 and 100 only where there is none and where it is all."""
    if 0 < percent < 1:
        return "<1"
    return ">99" if 99 < percent < 100 else f"{percent:.0f}"
