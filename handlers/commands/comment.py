"""Knows 批注: a supervisor or dispatcher notes something on a case; those who work on it read it."""

from __future__ import annotations

from handlers import cards, choosing
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.town import Role
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The note goes to the lead (or its hands) and the dispatchers, redacted; never to a group or a resident."""
    case = choosing.named(turn, call)
    if case is None or not call.rest:
        raise RefusalError("comment_empty")
    turn.may(Step.COMMENT, case)
    case = turn.record(case, Step.COMMENT, note=call.rest)
    words = turn.rules.redactor.redact(call.rest)
    line = turn.word("handler.comment", number=case.number, name=turn.sender.name, words=words)
    hands = [case.lead_person] if case.lead_person else cards.leads(turn, case)
    desk = [person.id for person in turn.rules.town.with_role(Role.DISPATCHER, case.where.unit)]
    for person in dict.fromkeys((*hands, *desk)):
        if person != turn.sender.id:
            turn.push(person, line, case=case.number)
    turn.say("comment.noted", number=case.number)
    turn.reply_case = case.number


COMMAND = Command(key="comment", run=run, audience="staff", whole=False)
