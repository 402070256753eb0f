"""Knows 上报: who has a case in hand passes it one level up, with a note that says why."""

from __future__ import annotations

from handlers import dispatch, passing
from handlers.command import Call, Command
from handlers.commands.hand_over import tell_reporters
from handlers.dispatch import Lead
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """One level up; where nobody is higher it is the dispatchers', and theirs it stays."""
    case = passing.meant(turn, call, "raise_up", Step.RAISE)
    passing.not_bounced(turn, case)
    if not call.rest:
        raise RefusalError("raise_empty", case=case.number)
    centre = dispatch.centre(turn.rules.town)
    if case.lead == centre:
        raise RefusalError("raise_top", case=case.number)
    higher = dispatch.above(turn, case)
    holder, level = (higher.holder, higher.level) if higher is not None else (centre, "street")
    before = turn.rules.town.name_of(case.lead)
    case = dispatch.accept_anew(turn, case)
    case = dispatch.change_lead(turn, case, Lead(holder, level, "raised"), Step.RAISE, note=call.rest)
    safe = turn.rules.redactor.redact(call.rest)
    passing.tell_asked(turn, case, turn.word("raised.to_you", number=case.number, lead=before, note=safe))
    turn.say("raised.done", number=case.number, lead=turn.rules.town.name_of(holder))
    tell_reporters(turn, case)


COMMAND = Command(key="raise_up", run=run, audience="staff", whole=False, numbered=True)
