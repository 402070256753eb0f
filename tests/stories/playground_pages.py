"""Knows how a test opens the playground in Chromium, and finds its way on the page by what people read there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

from aiohttp import web
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from bot.playground.api import routes
from bot.playground.ports import AsyncStage
from bot.playground.town import PlaygroundTown
from bot.process import open_town
from tests.bot.playground_visitor import WORDS
from tests.fakes.aio import serving
from tests.house import ROOT
from tests.product import product

LAPTOP = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=1024, height=768)
HAND = ViewportSize(width=390, height=844)
PICTURES = ROOT / "artefacts"
FLY_WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
RESULT = "已到现场劝离，飞线已拆除"
RESIDENT, GROUP, WORKER = "张阿姨的手机", "群：第二网格工作群", "李明的手机"


def real_town(folder: Path) -> AsyncStage:
    """The sample town as `run` opens it, in a folder of the test's own."""
    made = product()
    wording = made.desk.rules.wording
    return PlaygroundTown(lambda fresh: open_town(made, folder, fresh=fresh), wording, folder / "photos")


@contextmanager
def served(stage: Callable[[], AsyncStage]) -> Iterator[str]:
    """The address of a playground with this stage behind it, served by a thread of its own."""
    began: Queue[tuple[str, Callable[[], object]]] = Queue()

    async def serve() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        app = web.Application()
        app.add_routes(routes(stage(), WORDS))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        async with serving(runner) as base:
            began.put((base, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    base, stop = began.get(timeout=10)
    try:
        yield base
    finally:
        stop()
        thread.join()


@contextmanager
def page_for(browser: Browser, base_url: str, size: ViewportSize = LAPTOP) -> Iterator[Page]:
    """The playground, open and ready. It must ask nobody but its own server, and never complain in the console."""
    complaints: list[str] = []
    hand = size["width"] < 500
    with browser.new_context(
        viewport=size, has_touch=hand, is_mobile=hand, locale="zh-CN", reduced_motion="reduce", base_url=base_url
    ) as context:
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda asked: None if _ours(asked.url, base_url) else complaints.append(asked.url))
        page.goto("/")
        expect(page.locator("body.is-ready")).to_be_visible()
        yield page
    assert [line for line in complaints if "ERR_INTERNET_DISCONNECTED" not in line] == []


def _ours(url: str, base_url: str) -> bool:
    return url.startswith((f"{base_url}/", f"blob:{base_url}/"))


def phone(page: Page, name: str) -> Locator:
    """One of the three phones by whose it is."""
    return page.get_by_role("region", name=name)


def says(page: Page, name: str, words: str) -> None:
    """Write on a phone, and press Enter."""
    field = phone(page, name).get_by_role("textbox")
    field.fill(words)
    field.press("Enter")


def chat(page: Page, name: str) -> Locator:
    """What stands in the chat of a phone."""
    return phone(page, name).get_by_role("log")


def column(page: Page, name: str) -> Locator:
    """A column of the board."""
    return page.get_by_role("region", name=name, exact=True)


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a screenshot as an artefact."""
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"playground-{name}.png", full_page=whole)


def accept(page: Page) -> None:
    """The worker takes the case, in the group."""
    phone(page, GROUP).get_by_role("button", name="接单", exact=True).click()
