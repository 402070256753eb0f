"""The website widget in a real Chromium: embedded in a page of another origin, used by keyboard and by button."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from queue import Queue

from aiohttp import web
from playwright.sync_api import Browser, FrameLocator, Page, expect

from bot.doors import Served
from bot.platforms.web import Patience, Web
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from handlers.letters import Button
from storage.values import Outgoing
from tests.bot.platforms.drivers.web import CONFIG, SITE, TOKEN
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import letter, mark
from tests.fakes.window import LittleWindow
from tests.stories.playground_pages import HAND


class Desk(LittleWindow):
    """Answers each message with a letter that lies ready."""

    def __init__(self, laid: list[Outgoing]) -> None:
        super().__init__()
        self.laid = laid
        self.widget: Web | None = None

    async def serve(self, incoming: Incoming) -> Served:
        served = await super().serve(incoming)
        if not served.repeat and self.widget is not None:
            words = f"收到：{incoming.text.reveal() or incoming.event or incoming.mark}"
            one = letter(len(self.served), incoming.chat, text=words, buttons=(Button("已解决", "rate:A0001:5"),))
            await self.widget.deliver(one)
            self.laid.append(one)
        return served


async def _serve(began: Queue[tuple[str, str, Desk, Callable[[], object]]]) -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    laid: list[Outgoing] = []
    desk = Desk(laid)
    pages: dict[str, str] = {}

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=pages.get(request.path, ""), content_type="text/html")

    hall = web.Application()
    hall.add_routes([web.get("/{any:.*}", page)])
    async with serving(hall) as origin:
        config = replace(CONFIG, origins=(origin,))

        async def lying(lane: str, after: int) -> list[Outgoing]:
            return [one for one in laid if one.chat == lane and one.id > after]

        desk.widget = Web(config, lying=lying, patience=Patience(whole=0.5, look=0.1))
        clock = Moving()
        app = build_app(
            desk.widget.hooks, desk, health=dict, clock=clock, counters=Counters(), routes=desk.widget.routes()
        )
        async with serving(app) as base:
            script = f'<script src="{base}/web/{SITE}/widget.js" data-token="{TOKEN}" data-scene="jr-2" defer></script>'
            pages["/"] = f'<!doctype html><html lang="zh"><body><h1>区政府</h1>{script}</body></html>'
            began.put((origin, base, desk, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()


@contextmanager
def standing(browser: Browser) -> Iterator[tuple[Page, FrameLocator, Desk, str]]:
    """A page of the town hall with the widget open in it."""
    began: Queue[tuple[str, str, Desk, Callable[[], object]]] = Queue()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(began)))
    thread.start()
    origin, base, desk, stop = began.get(timeout=10)
    try:
        with browser.new_context(viewport=HAND, locale="zh-CN") as context:
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(f"{origin}/")
            yield page, page.frame_locator("iframe"), desk, base
    finally:
        stop()
        thread.join()


def test_a_visitor_of_another_page_writes_and_presses(browser: Browser) -> None:
    with standing(browser) as (page, frame, desk, _):
        complaints: list[str] = []
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        opener = page.get_by_role("button", name="社区有事找小格")
        opener.press("Enter")
        expect(opener).to_have_attribute("aria-expanded", "true")
        log = frame.get_by_role("log")
        expect(log).to_contain_text("收到：subscribe")
        field = frame.get_by_role("textbox", name="您要说的事")
        field.fill("楼道灯坏了 <b>&")
        field.press("Enter")
        expect(log).to_contain_text("收到：楼道灯坏了 <b>&")
        frame.get_by_role("button", name="已解决").last.click()
        expect(log).to_contain_text(f"收到：{mark(2)}")
        frame.get_by_role("button", name="大字").click()
        assert [one.kind for one in desk.served] == ["event", "text", "press"]
        assert desk.served[0].scene == "jr-2"
        assert len({one.sender for one in desk.served}) == 1
        assert complaints == []
        page.keyboard.press("Escape")


def test_who_comes_back_finds_the_answers_and_who_forgets_does_not(browser: Browser) -> None:
    with standing(browser) as (page, frame, desk, _):
        page.get_by_role("button", name="社区有事找小格").click()
        frame.get_by_role("textbox").fill("路灯坏了")
        frame.get_by_role("button", name="发送").click()
        log = frame.get_by_role("log")
        expect(log).to_contain_text("收到：路灯坏了")
        page.reload()
        page.get_by_role("button", name="社区有事找小格").click()
        expect(log).to_contain_text("收到：路灯坏了")
        frame.get_by_role("button", name="在这台电脑上清除").click()
        expect(log).not_to_contain_text("路灯坏了")
        expect(log).to_contain_text("收到：subscribe")
        assert len({one.sender for one in desk.served}) == 2


def test_a_foreign_page_may_not_embed_it(browser: Browser) -> None:
    with standing(browser) as (page, _, desk, base):
        foreign = base.replace("127.0.0.1", "localhost")
        page.goto(f"{foreign}/health/live")
        page.evaluate(
            "address => { const f = document.createElement('iframe'); f.src = address; document.body.append(f); }",
            f"{base}/web/{SITE}/#token={TOKEN}",
        )
        page.wait_for_timeout(500)
        assert desk.served == []
        page.goto(f"{base}/web/{SITE}/#token={TOKEN}")
        expect(page.get_by_role("log")).to_contain_text("收到：subscribe")
