"""Knows 删除我的数据: asks once, erases what no open case needs, and says what is kept meanwhile (PIPL Art.47)."""

from __future__ import annotations

from dataclasses import replace

from handlers.command import Call, Command
from handlers.thread import Choice
from handlers.turn import Turn

LATER = "erase_when_closed"
"""Tag of a person who asked to be erased while a case was open."""


def run(turn: Turn, call: Call) -> None:
    """Ask for confirmation, saying what would remain."""
    kept = [case.number for case in turn.mine()]
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("erase_yes", "erase_no"))
    if kept:
        turn.say("erase.ask_open", numbers=turn.word("list.comma").join(kept))
    else:
        turn.say("erase.ask")
    turn.await_answer("erase", choices=choices)


def confirmed(turn: Turn) -> None:
    """Erase now, or as soon as the last open case has closed."""
    if turn.mine():
        person = replace(turn.sender, tags=tuple(dict.fromkeys((*turn.sender.tags, LATER))))
        turn.out.persons[person.id] = person
        turn.say("erase.later")
        return
    turn.out.erased.append(turn.sender.id)
    turn.say("erase.done")


COMMAND = Command(key="erase", run=run)
