"""The lines of the tables: the median of what was measured, its spread, and the target."""

from __future__ import annotations

import statistics
from collections.abc import Callable

Row = dict[str, object]


def row(
    what: str,
    samples: list[float],
    unit: str,
    target: str = "",
    met: Callable[[float], bool] | None = None,
) -> Row:
    """Return a line of the table: the median of ``samples`` and how far they spread."""
    middle = statistics.median(samples)
    return {
        "what": what,
        "value": f"{short(middle)} {unit}",
        "spread": f"{short(min(samples))} to {short(max(samples))}",
        "target": target,
        "met": "" if met is None else ("yes" if met(middle) else "no"),
        "samples": samples,
    }


def short(value: float) -> str:
    """Return three digits of ``value``, and all of those before the point."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def ratio(
    what: str, theirs: list[float], ours: list[float], target: str, met: Callable[[float], bool]
) -> Row:
    """Return the line of a ratio, taken run by run: machines are not equally fast all the time."""
    return row(what, [a / b for a, b in zip(theirs, ours, strict=True)], "", target, met)


def table(rows: list[Row]) -> str:
    """Return ``rows`` as a Markdown table."""
    columns = ("what", "value", "spread", "target", "met")
    lines = [columns, ["---"] * len(columns), *[[str(r.get(c, "")) for c in columns] for r in rows]]
    return "\n".join(f"| {' | '.join(cell.strip() for cell in line)} |" for line in lines)
