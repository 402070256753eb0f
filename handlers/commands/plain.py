"""Knows 没听懂: the last answer once more, shorter and in plain words."""

from __future__ import annotations

from handlers import cards
from handlers.command import Call, Command
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The plain version of the last answer, or one short sentence about the case being talked of."""
    today = turn.now.date().isoformat()
    known = turn.rules.knowledge.get(turn.thread.answer, today)
    if known is not None and not turn.thread.topic:
        turn.said.append(known.plain)
        turn.say("plain.person")
        return
    case = turn.case(turn.thread.topic)
    if case is not None and case.open:
        turn.say("plain.case", number=case.number, lead=turn.rules.town.name_of(case.lead),
                 due=cards.when(turn, case.due_at))  # fmt: skip
        return
    turn.say("plain.default")


COMMAND = Command(key="plain", run=run)
