"""A network that is used, not trained: its predictions, and how many of them are right.

``accuracy`` and ``evaluate_accuracy_gpu`` have the names of the d2l textbook ("Dive into Deep
Learning", LeNet chapter), so its code runs with them unchanged.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from ..data.batches import TensorBatches, check_classes, check_labels
from ..devices import find_device
from ..prose import counted

Inputs = Tensor | list[Tensor]
T = TypeVar("T")
Network = Callable[..., Any]  # nn.Module, or any function from inputs to scores


def correct(y_hat: Tensor, y: Tensor) -> Tensor:
    """Return how many predictions are right, as an integer tensor on their device.

    Reading a number from a GPU makes Python wait for it; this one can be summed first.

    Args:
        y_hat: Scores of shape (N, classes), or predicted labels of shape (N,) or (N, 1).
        y: Labels of shape (N,).

    Raises:
        ValueError: the shapes do not belong together, or ``y_hat`` is one score an example.
    """
    several = y_hat.ndim == 2 and y_hat.shape[1] > 1
    predicted = y_hat.argmax(dim=1) if several else y_hat
    if predicted.numel() != y.numel():
        raise ValueError(
            f"y_hat has shape {tuple(y_hat.shape)} and y has shape {tuple(y.shape)}: "
            "give (N, classes) or (N,) predictions for (N,) labels, with the same N."
        )
    if not several and y_hat.is_floating_point() and bool((y_hat != y_hat.round()).any()):
        raise ValueError(
            f"y_hat has shape {tuple(y_hat.shape)}, one score an example: accuracy compares "
            "the largest of several scores, (N, classes). Give labels in place of one score, "
            "for example (y_hat > 0.5).long()."
        )
    return (predicted.reshape(-1).type(y.dtype) == y.reshape(-1)).sum()


def accuracy(y_hat: Tensor, y: Tensor) -> float:
    """Return the **number** of right predictions (a count: divide it by N for a rate).

    Args:
        y_hat: Scores of shape (N, classes), or predicted labels of shape (N,).
        y: Labels of shape (N,).

    Returns:
        The count, from 0 to N, as a float.

    Raises:
        ValueError: the shapes do not belong together, or ``y_hat`` is one score an example.
    """
    return float(correct(y_hat, y))


@contextmanager
def evaluation_mode(net: nn.Module) -> Iterator[None]:
    """Switch ``net`` to evaluation mode, and put every module's own mode back afterwards."""
    modes = [(module, module.training) for module in net.modules()]
    net.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training


def batches_of(
    name: str, data_iter: Iterable[Any], device: torch.device | None = None
) -> Iterator[tuple[Inputs, Tensor]]:
    """Yield the batches of ``data_iter`` as (X, y) on ``device`` (None: where they are).

    X is a tensor or a list of tensors; y is int64, shape (N,). Lists, NumPy arrays and labels of
    another whole type are converted.

    Args:
        name: What the caller calls ``data_iter``, for errors.
        data_iter: Batches (X, y).
        device: Where to put them.

    Raises:
        TypeError: a batch is not (X, y), or labels are not whole numbers.
        ValueError: labels are not one number an example.
    """
    known = isinstance(data_iter, TensorBatches)
    for batch in data_iter:
        X, y = batch if known else _pair_of(name, batch)
        if device is not None:
            X = X.to(device) if isinstance(X, Tensor) else [x.to(device) for x in X]
            y = y.to(device)
        yield X, y


def _pair_of(name: str, batch: object) -> tuple[Inputs, Tensor]:
    if isinstance(batch, Mapping):
        keys = ", ".join(repr(key) for key in batch)
        raise TypeError(
            f"{name} yields batches that are dicts with the keys {keys}: give pairs (X, y), for "
            "example [(b['image'], b['label']) for b in loader]."
        )
    if not isinstance(batch, tuple | list) or len(batch) != 2:
        what = f"{counted(len(batch), 'part')}" if isinstance(batch, tuple | list) else "no pair"
        raise TypeError(
            f"{name} yields a {type(batch).__name__} ({what}) as a batch: give pairs (X, y), "
            "inputs and labels."
        )
    inputs, labels = batch
    y = _numbers(f"{name} yields labels", labels, "class numbers, counted from 0")
    check_labels(y)
    what, fix = f"{name} yields inputs", "a tensor: ToTensor() makes one of a picture"
    if _is_list_of_tensors(inputs):
        return [_numbers(what, x, fix) for x in inputs], y.to(torch.int64)
    return _numbers(what, inputs, fix), y.to(torch.int64)


