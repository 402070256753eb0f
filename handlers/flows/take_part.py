"""Knows those who want to take part (志愿服务与群众共治): told how, and recorded where somebody must approve."""

from __future__ import annotations

from handlers import admission
from handlers.flows import answer, report
from handlers.turn import Turn
from nlu.understanding import Understanding


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """A question is answered when an approved answer exists; a wish to join goes to who approves it."""
    if admission.outcome(label, heard.demand) == "answer" and answer.given(turn, heard):
        return
    report.run(turn, heard, label)
