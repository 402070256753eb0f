"""Knows how to draw a table of confusions as SVG, by hand: squares, darker for more, with the numbers in them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

_CELL = 34
_MARGIN = 190
_SHADES = 0.9
_DARK = 0.5


def confusion_svg(confusion: Mapping[str, Mapping[str, int]]) -> str:
    """Rows are what was said, columns what was heard; each row is shaded by its own sum."""
    names = list(confusion)
    size = _MARGIN + _CELL * len(names) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 {size} {size}"'
        ' font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for at, name in enumerate(names):
        middle = _MARGIN + at * _CELL + _CELL / 2
        label = escape(name)
        parts.append(f'<text x="{_MARGIN - 6}" y="{middle + 4}" text-anchor="end">{label}</text>')
        parts.append(f'<text transform="translate({middle + 4} {_MARGIN - 6}) rotate(-90)">{label}</text>')
        parts += _row(at, names, confusion[name])
    return "\n".join([*parts, "</svg>", ""])


def _row(row: int, names: list[str], counts: Mapping[str, int]) -> list[str]:
    whole = sum(counts.values()) or 1
    parts: list[str] = []
    for column, name in enumerate(names):
        count = counts.get(name, 0)
        share = count / whole
        colour = "34, 110, 70" if row == column else "180, 60, 40"
        x, y = _MARGIN + column * _CELL, _MARGIN + row * _CELL
        shade = f"rgba({colour}, {share * _SHADES:.2f})"
        parts.append(f'<rect x="{x}" y="{y}" width="{_CELL}" height="{_CELL}" fill="{shade}" stroke="#dddddd"/>')
        if count:
            ink = "#ffffff" if share > _DARK else "#222222"
            middle = f'x="{x + _CELL / 2}" y="{y + _CELL / 2 + 4}"'
            parts.append(f'<text {middle} text-anchor="middle" fill="{ink}">{count}</text>')
    return parts