def _numbers(what: str, values: Any, fix: str) -> Tensor:  # noqa: ANN401
    """Return ``values`` as a tensor, if they are numbers."""
    try:
        return torch.as_tensor(values)
    except (TypeError, ValueError, RuntimeError) as error:
        first = next(iter(values), None) if isinstance(values, tuple | list) else values
        raise TypeError(
            f"{what} that are no numbers (a {type(first).__name__}): give {fix}."
        ) from error


def _is_list_of_tensors(inputs: object) -> bool:
    return isinstance(inputs, tuple | list) and any(isinstance(x, Tensor) for x in inputs)


def check_made(net: object) -> None:
    """Raise a TypeError if ``net`` is a class of networks, and none that is made."""
    if isinstance(net, type) and issubclass(net, nn.Module):
        raise TypeError(f"net={net.__name__} is a class: make a network of it, {net.__name__}().")


def scores(y_hat: object, y: Tensor, X: Inputs | None = None) -> Tensor:
    """Return ``y_hat``, what a network gave for N examples, if it is scores, (N, classes).

    Args:
        y_hat: What the network gave.
        y: The labels of the examples, or whatever else there is one of for each.
        X: What the network got, where that is known.

    Raises:
        TypeError: it is no tensor.
        ValueError: it is not one row of several scores for each of the labels ``y``.
    """
    if y_hat is None:
        raise TypeError(
            "net gives None: its forward returns nothing. Let it end in return and the scores of "
            "shape (N, classes)."
        )
    if not isinstance(y_hat, Tensor):
        raise TypeError(
            f"net gives a {type(y_hat).__name__}: it must give one tensor, the scores of shape "
            "(N, classes). Let forward return the scores alone, also while it trains."
        )
    if y_hat.is_complex():
        raise ValueError(
            f"net gives values of type {y_hat.dtype}: complex numbers have no largest. Let forward "
            "return how large they are, y.abs()."
        )
    if not y_hat.is_floating_point():
        raise ValueError(
            f"net gives values of type {y_hat.dtype}, of shape {tuple(y_hat.shape)}: it must give "
            "scores, (N, classes), and not the labels that an argmax makes of them. Leave argmax "
            "out of forward."
        )
    if y_hat.ndim < 2:
        raise ValueError(
            f"net gives values of shape {tuple(y_hat.shape)}: it must give one row of scores an "
            "example, (N, classes), and the batch is gone. squeeze() takes it away where a batch "
            "has one example, and flatten() merges it: write x.flatten(1)."
        )
    if y_hat.ndim > 2:
        raise ValueError(
            f"net gives values of shape {tuple(y_hat.shape)}: it must give one row of scores an "
            "example, (N, classes). Flatten the maps before the last layer."
        )
    if y_hat.shape[1] == 1:
        raise ValueError(
            f"net gives values of shape {tuple(y_hat.shape)}, one score an example: the class is "
            "the place of the largest score, so that each class needs one of its own. For two "
            "classes let the last layer give two, without a sigmoid after it."
        )
    if isinstance(X, Tensor) and len(X) == len(y_hat) != len(y):
        raise ValueError(
            f"A batch has {counted(len(X), 'input')} and {counted(len(y), 'label')}: give one "
            "label for each input."
        )
    if len(y_hat) != len(y):
        raise ValueError(
            f"net makes {counted(len(y_hat), 'row')} of scores of {counted(len(y), 'example')}: "
            "its forward changes the size of the batch, for example by view(-1, ...) with a number "
            "that does not fit. Write x.flatten(1), or x.view(x.size(0), -1)."
        )
    return y_hat


