"""Knows what decisions are taken by (the rules of this town), and how a rule says no."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.catalogue import Catalogue
from handlers.clocks import QuietHours, Regular
from handlers.deadlines import Timing
from handlers.ports import Calendar, Ear, Lookup, Redactor, Scripts
from handlers.town import Town
from handlers.wording import Knowledge, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything constant that decisions are taken by: the town, what it takes on, how it speaks, its calendar.

    `ear` is the embedded one: it is used to hear words again that are kept with an open question, and never calls out;
    `ear_version` names what it has learnt here, "" for the ear as delivered.
    `morning` and `weekly` are when the day's digest and the week's summary are written; None: not at all.
    `group_per_hour`: how many cards and lines that are not red a group is sent in an hour, 0 for any number.
    `voices_heard`: whether a recording without text can be made words.
    `calendar_mark` is another one whenever the calendar counts otherwise: open cases are then counted anew.
    """

    town: Town
    catalogue: Catalogue
    wording: Wording
    knowledge: Knowledge
    ear: Ear
    redactor: Redactor
    scripts: Scripts
    lookup: Lookup
    calendar: Calendar
    quiet_residents: QuietHours
    quiet_groups: QuietHours
    morning: Regular | None = None
    weekly: Regular | None = None
    group_per_hour: int = 0
    calendar_mark: str = ""
    ear_version: str = ""
    voices_heard: bool = False

    @property
    def timing(self) -> Timing:
        """What deadlines are counted by."""
        return Timing(self.catalogue, self.calendar, self.quiet_groups)


class RefusalError(Exception):
    """The rules say no. `reason` is a wording key `refuse.<reason>`; it becomes a sentence, never an error log."""

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = facts
