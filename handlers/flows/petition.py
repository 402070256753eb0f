"""Knows signs of a petition (信访苗头): a confidential case to the named leader, and the lawful way said plainly.

Never threats, never in a group, never used against the speaker (信访工作条例 Art.18, 30, 46).
"""

from __future__ import annotations

from dataclasses import replace

from handlers import dispatch, intake
from handlers.flows import answer
from handlers.turn import Turn
from nlu.understanding import Understanding


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """Open the confidential case and answer calmly; how to petition is a question and gets the approved answer."""
    if heard.demand == "consult" and answer.given(turn, replace(heard, label="legal_policy")):
        return
    case = intake.open_case(turn, intake.matter(turn, heard, "petition"))
    case = dispatch.assign(turn, case, dispatch.choose(turn, case))
    turn.say("petition.received", number=case.number)
