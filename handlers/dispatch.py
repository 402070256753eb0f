"""Knows who leads a case first, and how it changes hands: 任务分派."""

from __future__ import annotations

from dataclasses import dataclass, replace

from handlers import cards, night
from handlers.cases import Case, State, Task, TaskKind, TaskState
from handlers.steps import Step
from handlers.town import Role, Town
from handlers.turn import Turn


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
    grid = town.at_level(case.where.unit, "grid")
    if grid:
        return Lead(grid, "grid", "place.grid")
    community = town.at_level(case.where.unit, "community") or _home_community(turn, case)
    if community and turn.rules.catalogue.unknown_place == "community":
        return Lead(community, "community", "place.community")
    return Lead(_centre(town), "street", "place.unknown")


def _home_community(turn: Turn, case: Case) -> str:
    """The community in which the first reporter is known to live, or “”."""
    for reporter in turn.reporters(case.number)[:1]:
        person = turn.ws.people.get(reporter.person) or turn.rules.town.people.get(reporter.person)
        if person is not None and not person.staff:
            return turn.rules.town.at_level(person.unit, "community")
    return ""


def _centre(town: Town) -> str:
    return "grid_center" if "grid_center" in town.departments else town.street()


def aimed(case: Case, lead: Lead) -> Case:
    """A collected case that waits for its place, already meant for somebody."""
    return replace(case, lead=lead.holder, level=lead.level)


def assign(turn: Turn, case: Case, lead: Lead) -> Case:
    """Give a collected case to its lead: task, history, card."""
    case = replace(case, lead=lead.holder, level=lead.level, lead_person="")
    case = turn.record(case, Step.ASSIGN, role="bot", lead=lead.holder, level=lead.level, rule=lead.rule)
    call(turn, case)
    cards.show(turn, case)
    night.cover(turn, case)
    return case


def call(turn: Turn, case: Case) -> None:
    """The lead task is called (again), at whoever leads now."""
    task = Task(case=case.number, n=1, holder=case.lead, called_at=turn.now, due_at=case.accept_due)
    turn.out.tasks[(case.number, 1)] = task


def take(turn: Turn, case: Case) -> Case:
    """The sender takes the lead task; the case itself moves by the step that is recorded with it."""
    held = next((t for t in turn.tasks(case.number) if t.kind is TaskKind.LEAD), None)
    base = held or Task(case=case.number, n=1, holder=case.lead, called_at=case.opened_at)
    turn.out.tasks[(case.number, base.n)] = replace(base, state=TaskState.REPORTED_IN, person=turn.sender.id)
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


def change_lead(turn: Turn, case: Case, lead: Lead, step: Step, *, note: str = "") -> Case:
    """The lead moves to other hands: history, task and card; the old group's card is refreshed first."""
    old = case
    case = replace(case, lead=lead.holder, level=lead.level, lead_person="")
    case = turn.record(case, step, note=note, lead=lead.holder, level=lead.level, rule=lead.rule, before=old.lead)
    moved = turn.word("group.moved", number=case.number, lead=turn.rules.town.name_of(lead.holder))
    cards.take_down(turn, case, old, moved)
    call(turn, case)
    cards.show(turn, case)
    return case


def above(turn: Turn, case: Case) -> Lead | None:
    """The next step of the ladder over who leads now; None when there is nobody higher in this town."""
    town = turn.rules.town
    if case.lead in town.departments:
        return Lead(_centre(town), "street", "overdue.centre") if case.lead != _centre(town) else None
    parents = list(town.ladder(case.lead))[1:]
    staffed = [unit for unit in parents if unit.level in town.levels]
    if not staffed:
        return None
    if staffed[0].level == "street":
        return Lead(_centre(town), "street", "overdue.centre")
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
    lead = Lead(case.lead, case.level, "person.left")
    if case.lead not in town.units and case.lead not in town.departments:
        lead = choose(turn, case)
    if case.state in (State.ASSIGNED, State.HANDLING):
        case = change_lead(turn, case, lead, Step.HAND_OVER)
    community = town.at_level(town.unit_of(case.lead), "community")
    line = turn.word("handler.left_alone", number=case.number, item=turn.item(case).name)
    heads = [person for person in town.with_role(Role.GRID_HEAD) if person.unit == community]
    for person in heads:
        turn.push(person.id, line, case=case.number, buttons=cards.buttons(turn, case))
