"""Knows 派单: a dispatcher says who leads a case, a unit, a department or a person, and may add a note."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, cards, dispatch, passing
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.dispatch import Lead
from handlers.passing import Aim
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """A collected case goes out; one that is out already changes hands. The negative list holds for dispatchers too."""
    case = by_hand.meant(turn, call, "assign", Step.ASSIGN, Step.HAND_OVER)
    if Actor.DISPATCHER not in turn.actors(case):
        raise RefusalError("no_right", case=case.number)
    if not call.rest:
        raise RefusalError("assign_whom", case=case.number)
    waits = case.state is State.COLLECTED
    aim = passing.aim(turn, replace(case, lead="") if waits else case, call.rest)
    town = turn.rules.town
    name = town.name_of(aim.person or aim.holder)
    if not turn.sender.unit or not town.within(town.unit_of(aim.holder), turn.sender.unit):
        raise RefusalError("elsewhere", name=name)
    dispatch.guard(turn, case, aim.holder, aim.note)
    case = _give(turn, case, aim)
    _tell_hands(turn, case, aim)
    by_hand.tell(turn, case, "resident.assigned", lead=name, accept=cards.when(turn, case.accept_due))
    by_hand.done(turn, case, "desk.assigned", lead=name, accept=cards.when(turn, case.accept_due))


def _give(turn: Turn, case: Case, aim: Aim) -> Case:
    lead = Lead(aim.holder, passing.level_of(turn.rules.town, aim.holder), "dispatcher")
    old = case
    if old.state is State.COLLECTED:
        case = dispatch.given(turn, case, lead, Step.ASSIGN, note=aim.note, person=aim.person)
        dispatch.call(turn, case)
        cards.show(turn, case)
        return case
    case = dispatch.change_lead(turn, case, lead, Step.HAND_OVER, note=aim.note, person=aim.person)
    by_hand.relieve(turn, old, case)
    return case


def _tell_hands(turn: Turn, case: Case, aim: Aim) -> None:
    """Who is asked by name hears of it in private; a note goes to them, or to everybody who is asked."""
    line = turn.word("handler.assigned", number=case.number, item=turn.item(case).name, who=turn.sender.name)
    if aim.note:
        line += "\n" + turn.word("handler.note", words=turn.rules.redactor.redact(aim.note))
    if aim.person or aim.note:
        passing.tell_asked(turn, case, line)


COMMAND = Command(key="assign", run=run, audience="staff", whole=False)
