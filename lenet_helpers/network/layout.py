"""Where the stages of a drawing stand, and which way the arrows between them take.

A stage stands in a column to the right of all that it is made of, and in a lane: branches lie one
under the other. An arrow runs along its lane, or over it where stages are in its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from .stages import Stage

Point = tuple[float, float]
Cell = tuple[int, int]  # column, lane
MIDDLE = 0.5  # of a stack, in inches above the ground line of its lane
BUS = 0.06  # inches between two lines that run side by side


@dataclass
class Layout:
    """Where everything stands.

    Args:
        cells: The column and the lane of each stage.
        over: Arrows over a lane, with stages below them: in which row over it.
        step: Inches from one column to the next.
        top: Inches from the ground line of a lane to the highest text over it.
        bottom: Inches from the ground line down to the lowest.
    """

    cells: dict[Stage, Cell]
    over: dict[tuple[Stage, Stage], int]
    step: float
    top: float
    bottom: float

    def corner(self, stage: Stage) -> Point:
        """Return the left end of a stage on the ground line of its lane."""
        column, lane = self.cells[stage]
        return column * self.step, -lane * (self.bottom + self._height)

    def sides(self) -> tuple[float, float, float, float]:
        """Return the left, right, lower and upper end of all that is shown."""
        corners = [self.corner(stage) for stage in self.cells]
        right, lowest = max(x for x, _ in corners), min(y for _, y in corners)
        return -0.2, right + 1.15, lowest - self.bottom, self._height

    @property
    def lanes(self) -> int:
        """How many lanes there are."""
        return 1 + max(lane for _, lane in self.cells.values())

    @property
    def _height(self) -> float:
        rows = max(self.over.values(), default=-1) + 1
        return self.top + (BUS * (rows + 1) if rows else 0)

    def way(self, source: Stage, stage: Stage) -> list[Point]:
        """Return the points that an arrow from ``source`` to ``stage`` passes."""
        (x, low), (end, height) = self.corner(source), self.corner(stage)
        y, goal = low + MIDDLE, height + MIDDLE
        # Lines up and down lie side by side: those that part from a stage, then those that meet.
        parting = x + 1.07 + BUS * self.cells[source][1]
        meeting = end - self.step + 1.07 + BUS * (self.lanes + self.cells[stage][1])
        turns: list[Point] = []
        if (source, stage) in self.over:
            above = low + self.top + BUS * (1 + self.over[source, stage])
            turns = [(parting, y), (parting, above), (meeting, above), (meeting, goal)]
        elif y != goal:
            turn = meeting if len(stage.sources) > 1 else parting
            turns = [(turn, y), (turn, goal)]
        return [(x + 1.04, y), *turns, (end - 0.08, goal)]


def laid_out(stages: Sequence[Stage], step: float, top: float, bottom: float) -> Layout:
    """Return the layout of ``stages``, which stand in the order in which they are made.

    Args:
        stages: The stages.
        step: Inches from one column to the next, without the room for lines up and down.
        top: Inches from the ground line of a lane to the highest text over it.
        bottom: Inches from the ground line down to the lowest.
    """
    cells: dict[Stage, Cell] = {}
    taken: set[Cell] = set()
    for stage in stages:
        column = 1 + max((cells[source][0] for source in stage.sources), default=-1)
        first = min((cells[source][1] for source in stage.sources), default=0)
        cells[stage] = column, next(n for n in count(first) if (column, n) not in taken)
        taken.add(cells[stage])
    layout = Layout(cells, _over(stages, cells, taken), step, top, bottom)
    layout.step += 2 * BUS * (layout.lanes if layout.over or layout.lanes > 1 else 0)
    return layout


def _over(
    stages: Sequence[Stage], cells: dict[Stage, Cell], taken: set[Cell]
) -> dict[tuple[Stage, Stage], int]:
    """Return the arrows that find stages in their way: each in which row over its lane."""
    over: dict[tuple[Stage, Stage], int] = {}
    spans: list[tuple[int, int, int, int]] = []  # lane, row, first and last column
    for stage in stages:
        for source in stage.sources:
            (start, lane), (end, _) = cells[source], cells[stage]
            between = {(column, lane) for column in range(start + 1, end)}
            if not between & taken:
                taken |= between
                continue
            beside = {r for n, r, a, b in spans if n == lane and a < end and start < b}
            over[source, stage] = next(row for row in count() if row not in beside)
            spans.append((lane, over[source, stage], start, end))
    return over
