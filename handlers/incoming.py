"""Knows what has come in through a door, once the platform's paper has been taken off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handlers.raw import RawText

Kind = Literal[
    "text", "photo", "voice", "video", "file", "link", "sticker", "location", "press", "event", "other", "fetched"
]


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or recording that the platform holds for us (`ref` is the platform's own id)."""

    kind: str
    ref: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One delivery, normalised.

    `sender` and `chat` are addresses, `platform:account:id` (account is empty where a platform has one only);
    in a private chat both are equal. `(platform, account, key)` is unique for ever: it is how a repeat is known.
    `location` is (latitude, longitude), WGS-84. Times are aware UTC. `must_begin`: on this platform nobody can be
    written to in private who has not written there first. `way` is an address good for one answer, where the platform
    gives one along; `quoted` is a case's number where the platform does not tell which message is quoted.
    `mark` is what a pressed button brought back: the memory says which `button` that is, or that it was sent to another
    chat (`astray`); a button that no letter carried (of a menu) comes as its `button`.
    """

    platform: str
    account: str = ""
    key: str
    sender: str
    chat: str
    kind: Kind = "text"
    text: RawText = field(default_factory=RawText)
    media: tuple[Media, ...] = ()
    location: tuple[float, float] | None = None
    button: str = ""
    mark: str = ""
    astray: bool = False
    quoted: str = ""
    event: str = ""
    scene: str = ""
    group: bool = False
    addressed: bool = False
    edited: bool = False
    inline: bool = False
    must_begin: bool = False
    way: str = ""
    said_at: datetime
