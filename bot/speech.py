"""Knows how a recording becomes words: it is posted to the recognition that the configuration names."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

import aiohttp

from bot.config_file import Speech
from bot.doors import SendFailed

LARGEST: Final = 2 << 20
ANSWER: Final = 64 << 10
LONGEST: Final = 2000
KINDS: Final = (
    (b"#!AMR", "audio/amr"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"RIFF", "audio/wav"),
    (b"\x1aE\xdf\xa3", "audio/webm"),
)
"""How recordings begin; what begins otherwise is sent as bytes."""


class Recogniser:
    """One recognition service. Neither recordings nor words get into exceptions."""

    def __init__(self, config: Speech) -> None:
        self._url = config.url
        self._timeout = aiohttp.ClientTimeout(total=config.seconds)
        token = config.token.reveal()
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def hear(self, recording: bytes) -> str:
        """The words of a recording, “” where none were understood. Raises SendFailed."""
        if not recording or len(recording) > LARGEST:
            raise SendFailed("a recording of no bytes, or of too many", permanent=True)
        headers = {**self._headers, "Content-Type": kind(recording)}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
                session.post(self._url, data=recording, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status != HTTPStatus.OK:
                    raise SendFailed(f"HTTP {answer.status}")
                return words(await answer.content.read(ANSWER))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise SendFailed(type(error).__name__) from None


def kind(recording: bytes) -> str:
    """What a recording is, by how it begins."""
    return next((name for head, name in KINDS if recording.startswith(head)), "application/octet-stream")


def words(body: bytes) -> str:
    """The words in an answer. Raises SendFailed when it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise SendFailed("the answer is no JSON") from None
    text = found.get("text") if isinstance(found, dict) else None
    if not isinstance(text, str):
        raise SendFailed("the answer has no text")
    return text.strip()[:LONGEST]
