"""Knows one thing that somebody does on a stage, and how it looks as a delivery."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from handlers.incoming import Incoming, Kind, Media
from handlers.raw import RawText

BEGUN_BY_HAND = "telegram:"
"""Where the bot may write to somebody only after they wrote to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who does what: words, a button by its action or its mark, a picture by its name; in private or in a group."""

    who: str
    kind: Kind = "text"
    text: str = field(default="", repr=False)
    photo: str = ""
    button: str = ""
    mark: str = ""
    location: tuple[float, float] | None = None
    event: str = ""
    scene: str = ""
    group: str = ""
    addressed: bool = False
    quoted: str = ""
    on: str = ""


def delivery(act: Act, address: str, chat: str, now: datetime) -> Incoming:
    """The act as a delivery from an address; who answers a card in a group addresses the bot, as on the platforms."""
    return Incoming(
        platform=address.partition(":")[0], account="stage", key=secrets.token_hex(8), sender=address, chat=chat,
        group=bool(act.group), kind=act.kind, text=RawText(act.text), button=act.button, mark=act.mark,
        location=act.location, media=(Media("photo", act.photo),) if act.photo else (), event=act.event,
        scene=act.scene, addressed=act.addressed or bool(act.group and act.quoted), quoted=act.quoted,
        said_at=now, must_begin=bool(act.group) and address.startswith(BEGUN_BY_HAND),
    )  # fmt: skip
