"""Another catalogue, by one word of the configuration: seven duties and nineteen items, with the same ear and code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from bot import config as configuration
from bot.app import Product, build, stage
from bot.clock import FakeClock
from tests.product import ROOT, product
from tests.stories.conftest import START
from tests.stories.story import State, Story


@cache
def other() -> Product:
    product()  # the ear is trained
    return build(configuration.read(ROOT / "config.yaml", {"XIAOGE__TOWN__CATALOGUE": "jianghai"}))


@pytest.fixture
def short() -> Iterator[Story]:
    """A story under the short catalogue."""
    made = stage(other(), FakeClock(START))
    yield Story(made)
    made.store.close()


def test_from_report_to_rating(short: Story) -> None:
    short.says("王大爷", "健仁小区3号楼楼道里有人飞线充电")
    short.hears("王大爷", "A0001", "安全隐患排查·日常安全隐患", "健仁第二网格")
    short.hears("第二网格工作群", "A0001", "日常安全隐患")
    short.presses("网格员小李", "接单", "A0001")
    short.says("网格员小李", "反馈 A0001 已劝离，拔了线")
    short.hears("王大爷", "已劝离，拔了线")
    short.says("王大爷", "已解决 5")
    case = short.case()
    assert (case.duty, case.item, case.state) == ("safety", "hazard", State.CLOSED)


def test_a_dispute_is_a_secret_and_goes_to_the_mediators(short: Story) -> None:
    short.says("张姐", "健仁小区5号楼楼上漏水泡了我家地板不肯赔，帮我调解")
    short.hears("张姐", "A0001", "赔偿钱款纠纷", "调解员")
    short.never_says("A0001", to=["第二网格工作群", "第二网格居民群"])
    case = short.case()
    assert (case.duty, case.item, case.lead, case.confidential) == ("harmony", "compensation", "justice_office", True)
    short.says("张姐", "愿意")
    short.hears("张姐", "A0001")


@pytest.mark.parametrize(
    ("words", "number", "kind"),
    [
        ("健仁小区3号楼厨房着火了", "119", "fire"),
        ("我爸突然倒地没有呼吸了", "120", "medical"),
        ("厨房好大一股煤气味", "119", "gas"),
        ("我妈妈走丢了，她有老年痴呆", "110", "missing"),
        ("我老公又动手打我，我躲在卫生间", "110", "dv"),
        ("活着没意思，今晚就结束吧", "12356", "self_harm"),
    ],
)
def test_danger_has_its_own_number_though_the_list_has_one_item(
    short: Story, words: str, number: str, kind: str
) -> None:
    short.says("王大爷", words)
    (answer,) = short.heard("王大爷")
    assert number in answer.split("\n")[0]
    short.hears("duty-desk", "A0001")
    case = short.case()
    assert (case.duty, case.item, case.emergency, case.colour) == ("peace", kind, kind, "red")


def test_two_who_tell_of_one_fire_are_one_case(short: Story) -> None:
    short.says("王大爷", "健仁小区3号楼厨房着火了")
    short.says("张姐", "健仁小区3号楼起火了快来")
    assert len(short.cases()) == 1


def test_a_petition_goes_quietly_to_its_own_desk(short: Story) -> None:
    short.says("小孙", "我们业主约好明天一起去市里上访拉横幅")
    short.hears("小孙", "A0001", but_not=("稳控", "红"))
    case = short.case()
    assert (case.duty, case.item, case.lead, case.confidential) == ("harmony", "petition", "grid_center", True)
    assert case.due_at is not None
    assert case.due_at - case.opened_at == timedelta(hours=120)
    short.never_says("A0001", to=["第二网格工作群", "第二网格居民群", "centre-work"])


def test_questions_are_answered_and_a_person_is_found(short: Story) -> None:
    short.says("老吴", "加班费怎么算")
    short.hears("老吴", "第四十四条")
    short.says("老吴", "居住证怎么办")
    short.hears("老吴", "来源")
    assert short.cases() == []
    short.says("老钱", "转人工")
    short.hears("老钱", "已转人工")
    short.says("老钱", "转人工")
    short.hears("老钱", "已经在人工")
    assert [case.item for case in short.cases()] == ["human_desk"]


@pytest.mark.parametrize(
    ("words", "item"),
    [
        ("健仁小区3号楼东边路灯不亮了", "facility"),
        ("健仁小区整个小区都停电了", "outage"),
        ("健仁小区3号楼楼顶有人搭建阳光房", "building"),
        ("健仁小区门口垃圾桶三天没人收了，臭死了", "order"),
        ("健仁小区5号楼独居老人没人照顾，麻烦常去看看", "care"),
        ("我刚搬到健仁小区3号楼，来登记一下", "register"),
        ("建议小区多装几张长椅", "suggest"),
        ("我想报名当志愿者", "take_part"),
    ],
)
def test_each_label_finds_its_item(short: Story, words: str, item: str) -> None:
    short.says("王大爷", words)
    assert [case.item for case in short.cases()] == [item]


def test_a_dispatcher_names_items_and_kinds(short: Story) -> None:
    short.says("王大爷", "健仁小区3号楼东边路灯不亮了")
    short.says("chen", "改类 A0001 违法搭建")
    assert (short.case().item, short.case().lead) == ("building", "enforcement")
    short.says("chen", "改类 A0001 火情")
    assert short.case().item == "fire"


def test_what_is_barred_goes_to_no_grid_by_hand(short: Story) -> None:
    short.says("王大爷", "健仁小区3号楼楼顶有人搭建阳光房")
    short.says("chen", "派单 A0001 健仁第二网格")
    short.hears("chen", "不承担处罚")
    assert short.case().lead == "enforcement"


def test_cases_of_the_old_catalogue_are_finished_under_the_new_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'town.db'}"
    before = Story(stage(product(), FakeClock(START), url))
    before.says("王大爷", "健仁小区3号楼楼道里有人飞线充电")
    before.says("老周", "健仁小区5号楼独居老人没人照顾，麻烦常去看看")
    before.stage.store.close()
    after = Story(stage(other(), FakeClock(START + timedelta(minutes=5)), url))
    after.says("网格员小李", "接单 A0001")
    after.hears("王大爷", "已接单")
    after.says("网格员小李", "反馈 A0001 已劝离，拔了线")
    after.says("王大爷", "已解决")
    assert after.case().state is State.CLOSED
    after.says("网格员小李", "接单 A0002")
    after.never_says("A0002", to=["第二网格工作群"])
    after.stage.store.close()
