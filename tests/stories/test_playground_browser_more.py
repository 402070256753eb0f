"""What else a visitor does in the playground, in a real Chromium: photos, the clock, other people's phones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.bot.fake_stage import FakeStage
from tests.stories.playground_pages import (
    FLY_WIRE,
    RESIDENT,
    chat,
    column,
    page_for,
    phone,
    picture,
    says,
    served,
)


@pytest.fixture
def base_url() -> Iterator[str]:
    """The address of a playground with a fresh town."""
    with served(FakeStage) as base:
        yield base


def test_photo_place_and_voice(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
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
        mine.get_by_role("group", name="更多功能").get_by_role("listitem").get_by_role("button").first.click()
        mine.get_by_role("button", name="说语音").click()
        says(page, RESIDENT, "垃圾没人收")
        expect(chat(page, RESIDENT)).to_contain_text("垃圾没人收")
        expect(chat(page, RESIDENT).locator(".place")).to_be_visible()
        expect(chat(page, RESIDENT).locator(".voice")).to_be_visible()
        picture(page, "photo")


def test_a_large_photo_is_made_small_before_it_is_sent(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
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


def test_the_clock_the_board_and_a_case_in_full(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        clock = page.get_by_role("group", name="小镇时钟")
        first = re.search(r"\d+月\d+日", clock.inner_text())
        assert first is not None
        says(page, RESIDENT, FLY_WIRE)
        expect(column(page, "已派单")).to_contain_text("A0001")
        for _ in range(4):
            page.get_by_role("button", name="+1天").click()
            expect(clock).not_to_have_class(re.compile("is-busy"))
        expect(clock).not_to_contain_text(first.group())
        page.get_by_role("button", name="到明早8点").click()
        expect(clock).to_contain_text("08:00")
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
        expect(clock).to_contain_text(first.group())
        expect(page.get_by_role("region", name="事件看板")).to_contain_text("还没有事件")


def test_a_phone_changes_hands_and_news_elsewhere_are_shown(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, "我家闻到好大的煤气味")
        news = page.get_by_role("complementary", name="别处的新消息")
        first = news.get_by_role("button").first
        name = first.locator(":scope > span:not(.avatar)").inner_text()
        first.click()
        expect(page.get_by_role("region", name=name).get_by_role("log")).to_contain_text("A0001")
        expect(news.get_by_role("button", name=name)).to_be_hidden()
        page.get_by_role("combobox", name="第三部手机换成谁的").select_option(label="健仁小区居民群")
        group = phone(page, "群：健仁小区居民群")
        group.get_by_role("combobox", name="在群里以谁的身份").select_option(index=0)
        says(page, "群：健仁小区居民群", "大家好")
        expect(group.locator(".line--me")).to_contain_text("大家好")


def test_enter_sends_but_not_with_shift_and_not_while_composing(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
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


def test_choices_are_remembered(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        page.get_by_role("button", name="老年大字").click()
        page.get_by_role("button", name="收起引导").click()
        page.reload()
        expect(page.locator("body.is-ready")).to_be_visible()
        expect(page.get_by_role("button", name="老年大字")).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_label("新手引导")).to_be_hidden()
        page.get_by_role("button", name="引导", exact=True).click()
        expect(page.get_by_label("新手引导")).to_be_visible()


def test_words_are_never_read_as_a_page(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        nasty = "<img src=x onerror=alert(1)><b>粗</b>{{7*7}}"
        says(page, RESIDENT, nasty)
        expect(chat(page, RESIDENT).locator(".line--me")).to_contain_text(nasty)
        assert page.locator(".log b, .log img[src=x]").count() == 0


def test_when_the_server_is_gone_nothing_is_lost(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        page.context.set_offline(True)
        says(page, RESIDENT, FLY_WIRE)
        mine = chat(page, RESIDENT)
        expect(mine).to_contain_text("没发出去")
        banner = page.get_by_role("alert").filter(has_text="小镇暂时连不上")
        expect(banner).to_be_visible()
        picture(page, "offline")
        page.context.set_offline(False)
        banner.get_by_role("button", name="马上重试").click()
        expect(banner).to_be_hidden()
        mine.get_by_role("button", name="重新发送").click()
        expect(mine).to_contain_text("A0001")
        expect(mine).not_to_contain_text("没发出去")
        expect(mine.locator(".line--me")).to_have_count(1)
