"""Knows time as the desk needs it: the port of a clock, hours by the calendar, quiet hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


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


class CalendarHours:
    """Deadlines in calendar hours: “1天” is 24 hours whatever the day (路桥; domain.md 3.2)."""

    def add(self, start: datetime, hours: float) -> datetime:
        """The moment `hours` after `start`."""
        return start + timedelta(hours=hours)
