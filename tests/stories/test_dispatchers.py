"""Stories of dispatchers: cases sent, changed, taken, closed by hand, and what everybody hears of it."""

from __future__ import annotations

import pytest

from tests.stories.story import State, Story

WIRE = "健仁小区3号楼楼道有人给电动车飞线充电"


def test_a_case_is_sent_changed_and_closed_by_hand(anywhere: Story) -> None:
    story = anywhere
    story.says("张阿姨", WIRE)
    story.says("chen", "派单 A0001 综合执法局 请今天去看")
    story.hears("chen", "A0001 已派给综合执法局")
    story.hears("lin", "请今天去看")
    story.hears("张阿姨", "已交综合执法局处理")
    story.hears("第二网格工作群", "已派给综合执法局")
    story.says("chen", "改地点 A0001 龙港花园5号楼")
    story.hears("张阿姨", "龙港花园5号楼")
    assert story.case().where.unit.startswith("lg-1")
    story.says("chen", "升级 A0001 红 线已发热")
    story.hears("lin", "红·紧急", "线已发热", "收到")
    story.presses("lin", "收到", "A0001")
    assert story.case().acknowledged_by == "lin"
    story.says("chen", "查进度 A0001")
    story.hears("chen", "已由林勇确认收到")
    story.says("chen", "降级 A0001 绿")
    story.hears("chen", "写明原因")
    story.says("chen", "降级 A0001 绿 已断电")
    story.hears("lin", "绿·一般", "已断电")
    story.says("chen", "关闭 A0001 与昨天同一件，电话13812345678")
    story.hears("张阿姨", "先办结了", "返工", but_not=["13812345678"])
    assert (story.case().state, story.case().shut) == (State.CLOSED, True)
    story.says("张阿姨", "A0001 返工")
    assert (story.case().state, story.case().shut) == (State.ASSIGNED, False)
    story.never_says("飞线充电，", "138", "线已发热", to=["第二网格工作群", "综合执法群"])


def test_a_name_that_fits_nothing_is_answered_with_the_nearest(story: Story) -> None:
    story.says("张阿姨", WIRE)
    story.says("chen", "改类 A0001 灯不亮的路")
    story.hears("chen", "是下面哪一个", "1. ")
    story.says("chen", "1")
    story.hears("chen", "已改为", "路灯")
    entry = [one for one in _history(story) if one.step == "relabel"][-1]
    assert entry.facts["before"] == "safety_hazard/ebike_wiring"
    assert entry.facts["after"].startswith("public_facilities/")


def _history(story: Story) -> list:  # type: ignore[type-arg]
    with story.stage.store.reading() as reader:
        return list(reader.entries("A0001"))


def test_what_a_human_raised_stays_when_the_matter_changes(story: Story) -> None:
    story.says("张阿姨", WIRE)
    story.says("chen", "升级 A0001")
    assert story.case().colour == "red"
    story.says("chen", "改类 A0001 路灯不亮")
    story.hears("chen", "颜色仍是红色")
    assert story.case().colour == "red"
    story.says("chen", "降级 A0001 已核实")
    assert story.case().colour == "yellow"


def test_a_dispatcher_takes_a_case_and_refers_another(story: Story) -> None:
    story.says("张阿姨", WIRE)
    story.says("li", "接单 A0001")
    story.says("chen", "接管 A0001")
    story.hears("li", "不用再办")
    story.hears("chen", "归您办了", "3号楼")
    story.hears("张阿姨", "陈明远已接单")
    assert (story.case().lead, story.case().lead_person, story.case().state) == ("grid_center", "chen", State.HANDLING)
    story.says("chen", "督办 A0001 自己也要抓紧")
    story.says("张阿姨", "健仁小区5号楼停电了")
    story.says("chen", "转出 A0002 供电公司 GD20260301")
    story.hears("张阿姨", "供电公司", "GD20260301", "95598")
    assert story.case("A0002").state is State.REFERRED


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("GD20260301", True),
        ("dh2026030112345678", True),
        ("2026-0099", True),
        ("TEL13912345678", False),
        ("SJ13912345678", False),
        ("QQ12345678", False),
        ("wx-12345678", False),
        ("ID320902198001011238", False),
        ("YH6222021234567890123", False),
    ],
)
def test_of_what_is_referred_out_only_a_number_of_theirs_is_told(story: Story, number: str, told: bool) -> None:
    story.says("张阿姨", "健仁小区5号楼停电了")
    story.says("chen", f"转出 A0001 供电公司 {number}")
    assert (number in "".join(story.heard("张阿姨"))) is told
    assert story.case().state is State.REFERRED


def test_what_is_answered_needs_nobody_to_go(story: Story) -> None:
    story.says("张阿姨", "路灯坏了")
    assert story.case().state is State.COLLECTED
    story.says("chen", "答复办结 A0001 这一片今晚检修，明早恢复")
    story.hears("张阿姨", "今晚检修")
    assert story.case().state is State.CLOSED
    story.says("chen", "督办 A0001 快点")
    story.hears("chen", "已经办结")


def test_who_lives_with_violence_is_not_written_to(story: Story) -> None:
    story.says("张阿姨", "我老公打我，救命")
    number = story.cases()[0].number
    story.says("chen", f"督办 {number} 马上联系妇联")
    story.hears_nothing("张阿姨")
    story.says("chen", f"关闭 {number} 已由派出所处置")
    story.hears_nothing("张阿姨")


def test_others_may_not(story: Story) -> None:
    story.says("张阿姨", WIRE)
    for who, words in (("li", "派单 A0001 赵强"), ("wu", "改地点 A0001 龙港花园5号楼"), ("xie", "关闭 A0001 不办了"),
                       ("张阿姨", "关闭 A0001 不办了"), ("lin", "升级 A0001 红"), ("han", "接管 A0001")):  # fmt: skip
        before = story.case()
        story.says(who, words)
        assert story.case() == before, who
        assert len(story.heard(who)) == 1
