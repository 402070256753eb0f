"""A spreadsheet of the town: previewed, applied and taken back; every fault by its row, and then nothing is changed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter

from bot import import_command
from bot.config import Config
from bot.operations import OperationError, prepare
from bot.secret import Secret
from bot.town_export import export_town
from handlers.cases import Where
from handlers.town import Role
from storage.store import Store
from tests.product import product
from tests.storage.making import a_case, write

Sheet = Sequence[Sequence[object]]
PEOPLE = ("姓名", "角色", "网格", "账号")
UNITS = ("名称", "级别", "上级", "类型", "地址范围", "纬度", "经度")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The sample town, in a database of its own that has read it."""
    made = replace(product().config, database=Secret(f"sqlite:///{tmp_path / 'town.db'}"))
    with prepare(made).transaction() as tx:
        tx.sync_directory(made.directory, made.accounts, made.chats)
        tx.move_town()
    return made


def workbook(folder: Path, sheets: Mapping[str, Sheet]) -> Path:
    """An XLSX file."""
    path = folder / "town.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)
    return path


def give(config: Config, file: Path | None, *, apply: str = "", undo: int | None = None) -> int:
    """What `python -m bot import` does."""
    return import_command.run(config, Namespace(file=file, apply=apply, undo=undo))


def token(said: str) -> str:
    """The token at the end of a preview."""
    return said.rstrip().rpartition("--apply ")[2]


