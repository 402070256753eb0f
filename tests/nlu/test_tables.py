"""Knows which files of labelled messages can be read, and that what cannot be is told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from nlu.measuring.tables import LONGEST, Columns, Row, Table, read_table
from nlu.usage import UsageError

COLUMNS = Columns("诉求内容", "类别", "也可以")
HEAD = "编号,诉求内容,类别,也可以"
LINES = (HEAD, "1,路灯坏了,市政,", "2,楼道堆物,消防,城管|物业")
EXPECTED = (
    Row(2, "路灯坏了", "市政", frozenset({"市政"})),
    Row(3, "楼道堆物", "消防", frozenset({"消防", "城管", "物业"})),
)


def written(folder: Path, raw: bytes, name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_any_office(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    text = end.join(line.replace(",", separator) for line in LINES)
    assert read_table(written(tmp_path, text.encode(encoding)), COLUMNS) == Table(EXPECTED)


@pytest.mark.parametrize("lost", range(len(LINES[1].encode())))
def test_a_byte_lost_costs_its_own_line_only(tmp_path: Path, lost: int) -> None:
    raw, lost = "\n".join(LINES).encode(), len(HEAD.encode()) + 1 + lost
    found = read_table(written(tmp_path, raw[:lost] + raw[lost + 1 :]), COLUMNS)
    assert found.rows[-1] == EXPECTED[-1]


def test_what_is_acceptable_may_be_written_with_spaces(tmp_path: Path) -> None:
    raw = f"{HEAD}\n2,楼道堆物,消防,城管 | 物业 ；\n".encode()
    assert read_table(written(tmp_path, raw), COLUMNS).rows[0].acceptable == {"消防", "城管", "物业"}


def test_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate([*LINES, "", "3,,市政,"]):
            for column, cell in enumerate(line.split(",")):
                sheet.write(at, column, int(cell) if cell.isdigit() else cell)
    assert read_table(path, COLUMNS) == Table(EXPECTED, ((5, "no text"),))


def test_what_cannot_be_used_is_told_by_line(tmp_path: Path) -> None:
    lines = [
        HEAD.encode(),
        "1,路灯坏了,市政,".encode(),
        "2,,市政,".encode(),
        "3,路灯坏了,,".encode(),
        b"4,\xff\xfe\xfd,x,",
        f"5,{'长' * (LONGEST + 1)},市政,".encode(),
        b"",
        b"6",
        '7,"两行\n的话",市政,'.encode(),
        '8,"没有结束的引号,市政,'.encode(),
    ]
    found = read_table(written(tmp_path, b"\n".join(lines)), COLUMNS)
    assert [(row.line, row.text) for row in found.rows] == [(2, "路灯坏了"), (9, "两行\n的话")]
    assert [line for line, _ in found.skipped] == [3, 4, 5, 6, 8, 11]
    reasons = [reason.split()[0] for _, reason in found.skipped]
    assert reasons == ["no", "no", "characters", str(LONGEST + 1), "no", "no"]


def test_a_separator_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "text|label\n路灯坏了,,,|市政\n".encode())
    assert read_table(path, separator="|").rows == (Row(2, "路灯坏了,,,", "市政", frozenset({"市政"})),)


def test_a_field_beyond_all_measure_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, f"text,label\n{'长' * (1 << 20)}长,a\n路灯坏了,b\n".encode())
    found = read_table(path)
    assert [row.label for row in found.rows] == ["b"]
    assert [line for line, _ in found.skipped] == [2]


@pytest.mark.parametrize(
    ("raw", "word"), [(b"", "empty"), (b"a,b\n1,2\n", "no column text, label; it has a, b"), (None, "no file")]
)
def test_says_why_not(tmp_path: Path, raw: bytes | None, word: str) -> None:
    path = tmp_path / "rows.csv"
    if raw is not None:
        path.write_bytes(raw)
    with pytest.raises(UsageError, match=word):
        read_table(path)


def test_a_spreadsheet_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="spreadsheet"):
        read_table(written(tmp_path, b"nothing of the kind", "rows.xlsx"))
