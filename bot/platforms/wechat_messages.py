"""Knows every kind of message and event that WeChat delivers, and what each one is as an `Incoming`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.doors import Unreadable
from bot.platforms.wechat_fields import KEY_LENGTH, Fields, key_of, link, location, menu, said_at, word
from handlers.incoming import Incoming, Media
from handlers.raw import RawText

UNDELIVERED: Final = "undelivered"
"""The event of a template that did not arrive; `quoted` is the reference it was sent with."""


_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")


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
        said_at=said_at(fields),
    )
    kind = word(fields, "MsgType").lower()
    if kind == "event":
        return _event(plain, fields)
    read = _KINDS.get(kind)
    return read(plain, fields) if read else replace(plain, kind="other")


def _key(fields: Fields) -> str:
    """What makes a repeat known: MsgId, or sender, second, event and event key (platforms.md 1.5)."""
    return key_of(fields, *filter(None, [word(fields, "MsgID")]))


def _text(plain: Incoming, fields: Fields) -> Incoming:
    words, tapped = RawText(word(fields, "Content")), word(fields, "bizmsgmenuid")
    if tapped:
        return replace(plain, kind="press", mark=tapped, text=words)
    return replace(plain, kind="text", text=words)


def _image(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="photo", media=(Media("photo", word(fields, "MediaId"), word(fields, "PicUrl")),))


def _voice(plain: Incoming, fields: Fields) -> Incoming:
    heard = RawText(word(fields, "Recognition"))
    return replace(plain, kind="voice", text=heard, media=(Media("voice", word(fields, "MediaId")),))


def _video(plain: Incoming, fields: Fields) -> Incoming:
    return replace(plain, kind="video", media=(Media("video", word(fields, "MediaId")),))


def _event(plain: Incoming, fields: Fields) -> Incoming | None:
    event, key = word(fields, "Event").lower(), word(fields, "EventKey")
    if event in ("subscribe", "subscribe_scan"):
        return replace(plain, kind="event", event="subscribe", scene=key if event == "subscribe_scan" else "")
    if event == "unsubscribe":
        return replace(plain, kind="event", event="unsubscribe")
    if event == "scan":
        return replace(plain, kind="event", event="scan", scene=key)
    if event == "click":
        return menu(plain, key)
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
    "location": location,
    "link": link,
}
