"""Knows which case is meant: by number, by the card quoted, by being the only one that fits, or by asking."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from handlers import counting, notices, rights
from handlers.cases import Case
from handlers.command import Call, numbers
from handlers.rules import RefusalError
from handlers.thread import Choice
from handlers.turn import Turn

SHOWN = 5


class Asked(Exception):  # noqa: N818 - not an error: a question was asked instead of an action taken
    """Several cases fit; the sender has been asked which."""


def named(turn: Turn, call: Call) -> Case | None:
    """The case that the command names, or whose card it quotes, or into which that one was merged.

    RefusalError for a number nobody here may know.
    """
    number = call.number or quoted(turn)
    if not number:
        return None
    case = turn.case(number)
    if case is None or not (turn.actors(case) or turn.sender.staff):
        raise RefusalError("unknown_case", case=number)
    home = counting.home(turn, case)
    return home if turn.actors(home) else case


def quoted(turn: Turn) -> str:
    """The case whose card, or of which something said in a group, is quoted; “” when none is."""
    incoming = turn.incoming
    if incoming is None or not incoming.quoted:
        return ""
    return turn.ws.quoted.get((incoming.chat, incoming.quoted), "") or next(iter(numbers(incoming.quoted)), "")


def one(turn: Turn, call: Call, command: str, fitting: Callable[[Case], bool], cases: Iterable[Case]) -> Case:
    """The case meant. RefusalError when none fits; Asked when the sender must choose."""
    case = named(turn, call)
    if case is not None:
        return case
    found = [case for case in cases if fitting(case)]
    if not found:
        raise RefusalError("nothing_fits")
    other = _mentioned(turn, call, found)
    if len(found) == 1 and other is None:
        return found[0]
    ask_which(turn, command, [*found, *([other] if other else ())], call.rest)
    raise Asked(command)


def _mentioned(turn: Turn, call: Call, found: list[Case]) -> Case | None:
    """A case of the sender's that the words name further on (“吹哨 司法所 A0002”) and that is not among those found."""
    seen = numbers(call.rest)
    if not seen or any(case.number in seen for case in found):
        return None
    return next((case for case in map(turn.case, seen) if case is not None and turn.actors(case)), None)


def ask_which(turn: Turn, command: str, found: list[Case], rest: str = "") -> None:
    """A numbered choice between cases; the answer runs the command."""
    choices = tuple(
        Choice(turn.word("choice.case", number=case.number, item=_called(turn, case)), case.number)
        for case in found[:SHOWN]
    )
    turn.say("ask.which_case")
    turn.said.extend(turn.word("choice.line", n=n + 1, label=choice.label) for n, choice in enumerate(choices))
    turn.await_answer("which_case", choices=choices, facts={"command": command}, words=rest)


def _called(turn: Turn, case: Case) -> str:
    return turn.item(case).name if turn.sender.staff else notices.called(turn, case)


def in_hand(turn: Turn) -> list[Case]:
    """The open cases before the sender's unit or department, and those they took, soonest due first."""
    numbers = (n for holder in rights.desks(turn.sender) for n in turn.ws.in_hand.get(holder, ()))
    cases = (turn.case(number) for number in dict.fromkeys(numbers))
    return [case for case in cases if case is not None and turn.actors(case)]
