"""Fresh weights for any network, and the way back to what it had before."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn.parameter import UninitializedBuffer, UninitializedParameter, is_lazy
from torch.nn.utils import parametrize

from ..network.evaluation import Inputs, evaluation_mode
from ..network.models import xavier_init
from ..network.table import name_cause


def fresh_weights(net: nn.Module) -> None:
    """Give ``net`` new values, as if it had just been made and ``xavier_init`` applied.

    Every module that can reset itself is reset; dense layers and convolutions get Xavier weights
    then. What cannot be reset, such as an ``nn.Parameter`` of a class of its own, gets the value
    that it had when this was first called for it. So the same random numbers give the same network
    each time.

    A frozen parameter (``requires_grad`` is False) keeps its value: it was frozen to stay as it is.
    Where all parameters of a module are frozen, its buffers stay too.

    The random numbers drawn are those of building the network and applying ``xavier_init``, frozen
    or not.
    """
    frozen = [(tensor, tensor.detach().clone()) for tensor in _frozen(net)]
    for module in net.modules():
        own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
        versions = [tensor._version for tensor in own]  # counts the changes of a tensor's values
        for name in ("reset_parameters", "_reset_parameters"):  # attention has the second name
            reset = getattr(module, name, None)
            if callable(reset):
                reset()
                break
        for tensor, version in zip(own, versions, strict=True):
            if tensor._version == version:
                _first_value(tensor)
    net.apply(_xavier)
    with torch.no_grad():
        for tensor, value in frozen:
            tensor.copy_(value)


def _frozen(net: nn.Module) -> Iterator[Tensor]:
    """Yield what of ``net`` is to stay as it is."""
    for module in net.modules():
        own = list(module.parameters(recurse=False))
        still = [p for p in own if not p.requires_grad and not is_lazy(p)]
        yield from still
        if still and len(still) == len(own):
            yield from module.buffers(recurse=False)


def _first_value(tensor: Tensor) -> None:
    """Give ``tensor`` the value that it had when this was first called for it."""
    first: Tensor | None = getattr(tensor, "_first_value", None)
    if first is None:
        tensor._first_value = tensor.detach().clone()  # type: ignore[attr-defined]
    else:
        with torch.no_grad():
            tensor.copy_(first)


def _xavier(module: nn.Module) -> None:
    if not parametrize.is_parametrized(module, "weight"):
        xavier_init(module)
    elif isinstance(module, nn.Linear | nn.Conv2d):
        # Its weight is computed from others: a change in place would be lost.
        drawn = nn.init.xavier_uniform_(torch.empty_like(module.weight))
        with contextlib.suppress(RuntimeError):  # those that cannot be found have their first value
            module.weight = drawn


def has_lazy_parameters(net: nn.Module) -> bool:
    """Return True if a layer of ``net`` does not know its sizes before the first batch."""
    return any(is_lazy(tensor) for tensor in [*net.parameters(), *net.buffers()])


def materialize(net: nn.Module, X: Inputs) -> None:
    """Let ``X`` go through ``net`` once, so that its lazy layers know their sizes.

    Raises:
        LayerShapeError: a layer does not fit what reaches it.
    """
    with evaluation_mode(net), torch.no_grad():
        try:
            net(X)
        except Exception as error:
            if isinstance(X, Tensor):
                name_cause(net, X, error)
            raise


class Snapshot:
    """The values of a network at one moment, and the modes of its modules.

    Args:
        net: The network.
    """

    def __init__(self, net: nn.Module) -> None:
        self._net = net
        self._modes = [(module, module.training) for module in net.modules()]
        self._values = {
            name: tensor.detach().clone()
            for name, tensor in self._tensors()
            if not isinstance(tensor, UninitializedParameter | UninitializedBuffer)
        }

    def restore(self) -> None:
        """Give the network these values again, each where it was; gradients are dropped."""
        for module, training in self._modes:
            module.training = training
        with torch.no_grad():
            for name, tensor in self._tensors():
                value = self._values.get(name)
                if value is not None and value.device == tensor.device:
                    tensor.copy_(value)  # it lies in memory as it lies now
                elif value is not None:
                    tensor.data = value.clone()
                tensor.grad = None

    def _tensors(self) -> list[tuple[str, Tensor]]:
        return [*self._net.named_parameters(), *self._net.named_buffers()]
