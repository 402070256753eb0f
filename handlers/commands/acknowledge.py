"""Knows 收到: a human has seen a red case; the repeated alarms end here, and the name is kept."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, notices
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Acknowledge by name."""
    case = choosing.one(turn, call, "acknowledge", _waiting, choosing.in_hand(turn))
    turn.may(Step.ACKNOWLEDGE, case)
    if case.colour != "red":
        raise RefusalError("not_red", case=case.number)
    if case.acknowledged_by:
        raise RefusalError("acknowledged", case=case.number, who=turn.rules.town.name_of(case.acknowledged_by))
    case = turn.record(
        replace(case, acknowledged_by=turn.sender.id, first_answer_at=case.first_answer_at or turn.now),
        Step.ACKNOWLEDGE,
    )
    turn.say("handler.acknowledged", number=case.number)
    turn.buttons.extend(cards.buttons(turn, case))
    turn.reply_case = case.number
    cards.refresh(turn, case, turn.word("group.acknowledged", number=case.number, name=turn.sender.name))
    _tell_desk(turn, case)
    notices.tell(turn, case, "resident.acknowledged")


def _waiting(case: Case) -> bool:
    return case.colour == "red" and case.open and not case.acknowledged_by


def _tell_desk(turn: Turn, case: Case) -> None:
    text = turn.word("group.acknowledged", number=case.number, name=turn.sender.name)
    for person in turn.rules.town.duty_people:
        if person != turn.sender.id:
            turn.push(person, text, case=case.number, red=True)


COMMAND = Command(key="acknowledge", run=run, audience="staff", aloud=True)
