"""Knows 返工 said as a command: a reporter or a dispatcher has a case taken up again that was closed or shut."""

from __future__ import annotations

from handlers import choosing
from handlers.command import Call, Command
from handlers.questions import rating
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The same way as after 没解决, without asking again."""
    closed = turn.mine(open_only=False)
    case = choosing.one(turn, call, "reopen", lambda c: turn.can(Step.REOPEN, c), closed)
    rating.again(turn, case, call.rest)


COMMAND = Command(key="reopen", run=run, whole=False)
