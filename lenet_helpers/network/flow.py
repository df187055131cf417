"""Who feeds whom: a batch goes through a network, and every operation on it is noted.

A hook on every layer tells when it begins and ends. In between torch hands each operation to a
:class:`Recorder`, with the tensors that it reads and those that it makes; so it is known of every
tensor which layers, and which steps in ``forward`` outside of any layer, have made it. Nothing is
guessed from the order in which layers were defined or called.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.weak import WeakTensorKeyDictionary

from .counting import flops, in_single_operations, is_pointwise, name_of, tensors_in
from .seeing import SAME_NUMBERS, Sees, at_the_input, sees_after

Shape = tuple[int, ...]
NOTHING = "None: its forward returns nothing. Is a return missing?"
LEAVING = ("numpy", "__array__", "tolist")  # ways out of torch, where no tensor is followed


@dataclass(eq=False)
class Call:
    """A layer that was called, a step in ``forward`` outside of any layer, or an input.

    Args:
        kind: Which of these.
        name: The layer's name in the network, or that of the function that ``forward`` called.
        module: The layer.
        sources: The calls whose results it takes.
        input_shape: The shape of the first tensor that it takes.
        output_shape: The shape of what it gives; () if that is no tensor.
        flops: What torch's counter counts for it: two for each multiply-add.
        unknown: Operations in it that the counter does not know.
        sees: What the numbers that it gives see of the input.
        computes: Whether it makes other numbers than it takes, or puts them in another order.
    """

    kind: Literal["input", "layer", "step"]
    name: str
    module: nn.Module | None = None
    sources: tuple[Call, ...] = ()
    input_shape: Shape = ()
    output_shape: Shape = ()
    flops: int = 0
    unknown: list[str] = field(default_factory=list)
    sees: Sees = None
    computes: bool = False

    @property
    def label(self) -> str:
        """What to call it in a sentence: its name, or its class if it is the whole network."""
        return repr(self.name) if self.name else type(self.module).__name__

    def takes(self, origins: Iterable[Origin]) -> None:
        """Add the calls that made ``origins`` to the sources."""
        calls = [call for origin in origins for call in origin.calls if call is not self]
        self.sources = tuple(dict.fromkeys([*self.sources, *calls]))


@dataclass(frozen=True)
class Origin:
    """Which calls made a tensor, and what its numbers see of the input."""

    calls: tuple[Call, ...]
    sees: Sees


def layers_of(net: nn.Module) -> dict[str, nn.Module]:
    """Return the layers of ``net`` by name: the modules that call no modules in turn.

    A parametrization computes the weights of the module that has it, and an attention reads the
    weights of the layer in it. A network without modules is one layer.
    """
    found: dict[str, nn.Module] = {}
    for name, module in net.named_modules():
        inside = any(outer == "" or name.startswith(f"{outer}.") for outer in found)
        if not inside and _is_layer(module):
            found[name] = module
    return found


def _is_layer(module: nn.Module) -> bool:
    if isinstance(module, nn.MultiheadAttention):
        return True
    if isinstance(module, nn.ModuleList | nn.ModuleDict | nn.ParameterList | nn.ParameterDict):
        return False  # they hold what others call
    return all(name == "parametrizations" for name, _ in module.named_children())


class Recorder(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """What happens while a batch goes through a network.

    Args:
        net: The network.
        inputs: What it gets.
    """

    supports_higher_order_operators = True

    def __init__(self, net: nn.Module, inputs: Sequence[Tensor]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.net, self.inputs = net, inputs
        self.calls: list[Call] = []
        self.used: dict[int, nn.Parameter] = {}  # by identity: what operations read
        self.failed: tuple[Exception, Call] | None = None
        self.no_tensor = ""  # in words, the last module that gave something else
        self._running: list[Call] = []  # the layers that have begun and not ended
        self._function: Call | None = None  # what forward has called outside of layers
        self._known: Any = WeakTensorKeyDictionary()
        self._outside_torch: Origin | None = None
        for i, x in enumerate(inputs):
            name = f"input {i}" if len(inputs) > 1 else "input"
            call = Call("input", name, output_shape=tuple(x.shape), sees=at_the_input(inputs))
            self.calls.append(call)
            self._known[x] = Origin((call,), call.sees)

    def run(self) -> object:
        """Send the inputs through the network, and return what it gives."""
        modes = in_single_operations(self.net), _not_compiled(), self._hooked(), _Functions(self)
        with ExitStack() as stack:
            for mode in (*modes, self):
                stack.enter_context(mode)
            return self.net(*self.inputs)

    @contextmanager
    def _hooked(self) -> Iterator[None]:
        """Hook every layer, and take the hooks away again whatever happens."""
        with ExitStack() as stack:
            for name, layer in layers_of(self.net).items():
                enter, leave = partial(self._enter, name), self._leave
                for handle in (
                    layer.register_forward_pre_hook(enter, with_kwargs=True),
                    layer.register_forward_hook(leave, with_kwargs=True, always_call=True),
                ):
                    stack.callback(handle.remove)
            for name, module in self.net.named_modules():
                hook = module.register_forward_hook(partial(_note_no_tensor, self, name))
                stack.callback(hook.remove)
            yield

    # ------------------------------------------------------------ layers, told by their hooks

    def _enter(self, name: str, module: nn.Module, args: object, kwargs: object) -> None:
        call = Call("layer", name, module)
        tensors = list(tensors_in([args, kwargs]))
        call.takes(self._origins(tensors))
        call.input_shape = tuple(tensors[0].shape) if tensors else ()
        self.calls.append(call)
        self._running.append(call)

    def _leave(self, module: nn.Module, args: object, kwargs: object, output: Any) -> Any:  # noqa: ANN401
        call, error = self._running[-1], sys.exception()
        if output is None and isinstance(error, Exception):
            self._running.pop()
            self.calls.remove(call)
            self._note_failure(error, call)
            return None
        given, fresh = list(tensors_in([args, kwargs])), None
        if isinstance(output, Tensor):
            if any(output is x for x in given) and self._calls_of(output) != (call,):
                # The very tensor that came in, as from Dropout: from here on it has a name of its
                # own, since others may take it as it was before.
                output = fresh = output.detach()
            call.output_shape = tuple(output.shape)
            call.sees = self._known[output].sees if output in self._known else None
        for x in tensors_in(output):
            self._known[x] = Origin((call,), self._known[x].sees if x in self._known else None)
        self._running.pop()
        return fresh

    # ------------------------------------------------------------ functions, called by forward

    def call(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:  # noqa: ANN401
        """Call a function of torch for ``forward``: what it does is one step."""
        if self._running:
            return function(*args, **kwargs)
        step, before = Call("step", _written(function)), self._function
        self._function = step
        try:
            out = function(*args, **kwargs)
        except Exception as error:
            step.takes(self._origins(tensors_in([args, kwargs])))
            self._note_failure(error, step)
            raise
        finally:
            self._function = before
        for x in tensors_in(out):
            if self._calls_of(x) == (step,):
                step.output_shape, step.sees = tuple(x.shape), self._known[x].sees
                break
        if step.name in LEAVING and (origins := self._origins(tensors_in([args, kwargs]))):
            step.takes(origins)
            step.output_shape, self._outside_torch = tuple(args[0].shape), Origin((step,), None)
            self.calls.append(step)
        return out

    def _note_failure(self, error: Exception, call: Call) -> None:
        if self.failed is None or self.failed[0] is not error:
            self.failed = error, call

    # ------------------------------------------------------------ operations, told by torch

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False  # else torch loads its compiler to leave this out: that takes seconds

    def __torch_dispatch__(
        self,
        func: Any,  # noqa: ANN401
        types: Any,  # noqa: ANN401
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Do one operation, and note it."""
        kwargs = kwargs or {}
        if torch.is_inference_mode_enabled():  # only there torch hands on operations made of others
            with self:
                parts = func.decompose(*args, **kwargs)
            if parts is not NotImplemented:
                return parts
        out = func(*args, **kwargs)
        self._note(func, args, kwargs, out)
        return out

    def _note(self, func: Any, args: Any, kwargs: Any, out: object) -> None:  # noqa: ANN401
        read, made, name = list(tensors_in([args, kwargs])), list(tensors_in(out)), name_of(func)
        cost = flops(func, args, kwargs, out)
        written = _written_by(func, args, kwargs)
        self.used |= {id(p): p for p in _parameters(read) if not any(p is w for w in written)}
        by_shape = name.startswith("new_") or name.endswith("_like")
        origins = [] if by_shape else self._origins(read)
        if not origins and cost == 0:
            return  # a constant
        call = self._running[-1] if self._running else None
        keeps = _keeps_the_numbers(name, read, made)
        if call is None and not keeps:
            call = self._step(name, read, made)
            call.takes(origins)
        if call is not None:
            call.computes |= not keeps
            call.flops += cost or 0
            call.unknown += [name] if cost is None else []
        if not origins:
            return  # work on constants
        passed = tuple(dict.fromkeys(c for origin in origins for c in origin.calls))
        pairs = [(x, self._known[x].sees) for x in read if x in self._known]
        for x in made:
            rewritten = any(x is w for w in written)
            calls = (call,) if call and (rewritten or not self._running) else passed
            sees = sees_after(func, args, pairs, x) if len(pairs) == len(origins) else None
            self._known[x] = Origin(calls, sees)
        if written:
            self._others_changed(written, made, (call,) if call else passed, is_pointwise(func))

    def _others_changed(
        self, written: list[Tensor], made: list[Tensor], calls: tuple[Call, ...], pointwise: bool
    ) -> None:
        """Note that tensors which share the memory of those ``written`` have changed too."""
        memory = {x.untyped_storage()._cdata for x in written if x.layout is torch.strided}
        for x, origin in list(self._known.items()):
            shared = x.layout is torch.strided and x.untyped_storage()._cdata in memory
            if shared and not any(x is m for m in made):
                self._known[x] = Origin(calls, origin.sees if pointwise else None)

    def _step(self, name: str, read: list[Tensor], made: list[Tensor]) -> Call:
        step = self._function or Call("step", name.removeprefix("_").removesuffix("_"))
        if step not in self.calls:
            self.calls.append(step)
            step.input_shape = tuple(read[0].shape) if read else ()
        if made:
            step.output_shape = tuple(made[0].shape)
        return step

    def _origins(self, tensors: Iterable[Tensor]) -> list[Origin]:
        """Return where ``tensors`` come from, without those that do not depend on the input."""
        found = [(x, self._known.get(x)) for x in tensors]
        if self._outside_torch is not None:
            own = {id(x) for x in (*self.net.parameters(), *self.net.buffers())}
            found = [(x, o or (None if id(x) in own else self._outside_torch)) for x, o in found]
        return [origin for _, origin in found if origin is not None]

    def _calls_of(self, x: Tensor) -> tuple[Call, ...]:
        origin = self._known.get(x)
        return () if origin is None else origin.calls


