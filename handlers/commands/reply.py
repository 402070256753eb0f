"""Knows 答复: whoever has the case in hand tells the resident something, in words."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, notices
from handlers.cases import State
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The words go to the reporters in private, redacted; the case stays as it is."""
    open_ones = [c for c in choosing.in_hand(turn) if c.state in (State.ASSIGNED, State.HANDLING)]
    case = choosing.one(turn, call, "reply", lambda c: c.lead_person == turn.sender.id, open_ones)
    turn.may(Step.TELL, case)
    if not call.rest:
        raise RefusalError("reply_empty", case=case.number)
    safe = turn.rules.redactor.redact(call.rest)
    case = turn.record(replace(case, first_answer_at=case.first_answer_at or turn.now), Step.TELL, note=call.rest)
    notices.tell(turn, case, "resident.told", words=safe, name=turn.sender.name)
    turn.say("handler.told", number=case.number)
    turn.buttons.extend(cards.buttons(turn, case))


COMMAND = Command(key="reply", run=run, audience="staff", whole=False)
