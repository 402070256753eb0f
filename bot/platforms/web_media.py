"""Knows pictures and recordings of the website widget: what a page sends lies here until an errand fetches it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.config_platforms import WebConfig
from bot.doors import SendFailed
from bot.media import MediaRefused, Shelf, sniff
from bot.platforms.parts import Photos
from bot.platforms.web_hook import Pace, Visitors
from handlers.ports import Clock
from handlers.wording import Wording
from storage.values import Outgoing

PICTURES: Final = frozenset({"jpg", "png", "gif", "webp", "bmp"})
RECORDINGS: Final = frozenset({"amr", "silk", "ogg", "mp3", "wav", "mp4", "webm"})
RECORDING_BYTES: Final = 2 << 20
PATIENCE_BYTES: Final = 64 << 20
SECONDS: Final = 60.0
AT_ONCE: Final = 4
"""So many bodies are read side by side, and so many pictures decoded: each may take some ten megabytes."""
LIFE: Final = 24 * 3600.0
"""A day is longer than any errand tries."""
SWEEP: Final = 600.0
MOST: Final = 2000
"""So many files may lie here: who fills the disk with pictures of nothing is refused, words still pass."""

_WHERE: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{2,4}")
_log = logging.getLogger(__name__)


class Refused(Exception):
    """This is not taken: the HTTP status, and the key of the sentence that says why."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


@dataclass(frozen=True, slots=True)
class Given:
    """What the media of a site stand on: a folder for what was just sent, stored photos by their id, words, time."""

    folder: Path
    photos: Photos
    wording: Wording
    clock: Clock


class WebMedia:
    """The media of one site. Pictures are made harmless before they lie anywhere; nothing keeps the file's own name."""

    def __init__(self, config: WebConfig, given: Given, steady: Callable[[], float]) -> None:
        self._shelf, self._photos, self._wording = Shelf(given.folder), given.photos, given.wording
        self._largest = config.upload_mb << 20
        self._visitors = Visitors(config.account, config.secret)
        self._each = Pace(config.per_minute, steady)
        self._all = Pace(config.visitors_per_minute, steady)
        self._room = asyncio.Semaphore(AT_ONCE)
        self._clock = given.clock
        self._lying = 0
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Forget what has lain here for a day, now and every ten minutes."""
        self._sweeping = asyncio.create_task(self._sweep(), name="web-media")

    async def stop(self) -> None:
        """Sweep no more."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)

    async def take(self, request: web.Request, visitor: str) -> web.Response:
        """Keep what a page sends, and tell by which reference its message may name it; or say why not."""
        try:
            if self._lying >= MOST or not (self._each.takes(visitor) and self._all.takes("")) or self._room.locked():
                raise Refused(429, "web.upload.busy")
            async with self._room:
                name, kind = await self._kept(await self._body(request))
        except Refused as no:
            told = {"told": self._wording.say(no.key, most=self._largest >> 20)}
            return web.json_response(told, status=no.status)
        return web.json_response({"ref": self._visitors.upload(visitor, name), "kind": kind})

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """What a visitor has sent. Raises SendFailed."""
        found = _WHERE.match(facts.get("ref", ""))
        try:
            return await self._shelf.read(found[0] if found else "")
        except OSError:
            raise SendFailed("it lies here no longer", permanent=True) from None

    async def photo(self, letter: Outgoing, n: int) -> bytes | None:
        """The `n`th photo of a letter; None where there is none any more."""
        if n >= len(letter.photos):
            return None
        try:
            return await self._photos(letter.photos[n])
        except OSError:
            return None

    async def _body(self, request: web.Request) -> bytes:
        """The file. One too large is read to its end, and forgotten: a browser listens only after it has spoken."""
        body, size = bytearray(), 0
        try:
            async with asyncio.timeout(SECONDS):
                async for chunk in request.content.iter_any():
                    size += len(chunk)
                    if size > PATIENCE_BYTES:
                        raise Refused(413, "web.upload.large")
                    if size <= self._largest:
                        body += chunk
        except (TimeoutError, web.RequestPayloadError):
            raise Refused(408, "web.upload.slow") from None
        if size > self._largest:
            raise Refused(413, "web.upload.large")
        return bytes(body)

    async def _kept(self, body: bytes) -> tuple[str, str]:
        """Where it lies now, and what it is: by its first bytes, whatever the page says."""
        try:
            found = sniff(body)
            kind = "photo" if found in PICTURES else "voice" if found in RECORDINGS else ""
            if not kind:
                raise Refused(415, "web.upload.kind")
            if kind == "voice" and len(body) > RECORDING_BYTES:
                raise Refused(413, "web.upload.long")
            name = await self._shelf.save(body)
        except MediaRefused:
            raise Refused(415, "web.upload.kind") from None
        self._lying += 1
        return name, kind

    async def _sweep(self) -> None:
        while True:
            try:
                self._lying = await self._shelf.sweep(self._clock.now().timestamp() - LIFE)
            except OSError as error:
                _log.warning("what pages have sent could not be looked through: %s", type(error).__name__)
            await asyncio.sleep(SWEEP)
