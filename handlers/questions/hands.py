"""Knows answers of those who work: why a case goes back, whom to whistle, what a department did or why it cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from handlers import passing, whistling
from handlers.cases import Case, Task
from handlers.commands import contribute, decline, give_back, whistle
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn

WAITS = timedelta(minutes=30)
"""So long after a question are free words its answer; what comes later is a matter of its own."""

LONGEST = 300


def _words(turn: Turn, question: Question) -> str:
    """What was said, where it may be the answer to the question asked last."""
    waits = question == turn.thread.question and turn.now - question.asked_at <= WAITS
    return turn.words if waits and len(turn.words) <= LONGEST else ""


def return_reason(turn: Turn, question: Question, picked: str) -> bool:
    """Why a case goes back: one of three reasons, or words."""
    case, words = turn.case(question.case), _words(turn, question)
    if case is None or not (picked or words):
        return False
    turn.thread = turn.thread.without(question)
    turn.may(Step.RETURN, case)
    passing.first_leads(turn, case)
    case = give_back.allowed(turn, case)
    reason = turn.word(f"button.pick.{picked}") if picked else words
    give_back.finish(turn, case, reason, picked.removeprefix("return_") or "words")
    return True


def whistle_whom(turn: Turn, question: Question, picked: str) -> bool:
    """Which department: one of the helpers, or another by name."""
    case = turn.case(question.case)
    holders, what = ((picked,), "") if picked else whistle.departments(_words(turn, question), turn.rules.town)
    if case is None or not holders:
        return False
    turn.thread = turn.thread.without(question)
    turn.may(Step.WHISTLE, case)
    passing.first_leads(turn, case)
    tough = bool(question.facts.get("tough"))
    whistle.blow(turn, case, holders, what or question.words.reveal(), tough=tough)
    return True


def contribution(turn: Turn, question: Question, picked: str) -> bool:
    """What a department did."""
    return _helping(turn, question, Step.CONTRIBUTE, contribute.finish)


def decline_reason(turn: Turn, question: Question, picked: str) -> bool:
    """Why a department cannot help."""
    return _helping(turn, question, Step.DECLINE, decline.finish)


def _helping(turn: Turn, question: Question, step: Step, finish: Callable[[Turn, Case, Task, str], None]) -> bool:
    case, words = turn.case(question.case), _words(turn, question)
    if case is None or not words:
        return False
    turn.thread = turn.thread.without(question)
    turn.may(step, case)
    task = whistling.own_task(turn, case)
    assert task is not None, "only who is called may take this step"
    finish(turn, case, task, words)
    return True


READERS = {
    "return_reason": return_reason,
    "whistle_whom": whistle_whom,
    "contribution": contribution,
    "decline_reason": decline_reason,
}
