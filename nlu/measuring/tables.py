"""Knows how a file of labelled messages is read: CSV or XLSX of any office, unusable lines told by number."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from nlu.usage import UsageError

LONGEST = 10_000
"""Characters of a message; more is a file that was glued together, or a quotation mark that was never closed."""

_SEPARATORS = ",;\t"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OR = re.compile(r"[|、;；]")
_UNREADABLE = "\ufffd"
_WIDEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Columns:
    """The headings under which a file keeps what is needed; "" where it has none."""

    text: str = "text"
    label: str = "label"
    acceptable: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled message, with the line it begins in."""

    line: int
    text: str
    label: str
    acceptable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds; `skipped` are lines that could not be used, each with the reason."""

    rows: tuple[Row, ...]
    skipped: tuple[tuple[int, str], ...] = ()


def read_table(path: Path, columns: Columns | None = None, separator: str = "") -> Table:
    """The rows of a CSV file (UTF-8, UTF-16 or GB 18030) or of the first sheet of an XLSX file; else UsageError."""
    columns = columns or Columns()
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    lines = _sheet(path) if path.suffix.lower() in {".xlsx", ".xlsm", ".xls", ".ods"} else _csv(path, separator)
    try:
        _, headings = next(lines)
    except StopIteration:
        raise UsageError(f"{path} is empty") from None
    at = _places(path, [heading.strip() for heading in headings], columns)
    rows: list[Row] = []
    skipped: list[tuple[int, str]] = []
    for line, cells in lines:
        found = _row(line, cells, at)
        if isinstance(found, Row):
            rows.append(found)
        elif found:
            skipped.append((line, found))
    return Table(tuple(rows), tuple(skipped))


def _places(path: Path, headings: Sequence[str], columns: Columns) -> tuple[int, int, int]:
    wanted = [name for name in (columns.text, columns.label, columns.acceptable) if name]
    missing = [name for name in wanted if name not in headings]
    if missing:
        raise UsageError(f"{path} has no column {', '.join(missing)}; it has {', '.join(headings)}")
    acceptable = headings.index(columns.acceptable) if columns.acceptable else -1
    return headings.index(columns.text), headings.index(columns.label), acceptable


def _row(line: int, cells: Sequence[str], at: tuple[int, int, int]) -> Row | str:
    """The row, or why it is left out; "" for a line with nothing in it."""
    if not any(cell.strip() for cell in cells):
        return ""
    text, label, acceptable = (cells[place].strip() if 0 <= place < len(cells) else "" for place in at)
    if not text:
        return "no text"
    if not label:
        return "no label"
    if len(text) > LONGEST:
        return f"{len(text)} characters, more than {LONGEST} (a quotation mark that was never closed?)"
    if _UNREADABLE in text or _UNREADABLE in label:
        return "characters that cannot be read in the file's encoding"
    return Row(line, text, label, frozenset(map(str.strip, _OR.split(acceptable))) - {""} | {label})


def _csv(path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(path.read_bytes())
    head = text.split("\n", 1)[0]
    delimiter = separator or max(_SEPARATORS, key=head.count)
    before = csv.field_size_limit(_WIDEST)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        while True:
            line = rows.line_num + 1
            try:
                yield line, next(rows)
            except StopIteration:
                return
            except csv.Error:
                yield line, ["x" * (LONGEST + 1)] * (head.count(delimiter) + 1)
    finally:
        csv.field_size_limit(before)


def _decoded(raw: bytes) -> str:
    """The text as UTF-8 where most of what is more than ASCII can be read so, else as GB 18030.

    GB 18030 reads nearly every byte as something: a single byte lost from a small UTF-8 file must not turn it all.
    """
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace")
    text = raw.decode("utf-8", "replace")
    more = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count(_UNREADABLE) * 2 <= more else raw.decode("gb18030", "replace")


def _sheet(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a spreadsheet") from error
    for line, cells in enumerate(rows, 1):
        yield line, [_cell(cell) for cell in cells]


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
