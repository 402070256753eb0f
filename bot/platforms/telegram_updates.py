"""Knows every kind of update that Telegram delivers, and what each one is as an `Incoming`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any, Final

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User

from bot.doors import Unreadable
from handlers.incoming import Incoming, Kind, Media
from handlers.raw import RawText

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""The updates we ask Telegram for; of the others we want nothing."""
POLE: Final = 90.0
DATE_LINE: Final = 180.0

_BROKEN: Final = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, OSError, RecursionError)
_CALLS: Final = (MessageEntity.MENTION, MessageEntity.TEXT_MENTION, MessageEntity.BOT_COMMAND)
_FILES: Final = {
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "file",
}
_AS_KIND: Final[Mapping[str, Kind]] = {"photo": "photo", "voice": "voice", "video": "video", "file": "file"}
_HERE: Final = frozenset({"member", "administrator", "creator"})
_GROUP_LINK: Final = re.compile(r"group_[A-Za-z0-9-]{1,40}_(work|residents|department)")
_SERVICE: Final = (
    "new_chat_",
    "left_chat_",
    "delete_chat_",
    "group_chat_",
    "supergroup_chat_",
    "channel_chat_",
    "chat_",
    "message_auto_delete",
    "migrate_from",
    "pinned_",
    "forum_topic_",
    "general_forum_",
    "video_chat_",
    "write_access_",
    "connected_website",
    "users_shared",
    "boost_added",
    "giveaway",
)


