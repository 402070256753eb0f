"""The playground clicked through in a real Chromium: the story, three sizes of screen, keyboard, and bad weather."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

import pytest
from aiohttp import web
from playwright.sync_api import Locator, Page, ViewportSize, expect

from bot.playground.api import routes
from tests.bot.fake_stage import FakeStage
from tests.bot.playground_visitor import WORDS
from tests.browser import launched
from tests.fakes.aio import serving
from tests.house import ROOT

LAPTOP = ViewportSize(width=1440, height=900)
TABLET = ViewportSize(width=1024, height=768)
HAND = ViewportSize(width=390, height=844)
PICTURES = ROOT / "artefacts"
FLY_WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
RESULT = "已到现场劝离，飞线已拆除"
RESIDENT, GROUP, WORKER = "张阿姨的手机", "群：第二网格工作群", "李明的手机"


@pytest.fixture
def base_url() -> Iterator[str]:
    """The address of a playground with a fresh town, served by a thread of its own."""
    began: Queue[tuple[str, Callable[[], object]]] = Queue()

    async def serve() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        app = web.Application()
        app.add_routes(routes(FakeStage(), WORDS))
        async with serving(app) as base:
            began.put((base, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    base, stop = began.get(timeout=10)
    yield base
    stop()
    thread.join()


@contextmanager
def page_for(base_url: str, size: ViewportSize = LAPTOP) -> Iterator[Page]:
    """The playground, open and ready. It must ask nobody but its own server, and never complain in the console."""
    complaints: list[str] = []
    with launched() as browser:
        hand = size["width"] < 500
        context = browser.new_context(
            viewport=size, has_touch=hand, is_mobile=hand, locale="zh-CN", reduced_motion="reduce", base_url=base_url
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
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


# -- the story ---------------------------------------------------------------------------------------------------------


def test_the_story_on_a_laptop(base_url: str) -> None:
    with page_for(base_url) as page:
        picture(page, "1-start")
        says(page, RESIDENT, FLY_WIRE)
        expect(chat(page, RESIDENT)).to_contain_text("A0001")
        card = chat(page, GROUP)
        expect(card).to_contain_text("飞线充电")
        expect(card).not_to_contain_text("怕着火")
        picture(page, "2-card")
        accept(page)
        expect(chat(page, RESIDENT)).to_contain_text("接单")
        expect(card).to_contain_text("卡片已更新")
        expect(chat(page, WORKER)).to_contain_text("怕着火")
        picture(page, "3-accepted")
        says(page, WORKER, f"反馈 A0001 {RESULT}")
        expect(chat(page, RESIDENT)).to_contain_text(RESULT)
        picture(page, "4-result")
        phone(page, RESIDENT).get_by_role("button", name="已解决").click()
        expect(column(page, "已办结")).to_contain_text("A0001")
        expect(page.get_by_label("新手引导")).to_contain_text("走完一圈了")
        picture(page, "5-rated", whole=True)


def test_the_guide_leads_through_the_story_in_the_hand(base_url: str) -> None:
    with page_for(base_url, HAND) as page:
        guide, tabs = page.get_by_label("新手引导"), page.get_by_role("navigation", name="切换手机")
        guide.get_by_role("button", name="帮我填一句").click()
        picture(page, "hand-1-start")
        phone(page, RESIDENT).get_by_role("button", name="发送", exact=True).click()
        expect(tabs.get_by_role("button", name="第二网格工作群")).to_contain_text("1")
        guide.get_by_role("button", name="去接单").click()
        expect(phone(page, GROUP)).to_be_in_viewport(ratio=0.9)
        accept(page)
        picture(page, "hand-2-accepted")
        guide.get_by_role("button", name="帮我填反馈").click()
        phone(page, WORKER).get_by_role("button", name="发送", exact=True).click()
        guide.get_by_role("button", name="去评价").click()
        expect(phone(page, RESIDENT)).to_be_in_viewport(ratio=0.9)
        picture(page, "hand-3-rating")
        page.keyboard.press("Enter")
        expect(guide).to_contain_text("走完一圈了")
        tabs.get_by_role("button", name="看板").click()
        expect(column(page, "已办结")).to_contain_text("A0001")
        picture(page, "hand-4-board")


def test_two_phones_side_by_side_on_a_tablet(base_url: str) -> None:
    with page_for(base_url, TABLET) as page:
        says(page, RESIDENT, FLY_WIRE)
        accept(page)
        tab = page.get_by_role("navigation", name="切换手机").get_by_role("button", name="李明")
        expect(tab).to_contain_text("1")
        picture(page, "tablet")
        tab.click()
        expect(phone(page, WORKER)).to_be_in_viewport(ratio=0.9)
        expect(tab).not_to_contain_text("1")


# -- what else one can do ----------------------------------------------------------------------------------------------


def test_photo_place_and_voice(base_url: str) -> None:
    with page_for(base_url) as page:
        mine = phone(page, RESIDENT)
        mine.get_by_role("button", name="更多功能").click()
        mine.get_by_role("button", name="示例照片").click()
        mine.get_by_role("button", name="飞线充电", exact=True).click()
        expect(mine.get_by_role("img", name="要发的照片")).to_be_visible()
        says(page, RESIDENT, "就是这根线")
        shown = mine.get_by_role("img", name="张阿姨发的照片")
        expect(shown).to_be_visible()
        assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 960
        mine.get_by_role("button", name="更多功能").click()
        mine.get_by_role("button", name="定位").click()
        mine.get_by_role("group", name="照片和定位").get_by_role("listitem").get_by_role("button").first.click()
        mine.get_by_role("button", name="说语音").click()
        says(page, RESIDENT, "垃圾没人收")
        expect(chat(page, RESIDENT)).to_contain_text("垃圾没人收")
        expect(chat(page, RESIDENT).locator(".place")).to_be_visible()
        expect(chat(page, RESIDENT).locator(".voice")).to_be_visible()
        picture(page, "photo")


def test_a_large_photo_is_made_small_before_it_is_sent(base_url: str) -> None:
    with page_for(base_url) as page:
        data = page.evaluate("""async () => {
            const canvas = new OffscreenCanvas(4000, 2000);
            canvas.getContext("2d").fillRect(0, 0, 10, 10);
            const blob = await canvas.convertToBlob();
            return [...new Uint8Array(await blob.arrayBuffer())];
        }""")
        mine = phone(page, RESIDENT)
        mine.get_by_role("button", name="更多功能").click()
        mine.locator("input[type=file]").set_input_files(
            {"name": "a.png", "mimeType": "image/png", "buffer": bytes(data)}
        )
        expect(mine.get_by_role("img", name="要发的照片")).to_be_visible()
        mine.get_by_role("button", name="发送", exact=True).click()
        sent = mine.get_by_role("img", name="张阿姨发的照片")
        assert sent.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1280


def test_the_clock_the_board_and_a_case_in_full(base_url: str) -> None:
    with page_for(base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        expect(column(page, "已派单")).to_contain_text("A0001")
        for _ in range(4):
            page.get_by_role("button", name="+1天").click()
        expect(page.get_by_role("group", name="小镇时钟")).to_contain_text("3月6日")
        expect(page.get_by_role("region", name="事件看板")).to_contain_text("超期")
        ticket = page.get_by_role("region", name="事件看板").get_by_role("button", name="A0001")
        ticket.click()
        sheet = page.get_by_role("dialog", name="事件 A0001")
        expect(sheet).to_contain_text("派单")
        picture(page, "case")
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        expect(ticket).to_be_focused()
        page.get_by_role("button", name="重新开始").click()
        page.get_by_role("dialog").get_by_role("button", name="重新开始").click()
        expect(page.get_by_role("group", name="小镇时钟")).to_contain_text("3月2日")
        expect(page.get_by_role("region", name="事件看板")).to_contain_text("还没有事件")


def test_a_phone_changes_hands_and_news_elsewhere_are_shown(base_url: str) -> None:
    with page_for(base_url) as page:
        says(page, RESIDENT, "楼上天天半夜打麻将，吵得睡不着，说了也不听")
        news = page.get_by_role("complementary", name="别处的新消息")
        news.get_by_role("button", name=re.compile("王芳")).click()
        expect(chat(page, "王芳的手机")).to_contain_text("A0001")
        expect(news).to_be_hidden()
        page.get_by_role("combobox", name="第三部手机换成谁的").select_option(label="健仁小区邻里群")
        group = phone(page, "群：健仁小区邻里群")
        group.get_by_role("combobox", name="在群里以谁的身份").select_option(label="小何（居民、志愿者）")
        says(page, "群：健仁小区邻里群", "大家好")
        expect(group.locator(".line--me")).to_contain_text("大家好")


# -- by keyboard, in large letters, in bad weather ---------------------------------------------------------------------


def test_enter_sends_but_not_with_shift_and_not_while_composing(base_url: str) -> None:
    with page_for(base_url) as page:
        field = phone(page, RESIDENT).get_by_role("textbox")
        field.press_sequentially("第一行")
        field.press("Shift+Enter")
        field.press_sequentially("第二行")
        field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
        expect(field).to_have_value("第一行\n第二行")
        expect(chat(page, RESIDENT).locator(".line--me")).to_have_count(0)
        field.press("Enter")
        expect(field).to_have_value("")
        expect(chat(page, RESIDENT).locator(".line--me")).to_have_count(1)


def test_the_story_by_keyboard_alone(base_url: str) -> None:
    with page_for(base_url) as page:
        page.keyboard.press("Alt+Digit1")
        page.keyboard.type(FLY_WIRE)
        page.keyboard.press("Enter")
        press = phone(page, GROUP).get_by_role("button", name="接单", exact=True)
        expect(press).to_be_visible()
        _tab_to(page, press)
        page.keyboard.press("Enter")
        expect(phone(page, GROUP).get_by_role("button", name="反馈结果")).to_be_focused()
        page.keyboard.press("Alt+Digit3")
        page.keyboard.type(f"反馈 A0001 {RESULT}")
        page.keyboard.press("Enter")
        solved = phone(page, RESIDENT).get_by_role("button", name="已解决")
        expect(solved).to_be_visible()
        page.keyboard.press("Alt+Digit1")
        _tab_to(page, solved, "Shift+Tab")
        page.keyboard.press("Space")
        expect(column(page, "已办结")).to_contain_text("A0001")


def _tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail("the focus never came to the button")


@pytest.mark.parametrize("size", [LAPTOP, TABLET, HAND], ids=["laptop", "tablet", "hand"])
@pytest.mark.parametrize("letters", ["usual", "large"])
def test_everything_fits_and_is_large_enough_to_touch(base_url: str, size: ViewportSize, letters: str) -> None:
    with page_for(base_url, size) as page:
        if letters == "large":
            page.get_by_role("button", name="老年大字").click()
        says(page, RESIDENT, FLY_WIRE)
        expect(chat(page, RESIDENT)).to_contain_text("A0001")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        small = page.evaluate("""() => [...document.querySelectorAll("button, select, textarea")]
            .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height > 0)
            .filter((one) => one.getBoundingClientRect().height < 43.5 || one.getBoundingClientRect().width < 43.5)
            .map((one) => one.outerHTML.slice(0, 120))""")
        assert small == []
        cut = page.evaluate("""() => [...document.querySelectorAll(".move, .tools__button, .guide__act, .press, .send")]
            .filter((one) => one.checkVisibility())
            .filter((one) => one.scrollWidth > one.clientWidth + 1
                || one.getBoundingClientRect().right > Math.max(innerWidth, one.closest(".phones")?.scrollWidth ?? 0))
            .map((one) => one.textContent)""")
        assert cut == []
        picture(page, f"{letters}-{size['width']}")


def test_choices_are_remembered(base_url: str) -> None:
    with page_for(base_url) as page:
        page.get_by_role("button", name="老年大字").click()
        page.get_by_role("button", name="收起引导").click()
        page.reload()
        expect(page.locator("body.is-ready")).to_be_visible()
        expect(page.get_by_role("button", name="老年大字")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_label("新手引导")).to_be_hidden()
        page.get_by_role("button", name="引导", exact=True).click()
        expect(page.get_by_label("新手引导")).to_be_visible()


def test_words_are_never_read_as_a_page(base_url: str) -> None:
    with page_for(base_url) as page:
        nasty = "<img src=x onerror=alert(1)><b>粗</b>{{7*7}}"
        says(page, RESIDENT, nasty)
        expect(chat(page, RESIDENT).locator(".line--me")).to_contain_text(nasty)
        assert page.locator(".log b, .log img[src=x]").count() == 0


def test_when_the_server_is_gone_nothing_is_lost(base_url: str) -> None:
    with page_for(base_url) as page:
        page.context.set_offline(True)
        says(page, RESIDENT, FLY_WIRE)
        mine = chat(page, RESIDENT)
        expect(mine).to_contain_text("没发出去")
        page.context.set_offline(False)
        mine.get_by_role("button", name="重新发送").click()
        expect(mine).to_contain_text("A0001")
        expect(mine).not_to_contain_text("没发出去")
        expect(mine.locator(".line--me")).to_have_count(1)
