"""Knows the answer to “哪一类？”: one of the three nearest names."""

from __future__ import annotations

from handlers.commands import relabel
from handlers.steps import Step
from handlers.thread import Question
from handlers.turn import Turn


def matter(turn: Turn, question: Question, picked: str) -> bool:
    """The item chosen; who may do it is asked again."""
    case = turn.case(question.case)
    if not picked or case is None:
        return False
    turn.thread = turn.thread.without(question)
    turn.may(Step.RELABEL, case)
    duty, _, item = picked.partition("/")
    relabel.change(turn, case, duty, item, note=question.words.reveal())
    return True


READERS = {"relabel": matter}
