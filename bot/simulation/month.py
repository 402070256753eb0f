"""Knows the calendar of a simulated month: its days, its holidays, the day of the flood, and when people are awake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from random import Random

FLOOD_DAY = 12
"""The day of the month on which the rain comes, where the month is long enough."""

WEEKEND = 5
HOURS = (1, 0, 0, 0, 0, 1, 4, 9, 12, 12, 10, 8, 7, 6, 7, 8, 8, 9, 10, 11, 11, 9, 5, 2)
"""How much is written in each hour of a day."""

ON_A_HOLIDAY = 0.5
"""How much is written, and how much attention is paid, on a holiday beside an ordinary day."""

AWAKE = (7, 22)
AT_WORK = (8, 18)
"""The hours in which residents answer, and in which workers go and see."""


@dataclass(frozen=True, slots=True)
class Month:
    """Days from a moment on. `working` says which days of the calendar are working days."""

    start: datetime
    days: int
    zone: tzinfo
    working: Callable[[date], bool]

    @property
    def end(self) -> datetime:
        """When it is over."""
        return self.start + timedelta(days=self.days)

    @property
    def flood(self) -> int:
        """The number of the day of the flood, from 1."""
        return FLOOD_DAY if self.days > FLOOD_DAY else (self.days + 1) // 2

    def day(self, day: int) -> date:
        """The date of a day, from 1."""
        return (self.start.astimezone(self.zone) + timedelta(days=day - 1)).date()

    def day_of(self, moment: datetime) -> int:
        """The number of the day in which a moment lies, from 1."""
        return (moment.astimezone(self.zone).date() - self.start.astimezone(self.zone).date()).days + 1

    def holiday(self, day: date) -> bool:
        """Whether a day belongs to a run of free days that holds a day of the working week."""
        run = [day]
        for step in (-1, 1):
            beside = day + timedelta(days=step)
            while not self.working(beside):
                run.append(beside)
                beside += timedelta(days=step)
        return not self.working(day) and any(one.weekday() < WEEKEND for one in run)

    def share(self, day: int) -> float:
        """How much is written on a day beside an ordinary one."""
        return ON_A_HOLIDAY if self.holiday(self.day(day)) else 1.0

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        """A moment of a day."""
        local = self.start.astimezone(self.zone).replace(hour=hour, minute=minute, second=0, microsecond=0)
        return local + timedelta(days=day - 1)

    def some_time(self, day: int, dice: Random) -> datetime:
        """A moment of a day at which somebody may write."""
        return self.at(day, dice.choices(range(24), HOURS)[0], dice.randrange(60))

    def within(self, moment: datetime, hours: tuple[int, int], dice: Random) -> datetime:
        """The moment, or some minutes after the next opening where it lies outside these hours."""
        local = moment.astimezone(self.zone)
        if hours[0] <= local.hour < hours[1]:
            return moment
        morning = local.replace(hour=hours[0], minute=dice.randrange(60), second=0, microsecond=0)
        return morning if local.hour < hours[0] else morning + timedelta(days=1)

    def at_night(self, moment: datetime) -> bool:
        """Whether a phone that rings now wakes somebody."""
        hour = moment.astimezone(self.zone).hour
        return not AWAKE[0] <= hour < AWAKE[1]


def parts(total: float, shares: list[float]) -> list[int]:
    """Whole numbers a day that follow the shares and add up to the total, rounded."""
    whole = sum(shares) or 1.0
    done, given, found = 0.0, 0, []
    for share in shares:
        done += total * share / whole
        found.append(round(done) - given)
        given = round(done)
    return found
