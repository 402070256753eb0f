"""Knows 帮助: what can be said here, made from the commands themselves."""

from __future__ import annotations

from handlers.command import Call, Command
from handlers.commands import report_menu
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The resident's list; for staff the work words as well. A command without a help line is not shown."""
    turn.say("help.head", bot=turn.rules.town.bot_name)
    sentences = turn.rules.wording.sentences
    turn.said.extend(text for key, text in sentences.items() if key.startswith("help.all."))
    if turn.sender.staff:
        turn.said.extend(text for key, text in sentences.items() if key.startswith("help.staff."))
    if report_menu.serves(turn):
        report_menu.show(turn)


COMMAND = Command(key="help", run=run)
