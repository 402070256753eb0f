"""Knows every kind of message and event that WeCom delivers to an application, and what each is as an `Incoming`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from bot.doors import Unreadable
from bot.platforms.gcj import to_wgs84
from handlers.incoming import Incoming, Kind, Media
from handlers.raw import RawText

Fields = Mapping[str, Any]

PREFIX: Final = "wecom::"
VERSION: Final = "v1:"
"""Stands before the action in the key of a button, so that keys of another make are known."""
KEY_LENGTH: Final = 160
POLE: Final = 90.0
DATE_LINE: Final = 180.0
LEFT: Final = "5"
"""The status of a member who has left the corp by themselves (退出企业)."""

_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_ACTION = re.compile(r"[a-z][a-z_]*:[A-Za-z0-9]*(:\S{1,64})?")


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
        platform="wecom", key=_key(fields), sender=address, chat=address, said_at=_said_at(fields)
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


def word(fields: Fields, name: str) -> str:
    """A field as text, “” when it is missing; a field that came twice or holds other fields is unreadable."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(name)
    return value


def click(fields: Fields) -> Click | None:
    """The click in a delivery, if it is one that can change its card."""
    if word(fields, "Event").lower() != "template_card_event":
        return None
    found = Click(word(fields, "TaskId"), word(fields, "ResponseCode"))
    return found if found.task and found.code else None


def _key(fields: Fields) -> str:
    """What makes a repeat known: MsgId, or who, when and what; each click has a response code of its own.

    A member can get a new userid and leave within one second: what has become of them belongs to the key.
    """
    number = word(fields, "MsgId")
    if number and word(fields, "MsgType").lower() != "event":
        return number[:KEY_LENGTH]
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "TaskId", "ResponseCode", "ChangeType",
             "UserID", "Status", "NewUserID")  # fmt: skip
    key = ":".join(word(fields, name) for name in names)
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _said_at(fields: Fields) -> datetime:
    try:
        return datetime.fromtimestamp(int(word(fields, "CreateTime")), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("CreateTime") from None


def _text(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="text", text=RawText(word(fields, "Content")))


def _medium(kind: Kind) -> Callable[[Incoming, Fields], Incoming]:
    def read(plain: Incoming, fields: Fields) -> Incoming:
        heard = RawText(word(fields, "Recognition"))
        return replace(
            plain, kind=kind, text=heard, media=(Media(kind, word(fields, "MediaId"), word(fields, "PicUrl")),)
        )

    return read


def _location(plain: Incoming, fields: Fields) -> Incoming:
    try:
        latitude, longitude = float(word(fields, "Location_X")), float(word(fields, "Location_Y"))
    except ValueError:
        raise Unreadable("location") from None
    if not (isfinite(latitude) and isfinite(longitude)):
        raise Unreadable("location")
    if abs(latitude) > POLE or abs(longitude) > DATE_LINE:
        raise Unreadable("location")
    label = RawText(word(fields, "Label"))
    return replace(plain, kind="location", location=to_wgs84(latitude, longitude), text=label)


def _link(plain: Incoming, fields: Fields) -> Incoming:
    lines = (word(fields, name) for name in ("Title", "Description", "Url"))
    return replace(plain, kind="link", text=RawText("\n".join(line for line in lines if line)))


def _event(plain: Incoming, fields: Fields) -> Incoming | None:
    """Arriving, leaving, a menu, a button. Where somebody stands when they look in (LOCATION) is nobody's business."""
    event, key = word(fields, "Event").lower(), word(fields, "EventKey")
    if event in _ARRIVALS:
        return replace(plain, kind="event", event=_ARRIVALS[event])
    if event == "click":
        if _ACTION.fullmatch(key):
            return replace(plain, kind="press", button=key)
        return replace(plain, kind="event", event="click", scene=key)
    if event == "template_card_event":
        action = key.removeprefix(VERSION) if key.startswith(VERSION) else ""
        return replace(plain, kind="press", button=action, quoted=word(fields, "TaskId"), addressed=True)
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
    "location": _location,
    "link": _link,
}
