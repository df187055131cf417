"""The multiply-adds of one operation, as torch's own counter has them.

``torch.utils.flop_counter`` knows the products of matrices, the convolutions and the attentions; it
counts a multiplication and its addition as two. Additions of a bias, activations, poolings and
normalizations count as nothing, there and here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import flop_registry

T = TypeVar("T")
# Operations that read several tensors of numbers, and add no products of theirs.
# Pointwise operations without that tag: in all versions, and in older ones, those in place too.
UNTAGGED = {
    *("hardswish", "_prelu_kernel", "log_sigmoid_forward"),
    *("celu", "elu", "hardsigmoid", "hardtanh", "ldexp", "leaky_relu", "selu"),
}
NO_PRODUCTS = ("cat", "stack", "copy", "where", "norm", "scatter", "index_", "prelu", "rrelu")


def found_in(value: object, kind: type[T]) -> Iterator[T]:
    """Yield what is of ``kind`` in ``value``: in tuples, lists and dicts, however deep."""
    if isinstance(value, kind):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from found_in(part, kind)
    elif isinstance(value, Mapping):
        yield from found_in(list(value.values()), kind)


def tensors_in(value: object) -> Iterator[Tensor]:
    """Yield the tensors in ``value``: in tuples, lists and dicts, however deep."""
    return found_in(value, Tensor)


def name_of(operation: Any) -> str:  # noqa: ANN401 (torch has two kinds of operations)
    """Return the short name of an operation of torch, for example "convolution"."""
    return str(getattr(operation, "overloadpacket", operation).__name__)


def is_pointwise(operation: Any) -> bool:  # noqa: ANN401
    """Return whether an operation makes each number from the numbers at its own place alone."""
    tagged = torch.Tag.pointwise in getattr(operation, "tags", ())
    return tagged or name_of(operation).removesuffix("_") in UNTAGGED


def flops(
    operation: Any,  # noqa: ANN401
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    out: object,
) -> int | None:
    """Return two for each multiply-add of ``operation``; None if torch's counter cannot tell."""
    formula = flop_registry.get(getattr(operation, "overloadpacket", operation))
    if formula is not None:
        return int(formula(*args, **kwargs, out_val=out))
    return None if _may_add_products(operation, [args, kwargs], out) else 0


def _may_add_products(operation: Any, read: object, out: object) -> bool:  # noqa: ANN401
    """Return whether an operation without a formula may add up products of what it reads."""
    name = name_of(operation)
    numbers = [_has_fractions(x) for x in tensors_in(read)]
    if not any(numbers) or not any(_has_fractions(x) for x in tensors_in(out)):
        return False
    if getattr(operation, "namespace", "") != "aten" or "_fft" in name:
        return True
    if is_pointwise(operation) or any(word in name for word in NO_PRODUCTS):
        return False
    return sum(numbers) > 1


def _has_fractions(x: Tensor) -> bool:
    return x.is_floating_point() or x.is_complex()


@contextmanager
def in_single_operations(net: nn.Module) -> Iterator[None]:
    """Keep torch from computing whole layers in one operation, into which no counter can look.

    It does so for attention, for a layer of a transformer, and for the recurrent layers.
    """
    fast = torch.backends.mha.get_fastpath_enabled()
    with ExitStack() as stack:
        torch.backends.mha.set_fastpath_enabled(False)
        stack.callback(torch.backends.mha.set_fastpath_enabled, fast)
        stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        if any(isinstance(module, nn.RNNBase) for module in net.modules()):
            stack.enter_context(torch.backends.cudnn.flags(enabled=False))
            stack.enter_context(warnings.catch_warnings())
            warnings.simplefilter("ignore")  # of settings that this machine does not have
            stack.enter_context(torch.backends.mkldnn.flags(enabled=False))
        yield
