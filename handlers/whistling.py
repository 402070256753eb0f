"""Knows 吹哨报到: departments are called to a case, report in against a clock, and help; the lead stays the lead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers import cards, choosing, dispatch, places, reasons, rights
from handlers.cases import Case, Task, TaskKind, TaskState
from handlers.clocks import CalendarHours
from handlers.command import Call
from handlers.letters import Button, Letter
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn

RED_H, TOUGH_H, USUAL_H = 0.5, 4.0, 24.0
"""Hours within which a department reports in: red by the clock on the wall, 攻坚哨 and the usual by the calendar."""

_OPEN = (TaskState.CALLED, TaskState.REPORTED_IN)


# -- the clock ---------------------------------------------------------------------------------------------------------


def joins(tasks: Iterable[Task]) -> list[Task]:
    """The tasks of whistles that are not done yet."""
    return [task for task in tasks if task.kind is TaskKind.JOIN and task.state in _OPEN]


def overdue_tasks(tasks: Iterable[Task], now: datetime) -> list[Task]:
    """The called departments that should have reported in by now."""
    called = (task for task in joins(tasks) if task.state is TaskState.CALLED)
    return [task for task in called if task.due_at is not None and task.due_at <= now]


def next_due(tasks: Iterable[Task], after: datetime | None = None) -> datetime | None:
    """When the next called department must have reported in; with `after`, the next that is later than that."""
    called = (task.due_at for task in joins(tasks) if task.state is TaskState.CALLED)
    return min((due for due in called if due is not None and (after is None or due > after)), default=None)


def fire(turn: Turn, case: Case) -> None:
    """A department has not reported in in time: the lead and the dispatchers are told, once for each."""
    since = case.whistle_due
    late = [t for t in overdue_tasks(turn.tasks(case.number), turn.now) if since and t.due_at and t.due_at >= since]
    case = replace(case, whistle_due=next_due(turn.tasks(case.number), turn.now))
    if not late:
        turn.keep(case)
        return
    holders = tuple(task.holder for task in late)
    case = turn.record(case, Step.REMIND, what="whistle", holders=" ".join(holders))
    line = turn.word(
        "whistle.overdue", number=case.number, item=turn.item(case).name, names=reasons.names(turn, holders)
    )
    tell_lead(turn, case, line)
    turn.push(DUTY_DESK, line, case=case.number)


def reckoned(turn: Turn, case: Case) -> Case:
    """The case with the moment at which the clock must look at its whistles next."""
    tasks = turn.tasks(case.number)
    told = overdue_tasks(tasks, turn.now)
    return replace(case, whistle_due=next_due(tasks, turn.now if told else None))


# -- calling -----------------------------------------------------------------------------------------------------------


def call(turn: Turn, case: Case, holders: tuple[str, ...], what: str, *, tough: bool) -> Case:
    """Call these departments: a task each, history, a card without a word of the resident."""
    _may_be_called(turn, case, holders)
    due = _due(turn, case, tough=tough)
    first = max((task.n for task in turn.tasks(case.number)), default=1) + 1
    for n, holder in enumerate(holders, start=first):
        task = Task(case=case.number, n=n, kind=TaskKind.JOIN, holder=holder, called_at=turn.now, due_at=due)
        turn.out.tasks[(case.number, n)] = task
    grade = "red" if case.colour == "red" else "tough" if tough else "usual"
    case = reckoned(turn, case)
    case = turn.record(case, Step.WHISTLE, note=what, holders=" ".join(holders), grade=grade, due=due.isoformat())
    for holder in holders:
        _tell_called(turn, case, holder, due, what)
    return case


def _may_be_called(turn: Turn, case: Case, holders: tuple[str, ...]) -> None:
    held = {task.holder for task in joins(turn.tasks(case.number))}
    for holder in holders:
        name = turn.rules.town.name_of(holder)
        if holder == case.lead:
            raise RefusalError("whistle_lead", case=case.number, name=name)
        if holder in held:
            raise RefusalError("whistle_again", case=case.number, name=name)
        if not dispatch.may_have(turn, case, holder):
            raise RefusalError("not_theirs_to_know", case=case.number, name=name)


def _due(turn: Turn, case: Case, *, tough: bool) -> datetime:
    if case.colour == "red":
        return CalendarHours().add(turn.now, RED_H)
    return turn.rules.calendar.add(turn.now, TOUGH_H if tough else USUAL_H)


def _tell_called(turn: Turn, case: Case, holder: str, due: datetime, what: str) -> None:
    """The card in the department's group; what exactly it is called for only in private, to two of its people."""
    text, pressable = card(turn, case, holder, due), called_buttons(turn, case)
    group, red = turn.rules.town.group_for(holder), case.colour == "red"
    shown = group is not None and turn.item(case).group_push != "none" and not case.confidential
    if group is not None and shown:
        quiet = None if red else turn.rules.quiet_groups.after(turn.now)
        letter = Letter(to=group.id, text=text, kind="card", case=case.number, red=red, buttons=pressable,
                        not_before=quiet)  # fmt: skip
        turn.post(letter)
    if what or not shown:
        more = turn.word("whistle.what", name=turn.sender.name, note=turn.rules.redactor.redact(what)) if what else ""
        for person in _people(turn, holder):
            line = "\n".join(filter(None, (text, more)))
            turn.push(person, line, case=case.number, red=red, buttons=pressable)


