"""Knows moments as people type them in a command: 今晚23点, 明天8:30, 3月9日, 3天, 2小时, in local time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.wording import Wording

NOON = 12
HOURS = 24
MINUTES = 60
HALF = 30


@dataclass(frozen=True, slots=True)
class Read:
    """The moment that a text begins with, and the words after it."""

    at: datetime
    rest: str


def until(text: str, now: datetime, zone: ZoneInfo, wording: Wording) -> Read | None:
    """Until when: of a span (今晚22点到23点) its end; a day without an hour ends with it, and is counted whole.

    “3天” from today: the third day is the last. None where the text begins with no moment, or with an impossible one.
    """
    local, plain = now.astimezone(zone), text.strip()
    first = _one(plain, local, wording)
    if first is None:
        return None
    following = wording.patterns["moment.to"].match(first.rest)
    second = None if following is None else _one(first.rest[following.end() :], first.at, wording)
    found = second or first
    return Read(found.at.astimezone(now.tzinfo), found.rest.lstrip(" \t，,。:：、"))


def said(moment: datetime, zone: ZoneInfo, wording: Wording) -> str:
    """A moment as people say it: 3月9日18:00, and 3月9日 for the end of that day."""
    local = moment.astimezone(zone)
    if local.time() == time(0):
        local -= timedelta(days=1)
        return wording.say("moment.day", month=local.month, day=local.day)
    return wording.say("moment.full", month=local.month, day=local.day, clock=f"{local.hour}:{local.minute:02d}")


def _one(text: str, base: datetime, wording: Wording) -> Read | None:
    """One moment; what it does not say is as in `base`."""
    plain = text.strip()
    before = wording.patterns["moment.to"].match(plain)
    plain = plain[before.end() :] if before else plain
    return _span(plain, base, wording) or _day_and_clock(plain, base, wording)


def _span(text: str, base: datetime, wording: Wording) -> Read | None:
    match = wording.patterns["moment.span"].match(text)
    if match is None:
        return None
    n = _number(match["n"], wording)
    if match["hours"]:
        return Read(base + timedelta(hours=n), text[match.end() :])
    if match["minutes"]:
        return Read(base + timedelta(minutes=n), text[match.end() :])
    return Read(_midnight(base, n), text[match.end() :])


def _day_and_clock(text: str, base: datetime, wording: Wording) -> Read | None:
    day, late, rest = _day(text, base, wording)
    clock = wording.patterns["moment.clock"].match(rest)
    if clock is None:
        return Read(_midnight(_on(base, day), 1), rest) if day is not None else None
    hour, minute = _number(clock["h"], wording), _minute(clock, wording)
    later = late or bool(clock["late"]) or (day is None and _in_the_evening(base, hour))
    hour += NOON if later and 0 < hour <= NOON else 0
    if hour > HOURS or minute >= MINUTES or (hour == HOURS and minute):
        return None
    at = datetime.combine(_on(base, day).date(), time(0), base.tzinfo) + timedelta(hours=hour, minutes=minute)
    return Read(at, rest[clock.end() :])


def _in_the_evening(base: datetime, hour: int) -> bool:
    """“今晚10点到11点”: the second hour is the first one's evening."""
    return base.hour >= NOON and base.hour > hour and hour < NOON and base.minute == 0 and base.second == 0


def _day(text: str, base: datetime, wording: Wording) -> tuple[date | None, bool, str]:
    """The day said, whether in its evening, and what follows. An impossible date is none."""
    for offset, name in enumerate(("moment.today", "moment.tomorrow", "moment.after")):
        match = wording.patterns[name].match(text)
        if match is not None:
            return base.date() + timedelta(days=offset), bool(match["late"]), text[match.end() :].lstrip()
    match = wording.patterns["moment.date"].match(text)
    if match is None:
        return None, False, text
    try:
        day = date(int(match["y"] or base.year), int(match["m"]), int(match["d"]))
        if not match["y"] and day < base.date():
            day = day.replace(year=day.year + 1)
    except ValueError:
        return None, False, text
    return day, False, text[match.end() :].lstrip()


def _on(base: datetime, day: date | None) -> datetime:
    return base if day is None else datetime.combine(day, time(0), base.tzinfo)


def _midnight(base: datetime, days: int) -> datetime:
    return datetime.combine(base.date() + timedelta(days=days), time(0), base.tzinfo)


def _minute(clock: re.Match[str], wording: Wording) -> int:
    if clock["half"]:
        return HALF
    said = clock["min"] or clock["min2"]
    return _number(said, wording) if said else 0


def _number(text: str, wording: Wording) -> int:
    """Digits, or a numeral up to twelve."""
    return int(text) if text.isdecimal() else sum(wording.sentences["moment.numerals"].index(one) for one in text)
