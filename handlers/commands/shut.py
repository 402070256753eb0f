"""Knows 关闭: a dispatcher closes a case that cannot or need not be handled, and says why."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, notices, whistling
from handlers.command import Call, Command
from handlers.commands import erase
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Closed, neither settled nor rated; the reporter hears the reason, and that they may have it opened again."""
    case = by_hand.meant(turn, call, "shut", Step.SHUT)
    note = by_hand.reason(call, case)
    old, case = case, whistling.close(turn, replace(case, closed_at=turn.now, shut=True), "whistle.ended")
    case = turn.record(case, Step.SHUT, note=note)
    notices.forget(turn, case)
    by_hand.withdraw_cards(turn, old, case, turn.word("group.shut", number=case.number))
    by_hand.tell(turn, case, "resident.shut", reason=turn.rules.redactor.redact(note))
    by_hand.done(turn, case, "desk.shut")
    erase.when_closed(turn, case)


COMMAND = Command(key="shut", run=run, audience="staff", whole=False)
