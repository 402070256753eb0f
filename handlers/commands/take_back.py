"""Knows 取消群发: its author or approver takes a broadcast back before it is sent, or a standing notice down."""

from __future__ import annotations

from dataclasses import replace

from handlers import broadcasts
from handlers.command import Call, Command
from handlers.directory import BroadcastState
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """What was sent cannot be taken back; a notice stops standing in answers."""
    one = broadcasts.named(turn, call)
    if turn.sender.id not in (one.made_by, one.approved_by):
        raise RefusalError("no_power")
    if one.state is BroadcastState.SENT and one.until is not None:
        turn.out.broadcasts[one.number] = replace(one, state=BroadcastState.ENDED)
        turn.say("notice.ended", number=one.number)
        return
    if one.state not in (BroadcastState.WRITTEN, BroadcastState.APPROVED):
        raise RefusalError(f"broadcast.{one.state.value}", number=one.number)
    turn.out.broadcasts[one.number] = replace(one, state=BroadcastState.TAKEN_BACK)
    turn.say("broadcast.taken_back", number=one.number)
    for other in {one.made_by, one.approved_by} - {turn.sender.id, ""}:
        turn.push(other, turn.word("broadcast.taken_back_by", number=one.number, name=turn.sender.name))


COMMAND = Command(key="take_back", run=run, audience="staff", whole=False)
