"""Knows every kind of message and event that WeCom delivers to an application, and what each is as an `Incoming`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.doors import Unreadable
from bot.platforms.wechat_fields import Fields, key_of, link, location, menu, said_at, word
from handlers.incoming import Incoming, Kind, Media
from handlers.raw import RawText

PREFIX: Final = "wecom::"
LEFT: Final = "5"
"""The status of a member who has left the corp by themselves (退出企业)."""

_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Click:
    """A pressed button of a card: which card, and the code by which that card may be changed once."""

    task: str
    code: str


def to_incoming(fields: Fields) -> Incoming | None:
    """The message in these fields; None for an event that nobody needs. Raises Unreadable."""
    kind, who = word(fields, "MsgType").lower(), "FromUserName"
    contacts = kind == "event" and word(fields, "Event").lower() == "change_contact"
    if contacts:
        who = "UserID"
        if word(fields, "ChangeType").lower() not in _PEOPLE:
            return None
    address = PREFIX + userid(word(fields, who))
    plain = Incoming(
        platform="wecom", key=_key(fields), sender=address, chat=address, said_at=said_at(fields)
    )  # fmt: skip
    if kind == "event":
        return _contacts(plain, fields) if contacts else _event(plain, fields)
    read = _KINDS.get(kind)
    return read(plain, fields) if read else replace(plain, kind="other")


def userid(spoken: str) -> str:
    """A member's id as we keep it. Raises Unreadable for what can be none."""
    if not _USERID.fullmatch(spoken):
        raise Unreadable("userid")
    return spoken.lower()


def click(fields: Fields) -> Click | None:
    """The click in a delivery, if it is one that can change its card."""
    if word(fields, "Event").lower() != "template_card_event":
        return None
    found = Click(word(fields, "TaskId"), word(fields, "ResponseCode"))
    return found if found.task and found.code else None


def _key(fields: Fields) -> str:
    """What makes a repeat known; each click has a response code of its own.

    A member can get a new userid and leave within one second: what has become of them belongs to the key.
    """
    names = ("TaskId", "ResponseCode", "ChangeType", "UserID", "Status", "NewUserID")
    return key_of(fields, *(word(fields, name) for name in names))


def _text(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="text", text=RawText(word(fields, "Content")))


def _medium(kind: Kind) -> Callable[[Incoming, Fields], Incoming]:
    def read(plain: Incoming, fields: Fields) -> Incoming:
        heard = RawText(word(fields, "Recognition"))
        return replace(
            plain, kind=kind, text=heard, media=(Media(kind, word(fields, "MediaId"), word(fields, "PicUrl")),)
        )

    return read


def _event(plain: Incoming, fields: Fields) -> Incoming | None:
    """Arriving, leaving, a menu, a button. Where somebody stands when they look in (LOCATION) is nobody's business."""
    event, key = word(fields, "Event").lower(), word(fields, "EventKey")
    if event in _ARRIVALS:
        return replace(plain, kind="event", event=_ARRIVALS[event])
    if event == "click":
        return menu(plain, key)
    if event == "template_card_event":
        return replace(plain, kind="press", mark=key, quoted=word(fields, "TaskId"), addressed=True)
    return None


def _contacts(plain: Incoming, fields: Fields) -> Incoming | None:
    """Somebody left the corp, or has another userid now; nothing else of the address book concerns us."""
    change, renamed = word(fields, "ChangeType").lower(), word(fields, "NewUserID")
    if change == "delete_user" or (change == "update_user" and word(fields, "Status") == LEFT):
        return replace(plain, kind="event", event="departed")
    if change == "update_user" and renamed and userid(renamed) != plain.sender.removeprefix(PREFIX):
        return replace(plain, kind="event", event="migrated", scene=userid(renamed))
    return None


_PEOPLE: Final = ("delete_user", "update_user")
_ARRIVALS: Final = {"enter_agent": "enter", "subscribe": "subscribe", "unsubscribe": "unsubscribe"}
_KINDS: Final[Mapping[str, Callable[[Incoming, Fields], Incoming]]] = {
    "text": _text,
    "image": _medium("photo"),
    "voice": _medium("voice"),
    "video": _medium("video"),
    "location": location,
    "link": link,
}
