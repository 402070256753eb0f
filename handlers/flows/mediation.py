"""Knows disputes: a confidential case, and mediation offered, free and voluntary (人民调解法 Art.3, 4, 17)."""

from __future__ import annotations

from handlers import admission
from handlers.cases import State
from handlers.flows import answer, report
from handlers.thread import Choice
from handlers.turn import Turn
from nlu.understanding import Understanding


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """A question is answered; anything else becomes a case. Mediation is offered, never imposed."""
    if admission.outcome(label, heard.demand) == "answer":
        if answer.given(turn, heard):
            turn.say("mediation.offer_after_answer")
        else:
            answer.offer_record(turn, heard, label)
        return
    case = report.begin(turn, heard, label)
    if case.state is State.ASSIGNED:
        turn.say("report.fix")
        offer(turn, case.number)


def offer(turn: Turn, number: str) -> None:
    """Ask whether a mediator may talk to both sides."""
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("mediate_yes", "mediate_no"))
    turn.say("mediation.offer")
    turn.await_answer("mediate", case=number, choices=choices)
