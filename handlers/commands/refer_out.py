"""Knows 转出: a case is another body's matter; its reporter hears whose, and where to call."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import by_hand, naming, notices, whistling
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.commands import erase
from handlers.relabelling import split
from handlers.steps import Step
from handlers.turn import Turn

_NUMBER = re.compile(r"(?=[A-Za-z0-9-]*\d)[A-Za-z0-9-]{4,30}")
"""The number that the case has there."""

_LETTERED = re.compile(r"(?!qq|[vw]x|tel)[a-z]{2,6}-?(?:20\d{2,18}|(?!1[3-9]\d{9}$)\d{4,14})", re.IGNORECASE)
"""A number as offices give them; no account, no telephone, and too short for a card where it begins with no year."""

CALLED = "called_at."
"""Word lists by which a public number is known: `called_at.<hotline>`."""


def run(turn: Turn, call: Call) -> None:
    """To whom, and under which number there."""
    case = by_hand.meant(turn, call, "refer_out", Step.REFER_OUT)
    whole = by_hand.reason(call, case)
    place, rest = split(whole)
    found = _NUMBER.search(rest)
    number = found.group() if found and _shareable(turn, found.group()) else ""
    key, phone = _phone(turn, place)
    old, case = case, whistling.close(turn, replace(case, closed_at=turn.now), "whistle.ended")
    case = turn.record(case, Step.REFER_OUT, note=whole, to=key, number=number)
    _tell(turn, case, place, number, phone)
    notices.forget(turn, case)
    by_hand.withdraw_cards(turn, old, case, turn.word("group.referred", number=case.number))
    by_hand.done(turn, case, "desk.referred", place=place)
    erase.when_closed(turn, case)


def _shareable(turn: Turn, number: str) -> bool:
    """A number of theirs, which begins with letters, or one in which nothing looks like somebody's own."""
    return bool(_LETTERED.fullmatch(number)) or turn.rules.redactor.redact(number) == number


def _phone(turn: Turn, place: str) -> tuple[str, str]:
    """What the place is to us, and the public number it is reached under; both “” for one we do not know."""
    town, lists = turn.rules.town, turn.rules.wording.lists
    keys = [name.removeprefix(CALLED) for name in lists if name.startswith(CALLED)]
    for key in keys:
        if key in town.hotlines and any(word in place for word in lists[f"{CALLED}{key}"]):
            return key, town.hotlines[key]
    named = naming.find_or_none(place, town, kinds=("department",))
    return (named.id, town.departments[named.id].phone) if named is not None else ("", "")


def _tell(turn: Turn, case: Case, place: str, number: str, phone: str) -> None:
    safe = turn.rules.redactor.redact(place)
    lines = [turn.word("referred.number", there=number) if number else ""]
    lines.append(turn.word("referred.phone", phone=phone) if phone else "")
    by_hand.tell(turn, case, "resident.referred", place=safe, more="".join(lines))


COMMAND = Command(key="refer_out", run=run, audience="staff", whole=False)
