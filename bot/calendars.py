"""Knows which days a town works: its own configuration first, then the national holidays and 调休 of the library."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from zoneinfo import ZoneInfo

from bot.config_file import CalendarFacts
from handlers.clocks import CalendarHours, QuietHours, WorkingDays
from handlers.ports import Calendar

WEEKEND = 5
"""The weekday from which on people rest, where nothing else is said."""

COUNTING = "1"
"""Raised when this version counts deadlines otherwise than the one before: open cases are counted anew."""

NATIONAL_DAY = (10, 1)
"""Off in every year: where it is not, nobody has said yet which days are."""


def calendar(facts: CalendarFacts, zone: ZoneInfo) -> Calendar:
    """How the deadlines of this configuration are counted."""
    return WorkingDays(zone, working(facts)) if facts.mode == "working_days" else CalendarHours()


def working(facts: CalendarFacts) -> Callable[[date], bool]:
    """Whether a day is a working day; in a year that the library does not know, the weekends are off."""
    rests, works = _counted(facts)
    return lambda day: day in works or (day.weekday() < WEEKEND and day not in rests)


def mark(facts: CalendarFacts, quiet: QuietHours) -> str:
    """Another one whenever deadlines are counted otherwise: another way, other days, other hours of rest."""
    rests, works = _counted(facts) if facts.mode == "working_days" else (frozenset(), frozenset())
    days = [f"-{day}" for day in sorted(rests)] + [f"+{day}" for day in sorted(works)]
    told = " ".join((COUNTING, facts.mode, f"{quiet.start}-{quiet.end}", quiet.zone.key, *days))
    return sha256(told.encode()).hexdigest()[:16]


def gaps(facts: CalendarFacts, year: int) -> list[str]:
    """A sentence for this year and for the next one, where working days count and only weekends are known to be off."""
    if facts.mode != "working_days":
        return []
    rests = _library()[0] | _days(facts.holidays)
    return [
        f"calendar: the library knows no holidays of {one}; weekends only, add them under calendar.holidays"
        for one in (year, year + 1)
        if date(one, *NATIONAL_DAY) not in rests
    ]


def _counted(facts: CalendarFacts) -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the working days that are exceptions from the week: the town's word comes last."""
    rests, works = _library()
    own_rests, own_works = _days(facts.holidays), _days(facts.workdays)
    return (rests | own_rests) - own_works, (works - own_rests) | own_works


def _days(named: Iterable[str]) -> frozenset[date]:
    return frozenset(map(date.fromisoformat, named))


def _library() -> tuple[frozenset[date], frozenset[date]]:
    """The days off and the working days that are exceptions from the week."""
    import chinese_calendar

    return frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)
