"""Exercises of notebook 10: links that are missing, codes for classes, and when to stop."""

from __future__ import annotations

import torch

from .building import numbers
from .exercise import Case, Exercise, Slip


def linked_parameters(links, kernel_size):
    """Return how many numbers a convolution learns whose maps see some of the input maps only.

    links: for each output map the input maps that it sees, as a list of lists of their numbers;
    kernel_size: the side of the square kernels. Each output map has one bias.

    >>> linked_parameters([[0, 1], [0]], 3)
    29
    """
    kernels = sum(len(seen) for seen in links)
    return kernels * kernel_size**2 + len(links)


def _inputs(links):
    return len({number for seen in links for number in seen})


LINKED_PARAMETERS = Exercise(
    notebook=10,
    solution=linked_parameters,
    cases=lambda: [
        Case((links, side))
        for links, side in [
            ([[0]], 1), ([[0], [1]], 1), ([[0, 1], [0]], 3), ([[0, 2], [1, 2], [0, 1, 2]], 2),
            ([[0, 1, 2], [3], [0, 3], [1, 2], [0, 1, 2, 3]], 5),
        ]
    ],
    slips=(
        Slip("bias forgotten", lambda links, k: sum(map(len, links)) * k**2),
        Slip("bias per layer", lambda links, k: sum(map(len, links)) * k**2 + 1),
        Slip("bias per input", lambda links, k: sum(map(len, links)) * k**2 + _inputs(links)),
        Slip("bias per weight", lambda links, k: sum(map(len, links)) * (k**2 + 1)),
        Slip("every link counted", lambda links, k: len(links) * (_inputs(links) * k**2 + 1)),
        Slip("links share a kernel", lambda links, k: len(links) * (k**2 + 1)),
        Slip("numbers for links", lambda links, k: sum(map(sum, links)) * k**2 + len(links)),
        Slip("kernel has one side", lambda links, k: sum(map(len, links)) * k + len(links)),
        Slip("number written in", lambda links, k: sum(map(len, links)) * 25 + len(links)),
        Slip("number written in", lambda links, k: 60 * k**2 + 16),
        Slip("part for whole", lambda links, k: len(links[0]) * k**2 + 1),
    ),
    hints=(
        "Each link is a kernel of its own. How many links are there in all?",
        "`sum(len(seen) for seen in links)` counts them; then come the weights of a kernel, and "
        "one bias for each output map.",
    ),
)  # fmt: skip


def code_scores(features, codes):
    """Return minus the squared distance of each picture's features to the code of each class.

    features: shape (pictures, units); codes: shape (classes, units). Returns shape (pictures,
    classes): the nearest code has the highest score.

    >>> code_scores(torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 1.0], [4.0, -2.0]]))
    tensor([[ -1., -25.]])
    """
    differences = features[:, None, :] - codes[None, :, :]
    return -(differences**2).sum(dim=2)


CODE_SCORES = Exercise(
    notebook=10,
    solution=code_scores,
    cases=lambda: [
        Case((numbers(n, units, first=4) - 2, numbers(classes, units, first=1)))
        for n, classes, units in [
            (1, 1, 1), (1, 2, 1), (1, 2, 2), (3, 2, 4), (2, 5, 3), (4, 10, 84),
        ]
    ],
    slips=(
        Slip("distance for score", lambda f, c: -code_scores(f, c)),
        Slip("root taken", lambda f, c: -torch.cdist(f, c)),
        Slip("absolute for squared", lambda f, c: -torch.cdist(f, c, p=1)),
        Slip("mean of the squares", lambda f, c: code_scores(f, c) / f.shape[1]),
        Slip("product for distance", lambda f, c: f @ c.T),
        Slip("sum before the square", lambda f, c: -((f.sum(1)[:, None] - c.sum(1)) ** 2)),
        Slip("rows for columns", lambda f, c: code_scores(f, c).T),
        Slip("score for label", lambda f, c: code_scores(f, c).argmax(dim=1)),
        Slip("squares not added", lambda f, c: -((f[:, None, :] - c[None, :, :]) ** 2)),
        Slip("one code for each picture", lambda f, c: -((f - c) ** 2).sum(dim=1)),
    ),
    hints=(
        "For one picture and one class: subtract the code from the features, square each "
        "difference, and add them up. Minus that is the score.",
        "For all at once: `features[:, None, :] - codes` has shape (pictures, classes, units). "
        "Which axis is to go?",
    ),
)  # fmt: skip


