"""Groups: few messages, none of a resident's words, and what was reported in a group comes back to it."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clock import FakeClock
from bot.stage import Stage
from storage.store import Store
from tests.product import product
from tests.stories.conftest import START
from tests.stories.story import Story

WORK, HOME = "第二网格工作群", "健仁小区居民群"
WORDS = "健仁小区{n}号楼楼道有人给电动车飞线充电"


def told(story: Story, group: str) -> list[str]:
    """Every message that a group has been sent; edits in place are none."""
    mine = [one.letter for one in story.all if one.letter.to == story.who(group)]
    return [letter.text for letter in mine if letter.kind in ("card", "line", "push")]


def test_a_night_with_five_cases_is_one_message_in_the_morning(anywhere: Story) -> None:
    story = anywhere
    story.passes("21h")
    for n in range(1, 6):
        story.says(f"居民{n}", WORDS.format(n=n))
    story.says("居民5", "撤回")
    story.says("li", "接单 A0002")
    assert told(story, WORK) == []
    story.passes("2h")
    (digest,) = told(story, WORK)
    assert [number in digest for number in ("A0001", "A0002", "A0003", "A0004")] == [True] * 4
    assert "A0005" not in digest, "nobody needs to see what was taken back in the night"
    assert "李明已接单" in digest
    story.presses("zhao", "接单 A0003")
    story.hears(WORK, "A0003 已由赵强接单")
    story.hears("居民3", "赵强")


def test_twenty_cases_in_an_hour_are_twelve_messages_and_one(story: Story) -> None:
    for n in range(20):
        story.says(f"居民{n}", WORDS.format(n=n % 8 + 1))
        story.passes("2m")
    assert len(told(story, WORK)) == 12
    story.passes("45m")
    *_, digest = told(story, WORK)
    assert len(told(story, WORK)) == 13
    assert [f"A{n:04}" in digest for n in range(13, 21)] == [True] * 8
    at = [one.at for one in story.all if one.letter.to == story.who(WORK) and one.letter.kind == "card"]
    assert all((later - earlier).total_seconds() >= 3600 for earlier, later in zip(at, at[12:], strict=False))


def test_red_comes_through_whatever_was_said_before(story: Story) -> None:
    for n in range(14):
        story.says(f"居民{n}", WORDS.format(n=n % 8 + 1))
    story.says("王大爷", "健仁小区3号楼厨房着火了")
    story.hears(WORK, "红·紧急")


def test_a_report_in_a_group_is_spoken_of_in_private_and_its_result_in_the_group(anywhere: Story) -> None:
    story = anywhere
    story.says("小店老板", "楼道有人给电动车飞线充电", into=HOME, at=True)
    story.hears(HOME, "已登记 A0001", but_not=["在哪里"])
    story.hears("小店老板", "在哪里")
    story.says("小店老板", "健仁小区3号楼2单元")
    story.hears(WORK, "A0001", but_not=["2单元"])
    story.hears_nothing(HOME)
    story.says("li", "接单 A0001")
    story.says("li", "反馈 A0001 已劝离501的住户")
    story.hears(HOME, "A0001", "已处理", but_not=["501"])
    story.hears("小店老板", "解决了吗")
    story.never_says("501", "2单元", "小店老板", to=[HOME, WORK])


def test_plus_one_by_quoting_the_answer_in_the_group(story: Story) -> None:
    story.says("小店老板", "健仁小区3号楼楼道有人给电动车飞线充电", into=HOME, at=True)
    (answer,) = [one.letter for one in story.shown if one.letter.to == story.who(HOME)]
    story.says("邻居", "+1", into=HOME, quoted=f"m{answer.id}")
    story.hears("邻居", "A0001")
    story.hears_nothing(HOME)
    story.says("li", "接单 A0001")
    story.hears("邻居", "李明")


def test_an_emergency_overheard_alerts_the_desk_and_nobody_in_the_group(story: Story) -> None:
    story.says("邻居", "健仁小区3号楼着火了，好大的烟", into=HOME)
    story.hears_nothing(HOME)
    story.hears("邻居", "119")
    story.hears("duty-desk", "A0001")
    story.says("li", "3号楼着火了，我过去了", into=WORK)
    assert len(story.cases()) == 1
    story.passes("6m")
    story.hears("duty-desk", "无人确认")


def test_who_never_began_is_told_in_the_group_how_to(story: Story) -> None:
    story.says("路人", "楼道有人给电动车飞线充电", into=HOME, at=True, on="telegram")
    story.hears(HOME, "已登记 A0001", "私聊")
    story.hears_nothing("路人")
    story.follows("路人", on="telegram")
    story.hears("路人", "A0001", "在哪里")


def test_the_card_of_a_platform_that_edits_is_edited(story: Story) -> None:
    story.says("张阿姨", WORDS.format(n=3))
    story.says("li", "接单 A0001")
    assert [one.letter.kind for one in story.shown if one.letter.to == story.who(WORK)] == ["edit"]
    story.says("li", "反馈 A0001 已劝离")
    assert len(told(story, WORK)) == 1


@pytest.mark.parametrize("moment", ["2026-03-02T22:00+08:00"])
def test_what_is_over_by_morning_was_never_said(story: Story, moment: str) -> None:
    story.stage.advance(datetime.fromisoformat(moment) - story.stage.clock.now())
    story.says("张阿姨", WORDS.format(n=3))
    story.says("张阿姨", "撤回")
    story.passes("12h")
    assert told(story, WORK) == []


def test_where_nothing_can_be_edited_one_line_follows_and_several_are_joined() -> None:
    made = product()
    platforms = {**made.accounts_on, "jr-2-work": "wecom-webhook"}
    store = Store("sqlite://")
    store.create()
    stage = Stage(store, made.present(), FakeClock(START), platforms)
    stage.open()
    story = Story(stage)
    for n in (1, 2):
        story.says(f"居民{n}", WORDS.format(n=n))
        story.says("li", f"接单 A000{n}")
        assert told(story, WORK)[-1] == f"A000{n} 已由李明接单。"
    story.passes("13h")
    story.says("li", "反馈 A0001 已劝离")
    story.says("li", "反馈 A0002 已劝离")
    before = len(told(story, WORK))
    story.passes("10h")
    (lines,) = told(story, WORK)[before:]
    assert lines.split("\n") == ["A0001 李明已反馈结果，等居民评价。", "A0002 李明已反馈结果，等居民评价。"]
    store.close()
