"""Knows the fields of a message that WeChat and WeCom write alike: words, moments, places, links, menu clicks, keys."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from bot.doors import Unreadable
from bot.platforms.gcj import to_wgs84
from handlers.incoming import Incoming
from handlers.raw import RawText

Fields = Mapping[str, Any]

KEY_LENGTH: Final = 160
POLE: Final = 90.0
DATE_LINE: Final = 180.0

_ACTION = re.compile(r"[a-z][a-z_]*:[A-Za-z0-9]*(:\S{1,64})?")


def word(fields: Fields, name: str) -> str:
    """A field as text, “” when it is missing; a field that came twice or holds other fields is unreadable."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(name)
    return value


def key_of(fields: Fields, *rest: str) -> str:
    """What makes a repeat known: MsgId; of an event who, when, what and the `rest`, hashed where that is long."""
    number = word(fields, "MsgId")
    if number and word(fields, "MsgType").lower() != "event":
        return number[:KEY_LENGTH]
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey")
    key = ":".join([*(word(fields, name) for name in names), *rest])
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def said_at(fields: Fields) -> datetime:
    """When it was said. Raises Unreadable."""
    try:
        return datetime.fromtimestamp(int(word(fields, "CreateTime")), UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("CreateTime") from None


def location(plain: Incoming, fields: Fields) -> Incoming:
    """A place that was sent, as WGS-84. Raises Unreadable for what is none."""
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


def link(plain: Incoming, fields: Fields) -> Incoming:
    """A link that was sent, with what it is called."""
    lines = (word(fields, name) for name in ("Title", "Description", "Url"))
    return replace(plain, kind="link", text=RawText("\n".join(line for line in lines if line)))


def menu(plain: Incoming, key: str) -> Incoming:
    """A click on the menu: one of our commands, or a key that the menu of the configuration names."""
    if _ACTION.fullmatch(key):
        return replace(plain, kind="press", button=key)
    return replace(plain, kind="event", event="click", scene=key)
