"""Knows the rounds of the clock that write letters by themselves: the morning's digest and the week's summary."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from handlers import digest
from handlers.clocks import Regular
from handlers.desk import Desk
from handlers.effects import Effects
from handlers.rules import Rules
from handlers.summaries import Week
from storage.store import Tx
from storage.values import Written

STALE = timedelta(hours=6)
"""A letter of the morning that could not be written for so long is left out."""

_DAY = timedelta(days=1)


def look(tx: Tx, desk: Desk, now: datetime) -> int:
    """Write what is due; a schedule that has just been set begins with its next moment."""
    rules, timers = desk.rules, tx.timers()
    due = [_due(tx, name, when, timers.get(name), now) for name, when in
           (("morning", rules.morning), ("weekly", rules.weekly))]  # fmt: skip
    writers: tuple[Callable[[Tx, Rules, datetime], Effects], ...] = (morning, weekly)
    for write, is_due in zip(writers, due, strict=True):
        if is_due:
            tx.flush([Written(effects=write(tx, rules, now))], now)
    return sum(due)


def _due(tx: Tx, name: str, when: Regular | None, at: datetime | None, now: datetime) -> bool:
    """Whether this timer has gone off; it is set to its next moment."""
    if when is None:
        return False
    following = when.after(now)
    if at is None or at <= now or at > following:
        tx.set_timer(name, following)
    return at is not None and at <= now and now - at < STALE


def morning(tx: Tx, rules: Rules, now: datetime) -> Effects:
    """To everybody who works; on a day on which no deadline runs, to nobody."""
    begin = _midnight(rules, now)
    if rules.calendar.between(begin, begin + _DAY) <= 0:
        return Effects()
    return digest.morning(rules, tx.waiting(), tx.joining(now - _DAY), now)


def weekly(tx: Tx, rules: Rules, now: datetime) -> Effects:
    """To who supervises: the seven days before this week, beside those before them."""
    local = _midnight(rules, now)
    until = local - local.weekday() * _DAY
    since = until - 7 * _DAY
    last, before = tx.rates(now, since=since, until=until), tx.rates(now, since=since - 7 * _DAY, until=since)
    week = Week(town=rules.town.name, since=since.date(), until=(until - _DAY).date())
    return digest.weekly(rules, last, before, week, now)


def _midnight(rules: Rules, now: datetime) -> datetime:
    zone = rules.quiet_residents.zone
    return datetime.combine(now.astimezone(zone).date(), time(0), zone)
