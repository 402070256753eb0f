"""Stories of 群发 and 停机公告: written, approved by somebody else, undone, sent to groups when people are awake."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.stories.story import Story

WATER = "明天上午停水检修，请提前储水。咨询12345"
HOMES = ["健仁小区居民群"]


def test_what_is_approved_goes_to_the_groups_after_the_undo_window(anywhere: Story) -> None:
    story = anywhere
    story.says("韩书记", f"群发 健仁社区 {WATER}")
    story.hears("韩书记", "G0001 已写好", "1 个群", f"【盐龙街道】{WATER}")
    story.hears("chen", "韩志刚请您批准群发 G0001")
    story.says("韩书记", "批准 G0001")
    story.hears("韩书记", "请另一位批准")
    story.says("杨书记", "批准 G0001")
    story.hears("杨书记", "没有这项权限")
    story.presses("chen", "批准")
    story.hears("韩书记", "已由陈明远批准")
    story.passes("4m")
    story.hears_nothing("健仁小区居民群")
    story.passes("1m")
    story.hears("健仁小区居民群", f"【盐龙街道】{WATER}")
    assert {one.letter.to for one in story.shown} == {story.who("健仁小区居民群")}
    story.says("chen", "取消群发 G0001")
    story.hears("chen", "收不回")
    story.says("韩书记", "群发记录")
    story.hears("韩书记", "G0001 已发出", "1个群", "写：韩志刚", "批：陈明远")
    story.says("杨书记", "群发记录")
    story.hears("杨书记", "还没有群发")


@pytest.mark.parametrize("who", ["韩书记", "chen"])
@pytest.mark.parametrize("approved", [True, False])
def test_author_and_approver_may_undo(story: Story, who: str, approved: bool) -> None:
    story.says("韩书记", f"群发 健仁社区 {WATER}")
    if approved:
        story.says("chen", "批准 G0001")
    story.says(who, "取消群发 G0001")
    if not approved and who == "chen":
        story.hears(who, "没有这项权限")
        return
    story.hears(who, "已取消")
    story.passes("1h")
    story.hears_nothing("健仁小区居民群")


def test_residents_are_left_alone_at_night(story: Story) -> None:
    story.passes("13h")  # 22:00
    story.says("chen", f"群发 健仁社区、龙港社区 {WATER}")
    story.hears("chen", "健仁社区、龙港社区")
    story.says("pan", "批准 G0001")
    story.hears("pan", "3月3日7:00")
    story.passes("8h")
    story.hears_nothing("健仁小区居民群")
    story.passes("1h")
    story.hears("健仁小区居民群", "停水")


def test_work_groups_have_their_own_word(story: Story) -> None:
    story.says("chen", "群发工作群 健仁社区 今天下午三点开会")
    story.says("xie", "批准 G0001")
    story.passes("5m")
    assert {one.letter.to for one in story.shown} == {"jr-1-work", "jr-2-work", "jr-3-work"}


@pytest.mark.parametrize(
    ("who", "words", "said"),
    [
        ("韩书记", "群发 健仁社区 有事打13812345678", "个人信息"),
        ("韩书记", "群发 健仁社区 " + "长" * 501, "最多500字"),
        ("韩书记", "群发 健仁社区", "要发什么"),
        ("韩书记", "群发 龙港社区 停水", "没有这项权限"),
        ("韩书记", "群发 某某小区 停水", "没找到"),
        ("li", "群发 健仁第二网格 停水", "没有这项权限"),
        ("xie", "群发 健仁社区 停水", "没有这项权限"),
        ("韩书记", "停机公告 今晚22点到23点 维护", "没有这项权限"),
        ("chen", "停机公告 维护", "写到几点"),
        ("chen", "停机公告 今天8点 维护", "已经过了"),
        ("chen", "批准 G0009", "没找到 G0009"),
        ("chen", "取消群发 G0009", "没找到 G0009"),
    ],
)
def test_what_is_refused_changes_nothing(story: Story, who: str, words: str, said: str) -> None:
    story.says(who, words)
    story.hears(who, said)
    with story.stage.store.reading() as reader:
        assert reader.last_broadcasts(9) == []


def test_a_notice_goes_to_all_groups_and_stands_once_in_each_answer(story: Story) -> None:
    story.says("chen", "停机公告 今晚22点到23点 系统维护，期间可能答复慢")
    story.says("pan", "批准 G0001")
    story.says("张阿姨", "你好")
    story.hears("张阿姨", "您好", but_not=["系统维护"])
    story.passes("5m")
    assert {one.letter.to for one in story.shown} == set(story.stage.town.groups)
    story.says("张阿姨", "你好")
    story.hears("张阿姨", "【公告】今晚22点到23点 系统维护")
    story.says("张阿姨", "你好")
    story.hears("张阿姨", "您好", but_not=["系统维护"])
    story.says("郭春生", "着火了")
    story.hears("郭春生", "119", but_not=["系统维护"])
    story.passes("14h")
    story.says("李", "你好")
    assert "系统维护" not in "".join(story.heard("李"))
    assert story.stage.town.notice is None
    assert story.stage.clock.now() > datetime.fromisoformat("2026-03-02T23:00+08:00")
