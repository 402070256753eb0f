"""Voices without text become words where the configuration names a recognition; else, or when it fails, a sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.config_file import Speech
from bot.doors import SendFailed
from bot.secret import Secret
from bot.speech import Recogniser, kind
from tests.fakes.aio import running, serving

WORDS = '{"text": " 3号楼路灯坏了 "}'.encode()
AMR = b"#!AMR\n\x04"


class FakeRecognition:
    """A recognition that answers as it is told."""

    def __init__(self, answer: bytes = WORDS, status: int = 200, delay: float = 0) -> None:
        self.answer, self.status, self.delay = answer, status, delay
        self.heard: list[tuple[bytes, str, str]] = []

    def app(self) -> web.Application:
        async def hear(request: web.Request) -> web.Response:
            headers = request.headers
            self.heard.append((await request.read(), headers["Content-Type"], headers.get("Authorization", "")))
            await asyncio.sleep(self.delay)
            return web.Response(body=self.answer, status=self.status)

        app = web.Application()
        app.router.add_post("/hear", hear)
        return app


@asynccontextmanager
async def recogniser(fake: FakeRecognition, seconds: float = 5.0, token: str = "") -> AsyncIterator[Recogniser]:
    async with serving(fake.app()) as base:
        yield Recogniser(Speech(url=f"{base}/hear", token=Secret(token), seconds=seconds))


@running
async def test_a_recording_is_posted_as_it_came_and_comes_back_as_words() -> None:
    fake = FakeRecognition()
    async with recogniser(fake, token="canary") as made:
        assert await made.hear(AMR) == "3号楼路灯坏了"
    assert fake.heard == [(AMR, "audio/amr", "Bearer canary")]


@pytest.mark.parametrize(
    "fake",
    [
        FakeRecognition(status=500),
        FakeRecognition(status=302),
        FakeRecognition(b""),
        FakeRecognition(b"{"),
        FakeRecognition(b"[" * 50_000),
        FakeRecognition(b"[]"),
        FakeRecognition(b'{"text": 1}'),
        FakeRecognition(b'{"result": "x"}'),
        FakeRecognition(delay=5),
    ],
)
@running
async def test_whatever_is_no_answer_is_tried_again(fake: FakeRecognition) -> None:
    async with recogniser(fake, seconds=0.3) as made:
        with pytest.raises(SendFailed) as caught:
            await made.hear(AMR)
        assert not caught.value.permanent


@running
async def test_nothing_and_too_much_are_not_sent() -> None:
    fake = FakeRecognition()
    async with recogniser(fake) as made:
        for recording in (b"", b"x" * (3 << 20)):
            with pytest.raises(SendFailed) as caught:
                await made.hear(recording)
            assert caught.value.permanent
    assert fake.heard == []


@pytest.mark.parametrize(
    ("head", "name"),
    [(b"#!AMR\n", "audio/amr"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"?", "application/octet-stream")],
)
def test_a_recording_is_known_by_how_it_begins(head: bytes, name: str) -> None:
    assert kind(head + b"rest") == name
