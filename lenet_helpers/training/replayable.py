"""What may be recorded and replayed: a step that computes, and does nothing besides.

A replay repeats kernels, not Python. A network that prints, counts, keeps what it sees, or decides
by chance would do so once, and never again. So a network that is not made of PyTorch's own layers
is read first, and one step is watched. In doubt the answer is no: that costs time only.
"""

from __future__ import annotations

import builtins
import dis
from collections.abc import Iterable, Iterator, Mapping
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _python_dispatch
from torch.utils._python_dispatch import TorchDispatchMode

from ..data.batches import TensorBatches
from .ways import is_compiled, way_of

KNOWN = ("torch.nn.modules.", "torch.nn.utils.", "torchvision.")  # layers that only compute
# What a forward method may call of Python's own.
HARMLESS = {
    *("bool", "float", "int", "str", "list", "tuple", "type", "range", "super"),
    *("enumerate", "hasattr", "isinstance", "len", "max", "min", "reversed", "sum", "zip"),
}
# Where PyTorch keeps the hooks of all modules.
OF_ALL = [f"_global_{way}_{when}hooks" for way in ("forward", "backward") for when in ("", "pre_")]


def may_be_recorded(
    net: nn.Module, optimizer: torch.optim.Optimizer, batches: object, device: torch.device
) -> bool:
    """Return True if nothing is known that speaks against recording a training step.

    The batches are on the GPU, the network is there as a whole and only computes, the optimiser is
    one of PyTorch's that can be recorded; it is told so.
    """
    tensors = [*net.parameters(), *net.buffers()]
    return (
        device.type == "cuda"
        and isinstance(batches, TensorBatches)
        and len({tensor.device for tensor in tensors}) == 1
        and not torch.is_anomaly_enabled()
        and _python_dispatch._get_current_dispatch_mode() is None  # somebody counts operations
        and only_computes(net)
        and _prepare(optimizer)
    )


def may_be_noted(net: nn.Module, batches: object, device: torch.device) -> bool:
    """Return True if nothing is known that speaks against noting the operations of a step."""
    return (
        device.type == "cpu"
        and isinstance(batches, TensorBatches)
        and not torch.is_anomaly_enabled()
        and not torch.is_autocast_enabled("cpu")
        and not is_compiled(net)
        and only_computes(net)
    )


def only_computes(net: nn.Module) -> bool:
    """Return True if one can see that ``net`` does nothing but compute."""
    hooked = any(
        getattr(tensor, hooks, None)
        for tensor in net.parameters()
        for hooks in ("_backward_hooks", "_post_accumulate_grad_hooks")
    )
    return not hooked and all(_is_plain(module) for module in net.modules())


def _prepare(optimizer: torch.optim.Optimizer) -> bool:
    """Tell ``optimizer`` to keep its numbers on the GPU; False: it cannot be recorded."""
    kind = type(optimizer)
    hooked = optimizer._optimizer_step_pre_hooks or optimizer._optimizer_step_post_hooks
    if not kind.__module__.startswith("torch.optim.") or "step" in vars(optimizer) or hooked:
        return False
    if kind is torch.optim.SGD:
        return True
    if any("capturable" not in group for group in optimizer.param_groups):
        return False
    for group in optimizer.param_groups:
        group["capturable"] = True
    # It would warn, once, that it is prepared and yet does a step without a recording.
    optimizer._warned_capturable_if_run_uncaptured = True
    return True


def has_hooks(module: nn.Module) -> bool:
    """Return True if hooks see, or change, what goes through ``module``: its own, or those of all.

    Source: ``torch.nn.Module`` looks at the same ones in each call.
    """
    passes = ("_forward", "_backward")
    own = any(kept for name, kept in vars(module).items() if name.startswith(passes))
    return own or any(getattr(nn.modules.module, name) for name in OF_ALL)


# ---------------------------------------------------------------- reading a network


def _is_plain(module: nn.Module) -> bool:
    changed = "forward" in vars(module) and way_of(module) is None  # by somebody else
    if has_hooks(module) or changed:
        return False
    kind = type(module)
    if f"{kind.__module__}.".startswith(KNOWN):
        return True
    special = ("__call__", "__getattr__", "__getattribute__", "__setattr__")
    if any(getattr(kind, name) is not getattr(nn.Module, name) for name in special):
        return False
    return _only_computes(kind.forward, module, set())


