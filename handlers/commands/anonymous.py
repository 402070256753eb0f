"""Knows 匿名: from now on the handler is told that this reporter wishes not to be named."""

from __future__ import annotations

from dataclasses import replace

from handlers.command import Call, Command
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Mark the thread and the open cases of the sender."""
    turn.thread = replace(turn.thread, anonymous=True)
    for case in turn.mine():
        for reporter in turn.reporters(case.number):
            if reporter.person == turn.sender.id:
                turn.out.reporters[(case.number, reporter.person)] = replace(reporter, anonymous=True)
        if case.lead_person and case.lead_person != turn.sender.id:
            turn.push(case.lead_person, turn.word("handler.anonymous", number=case.number), case=case.number)
    turn.say("anonymous.done")


COMMAND = Command(key="anonymous", run=run)
