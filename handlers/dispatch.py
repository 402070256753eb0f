"""Knows who leads a case first, and how it changes hands: 任务分派."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import cards, night, reasons
from handlers.cases import Case, State, Task, TaskKind, TaskState
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.town import DUTY_DESK, Person, Town
from handlers.turn import Turn

PAIR = 2
"""So many are asked to take a case; whoever is first takes it."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads, at which level, and the rule that said so (stored with the dispatch, shown as 为什么派到这里)."""

    holder: str
    level: str
    rule: str


def choose(turn: Turn, case: Case) -> Lead:
    """The first lead of a case: its department where the item says so, else the grid, else the community."""
    town, item = turn.rules.town, turn.item(case)
    if item.hand in ("department", "service") and item.department in town.departments:
        return Lead(item.department, "street", f"item.{item.hand}")
    if turn.rules.catalogue.barred(item.key) is not None:
        return _not_the_grid(turn, case)
    grid = town.at_level(case.where.unit, "grid")
    if grid:
        return Lead(grid, "grid", "place.grid")
    community = town.at_level(case.where.unit, "community")
    home = community or _home_community(turn, case)
    if home and turn.rules.catalogue.unknown_place == "community":
        return Lead(home, "community", "place.community" if community else "home.community")
    return Lead(centre(town), "street", "place.unknown")


def _not_the_grid(turn: Turn, case: Case) -> Lead:
    """What the negative list keeps from grid workers goes to its department, whatever the catalogue says of hands."""
    town, item = turn.rules.town, turn.item(case)
    if item.department in town.departments:
        return Lead(item.department, "street", "negative.department")
    return Lead(centre(town), "street", "negative.centre")


def _home_community(turn: Turn, case: Case) -> str:
    """The community in which the first reporter is known to live, or “”."""
    for reporter in turn.reporters(case.number)[:1]:
        person = turn.ws.people.get(reporter.person) or turn.rules.town.people.get(reporter.person)
        if person is not None and not person.staff:
            return turn.rules.town.at_level(person.unit, "community")
    return ""


def centre(town: Town) -> str:
    """The dispatchers' own desk, which takes what nobody else does."""
    return "grid_center" if "grid_center" in town.departments else town.street()


def guard(turn: Turn, case: Case, holder: str, note: str = "") -> None:
    """Raise RefusalError where the negative list keeps a case, or what its note asks for, from the hands of a unit."""
    if holder not in turn.rules.town.units or holder == centre(turn.rules.town):
        return
    department = turn.rules.town.name_of(turn.item(case).department)
    point = turn.rules.catalogue.barred(case.item)
    if point is not None:
        raise RefusalError("negative_item", case=case.number, point=point.text, department=department)
    point = turn.rules.catalogue.sign_in(note)
    if point is not None:
        raise RefusalError("negative_note", case=case.number, point=point.text, department=department)


def may_have(turn: Turn, case: Case, holder: str) -> bool:
    """Whether a holder may know of a case: a confidential one stays with its own desks, helpers and the centre."""
    if not case.confidential:
        return True
    item = turn.item(case)
    own = (case.lead, case.came_from, choose(turn, case).holder, centre(turn.rules.town))
    return holder in (*own, item.department, *item.helpers)


def pair(turn: Turn, case: Case) -> tuple[str, ...]:
    """The two who are asked: of the hands that are there, those with the least to do; never somebody away."""
    there = [person for person in cards.leads(turn, case) if person != DUTY_DESK]
    return tuple(sorted(there, key=lambda person: turn.ws.loads.get(person, 0))[:PAIR])


def given(turn: Turn, case: Case, lead: Lead, step: Step, *, role: str = "", note: str = "", person: str = "",
          **more: str) -> Case:  # fmt: skip
    """The case is its new lead's: who is asked (`person` by name, else a pair), and the step with all its reasons."""
    case = replace(case, lead=lead.holder, level=lead.level, rule=lead.rule, lead_person="")
    case = replace(case, assignees=(person,) if person else pair(turn, case))
    return turn.record(case, step, role=role, note=note, **reasons.facts(turn, case), **more)


def aimed(case: Case, lead: Lead) -> Case:
    """A collected case that waits for its place, already meant for somebody."""
    return replace(case, lead=lead.holder, level=lead.level)


def assign(turn: Turn, case: Case, lead: Lead) -> Case:
    """Give a collected case to its lead: task, history, card."""
    return put(turn, given(turn, case, lead, Step.ASSIGN, role="bot"))


def put(turn: Turn, case: Case) -> Case:
    """A case is before the hands of its lead: they are called, and see its card."""
    call(turn, case)
    cards.show(turn, case)
    night.cover(turn, case)
    return case


def call(turn: Turn, case: Case) -> None:
    """The lead task is called (again), at whoever leads now; where they were to help, they lead instead."""
    task = Task(case=case.number, n=1, holder=case.lead, called_at=turn.now, due_at=case.accept_due)
    turn.out.tasks[(case.number, 1)] = task
    for other in turn.tasks(case.number):
        waits = other.state in (TaskState.CALLED, TaskState.REPORTED_IN)
        if other.kind is TaskKind.JOIN and other.holder == case.lead and waits:
            turn.out.tasks[(case.number, other.n)] = replace(other, state=TaskState.DONE, done_at=turn.now)


