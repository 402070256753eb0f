"""Knows 我要反映: how to begin, for who taps a menu before saying anything."""

from __future__ import annotations

from handlers.command import Call, Command
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Say what to say; the next words are heard like any others."""
    turn.say("begin.how")


COMMAND = Command(key="begin", run=run)
