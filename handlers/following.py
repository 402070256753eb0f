"""Knows what follows by itself from the steps of a turn: an answer ends the pause that waited for it, voices count."""

from __future__ import annotations

from dataclasses import replace

from handlers import colours, pausing
from handlers.cases import TaskState
from handlers.steps import Actor, Step
from handlers.turn import Turn

_ANSWERS = frozenset({Step.REPLY.value, Step.ADD.value})


def run(turn: Turn) -> None:
    """At the end of a turn, over every case in which somebody spoke."""
    for number in dict.fromkeys(entry.case for entry in turn.out.entries if entry.step in _ANSWERS):
        case = turn.case(number)
        spoken = any(e.case == number and e.role == Actor.REPORTER and e.step in _ANSWERS for e in turn.out.entries)
        if case is not None and spoken and case.paused_at is not None and case.pause_reason == pausing.AWAITED:
            pausing.resume(turn, case, "answered")
    for case in tuple(turn.out.cases.values()):
        if not case.open:
            _settle_tasks(turn, case.number)
    for number in dict.fromkeys(number for number, _ in turn.out.reporters):
        case = turn.case(number)
        if case is not None:
            colours.raise_for_voices(turn, case)


def _settle_tasks(turn: Turn, number: str) -> None:
    """What is over is asked of nobody any more."""
    for task in turn.tasks(number):
        if task.state in (TaskState.CALLED, TaskState.REPORTED_IN):
            turn.out.tasks[(number, task.n)] = replace(task, state=TaskState.DONE, done_at=turn.now)
