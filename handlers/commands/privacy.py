"""Knows 隐私: what is kept, why, how long, and how to erase it (个人信息保护法 Art.17)."""

from __future__ import annotations

from handlers.command import Call, Command
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The privacy card."""
    town = turn.rules.town
    days = town.retention_days.get("default", 730)
    turn.say("privacy.card", town=town.name, days=days, contact=town.privacy_contact)
    if turn.incoming is not None and turn.incoming.platform == "telegram":
        turn.say("privacy.abroad")


COMMAND = Command(key="privacy", run=run)
