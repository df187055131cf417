"""What there is to say about a run: how it ended, and why it may not have learned.

The advice is about the network at hand: it looks at what its layers and its output give.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..network.evaluation import evaluation_mode
from ..prose import counted

PLATEAU = 0.02  # a loss this near to ln(classes) has not moved from guessing
FAR = 2.0  # a loss above this many times that of guessing was driven away by too large steps
SMALL_RATE = 0.05  # below it, SGD leaves a sigmoid LeNet on its plateau for many epochs


def stopped(examples: int, epoch: float, num_epochs: float) -> str:
    """Return the note of a run that was stopped."""
    return (
        f"Stopped by you after {counted(examples, 'example')}, in epoch "
        f"{min(int(epoch) + 1, math.ceil(num_epochs))} of {num_epochs:g}."
    )


def diverged(loss: float | None, epoch: float) -> str:
    """Return the note of a loss that is no longer a number."""
    return (
        f"The loss became {loss} in epoch {math.ceil(epoch)} and cannot come back: training "
        "stopped. Lower the learning rate, or look for infinite inputs."
    )


def left_out(net: nn.Module) -> str:
    """Return the note of a batch of one example that the batch norm of ``net`` cannot train on."""
    kinds = {type(module).__name__ for module in net.modules()}
    norm = next((kind for kind in sorted(kinds) if "BatchNorm" in kind), "the network")
    return (
        f"The last batch of an epoch has one example, and {norm} cannot train on one: it was left "
        "out. Choose another batch size, or drop_last=True in the DataLoader."
    )


def not_measured() -> str:
    """Return the note of a run without a test set."""
    return "No test_iter was given: the test accuracy was not measured."


def advice_on(
    net: nn.Module, X: Tensor, y_hat: Tensor, loss: float, num_epochs: int, lr: float
) -> list[str]:
    """Return what a run that ended with ``loss`` gives reason to say; often nothing.

    Args:
        net: The network as it is now.
        X: The last batch of training inputs.
        y_hat: The scores that the network gave it, shape (N, classes).
        loss: The last mean training loss, in nats an example.
        num_epochs: How many epochs it was trained.
        lr: The learning rate.
    """
    classes = y_hat.shape[1]
    guessing = math.log(classes)
    told = []
    if classes > 1 and _sums_to_one(y_hat):
        told.append(
            "The outputs sum to 1: the network ends in a softmax, and the loss makes a second one, "
            "so that it can hardly fall. Let the network end in the scores (logits)."
        )
    if loss > FAR * guessing > 0:
        told.append(
            f"The loss is {loss:.3g}, far above that of guessing (ln of {classes} classes = "
            f"{guessing:.3f}): the steps were too large. Lower the learning rate, lr={lr:g}."
        )
    elif abs(loss - guessing) <= PLATEAU:
        told.append(
            f"The loss is still {loss:.3f}, that of guessing (ln of the number of classes = "
            f"{guessing:.3f}). {_why_still(net, X, num_epochs, lr)}"
        )
    return told


def _why_still(net: nn.Module, X: Tensor, num_epochs: int, lr: float) -> str:
    same = _first_without_picture(net, X)
    if same is not None:
        return (
            f"What comes out of {same} is the same for every picture: nothing of the picture gets "
            f"past it. Start again with a lower learning rate than {lr:g}."
        )
    if any(isinstance(module, nn.Sigmoid) for module in net.modules()):
        if lr < SMALL_RATE:
            return (
                f"A sigmoid network leaves this plateau slowly, and with lr={lr:g} very slowly: "
                "try a larger learning rate."
            )
        if num_epochs < 3:
            return "A sigmoid network starts so: train for some more epochs."
    return f"It does not move: try another learning rate than {lr:g}, or Xavier weights."


def _first_without_picture(net: nn.Module, X: Tensor) -> str | None:
    """Return the first layer of ``net`` that gives the same for every picture of ``X``, if any."""
    same: list[str] = []

    def note(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: object, output: object) -> None:
            if not isinstance(output, Tensor) or output.ndim < 2 or len(output) != len(X) < 2:
                return
            if bool((output == output[:1]).all()):
                same.append(f"layer {name!r} ({type(module).__name__})")

        return hook

    leaves = [(n, m) for n, m in net.named_modules() if n and next(m.children(), None) is None]
    hooks = [module.register_forward_hook(note(name)) for name, module in leaves]
    try:
        with evaluation_mode(net), torch.no_grad():
            net(X)
    finally:
        for hook in hooks:
            hook.remove()
    return same[0] if same else None


def _sums_to_one(y_hat: Tensor) -> bool:
    sums = y_hat.sum(dim=1)
    return bool((y_hat >= 0).all()) and torch.allclose(sums, torch.ones_like(sums), atol=1e-4)
