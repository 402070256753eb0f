"""Knows 停机公告: until when the service rests, told to all groups and, while it stands, once in everybody's answer."""

from __future__ import annotations

from handlers import broadcasts, by_hand, drawn, moments
from handlers.command import Call, Command
from handlers.directory import Broadcast
from handlers.raw import RawText
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Until when, and the words: they are kept whole, with the time as it was said."""
    town, zone = turn.rules.town, turn.rules.quiet_residents.zone
    by_hand.need(turn, Power.NOTICE, town.street())
    found = moments.until(call.rest, turn.now, zone, turn.rules.wording)
    if found is None or not found.rest:
        raise RefusalError("notice_how")
    if found.at <= turn.now + broadcasts.UNDO:
        raise RefusalError("notice_past")
    one = Broadcast(
        number=drawn.broadcast(turn), text=RawText(broadcasts.checked(turn, call.rest)), units=(town.street(),),
        purposes=broadcasts.EVERYWHERE, made_by=turn.sender.id, made_at=turn.now, until=found.at,
    )  # fmt: skip
    broadcasts.write(turn, one)


COMMAND = Command(key="notice", run=run, audience="staff", whole=False, draws="broadcast")
