"""The layers of a network as one table: output shape, parameters, multiply-adds, and why.

The table is measured: one picture of zeros goes through the network, and a hook on every layer
notes what comes out. A layer that does not fit is named, with what it expected, what it got, and
the number that would fit.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ..checks import whole_number
from ..prose import readable, wrapped
from ..sizes.arithmetic import conv_multiply_adds, linear_multiply_adds
from .evaluation import evaluation_mode
from .layers import windows_of
from .misfits import explain

Shape = tuple[int, ...]
# What PyTorch says where shapes do not belong together.
SHAPES = re.compile(
    r"shape|size|dimension|cannot be multiplied|expected .*input|must match|channels|elements",
    re.IGNORECASE,
)
HEADINGS = ("layer", "output shape", "parameters", "multiply-adds", "how the size came about")


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network.

    Args:
        name: Its name in the network, for example "conv.0".
        layer: Its class, for example "Conv2d".
        input_shape: What went in, batch included.
        output_shape: What came out, batch included.
        parameters: How many numbers it learns; 0 if an earlier row has counted them.
        multiply_adds: Multiplications with an addition each, for one example.
        how: How the size came about, with its numbers.
        module: The layer itself.
    """

    name: str
    layer: str
    input_shape: Shape
    output_shape: Shape
    parameters: int
    multiply_adds: int
    how: str
    module: nn.Module


