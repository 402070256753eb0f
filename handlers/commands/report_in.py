"""Knows 报到: somebody of a called department has come; the lead hears who."""

from __future__ import annotations

from handlers import cards, whistling
from handlers.cases import TaskState
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The task is taken; who came reads the matter and the place, and whom to talk to, not the resident's words."""
    case, task = whistling.helped(turn, call, "report_in", Step.REPORT_IN)
    if task.state is not TaskState.CALLED:
        raise RefusalError("reported_in", case=case.number, who=turn.rules.town.name_of(task.person))
    role = turn.role_in(case)
    case = whistling.settle(turn, case, task, TaskState.REPORTED_IN)
    case = turn.record(case, Step.REPORT_IN, role=role, holder=task.holder, n=str(task.n))
    holder = turn.rules.town.name_of(task.holder)
    line = turn.word("whistle.came", number=case.number, holder=holder, name=turn.sender.name)
    whistling.tell_lead(turn, case, line)
    with turn.in_private():
        lead = turn.rules.town.name_of(case.lead_person or case.lead)
        turn.said.append(cards.private_text(turn, case, words=False))
        turn.say("whistle.welcome", number=case.number, lead=lead)
        turn.reply_case = case.number
        turn.offer(f"contribute:{case.number}", f"decline:{case.number}")


COMMAND = Command(key="report_in", run=run, audience="staff", aloud=True)
