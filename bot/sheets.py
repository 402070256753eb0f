"""Knows how a table becomes CSV that Excel opens rightly, or a workbook, and that no cell of either is a formula."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

Value = str | int | float | None
Row = Sequence[Value]

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""

_FORMULA = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WIDTH = 16


def harmless(value: Value) -> Value:
    """A cell that no program takes for a formula: a text that begins like one gets an apostrophe before it.

    Leading blanks and the full-width forms of the signs are looked through, as some programs do.
    """
    if not isinstance(value, str) or not value:
        return value
    head = unicodedata.normalize("NFKC", value.lstrip()[:1])
    return f"'{value}" if head[:1] in _FORMULA or value[0] in _BREAKS else value


def write_csv(out: TextIO, rows: Iterable[Row]) -> None:
    """Rows as CSV with a BOM; lines end as RFC 4180 says."""
    out.write(BOM)
    csv.writer(out, lineterminator="\r\n").writerows(_harmless(rows))


def write_xlsx(path: Path, sheets: Mapping[str, Iterable[Row]]) -> None:
    """A workbook of these sheets by title, each first row standing still; one row at a time is in memory.

    Raises OSError.
    """
    with path.open("wb") as file, Workbook(file, _OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for n, row in enumerate(_harmless(rows)):
                if n == 0:
                    sheet.set_column(0, len(row) - 1, _WIDTH)
                _write_row(sheet, n, row, None if n else bold)


def _write_row(sheet: Worksheet, n: int, row: Row, style: Format | None) -> None:
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(n, column, value, style)
        elif value is not None:
            sheet.write_number(n, column, value)


def _harmless(rows: Iterable[Row]) -> Iterator[list[Value]]:
    return ([harmless(value) for value in row] for row in rows)
