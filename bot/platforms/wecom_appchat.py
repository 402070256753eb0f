"""Knows the group chats that the application has made (appchat): the bot speaks there and hears nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Final

from bot.doors import Abilities, Hook, SendFailed
from bot.platforms.parts import Photos, Progress, load, split_bytes
from bot.platforms.wecom_api import WecomApi
from bot.platforms.wecom_cards import TEXT_BYTES, typed
from storage.values import Outgoing

PREFIX: Final = "wecom-appchat::"
SEND: Final = "/cgi-bin/appchat/send"


class AppChats:
    """All chats of the application. Words only: what a card would offer as buttons stands below as it is typed."""

    lane_prefix = PREFIX
    hooks: tuple[Hook, ...] = ()

    def __init__(self, api: WecomApi, *, photos: Photos) -> None:
        self.abilities = Abilities(length=TEXT_BYTES, per_second=1.0)
        self._api = api
        self._photos = photos
        self._progress = Progress()

    async def start(self) -> None:
        """Ready to send; no network yet."""
        await self._api.start()

    async def stop(self) -> None:
        """Close the connections, when nobody else needs them."""
        await self._api.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """Send the words, in several messages where they are long, then the photos. No reference is given."""
        chat = letter.chat.removeprefix(PREFIX)
        images = [await self._api.upload_image(photo) for photo in await load(self._photos, letter.photos)]
        messages: list[dict[str, object]] = [
            {"msgtype": "text", "text": {"content": piece}} for piece in split_bytes(typed(letter), TEXT_BYTES)
        ]
        messages += [{"msgtype": "image", "image": {"media_id": image}} for image in images]
        parts: list[Callable[[], Awaitable[str]]] = [partial(self._post, chat, message) for message in messages]
        await self._progress.send(letter.id, parts)
        return ""

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """Nothing ever comes from there."""
        raise SendFailed("nothing comes from these chats", permanent=True)

    async def _post(self, chat: str, message: Mapping[str, object]) -> str:
        await self._api.post(SEND, {"chatid": chat, **message})
        return ""