def lead_task(turn: Turn, case: Case) -> Task | None:
    """The task of whoever leads."""
    return next((task for task in turn.tasks(case.number) if task.kind is TaskKind.LEAD), None)


def take(turn: Turn, case: Case) -> Case:
    """The sender takes the lead task; the case itself moves by the step that is recorded with it."""
    base = lead_task(turn, case) or Task(case=case.number, n=1, holder=case.lead, called_at=case.opened_at)
    taken = replace(base, state=TaskState.REPORTED_IN, person=turn.sender.id, reported_at=turn.now)
    turn.out.tasks[(case.number, base.n)] = taken
    return replace(
        case,
        lead_person=turn.sender.id,
        accepted_at=case.accepted_at or turn.now,
        acknowledged_by=case.acknowledged_by or turn.sender.id,
    )


def finish(turn: Turn, case: Case) -> None:
    """The lead task is done."""
    for task in turn.tasks(case.number):
        if task.kind is TaskKind.LEAD:
            done = replace(task, state=TaskState.DONE, person=task.person or turn.sender.id, done_at=turn.now)
            turn.out.tasks[(case.number, task.n)] = done


def change_lead(turn: Turn, case: Case, lead: Lead, step: Step, *, note: str = "", person: str = "",
                **more: str) -> Case:  # fmt: skip
    """The lead moves to other hands: history, task and card; the old group's card is refreshed first."""
    old, role = case, turn.role_in(case)
    case = replace(case, came_from=_handed_by(turn, case))
    case = given(turn, case, lead, step, role=role, note=note, person=person, before=old.lead, **more)
    moved = turn.word("group.moved", number=case.number, lead=turn.rules.town.name_of(lead.holder))
    call(turn, case)
    if person and lead.holder == old.lead and cards.rooms(turn, case):
        cards.refresh(turn, case, moved)
        return case
    cards.take_down(turn, case, old, moved)
    cards.show(turn, case)
    night.cover(turn, case)
    return case


def _handed_by(turn: Turn, case: Case) -> str:
    """Who led, when one of its own hands passes the case on; “” when the bot or a dispatcher does."""
    return case.lead if turn.person is not None and Actor.LEAD in turn.actors(case) else ""


def above(turn: Turn, case: Case) -> Lead | None:
    """The next step of the ladder over who leads now; None when there is nobody higher in this town."""
    town = turn.rules.town
    if case.lead in town.departments:
        return Lead(centre(town), "street", "overdue.centre") if case.lead != centre(town) else None
    parents = list(town.ladder(case.lead))[1:]
    staffed = [unit for unit in parents if unit.level in town.levels]
    if not staffed:
        return None
    if staffed[0].level == "street" or turn.rules.catalogue.barred(case.item) is not None:
        return Lead(centre(town), "street", "overdue.centre")
    return Lead(staffed[0].id, staffed[0].level, "overdue.level")


def place_changed(turn: Turn, case: Case) -> Case:
    """After the place became known or was corrected: a waiting case goes out, a wrongly sent one moves."""
    lead = choose(turn, case)
    if case.state is State.COLLECTED:
        return assign(turn, case, lead)
    if lead.holder != case.lead and case.state is State.ASSIGNED:
        return change_lead(turn, case, lead, Step.HAND_OVER)
    case = turn.keep(case)
    if not case.emergency:
        cards.refresh(turn, case, turn.word("group.place", number=case.number))
    if case.lead_person:
        turn.push(case.lead_person, cards.private_text(turn, case, words=True), case=case.number)
    return case


def left_alone(turn: Turn, case: Case) -> None:
    """Who had the case has left: it is called again at its lead, and the head above is told (config, design.md)."""
    town = turn.rules.town
    helped = _recall(turn, case)
    lead = Lead(case.lead, case.level, "person.left")
    if case.lead not in town.units and case.lead not in town.departments:
        lead = choose(turn, case)
    elif helped and (not case.lead_person or town.people.get(case.lead_person, Person(id="")).staff):
        return
    if case.state in (State.ASSIGNED, State.HANDLING):
        case = change_lead(turn, case, lead, Step.HAND_OVER)
    line = turn.word("handler.left_alone", number=case.number, item=turn.item(case).name)
    for person in town.heads(case.lead, turn.now):
        turn.push(person.id, line, case=case.number, buttons=cards.buttons(turn, case))


def _recall(turn: Turn, case: Case) -> bool:
    """Whether somebody who left had reported in to help: that is their department's again."""
    people, found = turn.rules.town.people, False
    for task in turn.tasks(case.number):
        open_one = task.kind is TaskKind.JOIN and task.state is TaskState.REPORTED_IN
        if open_one and not (task.person in people and people[task.person].staff):
            turn.out.tasks[(case.number, task.n)] = replace(task, state=TaskState.CALLED, person="")
            found = True
    return found
