"""Knows 撤销接单: for ten minutes who took a case may put it back as if nothing had been."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards, choosing, dispatch
from handlers.cases import State, TaskState
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn

UNDO = timedelta(minutes=10)


def run(turn: Turn, call: Call) -> None:
    """The card waits again, its time to be taken runs on; the reporter only hears who takes it then."""
    own = choosing.in_hand(turn)
    fits = [c for c in own if c.state is State.HANDLING and c.lead_person == turn.sender.id]
    case = choosing.one(turn, call, "release", lambda c: c in fits, own)
    turn.may(Step.RELEASE, case)
    task = dispatch.lead_task(turn, case)
    if case.lead_person != turn.sender.id:
        raise RefusalError("held", case=case.number, who=turn.rules.town.name_of(case.lead_person))
    if task is None or task.reported_at is None or turn.now - task.reported_at > UNDO:
        raise RefusalError("release_late", case=case.number)
    turn.out.tasks[(case.number, task.n)] = replace(task, state=TaskState.CALLED, person="", reported_at=None)
    seen = case.acknowledged_by if case.acknowledged_by != turn.sender.id or not case.emergency else ""
    first = None if case.accepted_at == task.reported_at else case.accepted_at
    due = max(case.accept_due or turn.now, turn.now + UNDO)  # the others have as long to see it as the taker had
    case = replace(case, lead_person="", accepted_at=first, acknowledged_by=seen, accept_due=due)
    case = turn.record(case, Step.RELEASE)
    line = turn.word("group.released", number=case.number, name=turn.sender.name)
    cards.refresh(turn, case, line)
    if not cards.rooms(turn, case):
        cards.tell_hands(turn, case, line)
    turn.say("released.done", number=case.number)


COMMAND = Command(key="release", run=run, audience="staff")
