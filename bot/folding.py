"""Knows the round that makes one message of what a group would get several of at once."""

from __future__ import annotations

from datetime import datetime

from handlers import grouping
from handlers.desk import Desk
from handlers.effects import Effects
from handlers.letters import Letter
from handlers.town import Group
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from storage.store import Tx
from storage.values import Crowd, Written


def fold(tx: Tx, desk: Desk, now: datetime) -> int:
    """Take out what is due together in each chat and write it as one letter, in the same transaction."""
    crowds = tx.take_crowds(now)
    if not crowds:
        return 0
    ws = WorkingSet(cases=tx.cases_of({told.case for crowd in crowds for told in crowd.told}))
    letters = tuple(_letter(desk, ws, crowd, now) for crowd in crowds)
    tx.flush([Written(effects=Effects(letters=letters))], now)
    return len(crowds)


def _letter(desk: Desk, ws: WorkingSet, crowd: Crowd, now: datetime) -> Letter:
    """A group that has left the town meanwhile is still told, as a work group is."""
    group = desk.rules.town.groups.get(crowd.to) or Group(id=crowd.to, name="", unit="", purpose="residents")
    told = [(one.case, "" if one.kind == "card" else one.text) for one in crowd.told]
    return grouping.digest(Turn(desk.rules, ws, now), group, crowd.chat, told)
