"""The playground clicked through in a real Chromium: the story, on three sizes of screen and by keyboard alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.stories.playground_pages import (
    FLY_WIRE,
    GROUP,
    HAND,
    LAPTOP,
    RESIDENT,
    RESULT,
    TABLET,
    WORKER,
    accept,
    chat,
    column,
    page_for,
    phone,
    picture,
    says,
)


def test_the_story_on_a_laptop(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
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


def test_the_guide_leads_through_the_story_in_the_hand(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url, HAND) as page:
        guide, tabs = page.get_by_label("新手引导"), page.get_by_role("navigation", name="切换手机")
        guide.get_by_role("button", name="帮我填一句").click()
        picture(page, "hand-1-start")
        phone(page, RESIDENT).get_by_role("button", name="发送", exact=True).click()
        expect(tabs.get_by_role("button", name="第二网格工作群")).to_contain_text("1")
        guide.get_by_role("button", name="去接单").click()
        expect(phone(page, GROUP)).to_be_in_viewport(ratio=0.9)
        accept(page)
        expect(chat(page, GROUP)).to_contain_text("卡片已更新")
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


def test_two_phones_side_by_side_on_a_tablet(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url, TABLET) as page:
        says(page, RESIDENT, FLY_WIRE)
        accept(page)
        tab = page.get_by_role("navigation", name="切换手机").get_by_role("button", name="李明")
        expect(tab).to_contain_text("1")
        picture(page, "tablet")
        tab.click()
        expect(phone(page, WORKER)).to_be_in_viewport(ratio=0.9)
        expect(tab).not_to_contain_text("1")


def test_the_story_by_keyboard_alone(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        page.keyboard.press("Alt+Digit1")
        page.keyboard.type(FLY_WIRE)
        page.keyboard.press("Enter")
        press = phone(page, GROUP).get_by_role("button", name="接单", exact=True)
        expect(press).to_be_visible()
        _tab_to(page, press)
        page.keyboard.press("Enter")
        expect(phone(page, GROUP).get_by_role("button", name=re.compile("^反馈"))).to_be_focused()
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
def test_everything_fits_and_is_large_enough_to_touch(
    browser: Browser, base_url: str, size: ViewportSize, letters: str
) -> None:
    with page_for(browser, base_url, size) as page:
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
