"""What PyTorch itself says of a network: the measure that the package is held to.

Nothing here uses the package. The training loop is the textbook's, the multiply-adds are those of
torch's own counter, and what a unit sees is found by trying it out.
"""

from __future__ import annotations

import copy
from collections import Counter
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

# The kinds of layers that have weights and make something to draw.
WEIGHTED = (nn.modules.conv._ConvNd, nn.Linear)


def plain_loop(net, train_iter, test_iter, num_epochs, lr):
    """Train with SGD and return (loss, training accuracy, test accuracy) of each epoch."""
    loss, rows = nn.CrossEntropyLoss(), []
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(num_epochs):
        net.train()
        total = right = count = 0
        for X, y in train_iter:
            optimizer.zero_grad()
            y_hat = net(X)
            step = loss(y_hat, y)
            step.backward()
            optimizer.step()
            total += step.item() * len(y)
            right += int((y_hat.argmax(1) == y).sum())
            count += len(y)
        net.eval()
        with torch.no_grad():
            test = [(int((net(X).argmax(1) == y).sum()), len(y)) for X, y in test_iter]
        rows.append(
            (total / count, right / count, sum(r for r, _ in test) / sum(n for _, n in test))
        )
    return rows


def multiply_adds(net, shape):
    """Return what torch's counter finds for one example of a batch of ``shape``.

    On the meta device and without the fused ways of evaluation: there it sees every operation,
    those of an LSTM and of a transformer too.
    """
    fast = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        net = copy.deepcopy(net).to("meta").eval()
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            net(torch.empty(shape, device="meta"))
    finally:
        torch.backends.mha.set_fastpath_enabled(fast)
    total = counter.get_total_flops()
    assert total % (2 * shape[0]) == 0
    return total // (2 * shape[0])


def calls(net, X, kinds=nn.Module):
    """Return (name, module, output) of every call of a module of ``kinds``, in order."""
    seen = []

    def note(name, module, out):  # a copy: the next layer may work in place
        seen.append((name, module, out.clone() if isinstance(out, torch.Tensor) else out))

    handles = [
        module.register_forward_hook(lambda m, _, out, name=name: note(name, m, out))
        for name, module in net.named_modules()
        if isinstance(module, kinds)
    ]
    try:
        with torch.no_grad():
            net(X)
    finally:
        for handle in handles:
            handle.remove()
    return seen


def is_layer(name, module):
    """Return whether a module computes by itself, and is not what makes another's weights."""
    inside = [child for child, _ in module.named_children()]
    return "parametrizations" not in name and inside in ([], ["parametrizations"])


@contextmanager
def left_alone(net):
    """Assert that the block leaves ``net`` and torch's random numbers as they were."""
    modes = [module.training for module in net.modules()]
    hooks = [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in net.modules()]
    state = copy.deepcopy(net.state_dict())
    grads = [parameter.grad is None for parameter in net.parameters()]
    lying = [parameter.stride() for parameter in net.parameters()]
    numbers = torch.get_rng_state()
    yield
    assert torch.equal(torch.get_rng_state(), numbers)
    assert [module.training for module in net.modules()] == modes
    assert [len(m._forward_hooks) + len(m._forward_pre_hooks) for m in net.modules()] == hooks
    assert [parameter.grad is None for parameter in net.parameters()] == grads
    assert [parameter.stride() for parameter in net.parameters()] == lying
    after = net.state_dict()
    assert list(after) == list(state)
    assert all(torch.equal(after[name], value) for name, value in state.items())


# ---------------------------------------------------------------- what a unit sees


def numbered(names):
    """Return each name with how often it came before: a layer may be called twice."""
    seen = Counter()
    for name in names:
        yield name, seen[name]
        seen[name] += 1


def seen_by_nan(net, shape):
    """Return, for every call that gives maps, which rows and columns reach which of its units.

    One picture for each row of pixels, and one for each column, filled with NaN there: whatever is
    computed from it becomes NaN. In float64, where convolutions are summed window by window.

    Returns:
        (name, how often it came before) -> (rows, columns): bool of shape (height of the picture,
        height of the maps), and the same for widths.
    """
    _, height, width = shape
    net = copy.deepcopy(net).double().eval()
    X = torch.rand(1, *shape, dtype=torch.float64).repeat(height + width, 1, 1, 1)
    for i in range(height):
        X[i, :, i] = torch.nan
    for i in range(width):
        X[height + i, :, :, i] = torch.nan
    made = calls(net, X)
    seen = {}
    for key, (*_, out) in zip(numbered(name for name, *_ in made), made, strict=True):
        if isinstance(out, torch.Tensor) and out.ndim == 4 and len(out) == len(X):
            touched = out.isnan().any(dim=1)
            seen[key] = touched[:height].any(dim=2), touched[height:].any(dim=1)
    return seen


def seen_by_gradient(net, shape, tries=3):
    """Return, for every call that gives maps, the pixels with a gradient to its middle unit.

    Unlike NaN, a gradient also passes through a grid of places to look at; but a dead ReLU or a
    maximum lets little through, so there may be more pixels than are found.

    Returns:
        (name, how often it came before) -> bool of shape (height, width).
    """
    net = copy.deepcopy(net).eval()
    made, found = [], {}
    for name, module in net.named_modules():
        module.register_forward_hook(lambda m, _, out, name=name: made.append((name, out)))
    for _ in range(tries):
        made.clear()
        X = torch.rand(1, *shape, requires_grad=True)
        net(X)
        for key, (_, out) in zip(numbered(name for name, _ in made), made, strict=True):
            if not isinstance(out, torch.Tensor) or out.ndim != 4 or len(out) != 1:
                continue
            middle = out[0, :, out.shape[2] // 2, out.shape[3] // 2].sum()
            (grad,) = torch.autograd.grad(middle, X, retain_graph=True, allow_unused=True)
            if grad is not None:
                found[key] = found.get(key, False) | (grad[0] != 0).any(dim=0)
    return found


def tried(function, *arguments, **options):
    """Return what ``function`` returns, or the ValueError with which it refuses."""
    try:
        return function(*arguments, **options)
    except ValueError as refusal:
        return refusal


def ends(places):
    """Return the first and the last place, along one axis, that is True; None if none is."""
    found = places.nonzero()
    return (int(found.min()), int(found.max())) if len(found) else None
