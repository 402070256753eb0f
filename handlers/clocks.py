"""Knows time as the desk needs it: quiet hours, and how the hours of a deadline are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST_REST = 366
"""Days off on end after which no working day is looked for any more."""

_HOUR, _DAY, _MOMENT = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A span of local wall time in which people are left alone; it may cross midnight."""

    start: time
    end: time
    zone: ZoneInfo

    @classmethod
    def parse(cls, span: str, zone: ZoneInfo) -> QuietHours:
        """From “22:00-07:00”. Raises ValueError when it is not two times of day."""
        first, _, last = span.partition("-")
        return cls(time.fromisoformat(first.strip()), time.fromisoformat(last.strip()), zone)

    def holds(self, moment: datetime) -> bool:
        """Whether people are resting at this moment."""
        now = moment.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def after(self, moment: datetime) -> datetime | None:
        """The moment at which people may be spoken to again, None when they may be spoken to now."""
        if not self.holds(moment):
            return None
        local = moment.astimezone(self.zone)
        wake = local.replace(hour=self.end.hour, minute=self.end.minute, second=0, microsecond=0)
        if wake <= local:
            wake += timedelta(days=1)
        return wake.astimezone(moment.tzinfo)

    def next(self, moment: datetime) -> tuple[datetime, datetime]:
        """The next span that begins at this moment or later."""
        local = moment.astimezone(self.zone)
        begin = local.replace(hour=self.start.hour, minute=self.start.minute, second=0, microsecond=0)
        begin += timedelta(days=1) if begin < local else timedelta(0)
        return begin.astimezone(moment.tzinfo), self.after(begin.astimezone(moment.tzinfo)) or begin


WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Regular:
    """A moment that comes again: every day at a local time, or every week on one day (`weekday`, 0 is Monday)."""

    at: time
    zone: ZoneInfo
    weekday: int | None = None

    @classmethod
    def parse(cls, spoken: str, zone: ZoneInfo) -> Regular | None:
        """From “08:00” or “monday 09:00”; None for “”. Raises ValueError for anything else."""
        if not spoken.strip():
            return None
        day, _, clock = spoken.strip().lower().rpartition(" ")
        return cls(time.fromisoformat(clock), zone, WEEK.index(day.strip()) if day else None)

    def after(self, moment: datetime) -> datetime:
        """The first such moment that is later."""
        local = moment.astimezone(self.zone)
        for days in range(9):
            day = local.date() + days * _DAY
            found = datetime.combine(day, self.at, self.zone)
            if found > local and self.weekday in (None, day.weekday()):
                return found.astimezone(UTC)
        raise ValueError(f"no such day within a week after {moment}")


class NoWorkingDayError(ValueError):
    """A calendar rests for longer than a year on end: somebody has filled it in wrongly."""


@dataclass(frozen=True, slots=True)
class CalendarHours:
    """Deadlines in calendar hours: “1天” is 24 hours whatever the day (路桥; domain.md 3.2)."""

    def add(self, start: datetime, hours: float) -> datetime:
        """The moment `hours` after `start`."""
        return start + timedelta(hours=max(hours, 0))

    def between(self, start: datetime, end: datetime) -> float:
        """The hours from `start` to `end`; 0 when the end does not come later."""
        return max(end - start, timedelta(0)) / _HOUR


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Deadlines in working days (工作日): the clock runs round every working day of the zone and rests on the others.

    24 hours from Friday at three end on Monday at three. A deadline that a working day uses up to its last moment ends
    with that day, not with the next one. `works` says of a local day whether it is one.
    """

    zone: ZoneInfo
    works: Callable[[date], bool]

    def add(self, start: datetime, hours: float) -> datetime:
        """The moment by which the clock has run for `hours`. Raises NoWorkingDayError."""
        left, rested = timedelta(hours=max(hours, 0)), 0
        for begin, end, works in self._days(start):
            if works and left <= end - begin:
                return begin + left
            left -= end - begin if works else timedelta(0)
            rested = 0 if works else rested + 1
            if rested > LONGEST_REST:
                break
        raise NoWorkingDayError(f"no working day within {LONGEST_REST} days after {start:%Y-%m-%d}")

    def between(self, start: datetime, end: datetime) -> float:
        """The hours that the clock runs from `start` to `end`; 0 when the end does not come later."""
        ran = timedelta(0)
        for begin, close, works in self._days(start):
            if begin >= end:
                break
            ran += min(close, end) - begin if works else timedelta(0)
        return ran / _HOUR

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
        """From `start` on, day by day: from when, until when, whether it works; at midnight first the day that ends."""
        at = start.astimezone(UTC)
        day = (at - _MOMENT).astimezone(self.zone).date()
        while True:
            end = max(at, datetime.combine(day + _DAY, time(0), self.zone).astimezone(UTC))
            yield at, end, self.works(day)
            day, at = day + _DAY, end
