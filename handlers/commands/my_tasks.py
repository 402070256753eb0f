"""Knows 我的待办: what waits for a worker, soonest due first, what is overdue marked."""

from __future__ import annotations

from handlers import cards, lists, whistling
from handlers.command import Call, Command
from handlers.letters import Button
from handlers.rules import RefusalError
from handlers.turn import Turn

SHOWN = 10
BUTTONS = 6
"""More buttons than this no platform shows under one message."""


def run(turn: Turn, call: Call) -> None:
    """The list, with a button for each of the first; where there are several, a button says whose it is."""
    if not turn.sender.staff:
        raise RefusalError("staff_only")
    found = lists.own(turn)
    if not found:
        turn.say("tasks.none")
        return
    turn.say("tasks.head", n=len(found))
    for one in found[:SHOWN]:
        turn.said.append(whistling.own_line(turn, one.case) if one.what == "join" else lists.text(turn, one))
        turn.said.extend(filter(None, (whistling.open_line(turn, one.case) if one.what != "join" else "",)))
    if len(found) > SHOWN:
        turn.say("tasks.more", counts=lists.counts(turn, found))
    buttons = [button for one in found[:SHOWN] if one.what != "join" for button in _buttons(turn, one, len(found))]
    turn.buttons.extend(buttons[:BUTTONS])


def _buttons(turn: Turn, one: lists.Line, of: int) -> list[Button]:
    plain = cards.buttons(turn, one.case)
    if of == 1:
        return list(plain)
    plain = plain[:1]
    return [Button(turn.word("list.button", label=b.label, number=one.case.number), b.action) for b in plain]


COMMAND = Command(key="my_tasks", run=run, audience="staff")
