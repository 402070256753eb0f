"""Knows 群发记录: the last five broadcasts of one's part of the town, who wrote and who approved them."""

from __future__ import annotations

from handlers import broadcasts
from handlers.command import Call, Command
from handlers.rights import Power, holds
from handlers.rules import RefusalError
from handlers.turn import Turn

SHOWN = 5


def run(turn: Turn, call: Call) -> None:
    """Newest first."""
    town, own = turn.rules.town, turn.sender.unit
    if not any(holds(turn.sender, power, own, town) for power in (Power.BROADCAST, Power.APPROVE_BROADCAST)):
        raise RefusalError("no_power")
    found = [one for one in turn.ws.broadcasts.values() if any(town.within(unit, own) for unit in one.units)]
    found.sort(key=lambda one: (one.made_at, one.number), reverse=True)
    if not found:
        turn.say("broadcast.none")
        return
    turn.said.extend(broadcasts.line(turn, one) for one in found[:SHOWN])


COMMAND = Command(key="broadcast_record", run=run, audience="staff", draws="record")
