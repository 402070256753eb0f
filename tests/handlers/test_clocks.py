"""The hours of a deadline: by the calendar, and on working days, which rest on every other day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.clocks import LONGEST_REST, CalendarHours, NoWorkingDayError, WorkingDays
from handlers.ports import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [SHANGHAI, ZoneInfo("UTC"), ZoneInfo("Europe/Berlin"), ZoneInfo("America/Havana"), ZoneInfo("Pacific/Apia")]
"""In the months tried Berlin changes its clocks, Havana does so at midnight, Apia leaves a day out (2011-12-30)."""
HOUR = timedelta(hours=1)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


WEEK = WorkingDays(SHANGHAI, weekdays)


def at(text: str) -> datetime:
    """A local time of a day in March 2026; the 6th is a Friday."""
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


ADDED: list[tuple[str, float, str]] = [
    ("06 15:00", 24, "09 15:00"),
    ("06 15:00", 9, "07 00:00"),
    ("06 15:00", 9.5, "09 00:30"),
    ("06 15:00", 120, "13 15:00"),
    ("06 00:00", 24, "07 00:00"),
    ("06 00:00", 120, "13 00:00"),
    ("05 23:50", 0.25, "06 00:05"),
    ("06 23:50", 0.25, "09 00:05"),
    ("07 12:00", 0.25, "09 00:15"),
    ("07 12:00", 24, "10 00:00"),
    ("08 23:59", 24, "10 00:00"),
    ("09 00:00", 24, "10 00:00"),
    ("06 15:00", 0, "06 15:00"),
    ("07 00:00", 0, "07 00:00"),
    ("07 00:01", 0, "09 00:00"),
    ("08 00:00", 0, "09 00:00"),
    ("06 15:00", -3, "06 15:00"),
]


@pytest.mark.parametrize(("start", "hours", "end"), ADDED)
def test_working_days_added(start: str, hours: float, end: str) -> None:
    found = WEEK.add(at(start), hours)
    assert found == at(end)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("06 15:00", "09 15:00", 24),
        ("06 15:00", "08 15:00", 9),
        ("07 09:00", "08 21:00", 0),
        ("07 00:00", "09 00:00", 0),
        ("02 00:00", "16 00:00", 240),
        ("06 15:00", "06 14:00", 0),
        ("06 15:00", "06 15:00", 0),
        ("06 15:00", "06 15:15", 0.25),
    ],
)
def test_working_hours_between(start: str, end: str, hours: float) -> None:
    assert WEEK.between(at(start), at(end)) == hours


def test_by_the_calendar_every_day_is_the_same() -> None:
    calendar = CalendarHours()
    assert calendar.add(at("06 15:00"), 24) == at("07 15:00")
    assert calendar.add(at("06 15:00"), -1) == at("06 15:00")
    assert calendar.between(at("06 15:00"), at("09 15:00")) == 72
    assert calendar.between(at("06 15:00"), at("06 14:00")) == 0
    assert calendar == CalendarHours()


def test_days_are_those_of_the_town() -> None:
    """At 16:00 UTC on Friday the weekend has begun in Shanghai, not yet in London."""
    friday = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)
    assert WEEK.add(friday, 1) == datetime(2026, 3, 8, 17, 0, tzinfo=UTC)
    assert WorkingDays(ZoneInfo("Europe/London"), weekdays).add(friday, 1) == friday + HOUR
    assert WEEK.add(friday.astimezone(ZoneInfo("America/New_York")), 1) == WEEK.add(friday, 1)


def test_a_calendar_without_working_days_does_not_turn_for_ever() -> None:
    never = WorkingDays(SHANGHAI, lambda day: False)
    with pytest.raises(NoWorkingDayError, match=f"no working day within {LONGEST_REST} days after 2026-03-06"):
        never.add(at("06 15:00"), 1)
    assert never.between(at("06 15:00"), at("06 15:00") + 1000 * 24 * HOUR) == 0


def test_many_weekends_are_no_long_rest() -> None:
    assert WEEK.add(at("02 00:00"), 5 * LONGEST_REST * 24) == at("02 00:00") + (7 * LONGEST_REST - 2) * 24 * HOUR


def test_a_year_of_rest_is_waited_for() -> None:
    sabbatical = WorkingDays(SHANGHAI, lambda day: day.year != 2026)
    assert sabbatical.add(at("06 15:00"), 1) == datetime(2027, 1, 1, 1, 0, tzinfo=SHANGHAI)


# -- properties --------------------------------------------------------------------------------------------------------

EPOCH = date(2011, 10, 25)
spans = st.integers(0, 400 * 60) | st.integers(0, 50).map(lambda thirds: thirds * 8 * 60)
"""Minutes, with more of those that meet a midnight of Shanghai."""
starts = spans.map(lambda minutes: datetime(2011, 10, 25, tzinfo=UTC) + timedelta(minutes=minutes))
hours = spans.map(lambda minutes: minutes / 60)
rests = st.sets(st.integers(0, 80)).map(lambda days: {EPOCH + timedelta(days=n) for n in days})


def off_days(rest: set[date]) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and day not in rest


calendars: st.SearchStrategy[Calendar] = st.one_of(
    st.builds(WorkingDays, st.sampled_from(ZONES), rests.map(off_days)), st.builds(CalendarHours)
)


@settings(deadline=None)
@given(calendars, starts, hours)
def test_what_is_added_has_run(calendar: Calendar, start: datetime, some: float) -> None:
    end = calendar.add(start, some)
    assert end >= start
    assert calendar.between(start, end) == pytest.approx(some, abs=1e-6)


@settings(deadline=None)
@given(calendars, starts, hours, hours)
def test_adding_twice_is_adding_the_sum(calendar: Calendar, start: datetime, one: float, other: float) -> None:
    assert calendar.add(calendar.add(start, one), other) == calendar.add(start, one + other)


@settings(deadline=None)
@given(calendars, starts, starts, hours, hours)
def test_more_is_later(calendar: Calendar, one: datetime, other: datetime, some: float, more: float) -> None:
    earlier, later = sorted((one, other))
    assert calendar.add(earlier, some) <= calendar.add(later, some)
    assert calendar.add(one, some) <= calendar.add(one, some + more)


@settings(deadline=None)
@given(calendars, starts, starts, starts)
def test_spans_add_up(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    whole = calendar.between(first, third)
    assert whole == pytest.approx(calendar.between(first, second) + calendar.between(second, third), abs=1e-6)
    assert 0 <= whole <= (third - first) / HOUR + 1e-6
    assert calendar.between(third, first) == 0


@settings(deadline=None)
@given(st.sampled_from(ZONES), rests, starts, hours)
def test_no_deadline_ends_on_a_day_off(zone: ZoneInfo, rest: set[date], start: datetime, some: float) -> None:
    """At its first moment at most: there the working day before ends."""
    works = off_days(rest)
    end = WorkingDays(zone, works).add(start, some)
    touched = {moment.astimezone(zone).date() for moment in (end, end - timedelta(microseconds=1))}
    assert any(map(works, touched))
