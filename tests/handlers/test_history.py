"""History alone tells the clock: whatever is played, every turn leaves what its entries say (see promises.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import history, steps
from handlers.cases import Entry, State
from handlers.catalogue import COLOURS
from handlers.clocks import CalendarHours, WorkingDays
from handlers.deadlines import REMINDERS, Timing
from handlers.history import ENDS_PAUSE, NAMES, Clocks
from handlers.ports import Calendar
from handlers.steps import Step
from tests.handlers.room import HOUR, MORNING, Room
from tests.handlers.stubs import ZONE, catalogue


def weekday(day: date) -> bool:
    return day.weekday() < 5


CALENDARS: tuple[Calendar, ...] = (CalendarHours(), WorkingDays(ZONE, weekday))
SAID = (
    ("li", "接单 A0001"), ("zhao", "接单 A0001"), ("han", "接单 A0001"), ("chen", "接单 A0001"),
    ("li", "反馈 A0001 已劝离"), ("li", "答复 A0001 明天上午去"), ("li", "暂停 A0001 等材料 2天"),
    ("li", "暂停 A0001 等居民 请发门牌 30小时"), ("chen", "暂停 A0001 其他 协调经费 2周"), ("li", "恢复 A0001"),
    ("chen", "恢复 A0001"), ("zhang", "已解决 5"), ("zhang", "没解决"), ("zhang", "要"), ("zhang", "还有一辆也在充"),
    ("zhang", "催办"), ("zhang", "撤回"), ("chen", "收到 A0001"), ("zhang", "不是3号楼 是5号楼"),
    ("zhang", "不是3号楼 是12号楼"),
)  # fmt: skip

EARLY = 5
"""Most plays go on: one of so many steps that would end the case does."""

talk = st.sampled_from(SAID).map(lambda said: lambda room: room.says(*said))
waits = st.floats(0.01, 60).map(lambda hours: lambda room: room.passes(hours * HOUR))
sleeps = st.floats(0.01, 60).map(lambda hours: lambda room: room.sleeps(hours * HOUR))


def free(pick: int, colour: str, what: str, hours: float) -> Callable[[Room], None]:
    """One of the steps that the table allows in the state of the moment, as a command of any chapter would take it."""

    def take(room: Room) -> None:
        case = room.case()
        possible = [step for step, move in steps.TABLE.items() if case.state in move.sources]
        if not possible:
            return
        step = possible[pick % len(possible)]
        if steps.TABLE[step].to in (State.WITHDRAWN, State.REFERRED, State.CLOSED) and pick % EARLY:
            return
        if step is Step.PAUSE and (case.paused_at is not None or case.colour == "red"):
            return
        facts: dict[str, object] = {"what": what, "n": str(case.alarms + 1), "reason": "material"}
        facts["until"] = (room.now + hours * HOUR).isoformat()
        if step is Step.SUPERVISE:
            facts["reason"] = "asked"
        if step in (Step.RECOLOUR, Step.RELABEL):
            facts["COLOUR"] = colour
        actors = sorted(steps.TABLE[step].actors)
        room.records("A0001", step, role=actors[pick % len(actors)].value, **facts)

    return take


stepped = st.builds(
    free, st.integers(0, 10_000), st.sampled_from(COLOURS), st.sampled_from(sorted(REMINDERS)), st.floats(0.1, 72)
)


def begun(calendar: Calendar, at: datetime = MORNING) -> Room:
    room = Room(at, calendar)
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    return room


@pytest.mark.parametrize("calendar", CALENDARS)
@settings(deadline=None, max_examples=120)
@given(st.integers(0, 23), st.lists(st.one_of(talk, stepped, stepped, waits, sleeps), min_size=4, max_size=20))
def test_any_play_leaves_the_clock_that_its_history_tells(
    calendar: Calendar, hour: int, play: list[Callable[[Room], None]]
) -> None:
    room = begun(calendar, MORNING + hour * HOUR)
    for act in play:
        act(room)
        case = room.case()
        assert case.accept_due is not None
        assert case.accept_from is not None
        assert case.accept_from <= case.accept_due
        assert case.due_at is not None
        assert case.clock_from is not None
        assert case.opened_at <= case.clock_from <= max(case.due_at, case.clock_from)
        assert (case.paused_at is None) == (case.paused_until is None)
        if not case.open:
            assert case.wake_at is None


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(talk, stepped, waits), max_size=10))
def test_another_calendar_counts_the_same_history_otherwise_and_back_again(play: list[Callable[[Room], None]]) -> None:
    room = begun(CALENDARS[0])
    for act in play:
        act(room)
    case, entries, rules = room.case(), room.history(), room.rules
    timing = Timing(rules.catalogue, CALENDARS[1], rules.quiet_groups)
    other = Clocks.of(history.fold(entries, timing)).onto(case)
    assert Clocks.of(history.fold(entries, rules.timing)).onto(other) == case
    assert room.desk.recounted(other, entries) == case
    assert (other.state, other.raised, other.reopened) == (case.state, case.raised, case.reopened)
    if case.open and case.colour != "red" and "recolour" not in room.steps():
        assert other.due_at is not None
        assert case.due_at is not None
        assert other.due_at >= case.due_at, "days of rest only add"


def test_the_clock_has_the_fields_of_the_case() -> None:
    room = begun(CALENDARS[0])
    assert Clocks.of(room.case()).onto(room.case()) == room.case()
    assert set(NAMES) <= set(room.case().__slots__)
    assert "wake_at" not in NAMES


def test_every_step_that_ends_work_or_changes_hands_ends_a_pause() -> None:
    for step, move in steps.TABLE.items():
        if move.to is not None and State.HANDLING in move.sources:
            assert step in ENDS_PAUSE, step
    assert not {Step.ADD, Step.TELL, Step.COMMENT, Step.ACCEPT, Step.PAUSE} & ENDS_PAUSE


def test_a_history_begins_with_something() -> None:
    with pytest.raises(ValueError, match="without a history"):
        history.fold([], Timing(catalogue(), CALENDARS[0]))


def test_a_history_of_before_colours_were_written_down_is_read() -> None:
    at = datetime(2026, 3, 2, 1, tzinfo=UTC)
    facts = {"duty": "safety_hazard", "item": "ebike_wiring"}
    told = history.fold(
        [Entry(case="A0001", n=1, at=at, step="open", by="z", role="reporter", facts=facts)],
        Timing(catalogue(), CALENDARS[0]),
    )
    assert (told.colour, told.due_at) == ("yellow", at + timedelta(hours=72))
