"""Knows what is to be sent: letters (待发消息), their buttons, and errands (差事) for after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.town import DUTY_DESK, Town

LetterKind = Literal["reply", "push", "card", "edit", "line"]
"""“card” and “edit” are of a case in a group; the memory makes a “line” of an edit where no card can be edited."""


@dataclass(frozen=True, slots=True)
class Button:
    """A shortcut for words: `label` is read, `action` is `command:case[:argument]`, checked again when pressed.

    `mark` is what leaves with it and comes back when it is pressed: the memory gives it, and knows what it stands for.
    """

    label: str
    action: str
    mark: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one person or group.

    `to` is a person or group id; `people` are the persons behind a desk (值班台), each written to in private. `chat` is
    an address where it must go there and nowhere else (a reply goes back to where the words came from), else the memory
    finds the recipient's. `follow_up` is said instead of an edit on platforms that cannot edit. `photos` are ids of
    stored pictures. `red` overtakes and ignores quiet hours.

    Of cards and edits: `at_most` is how many cards and lines the chat is sent in an hour (0: any number), `rest` the
    next span in which one that has to wait for room may not go. `gone`: the case has left this chat or is over; a card
    not shown yet need not be shown.
    """

    to: str
    people: tuple[str, ...] = ()
    text: str
    kind: LetterKind = "push"
    chat: str = ""
    buttons: tuple[Button, ...] = ()
    case: str = ""
    photos: tuple[str, ...] = ()
    follow_up: str = ""
    red: bool = False
    not_before: datetime | None = None
    at_most: int = 0
    rest: tuple[datetime, datetime] | None = None
    gone: bool = False


def to_duty_desk(town: Town, text: str) -> Letter:
    """A red letter to every person of the duty desk (值班台)."""
    return Letter(to=DUTY_DESK, people=town.duty_people, text=text, red=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """Inward work after the commit.

    “download” (the bytes of a picture), “hear” (the words of a recording), “export” (everything kept of a person).
    """

    kind: str
    case: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
