"""The website widget over real sockets: a visitor of a page, a worker in Telegram, a bot that is killed between."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from storage.store import Store
from tests.fakes.aio import running, until
from tests.live import GROUP, Process, World, world

SITE, TOKEN, ORIGIN, LI = "hall", "site-token-of-the-hall", "https://www.example.gov.cn", 1001


class Page:
    """A page of the website in one visitor's browser."""

    def __init__(self, session: aiohttp.ClientSession, bot: Process) -> None:
        self._session, self._bot = session, bot
        self._heads = {"X-Site-Token": TOKEN, "Origin": ORIGIN}
        self._keys = 0
        self.seen: dict[int, dict[str, Any]] = {}

    async def begin(self) -> None:
        async with self._session.post(f"{self._bot.base}/web/{SITE}/visitor", headers=self._heads) as answer:
            self._heads["Authorization"] = f"Bearer {(await answer.json())['visitor']}"

    async def posts(self, **said: object) -> None:
        self._keys += 1
        body = {"key": str(self._keys), **said}
        for _ in range(2):  # each delivery twice
            async with self._session.post(
                f"{self._bot.base}/hooks/web/{SITE}", headers=self._heads, json=body
            ) as answer:
                assert answer.status == 200

    async def uploads(self, body: bytes) -> str:
        url = f"{self._bot.base}/web/{SITE}/upload"
        async with self._session.post(url, headers=self._heads, data=body) as answer:
            return str((await answer.json())["ref"])

    async def reads(self, word: str) -> dict[str, Any]:
        for _ in range(40):
            url = f"{self._bot.base}/web/{SITE}/letters?after={max(self.seen, default=0)}"
            async with self._session.get(url, headers=self._heads) as answer:
                self.seen |= {letter["id"]: letter for letter in (await answer.json())["letters"]}
            found = [letter for letter in self.seen.values() if word in letter["text"]]
            if found:
                return found[-1]
        raise AssertionError((word, [letter["text"] for letter in self.seen.values()]))


def files(folder: Path, but: str) -> int:
    """How many pictures lie on the shelf; none of them says where it was taken."""
    found = [path for path in folder.rglob("*.jpg") if but not in path.parts]
    assert not any(b"canary" in path.read_bytes() for path in found)
    return len(found)


def _with_site(outside: World) -> None:
    facts = {"ACCOUNT": SITE, "TOKEN": TOKEN, "SECRET": "a secret of at least thirty-two characters"}
    for name, value in facts.items():
        outside.environment[f"XIAOGE__PLATFORMS__WEB__0__{name}"] = value
    outside.environment["XIAOGE__PLATFORMS__WEB__0__ORIGINS__0"] = ORIGIN


@running
async def test_a_visitor_reports_on_a_website_and_reads_how_it_went(tmp_path: Path) -> None:
    async with world(f"sqlite:///{tmp_path}/live.db", tmp_path) as outside, aiohttp.ClientSession() as session:
        _with_site(outside)
        bot = outside.process()
        await bot.start()
        try:
            page = Page(session, bot)
            await page.begin()
            await page.posts(kind="begin", scene="jr-2")
            await page.posts(kind="text", text="健仁小区3号楼楼道有人给电动车飞线充电，怕着火")
            await page.reads("A0001")
            await until(lambda: outside.telegram.texts(GROUP), 30.0)
            card = next(number for where, number in outside.telegram.messages if where == GROUP)
            assert await outside.worker_presses(bot, LI, "接单", card) == 200
            await page.reads("已接单")
            bot.kill()
            await bot.start()
            assert await outside.worker_says(bot, LI, "反馈 A0001 已劝离并拆除") == 200
            asked = await page.reads("解决了吗")
            action = next(button["action"] for button in asked["buttons"] if button["label"] == "已解决")
            await page.posts(kind="press", action=action)
            await until(lambda: any("已办结" in text for text in outside.telegram.texts(GROUP)), 30.0)
            assert len([one for one in page.seen.values() if "解决了吗" in one["text"]]) == 1
        finally:
            bot.stop()


@running
async def test_a_picture_of_a_visitor_is_kept_with_the_case_through_a_crash(tmp_path: Path) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "canary"
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", exif=exif)
    async with world(f"sqlite:///{tmp_path}/live.db", tmp_path) as outside, aiohttp.ClientSession() as session:
        _with_site(outside)
        bot = outside.process()
        await bot.start()
        try:
            page = Page(session, bot)
            await page.begin()
            ref = await page.uploads(file.getvalue())
            bot.kill()
            await bot.start()
            await page.posts(kind="text", text="健仁小区3号楼楼道有人给电动车飞线充电，怕着火")
            await page.reads("A0001")
            await page.posts(kind="photo", ref=ref)
            store = Store(outside.environment["XIAOGE__DATABASE"])

            def kept() -> list[str]:
                with store.reading() as reader:
                    return [one.path for one in reader.photos("A0001") if one.path]

            await until(kept, 30.0)
            store.close()
        finally:
            bot.stop()
    assert files(tmp_path / "media", but="uploads") == 1
