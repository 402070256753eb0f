"""Knows 我的数据: everything kept about the sender, put together by an errand and sent to them alone (PIPL Art.45)."""

from __future__ import annotations

from handlers.command import Call, Command
from handlers.letters import Errand
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Send for the export."""
    assert turn.incoming is not None
    turn.out.errands.append(Errand(kind="export", facts={"person": turn.sender.id, "address": turn.incoming.sender}))
    turn.say("data.coming")


COMMAND = Command(key="my_data", run=run)