def test_a_new_grid_with_its_people_and_group_is_there_without_a_restart(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets: Mapping[str, Sheet] = {
        "网格": [UNITS, ("健仁第四网格", "网格", "健仁社区", "综合", "和平家园1-6号楼、和平路2-20号", 33.383, 120.157)],
        "人员": [PEOPLE, ("丁一", "网格员", "健仁第四网格", "telegram:7001"), ("李明", "网格员、联络员", "", "")],
        "群": [("名称", "网格", "用途", "会话"), ("第四网格工作群", "健仁第四网格", "工作", "telegram:-7001")],
    }
    file = workbook(tmp_path, sheets)
    assert give(config, file) == 0
    preview = capsys.readouterr().out
    assert "+ unit 健仁第四网格" in preview
    assert "~ person 李明 (li): roles: grid_worker → grid_worker, liaison" in preview
    store = Store(config.database.reveal())
    with store.reading() as reader:
        assert len(reader.directory().units) == len(config.town.units), "a preview changes nothing"
    assert give(config, file, apply=token(preview)) == 0
    assert "import 1" in capsys.readouterr().out
    with store.reading() as reader:
        directory, (accounts, chats) = reader.directory(), reader.addresses()
    made = next(unit for unit in directory.units if unit.name == "健仁第四网格")
    assert (made.parent, made.kind, made.places) == ("jr", "general", ("和平家园1-6号楼", "和平路2-20号"))
    ding = next(person for person in directory.people if person.name == "丁一")
    assert (ding.unit, ding.roles, ding.staff) == (made.id, frozenset({Role.GRID_WORKER}), True)
    assert accounts[ding.id] == ["telegram::7001"]
    group = next(group for group in directory.groups if group.name == "第四网格工作群")
    assert chats[group.id] == ["telegram::-7001"]
    li = next(person for person in directory.people if person.id == "li")
    assert li.roles == {Role.GRID_WORKER, Role.LIAISON}
    assert li.unit == "jr-2", "an empty cell changes nothing"


def test_an_import_is_taken_back(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = workbook(
        tmp_path, {"人员": [PEOPLE, ("丁一", "网格员", "健仁第二网格", "")], "网格": [("编号", "电话"), ("jr-2", "1")]}
    )
    give(config, file)
    store = Store(config.database.reveal())
    with store.reading() as reader:
        before = reader.directory()
    give(config, file, apply=token(capsys.readouterr().out))
    assert give(config, None, undo=1) == 0
    with store.reading() as reader:
        after = reader.directory()
    assert after.units == before.units
    assert after.groups == before.groups
    assert [person for person in after.people if person.staff] == [person for person in before.people if person.staff]
    with pytest.raises(OperationError, match="undone already"):
        give(config, None, undo=1)
    with pytest.raises(OperationError, match="no import 9"):
        give(config, None, undo=9)


def test_what_changed_again_is_not_undone(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for phone in ("0515-1", "0515-2"):
        file = workbook(tmp_path, {"网格": [("编号", "电话"), ("jr-2", phone)]})
        give(config, file)
        give(config, file, apply=token(capsys.readouterr().out))
    with pytest.raises(OperationError, match="changed again since import 1: jr-2; nothing was undone"):
        give(config, None, undo=1)
    assert give(config, None, undo=2) == 0


def test_of_two_imports_the_second_must_look_again(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = workbook(tmp_path, {"网格": [("编号", "电话"), ("jr-2", "1")]}).rename(tmp_path / "first.xlsx")
    second = workbook(tmp_path, {"网格": [("编号", "电话"), ("jr-2", "2")]})
    give(config, first)
    one = token(capsys.readouterr().out)
    give(config, second)
    two = token(capsys.readouterr().out)
    give(config, first, apply=one)
    with pytest.raises(OperationError, match="has changed since that preview"):
        give(config, second, apply=two)
    with Store(config.database.reveal()).reading() as reader:
        assert next(unit.phone for unit in reader.directory().units if unit.id == "jr-2") == "1"


def test_the_configuration_does_not_take_an_import_back(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [("编号", "电话", "撤销"), ("jr-2", "1", ""), ("jr-2-m2", "", "是")]
    file = workbook(tmp_path, {"网格": rows, "人员": [("编号", "离岗"), ("li", "是"), ("he", "是")]})
    give(config, file)
    give(config, file, apply=token(capsys.readouterr().out))
    with Store(config.database.reveal()).transaction() as tx:
        tx.sync_directory(config.directory, config.accounts, config.chats)
        directory = tx.directory()
    units = {unit.id: unit for unit in directory.units}
    assert units["jr-2"].phone == "1"
    assert "jr-2-m2" not in units
    assert not next(person.staff for person in directory.people if person.id == "li")


FAULTS: Mapping[str, tuple[Mapping[str, Sheet], str]] = {
    "an unknown role": ({"人员": [PEOPLE, ("丁一", "网格圆", "健仁第二网格", "")]}, "人员 2 role"),
    "an unknown unit": ({"人员": [PEOPLE, ("丁一", "网格员", "火星网格", "")]}, "the name of one of the units"),
    "no unit for a worker": ({"人员": [PEOPLE, ("丁一", "网格员", "", "")]}, "人员 2.unit"),
    "an unknown column": ({"人员": [("姓名", "星座"), ("丁一", "狮子")]}, "人员 2 星座"),
    "nameless": ({"人员": [("角色",), ("网格员",)]}, "人员 2: expected a name or an id"),
    "twice": ({"人员": [PEOPLE, *[("丁一", "网格员", "健仁第二网格", "")] * 2]}, "人员 3: expected one row for each"),
    "an account of somebody else": (
        {"人员": [PEOPLE, *[(name, "网格员", "jr-2", "telegram:1") for name in ("丁一", "丁二")]]}, "taken by"
    ),
    "places of another grid": ({"网格": [("编号", "地址范围"), ("jr-1", "健仁小区1-8号楼")]}, "claimed by"),
    "a ladder that turns": ({"网格": [("编号", "上级"), ("jr", "jr-2")]}, "网格 2.parent"),
    "a pin that is no number": ({"网格": [("编号", "纬度", "经度"), ("jr-1", "东边", "1")]}, "网格 2 lat"),
    "an unknown sheet": ({"名单": [("姓名",), ("丁一",)]}, "expected a sheet called"),
    "two called so": (
        {"人员": [("编号", "姓名", "角色", "网格"), ("d1", "丁一", "网格员", "jr-2"), ("d2", "丁一", "网格员", "jr-2"),
                ("", "丁一", "网格长", "jr")]}, "several are called so (d1, d2)"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", FAULTS)
def test_every_fault_is_told_by_its_row(
    kind: str, config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets, told = FAULTS[kind]
    with pytest.raises(OperationError, match="nothing was changed"):
        give(config, workbook(tmp_path, sheets), apply="anything")
    assert told in capsys.readouterr().out
    with Store(config.database.reveal()).reading() as reader:
        directory = reader.directory()
    assert {person.id for person in directory.people} == config.town.people.keys()
    assert directory.units == config.directory.units
    assert directory.groups == config.directory.groups


def test_a_unit_with_open_cases_stays(config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    give(config, workbook(tmp_path, {"人员": [PEOPLE, ("丁一", "网格员", "jr-2", "")]}))
    write(
        Store(config.database.reveal()), cases=(a_case("A0001", lead="lg-1", where=Where(unit="jr-2-m1", known=True)),)
    )
    file = workbook(tmp_path, {"网格": [("编号", "撤销"), ("jr-2-m1", "是")]})
    with pytest.raises(OperationError):
        give(config, file)
    assert "网格 2: expected a unit without open cases, found 1 open; hand them over first" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"a,b\n1,2\n", b"\x00" * 100])
def test_what_is_no_spreadsheet(data: bytes, config: Config, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with pytest.raises(OperationError, match=r"x\.xlsx"):
        give(config, path)
    with pytest.raises(OperationError, match=r"missing\.xlsx"):
        give(config, tmp_path / "missing.xlsx")
    with pytest.raises(OperationError, match="expected a file"):
        give(config, None)


def test_the_town_goes_out_and_comes_back_as_it_is(
    config: Config, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.xlsx"
    assert export_town(config, out) == 0
    capsys.readouterr()
    assert give(config, out) == 0
    assert capsys.readouterr().out == "nothing to change\n"
    for wrong in (None, tmp_path / "out.csv", tmp_path / "no" / "where.xlsx"):
        with pytest.raises(OperationError):
            export_town(config, wrong)
