"""The whole town on the page, in a real Chromium: scenes, ready phrases, answers to a card, the board sifted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from bot.playground.ports import AsyncStage
from bot.playground.town import PlaygroundTown
from bot.process import open_town
from bot.stage import Stage
from handlers.effects import Effects
from handlers.town import Person, Role
from storage.values import Written
from tests.product import product
from tests.stories.playground_pages import (
    FLY_WIRE,
    GROUP,
    HAND,
    RESIDENT,
    WORKER,
    accept,
    chat,
    column,
    page_for,
    phone,
    picture,
    says,
    served,
)

RUBBISH = "人民路12号门口垃圾堆了两天没人清，臭"


def scene(page: Page, name: str) -> Locator:
    return page.get_by_role("toolbar", name="换一个场景").get_by_role("button", name=name)


def phones(page: Page) -> list[str | None]:
    return [one.get_attribute("aria-label") for one in page.locator(".phone").all()]


# -- scenes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("居民报事", ["张阿姨的手机", "群：第二网格工作群", "李明的手机"]),
        ("值班派单", ["陈明远的手机", "群：指挥中心值班群", "李明的手机"]),
        ("吹哨报到", ["李明的手机", "群：综合执法群", "陈明远的手机"]),
        ("居民群", ["张阿姨的手机", "群：健仁小区居民群", "李明的手机"]),
        ("网格长·督查", ["韩志刚的手机", "谢国安的手机", "李明的手机"]),
        ("联络员", ["秦福生的手机", "李明的手机", "韩志刚的手机"]),
    ],
)
def test_a_scene_changes_all_three_phones(browser: Browser, base_url: str, name: str, shown: list[str]) -> None:
    with page_for(browser, base_url) as page:
        scene(page, name).click()
        expect(scene(page, name)).to_have_attribute("aria-pressed", "true")
        expect(page.locator('.scene[aria-pressed="true"]')).to_have_count(1)
        assert phones(page) == shown
        expect(phone(page, shown[0]).get_by_role("log")).not_to_be_empty()


def test_scenes_by_keyboard_are_one_stop_with_arrows_inside(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        scene(page, "居民报事").focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        expect(scene(page, "吹哨报到")).to_be_focused()
        page.keyboard.press("Enter")
        expect(phone(page, "群：综合执法群")).to_be_visible()
        expect(scene(page, "吹哨报到")).to_be_focused()
        page.keyboard.press("End")
        expect(scene(page, "联络员")).to_be_focused()
        assert page.locator('.scene[tabindex="0"]').count() == 1


def test_scenes_in_the_hand_begin_with_the_first_phone(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url, HAND) as page:
        scene(page, "联络员").click()
        expect(phone(page, "秦福生的手机")).to_be_in_viewport(ratio=0.9)
        assert page.evaluate("document.documentElement.scrollWidth") <= HAND["width"]
        picture(page, "hand-scene")


# -- ready phrases -----------------------------------------------------------------------------------------------------


def phrase(page: Page, name: str, words: str) -> Locator:
    return phone(page, name).get_by_role("toolbar", name="现成的话").get_by_role("button", name=f"填入：{words}")


def test_a_phrase_names_the_newest_case_of_its_phone(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        expect(chat(page, GROUP)).to_contain_text("A0001")
        says(page, RESIDENT, RUBBISH)
        expect(chat(page, GROUP)).to_contain_text("A0002")
        phrase(page, GROUP, "接单 A0001").click()
        field = phone(page, GROUP).get_by_role("textbox")
        expect(field).to_have_value("接单 A0002")
        expect(field).to_be_focused()
        field.press("Enter")
        expect(chat(page, WORKER)).to_contain_text("A0002")
        phrase(page, WORKER, "反馈 A0001").click()
        expect(phone(page, WORKER).get_by_role("textbox")).to_have_value("反馈 A0002 已到现场处理好，并当面告知")
        picture(page, "phrases")


def test_a_phrase_without_a_case_calls_the_bot_in_a_group(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        phrase(page, GROUP, "我的待办").click()
        expect(phone(page, GROUP).get_by_role("textbox")).to_have_value("@小格 我的待办")
        phrase(page, WORKER, "我的待办").click()
        expect(phone(page, WORKER).get_by_role("textbox")).to_have_value("我的待办")


# -- answering a card --------------------------------------------------------------------------------------------------


def test_what_answers_a_card_belongs_to_its_case(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        expect(chat(page, GROUP)).to_contain_text("A0001")
        says(page, RESIDENT, RUBBISH)
        expect(chat(page, GROUP)).to_contain_text("A0002")
        chat(page, GROUP).get_by_role("button", name="回复 A0001 的卡片").click()
        expect(phone(page, GROUP).get_by_role("status").filter(has_text="回复 A0001")).to_be_visible()
        picture(page, "quoting")
        says(page, GROUP, "接单")
        mine = chat(page, GROUP).locator(".line--me")
        expect(mine).to_contain_text("回复 A0001 安全隐患排查·电动车飞线充电")
        expect(column(page, "办理中")).to_contain_text("A0001")
        expect(column(page, "已派单")).to_contain_text("A0002")
        expect(phone(page, GROUP).locator(".quoting")).to_be_hidden()


def test_an_answer_can_be_taken_back(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        chat(page, GROUP).get_by_role("button", name="回复 A0001 的卡片").click()
        page.keyboard.press("Escape")
        expect(phone(page, GROUP).locator(".quoting")).to_be_hidden()
        expect(phone(page, GROUP).get_by_role("textbox")).to_be_focused()
        expect(chat(page, RESIDENT).get_by_role("button", name="的卡片")).to_have_count(0)


def test_a_photo_with_words_goes_as_one_message_from_a_worker(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        accept(page)
        expect(chat(page, WORKER)).to_contain_text("A0001")
        mine = phone(page, WORKER)
        mine.get_by_role("button", name="更多功能").click()
        mine.get_by_role("button", name="示例照片").click()
        mine.get_by_role("button", name="处理好了", exact=True).click()
        expect(mine.get_by_role("img", name="要发的照片")).to_be_visible()
        says(page, WORKER, "反馈 A0001 飞线已拆除")
        expect(column(page, "待评价")).to_contain_text("A0001")
        expect(chat(page, WORKER).locator(".photos--alone")).to_contain_text("飞线已拆除")


def test_staff_speak_with_their_voice(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        phone(page, WORKER).get_by_role("button", name="说语音").click()
        says(page, WORKER, "我的待办")
        expect(chat(page, WORKER).locator(".voice")).to_be_visible()
        expect(chat(page, WORKER)).to_contain_text("没有待办")


# -- the board ---------------------------------------------------------------------------------------------------------


def test_the_board_is_sifted_by_state_grid_and_colour(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        says(page, RESIDENT, FLY_WIRE)
        expect(column(page, "已派单")).to_contain_text("A0001")
        scene(page, "居民群").click()
        says(page, RESIDENT, RUBBISH)
        expect(column(page, "已派单")).to_contain_text("A0002")
        page.get_by_label("按颜色筛选").select_option("黄·较急")
        expect(column(page, "已派单")).not_to_contain_text("A0002")
        expect(page.locator(".board__sum")).to_have_text("筛出 1 件，在办 1 件，超期 0 件")
        page.get_by_label("按颜色筛选").select_option("全部")
        page.get_by_label("按网格筛选").select_option("健仁第二网格")
        expect(page.locator(".ticket")).to_have_count(2)
        page.get_by_label("按状态筛选").select_option("办理中")
        expect(column(page, "已派单")).to_be_hidden()
        expect(page.locator(".board__sum")).to_have_text("筛出 0 件，在办 0 件，超期 0 件")
        expect(page.locator(".rates")).to_contain_text("目标 76%")
        picture(page, "sifted", whole=True)


# -- a town that changes -----------------------------------------------------------------------------------------------


class Changing(PlaygroundTown):
    """A town in which 新来 brings a worker, and 离岗 takes them away: what an invitation does in earnest."""

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False, quote: str = "") -> None:
        if text not in ("新来", "离岗"):
            await super().say(who, text, chat=chat, addressed=addressed, quote=quote)
            return
        await self._act(lambda stage: _write(stage, gone=text == "离岗"))


def _write(stage: Stage, *, gone: bool) -> None:
    now = stage.clock.now()
    made = Person(
        id="new", name="钱新来", roles=frozenset({Role.GRID_WORKER}), unit="jr-2", left_at=now if gone else None
    )
    with stage.store.transaction() as tx:
        tx.flush([Written(effects=Effects(persons=(made,)))], now)
    stage.settle()


@pytest.fixture
def changing_url(tmp_path: Path) -> Iterator[str]:
    """The same town with two words that change its people."""
    made = product()

    def town() -> AsyncStage:
        wording = made.desk.rules.wording
        return Changing(lambda fresh: open_town(made, tmp_path, fresh=fresh), wording, tmp_path / "photos")

    with served(town) as base:
        yield base


def test_who_comes_and_who_goes_is_seen_without_reloading(browser: Browser, changing_url: str) -> None:
    with page_for(browser, changing_url) as page:
        choice = page.get_by_label("第三部手机换成谁的")
        expect(choice.locator("option", has_text="钱新来")).to_have_count(0)
        phone(page, WORKER).get_by_role("textbox").fill("还没写完")
        says(page, RESIDENT, "新来")
        expect(choice.locator("option", has_text="钱新来")).to_have_count(1)
        expect(phone(page, WORKER).get_by_role("textbox")).to_have_value("还没写完")
        expect(phone(page, GROUP)).to_contain_text("第二网格工作群（4）")
        choice.select_option("new")
        expect(phone(page, "钱新来的手机")).to_be_visible()
        says(page, RESIDENT, "离岗")
        expect(phone(page, WORKER)).to_be_visible()
        expect(choice.locator("option", has_text="钱新来")).to_have_count(0)


# -- a finished month --------------------------------------------------------------------------------------------------


@pytest.fixture
def demo_url(tmp_path: Path) -> Iterator[str]:
    """The same town with a month that can be loaded: here one case."""
    made = product()

    def month() -> Stage:
        stage = open_town(made, tmp_path, fresh=True)
        stage.say("zhang", FLY_WIRE)
        return stage

    def town() -> AsyncStage:
        wording = made.desk.rules.wording
        return PlaygroundTown(lambda fresh: open_town(made, tmp_path, fresh=fresh), wording, tmp_path / "photos", month)

    with served(town) as base:
        yield base


def test_a_finished_month_is_loaded_by_a_button(browser: Browser, demo_url: str) -> None:
    with page_for(browser, demo_url) as page:
        page.get_by_role("button", name="装入示例月份").click()
        page.get_by_role("dialog").get_by_role("button", name="装入", exact=True).click()
        expect(column(page, "已派单")).to_contain_text("A0001")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_without_a_month_there_is_no_button(browser: Browser, base_url: str) -> None:
    with page_for(browser, base_url) as page:
        expect(page.get_by_role("button", name="装入示例月份")).to_have_count(0)
