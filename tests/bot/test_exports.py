"""What leaves the house: honest denominators, no word or name of a resident, and no cell that is a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import config as configuration
from bot.__main__ import main
from bot.config import Config
from bot.exports import Wanted, export
from bot.operations import OperationError
from bot.sheets import Value, harmless, write_csv, write_xlsx
from handlers.cases import Reporter, State, Where
from handlers.effects import Answered
from handlers.raw import RawText
from storage.store import Store
from storage.values import LetterOutcome
from tests.house import ROOT
from tests.storage.making import NOW, a_case, a_letter, later, said, serve, write


def town(tmp_path: Path, name: str) -> Config:
    """The shipped town with a memory of its own."""
    return configuration.read(ROOT / "config.yaml", {"XIAOGE__DATABASE": f"sqlite:///{tmp_path / name}"})


BAD = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", " =1", "\uff1d1", "\n=1")
DONE: dict[str, Any] = {
    "state": State.CLOSED, "accepted_at": later(hours=1), "fed_back_at": later(hours=2), "closed_at": later(hours=5)
}  # fmt: skip


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A town in whose memory something has happened."""
    found = town(tmp_path, "x.db")
    store = Store(found.database.reveal())
    store.create()
    secret = Where(unit="jr-1", text=RawText("7栋张家"), known=True)
    write(
        store,
        cases=(
            a_case("A9001", solved=True, rating=5, lead_person="li", **DONE),
            a_case("A9002", item="dv", confidential=True, where=secret, opened_at=later(days=-40)),
        ),
        reporters=(
            Reporter(case="A9001", person="zhang", since=NOW),
            Reporter(case="A9001", person="li", part="finder", since=NOW),
        ),
        answered=(Answered(at=NOW, person="p", duty="legal_policy", answer="x", unit="", channel="wechat"),),
    )
    store.close()
    return found


def table(config: Config, tmp_path: Path, what: str, **more: Any) -> list[dict[str, str]]:
    """An exported table, line by line, as a program that reads CSV sees it."""
    path = tmp_path / "out.csv"
    assert export(config, Wanted(what=what, out=path, **more), later(days=3)) == 0
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_rates_with_their_denominators(config: Config, tmp_path: Path) -> None:
    by_unit = table(config, tmp_path, "rates", by="unit")
    assert [row["单位"] for row in by_unit] == ["（未登记）", "健仁第一网格", "健仁第二网格", "合计"]
    assert [row["办结率·基数"] for row in by_unit] == ["0", "1", "1", "2"]
    total = by_unit[-1]
    assert (total["满意率"], total["满意率·达到"], total["满意率·基数"]) == ("1.0", "1", "1")
    assert (total["按时率"], total["按时率·基数"], total["未评价"]) == ("0.5", "2", "0")
    assert (by_unit[0]["办结率"], by_unit[0]["当场办结"]) == ("", "1.0")
    months = table(config, tmp_path, "rates", by="month", since=date(2026, 3, 2), until=date(2026, 3, 2))
    assert [row["月份"] for row in months] == ["2026-03", "合计"]
    assert [row["办结率·基数"] for row in table(config, tmp_path, "rates")] == ["2"]


def test_cases_without_anything_personal(config: Config, tmp_path: Path) -> None:
    new = table(config, tmp_path, "cases", since=date(2026, 3, 1))
    assert [row["编号"] for row in new] == ["A9001"]
    wanted = {
        "状态": "已办结", "单位": "健仁第二网格", "渠道": "wechat", "上报时间": "2026-03-02 09:00", "是否按时": "是",
        "居民说解决了": "是", "居民评分": "5", "上报人数": "2", "其中工作人员代报自办": "1",
    }  # fmt: skip
    assert {name: new[0][name] for name in wanted} == wanted
    old, _ = table(config, tmp_path, "cases")
    assert (old["事项"], old["单位"], old["是否按时"], old["居民评分"]) == ("（保密）", "（保密）", "否", "")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert not re.search("zhang|张家|飞线充电，|楼道|健仁小区|3号楼", text)


