"""Knows how a spreadsheet is read: sheets of rows under their headings, every cell as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

MOST = 20_000
"""Rows of a sheet that are read; a town has a few thousand people at the most."""

LARGEST = 20 * 1024 * 1024


class WorkbookError(Exception):
    """The file is no spreadsheet that can be read; the message is a sentence for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, and its cells by heading. Empty cells are left out."""

    number: int
    cells: dict[str, str]


def sheets(path: Path) -> dict[str, list[Row]]:
    """Sheet name → rows with anything in them. Raises WorkbookError."""
    try:
        if path.stat().st_size > LARGEST:
            raise WorkbookError(f"{path}: larger than {LARGEST // 1024 // 1024} MiB")
        book = CalamineWorkbook.from_path(str(path))
        return {
            name: list(_rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            for name in book.sheet_names
        }
    except OSError as error:
        raise WorkbookError(f"{path}: {error.strerror or error}") from error
    except CalamineError as error:
        raise WorkbookError(f"{path}: cannot be read as a spreadsheet (XLSX expected)") from error


def _rows(table: list[list[Any]]) -> Iterator[Row]:
    if not table:
        return
    if len(table) > MOST:
        raise WorkbookError(f"a sheet has more than {MOST} rows")
    headings = [text(cell) for cell in table[0]]
    for n, line in enumerate(table[1:], 2):
        cells = {heading: text(cell) for heading, cell in zip(headings, line, strict=False) if heading and text(cell)}
        if cells:
            yield Row(n, cells)


def text(cell: object) -> str:
    """A cell as people read it: 13.0 is 13, a date an ISO day."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip() if cell is not None else ""
