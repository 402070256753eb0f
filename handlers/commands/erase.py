"""Knows 删除我的数据: asks once, erases what no open case needs, and says what is kept meanwhile (PIPL Art.47)."""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import Case
from handlers.command import Call, Command
from handlers.thread import Choice
from handlers.town import ERASE_WHEN_CLOSED
from handlers.turn import Turn


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
        person = replace(turn.sender, tags=tuple(dict.fromkeys((*turn.sender.tags, ERASE_WHEN_CLOSED))))
        turn.out.persons[person.id] = person
        turn.say("erase.later")
        return
    turn.out.erased.append(turn.sender.id)
    turn.say("erase.done")


def when_closed(turn: Turn, case: Case) -> None:
    """Those who asked to be erased once their last case had closed are erased now.

    Whose other cases were not loaded is left alone: what an open case needs must not vanish from under its handler.
    """
    for reporter in turn.reporters(case.number):
        person, numbers = turn.ws.people.get(reporter.person), turn.ws.mine.get(reporter.person)
        if person is None or ERASE_WHEN_CLOSED not in person.tags or numbers is None:
            continue
        others = (turn.case(number) for number in numbers if number != case.number)
        if not any(other is not None and other.open for other in others):
            turn.out.erased.append(person.id)


def when_left(turn: Turn) -> None:
    """Who asked to be erased and has just left their last open case is erased now."""
    if ERASE_WHEN_CLOSED in turn.sender.tags and not turn.mine():
        turn.out.erased.append(turn.sender.id)


COMMAND = Command(key="erase", run=run)
