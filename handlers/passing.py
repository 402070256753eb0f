"""Knows what passing a case on demands: whose it is to pass, to whom it may go, and what those who get it read."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import cards, choosing, dispatch, naming
from handlers.cases import Case
from handlers.command import Call
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.town import Person, Role, Town
from handlers.turn import Turn

RETURNS = 2
"""After so many returns only a dispatcher moves a case: no ping-pong (首接负责)."""


@dataclass(frozen=True, slots=True)
class Aim:
    """To whom a case is to go: the holder, perhaps one person of it, and the words that go with it."""

    holder: str
    person: str
    note: str


def meant(turn: Turn, call: Call, command: str, step: Step) -> Case:
    """The case that the sender may pass on by this step. RefusalError, Asked."""
    own = choosing.in_hand(turn)
    case = choosing.one(turn, call, command, lambda c: turn.can(step, c) and not others(turn, c), own)
    turn.may(step, case)
    first_leads(turn, case)
    return case


def others(turn: Turn, case: Case) -> bool:
    """Whether somebody else has taken the case, whom the sender neither dispatches nor heads."""
    if case.lead_person in ("", turn.sender.id) or Actor.DISPATCHER in turn.actors(case):
        return False
    return not turn.sender.has(Role.GRID_HEAD)


def first_leads(turn: Turn, case: Case) -> None:
    """Raise RefusalError when it is another's: who accepted first leads until they pass it on (首接负责)."""
    if others(turn, case):
        raise RefusalError("held", case=case.number, who=turn.rules.town.name_of(case.lead_person))


def not_bounced(turn: Turn, case: Case) -> None:
    """Raise RefusalError when the case came back twice and the sender is no dispatcher."""
    if case.returned >= RETURNS and Actor.DISPATCHER not in turn.actors(case):
        raise RefusalError("returned_enough", case=case.number)


def aim(turn: Turn, case: Case, text: str) -> Aim:
    """Whom the words name. RefusalError for nobody, several, somebody away, oneself, or who has the case already."""
    town = turn.rules.town
    named = naming.find(text, town, near=turn.sender.unit)
    person = town.people.get(named.id)
    if person is None:
        found = Aim(_desk(town, case, named.id), "", named.rest)
    else:
        found = Aim(_holder(town, person), person.id, named.rest)
        _can_take(turn, case, person)
    _fits(turn, case, found)
    return found


def _desk(town: Town, case: Case, named: str) -> str:
    """The desk of a unit or department: a micro-grid's is its grid's, the street's the centre's."""
    if named in town.departments:
        return named
    grid = town.at_level(named, "grid")
    if grid:
        return grid
    if town.units[named].level == "street":
        return dispatch.centre(town)
    if town.units[named].level not in town.levels or not town.within(named, town.street()):
        raise RefusalError("not_a_desk", case=case.number, name=town.name_of(named))
    return named


def _holder(town: Town, person: Person) -> str:
    """The unit or department for which a person takes cases, “” for who takes none."""
    if person.department:
        return person.department
    if person.has(Role.MEDIATOR):
        return "justice_office"
    return person.unit if person in town.hands(person.unit) else ""


def _can_take(turn: Turn, case: Case, person: Person) -> None:
    if person.id == turn.sender.id:
        raise RefusalError("to_oneself", case=case.number)
    if not person.present(turn.now):
        raise RefusalError("is_away", case=case.number, name=person.name)
    mediator = person.has(Role.MEDIATOR) and not person.department
    if not _holder(turn.rules.town, person) or (mediator and turn.item(case).flow != "mediation"):
        raise RefusalError("not_a_desk", case=case.number, name=person.name)


def _fits(turn: Turn, case: Case, found: Aim) -> None:
    town = turn.rules.town
    if found.holder == case.lead and found.person in ("", case.lead_person):
        raise RefusalError("has_it", case=case.number, name=town.name_of(found.person or found.holder))
    if not dispatch.may_have(turn, case, found.holder):
        raise RefusalError("not_theirs_to_know", case=case.number, name=town.name_of(found.holder))


def level_of(town: Town, holder: str) -> str:
    """The level of a holder; departments are the street's."""
    return town.units[holder].level if holder in town.units else "street"


def tell_asked(turn: Turn, case: Case, line: str) -> None:
    """A line in private to those who are asked to take the case now, with its buttons."""
    for person in cards.asked(turn, case):
        turn.push(person, line, case=case.number, red=case.colour == "red", buttons=cards.buttons(turn, case))
