"""Knows 不同意: a broadcast (G0001) or a nomination (its code) is not approved."""

from __future__ import annotations

from dataclasses import replace

from handlers import appointing, broadcasts
from handlers.command import Call, Command
from handlers.directory import BroadcastState
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Who may approve may also say no; the author hears who did."""
    if not call.number:
        appointing.decide(turn, call.argument or call.rest, approved=False)
        return
    one = broadcasts.named(turn, call)
    broadcasts.may_approve(turn, one)
    turn.out.broadcasts[one.number] = replace(one, state=BroadcastState.TAKEN_BACK, approved_by=turn.sender.id)
    turn.say("broadcast.turned_down", number=one.number)
    turn.push(one.made_by, turn.word("broadcast.turned_down_by", number=one.number, name=turn.sender.name))


COMMAND = Command(key="turn_down", run=run, audience="staff", whole=False)
