"""The layers of a network as one table: output shape, parameters, multiply-adds, and why.

The table is measured: a batch of zeros goes through the network, and every layer and every step
between layers is noted. A layer that does not fit is named, with what it expected, what it got, and
the number that would fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from ..checks import whole_number
from ..prose import counted, wrapped
from .evaluation import Inputs, evaluation_mode
from .flow import Call, Recorder, Shape
from .layers import how_it_came_about
from .misfits import what_misfits
from .notes import examples_in, notes_on, numbers_in
from .rows import LayerRow, LayerTable, work_of

WANTS_WHOLE = "Long"  # stands in what torch says where it wants whole numbers


class LayerShapeError(ValueError):
    """A layer does not fit what reaches it; the message says which, why, and what would fit.

    Args:
        message: What is wrong, and the fix.
        table: The layers that did fit, up to there.
    """

    def __init__(self, message: str, table: LayerTable) -> None:
        fitted = f"\n\nThe layers before it fit:\n{table}" if table.rows else ""
        super().__init__(message + fitted)
        self._shown = wrapped(f"LayerShapeError: {message}") + fitted
        self.table = table

    def _render_traceback_(self) -> list[str]:
        # IPython shows this in place of a stack of calls inside torch, which explains nothing.
        return [self._shown, *getattr(self, "__notes__", ())]


def layer_table(
    net: nn.Module,
    input_shape: Sequence[int] | Sequence[Sequence[int]],
    *,
    dtype: torch.dtype | Sequence[torch.dtype] | None = None,
) -> LayerTable:
    """Send zeros of ``input_shape`` through ``net`` and return a row for each layer.

    ``net`` is left as it was: its weights, the mode of every module, its hooks, and the random
    numbers of the CPU and of its GPU. (Lazy layers take their sizes from ``input_shape``.)

    Multiply-adds are those of ``torch.utils.flop_counter``, for one example. A receptive field is
    how many pixels a unit sees, and the jump how far the next unit's field is away.

    Args:
        net: The network, on any device. Each module without modules of its own is a layer.
        input_shape: The shape of a batch, for example (1, 1, 28, 28); for a network of several
            inputs a sequence of shapes, for example [(1, 5), (1, 7)].
        dtype: The type of the zeros, for example torch.long for an embedding, or one for each
            input. None: the type of the network's parameters.

    Raises:
        TypeError: ``net`` is no network, or ``input_shape`` no sequence of whole numbers.
        ValueError: ``input_shape`` is empty, or a side is below 1; or not a dtype for each input.
        LayerShapeError: a layer does not fit. Any other error is passed on as it was.
    """
    if not isinstance(net, nn.Module):
        made = f"{net.__name__}()" if isinstance(net, type) else "LeNet()"
        raise TypeError(f"net={net!r} is no network: give a module that is made, such as {made}.")
    net = _as_written(net)
    shapes = _shapes(input_shape)
    inputs = _zeros(net, shapes, dtype)
    given = "input" if len(shapes) == 1 else "inputs"
    title = f"{type(net).__name__}, {given} {', '.join(map(str, shapes))}"
    flow = Recorder(net, inputs)
    # A forward may draw random numbers even in evaluation mode, for example by F.dropout(x).
    gpus = [inputs[0].device] if inputs[0].device.type == "cuda" else []
    with evaluation_mode(net), torch.random.fork_rng(gpus), torch.no_grad():
        try:
            output = flow.run()
        except Exception as error:
            message = what_misfits(net, flow, error)
            if message is None:  # not a matter of shapes: it passes as it is
                if dtype is None and WANTS_WHOLE in str(error):
                    error.add_note("For whole numbers as input write dtype=torch.long.")
                if flow.no_tensor and isinstance(error, TypeError | AttributeError):
                    error.add_note(f"Before that, {flow.no_tensor}")
                raise
            examples, axis, _ = examples_in(shapes[0], flow.calls, None)
            fitted = _table(title, None, flow.calls, examples, axis)
            raise LayerShapeError(message, fitted) from error
    examples, axis, note = examples_in(shapes[0], flow.calls, output)
    notes = [*([note] if note else []), *notes_on(net, flow, None if note else examples)]
    return _table(title, net, flow.calls, examples, axis, notes)


def name_cause(net: nn.Module, X: Inputs, error: Exception) -> None:
    """Say why ``net`` failed on ``X`` with ``error``, where that can be told.

    What can be told beside the error becomes a note of it.

    Raises:
        LayerShapeError: a layer does not fit what reaches it; from ``error``.
    """
    if not isinstance(X, Tensor):
        if isinstance(error, TypeError | AttributeError):
            error.add_note(
                f"A batch has {counted(len(X), 'input')}, and they reach net as one list: let "
                "forward take the list, forward(self, inputs)."
            )
        return
    kinds = (p.dtype for p in net.parameters() if p.is_floating_point())
    own = next(kinds, X.dtype)
    dtype: torch.dtype | None = X.dtype
    if X.is_floating_point() and WANTS_WHOLE in str(error):
        error.add_note(
            f"The inputs are {X.dtype}, and a layer wants whole numbers. Convert them, X.long()."
        )
    if own != X.dtype and isinstance(error, RuntimeError) and "type" in str(error):
        dtype = None  # does the rest fit, with inputs of the right type?
        bytes_too = ", and bytes from 0 to 255 to 0 to 1: X / 255" if X.dtype == torch.uint8 else ""
        error.add_note(
            f"The inputs are {X.dtype}, and the network computes in {own}. Convert them, "
            f"X.to({own}){bytes_too}."
        )
    try:
        layer_table(net, tuple(X.shape), dtype=dtype)
    except LayerShapeError as misfit:
        raise misfit from error
    except Exception as again:  # zeros of that shape fail too, and not because of it
        if type(again) is type(error):
            for note in getattr(again, "__notes__", ()):
                error.add_note(note)


def _as_written(net: nn.Module) -> nn.Module:
    """Return the network that torch.compile was given; what TorchScript has made is refused."""
    for name, module in net.named_modules():
        if isinstance(module, torch.jit.ScriptModule):
            which = f"its layer {name!r} is" if name else "it is"
            raise TypeError(
                f"net={type(net).__name__}: {which} traced or scripted, and what TorchScript does "
                "cannot be followed. Give the network that it was made from."
            )
    return getattr(net, "_orig_mod", net)


def _shapes(input_shape: object) -> list[Shape]:
    """Return the shapes of all inputs."""
    parts = input_shape if isinstance(input_shape, tuple | list) else ()
    if parts and all(isinstance(part, tuple | list) for part in parts):
        return [_shape(f"input_shape[{i}]", part) for i, part in enumerate(parts)]
    return [_shape("input_shape", input_shape)]


def _shape(name: str, shape: object) -> Shape:
    if isinstance(shape, Tensor):
        raise TypeError(
            f"{name} is a Tensor: give its shape, tuple(X.shape) = {tuple(shape.shape)}."
        )
    if not isinstance(shape, Sequence) or isinstance(shape, str):
        raise TypeError(
            f"{name}={shape!r} is a {type(shape).__name__}: give the shape of a batch, for example "
            "(1, 1, 28, 28)."
        )
    if len(shape) == 0:
        raise ValueError(
            f"{name}=() is empty: give the shape of a batch, for example (1, 1, 28, 28)."
        )
    return tuple(whole_number(f"{name}[{i}]", side, minimum=1) for i, side in enumerate(shape))


def _zeros(
    net: nn.Module, shapes: Sequence[Shape], dtype: torch.dtype | Sequence[torch.dtype] | None
) -> list[Tensor]:
    """Return zeros of ``shapes`` where the network is, of its type or of ``dtype``."""
    if dtype is None:
        kinds = (p.dtype for p in net.parameters() if p.is_floating_point())
        dtype = next(kinds, torch.get_default_dtype())
    types = [dtype] * len(shapes) if isinstance(dtype, torch.dtype) else list(dtype)
    if len(types) != len(shapes) or not all(isinstance(kind, torch.dtype) for kind in types):
        raise ValueError(
            f"dtype={dtype!r}: give one type, such as torch.long, or one for each of the "
            f"{len(shapes)} inputs."
        )
    first = next(net.parameters(), next(net.buffers(), None))
    where = None if first is None else first.device
    return [torch.zeros(s, dtype=kind, device=where) for s, kind in zip(shapes, types, strict=True)]


def _table(
    title: str,
    net: nn.Module | None,
    calls: Sequence[Call],
    examples: int,
    batch_axis: int | None,
    notes: Sequence[str] = (),
) -> LayerTable:
    """Return the table of ``net``, or of the ``calls`` alone."""
    seen: set[int] = set()
    modules = [call.module for call in calls if call.module is not None] if net is None else [net]
    parameters = dict.fromkeys(p for module in modules for p in module.parameters())
    return LayerTable(
        title,
        rows=tuple(_row(call, examples, seen) for call in calls if call.kind == "layer"),
        calls=tuple(calls),
        parameters=numbers_in(parameters),
        trainable=numbers_in(p for p in parameters if p.requires_grad),
        examples=examples,
        batch_axis=batch_axis,
        notes=tuple(notes),
    )


def _row(call: Call, examples: int, seen: set[int]) -> LayerRow:
    module = cast(nn.Module, call.module)
    own = [p for p in module.parameters() if id(p) not in seen]
    seen.update(map(id, own))
    last = call.sources[0].output_shape if len(call.sources) == 1 else ()
    return LayerRow(
        name=call.name,
        layer=type(module).__name__,
        input_shape=call.input_shape,
        output_shape=call.output_shape,
        parameters=numbers_in(own),
        trainable=numbers_in(p for p in own if p.requires_grad),
        multiply_adds=work_of([call], examples),
        multiply_adds_complete=not call.unknown,
        how=how_it_came_about(module, call.input_shape, call.output_shape, last),
        module=module,
        call=call,
    )
