"""Knows 协办完成: a department that helped says what it did."""

from __future__ import annotations

from handlers import whistling
from handlers.cases import Case, Task, TaskState
from handlers.command import Call, Command
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Record what was done, or ask for the words of it in private."""
    case, task = whistling.helped(turn, call, "contribute", Step.CONTRIBUTE)
    with turn.in_private():
        if call.rest:
            finish(turn, case, task, call.rest)
        else:
            turn.say("ask.contribution", number=case.number)
            turn.await_answer("contribution", case=case.number)


def finish(turn: Turn, case: Case, task: Task, note: str) -> None:
    """The task is done; the lead reads what was done."""
    role = turn.role_in(case)
    case = whistling.settle(turn, case, task, TaskState.DONE)
    case = turn.record(case, Step.CONTRIBUTE, role=role, note=note, holder=task.holder, n=str(task.n))
    holder, safe = turn.rules.town.name_of(task.holder), turn.rules.redactor.redact(note)
    whistling.tell_lead(turn, case, turn.word("whistle.helped", number=case.number, holder=holder, note=safe))
    turn.say("whistle.thanks", number=case.number)


COMMAND = Command(key="contribute", run=run, audience="staff", whole=False, aloud=True)