class Reader:
    """Reads updates for one bot. Its id stands in its token; its name comes from getMe, later than the first update."""

    def __init__(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self.username = ""
        self.hears_all = True

    def read(self, document: object, now: datetime) -> Incoming | None:
        """The message in an update; None for one that nobody needs. Raises Unreadable."""
        try:
            if not isinstance(document, dict) or not isinstance(document["update_id"], int):
                raise Unreadable("update_id")
            return self._incoming(Update.de_json(document, None), document, now)
        except _BROKEN as error:
            raise Unreadable(type(error).__name__) from None

    def _incoming(self, update: Update, document: Mapping[str, Any], now: datetime) -> Incoming | None:
        key = str(update.update_id)
        if update.callback_query is not None:
            return self._press(update.callback_query, key, now)
        if update.my_chat_member is not None:
            return self._membership(update.my_chat_member, key)
        if update.edited_message is not None:
            message, raw = update.edited_message, document["edited_message"]
            return None if message.location else self._message(message, raw, key, edited=True)
        if update.message is not None:
            return self._message(update.message, document["message"], key, edited=False)
        return None

    def _press(self, query: CallbackQuery, key: str, now: datetime) -> Incoming | None:
        """A pressed button, by what it brought back."""
        if query.message is None:
            return None
        return replace(
            _plain(key, query.from_user, query.message.chat, now),
            kind="press",
            mark=query.data or "",
            quoted=str(query.message.message_id),
            addressed=True,
        )

    def _message(self, message: Message, raw: Mapping[str, Any], key: str, *, edited: bool) -> Incoming | None:
        said_at = (edited and message.edit_date) or message.date
        if message.migrate_to_chat_id is not None:
            sender = message.from_user or User(id=message.chat.id, first_name="", is_bot=False)
            moved = _plain(key, sender, message.chat, said_at)
            return replace(moved, kind="event", event="migrated", scene=str(message.migrate_to_chat_id))
        if message.from_user is None or message.from_user.is_bot:
            return None
        plain = replace(_plain(key, message.from_user, message.chat, said_at), edited=edited)
        quoted = _quoted(message)
        if quoted is not None:
            plain = replace(plain, quoted=str(quoted.message_id))
        words, called = self._words(message)
        answered = quoted is not None and quoted.from_user is not None and quoted.from_user.id == self._bot_id
        plain = replace(plain, text=RawText(words), addressed=plain.group and (called or answered))
        return _content(plain, message, raw)

    def _words(self, message: Message) -> tuple[str, bool]:
        """Text or caption, without the bot's own name at its head or in a command, and whether it was called."""
        if message.text:
            text, found = message.text, message.parse_entities(list(_CALLS))
        elif message.caption:
            text, found = message.caption, message.parse_caption_entities(list(_CALLS))
        else:
            return "", False
        mine = {said for entity, said in found.items() if self._is_me(entity, said)}
        for said in mine:
            command = said.partition("@")[0]
            text = text.replace(said, command, 1) if command.startswith("/") else text.removeprefix(said).strip()
        return text, bool(mine)

    def _membership(self, change: ChatMemberUpdated, key: str) -> Incoming | None:
        """The bot came into a group (scene “deaf” when it hears commands only there) or left it; or was blocked."""
        found = _membership(change, key)
        deaf = change.new_chat_member.status == "member" and not self.hears_all
        return replace(found, scene="deaf") if found is not None and found.event == "joined" and deaf else found

    def _is_me(self, entity: MessageEntity, said: str) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == self._bot_id
        name = said.partition("@")[2].lower()
        return bool(name) and name == self.username.lower()


def _plain(key: str, sender: User, chat: Chat, said_at: datetime) -> Incoming:
    """Who says something where; the library takes anything for an id. Raises Unreadable."""
    if not all(type(one) is int for one in (sender.id, chat.id)):
        raise Unreadable("id")
    return Incoming(
        platform="telegram",
        key=key,
        sender=f"telegram::{sender.id}",
        chat=f"telegram::{chat.id}",
        group=chat.type != Chat.PRIVATE,
        must_begin=chat.type != Chat.PRIVATE,
        said_at=said_at,
    )


def _quoted(message: Message) -> Message | None:
    """The message this one answers; in a topic every message seems to answer the topic's first."""
    quoted = message.reply_to_message
    return None if quoted is None or quoted.forum_topic_created else quoted


def _content(plain: Incoming, message: Message, raw: Mapping[str, Any]) -> Incoming | None:
    """The message by what is in it; None for the service messages of a chat."""
    if message.text:
        return _spoken(plain)
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return _with_file(plain, message, "photo", largest.file_id)
    for name, kind in _FILES.items():
        file = getattr(message, name)
        if file is not None:
            picture = name == "document" and (file.mime_type or "").startswith("image/")
            return _with_file(plain, message, "photo" if picture else kind, file.file_id)
    if message.sticker is not None:
        return replace(plain, kind="sticker", text=RawText(message.sticker.emoji or ""))
    if message.location is not None:
        return _place(plain, message)
    if message.contact is not None:
        parts = (message.contact.first_name, message.contact.last_name, message.contact.phone_number)
        return replace(plain, kind="text", text=RawText(" ".join(part for part in parts if part)))
    if any(name.startswith(_SERVICE) for name in raw) or (plain.group and not plain.addressed):
        return None
    return replace(plain, kind="other")


def _spoken(plain: Incoming) -> Incoming:
    """Words; a `/start` in private is how people arrive, perhaps with the scene of a deep link.

    In a group it is how a link brings the bot there (`?startgroup=`), and says whose group it is.
    """
    command, _, scene = plain.text.reveal().partition(" ")
    if command == "/start" and plain.group and plain.addressed and _GROUP_LINK.fullmatch(scene.strip()):
        return replace(plain, kind="event", event="scan", scene=scene.strip(), text=RawText())
    if command == "/start" and not plain.group and not plain.edited:
        return replace(plain, kind="event", event="subscribe", scene=scene.strip(), text=RawText())
    return replace(plain, kind="text")


def _with_file(plain: Incoming, message: Message, kind: str, file_id: str) -> Incoming:
    """A picture, recording or file; those of one album share a scene `album:<id>`."""
    album = f"album:{message.media_group_id}" if message.media_group_id else ""
    return replace(plain, kind=_AS_KIND[kind], media=(Media(kind, file_id),), scene=album)


def _place(plain: Incoming, message: Message) -> Incoming:
    point, venue = message.location, message.venue
    if point is None or not (isfinite(point.latitude) and isfinite(point.longitude)):
        raise Unreadable("location")
    if abs(point.latitude) > POLE or abs(point.longitude) > DATE_LINE:
        raise Unreadable("location")
    name = f"{venue.title} {venue.address}" if venue is not None else ""
    return replace(plain, kind="location", location=(point.latitude, point.longitude), text=RawText(name))


def _membership(change: ChatMemberUpdated, key: str) -> Incoming | None:
    """The bot came into a group or left it (`joined`, `left`); in private: was blocked (`unsubscribe`)."""
    plain = _plain(key, change.from_user, change.chat, change.date)
    was, here = change.old_chat_member.status in _HERE, change.new_chat_member.status in _HERE
    if was == here:
        return None
    if plain.group:
        return replace(plain, kind="event", event="joined" if here else "left")
    return None if here else replace(plain, kind="event", event="unsubscribe")
