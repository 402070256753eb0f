"""Knows what the work asks of each worker: what they were sent, tapped and said, and the cases in their hands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, not_, or_, select

from storage.case_tables import cases
from storage.columns import among, parameter
from storage.post_tables import letters, postings
from storage.rates_live import Span, within
from storage.tables import accounts, chats, inbox

NIGHT = time(22), time(7)
"""Letters that leave in this span of local time disturb somebody's sleep."""

_PRIVATE = (
    select(accounts.c.person, letters.c.sent_at)
    .join(accounts, accounts.c.address == letters.c.lane)
    .where(among(accounts.c.person, "ids"), letters.c.state == "sent")
)
# Where a card was edited in place nothing rang; elsewhere an edit arrived as a line of its own.
_in_place = exists().where(postings.c.chat == letters.c.lane, postings.c.ref == letters.c.ref)
_GROUPS = (
    select(chats.c.group_id, func.count())
    .join(chats, chats.c.address == letters.c.lane)
    .where(letters.c.state == "sent", not_(and_(letters.c.kind == "edit", _in_place)))
    .group_by(chats.c.group_id)
)
_press = inbox.c.payload.contains('"kind":"press"', autoescape=True)
_happened = inbox.c.payload.contains('"kind":"event"', autoescape=True)
_SAID = (
    select(inbox.c.person, func.count().filter(_press), func.count().filter(~_press, ~_happened))
    .where(among(inbox.c.person, "ids"), inbox.c.person != "")
    .group_by(inbox.c.person)
)
_c = cases.c
_TAKEN = select(_c.lead_person, _c.accepted_at).where(among(_c.lead_person, "ids"), _c.accepted_at.is_not(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """What the work asked of one person in a span of time.

    `private`: letters sent to them alone · `group`: cards, digests and lines their groups received · `night`: private
    letters between 22 and 7 o'clock · `taps`: buttons pressed · `said`: messages written · `led`: cases in their hands
    in that time · `closed`: of these, closed in that time · `night_cases`: taken (or found and solved) at night.
    """

    private: int = 0
    group: int = 0
    night: int = 0
    taps: int = 0
    said: int = 0
    led: int = 0
    closed: int = 0
    night_cases: int = 0

    @property
    def per_case(self) -> float | None:
        """Taps and messages of theirs for each case in their hands; None without a case."""
        return (self.taps + self.said) / self.led if self.led else None


@dataclass(frozen=True, slots=True)
class _Counts:
    """Name of a count → person → how many."""

    of: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, name: str, person: str, n: int = 1) -> None:
        counts = self.of.setdefault(name, {})
        counts[person] = counts.get(person, 0) + n


def burden(
    connection: Connection, span: Span, zone: tzinfo, people: Mapping[str, Collection[str]]
) -> dict[str, Burden]:
    """Person → burden, for these people and the groups they sit in."""
    counts = _Counts()
    ids = {"ids": parameter(sorted(people))}
    for person, sent_at in connection.execute(_PRIVATE.where(within(letters.c.sent_at, span)), ids):
        counts.add("private", person)
        if _at_night(sent_at, zone):
            counts.add("night", person)
    for name, person, n in (*_groups(connection, span, people), *_said(connection, span, ids)):
        counts.add(name, person, n)
    for person, led, closed in connection.execute(_cases(span), ids):
        counts.add("led", person, led)
        counts.add("closed", person, closed)
    for person, accepted_at in connection.execute(_TAKEN.where(within(_c.accepted_at, span)), ids):
        counts.add("night_cases", person, int(_at_night(accepted_at, zone)))
    return {person: Burden(**{name: n.get(person, 0) for name, n in counts.of.items()}) for person in people}


def _groups(
    connection: Connection, span: Span, people: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, str, int]]:
    received = {row[0]: row[1] for row in connection.execute(_GROUPS.where(within(letters.c.sent_at, span)))}
    for person, groups in people.items():
        yield "group", person, sum(received.get(group, 0) for group in groups)


def _said(connection: Connection, span: Span, ids: Mapping[str, str]) -> Iterator[tuple[str, str, int]]:
    for person, taps, said in connection.execute(_SAID.where(within(inbox.c.received_at, span)), ids):
        yield "taps", person, taps
        yield "said", person, said


def _cases(span: Span) -> Any:
    """Person, cases in their hands in the span, those closed in it; a case that was handed on counts for the last."""
    closed: ColumnElement[bool] = and_(_c.closed_at.is_not(None), within(_c.closed_at, span))
    until = within(_c.opened_at, (None, span[1]))
    still = or_(_c.closed_at.is_(None), within(_c.closed_at, (span[0], None)))
    return (
        select(_c.lead_person, func.count(), func.count().filter(closed))
        .where(among(_c.lead_person, "ids"), until, still)
        .group_by(_c.lead_person)
    )


def _at_night(moment: datetime, zone: tzinfo) -> bool:
    begins, ends = NIGHT
    local = moment.astimezone(zone).time()
    return local >= begins or local < ends
