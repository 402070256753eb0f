"""Knows how a case rests with a reason (暂停): why, until when, by whom, and how it goes on again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers import cards, notices
from handlers.cases import Case, State
from handlers.rules import RefusalError
from handlers.steps import Actor, Step
from handlers.turn import Turn

LONGEST_LEAD = timedelta(hours=72)
LONGEST_DESK = timedelta(days=30)
PAUSES_LEAD = 2
"""Who has the case may let it rest three days, twice; a dispatcher up to a month, as often as need be."""

MORNING = time(9)
"""“到3月9日” is until people are at work on that day."""

AWAITED = "resident"
"""The reason that ends when the resident says something."""

OTHER = "other"
REASONS = {
    AWAITED: "pause.resident",
    "material": "pause.material",
    "weather": "pause.weather",
    "others": "pause.others",
    OTHER: "pause.other",
}
"""Each reason and its wording: the list of words by which it is given, and the sentence that says it."""
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a 暂停 asks for: the reason's key, the words besides, until when."""

    reason: str
    words: str
    until: datetime


def read(turn: Turn, text: str, number: str) -> Wish:
    """The wish in the words of a command. RefusalError where the reason or the span is missing or has passed."""
    reason, rest = _reason(turn, text)
    if not reason:
        raise RefusalError("pause_reason", case=number)
    until, words = _until(turn, rest)
    words = re.sub(r"^\W+|\W+$", "", words)
    if until is None or (reason == OTHER and not words):
        raise RefusalError("pause_span" if until is None else "pause_reason", case=number)
    if until <= turn.now:
        raise RefusalError("pause_past", case=number)
    return Wish(reason, words, until)


def _reason(turn: Turn, text: str) -> tuple[str, str]:
    """The key of the reason that the words begin with, and the words after it."""
    for reason, key in REASONS.items():
        for word in turn.rules.wording.words(key):
            if text.startswith(word):
                return reason, text[len(word) :]
    return "", text


def _until(turn: Turn, text: str) -> tuple[datetime | None, str]:
    """Until when the words say, and the words without it."""
    wording = turn.rules.wording
    day = wording.matches("pause_until", text)
    if day is not None:
        return _day(turn, int(day.group("month")), int(day.group("day"))), _without(text, day)
    span = wording.matches("pause_span", text)
    if span is None:
        return None, text
    unit = next(key for key in _UNITS if span.group(key))
    return turn.now + int(span.group("n")) * _UNITS[unit], _without(text, span)


def _without(text: str, found: re.Match[str]) -> str:
    return text[: found.start()] + text[found.end() :]


def _day(turn: Turn, month: int, day: int) -> datetime | None:
    """The next day of this date, in the morning; None for a date that does not exist."""
    zone = turn.rules.quiet_groups.zone
    today = turn.now.astimezone(zone).date()
    for year in (today.year, today.year + 1):
        try:
            found = datetime(year, month, day, MORNING.hour, tzinfo=zone)
        except ValueError:
            continue
        if found.date() >= today:
            return found.astimezone(turn.now.tzinfo)
    return None


def check(turn: Turn, case: Case) -> None:
    """RefusalError unless the sender may let this case rest now, for however long."""
    turn.may(Step.PAUSE, case)
    if case.colour == "red":
        raise RefusalError("pause_red", case=case.number)
    if case.paused_at is not None:
        raise RefusalError("paused", case=case.number)
    if Actor.DISPATCHER in turn.actors(case):
        return
    if case.state is not State.HANDLING or case.lead_person != turn.sender.id:
        raise RefusalError("pause_not_taken", case=case.number)
    if case.pauses >= PAUSES_LEAD:
        raise RefusalError("pause_often", case=case.number)


def pause(turn: Turn, case: Case, wish: Wish) -> Case:
    """The clock stands still until the moment wished for; reporters and group hear why."""
    desk = Actor.DISPATCHER in turn.actors(case)
    if wish.until - turn.now > (LONGEST_DESK if desk else LONGEST_LEAD):
        raise RefusalError("pause_long_desk" if desk else "pause_long", case=case.number)
    case = turn.record(case, Step.PAUSE, note=wish.words, reason=wish.reason, until=wish.until.isoformat())
    facts = {"reason": turn.word(REASONS[wish.reason]), "until": cards.when(turn, case.paused_until)}
    cards.refresh(turn, case, turn.word("group.paused", number=case.number, **facts))
    if not case.emergency:
        if wish.reason == AWAITED and wish.words:
            safe = turn.rules.redactor.redact(wish.words)
            notices.tell(turn, case, "resident.paused_for", words=safe, **facts)
        else:
            notices.tell(turn, case, "resident.paused", **facts)
    return case


def resume(turn: Turn, case: Case, why: str) -> Case:
    """The clock goes on; reporters and group hear it."""
    case = turn.record(case, Step.RESUME, role="" if why == "asked" else Actor.CLOCK.value, why=why)
    due = cards.when(turn, case.due_at)
    cards.refresh(turn, case, turn.word("group.resumed", number=case.number, due=due))
    notices.tell(turn, case, "resident.resumed", due=due)
    if case.lead_person and (turn.person is None or case.lead_person != turn.person.id):
        line = turn.word("handler.resumed", number=case.number, due=due)
        turn.push(case.lead_person, line, case=case.number, buttons=cards.buttons(turn, case))
    return case
