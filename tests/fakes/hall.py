"""Knows the page on which people use the fakes by hand: every booth with its rooms, one clock, one bot behind them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.by_hand import Booth, HandClock, Line, Room

PAGE = Path(__file__).with_name("hall.html")
LONGEST = 2000
MOVES = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}


class Hall:
    """All booths around one bot, which may be down."""

    def __init__(self, booths: Sequence[Booth], clock: HandClock, bot: str) -> None:
        self.booths = booths
        self.clock = clock
        self.bot = bot
        self._turn = asyncio.Lock()

    def app(self) -> web.Application:
        """The page and what its script asks for."""
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/state", self._state)
        app.router.add_get("/picture/{booth}/{room}/{line}", self._picture)
        for name, handle in (("say", self._say), ("act", self._act), ("press", self._press), ("clock", self._move)):
            app.router.add_post(f"/{name}", handle)
        return app

    async def state(self) -> dict[str, Any]:
        """Everything the page shows."""
        for booth in self.booths:
            booth.look()
        now = datetime.fromtimestamp(self.clock.now(), UTC).astimezone()
        return {
            "clock": f"{now:%Y-%m-%d %H:%M:%S}", "moved": self.clock.moved, "bot": self.bot, "up": await self._up(),
            "booths": [
                {"name": booth.name, "rooms": [_shown(b, r, room) for r, room in enumerate(booth.rooms)]}
                for b, booth in enumerate(self.booths)
            ],
        }  # fmt: skip

    async def _up(self) -> bool:
        try:
            timeout = aiohttp.ClientTimeout(total=1)
            async with aiohttp.request("GET", f"{self.bot}/health/ready", timeout=timeout) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    async def _state(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(await self.state())

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        where = request.match_info
        _, room = self._room(where["booth"], where["room"])
        return web.Response(body=room.lines[int(where["line"])].picture, content_type="image/jpeg")

    async def _say(self, request: web.Request) -> web.StreamResponse:
        asked = await _asked(request)
        booth, room = self._room(asked["booth"], asked["room"])
        text = str(asked["text"])[:LONGEST].strip()
        if text and asked["who"] in room.people:
            await self._done(booth, booth.say(self.bot, room, asked["who"], text))
        return await self._state(request)

    async def _act(self, request: web.Request) -> web.StreamResponse:
        asked = await _asked(request)
        booth, room = self._room(asked["booth"], asked["room"])
        if asked["who"] in room.people and asked["act"] in dict(room.acts):
            text = str(asked["text"])[:LONGEST].strip()
            await self._done(booth, booth.act(self.bot, room, asked["who"], asked["act"], text))
        return await self._state(request)

    async def _press(self, request: web.Request) -> web.StreamResponse:
        asked = await _asked(request)
        booth, room = self._room(asked["booth"], asked["room"])
        key = room.lines[int(asked["line"])].keys[int(asked["key"])]
        if asked["who"] in room.people:
            await self._done(booth, booth.press(self.bot, room, asked["who"], key))
        return await self._state(request)

    async def _done(self, booth: Booth, what: Any) -> None:
        """One after the other, so that lines stand as they were said; a bot that is down stands on the page."""
        async with self._turn:
            booth.look()
            try:
                await what
            except (aiohttp.ClientError, TimeoutError):
                return

    async def _move(self, request: web.Request) -> web.StreamResponse:
        self.clock.moved += MOVES.get(str((await _asked(request))["by"]), 0.0)
        return await self._state(request)

    def _room(self, booth: object, room: object) -> tuple[Booth, Room]:
        found = self.booths[int(str(booth))]
        return found, found.rooms[int(str(room))]


async def _asked(request: web.Request) -> dict[str, Any]:
    """What the page's own script asks; a form of another site cannot send this kind."""
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return dict(json.loads(await request.text()))
    except (ValueError, TypeError):
        raise web.HTTPBadRequest from None


def _shown(booth: int, number: int, room: Room) -> dict[str, Any]:
    def line(n: int, one: Line) -> dict[str, Any]:
        picture = f"/picture/{booth}/{number}/{n}" if one.picture else ""
        keys = [key.label for key in one.keys]
        return {"who": one.who, "text": one.text, "keys": keys, "picture": picture, "marked": one.marked}

    return {
        "title": room.title, "note": room.note, "people": room.people, "acts": room.acts,
        "lines": [line(n, one) for n, one in enumerate(room.lines)],
    }  # fmt: skip
