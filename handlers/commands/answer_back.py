"""Knows 回复: a resident answers who works on their case, by its number; a worker's 回复 is an 答复."""

from __future__ import annotations

from handlers import choosing
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.commands import ask
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The words go to who asked last, else to who has the case."""
    case = choosing.named(turn, call)
    if case is None:
        raise RefusalError("nothing_fits")
    if turn.sender.staff and Actor.REPORTER not in turn.actors(case):
        turn.run_command("reply", call)
        return
    turn.may(Step.REPLY, case)
    if not call.rest:
        raise RefusalError("answer_back_empty", case=case.number)
    by = _asker(turn, case)
    safe = turn.rules.redactor.redact(call.rest, rooms=by != case.lead_person)
    ask.passed_on(turn, case, by, "handler.replied", call.rest, words=safe)


def _asker(turn: Turn, case: Case) -> str:
    """Who waits for this resident's answer; the question is answered with it."""
    asked = [one for one in turn.thread.questions if one.kind == "asked" and one.case == case.number]
    for question in asked:
        turn.thread = turn.thread.without(question)
    return asked[-1].facts.get("by", "") if asked else case.lead_person


COMMAND = Command(key="answer_back", run=run, whole=False, numbered=True)
