"""The layer table as it is read: rows of layers, lines of steps between them, totals and notes."""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from torch import nn

from ..prose import readable
from .flow import Call, Shape
from .seeing import Field, Pair, Whole

# A line of the table: a cell for each of these.
HEADINGS = {
    "layer": "left",
    "output shape": "left",
    "parameters": "right",
    "trainable": "right",
    "multiply-adds": "right",
    "receptive field": "right",
    "jump": "right",
    "how the size came about": "left",
}
HEADING = 12  # characters in a line of text
MOST_NAMES = 3  # in one cell


@dataclass(frozen=True)
class LayerRow:
    """One layer of a network.

    Args:
        name: Its name in the network, for example "conv.0".
        layer: Its class, for example "Conv2d".
        input_shape: What went in, batch included.
        output_shape: What came out, batch included; () if that is no tensor.
        parameters: How many numbers it has as parameters; 0 if an earlier row has counted them.
        trainable: How many of these it learns.
        multiply_adds: Multiplications with an addition each, for one example.
        multiply_adds_complete: False if torch's counter does not know all of its operations.
        how: How the size came about, with its numbers.
        module: The layer itself.
        call: The call in the flow through the network.
    """

    name: str
    layer: str
    input_shape: Shape
    output_shape: Shape
    parameters: int
    trainable: int
    multiply_adds: int
    multiply_adds_complete: bool
    how: str
    module: nn.Module
    call: Call

    @property
    def receptive_field(self) -> Pair | None:
        """How many pixels of the picture a unit sees: (height, width); None where not defined."""
        return self.call.sees.size if isinstance(self.call.sees, Field) else None

    @property
    def jump(self) -> Pair | None:
        """From what a unit sees to what the next one sees: (height, width) in pixels; or None."""
        return self.call.sees.jump if isinstance(self.call.sees, Field) else None


