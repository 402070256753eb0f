"""Knows how one more person comes to speak in a case that is open already (+1, 同问)."""

from __future__ import annotations

from handlers.cases import Case, Reporter
from handlers.steps import Step
from handlers.turn import Turn


def join(turn: Turn, case: Case, words: str = "") -> None:
    """The sender becomes a co-reporter, once, and hears every step from now on."""
    if turn.sender.id not in {reporter.person for reporter in turn.reporters(case.number)}:
        reporter = Reporter(case=case.number, person=turn.sender.id, part="co_reporter", since=turn.now)
        turn.out.reporters[(case.number, turn.sender.id)] = reporter
        turn.record(case, Step.JOIN, note=words)
    turn.say("voices.joined", number=case.number)
    turn.reply_case = case.number
