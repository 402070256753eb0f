"""Stories of hands: a case is taken, passed on, helped with and given back, through the real door."""

from __future__ import annotations

from datetime import timedelta

from handlers.cases import TaskState
from tests.stories.story import State, Story

SENTENCE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


def opened(story: Story) -> None:
    """One case lies on the card of the second grid."""
    story.says("张阿姨", SENTENCE)
    story.hears("第二网格工作群", "A0001", "派给：李明、赵强（地点属健仁第二网格）", but_not=["怕着火"])


def tasks(story: Story) -> list[tuple[str, TaskState, str]]:
    """The tasks of the case: holder, state, who."""
    with story.stage.store.reading() as reader:
        return [(task.holder, task.state, task.person) for task in reader.tasks("A0001")]


def steps(story: Story) -> list[str]:
    """What happened to the case; its chain must hold."""
    with story.stage.store.reading() as reader:
        assert reader.verify() == []
        return [entry.step for entry in reader.entries("A0001")]


def test_from_the_whistle_to_the_rating(anywhere: Story) -> None:
    story = anywhere
    opened(story)
    story.presses("李明", "接单", "A0001")
    story.says("李明", "吹哨 A0001 综合执法局 楼道里线多，请一起清")
    story.hears("综合执法群", "吹哨", "A0001", "电动车飞线充电", but_not=["楼道", "怕着火"])
    story.hears_nothing("张阿姨")
    story.passes("2h")
    story.presses("林勇", "报到", "A0001")
    story.hears("李明", "林勇已报到")
    story.hears("林勇", "健仁小区3号楼", "李明", but_not=["怕着火"])
    story.says("林勇", "协办完成 A0001 线已剪断收走")
    story.hears("李明", "线已剪断收走")
    assert ("enforcement", TaskState.DONE, "lin") in tasks(story)
    story.says("李明", "反馈 A0001 已清理，装了充电桩指引")
    story.hears("张阿姨", "解决了吗")
    story.says("张阿姨", "已解决 5")
    assert (story.case().state, story.case().rating) == (State.CLOSED, 5)
    assert steps(story) == [
        "open", "assign", "accept", "whistle", "report_in", "contribute", "feed_back", "rate", "close",
    ]  # fmt: skip
    story.never_says("怕着火", "楼道", to=["第二网格工作群", "综合执法群"])


def test_given_back_twice_the_dispatcher_decides(anywhere: Story) -> None:
    story = anywhere
    opened(story)
    story.presses("李明", "接单", "A0001")
    story.says("李明", "转办 A0001 综合执法局 需要现场执法")
    story.hears("张阿姨", "A0001", "综合执法局")
    story.hears("林勇", "李明转给您", "需要现场执法")
    story.says("林勇", "退回 A0001 楼道内归网格")
    story.hears("李明", "综合执法局退回", "楼道内归网格")
    story.presses("赵强", "不归我管", "A0001")
    story.presses("赵强", "不是我们的事")
    story.hears("陈明远", "退回", "请值班定")
    assert (story.case().lead, story.case().returned) == ("grid_center", 2)
    story.says("陈明远", "转办 A0001 健仁第二网格 楼道内由网格办")
    assert story.case().lead == "jr-2"
    story.says("赵强", "退回 A0001 还是不想办")
    story.hears("赵强", "已退回两次")
    assert story.case().lead == "jr-2"
    story.says("赵强", "接单 A0001")
    story.hears("张阿姨", "赵强已接单")
    assert steps(story).count("return") == 2


def test_two_press_at_once_and_the_winner_changes_their_mind(anywhere: Story) -> None:
    story = anywhere
    opened(story)
    story.presses("李明", "接单", "A0001")
    story.hears("张阿姨", "李明已接单")
    story.says("赵强", "接单 A0001")
    story.hears("赵强", "已由李明接单")
    story.passes("5m")
    story.says("李明", "放回 A0001")
    story.hears_nothing("张阿姨")
    assert story.case().state is State.ASSIGNED
    story.says("赵强", "接单 A0001")
    story.hears("张阿姨", "赵强已接单")
    story.passes("11m")
    story.says("赵强", "放回 A0001")
    story.hears("赵强", "10分钟")
    assert story.case().lead_person == "zhao"
    with story.stage.store.reading() as reader:
        (lead,) = reader.tasks("A0001")
    assert lead.reported_at is not None
    assert story.stage.clock.now() - lead.reported_at == timedelta(minutes=11)


def test_who_has_less_in_hand_is_asked_first(anywhere: Story) -> None:
    story = anywhere
    opened(story)
    story.presses("李明", "接单", "A0001")
    story.says("王伯", "健仁小区5号楼门禁坏了")
    assert story.case("A0002").assignees == ("zhao", "li")
    story.says("小孟", "有人乱倒建筑垃圾")
    story.says("小孟", "健仁小区6号楼")
    assert story.case("A0003").assignees == ("zhao", "li")
    story.says("李明", "为什么 A0002")
    story.hears("李明", "地点属健仁第二网格", "把握", "赵强、李明")


def test_sent_up_level_by_level(story: Story) -> None:
    opened(story)
    story.presses("李明", "接单", "A0001")
    story.says("李明", "上报 A0001 整栋楼都这样，要社区统一装桩")
    story.hears("韩志刚", "上报", "统一装桩")
    assert (story.case().lead, story.case().level) == ("jr", "community")
    story.says("韩志刚", "上报 A0001 请街道统筹")
    assert story.case().lead == "grid_center"