def evaluate_accuracy_gpu(
    net: Network, data_iter: Iterable[Any], device: torch.device | str | None = None
) -> float:
    """Return the share of ``data_iter`` that ``net`` labels rightly.

    The network is evaluated without gradients and in evaluation mode; afterwards each of its
    modules is in the mode it was in before. ``TensorBatches`` are taken in larger batches, if the
    network takes those.

    Args:
        net: A module, or any function from inputs to scores of shape (N, classes).
        data_iter: Batches (X, y): inputs, and labels of shape (N,).
        device: Where to compute. None: where the network's parameters are.

    Returns:
        A rate from 0 to 1.

    Raises:
        TypeError: a batch is not (X, y), or ``net`` gives no tensor.
        ValueError: ``data_iter`` has no examples, a label is no class of ``net``, or ``device`` is
            not present.
        LayerShapeError: a layer does not fit what reaches it.
    """
    where = _device_of(net) if device is None else find_device(device)
    return in_larger_batches(functools.partial(_share_right, net, where), data_iter)


def in_larger_batches(measure: Callable[[Iterable[Any]], T], data_iter: Iterable[Any]) -> T:
    """Return what ``measure`` finds of ``data_iter``: in larger batches, if it is in memory.

    They are fewer steps, and a step hardly takes longer. Where these fail, the batches are as they
    are: a network may want that size, or not have the memory.
    """
    if isinstance(data_iter, TensorBatches):
        with contextlib.suppress(Exception):
            return measure(data_iter.larger())
    return measure(data_iter)


def _share_right(net: Network, where: torch.device | None, data_iter: Iterable[Any]) -> float:
    right: Tensor | int = 0
    total = 0
    # Not torch.inference_mode: what a network makes and keeps there cannot be trained afterwards.
    with _evaluating(net), torch.no_grad():
        for X, y in batches_of("data_iter", data_iter, where):
            y_hat = output_of(net, X)
            if not isinstance(y_hat, Tensor) or y_hat.ndim > 1:
                y_hat = scores(y_hat, y, X)
                check_classes(data_iter, y, y_hat.shape[1])
            right = right + correct(y_hat, y)
            total += y.numel()
    if total == 0:
        raise ValueError(
            "data_iter has no examples: give at least one batch (X, y). "
            "An iterator that has been used up gives none: pass the loader itself."
        )
    return float(right) / total


def predict(net: nn.Module, data_iter: Iterable[Any]) -> tuple[Tensor, Tensor]:
    """Return (predicted, true) labels of all of ``data_iter``: int64, shape (N,), on the CPU.

    ``net`` is evaluated without gradients; each module's mode is afterwards what it was.

    Raises:
        TypeError: a batch is not (X, y), or ``net`` gives no tensor.
        ValueError: ``data_iter`` has no examples, or ``net`` gives no scores (N, classes).
    """
    predicted, true = [], []
    with _evaluating(net), torch.no_grad():
        for X, y in batches_of("data_iter", data_iter, _device_of(net)):
            predicted.append(scores(output_of(net, X), y, X).argmax(dim=1).cpu())
            true.append(y.cpu())
    if not true:
        raise ValueError("data_iter has no examples: give at least one batch (X, y).")
    return torch.cat(predicted), torch.cat(true)


def output_of(net: Network, X: Inputs) -> Any:  # noqa: ANN401
    """Return what ``net`` makes of ``X``; where that fails, the error says what can be said."""
    try:
        return net(X)
    except Exception as error:
        from .table import name_cause  # which itself goes through networks in evaluation mode

        if isinstance(net, nn.Module):
            name_cause(net, X, error)
        raise


def _evaluating(net: Network) -> AbstractContextManager[None]:
    check_made(net)
    return evaluation_mode(net) if isinstance(net, nn.Module) else nullcontext()


def _device_of(net: Network) -> torch.device | None:
    """Return where the parameters of ``net`` are; None if it has none."""
    first = next(net.parameters(), None) if isinstance(net, nn.Module) else None
    return None if first is None else first.device
