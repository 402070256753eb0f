"""Knows how tables and figures are written in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlu.measuring.figures import Interval
from nlu.measuring.targets import Line

_SMALL = 100


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table; headings that end in a colon stand over numbers."""
    marks = ["--:" if heading.endswith(":") else "---" for heading in headings]
    lines = [_cells([heading.rstrip(":") for heading in headings]), f"|{'|'.join(marks)}|"]
    return [*lines, *(_cells(row) for row in rows), ""]


def _cells(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def figure(line: Line) -> str:
    """A figure as the table shows it: a share with three digits, a size with one."""
    return f"{line.figure:.3f}" if line.figure < _SMALL else f"{line.figure:.1f}"


def span(interval: Interval | None) -> str:
    """An interval, or nothing."""
    return f"{interval[0]:.3f}–{interval[1]:.3f}" if interval else ""


def reached(line: Line) -> str:
    """Whether a target is reached; nothing where there is none."""
    return "" if line.reached is None else ("yes" if line.reached else "**no**")


LINE_HEADINGS = ("what", "set", "n:", "figure:", "interval", "target", "reached", "note")


def line_cells(line: Line) -> tuple[object, ...]:
    """A line of the table of targets."""
    interval = span(line.interval)
    return line.what, line.set, line.count, figure(line), interval, line.target, reached(line), line.note
