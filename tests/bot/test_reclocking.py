"""Open cases are counted anew when the calendar counts otherwise: once, in pieces, before anything falls due by it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import reclocking
from bot.app import stage
from bot.calendars import calendar, mark
from bot.clock import FakeClock
from bot.config_file import CalendarFacts
from bot.stage import Stage
from handlers.cases import Case, Entry
from handlers.clocks import QuietHours
from handlers.desk import Desk
from handlers.effects import Effects
from storage.values import Written
from tests.product import product

ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime.fromisoformat("2026-03-06T09:00+08:00")
PLAIN, WORKING = CalendarFacts(), CalendarFacts(mode="working_days")
QUIET = QuietHours.parse("21:00-07:30", ZONE)
HOUR = timedelta(hours=1)


@pytest.fixture
def town() -> Iterator[Stage]:
    """A town on a Friday morning in which three matters were reported; one of them is danger, one has ended."""
    made = stage(product(), FakeClock(FRIDAY))
    made.say("zhang", "健仁小区3号楼路灯坏了")
    made.say("guo", "健仁小区3号楼着火了，有人被困")
    made.say("huang", "龙港花园3号楼楼道有人飞线充电")
    made.say("huang", "撤回")
    yield made
    made.store.close()


def counting(facts: CalendarFacts) -> Desk:
    """The desk of a process that was started with this calendar."""
    desk = product().desk
    return desk.fitted(replace(desk.rules, calendar=calendar(facts, ZONE), calendar_mark=mark(facts, QUIET)))


def counted(town: Stage, facts: CalendarFacts) -> list[int]:
    """How many cases each beat counted, until one had nothing to count."""
    found = []
    for _ in range(20):
        with town.store.transaction() as tx:
            found.append(reclocking.run(tx, counting(facts), town.clock.now()))
        if not found[-1]:
            return found
    raise AssertionError("the counting does not come to rest")


def cases(town: Stage) -> dict[str, Case]:
    with town.store.reading() as reader:
        return {case.number: case for case in reader.cases()}


def test_the_same_calendar_counts_nothing_again(town: Stage) -> None:
    before = cases(town)
    assert counted(town, product().config.calendar) == [0]
    assert cases(town) == before


def test_another_calendar_moves_the_deadlines_and_back(town: Stage) -> None:
    before = cases(town)
    assert counted(town, WORKING) == [2, 0]
    moved = cases(town)
    lamp, fire, ended = moved["A0001"], moved["A0002"], moved["A0003"]
    assert lamp.due_at == FRIDAY + 120 * HOUR + 48 * HOUR
    assert lamp.accept_due == FRIDAY + 72 * HOUR, "from Friday at nine to Monday at nine"
    assert fire == before["A0002"], "red runs round the clock"
    assert ended == before["A0003"], "what has ended is left alone"
    assert counted(town, WORKING) == [0], "once"
    assert counted(town, PLAIN) == [2, 0]
    assert cases(town) == before
    with town.store.reading() as reader:
        assert reader.verify() == []


def test_it_goes_in_pieces_and_goes_on_where_it_stopped(town: Stage) -> None:
    for n in range(4, 9):
        town.say("guo", f"健仁小区{n}号楼路灯坏了")
    desk, opened = counting(WORKING), [number for number, case in cases(town).items() if case.open]
    with town.store.transaction() as tx:
        first = tx.open_after("", 3)
        rest = tx.open_after(first[-1], 100)
        assert sorted({*first, *rest}) == [*first, *rest] == opened
        tx.set_setting(reclocking.REACHED, f"{desk.rules.calendar_mark} {first[-1]}")
    assert counted(town, WORKING) == [len(rest), 0]


def test_nothing_falls_due_by_a_calendar_that_holds_no_more(town: Stage) -> None:
    """The beat counts first; the one after it looks at what is due."""
    with town.store.transaction() as tx:
        tx.set_setting(reclocking.MARK, "another")
        due = town.clock.now() + 10 * HOUR
        assert tx.due_cases(due)
    shown = town.advance(4 * HOUR)
    assert shown
    with town.store.reading() as reader:
        assert reader.get_setting(reclocking.MARK) == product().desk.rules.calendar_mark


def test_a_history_that_cannot_be_read_leaves_its_case_and_stops_nobody(town: Stage) -> None:
    before = cases(town)
    strange = Entry(case="A0001", n=before["A0001"].entries + 1, at=FRIDAY, step="levitate", by="x", role="bot")
    with town.store.transaction() as tx:
        tx.load_cases(["A0001"], FRIDAY)
        known = replace(before["A0001"], entries=strange.n)
        tx.flush([Written(effects=Effects(cases=(known,), entries=(strange,)))], FRIDAY)
    assert counted(town, WORKING) == [2, 0]
    assert cases(town)["A0001"].due_at == before["A0001"].due_at


def test_the_mark_is_another_one_for_every_other_way_of_counting() -> None:
    holiday = replace(WORKING, holidays={"2026-03-04": "停工"})
    workday = replace(WORKING, workdays={"2026-03-07": "调休"})
    marks = [mark(facts, QUIET) for facts in (PLAIN, WORKING, holiday, workday)]
    marks.append(mark(PLAIN, QuietHours.parse("22:00-07:30", ZONE)))
    assert len(set(marks)) == len(marks)
    assert mark(replace(PLAIN, holidays={"2026-03-04": "停工"}), QUIET) == mark(PLAIN, QUIET), "no day rests there"
    assert mark(replace(WORKING, workdays={"2026-03-05": "照常"}), QUIET) != marks[1]
