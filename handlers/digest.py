"""Knows the letters that come by themselves: what waits for a worker this morning, and how the week went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from handlers import lists, rights, summaries
from handlers.cases import Case, Task, TaskState
from handlers.effects import Effects
from handlers.lists import Line
from handlers.rates import Rate
from handlers.rights import Power
from handlers.rules import Rules
from handlers.summaries import Week
from handlers.town import Person, Role
from handlers.turn import Turn
from handlers.working_set import WorkingSet

SHOWN = 5
"""Cases named in a morning's letter; the rest is a number."""


def morning(rules: Rules, cases: Iterable[Case], calls: Sequence[tuple[Task, str]], now: datetime) -> Effects:
    """One private letter to everybody who is there and has something open."""
    turn = Turn(rules, WorkingSet(), now)
    held = {case.number: case for case in cases}
    for person in rules.town.people.values():
        if not rights.holds(person, Power.OWN_LIST, "", rules.town) or not person.present(now):
            continue
        found = lists.soonest((*_led(person, held, turn), *_joined(person, held, calls)))
        if found:
            turn.push(person.id, "\n".join(_text(turn, found, _helped(turn, person, calls))))
    return turn.effects()


def _led(person: Person, held: Mapping[str, Case], turn: Turn) -> list[Line]:
    """What the person has taken, and what nobody of their desk has taken yet."""
    desks, town = rights.desks(person), turn.rules.town
    return [
        lists.line(case)
        for case in held.values()
        if case.lead_person == person.id
        or (not case.lead_person and case.lead in desks and rights.acts_for(person, case.lead, case, town, turn.now))
    ]


def _joined(person: Person, held: Mapping[str, Case], calls: Sequence[tuple[Task, str]]) -> list[Line]:
    return [
        lists.joined(held[task.case], task) for task, _ in calls if task.case in held and rights.helps(person, task)
    ]


def _helped(turn: Turn, person: Person, calls: Sequence[tuple[Task, str]]) -> str:
    """Who helped with this person's cases since yesterday: they may be thanked."""
    done = [task for task, lead in calls if task.state is TaskState.DONE and lead == person.id]
    names = (turn.word("digest.helped", name=turn.rules.town.name_of(t.holder), number=t.case) for t in done)
    return turn.word("list.comma").join(dict.fromkeys(names))


def _text(turn: Turn, found: Sequence[Line], helped: str) -> list[str]:
    late = [one for one in found if lists.late(one, turn.now)]
    today = [one for one in found if one not in late and _today(turn, one)]
    said = [turn.word("digest.head", n=len(found), late=len(late), today=len(today))]
    said += [lists.text(turn, one) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        said.append(turn.word("digest.more"))
    if helped:
        said.append(turn.word("digest.thanks", names=helped))
    return said


def _today(turn: Turn, one: Line) -> bool:
    zone = turn.rules.quiet_residents.zone
    return one.due is not None and one.due.astimezone(zone).date() == turn.now.astimezone(zone).date()


def weekly(rules: Rules, last: Mapping[str, Rate], before: Mapping[str, Rate], week: Week, now: datetime) -> Effects:
    """The rates of last week and of the week before, to supervisors and administrators who are there."""
    turn = Turn(rules, WorkingSet(), now)
    text = summaries.weekly(turn.word, last, before, week)
    for person in rules.town.people.values():
        if person.has(Role.SUPERVISOR, Role.ADMIN) and person.present(now):
            turn.push(person.id, text)
    return turn.effects()
