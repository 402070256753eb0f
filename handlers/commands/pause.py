"""Knows 暂停: a case rests for a reason and a span; its deadlines stand still meanwhile."""

from __future__ import annotations

from handlers import cards, choosing, pausing
from handlers.cases import State
from handlers.command import Call, Command
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Let the case meant rest: “暂停 A0001 等材料 3天”."""
    own = [case for case in choosing.in_hand(turn) if case.lead_person == turn.sender.id and case.paused_at is None]
    case = choosing.one(turn, call, "pause", lambda c: c.state is State.HANDLING, own)
    pausing.check(turn, case)
    case = pausing.pause(turn, case, pausing.read(turn, call.rest, case.number))
    turn.say("handler.paused", number=case.number, until=cards.when(turn, case.paused_until))
    turn.offer(f"resume:{case.number}")
    turn.reply_case = case.number


COMMAND = Command(key="pause", run=run, audience="staff", whole=False)
