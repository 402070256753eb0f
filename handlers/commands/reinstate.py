"""Knows 复岗: somebody who was sent away serves again, with the roles they had."""

from __future__ import annotations

from dataclasses import replace

from handlers import appointing, by_hand
from handlers.command import Call, Command
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import STAFF
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """By name, among those who have left and whose roles the sender may give."""
    appointing.in_private(turn)
    by_hand.need(turn, Power.DISMISS)
    town = turn.rules.town
    gone = [p for p in town.people.values() if p.left_at is not None and call.rest in (p.id, p.name, *p.names)]
    if not call.rest:
        raise RefusalError("reinstate_who")
    if not gone:
        raise RefusalError("unknown_name", name=call.rest[:12])
    person = turn.ws.people.get(gone[0].id, gone[0])
    by_hand.need(turn, Power.DISMISS, person.unit)
    if not appointing.may_give(turn.sender, person.roles & STAFF):
        raise RefusalError("no_power")
    turn.out.persons[person.id] = replace(person, left_at=None)
    turn.say("people.reinstated", name=person.name)


COMMAND = Command(key="reinstate", run=run, audience="staff", whole=False)
