"""The runs of notebook 9: LeNet and a dense network with as many parameters, three seeds each."""

from __future__ import annotations

import functools

import torch
from torch import Tensor, nn

import lenet_helpers as lh
from lenet_helpers.data.batches import TensorBatches
from lenet_helpers.training.confusion import confusion_matrix

from .run import Data, Run, Values

SEEDS = (0, 1, 2)
PIXELS = 28 * 28
MOVES = range(7)  # pixels
# 784 -> 75 -> 33 -> 10 has 61,723 parameters, LeNet 61,706.
HIDDEN = (75, 33)


def dense() -> nn.Module:
    """Return a network without convolutions, with as many parameters as LeNet."""
    first, second = HIDDEN
    return nn.Sequential(
        nn.Flatten(), nn.Linear(PIXELS, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(),
        nn.Linear(second, 10),
    )  # fmt: skip


lenet = functools.partial(lh.sequential_lenet, activation=nn.ReLU, pooling=nn.MaxPool2d)


def random_kernels() -> nn.Module:
    """Return LeNet with convolutions that stay as they are drawn."""
    net = lenet().apply(lh.xavier_init)  # a frozen layer keeps what it has
    for layer in net:
        if isinstance(layer, nn.Conv2d):
            layer.requires_grad_(False)
    return net


def permuted(data: Data) -> Data:
    """Return the same pictures with their pixels in another order, the same one for all."""
    order = torch.randperm(PIXELS, generator=torch.Generator().manual_seed(0))
    assert data.test is not None
    return Data(_reordered(data.train, order), _reordered(data.test, order))


def _reordered(batches: TensorBatches, order: Tensor) -> TensorBatches:
    images = batches.images.flatten(1)[:, order.to(batches.device)].view_as(batches.images)
    return TensorBatches(
        images, batches.labels, batches.batch_size, shuffle=batches.shuffle, device=batches.device,
        source=batches.source, classes=batches.classes,
    )  # fmt: skip


def by_class(net: nn.Module, data: Data) -> Values:
    """Return the share of each class of the test set that ``net`` gets right."""
    predicted, true = lh.predict(net, data.test or ())
    counts = confusion_matrix(predicted, true)
    return {"by_class": (counts.diagonal() / counts.sum(dim=1)).tolist()}


def moved(net: nn.Module, data: Data) -> Values:
    """Return the accuracy by class, and on test pictures moved to the right by 0 to 6 pixels."""
    assert data.test is not None
    found = []
    for pixels in MOVES:
        there = nn.functional.pad(data.test.images, (pixels, 0))[..., :28]
        batches = TensorBatches(there, data.test.labels, 1_000, device=data.test.device)
        found.append(lh.evaluate_accuracy_gpu(net, batches))
    return by_class(net, data) | {"moved": found}


CONV = Run(
    "LeNet, ReLU, max pooling", lenet, torch.optim.Adam, 0.001, 10, measure=moved, seeds=SEEDS
)
DENSE = CONV.but(title="dense, as many parameters", make=dense)
RUNS = {
    "lenet": CONV,
    "dense": DENSE,
    "lenet, permuted": CONV.but(
        title="LeNet, permuted pixels", pictures=permuted, measure=by_class
    ),
    "dense, permuted": DENSE.but(
        title="dense, permuted pixels", pictures=permuted, measure=by_class
    ),
    "random kernels": CONV.but(
        title="LeNet, random kernels, trained head", make=random_kernels, measure=by_class
    ),
}
