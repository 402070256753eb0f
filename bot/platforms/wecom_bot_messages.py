"""Knows every kind of message and event of a WeCom 智能机器人, and what each one is as an `Incoming`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.doors import Unreadable
from handlers.incoming import Incoming, Kind, Media
from handlers.raw import RawText

Fields = Mapping[str, Any]

PLATFORM: Final = "wecom-bot"
MEMBER: Final = "wecom::"
"""A member is the same person here and in the application: one address for both (decision 0052)."""
LANES: Final = f"{PLATFORM}::"
LONGEST_KEY: Final = 160

_USERID = re.compile(r"[0-9A-Za-z_.@-]{1,64}")
_CHATID = re.compile(r"[^\s:\x00-\x1f\ud800-\udfff]{1,128}")
_CALL = re.compile("@[^\\s\u2005]{1,64}[\\s\u2005]*")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]\d{4,9}(?!\d)")
_KINDS: Final[Mapping[str, Kind]] = {
    "text": "text",
    "mixed": "text",
    "voice": "voice",
    "image": "photo",
    "file": "file",
    "video": "video",
}
_SPOKEN: Final = ("text", "voice")
_PARTS: Final = ("text", "image")


class BotReader:
    """Reads the messages of one bot. `name` is the bot's, as members write it behind the @."""

    def __init__(self, name: str = "") -> None:
        self._call = re.compile(f"@{re.escape(name)}[\\s\u2005]*") if name else _CALL

    def read(self, fields: Fields, now: datetime, *, inline: bool = False) -> Incoming | None:
        """The message in these fields; None for one that nobody needs. Raises Unreadable.

        `inline`: its answer can go back with the delivery; that of a pressed button never can.
        """
        plain, kind = replace(_plain(fields, now), inline=inline), word(fields, "msgtype")
        if kind == "event":
            return _event(plain, part(fields, "event"))
        if kind == "stream":
            return None
        if kind not in _KINDS:
            return replace(plain, kind="other")
        items = _items(fields, kind)
        said = "\n".join(word(held, "content") for one, held in items if one in _SPOKEN)
        media = tuple(_medium(one, held) for one, held in items if one not in _SPOKEN)
        found: Kind = "photo" if kind == "mixed" and media else _KINDS[kind]
        words = RawText(self._uncalled(said) if plain.group else said)
        return replace(plain, kind=found, text=words, media=media, quoted=_quoted(fields))

    def _uncalled(self, said: str) -> str:
        """The words without the bot's own name at their head."""
        bare = said.lstrip()
        found = self._call.match(bare)
        return bare[found.end() :] if found else said


def word(fields: Fields, name: str) -> str:
    """A field as text, “” when it is missing; anything but text is unreadable."""
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise Unreadable(name)
    return value


def part(fields: Fields, name: str) -> Fields:
    """A field that holds fields. Raises Unreadable."""
    value = fields.get(name)
    if not isinstance(value, dict):
        raise Unreadable(name)
    return value


def _plain(fields: Fields, now: datetime) -> Incoming:
    key, user, chat = word(fields, "msgid"), word(part(fields, "from"), "userid"), word(fields, "chatid")
    group = word(fields, "chattype") == "group"
    if not 0 < len(key) <= LONGEST_KEY:
        raise Unreadable("msgid")
    if not _USERID.fullmatch(user):
        raise Unreadable("userid")
    if group and not _CHATID.fullmatch(chat):
        raise Unreadable("chatid")
    return Incoming(
        platform=PLATFORM,
        key=key,
        sender=MEMBER + user.lower(),
        chat=LANES + (chat if group else user.lower()),
        group=group,
        addressed=group,
        way=word(fields, "response_url"),
        said_at=_said_at(fields, now),
    )


def _said_at(fields: Fields, now: datetime) -> datetime:
    """When it was said: only events tell."""
    stamp = fields.get("create_time")
    if stamp is None:
        return now
    if not isinstance(stamp, int):
        raise Unreadable("create_time")
    try:
        return datetime.fromtimestamp(stamp, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unreadable("create_time") from None


def _items(fields: Fields, kind: str) -> list[tuple[str, Fields]]:
    """The parts of a message with their kinds: one, but for words and pictures mixed. Unknown parts are left out."""
    if kind != "mixed":
        return [(kind, part(fields, kind))]
    items = part(fields, kind).get("msg_item")
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Unreadable("msg_item")
    return [(one, part(item, one)) for item in items if (one := word(item, "msgtype")) in _PARTS]


def _medium(kind: str, fields: Fields) -> Media:
    """A medium by its key and address. The address is good for some minutes; who fetches it needs no more than this."""
    return Media(_KINDS[kind], f"{LANES}{word(fields, 'aeskey')}|{word(fields, 'url')}")


def _quoted(fields: Fields) -> str:
    """The number of the case that the quoted words name: which message it is, the platform does not tell."""
    quote = fields.get("quote")
    if not isinstance(quote, dict):
        return ""
    found = dict.fromkeys(number.upper() for text in _texts(quote) for number in _NUMBER.findall(text))
    return next(iter(found)) if len(found) == 1 else ""


def _texts(quote: Fields) -> list[str]:
    """The words in a quoted message, whatever its kind."""
    mixed = quote.get("mixed")
    items = mixed.get("msg_item") if isinstance(mixed, dict) else None
    parts = [quote, *(item for item in items if isinstance(item, dict))] if isinstance(items, list) else [quote]
    held = [one.get(name) for one in parts for name in ("text", "markdown", "voice")]
    return [one["content"] for one in held if isinstance(one, dict) and isinstance(one.get("content"), str)]


def _event(plain: Incoming, fields: Fields) -> Incoming | None:
    kind = word(fields, "eventtype")
    if kind == "enter_chat":
        return replace(plain, kind="event", event="enter")
    if kind != "template_card_event":
        return None
    pressed = part(fields, kind)
    return replace(
        plain, kind="press", mark=word(pressed, "event_key"), quoted=word(pressed, "task_id"), addressed=True,
        inline=False,
    )  # fmt: skip
