"""The clock through the real door: reminders, pauses, nights and overdue cases, on both stores."""

from __future__ import annotations

from tests.stories.story import State, Story

WIRES = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


def test_reminded_climbed_taken_paused_and_done(anywhere: Story) -> None:
    story = anywhere
    story.says("张阿姨", WIRES)
    story.passes("2h")
    story.hears("网格员小李", "A0001", "还没人接", but_not=["怕着火"])
    story.hears_nothing("张阿姨")
    story.passes("72m")
    story.hears("网格员小李", "A0001", "快到接单时限")
    story.says("网格员小李", "接单 A0001")
    story.says("网格员小李", "暂停 A0001 等材料 2天")
    due = story.case().due_at
    story.hears("张阿姨", "A0001", "等材料", "顺延")
    story.hears("第二网格工作群", "A0001", "暂停")
    story.passes("47h")
    assert not any("时限" in text and "早" not in text for text in story.heard("网格员小李")), "the clock stands still"
    story.passes("1h")
    story.hears("网格员小李", "A0001", "恢复办理")
    story.hears("张阿姨", "A0001", "接着办了")
    case = story.case()
    assert due is not None
    assert case.due_at is not None
    assert (case.due_at - due).total_seconds() == 48 * 3600
    story.says("网格员小李", "反馈 A0001 已劝离并拆除")
    story.passes("73h")
    assert story.case().state is State.CLOSED
    story.never_says("怕着火", to=["第二网格工作群"])
    with story.stage.store.reading() as reader:
        assert reader.verify() == []


def test_a_deadline_that_passes_is_supervised_and_makes_it_red(anywhere: Story) -> None:
    story = anywhere
    story.says("张阿姨", WIRES)
    story.says("网格员小李", "接单 A0001")
    story.says("网格员小李", "答复 A0001 明天去看")
    story.passes("72h")
    story.hears("张阿姨", "A0001", "督办")
    story.hears("网格员小李", "A0001", "督办", "已升为红色")
    case = story.case()
    assert (case.colour, case.supervised, case.acknowledged_by) == ("red", 1, "")


def test_at_night_the_head_hears_of_yellow_and_nobody_is_passed_over(story: Story) -> None:
    story.passes("14h")
    story.says("张阿姨", WIRES)
    story.hears_nothing("第二网格工作群")
    assert story.case().accept_due is not None
    heads = [one.letter.to for one in story.shown if "夜间来件" in one.letter.text]
    assert heads
    story.passes("510m")
    story.hears("第二网格工作群", "A0001")
    assert story.case().raised == 0
