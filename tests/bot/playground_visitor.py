"""Knows how a test visits the playground over a real socket, with the scripted town behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp import web

from bot.loading import wording
from bot.playground.api import routes
from bot.secret import Secret
from tests.bot.fake_stage import FakeStage
from tests.fakes.aio import serving
from tests.house import ROOT

WORDS = wording(ROOT / "handlers" / "wording").sentences
OURS = {"X-Playground": "1"}
JPEG = b"\xff\xd8\xff\xe0" + bytes(100)


class Visitor:
    """A browser without a page: asks the playground and keeps what it answered."""

    def __init__(self, base: str, session: aiohttp.ClientSession, stage: FakeStage) -> None:
        self.base = base
        self.session = session
        self.stage = stage

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.base + path, headers=headers) as response:
            return response.status, await response.json()

    async def post(self, path: str, body: Any, headers: Mapping[str, str] = OURS) -> tuple[int, Any]:
        async with self.session.post(f"{self.base}/playground/api/{path}", json=body, headers=headers) as response:
            return response.status, await response.json()

    async def send(self, data: bytes | None, **fields: str) -> tuple[int, Any]:
        form = aiohttp.FormData(default_to_multipart=True)
        for key, value in fields.items():
            form.add_field(key, value)
        if data is not None:
            form.add_field("photo", BytesIO(data), filename="a.jpg", content_type="image/jpeg")
        address = f"{self.base}/playground/api/photo"
        async with self.session.post(address, data=form, headers=OURS) as response:
            return response.status, await response.json()

    async def view(self, *who: str) -> dict[str, Any]:
        query = "&".join(f"who={one}" for one in who)
        _, view = await self.get(f"/playground/api/view?{query}")
        return dict(view)


@asynccontextmanager
async def visiting(password: str = "") -> AsyncIterator[Visitor]:
    stage = FakeStage()
    app = web.Application()
    app.add_routes(routes(stage, WORDS, Secret(password)))
    async with serving(app) as base, aiohttp.ClientSession() as session:
        yield Visitor(base, session, stage)
