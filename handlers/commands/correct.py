"""Knows 改: the resident says what was understood wrongly, the place or the matter."""

from __future__ import annotations

from handlers import choosing, voices
from handlers.cases import State
from handlers.command import Call, Command
from handlers.steps import Step
from handlers.thread import Choice
from handlers.turn import Turn

_EARLY = (State.COLLECTED, State.ASSIGNED, State.HANDLING)


def run(turn: Turn, call: Call) -> None:
    """Ask what is wrong: three choices, or the right words at once."""
    case = choosing.one(turn, call, "correct", lambda c: c.state in _EARLY, turn.mine())
    turn.may(Step.MOVE, case)
    if voices.joined(turn, case):
        voices.doubt(turn, case)
        return
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("fix_place", "fix_matter", "fix_withdraw"))
    turn.say("ask.correct", number=case.number)
    turn.await_answer("correct", case=case.number, choices=choices)


COMMAND = Command(key="correct", run=run)
