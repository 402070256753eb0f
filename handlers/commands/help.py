"""Knows 帮助: what can be said here, made from the commands themselves."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.command import Call, Command
from handlers.commands import report_menu
from handlers.rights import POWERS, Power
from handlers.town import STAFF, Role
from handlers.turn import Turn

_HANDS = frozenset({Role.GRID_WORKER, Role.GRID_HEAD, Role.DISPATCHER, Role.DEPARTMENT, Role.MEDIATOR})

CIRCLES: Mapping[str, frozenset[Role]] = {
    "staff": STAFF,
    "hands": _HANDS,
    "grid": POWERS[Power.NOMINATE],
    "reporting": POWERS[Power.REPORT_FOR],
    "liaison": POWERS[Power.LIAISON_MENU],
    "listing": POWERS[Power.UNIT_LIST],
    "leaving": POWERS[Power.LEAVE],
    "overseer": frozenset({Role.SUPERVISOR, Role.DISPATCHER}),
    "approver": POWERS[Power.APPROVE_BROADCAST],
    "broadcaster": POWERS[Power.BROADCAST],
    "notice": POWERS[Power.NOTICE],
    "heads": POWERS[Power.INVITE],
    "dismisser": POWERS[Power.DISMISS],
    "dispatcher": frozenset({Role.DISPATCHER}),
}
"""Whose lines are shown to whom: `help.<circle>.…`."""


def run(turn: Turn, call: Call) -> None:
    """The resident's list; for staff the work words as well. A command without a help line is not shown."""
    turn.say("help.head", bot=turn.rules.town.bot_name)
    sentences = turn.rules.wording.sentences
    turn.said.extend(text for key, text in sentences.items() if key.startswith("help.all."))
    for circle, roles in CIRCLES.items():
        if turn.sender.has(*roles):
            turn.said.extend(text for key, text in sentences.items() if key.startswith(f"help.{circle}."))
    if report_menu.serves(turn):
        report_menu.show(turn)


COMMAND = Command(key="help", run=run)