def _note_no_tensor(
    flow: Recorder, name: str, module: nn.Module, args: object, output: object
) -> None:
    """Note in words that ``module`` gave no tensor, if it did not."""
    if not isinstance(output, Tensor):
        who = f"{name!r} ({type(module).__name__})" if name else type(module).__name__
        gave = f"a {type(output).__name__}, and no tensor." if output is not None else NOTHING
        flow.no_tensor = f"{who} gave {gave}"


class _Functions(TorchFunctionMode):
    """Tells a recorder which functions of torch ``forward`` calls, under the names used there."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self.recorder = recorder

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,  # noqa: ANN401
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        return self.recorder.call(func, args, kwargs or {})


def _written(function: Callable[..., Any]) -> str:
    """Return the name of a function as a student knows it."""
    name = getattr(function, "__name__", "")
    if name == "__get__":  # an attribute, such as x.T
        name = getattr(getattr(function, "__self__", None), "__name__", name)
    if name in LEAVING:
        return name
    name = name.split(".")[0].strip("_")
    return {"getitem": "x[...]", "setitem": "x[...] =", "rsub": "sub"}.get(name, name)


def _keeps_the_numbers(name: str, read: Sequence[Tensor], made: Sequence[Tensor]) -> bool:
    """Return whether an operation gives the numbers that it reads, in the same order."""
    return (
        name in SAME_NUMBERS
        and made[0].numel() == read[0].numel()
        and made[0].dtype == read[0].dtype
    )


def _parameters(tensors: Iterable[Tensor]) -> Iterator[nn.Parameter]:
    return (x for x in tensors if isinstance(x, nn.Parameter))


def _written_by(func: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> list[Tensor]:  # noqa: ANN401
    """Return the tensors that an operation writes into."""
    schema = getattr(func, "_schema", None)
    if schema is None or not schema.is_mutable:
        return []
    named = {**{a.name: value for a, value in zip(schema.arguments, args, strict=False)}, **kwargs}
    changed = [a.name for a in schema.arguments if a.alias_info and a.alias_info.is_write]
    return list(tensors_in([named.get(name) for name in changed]))


def _not_compiled() -> AbstractContextManager[Any]:
    """Let compiled parts run as they were written; what has been compiled cannot be followed."""
    loaded = "torch._dynamo" in sys.modules  # else nothing is compiled, and it takes a second
    return torch.compiler.set_stance("force_eager") if loaded else nullcontext()
