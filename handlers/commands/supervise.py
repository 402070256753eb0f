"""Knows 督办 by a dispatcher: the next level and who has the case are told to hurry; hands stay as they are."""

from __future__ import annotations

from handlers import by_hand, cards, dispatch
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """One entry, and a card to the lead and to those above it."""
    case = by_hand.meant(turn, call, "supervise", Step.SUPERVISE)
    note = by_hand.reason(call, case)
    case = turn.record(case, Step.SUPERVISE, note=note, reason="dispatcher")
    line = turn.word(
        "handler.supervised", number=case.number, item=turn.item(case).name, state=cards.state_line(turn, case),
        words=turn.rules.redactor.redact(note),
    )  # fmt: skip
    by_hand.alert(turn, case, line)
    _above(turn, case, line)
    by_hand.refresh(turn, case, case, turn.word("group.supervised", number=case.number))
    by_hand.tell(turn, case, "resident.hurried")
    by_hand.done(turn, case, "desk.supervised")


def _above(turn: Turn, case: Case, line: str) -> None:
    above = dispatch.above(turn, case)
    for person in turn.rules.town.hands(above.holder) if above is not None else ():
        if person.id != turn.sender.id and person.present(turn.now):
            turn.push(person.id, line, case=case.number, red=case.colour == "red")


COMMAND = Command(key="supervise", run=run, audience="staff", whole=False)