def _only_computes(function: object, module: nn.Module, read: set[CodeType]) -> bool:
    """Return True if the code of ``function``, called by ``module``, can only compute."""
    if not isinstance(function, FunctionType):
        return False
    if str(function.__module__).startswith("torch."):
        return True
    if function.__code__ in read:
        return True
    read.add(function.__code__)
    cells = set(function.__code__.co_freevars) - {"__class__"}
    return not cells and all(
        _is_harmless(instruction, function, module, read)
        for code in _nested(function.__code__)
        for instruction in dis.get_instructions(code)
    )


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)


def _is_harmless(
    instruction: dis.Instruction, function: FunctionType, module: nn.Module, read: set[CodeType]
) -> bool:
    name, value = instruction.opname, instruction.argval
    if name.startswith(("STORE_", "DELETE_")):  # into anything but a variable of the function
        return "_FAST" in name
    if name.startswith("IMPORT_"):
        return False
    if name in ("LOAD_GLOBAL", "LOAD_NAME"):
        missing = getattr(builtins, value, None)
        return _may_be_used(function.__globals__.get(value, missing), module, read)
    if name in ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR"):
        return _attribute_may_be_used(value, module, read)
    return True


def _attribute_may_be_used(name: str, module: nn.Module, read: set[CodeType]) -> bool:
    if isinstance(getattr(type(module), name, None), property):
        return False  # asking for it would run code
    if hasattr(module, name) and not hasattr(nn.Module, name):
        return _may_be_used(getattr(module, name), module, read)
    of_torch = (Tensor, torch, nn, nn.functional, torch.Size)
    return name == "forward" or any(hasattr(owner, name) for owner in of_torch)


def _may_be_used(value: object, module: nn.Module, read: set[CodeType]) -> bool:
    """Return True if what a name stands for is a constant, part of PyTorch, or only computes."""
    if isinstance(value, int | float | str | None | Tensor | nn.Module | torch.dtype):
        return True
    if isinstance(value, tuple | list):  # what grows a list has been refused: append is no tensor's
        return all(_may_be_used(part, module, read) for part in value)
    if isinstance(value, ModuleType):
        return value.__name__.split(".")[0] == "torch"
    if isinstance(value, type):
        of_torch = value.__module__.split(".")[0] == "torch"
        return of_torch or issubclass(value, Exception) or _is_builtin(value)
    if isinstance(value, MethodType):
        value = value.__func__
    if isinstance(value, FunctionType):
        return _only_computes(value, module, read)
    if isinstance(value, BuiltinFunctionType):
        return _is_builtin(value) or value.__qualname__.startswith("_VariableFunctions")
    return False


def _is_builtin(value: Any) -> bool:  # noqa: ANN401 # a function or a class
    return value.__name__ in HARMLESS and getattr(builtins, value.__name__) is value


# ---------------------------------------------------------------- watching a step


class Watch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """A block that is watched: does it read results back, or compute anywhere else?

    Reading a number of a GPU (``loss.item()``, ``if x.max() > 1``) makes Python wait and decide: a
    replay would keep the first decision. So would a number that Python draws or keeps on the CPU.

    Args:
        device: Where everything should be computed.
    """

    def __init__(self, device: torch.device) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._kind = device.type
        self.replayable = True  # so far

    def __torch_dispatch__(
        self,
        func: Any,  # noqa: ANN401 # an operation; PyTorch has no public type for it
        types: object,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Call ``func``, and look at it."""
        named = dict(kwargs or {})
        result = func(*args, **named)
        self.see(func, args, named, result)
        return result

    def see(
        self,
        func: Any,  # noqa: ANN401
        args: tuple[Any, ...],
        named: dict[str, Any],
        result: Any,  # noqa: ANN401
    ) -> None:
        """Note what speaks against a replay of ``func``, which has given ``result``."""
        reads = {torch.Tag.data_dependent_output, torch.Tag.dynamic_output_shape}
        seen = tensors_in([args, list(named.values()), result])
        if reads & set(func.tags) or any(tensor.device.type != self._kind for tensor in seen):
            self.replayable = False


def tensors_in(values: Iterable[object]) -> Iterator[Tensor]:
    """Yield the tensors among ``values``, and in lists of them."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, tuple | list):
            yield from tensors_in(value)
