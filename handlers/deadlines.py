"""Knows the clock of a case: what is due when, as pure functions of the case, so that it can always be recomputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntFlag

from handlers.cases import Case, State
from handlers.catalogue import Catalogue
from handlers.clocks import CalendarHours, QuietHours
from handlers.ports import Calendar

PLACE_WAIT = timedelta(minutes=10)
"""How long a case waits for the answer to “在哪里？” before it goes to the community without one."""

SILENCE = timedelta(hours=72)
"""After feedback, silence of this length closes the case unrated (design.md, close 办结评价)."""

ALARM_EVERY = timedelta(minutes=5)
ALARM_LATER = timedelta(minutes=30)
ALARMS_OFTEN = 6
RAISES = 3
SUPERVISIONS = 2

HALF, LATE = 0.5, 0.8
"""The parts of a span after which those who owe something are reminded."""

SHORTEST = 1.0
"""Hours that lie at least between two supervisions."""

BEFORE_RESULT = frozenset({State.COLLECTED, State.ASSIGNED, State.HANDLING})


class Told(IntFlag):
    """What needs to be said no more in the running round (`Case.reminded`); MANY stays for ever."""

    ACCEPT_HALF = 1
    ACCEPT_LATE = 2
    FINISH_HALF = 4
    FINISH_LATE = 8
    FIRST = 16
    MANY = 32


ACCEPT = Told.ACCEPT_HALF | Told.ACCEPT_LATE
FINISH = Told.FINISH_HALF | Told.FINISH_LATE

REMINDERS = {
    "accept_half": Told.ACCEPT_HALF,
    "accept_late": ACCEPT,
    "finish_half": Told.FINISH_HALF,
    "finish_late": FINISH,
    "first": Told.FIRST,
}
"""Each reminder and what is settled once it was given: the later one of a span stands for both."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that the clock will do to a case."""

    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Timing:
    """What deadlines are counted by: the hours of the catalogue, the town's calendar, and when cards rest."""

    catalogue: Catalogue
    calendar: Calendar
    quiet: QuietHours | None = None

    def counts(self, colour: str) -> Calendar:
        """Red always runs round the clock; the other colours as the town counts."""
        return CalendarHours() if colour == "red" else self.calendar

    def seen(self, colour: str, moment: datetime) -> datetime:
        """When a card posted at this moment is before those who can take it: in the morning, unless it is red."""
        return moment if colour == "red" or self.quiet is None else self.quiet.after(moment) or moment


def set_clocks(
    case: Case, catalogue: Catalogue, calendar: Calendar, start: datetime, quiet: QuietHours | None = None
) -> Case:
    """The case with its deadlines counted from `start` (opening, reopening, or the moment the matter changed)."""
    timing = Timing(catalogue, calendar, quiet)
    hours, counted = catalogue.hours(catalogue.item(case.duty, case.item), case.colour), timing.counts(case.colour)
    seen = timing.seen(case.colour, start)
    case = replace(
        case, clock_from=start, accept_from=seen, accept_due=counted.add(seen, hours.accept_h),
        first_due=counted.add(start, hours.first_h), due_at=counted.add(start, hours.finish_h),
    )  # fmt: skip
    return settled(case, timing)


def accept_from(case: Case, timing: Timing, moment: datetime) -> Case:
    """The case with its accept clock anew, from when the card of this moment can be seen."""
    hours = timing.catalogue.hours(timing.catalogue.item(case.duty, case.item), case.colour)
    start = timing.seen(case.colour, moment)
    return replace(case, accept_from=start, accept_due=timing.counts(case.colour).add(start, hours.accept_h))


def settled(case: Case, timing: Timing) -> Case:
    """The case with what follows from its deadlines: when it is supervised next, and when somebody is reminded."""
    waiting, supervise = reminders(case, timing), _supervise_due(case, timing)
    remind = waiting[0].at if waiting else None
    if (supervise, remind) == (case.supervise_due, case.remind_due):
        return case
    return replace(case, supervise_due=supervise, remind_due=remind)


def _supervise_due(case: Case, timing: Timing) -> datetime | None:
    """At the deadline; the second time one more span later."""
    if case.due_at is None or case.supervised >= SUPERVISIONS:
        return None
    if not case.supervised:
        return case.due_at
    counted = timing.counts(case.colour)
    span = counted.between(case.clock_from or case.opened_at, case.due_at)
    return counted.add(case.due_at, max(span, SHORTEST) * case.supervised)


def reminders(case: Case, timing: Timing) -> list[Due]:
    """The reminders still to be given, soonest first; they rest while groups rest. In danger the alarms remind."""
    if case.emergency or case.paused_at is not None or case.state not in (State.ASSIGNED, State.HANDLING):
        return []
    told = Told(case.reminded)
    found = [Due(timing.seen(case.colour, at), what) for at, what in _stages(case, timing) if REMINDERS[what] & ~told]
    return sorted(found, key=lambda due: due.at)


def _stages(case: Case, timing: Timing) -> Iterator[tuple[datetime, str]]:
    if case.first_due is not None:
        yield case.first_due, "first"
    if case.state is State.HANDLING:
        name, start, end = "finish", case.clock_from, case.due_at
    else:
        name, start, end = "accept", case.accept_from, case.accept_due if case.raised < RAISES else None
    if start is not None and end is not None:
        counted = timing.counts(case.colour)
        span = counted.between(start, end)
        yield counted.add(start, span * HALF), f"{name}_half"
        yield counted.add(start, span * LATE), f"{name}_late"


def pending(case: Case) -> list[Due]:
    """Everything still to fall due, soonest first; empty for a case that is not open."""
    if not case.open:
        return []
    if case.state is State.FED_BACK:
        return [Due(case.fed_back_at + SILENCE, "silence")] if case.fed_back_at else []
    if case.paused_at is not None:
        return [Due(case.paused_until or case.paused_at, "resume")]
    found: list[Due] = []
    if case.state is State.COLLECTED:
        found.append(Due(case.opened_at + PLACE_WAIT, "place_wait"))
    if case.emergency and not case.acknowledged_by:
        found.append(Due(next_alarm(case), "alarm"))
    if case.state is State.ASSIGNED and case.accept_due and case.raised < RAISES:
        found.append(Due(case.accept_due, "raise"))
    cached = ((case.supervise_due, "supervise"), (case.remind_due, "remind"), (case.whistle_due, "whistle"))
    found.extend(Due(at, what) for at, what in cached if at is not None)
    return sorted(found, key=lambda due: due.at)


def next_alarm(case: Case) -> datetime:
    """When the duty desk is called again while nobody has acknowledged: every 5 minutes, later every 30."""
    often = min(case.alarms, ALARMS_OFTEN)
    return case.opened_at + ALARM_EVERY * often + ALARM_LATER * (case.alarms - often)


def with_wake(case: Case) -> Case:
    """The case with `wake_at`, the moment the clock must look at it next."""
    return replace(case, wake_at=wake_at(case))


def wake_at(case: Case) -> datetime | None:
    """The moment the clock must look at a case next."""
    due = pending(case)
    return due[0].at if due else None


def overdue(case: Case, now: datetime) -> bool:
    """Whether the finish has passed while somebody still owes a result and nothing is waited for."""
    owed = case.state in BEFORE_RESULT and case.paused_at is None
    return owed and case.due_at is not None and now > case.due_at
