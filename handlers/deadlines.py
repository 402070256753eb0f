"""Knows the clock of a case: what is due when, as a pure function of the case, so that it can always be recomputed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.cases import Case, State
from handlers.catalogue import Catalogue
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


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that the clock will do to a case."""

    at: datetime
    what: str


def set_clocks(case: Case, catalogue: Catalogue, calendar: Calendar, start: datetime) -> Case:
    """The case with its deadlines counted from `start` (opening, reopening, or the moment the matter changed)."""
    hours = catalogue.hours(catalogue.item(case.duty, case.item), case.colour)
    return replace(
        case,
        accept_due=calendar.add(start, hours.accept_h),
        due_at=calendar.add(start, hours.finish_h),
    )


def pending(case: Case) -> list[Due]:
    """Everything still to fall due, soonest first; empty for a case that is not open."""
    found: list[Due] = []
    if not case.open:
        return found
    if case.state is State.FED_BACK:
        return [Due(case.fed_back_at + SILENCE, "silence")] if case.fed_back_at else []
    if case.state is State.COLLECTED:
        found.append(Due(case.opened_at + PLACE_WAIT, "place_wait"))
    if case.emergency and not case.acknowledged_by:
        found.append(Due(next_alarm(case), "alarm"))
    if case.state is State.ASSIGNED and case.accept_due and case.raised < RAISES:
        found.append(Due(case.accept_due, "raise"))
    if case.due_at and case.supervised < SUPERVISIONS:
        span = max(case.due_at - case.opened_at, timedelta(hours=1))
        found.append(Due(case.due_at + span * case.supervised, "supervise"))
    return sorted(found, key=lambda due: due.at)


def next_alarm(case: Case) -> datetime:
    """When the duty desk is called again while nobody has acknowledged: every 5 minutes, later every 30."""
    often = min(case.alarms, ALARMS_OFTEN)
    return case.opened_at + ALARM_EVERY * often + ALARM_LATER * (case.alarms - often)


def with_wake(case: Case) -> Case:
    """The case with `wake_at`, the moment the clock must look at it next."""
    due = pending(case)
    return replace(case, wake_at=due[0].at if due else None)


def overdue(case: Case, now: datetime) -> bool:
    """Whether the finish has passed while somebody still owes a result."""
    return case.open and case.state is not State.FED_BACK and case.due_at is not None and now > case.due_at
