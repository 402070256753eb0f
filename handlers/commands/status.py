"""Knows 查进度: how my cases stand, or one by its number if I have a right to it."""

from __future__ import annotations

from handlers import cards, notices, rights, whistling
from handlers.cases import Case
from handlers.command import Call, Command, numbers
from handlers.rules import RefusalError
from handlers.turn import Turn

SHOWN = 5


def run(turn: Turn, call: Call) -> None:
    """One case by number, else all open ones of the sender, else the last closed one."""
    if call.number:
        _by_number(turn, call)
        return
    found = turn.mine() or turn.mine(open_only=False)[:1]
    if not found:
        turn.say("status.none")
        return
    for case in found[:SHOWN]:
        turn.said.append(notices.status_line(turn, case))
    if len(found) == 1:
        _offer(turn, found[0])


def _by_number(turn: Turn, call: Call) -> None:
    case = turn.case(call.number)
    capacity = turn.actors(case) if case is not None else frozenset()
    if case is None or not rights.sees_status(capacity, turn.sender, case, turn.rules.town):
        raise RefusalError("unknown_case", case=call.number)
    if turn.sender.staff:
        turn.said.append(cards.private_text(turn, case, words=rights.sees_words(capacity, turn.sender, case)))
        turn.said.extend(filter(None, (whistling.open_line(turn, case),)))
        if rights.leads(capacity):
            turn.buttons.extend(cards.buttons(turn, case))
    else:
        turn.said.append(notices.status_line(turn, case))
        _offer(turn, case)
    turn.reply_case = case.number


def _offer(turn: Turn, case: Case) -> None:
    if case.open and case.fed_back_at is None:
        turn.offer(f"urge:{case.number}", f"withdraw:{case.number}")


def matching(turn: Turn, text: str) -> list[Case]:
    """The sender's cases that a description means (“就是那个滑梯裂了的”): those whose item's words it holds."""
    found = turn.mine()
    meant = [case for case in found if any(word in text for word in turn.item(case).words)]
    return meant or found


def described(turn: Turn) -> None:
    """Answer a question about an earlier matter said in one's own words, without asking for a number."""
    named = numbers(turn.words)
    if named:
        _by_number(turn, Call(number=named[0]))
        return
    found = matching(turn, turn.words) or turn.mine(open_only=False)[:1]
    if not found:
        turn.say("status.none")
        return
    turn.said.extend(notices.status_line(turn, case) for case in found[:SHOWN])
    if len(found) == 1:
        _offer(turn, found[0])


COMMAND = Command(key="status", run=run)
