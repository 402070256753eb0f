"""Knows how something that was found is told: a mark, a sentence of the wording, what the sentence needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from handlers.wording import Wording

SHOWN: Final = 5
"""So many names stand in one line, and how many more there are."""


class Mark(StrEnum):
    """It works, something is missing that people will miss, it does not work, or nobody could find out."""

    GOOD = "good"
    MISSING = "missing"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `facts` are numbers, codes, names of groups and places: never a secret, never a person."""

    mark: Mark
    key: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def line(self, wording: Wording) -> str:
        """The line as it is read."""
        facts = {name: listed(wording, value) for name, value in self.facts.items()}
        return f"{wording.say(f'doctor.{self.mark}')} {wording.say(f'doctor.{self.key}', **facts)}"


@dataclass(frozen=True, slots=True)
class Section:
    """What was found about one platform, or about the town; `account` tells accounts of one platform apart."""

    title: str
    findings: Sequence[Finding]
    account: str = ""

    def lines(self, wording: Wording) -> list[str]:
        """A heading and the lines below it."""
        head = wording.say(f"doctor.title.{self.title}", account=self.account)
        return [head, *(f"  {one.line(wording)}" for one in self.findings)]


def good(key: str, **facts: object) -> Finding:
    """It works."""
    return Finding(Mark.GOOD, key, facts)


def missing(key: str, **facts: object) -> Finding:
    """It works without, and less well."""
    return Finding(Mark.MISSING, key, facts)


def broken(key: str, **facts: object) -> Finding:
    """It does not work."""
    return Finding(Mark.BROKEN, key, facts)


def unknown(key: str, **facts: object) -> Finding:
    """It could not be found out: the platform answers otherwise than is known of it."""
    return Finding(Mark.UNKNOWN, key, facts)


def listed(wording: Wording, value: object) -> str:
    """Names side by side, the first few of many."""
    if not isinstance(value, tuple):
        return str(value)
    names = wording.say("doctor.and").join(map(str, value[:SHOWN]))
    return wording.say("doctor.more", names=names, count=len(value)) if len(value) > SHOWN else names
