"""Knows 派单: a dispatcher says who leads a case, a unit, a department or a person, and may add a note."""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, cards, dispatch, naming
from handlers.cases import Case, State
from handlers.command import Call, Command
from handlers.dispatch import Lead
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """A collected case goes out; one that is out already changes hands."""
    case = by_hand.meant(turn, call, "assign", Step.ASSIGN, Step.HAND_OVER)
    if Actor.DISPATCHER not in turn.actors(case):
        raise RefusalError("no_right", case=case.number)
    if not call.rest:
        raise RefusalError("assign_whom", case=case.number)
    named = naming.find(call.rest, turn.rules.town, near=case.where.unit)
    lead, person = _lead(turn, named.id)
    if lead.holder == case.lead and not person and case.state is not State.COLLECTED:
        raise RefusalError("same_lead", case=case.number, lead=turn.rules.town.name_of(lead.holder))
    case = _give(turn, case, lead, person, named.rest)
    name = turn.rules.town.name_of(person or lead.holder)
    by_hand.tell(turn, case, "resident.assigned", lead=name, accept=cards.when(turn, case.accept_due))
    by_hand.done(turn, case, "desk.assigned", lead=name, accept=cards.when(turn, case.accept_due))


def _lead(turn: Turn, id: str) -> tuple[Lead, str]:
    """Who is to lead, and the person who is to take it; RefusalError for who may not, or lies outside the subtree."""
    town = turn.rules.town
    person = town.people.get(id)
    holder = id if person is None else person.department or person.unit
    if holder in town.units:
        holder = town.at_level(holder, "grid") or holder
    if not turn.sender.unit or not town.within(town.unit_of(holder), turn.sender.unit):
        raise RefusalError("elsewhere", name=town.name_of(id))
    if person is not None and person not in town.hands(holder):
        raise RefusalError("no_hands", name=person.name)
    level = town.units[holder].level if holder in town.units else "street"
    return Lead(holder, level, "dispatcher"), id if person is not None else ""


def _give(turn: Turn, case: Case, lead: Lead, person: str, note: str) -> Case:
    old, case = case, by_hand.fresh_accept(turn, case)
    if case.state is State.COLLECTED:
        case = replace(case, lead=lead.holder, level=lead.level, lead_person="")
        case = turn.record(case, Step.ASSIGN, note=note, lead=lead.holder, level=lead.level, rule=lead.rule)
        dispatch.call(turn, case)
        cards.show(turn, case)
    else:
        case = dispatch.change_lead(turn, replace(case, came_from=case.lead), lead, Step.HAND_OVER, note=note)
        by_hand.relieve(turn, old, case)
    if person:
        case = turn.keep(replace(case, assignees=(person,)))
    _tell_hands(turn, case, person, note)
    return case


def _tell_hands(turn: Turn, case: Case, person: str, note: str) -> None:
    """The person named hears of it in private; the note goes to them, else to everybody who could take the case."""
    line = turn.word("handler.assigned", number=case.number, item=turn.item(case).name, who=turn.sender.name)
    if note:
        line += "\n" + turn.word("handler.note", words=turn.rules.redactor.redact(note))
    if person or note:
        for one in [person] if person else cards.leads(turn, case):
            turn.push(one, line, case=case.number, red=case.colour == "red", buttons=cards.buttons(turn, case))


COMMAND = Command(key="assign", run=run, audience="staff", whole=False)
