"""What must hold of the clock whatever happens: pauses, reopening, ends, clocks that jump, long sleeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import deadlines, history
from handlers.cases import Case, Entry, State
from handlers.catalogue import COLOURS
from handlers.deadlines import Timing
from handlers.ports import Calendar
from handlers.steps import Actor, Step
from tests.handlers.room import HOUR, MINUTE, MORNING, Room
from tests.handlers.stubs import catalogue, wording
from tests.handlers.test_history import CALENDARS, begun

TINY = timedelta(milliseconds=1)
"""Hours are counted in floating point."""

calendars = st.sampled_from(CALENDARS)
spans = st.floats(0, 24 * 20).map(lambda hours: hours * HOUR)
colours = st.sampled_from(COLOURS)


def opened(calendar: Calendar, colour: str, at: datetime = MORNING, **facts: object) -> tuple[Case, Timing]:
    """A case of this colour that somebody has in hand."""
    timing = Timing(catalogue(), calendar)
    plain = Case(number="A0001", duty="safety_hazard", item="ebike_wiring", opened_at=at, changed_at=at)
    told = {"duty": plain.duty, "item": plain.item, "colour": colour}
    case = history.after(plain, entry(Step.OPEN, at, **told), timing)
    state = {"state": State.HANDLING, **facts}
    return deadlines.settled(replace(case, **state), timing), timing  # type: ignore[arg-type]


def entry(step: Step, at: datetime, role: str = "lead", **facts: str) -> Entry:
    return Entry(case="A0001", n=1, at=at, step=step.value, by="li", role=role, facts=facts)


def paused(case: Case, timing: Timing, at: datetime, span: timedelta, until: timedelta) -> Case:
    """The case after a pause asked for `until`, ended after `span`."""
    facts = {"reason": "material", "until": (at + until).isoformat()}
    case = history.after(case, entry(Step.PAUSE, at, **facts), timing)
    assert [due.what for due in deadlines.pending(case)] == ["resume"]
    assert deadlines.reminders(case, timing) == []
    assert not deadlines.overdue(case, at + timedelta(days=999))
    return history.after(case, entry(Step.RESUME, at + span), timing)


@settings(deadline=None)
@given(calendars, colours, spans, spans, spans, st.sampled_from([State.ASSIGNED, State.HANDLING]))
def test_a_pause_never_shortens_a_deadline_and_leaves_what_was_left(
    calendar: Calendar, colour: str, before: timedelta, span: timedelta, until: timedelta, state: State
) -> None:
    case, timing = opened(calendar, colour, state=state)
    at, counted = case.opened_at + before, timing.counts(colour)
    after = paused(case, timing, at, span, until)
    assert after.due_at is not None
    assert case.due_at is not None
    for name in ("due_at", "first_due", "accept_due", "clock_from"):
        assert getattr(after, name) >= getattr(case, name), name
    left = counted.between(at, case.due_at)
    end = at + min(span, until)
    assert counted.between(end, after.due_at) == pytest.approx(left, abs=1e-3)
    assert (after.paused_at, after.paused_until, after.pause_reason, after.pauses) == (None, None, "", 1)


@settings(deadline=None)
@given(calendars, colours, spans, st.floats(-48, 0))
def test_pausing_and_resuming_at_once_or_earlier_changes_nothing(
    calendar: Calendar, colour: str, before: timedelta, back: float
) -> None:
    case, timing = opened(calendar, colour)
    for span in (timedelta(0), back * HOUR):
        after = paused(case, timing, case.opened_at + before, span, HOUR)
        assert replace(after, pauses=0) == case


@settings(deadline=None)
@given(calendars, colours, spans, st.integers(0, 2), st.integers(0, 3), st.integers(0, 63))
def test_reopening_restores_a_full_fresh_clock(
    calendar: Calendar, colour: str, later: timedelta, supervised: int, raised: int, reminded: int
) -> None:
    case, timing = opened(calendar, colour, supervised=supervised, raised=raised, reminded=reminded)
    now = case.opened_at + later
    case = replace(case, state=State.ASSIGNED, fed_back_at=now)
    again, new = history.after(case, entry(Step.REOPEN, now), timing), opened(calendar, colour, now)[0]
    names = ("accept_due", "first_due", "due_at", "supervise_due", "clock_from", "raised", "supervised", "fed_back_at")
    assert [getattr(again, name) for name in names] == [getattr(new, name) for name in names]
    assert again.reopened == 1
    assert again.reminded & ~deadlines.Told.MANY == 0


@settings(deadline=None)
@given(calendars, st.sampled_from(["green", "yellow"]), spans, st.booleans())
def test_a_higher_colour_never_gives_more_time_and_a_lower_one_never_less(
    calendar: Calendar, colour: str, later: timedelta, up: bool
) -> None:
    other = COLOURS[COLOURS.index(colour) + 1]
    old, new = (colour, other) if up else (other, colour)
    case, timing = opened(calendar, old)
    facts = {"from": old, "to": new}
    after = history.after(case, entry(Step.RECOLOUR, case.opened_at + later, **facts), timing)
    assert after.due_at is not None
    assert case.due_at is not None
    assert after.due_at <= case.due_at if up else after.due_at >= case.due_at


@settings(deadline=None)
@given(calendars, colours, st.sampled_from([State.ASSIGNED, State.HANDLING]), st.integers(0, 31))
def test_reminders_come_before_what_they_remind_of_and_after_the_start(
    calendar: Calendar, colour: str, state: State, reminded: int
) -> None:
    case, timing = opened(calendar, colour, state=state, reminded=reminded)
    ends = {"accept": case.accept_due, "finish": case.due_at, "first": case.first_due}
    for due in deadlines.reminders(case, timing):
        end = ends[due.what.partition("_")[0]]
        assert end is not None
        assert case.opened_at < due.at <= end + TINY


ENDS = (
    (Step.MERGE, Actor.DISPATCHER), (Step.WITHDRAW, Actor.REPORTER), (Step.SHUT, Actor.DISPATCHER),
    (Step.REFER_OUT, Actor.DISPATCHER),
)  # fmt: skip


@pytest.mark.parametrize("calendar", CALENDARS)
@settings(deadline=None, max_examples=25)
@given(st.sampled_from(ENDS), spans)
def test_what_has_ended_never_climbs_nor_reminds(calendar: Calendar, end: tuple[Step, Actor], later: timedelta) -> None:
    room = begun(calendar)
    room.passes(later)
    room.records("A0001", end[0], role=end[1].value)
    steps = room.steps()
    room.passes(timedelta(days=60))
    assert room.steps() == steps
    assert room.letters == [one for one in room.letters if one.to in room.rules.town.groups], "but for cards at rest"
    assert room.case().wake_at is None


moves = st.lists(st.floats(-60, 90).map(lambda hours: hours * HOUR), min_size=1, max_size=8)


@pytest.mark.parametrize("calendar", CALENDARS)
@settings(deadline=None, max_examples=40)
@given(moves, st.booleans())
def test_a_clock_that_goes_back_fires_nothing_twice(calendar: Calendar, jumps: list[timedelta], taken: bool) -> None:
    room = begun(calendar)
    if taken:
        room.says("li", "接单 A0001")
    reached = room.now
    for jump in jumps:
        before = len(room.history())
        room.sleeps(jump)
        if room.now <= reached:
            assert len(room.history()) == before, "this moment has been looked at already"
        reached = max(reached, room.now)
        room.sleeps(timedelta(0))
        assert not room.memory.due(room.now), "the clock comes to rest"
    told = [e.facts["what"] for e in room.history() if e.step == Step.REMIND and e.facts["what"] == "first"]
    assert len(told) <= 1


@pytest.mark.parametrize("calendar", CALENDARS)
@settings(deadline=None, max_examples=40)
@given(spans, st.booleans(), st.booleans(), st.integers(0, 23))
def test_one_long_sleep_ends_where_many_short_looks_end(
    calendar: Calendar, span: timedelta, told: bool, rests: bool, hour: int
) -> None:
    rooms = [begun(calendar, MORNING + hour * HOUR) for _ in range(2)]
    for room in rooms:
        room.says("li", "接单 A0001")
        if told:
            room.says("li", "答复 A0001 明天上午去")
        if rests:
            room.passes(HOUR)
            room.says("li", "暂停 A0001 等材料 2天")
    awake, asleep = rooms
    awake.passes(span)
    asleep.sleeps(span)
    assert history.Clocks.of(awake.case()) == history.Clocks.of(asleep.case())
    assert (awake.case().state, awake.case().colour) == (asleep.case().state, asleep.case().colour)
    short, long = ([step for step in room.steps() if step != Step.REMIND] for room in rooms)
    assert short == long
    assert asleep.steps().count("remind") <= awake.steps().count("remind")


@settings(deadline=None, max_examples=40)
@given(spans)
def test_after_a_long_sleep_a_case_climbs_one_level_for_who_leads_must_see_it(span: timedelta) -> None:
    room = begun(CALENDARS[0])
    due = room.case().accept_due
    assert due is not None
    late = room.now + span >= due
    room.sleeps(span)
    assert room.steps().count("raise") == int(late)
    since = room.case().accept_from
    assert since is not None
    assert since >= room.now or not late


@given(st.integers(1, 999), st.sampled_from(["小时", "天", "周", "个小时", "星期"]), st.text(max_size=20))
def test_a_span_of_a_pause_is_found_among_words(n: int, unit: str, words: str) -> None:
    plain = "".join(ch for ch in words if not ch.isdigit())
    found = wording().matches("pause_span", f"{plain} {n}{unit}")
    assert found is not None
    assert int(found.group("n")) == n


def test_no_reminder_in_the_night_and_one_letter_in_the_morning() -> None:
    room = begun(CALENDARS[0], MORNING + 9 * HOUR)
    room.passes(2 * HOUR + 10 * MINUTE)
    assert "还没人接" in room.heard("li"), "half of the time, at eight in the evening"
    room = Room(MORNING + 10.5 * HOUR)
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    room.passes(3 * HOUR)
    assert room.heard("li") == "", "half at 21:30, when groups rest"
    assert "raise" not in room.steps()
    room.passes(2 * HOUR)
    assert room.steps() == ["open", "assign", "raise"], "seen at 19:30 and not taken by 23:30"
