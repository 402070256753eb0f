"""Knows 帮助: what can be said here, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.command import Call, Command
from handlers.commands import report_menu
from handlers.town import STAFF, Role
from handlers.turn import Turn

_CIRCLES: Mapping[str, frozenset[Role]] = {
    "staff": STAFF,
    "heads": frozenset({Role.GRID_HEAD, Role.DISPATCHER, Role.ADMIN}),
    "dispatcher": frozenset({Role.DISPATCHER}),
}
"""Whose lines are shown to whom: `help.<circle>.…`."""


def run(turn: Turn, call: Call) -> None:
    """The resident's list; for staff the work words as well. A command without a help line is not shown."""
    turn.say("help.head", bot=turn.rules.town.bot_name)
    sentences = turn.rules.wording.sentences
    turn.said.extend(text for key, text in sentences.items() if key.startswith("help.all."))
    for circle, roles in _CIRCLES.items():
        if turn.sender.has(*roles):
            turn.said.extend(text for key, text in sentences.items() if key.startswith(f"help.{circle}."))
    if report_menu.serves(turn):
        report_menu.show(turn)


COMMAND = Command(key="help", run=run)
