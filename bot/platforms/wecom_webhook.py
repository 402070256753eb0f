"""Knows WeCom's group webhooks (消息推送): words go into a group, twenty a minute by a key, and nothing comes back."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import aiohttp

from bot.config_platforms import WecomConfig
from bot.doors import Abilities, Hook, SendFailed
from bot.media import MediaRefused, smaller
from bot.platforms.chat_pace import MINUTE, moments
from bot.platforms.parts import Photos, Progress, load
from bot.platforms.wechat_api import MEDIA_TOTAL
from bot.platforms.wechat_transport import CONNECT, ApiError, Transport
from bot.platforms.wecom_webhook_words import TEXT_BYTES, Instead, asks, documents
from bot.secret import Secret
from storage.values import Charge, Outgoing

PREFIX: Final = "wecom-webhook::"
SEND: Final = "/cgi-bin/webhook/send"
IMAGE_BYTES: Final = 2 << 20
THROTTLED: Final = 65.0
"""Seconds for which a key rests that WeCom has refused for its number of messages."""
ASIDE: Final = 600.0
"""Seconds for which a key that no longer reaches its group comes after the others of its name."""

FULL: Final = frozenset({45009})
GONE: Final = frozenset({93000, 93004, 93008})
AGAIN: Final[Mapping[int, float | None]] = {-1: None, 6000: None, 45011: MINUTE, 45033: MINUTE}
"""Codes after which the same message may go later; with the seconds to wait where they are known."""

_LONG: Final = aiohttp.ClientTimeout(total=MEDIA_TOTAL, sock_connect=CONNECT)
_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
_log = logging.getLogger(__name__)

Meant = Callable[[str], Awaitable[Sequence[str]]]
"""The members of WeCom (userids) who are asked to take a case, by its number."""


async def nobody(case: str) -> Sequence[str]:
    """Where it is not known who of WeCom is meant."""
    return ()


@dataclass(slots=True)
class Key:
    """One key of a group, and when it was used in the last minute."""

    secret: Secret
    sent: deque[float] = field(default_factory=deque)
    rests_until: float = 0.0
    aside_until: float = 0.0

    def free_at(self, now: float, per_minute: int, others: Sequence[float]) -> float:
        """When it may be used next. With which key `others` have sent is not known, so that each key is charged."""
        while self.sent and self.sent[0] <= now - MINUTE:
            self.sent.popleft()
        sent = sorted((*self.sent, *others)) if others else self.sent
        room = max(sent[-per_minute] + MINUTE, now) if len(sent) >= per_minute else now
        return max(room, self.rests_until)


class Ring:
    """The keys of one group: each message takes the one that was used least, for all share the load."""

    def __init__(self, secrets: Iterable[Secret], per_minute: int) -> None:
        self.keys = [Key(secret) for secret in secrets]
        self._per_minute = per_minute

    def take(self, now: float, tried: Sequence[Key], others: Sequence[float] = ()) -> Key | None:
        """A key that has room and was not tried, those that failed lately last; it counts as used."""
        free = [key for key in self.keys if key not in tried and key.free_at(now, self._per_minute, others) <= now]
        best = min(free, key=lambda key: (key.aside_until > now, len(key.sent)), default=None)
        if best is not None:
            best.sent.append(now)
        return best

    def wait(self, now: float, tried: Sequence[Key], others: Sequence[float] = ()) -> float | None:
        """Seconds until a key has room again; None when all were tried and none reaches its group."""
        waiting = [key.free_at(now, self._per_minute, others) - now for key in self.keys if key not in tried]
        return max(min(waiting), 1.0) if waiting else None


@dataclass(frozen=True, slots=True)
class Shared(Abilities):
    """What webhooks can do: a group with several keys is written to so many times as often."""

    keys: Mapping[str, int] = field(default_factory=dict)

    def pace(self, chat: str) -> float:
        """Seconds to leave between two letters into this group."""
        return 1.0 / (self.per_second * max(self.keys.get(chat.removeprefix(PREFIX), 1), 1))


class WecomWebhook:
    """All group webhooks of the configuration. `meant` tells whom a card calls; `monotonic` counts the minutes."""

    lane_prefix = PREFIX
    hooks: tuple[Hook, ...] = ()

    def __init__(
        self,
        config: WecomConfig,
        *,
        photos: Photos,
        instead: Instead,
        meant: Meant = nobody,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        per_minute = config.webhook_per_minute
        given = {name: [key for key in keys if key] for name, keys in config.webhooks.items()}
        self._rings = {name: Ring(keys, per_minute) for name, keys in given.items() if keys}
        counts = {name: len(ring.keys) for name, ring in self._rings.items()}
        self.abilities: Abilities = Shared(length=TEXT_BYTES, per_second=per_minute / MINUTE, keys=counts)
        self._transport = Transport(config.api_base)
        self._markdown = config.webhook_markdown
        self._photos = photos
        self._instead = instead
        self._meant = meant
        self._now = monotonic
        self._progress = Progress()

    async def start(self) -> None:
        """Ready to send; no network yet."""
        await self._transport.start()

    async def stop(self) -> None:
        """Close the connections."""
        await self._transport.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """Send the words, then the photos. WeCom gives no reference, so nothing is edited here. Raises SendFailed."""
        name = letter.chat.removeprefix(PREFIX)
        if name not in self._rings:
            raise SendFailed("no webhook key for this group", permanent=True)
        meant = await self._meant(letter.case) if letter.case and asks(letter) else ()
        messages = documents(letter, self._instead, meant, markdown=self._markdown)
        for photo in await load(self._photos, letter.photos):
            messages += await _image(photo)
        await self._progress.send(letter.id, [partial(self._post, letter, name, message) for message in messages])
        return ""

    def charge(self, letter: Outgoing) -> Charge | None:
        """The messages of a letter into its group; a card may turn out too long for markdown."""
        said = documents(letter, self._instead, (), markdown=False)
        return Charge(messages=len(said) + len(letter.photos), seconds=MINUTE)

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """Nothing comes in here, so there is nothing to fetch."""
        raise SendFailed("webhooks bring nothing", permanent=True)

    async def _post(self, letter: Outgoing, name: str, message: Mapping[str, object]) -> str:
        """One message by one of the keys of this group; another key where one is full or gone."""
        ring, tried, last = self._rings[name], list[Key](), 0
        body = json.dumps(message, ensure_ascii=False).encode()
        patience = {"timeout": _LONG} if message["msgtype"] == "image" else {}
        while (key := ring.take(self._now(), tried, moments(letter.elsewhere, self._now()))) is not None:
            try:
                query = {"key": key.secret.reveal()}
                await self._transport.json("POST", SEND, query, data=io.BytesIO(body), headers=_JSON, **patience)
                key.aside_until = 0.0
                return ""
            except ApiError as error:
                last = error.code
                if last in FULL:
                    key.rests_until = self._now() + THROTTLED
                    continue
                if last not in GONE:
                    raise _failure(last) from None
                tried.append(key)
                key.aside_until = self._now() + ASIDE
                _log.warning("webhook %s: key %d: errcode %d", name, ring.keys.index(key) + 1, last)
        wait = ring.wait(self._now(), tried, moments(letter.elsewhere, self._now()))
        raise SendFailed(f"errcode {last}" if last else "its minute is full", permanent=wait is None, retry_after=wait)


def _failure(code: int) -> SendFailed:
    """What an errcode means that no other key of the group would change."""
    return SendFailed(f"errcode {code}", permanent=code not in AGAIN, retry_after=AGAIN.get(code))


async def _image(photo: bytes) -> list[dict[str, object]]:
    """A picture as a message, made smaller where it has to be; none where it cannot be shown."""
    try:
        data = await asyncio.to_thread(smaller, photo, IMAGE_BYTES)
    except MediaRefused as error:
        _log.warning("a photo was left out: %s", error)
        return []
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return [{"msgtype": "image", "image": {"base64": base64.b64encode(data).decode(), "md5": digest}}]
