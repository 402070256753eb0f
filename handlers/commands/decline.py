"""Knows 协办不了: a called department cannot help, and says why."""

from __future__ import annotations

from handlers import whistling
from handlers.cases import Case, Task, TaskState
from handlers.command import Call, Command
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Record the reason, or ask for it in private."""
    case, task = whistling.helped(turn, call, "decline", Step.DECLINE)
    with turn.in_private():
        if call.rest:
            finish(turn, case, task, call.rest)
        else:
            turn.say("ask.decline", number=case.number)
            turn.await_answer("decline_reason", case=case.number)


def finish(turn: Turn, case: Case, task: Task, reason: str) -> None:
    """The task is declined; the lead and the dispatchers read why."""
    role = turn.role_in(case)
    case = whistling.settle(turn, case, task, TaskState.DECLINED)
    case = turn.record(case, Step.DECLINE, role=role, note=reason, holder=task.holder, n=str(task.n))
    holder, safe = turn.rules.town.name_of(task.holder), turn.rules.redactor.redact(reason)
    line = turn.word("whistle.declined", number=case.number, holder=holder, note=safe)
    whistling.tell_lead(turn, case, line)
    turn.push(DUTY_DESK, line, case=case.number)
    turn.say("whistle.declined_noted", number=case.number)


COMMAND = Command(key="decline", run=run, audience="staff", whole=False, aloud=True)