def card(turn: Turn, case: Case, holder: str, due: datetime) -> str:
    """What a called department may know: the matter, roughly where, who leads, by when it reports in."""
    place = places.coarse(case.where, turn.item(case).place_detail, turn.rules.town)
    return turn.word(
        "whistle.card", colour=turn.word(f"colour.{case.colour}"), number=case.number, title=cards.title(turn, case),
        place=place or turn.word("place.unknown"), lead=turn.rules.town.name_of(case.lead),
        holder=turn.rules.town.name_of(holder), due=cards.when(turn, due),
    )  # fmt: skip


def _people(turn: Turn, holder: str) -> list[str]:
    """Two of a department's people who are there, the least loaded; the duty desk passes it on where there is none."""
    there = [person.id for person in turn.rules.town.hands(holder) if person.present(turn.now)]
    return sorted(there, key=lambda person: turn.ws.loads.get(person, 0))[: dispatch.PAIR] or [DUTY_DESK]


def called_buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    """报到 and 协办不了."""
    return tuple(turn.button(f"{name}:{case.number}") for name in ("report_in", "decline"))


# -- helping -----------------------------------------------------------------------------------------------------------


def own_task(turn: Turn, case: Case) -> Task | None:
    """The task of the whistle that calls the sender's department."""
    desks = (turn.sender.department, turn.sender.unit)
    return next((task for task in joins(turn.tasks(case.number)) if task.holder in desks), None)


def helped(turn: Turn, call: Call, command: str, step: Step) -> tuple[Case, Task]:
    """The case to which the sender's department is called, and its task. RefusalError, Asked."""
    case = choosing.one(turn, call, command, lambda c: own_task(turn, c) is not None, called_to(turn))
    turn.may(step, case)
    task = own_task(turn, case)
    assert task is not None, "only who is called may take this step"
    return case, task


def called_to(turn: Turn) -> list[Case]:
    """The open cases to which a whistle calls the sender's department."""
    numbers = (n for holder in rights.desks(turn.sender) for n in turn.ws.called.get(holder, ()))
    known = (turn.case(number) for number in dict.fromkeys(numbers))
    return [case for case in known if case is not None and case.open and Actor.HELPER in turn.actors(case)]


def settle(turn: Turn, case: Case, task: Task, state: TaskState) -> Case:
    """A called department reports in, is done or declines."""
    ended = turn.now if state in (TaskState.DONE, TaskState.DECLINED) else None
    came = task.reported_at or (turn.now if state is not TaskState.DECLINED else None)
    moved = replace(task, state=state, person=turn.sender.id, reported_at=came, done_at=ended)
    turn.out.tasks[(case.number, task.n)] = moved
    return reckoned(turn, case)


def tell_lead(turn: Turn, case: Case, line: str) -> None:
    """A line to whoever leads: the one who took it, else those who are asked to."""
    for person in [case.lead_person] if case.lead_person else cards.asked(turn, case):
        turn.push(person, line, case=case.number, red=case.colour == "red")


def close(turn: Turn, case: Case, key: str) -> Case:
    """The case has its result (or is taken back): whoever still helps is told shortly, and need not come any more."""
    held = joins(turn.tasks(case.number))
    for task in held:
        turn.out.tasks[(case.number, task.n)] = replace(task, state=TaskState.DONE, done_at=turn.now)
        there = [task.person] if task.person else [p for p in _people(turn, task.holder) if p != DUTY_DESK]
        for person in there:
            turn.push(person, turn.word(key, number=case.number, item=turn.item(case).name), case=case.number)
    return replace(case, whistle_due=None) if held else case


def open_line(turn: Turn, case: Case) -> str:
    """Which departments are called and have not come, for who leads; “” when all have."""
    called = [task for task in joins(turn.tasks(case.number)) if task.state is TaskState.CALLED]
    late = overdue_tasks(called, turn.now)
    shown = late or called
    if not shown:
        return ""
    names = reasons.names(turn, tuple(task.holder for task in shown))
    return turn.word("whistle.late" if late else "whistle.awaited", names=names)


def own_line(turn: Turn, case: Case) -> str:
    """A case to which the sender's department is called, as its list shows it."""
    task = own_task(turn, case)
    came = task is not None and task.state is TaskState.REPORTED_IN
    due = cards.when(turn, task.due_at if task is not None else None)
    lead = turn.rules.town.name_of(case.lead_person or case.lead)
    said = {"number": case.number, "item": turn.item(case).name, "lead": lead}
    return turn.word("tasks.helping", **said) if came else turn.word("tasks.called", due=due, **said)
