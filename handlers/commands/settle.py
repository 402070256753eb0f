"""Knows 答复办结: a case that nobody must go out for is answered and closed by a dispatcher or its department."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, notices
from handlers.command import Call, Command
from handlers.commands import erase
from handlers.raw import RawText
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The answer goes to the reporters, redacted; who is not helped by it may have the case opened again."""
    case = by_hand.meant(turn, call, "settle", Step.ANSWER)
    note = by_hand.reason(call, case)
    case = replace(case, result=RawText(note), closed_at=turn.now, first_answer_at=case.first_answer_at or turn.now)
    case = turn.record(case, Step.ANSWER, note=note)
    notices.forget(turn, case)
    by_hand.tell(turn, case, "resident.settled", words=turn.rules.redactor.redact(note))
    by_hand.done(turn, case, "desk.settled")
    erase.when_closed(turn, case)


COMMAND = Command(key="settle", run=run, audience="staff", whole=False)
