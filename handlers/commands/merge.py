"""Knows 并案: a dispatcher puts one case into another, with everybody in it."""

from __future__ import annotations

from handlers import counting, merging
from handlers.cases import Case
from handlers.command import Call, Command, numbers
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """“并案 A0002 A0001”: the first goes into the second."""
    source, target = two(turn, call)
    for case in (source, target):
        turn.may(Step.MERGE, case)
        if Actor.DISPATCHER not in turn.actors(case):
            raise RefusalError("no_right", case=case.number)
    merging.check(turn, source, target)
    target = merging.merge(turn, source, target)
    turn.say("handler.merge_done", number=source.number, into=target.number, n=counting.count(turn, target))
    turn.offer(f"split:{source.number}")
    turn.reply_case = target.number


def two(turn: Turn, call: Call) -> tuple[Case, Case]:
    """The two cases that are named, in words or by a button. RefusalError where they are not both known here."""
    named = numbers(turn.words) or [call.number, call.argument]
    if not all(named) or not named[1:]:
        raise RefusalError("merge_two")
    found = [turn.case(number) for number in named[:2]]
    for number, case in zip(named, found, strict=False):
        if case is None or not turn.actors(case):
            raise RefusalError("unknown_case", case=number)
    first, second = (case for case in found if case is not None)
    return first, second


COMMAND = Command(key="merge", run=run, audience="staff", whole=False)