def test_the_burden_of_a_worker(config: Config, tmp_path: Path) -> None:
    store = Store(config.database.reveal())
    with store.transaction() as tx:
        tx.sync_directory(config.directory, {"li": ["telegram::1"]}, {"jr-2-work": ["telegram::-1001"]})
        serve(tx, [said("x", "反馈 A9001 已办", sender="telegram::1", chat="telegram::1")], NOW)
        serve(tx, [said("y", "", kind="press", button="a", sender="telegram::1", chat="telegram::1")], NOW)
    write(store, letters=(a_letter("li"), a_letter("jr-2-work", kind="card"), a_letter("jr-2-work", kind="edit")))
    with store.transaction() as tx:
        _send_all(tx, later(hours=14))
    store.close()
    rows = {row["人员编号"]: row for row in table(config, tmp_path, "burden", since=date(2026, 3, 1))}
    assert {"chen", "li", "lei"} < set(rows)
    assert not {"qin", "zhang"} & set(rows), "a liaison is a resident"
    li = rows["li"]
    assert (li["姓名"], li["角色"], li["按键次数"], li["发出消息"]) == ("李明", "网格员", "1", "1")
    assert li["收到私信"] == li["夜间私信（22点至7点）"] != "0"
    assert (li["经手事件"], li["其中办结"], li["每件按键和消息"]) == ("1", "1", "2.0")
    assert int(li["所在群收到消息"]) > 0
    assert rows["lei"]["每件按键和消息"] == ""


def _send_all(tx: Any, now: Any) -> None:
    while letters := tx.claim_letters(now, "me", 99):
        tx.settle_letters([LetterOutcome(id=one.id, state="sent", ref=f"m{one.id}") for one in letters], now)
        for one in letters:
            tx.release(f"lane:{one.chat}", "me")


def test_a_workbook_holds_the_same(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert export(config, Wanted(what="cases", form="xlsx", out=path), later(days=3)) == 0
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert all(word in sheet for word in ("编号", "A9001", "第二网格"))
    assert "<f>" not in sheet


def test_what_cannot_be_written_is_said(config: Config, tmp_path: Path) -> None:
    with pytest.raises(OperationError, match="--out"):
        export(config, Wanted(what="cases", form="xlsx"), NOW)
    with pytest.raises(OperationError, match="nowhere"):
        export(config, Wanted(what="cases", out=tmp_path / "nowhere" / "x.csv"), NOW)
    empty = town(tmp_path, "new.db")
    with pytest.raises(OperationError, match="migrate"):
        export(empty, Wanted(what="cases"), NOW)


def test_the_command_writes_to_stdout(config: Config, monkeypatch: pytest.MonkeyPatch, capfdbinary: Any) -> None:
    monkeypatch.setenv("XIAOGE__DATABASE", config.database.reveal())
    asked = ["export", "rates", "--by", "duty", "--since", "2026-03-01", "--config", str(ROOT / "config.yaml")]
    assert main(asked) == 0
    told = capfdbinary.readouterr().out.decode("utf-8-sig")
    assert told.splitlines()[0].startswith("网格职责,响应率,响应率·达到,响应率·基数")


@pytest.mark.parametrize("bad", BAD)
def test_a_formula_becomes_a_text(bad: str) -> None:
    assert harmless(bad) == f"'{bad}"


@given(st.text() | st.sampled_from(BAD).flatmap(lambda head: st.text().map(head.__add__)))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    told = harmless(text)
    assert isinstance(told, str)
    assert told.removeprefix("'") in (text, text.removeprefix("'"))
    assert not told.lstrip().startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])) | st.integers(), min_size=1), max_size=4))
def test_csv_reads_back_what_was_written(rows: list[list[Value]]) -> None:
    out = io.StringIO(newline="")
    write_csv(out, rows)
    read_back = list(csv.reader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline="")))
    assert [row for row in read_back if row] == [[str(harmless(value)) for value in row] for row in rows]


@given(st.lists(st.sampled_from(BAD), min_size=1))
def test_no_cell_of_a_workbook_is_a_formula(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    path = tmp_path_factory.mktemp("sheets") / "x.xlsx"
    write_xlsx(path, {"x": [cells, cells]})
    with zipfile.ZipFile(path) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_a_span_holds_its_last_day(config: Config, tmp_path: Path) -> None:
    day = date(2026, 3, 2)
    assert len(table(config, tmp_path, "cases", since=day, until=day)) == 1
    assert table(config, tmp_path, "cases", since=day + timedelta(days=1)) == []
