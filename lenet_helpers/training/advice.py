"""What there is to say about a run: how it ended, and why it may not have learned.

The advice is about the network at hand: it looks at what its layers and its output give.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from ..network.evaluation import evaluation_mode
from ..network.rows import some
from ..prose import counted

PLATEAU = 0.02  # a loss this near to ln(classes) has not moved from guessing
LARGE_INPUT = 20.0  # normalized pictures stay below it, bytes do not
MOST = 8  # names in one sentence
FAR = 2.0  # a loss above this many times that of guessing was driven away by too large steps
SMALL_RATE = 0.05  # below it, SGD leaves a sigmoid LeNet on its plateau for many epochs


def stopped(examples: int, epoch: float, num_epochs: float) -> str:
    """Return the note of a run that was stopped."""
    if examples == 0:
        return "Stopped by you before the first batch was done: nothing was trained."
    return (
        f"Stopped by you after {counted(examples, 'example')}, in epoch "
        f"{max(1, math.ceil(epoch))} of {num_epochs:g}."
    )


def diverged(loss: float | None, epoch: float, X: object = None) -> str:
    """Return the note of a loss that is no longer a number; ``X``: the last batch of inputs."""
    became = f"The loss became {loss} in epoch {math.ceil(epoch)} and cannot come back: training"
    if isinstance(X, Tensor) and not bool(X.isfinite().all()):
        return f"{became} stopped. The inputs have values that are infinite or NaN: look there."
    return f"{became} stopped. Lower the learning rate, or look for infinite inputs."


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


def untrained(layers: Sequence[str]) -> list[str]:
    """Return the note of layers that no gradient reached, if there are any."""
    if not layers:
        return []
    named = some([repr(name) if name else "its own parameters" for name in layers], MOST)
    return [
        f"Not trained: {named}. No gradient reached their weights: forward does not use them, or "
        "cuts them off, as .detach() and .numpy() do. They are as they were at the start."
    ]


def no_log_probabilities(loss: object, y_hat: Tensor) -> list[str]:
    """Return the note of ``nn.NLLLoss`` on scores ``y_hat`` that are no log-probabilities."""
    if not isinstance(loss, nn.NLLLoss) or bool((y_hat <= 0).all()):
        return []
    return [
        "nn.NLLLoss goes by log-probabilities, which are never above 0, and the network gives "
        f"{float(y_hat.max()):.3g}: this loss has no lowest value and says nothing. Let the "
        "network end in nn.LogSoftmax(dim=1), or take nn.CrossEntropyLoss()."
    ]


def advice_on(
    net: nn.Module,
    X: Tensor,
    y_hat: Tensor,
    loss: float,
    num_epochs: int,
    lr: float,
    *,
    kept_weights: bool = False,
) -> list[str]:
    """Return what a run that ended with ``loss`` gives reason to say; often nothing.

    Args:
        net: The network as it is now.
        X: The last batch of training inputs.
        y_hat: The scores that the network gave it, shape (N, classes).
        loss: The last mean training loss, in nats an example.
        num_epochs: How many epochs it was trained.
        lr: The learning rate.
        kept_weights: Whether it went on from weights that the network had.
    """
    classes = y_hat.shape[1]
    guessing = math.log(classes)
    if squeezed := _squeezed(y_hat):
        return [squeezed]
    if loss > FAR * guessing:
        highest = float(X.abs().max())
        why = (
            f"the inputs go up to {highest:.3g}. Bring them to 0 to 1: divide bytes by 255."
            if highest > LARGE_INPUT
            else f"the steps were too large. Lower the learning rate, lr={lr:g}."
        )
        return [
            f"The loss is {loss:.3g}, far above that of guessing (ln of {classes} classes = "
            f"{guessing:.3f}): {why}"
        ]
    if abs(loss - guessing) <= PLATEAU:
        return [
            f"The loss is still {loss:.3f}, that of guessing (ln of the number of classes = "
            f"{guessing:.3f}). {_why_still(net, X, num_epochs, lr, kept_weights)}"
        ]
    return []


def _squeezed(y_hat: Tensor) -> str | None:
    """Return what is wrong with scores of several classes that cannot grow; None: nothing."""
    if not bool((y_hat >= 0).all() and (y_hat <= 1).all()):
        return None
    for dim, where in ((1, ""), (0, " over the batch, and not over the classes")):
        sums = y_hat.sum(dim=dim)
        if torch.allclose(sums, torch.ones_like(sums), atol=1e-4):
            return (
                f"The outputs sum to 1{where}: the network ends in a softmax, and the loss makes a "
                "second one, so that it can hardly fall. Let the network end in the scores "
                "(logits)."
            )
    if not bool((y_hat > 0).all() and (y_hat < 1).all()):
        return None
    least = math.log(math.e + y_hat.shape[1] - 1) - 1
    return (
        "The outputs all lie from 0 to 1, as after a sigmoid: the loss makes shares of them, and "
        f"with such outputs it cannot fall below {least:.3f}. Let the network end in the scores "
        "(logits)."
    )


def _why_still(net: nn.Module, X: Tensor, num_epochs: int, lr: float, kept_weights: bool) -> str:
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
    weights = ", or Xavier weights (keep_weights=False)" if kept_weights else ""
    more = ", or train for some more epochs" if num_epochs < 3 else ""
    return f"It does not move: try another learning rate than {lr:g}{weights}{more}."


def _first_without_picture(net: nn.Module, X: Tensor) -> str | None:
    """Return the first layer of ``net`` that gives the same for every picture of ``X``, if any."""
    same: list[str] = []

    def note(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: object, output: object) -> None:
            if not isinstance(output, Tensor) or output.ndim < 2 or not 2 <= len(output) == len(X):
                return  # one picture is always the same as itself
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
