"""The layers of a network as one table: output shape, parameters, multiply-adds, and why.

The table is measured: one picture of zeros goes through the network, and a hook on every layer
notes what comes out. A layer that does not fit is named, with what it expected, what it got, and
the number that would fit.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ._checks import whole_number
from .metrics import evaluation_mode
from .misfits import explain
from .prose import readable, wrapped
from .sizes import conv_multiply_adds, kernel_reach, linear_multiply_adds
from .windows import window_of

Shape = tuple[int, ...]
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
            table = LayerTable(title, tuple(rows))
            message = _told(net, shape, entered, rows, error)
            raise LayerShapeError(message, table) from None
    return LayerTable(title, tuple(rows))


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
    window = window_of(module)
    if window is not None:
        if len(x) < 2 or len(out) < 2:
            return ""
        up = getattr(module, "ceil_mode", False)
        kernel, stride, padding, dilation = window
        sides = [
            _side(x[i], out[i], kernel[i], stride[i], padding[i], dilation[i], up) for i in (-2, -1)
        ]
        return sides[0] if sides[0] == sides[1] else f"{sides[0]}; {sides[1]}"
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


def _side(n: int, out: int, k: int, s: int, p: float, d: int, up: bool) -> str:
    """Return one side's arithmetic, without the terms that are nothing."""
    # padding="same" may add an odd number of pixels, which 2p cannot say
    padded = (f" + 2·{p:g}" if p == int(p) else f" + {2 * p:g}") if p else ""
    reach = f"{kernel_reach(k, d)}" if d == 1 else f"({d}·({k} − 1) + 1)"
    top = f"{n}{padded} − {reach}"
    if s == 1:
        return f"{top} + 1 = {out}"
    room = n + 2 * p - kernel_reach(k, d)
    exact = room % s == 0
    # Rounding up, torch leaves out a last window that would start in the padding at the end.
    up = up and math.ceil(room / s) + 1 == out
    left, right = ("⌈", "⌉") if up else ("⌊", "⌋")
    inner = f"({top})/{s}"
    return f"{inner if exact else left + inner + right} + 1 = {out}"


def _times(sides: Sequence[int]) -> str:
    return "·".join(str(side) for side in sides)


def _told(
    net: nn.Module,
    shape: Shape,
    entered: Sequence[tuple[str, nn.Module, Any]],
    rows: Sequence[LayerRow],
    error: Exception,
) -> str:
    """Return what went wrong: in the layer that was entered and not left, or between layers."""
    first_line = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if not entered:
        after = f"after layer {rows[-1].name!r} gave {rows[-1].output_shape}" if rows else "at once"
        return (
            f"{type(net).__name__}.forward failed {after}, outside any layer: {first_line}. "
            "Look at what forward does there, for example a view or flatten with fixed numbers."
        )
    name, module, inputs = entered[-1]
    x = next((tuple(i.shape) for i in inputs if isinstance(i, Tensor)), ())
    chain = [(row.name, row.module, row.input_shape, row.output_shape) for row in rows]
    return f"Layer {name!r}, {module}, does not fit. " + (
        explain(module, x, chain) or f"It got {x} and failed: {first_line}"
    )
