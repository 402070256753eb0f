"""The fakes as people use them by hand: one page, every booth, a real bot behind it, from the report to the rating."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes.__main__ import environment, opened, serve
from tests.fakes.aio import running
from tests.fakes.by_hand import HandClock, found
from tests.fakes.hall import PAGE, Hall
from tests.fakes.telegram_people import PATIENCE
from tests.live import Process, free_port
from tests.product import product

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


@dataclass
class Visitor:
    """Somebody who has opened the page."""

    page: str
    session: aiohttp.ClientSession

    async def state(self) -> dict[str, Any]:
        async with self.session.get(f"{self.page}/state") as answer:
            return dict(await answer.json())

    async def sends(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        async with self.session.post(f"{self.page}/{path}", json=body) as answer:
            assert answer.status == 200
            return dict(await answer.json())

    async def says(self, room: str, text: str, act: str = "") -> None:
        """Words (or an act) in the last room of this title that can be written in: of workers the one on Telegram."""
        place = await self._place(room)
        await self.sends("act" if act else "say", {**place, "text": text, "act": act})

    async def presses(self, room: str, label: str) -> None:
        """The newest button of this label."""
        place = await self._place(room)
        lines = (await self.state())["booths"][place["booth"]]["rooms"][place["room"]]["lines"]
        line = max(n for n, one in enumerate(lines) if label in one["keys"])
        await self.sends("press", {**place, "line": line, "key": lines[line]["keys"].index(label)})

    async def sees(self, title: str, *words: str) -> dict[str, Any]:
        """Wait for a line with these words in a room."""
        for _ in range(int(PATIENCE * 10)):
            lines = [line for _, _, room in self._rooms(await self.state()) if room["title"] == title
                     for line in room["lines"]]  # fmt: skip
            fitting = [line for line in lines if all(word in line["text"] for word in words)]
            if fitting:
                return dict(fitting[-1])
            await asyncio.sleep(0.1)
        raise AssertionError((title, words, lines))

    async def _place(self, title: str) -> dict[str, Any]:
        return [
            {"booth": b, "room": r, "who": room["people"][0]}
            for b, r, room in self._rooms(await self.state())
            if room["title"] == title and room["people"]
        ][-1]

    def _rooms(self, state: Mapping[str, Any]) -> list[tuple[int, int, dict[str, Any]]]:
        return [(b, r, room) for b, booth in enumerate(state["booths"]) for r, room in enumerate(booth["rooms"])]


@asynccontextmanager
async def hall(folder: Path) -> AsyncIterator[Visitor]:
    """The page with a bot that was told what the page prints."""
    product()
    clock, port = HandClock(), free_port()
    async with AsyncExitStack() as stack:
        booths = found(clock)
        setups = await opened(stack, booths, 0)
        page = await serve(stack, Hall(booths, clock, f"http://127.0.0.1:{port}").app(), 0)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        visitor = Visitor(page, session)
        assert not (await visitor.state())["up"]
        bot = Process({**os.environ, **environment(setups, str(folder)), "LOG": str(folder / "bot.log")}, port)
        await bot.start()
        stack.push_async_callback(asyncio.to_thread, bot.stop, 60)
        yield visitor


@running
async def test_one_person_is_everybody(tmp_path: Path) -> None:
    async with hall(tmp_path) as visitor:
        assert (await visitor.state())["up"]
        names = {booth["name"] for booth in (await visitor.state())["booths"]}
        assert names >= {"微信公众号", "企业微信群（消息推送）", "Telegram"}
        await visitor.says("张阿姨", "", act="scan")
        await visitor.says("张阿姨", WIRE)
        await visitor.sees("张阿姨", "A0001")
        card = await visitor.sees("第二网格工作群", "A0001", "接单 A0001")
        assert card["marked"]
        await visitor.says("李明", "接单 A0001")
        await visitor.sees("李明", "归您办了")
        await visitor.says("李明", "反馈 A0001 已清理 可公开", act="photo")
        await visitor.sees("张阿姨", "解决了吗")
        await visitor.presses("张阿姨", "已解决")
        await visitor.sees("张阿姨", "［已解决］")
        before = (await visitor.state())["moved"]
        moved = await visitor.sends("clock", {"by": "day"})
        assert moved["moved"] - before == 86400.0


@running
async def test_the_page_is_served_and_other_sites_cannot_press_here(tmp_path: Path) -> None:
    clock = HandClock()
    async with AsyncExitStack() as stack:
        page = await serve(stack, Hall(found(clock), clock, "http://127.0.0.1:9").app(), 0)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        async with session.get(page) as answer:
            assert await answer.text() == PAGE.read_text("utf-8")
        async with session.post(f"{page}/say", data={"booth": "0"}) as answer:
            assert answer.status == 415
        visitor = Visitor(page, session)
        await visitor.says("李明", "接单 A0001")
        assert not (await visitor.state())["up"]