def early_stop(accuracies, patience):
    """Return the best epoch and the last one, both counted from 1, of a run that stops early.

    accuracies: the validation accuracy after each epoch; patience: the run ends as soon as so many
    epochs in a row were not better than the best one before them. Returns (best, last); of equal
    ones the first is the best. Without a stop, the last epoch is that of the list.

    >>> early_stop([0.5, 0.7, 0.6, 0.7, 0.9], 2)
    (2, 4)
    """
    best = 1
    for epoch in range(1, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[best - 1]:
            best = epoch
        if epoch - best >= patience:
            break
    return best, epoch


def _stopping(accuracies, patience, better=lambda new, best: new > best, late=0):
    best = 1
    for epoch in range(1, len(accuracies) + 1):
        if better(accuracies[epoch - 1], accuracies[best - 1]):
            best = epoch
        if epoch - best >= patience + late:
            break
    return best, epoch


def _against_the_one_before(accuracies, patience):
    worse, best = 0, 1
    for epoch in range(2, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[best - 1]:
            best = epoch
        worse = worse + 1 if accuracies[epoch - 1] <= accuracies[epoch - 2] else 0
        if worse >= patience:
            return best, epoch
    return best, len(accuracies)


def _in_all(accuracies, patience):
    worse, best = 0, 1
    for epoch in range(2, len(accuracies) + 1):
        if accuracies[epoch - 1] > accuracies[best - 1]:
            best = epoch
        else:
            worse += 1
        if worse >= patience:
            return best, epoch
    return best, len(accuracies)


def _of_all(accuracies, patience):
    return accuracies.index(max(accuracies)) + 1, early_stop(accuracies, patience)[1]


def _from_zero(accuracies, patience):
    best, last = early_stop(accuracies, patience)
    return best - 1, last - 1


def _first_waits_too(accuracies, patience):
    best, waited = 0, 0
    for epoch, accuracy in enumerate(accuracies):
        better = accuracy > accuracies[best]
        best, waited = (epoch, 0) if better else (best, waited + 1)
        if waited == patience:
            break
    return best, epoch


def _accuracy_itself(accuracies, patience):
    best, last = early_stop(accuracies, patience)
    return accuracies[best - 1], last


def _patience_after_the_best_of_all(accuracies, patience):
    best = accuracies.index(max(accuracies)) + 1
    return best, min(best + patience, len(accuracies))


EARLY_STOP = Exercise(
    notebook=10,
    solution=early_stop,
    cases=lambda: [
        Case((accuracies, patience))
        for accuracies, patience in [
            ([0.5], 1), ([0.5, 0.6], 1), ([0.6, 0.5], 1), ([0.5, 0.7, 0.6, 0.8], 1),
            ([0.5, 0.7, 0.6, 0.6, 0.6, 0.8], 1),
            ([0.5, 0.7, 0.6, 0.7, 0.9], 2), ([0.5, 0.5, 0.5, 0.6], 3),
            ([0.8, 0.5, 0.6, 0.7, 0.9], 3), ([0.5, 0.4, 0.6, 0.5, 0.7, 0.6, 0.8], 2),
            ([0.5, 0.7, 0.6, 0.8, 0.6, 0.6], 1), ([0.1, 0.2, 0.3, 0.4], 2),
            ([0.6, 0.7, 0.6, 0.65, 0.66, 0.6, 0.9], 4),
        ]
    ],
    slips=(
        Slip("counted from zero", _from_zero),
        Slip("counted from zero", _first_waits_too),
        Slip("accuracy for epoch", _accuracy_itself),
        Slip("compared with the one before", _against_the_one_before),
        Slip("worse ones counted in all", _in_all),
        Slip("stopped one late", lambda a, p: _stopping(a, p, late=1)),
        Slip("equal taken for better", lambda a, p: _stopping(a, p, better=lambda x, y: x >= y)),
        Slip("later epochs known", _of_all),
        Slip("later epochs known", _patience_after_the_best_of_all),
        Slip("never stopped", lambda a, p: (a.index(max(a)) + 1, len(a))),
        Slip("results swapped", lambda a, p: early_stop(a, p)[::-1]),
        Slip("only one of two", lambda a, p: early_stop(a, p)[0]),
        Slip("best for last", lambda a, p: (early_stop(a, p)[0],) * 2),
    ),
    hints=(
        "Go through the epochs one by one, and keep the number of the best one so far.",
        "After each epoch: how long ago was the best one? If that is `patience` epochs or more, it "
        "ends here.",
    ),
)  # fmt: skip

EXERCISES = (LINKED_PARAMETERS, CODE_SCORES, EARLY_STOP)
