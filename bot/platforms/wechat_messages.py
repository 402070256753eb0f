"""Knows every kind of message and event that WeChat delivers, and what each one is as an `Incoming`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from bot.doors import Unreadable
from bot.platforms.gcj import to_wgs84
from handlers.incoming import Incoming, Media
from handlers.raw import RawText

Fields = Mapping[str, Any]

KEY_LENGTH: Final = 160
UNDELIVERED: Final = "undelivered"
"""The event of a template that did not arrive; `quoted` is the reference it was sent with."""

POLE: Final = 90.0
DATE_LINE: Final = 180.0

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_ACTION = re.compile(r"[a-z][a-z_]*:[A-Za-z0-9]*(:\S{1,64})?")


def to_incoming(fields: Fields, account: str) -> Incoming | None:
    """The message in these fields; None for an event that nobody needs. Raises Unreadable."""
    openid = word(fields, "FromUserName")
    if not _OPENID.fullmatch(openid):
        raise Unreadable("FromUserName")
    address = f"wechat:{account}:{openid}"
    plain = Incoming(
        platform="wechat",
        account=account,
        key=_key(fields),
        sender=address,
        chat=address,
        inline=True,
        said_at=_said_at(fields),
    )
    kind = word(fields, "MsgType").lower()
    if kind == "event":
        return _event(plain, fields)
    read = _KINDS.get(kind)
    return read(plain, fields) if read else replace(plain, kind="other")


def word(fields: Fields, name: str) -> str:
    """A field as text, “” when it is missing; a field that came twice or holds other fields is unreadable."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(name)
    return value


def _key(fields: Fields) -> str:
    """What makes a repeat known: MsgId, or sender, second, event and event key (platforms.md 1.5)."""
    number = word(fields, "MsgId")
    if number and word(fields, "MsgType").lower() != "event":
        return number[:KEY_LENGTH]
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey")
    key = ":".join([*(word(fields, name) for name in names), *filter(None, [word(fields, "MsgID")])])
    if len(key) <= KEY_LENGTH:
        return key
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _said_at(fields: Fields) -> datetime:
    try:
        return datetime.fromtimestamp(int(word(fields, "CreateTime")), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("CreateTime") from None


def _text(plain: Incoming, fields: Fields) -> Incoming:
    words, tapped = RawText(word(fields, "Content")), word(fields, "bizmsgmenuid")
    if tapped:
        return replace(plain, kind="press", button=tapped, text=words)
    return replace(plain, kind="text", text=words)


def _image(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="photo", media=(Media("photo", word(fields, "MediaId"), word(fields, "PicUrl")),))


def _voice(plain: Incoming, fields: Fields) -> Incoming:
    heard = RawText(word(fields, "Recognition"))
    return replace(plain, kind="voice", text=heard, media=(Media("voice", word(fields, "MediaId")),))


def _video(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="video", media=(Media("video", word(fields, "MediaId")),))


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
    event, key = word(fields, "Event").lower(), word(fields, "EventKey")
    if event in ("subscribe", "subscribe_scan"):
        return replace(plain, kind="event", event="subscribe", scene=key if event == "subscribe_scan" else "")
    if event == "unsubscribe":
        return replace(plain, kind="event", event="unsubscribe")
    if event == "scan":
        return replace(plain, kind="event", event="scan", scene=key)
    if event == "click":
        if _ACTION.fullmatch(key):
            return replace(plain, kind="press", button=key)
        return replace(plain, kind="event", event="click", scene=key)
    if event == "templatesendjobfinish" and word(fields, "Status").lower() != "success":
        ref = f"template:{plain.account}:{word(fields, 'MsgID')}"
        return replace(plain, kind="event", event=UNDELIVERED, quoted=ref[:KEY_LENGTH], inline=False)
    return None


_KINDS: Final[Mapping[str, Callable[[Incoming, Fields], Incoming]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}
