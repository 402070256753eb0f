"""Knows 网格待办: what is open in a unit or department, for those whose part of the town it is."""

from __future__ import annotations

from handlers import lists, naming, rights
from handlers.command import Call, Command
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import Person, Role, Town
from handlers.turn import Turn

SHOWN = 10
PAGE_DIGITS = 2
_WORKING = (Role.GRID_WORKER, Role.GRID_HEAD, Role.DISPATCHER)
_MASKED = (Role.SUPERVISOR, Role.ADMIN)


def run(turn: Turn, call: Call) -> None:
    """One page of the list; more than a page is counted by state."""
    name, page = _asked(call)
    holder = _holder(turn.sender, name, turn.rules.town)
    if not may(turn.sender, holder, turn.rules.town):
        raise RefusalError("no_power")
    masked = not turn.sender.has(*_WORKING) and holder != turn.sender.department
    found = lists.of(turn, below(holder, turn.rules.town), masked=masked)
    title = turn.rules.town.name_of(holder)
    if not found:
        turn.say("unit_tasks.none", unit=title)
        return
    turn.say("unit_tasks.head", unit=title, n=len(found))
    pages = -(-len(found) // SHOWN)
    page = min(page, pages)
    if pages > 1:
        turn.said.append(lists.counts(turn, found))
    turn.said.extend(lists.text(turn, one) for one in found[(page - 1) * SHOWN : page * SHOWN])
    if page < pages:
        turn.say("unit_tasks.more", page=page, pages=pages, unit=title, next=page + 1)


def _asked(call: Call) -> tuple[str, int]:
    """The name and the page; a lone number is a page."""
    name, _, last = call.rest.strip().rpartition(" ")
    if last.isdecimal() and len(last) <= PAGE_DIGITS and int(last):
        return name.strip(), int(last)
    return call.rest.strip(), 1


def _holder(person: Person, name: str, town: Town) -> str:
    """The unit or department named, else the person's own. Raises RefusalError for a name that fits nobody."""
    if name:
        return naming.find(name, town, near=person.unit, kinds=("unit", "department")).id
    return person.unit if person.has(*_WORKING, *_MASKED) or not person.department else person.department


def may(person: Person, holder: str, town: Town) -> bool:
    """Whether the list of a unit or department is this person's to see."""
    if holder in town.departments:
        own = holder == person.department and person.has(Role.DEPARTMENT, Role.DISPATCHER)
        wide = person.has(Role.DISPATCHER, *_MASKED)
        return own or (wide and rights.holds(person, Power.UNIT_LIST, town.unit_of(holder), town))
    return person.has(*_WORKING, *_MASKED) and rights.holds(person, Power.UNIT_LIST, holder, town)


def below(holder: str, town: Town) -> tuple[str, ...]:
    """A department alone; a unit with every unit below it, and the departments that belong to one of these."""
    if holder in town.departments:
        return (holder,)
    units = town.below(holder)
    return (*units, *(key for key, department in town.departments.items() if department.parent in units))


def needed(person: Person, call: Call, town: Town) -> tuple[str, ...]:
    """Whose open cases the list needs; none where the name fits nobody or is not this person's to ask for."""
    try:
        holder = _holder(person, _asked(call)[0], town)
    except RefusalError:
        return ()
    return below(holder, town) if may(person, holder, town) else ()


COMMAND = Command(key="unit_tasks", run=run, audience="staff", whole=False, lists=needed)