@dataclass(frozen=True)
class LayerTable:
    """The rows of a network; shows itself as a table.

    Args:
        title: The network and what went in.
        rows: A row a layer, in the order in which the layers were called.
    """

    title: str
    rows: tuple[LayerRow, ...]

    @property
    def parameters(self) -> int:
        """How many numbers the network learns."""
        return sum(row.parameters for row in self.rows)

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of the network for one example."""
        return sum(row.multiply_adds for row in self.rows)

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                f"{row.name} {row.layer}".strip(),
                str(row.output_shape) if row.output_shape else "—",
                f"{row.parameters:,}",
                f"{row.multiply_adds:,}",
                row.how,
            )
            for row in self.rows
        ]

    def __str__(self) -> str:
        total = ("total", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", "")
        cells = [HEADINGS, *(tuple(map(readable, row)) for row in self._cells()), total]
        widths = [max(len(row[i]) for row in cells) for i in range(len(HEADINGS))]
        lines = [
            "  ".join(
                cell.rjust(width) if i in (2, 3) else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in cells
        ]
        rule = "-" * max(len(line) for line in lines)
        return "\n".join([readable(self.title), lines[0], rule, *lines[1:-1], rule, lines[-1]])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(cells: Sequence[str], first: str, others: str) -> str:
            styles = ("left", "left", "right", "right", "left")
            tags = (first, *(others for _ in cells[1:]))
            inside = "".join(
                f'<{tag} style="text-align:{style}">{html.escape(cell)}</{tag.split()[0]}>'
                for cell, tag, style in zip(cells, tags, styles, strict=True)
            )
            return f"<tr>{inside}</tr>"

        column, line = 'th scope="col"', 'th scope="row"'  # so that a screen reader names them
        body = "".join(row(cells, line, "td") for cells in self._cells())
        total = ("total", "", f"{self.parameters:,}", f"{self.multiply_adds:,}", "")
        return (
            f"<table><caption>{html.escape(self.title)}</caption>"
            f"<thead>{row(HEADINGS, column, column)}</thead><tbody>{body}</tbody>"
            f"<tfoot>{row(total, line, 'td')}</tfoot></table>"
        )


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
        return [self._shown]


def layer_table(net: nn.Module, input_shape: Sequence[int]) -> LayerTable:
    """Send zeros of ``input_shape`` through ``net`` and return a row for each layer.

    ``net`` is left as it was: its weights, the mode of every module, its hooks, and the random
    numbers of the CPU and of its GPU. (Lazy layers take their sizes from ``input_shape``.)

    Args:
        net: The network, on any device. Each module without modules of its own is a layer.
        input_shape: The shape of a batch, for example (1, 1, 28, 28).

    Raises:
        TypeError: ``net`` is no network, or ``input_shape`` no sequence of whole numbers.
        ValueError: ``input_shape`` is empty, or a side is below 1.
        LayerShapeError: a layer does not fit.
    """
    if not isinstance(net, nn.Module):
        made = f"{net.__name__}()" if isinstance(net, type) else "LeNet()"
        raise TypeError(f"net={net!r} is no network: give a module that is made, such as {made}.")
    shape = _shape(input_shape)
    first = next(net.parameters(), None)
    x = torch.zeros(
        shape,
        dtype=first.dtype if first is not None else torch.float32,
        device=first.device if first is not None else "cpu",
    )
    title = f"{type(net).__name__}, input {shape}"
    rows: list[LayerRow] = []
    entered: list[tuple[str, nn.Module, Any]] = []
    counted: set[int] = set()

    def enter(name: str) -> Callable[..., None]:
        def hook(module: nn.Module, inputs: tuple[Any, ...]) -> None:
            entered.append((name, module, inputs))

        return hook

    def leave(module: nn.Module, inputs: tuple[Any, ...], output: object) -> None:
        name, _, _ = entered.pop()
        rows.append(_row(name, module, inputs, output, counted, rows))

    # A forward may draw random numbers even in evaluation mode, for example by F.dropout(x).
    gpus = [x.device] if x.device.type == "cuda" else []
    with (
        _hooked(net, enter, leave),
        evaluation_mode(net),
        torch.random.fork_rng(gpus),
        torch.no_grad(),
    ):
        try:
            net(x)
        except Exception as error:
            message = _misfit(net, entered, rows, error)
            if message is None:  # not a matter of shapes: it passes as it is
                raise
            raise LayerShapeError(message, LayerTable(title, tuple(rows))) from error
    return LayerTable(title, tuple(rows))


def name_misfit(net: nn.Module, input_shape: Shape, error: Exception) -> None:
    """Raise a LayerShapeError, from ``error``, if a layer of ``net`` does not fit; else return."""
    try:
        layer_table(net, input_shape)
    except LayerShapeError as misfit:
        raise misfit from error
    except Exception:
        return  # zeros of that shape fail too, and not because of it


def _shape(input_shape: Sequence[int]) -> Shape:
    if isinstance(input_shape, Tensor):
        raise TypeError(
            f"input_shape is a Tensor: give its shape, tuple(X.shape) = {tuple(input_shape.shape)}."
        )
    if not isinstance(input_shape, Sequence) or isinstance(input_shape, str):
        raise TypeError(
            f"input_shape={input_shape!r} is a {type(input_shape).__name__}: give the shape of a "
            "batch, for example (1, 1, 28, 28)."
        )
    if len(input_shape) == 0:
        raise ValueError(
            "input_shape=() is empty: give the shape of a batch, for example (1, 1, 28, 28)."
        )
    return tuple(
        whole_number(f"input_shape[{i}]", side, minimum=1) for i, side in enumerate(input_shape)
    )


@contextmanager
def _hooked(
    net: nn.Module, enter: Callable[[str], Callable[..., None]], leave: Callable[..., None]
) -> Iterator[None]:
    """Hook every layer of ``net``, and take the hooks away again whatever happens."""
    handles = []
    for name, module in net.named_modules():
        if next(module.children(), None) is None:
            handles.append(module.register_forward_pre_hook(enter(name)))
            handles.append(module.register_forward_hook(leave))
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _row(
    name: str,
    module: nn.Module,
    inputs: tuple[Any, ...],
    output: object,
    counted: set[int],
    before: Sequence[LayerRow],
) -> LayerRow:
    own = [p for p in module.parameters(recurse=False) if id(p) not in counted]
    counted.update(id(p) for p in own)
    x = next((i for i in inputs if isinstance(i, Tensor)), torch.empty(0))
    out = tuple(output.shape) if isinstance(output, Tensor) else ()
    last = before[-1].output_shape if before else ()
    return LayerRow(
        name=name,
        layer=type(module).__name__,
        input_shape=tuple(x.shape),
        output_shape=out,
        parameters=sum(p.numel() for p in own),
        multiply_adds=_multiply_adds(module, out),
        how=how_it_came_about(module, tuple(x.shape), out, last),
        module=module,
    )


def _multiply_adds(module: nn.Module, out: Shape) -> int:
    if isinstance(module, nn.Conv2d):
        return conv_multiply_adds(
            module.in_channels,
            module.out_channels,
            (module.kernel_size[0], module.kernel_size[1]),
            (out[-2], out[-1]),
            groups=module.groups,
        )
    if isinstance(module, nn.Linear):
        places = math.prod(out[1:-1]) if len(out) > 2 else 1
        return places * linear_multiply_adds(module.in_features, module.out_features)
    return 0


def how_it_came_about(module: nn.Module, x: Shape, out: Shape, last: Shape = ()) -> str:
    """Return in a few words, with the numbers, how ``module`` made ``out`` of ``x``.

    Args:
        module: The layer.
        x: The shape that went in.
        out: The shape that came out.
        last: What the layer before gave: it differs from ``x`` where ``forward`` flattened it.
    """
    windows = windows_of(module, (x[-2], x[-1])) if len(x) >= 2 else None
    if windows is not None:
        if out[-2:] != tuple(window.output for window in windows):
            return "—"  # its forward does something of its own
        height, width = (window.short_formula() for window in windows)
        return height if height == width else f"{height}; {width}"
    if isinstance(module, nn.Flatten) and x != out:
        merged = x[module.start_dim :][: len(x) - len(out) + 1]
        return f"{_times(merged)} = {math.prod(merged)}"
    if isinstance(module, nn.Linear):
        flattened = ""
        if len(last) > 2 and last != x and math.prod(last[1:]) == x[-1]:
            flattened = f"{_times(last[1:])} = {x[-1]}; "
        return f"{flattened}{module.in_features} → {module.out_features}"
    if x == out:
        return "same size"
    if isinstance(module, nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return f"{x[-2]}×{x[-1]} → {out[-2]}×{out[-1]}, as asked"
    return "—"


def _times(sides: Sequence[int]) -> str:
    return "·".join(str(side) for side in sides)


def _misfit(
    net: nn.Module,
    entered: Sequence[tuple[str, nn.Module, Any]],
    rows: Sequence[LayerRow],
    error: Exception,
) -> str | None:
    """Return which layer did not fit, and what would; None if it was not a matter of shapes.

    It is the layer that was entered and not left, or a step between layers.
    """
    first_line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if not entered:
        if not isinstance(error, RuntimeError) or not SHAPES.search(first_line):
            return None
        after = f"after layer {rows[-1].name!r} gave {rows[-1].output_shape}" if rows else "at once"
        return (
            f"{type(net).__name__}.forward failed {after}, outside any layer: {first_line}. "
            "Look at what forward does there, for example a view or flatten with fixed numbers."
        )
    name, module, inputs = entered[-1]
    x = next((tuple(i.shape) for i in inputs if isinstance(i, Tensor)), ())
    chain = [(row.name, row.module, row.input_shape, row.output_shape) for row in rows]
    why = explain(module, x, chain)
    memory = isinstance(error, torch.OutOfMemoryError)
    if why is None and not memory and SHAPES.search(first_line):
        why = f"It got {x} and failed: {first_line}"
    return None if why is None else f"Layer {name!r}, {module}, does not fit. {why}"