@dataclass(frozen=True)
class LayerTable:
    """The rows of a network; shows itself as a table.

    Args:
        title: The network and what went in.
        rows: A row a layer, in the order in which the layers were called.
        calls: The flow: the inputs, the layers, and the steps outside of any layer, in their order.
        parameters: How many numbers the network has as parameters, each counted once.
        trainable: How many of them it learns.
        examples: Into how many examples the work is divided.
        batch_axis: Which number of the layers' shapes counts examples; None if none does.
        notes: What no row shows, in sentences.
    """

    title: str
    rows: tuple[LayerRow, ...]
    calls: tuple[Call, ...]
    parameters: int
    trainable: int
    examples: int
    batch_axis: int | None
    notes: tuple[str, ...] = ()

    @property
    def frozen(self) -> int:
        """How many of the parameters stay as they are."""
        return self.parameters - self.trainable

    @property
    def multiply_adds(self) -> int:
        """Multiply-adds of the network for one example, those outside of layers included."""
        return work_of(self.calls, self.examples)

    @property
    def multiply_adds_complete(self) -> bool:
        """Whether every operation is counted; if not, the number is what there is at least."""
        return not any(call.unknown for call in self.calls)

    def _lines(self) -> Iterator[tuple[str, ...]]:
        rows = iter(self.rows)
        before: Call | None = None
        for kind, group in groupby(self.calls, key=lambda call: call.kind):
            calls = list(group)
            if kind == "step":
                taken = dict.fromkeys(s for call in calls for s in call.sources if s not in calls)
                yield self._line_of_steps(calls, _told(taken, before))
            elif kind == "layer":
                for call, last in zip(calls, [before, *calls], strict=False):
                    yield _line_of_layer(next(rows), _told(call.sources, last))
            before = None if kind == "input" and len(calls) > 1 else calls[-1]

    def _line_of_steps(self, steps: Sequence[Call], takes: str) -> tuple[str, ...]:
        work = _work(work_of(steps, self.examples), not any(step.unknown for step in steps))
        how = "; ".join(["outside of any layer", *([takes] if takes else [])])
        shape = _shape(steps[-1].output_shape)
        return some([step.name for step in steps], MOST_NAMES), shape, "", "", work, "", "", how

    def _total(self) -> tuple[str, ...]:
        work = _work(self.multiply_adds, self.multiply_adds_complete)
        return "total", "", f"{self.parameters:,}", f"{self.trainable:,}", work, "", "", ""

    def _shown(self) -> tuple[list[str], list[list[str]]]:
        """Return headings and lines, the total last, without the columns that say nothing here."""
        left_out = set() if self.frozen else {"trainable"}
        if all(row.receptive_field is None for row in self.rows):
            left_out |= {"receptive field", "jump"}
        kept = [i for i, heading in enumerate(HEADINGS) if heading not in left_out]
        headings = [heading for heading in HEADINGS if heading not in left_out]
        return headings, [[line[i] for i in kept] for line in (*self._lines(), self._total())]

    def __str__(self) -> str:
        headings, lines = self._shown()
        broken = [textwrap.wrap(heading, HEADING) for heading in headings]  # a long one in two
        upper = [part[-2] if len(part) > 1 else "" for part in broken]
        lower = [part[-1] for part in broken]
        cells = [[readable(cell) for cell in line] for line in (upper, lower, *lines)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        first, second, *text, total = (
            "  ".join(
                cell.rjust(width) if HEADINGS[heading] == "right" else cell.ljust(width)
                for cell, width, heading in zip(line, widths, headings, strict=True)
            ).rstrip()
            for line in cells
        )
        rule = "-" * max(map(len, (first, second, *text, total)))
        lines_of_text = [self.title, first, second, rule, *text, rule, total, *self.notes]
        return "\n".join(map(readable, lines_of_text))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        headings, lines = self._shown()

        def row(cells: Sequence[str], first: str, others: str) -> str:
            tags = (first, *(others for _ in cells[1:]))
            inside = "".join(
                f'<{tag} style="text-align:{HEADINGS[heading]}">{html.escape(cell)}'
                f"</{tag.split()[0]}>"
                for cell, tag, heading in zip(cells, tags, headings, strict=True)
            )
            return f"<tr>{inside}</tr>"

        column, line = 'th scope="col"', 'th scope="row"'  # so that a screen reader names them
        body = "".join(row(cells, line, "td") for cells in lines[:-1])
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            f"<table><caption>{html.escape(self.title)}</caption>"
            f"<thead>{row(headings, column, column)}</thead><tbody>{body}</tbody>"
            f"<tfoot>{row(lines[-1], line, 'td')}</tfoot></table>{notes}"
        )


def work_of(calls: Sequence[Call], examples: int) -> int:
    """Return the multiply-adds of ``calls`` for one of ``examples``."""
    return sum(call.flops for call in calls) // (2 * examples)


def _line_of_layer(row: LayerRow, takes: str) -> tuple[str, ...]:
    everything = "all" if row.call.sees is Whole.ALL else "—"
    return (
        f"{row.name} {row.layer}".strip(),
        _shape(row.output_shape),
        f"{row.parameters:,}",
        f"{row.trainable:,}",
        _work(row.multiply_adds, row.multiply_adds_complete),
        everything if row.receptive_field is None else "×".join(map(str, row.receptive_field)),
        "—" if row.jump is None else "×".join(map(str, dict.fromkeys(row.jump))),
        "; ".join(filter(None, [row.how if row.how != "—" or not takes else "", takes])),
    )


def _told(sources: Iterable[Call], before: Call | None) -> str:
    """Return in words what a line takes; "" if that is what the line before it gave."""
    calls = list(sources)
    if calls == [before]:
        return ""
    return f"takes {some([_origin(call) for call in calls], MOST_NAMES)}" if calls else "no input"


def _origin(call: Call) -> str:
    if call.kind != "step":
        return call.label if call.kind == "layer" else f"the {call.name}"
    step = call
    while call.kind == "step" and call.sources:
        call = call.sources[0]
    return f"{step.name} after {_origin(call)}" if call.kind != "step" else step.name


def some(names: Sequence[str], most: int) -> str:
    """Return the first names in one line, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _shape(shape: Shape) -> str:
    return str(shape) if shape else "—"


def _work(number: int, complete: bool) -> str:
    if complete:
        return f"{number:,}"
    return f"at least {number:,}" if number else "not counted"
