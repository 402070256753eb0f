"""Knows the clock of whistled tasks (吹哨报到): who was called and has not reported in in time is told of once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from handlers.cases import Case, Task, TaskKind, TaskState
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def next_due(tasks: Iterable[Task], after: datetime) -> datetime | None:
    """When the next called task is late, of those that are not yet late: `Case.whistle_due`."""
    found = [task.due_at for task in tasks if _waits(task) and task.due_at is not None and task.due_at > after]
    return min(found, default=None)


def overdue_tasks(tasks: Iterable[Task], now: datetime) -> list[Task]:
    """The called tasks that are late."""
    return [task for task in tasks if _waits(task) and task.due_at is not None and task.due_at <= now]


def fire(turn: Turn, case: Case) -> None:
    """Who leads and the duty desk hear who has not reported in; each late task is told of once."""
    tasks = turn.tasks(case.number)
    since, until = case.whistle_due or turn.now, turn.now
    for task in overdue_tasks(tasks, until):
        if task.due_at is not None and task.due_at >= since:
            case = _tell(turn, case, task)
    turn.keep(replace(case, whistle_due=next_due(tasks, until)))


def _tell(turn: Turn, case: Case, task: Task) -> Case:
    case = turn.record(case, Step.REMIND, what="whistle", n=str(task.n))
    holder = turn.rules.town.name_of(task.holder)
    line = turn.word("overdue.whistle", number=case.number, item=turn.item(case).name, holder=holder)
    for recipient in dict.fromkeys(filter(None, (case.lead_person, DUTY_DESK))):
        turn.push(recipient, line, case=case.number, red=case.colour == "red")
    return case


def _waits(task: Task) -> bool:
    return task.kind is TaskKind.JOIN and task.state is TaskState.CALLED
