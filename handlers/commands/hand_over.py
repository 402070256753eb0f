"""Knows 转办: who has a case passes it to other hands, with a note that says why."""

from __future__ import annotations

from handlers import dispatch, notices, passing
from handlers.cases import GENTLE, Case
from handlers.command import Call, Command
from handlers.dispatch import Lead
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """To a colleague, another unit or a department; they read the note in private, the reporter hears who has it."""
    case = passing.meant(turn, call, "hand_over", Step.HAND_OVER)
    passing.not_bounced(turn, case)
    if not call.rest:
        raise RefusalError("hand_over_empty", case=case.number)
    aim = passing.aim(turn, case, call.rest)
    if not aim.note:
        raise RefusalError("hand_over_empty", case=case.number)
    dispatch.guard(turn, case, aim.holder, aim.note)
    moved = aim.holder != case.lead
    lead = Lead(aim.holder, passing.level_of(turn.rules.town, aim.holder), "by_hand")
    case = dispatch.change_lead(turn, case, lead, Step.HAND_OVER, note=aim.note, person=aim.person)
    name = turn.rules.town.name_of(aim.person or aim.holder)
    safe = turn.rules.redactor.redact(aim.note)
    passing.tell_asked(turn, case, turn.word("handed.to_you", number=case.number, name=turn.sender.name, note=safe))
    turn.say("handed.done", number=case.number, name=name)
    if moved:
        tell_reporters(turn, case)


def tell_reporters(turn: Turn, case: Case) -> None:
    """Who reported hears that others have it now; who lives with violence is not written to unasked."""
    if case.emergency not in GENTLE:
        notices.tell(turn, case, "resident.moved", lead=turn.rules.town.name_of(case.lead))


COMMAND = Command(key="hand_over", run=run, audience="staff", whole=False)
