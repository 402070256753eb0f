"""Knows 批准: a second person approves a broadcast (G0001) or a nomination (its code)."""

from __future__ import annotations

from dataclasses import replace

from handlers import appointing, broadcasts, moments
from handlers.command import Call, Command
from handlers.directory import BroadcastState
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """A broadcast goes out after the undo window and outside quiet hours; a nomination gets its code."""
    if not call.number:
        appointing.decide(turn, call.argument or call.rest, approved=True)
        return
    one = broadcasts.named(turn, call)
    broadcasts.may_approve(turn, one)
    if one.until is not None and one.until <= turn.now + broadcasts.UNDO:
        raise RefusalError("notice_past")
    at = broadcasts.send_at(turn.rules, one, turn.now)
    one = replace(one, state=BroadcastState.APPROVED, approved_by=turn.sender.id, send_at=at)
    turn.out.broadcasts[one.number] = one
    said = moments.said(at, turn.rules.quiet_residents.zone, turn.rules.wording)
    facts = {"number": one.number, "at": said, "minutes": int(broadcasts.UNDO.total_seconds() // 60)}
    turn.say("broadcast.approved", **facts)
    turn.offer(f"take_back:{one.number}")
    line = turn.word("broadcast.approved_by", name=turn.sender.name, **facts)
    turn.push(one.made_by, line, buttons=(turn.button(f"take_back:{one.number}"),))


COMMAND = Command(key="approve", run=run, audience="staff", whole=False)
