"""Knows how much all processes together have lately sent into each chat that takes only so much."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import ceil

from sqlalchemy import Connection, select

from storage.bulk import Insert
from storage.columns import among, parameter
from storage.leasing import LEASE
from storage.values import Charge, Meter, Outgoing, Sendings
from storage.wire_tables import paces

LATE = int(LEASE.total_seconds())
"""A letter leaves at most so many seconds after it was claimed: whoever claimed it holds the lane no longer."""
FINE, COARSE, RECENT = 5, 60, 120
"""Seconds that are counted together: lately, and before that."""

Log = dict[str, list[list[int]]]
"""Process → moments (seconds) with how many messages were to leave until then."""

_KNOWN = select(paces.c.lane, paces.c.spent).where(among(paces.c.lane, "lanes"))
_KEEP = Insert(paces, ("lane", "spent"), key=("lane",))


def charge(
    connection: Connection, found: Sequence[Outgoing], owner: str, now: datetime, meter: Meter
) -> list[Outgoing]:
    """Count what is about to leave, before it does; each letter is told what other processes have sent into its chat.

    The lanes are the owner's: it has taken their leases in this very transaction.
    """
    charges = {letter.chat: one for letter in found if (one := meter(letter)) is not None}
    if not charges:
        return list(found)
    known = connection.execute(_KNOWN, {"lanes": parameter(sorted(charges))})
    logs: dict[str, Log] = {lane: json.loads(spent) for lane, spent in known}
    moment = now.timestamp()
    rows = [(lane, json.dumps(_after(logs.get(lane, {}), owner, moment, one))) for lane, one in charges.items()]
    _KEEP.run(connection, sorted(rows))
    return [
        replace(letter, elsewhere=tuple(_elsewhere(logs.get(letter.chat, {}), owner, moment, charges[letter.chat])))
        if letter.chat in logs and letter.chat in charges
        else letter
        for letter in found
    ]


def _after(log: Log, owner: str, now: float, one: Charge) -> Log:
    """The log with this charge, without what counts no longer; what is older is told less finely."""
    log = {**log, owner: [*log.get(owner, []), [ceil(now), one.messages]]}
    folded = {who: _folded(sent, now, one.seconds) for who, sent in log.items()}
    return {who: sent for who, sent in folded.items() if sent}


def _folded(sent: Sequence[Sequence[int]], now: float, seconds: float) -> list[list[int]]:
    counts: defaultdict[int, int] = defaultdict(int)
    for at, messages in sent:
        if at > now - seconds - LATE:
            step = FINE if at > now - RECENT else COARSE
            counts[ceil(at / step) * step] += messages
    return [[at, messages] for at, messages in sorted(counts.items())]


def _elsewhere(log: Mapping[str, Sequence[Sequence[int]]], owner: str, now: float, one: Charge) -> Iterator[Sendings]:
    """What others have sent, each as late as it may have left."""
    for who, sent in log.items():
        for at, messages in sent if who != owner else ():
            if at > now - one.seconds - LATE:
                yield Sendings(ago=max(now - at - LATE, 0.0), messages=messages)
