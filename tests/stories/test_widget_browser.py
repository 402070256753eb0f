"""The website widget in a real Chromium: embedded in a page of another origin, used by keyboard and by button."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Queue

from aiohttp import web
from PIL import Image
from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, expect

from bot.clock import SystemClock
from bot.doors import Served
from bot.platforms.web import Patience, Web
from bot.platforms.web_media import Given
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from handlers.letters import Button
from storage.values import Outgoing
from tests.bot.platforms.drivers.web import CONFIG, SITE, TOKEN
from tests.fakes.aio import Moving, serving
from tests.fakes.letters import letter, mark
from tests.fakes.window import LittleWindow
from tests.product import product
from tests.stories.playground_pages import HAND, PICTURES


def painted(colour: str, place: bytes = b"") -> bytes:
    """A JPEG of one colour; with `place` it says in its EXIF where it was taken."""
    file, exif = io.BytesIO(), Image.Exif()
    if place:
        exif[0x010E] = place.decode()
    Image.new("RGB", (320, 200), colour).save(file, "JPEG", exif=exif)
    return file.getvalue()


class Desk(LittleWindow):
    """Answers each message with a letter that lies ready."""

    def __init__(self, laid: list[Outgoing]) -> None:
        super().__init__()
        self.laid = laid
        self.widget: Web | None = None
        self.brought: list[bytes] = []

    async def photo(self, name: str) -> bytes:
        """What a worker has photographed."""
        return painted("green")

    async def serve(self, incoming: Incoming) -> Served:
        served = await super().serve(incoming)
        if not served.repeat and self.widget is not None:
            words = f"收到：{incoming.text.reveal() or incoming.event or incoming.mark or incoming.kind}"
            self.brought += [await self.widget.fetch({"ref": one.ref}) for one in incoming.media]
            photos = ("p1",) if incoming.kind == "photo" else ()
            one = letter(
                len(self.served), incoming.chat, text=words, buttons=(Button("已解决", "rate:A0001:5"),), photos=photos
            )
            await self.widget.deliver(one)
            self.laid.append(one)
        return served


async def _serve(began: Queue[tuple[str, str, Desk, Callable[[], object]]], folder: Path) -> None:
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

        given = Given(folder, desk.photo, product().desk.rules.wording, SystemClock())
        desk.widget = Web(config, lying=lying, media=given, patience=Patience(whole=0.5, look=0.1))
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
def standing(browser: Browser, folder: Path = Path("/nowhere")) -> Iterator[tuple[Page, FrameLocator, Desk, str]]:
    """A page of the town hall with the widget open in it."""
    began: Queue[tuple[str, str, Desk, Callable[[], object]]] = Queue()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(began, folder)))
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


def test_a_visitor_sends_pictures_and_a_recording_and_sees_what_was_done(browser: Browser, tmp_path: Path) -> None:
    with standing(browser, tmp_path) as (page, frame, desk, _):
        page.get_by_role("button", name="社区有事找小格").click()
        log = frame.get_by_role("log")
        expect(log).to_contain_text("收到：subscribe")
        taken = painted("red", b"canary 33.38,120.15")
        pictures = [FilePayload(name=name, mimeType="image/jpeg", buffer=taken) for name in ("楼道.jpg", "门口.jpg")]
        with page.expect_file_chooser() as chooser:
            frame.get_by_role("button", name="发照片").press("Enter")
        chooser.value.set_files(pictures)
        expect(log.get_by_role("img", name="我发的照片")).to_have_count(2)
        expect(log.get_by_role("img", name="照片 1", exact=True)).to_have_count(2)
        expect(frame.get_by_role("alert")).to_be_hidden()
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / "widget-pictures.png")
        with page.expect_file_chooser() as chooser:
            frame.get_by_role("button", name="发语音").click()
        chooser.value.set_files(FilePayload(name="说.amr", mimeType="audio/amr", buffer=b"#!AMR\n" + b"x" * 500))
        expect(log).to_contain_text("收到：voice")
        assert [one.kind for one in desk.served] == ["event", "photo", "photo", "voice"]
        albums = {one.scene for one in desk.served if one.kind == "photo"}
        assert len(albums) == 1
        assert albums.pop().startswith("album:")
        assert desk.brought[2].startswith(b"#!AMR")
        assert all(data.startswith(b"\xff\xd8") and b"canary" not in data for data in desk.brought[:2])


def test_what_is_no_picture_is_refused_in_plain_words(browser: Browser, tmp_path: Path) -> None:
    with standing(browser, tmp_path) as (page, frame, desk, _):
        page.get_by_role("button", name="社区有事找小格").click()
        expect(frame.get_by_role("log")).to_contain_text("收到：subscribe")
        with page.expect_file_chooser() as chooser:
            frame.get_by_role("button", name="发照片").click()
        nothing = FilePayload(name="x.jpg", mimeType="image/jpeg", buffer=b"<svg>no picture</svg>")
        chooser.value.set_files(nothing)
        expect(frame.get_by_role("alert")).to_contain_text("打不开")
        assert [one.kind for one in desk.served] == ["event"]


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
