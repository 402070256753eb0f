"""Danger first: the number at once, a human alerted until one answers, and the confidential lane."""

from __future__ import annotations

import pytest

from tests.stories.story import State, Story

CALLED = ("已报警", "已拨打", "已经报警", "帮您报警", "替您报警了", "已派", "救护车已", "正在赶来", "消防已")


@pytest.mark.parametrize(
    ("words", "number", "kind"),
    [
        ("健仁小区3号楼厨房着火了", "119", "fire"),
        ("我爸突然倒地没有呼吸了", "120", "medical"),
        ("厨房好大一股煤气味", "119", "gas"),
        ("电梯里困了两个人", "119", "trapped"),
        ("有人拿刀在楼下砍人", "110", "police"),
        ("我妈妈走丢了，她有老年痴呆", "110", "missing"),
        ("水进家了，已经到床沿了", "119", "disaster"),
        ("我老公又动手打我，我躲在卫生间", "110", "dv"),
        ("活着没意思，今晚就结束吧", "12356", "self_harm"),
        ("隔壁那家把孩子打得浑身是伤，孩子一直哭", "110", "minor"),
    ],
)
def test_the_number_comes_first_and_nothing_is_claimed(story: Story, words: str, number: str, kind: str) -> None:
    story.says("王大爷", words)
    (answer,) = story.heard("王大爷")
    assert number in answer.split("\n")[0]
    assert "A0001" in answer
    assert not [claim for claim in CALLED if claim in answer]
    case = story.case()
    assert (case.emergency, case.colour, case.state) == (kind, "red", State.ASSIGNED)
    story.hears("duty-desk", "A0001")


def test_the_desk_is_called_again_until_a_human_answers(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼厨房着火了")
    story.passes("6m")
    story.hears("duty-desk", "无人确认", "A0001")
    story.presses("chen", "收到", "A0001")
    story.hears("王大爷", "值班人员已看到")
    story.passes("2h")
    assert not [text for text in story.heard("duty-desk") if "无人确认" in text]


def test_only_the_place_is_asked_and_it_reaches_the_desk(story: Story) -> None:
    story.says("王大爷", "着火了")
    story.hears("王大爷", "119", "哪个小区")
    story.says("王大爷", "健仁小区3号楼")
    story.hears("duty-desk", "健仁小区3号楼")
    assert len(story.cases()) == 1


@pytest.mark.parametrize(
    "words", ["我老公又动手打我，我躲在卫生间", "活着没意思，今晚就结束吧", "我爸突然倒地没有呼吸了"]
)
def test_confidential_kinds_reach_no_group(story: Story, words: str) -> None:
    story.says("王大爷", f"{words}，健仁小区3号楼")
    groups = set(story.stage.town.groups)
    assert not [one for one in story.all if one.letter.to in groups]


def test_a_fire_shows_no_place_in_groups(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼2单元501着火了")
    story.hears("第二网格工作群", "A0001", but_not=["501", "2单元", "3号楼"])


def test_violence_at_home_is_never_mediated(story: Story) -> None:
    story.says("王大爷", "我老公又动手打我，我躲在卫生间")
    assert not [one for one in story.all if "调解" in one.letter.text]


@pytest.mark.parametrize(
    "words", ["如果家里着火第一步该干嘛", "气死我了，快递又丢了", "消防演习几点开始", "火锅店着火爆"]
)
def test_what_only_sounds_like_danger(story: Story, words: str) -> None:
    story.says("王大爷", words)
    assert not [case for case in story.cases() if case.emergency]


def test_more_words_join_the_running_case(story: Story) -> None:
    story.says("王大爷", "健仁小区3号楼着火了")
    story.says("王大爷", "火越来越大了快来人")
    assert len(story.cases()) == 1
    story.hears("duty-desk", "又说")


def test_petition_is_confidential_and_calm(story: Story) -> None:
    story.says("王大爷", "物业不交账，我们约好周六五十户去区里讨说法")
    case = story.case()
    assert (case.item, case.confidential) == ("petition", True)
    groups = set(story.stage.town.groups)
    assert not [one for one in story.all if one.letter.to in groups]
    story.hears("王大爷", "专人", but_not=["违法", "后果", "追究", "禁止"])


def test_a_dispute_goes_to_mediators_in_private(story: Story) -> None:
    story.says("王大爷", "楼上漏水把我家吊顶泡了，他不认账，你们来调解下，健仁小区3号楼")
    story.hears("王大爷", "免费", "自愿")
    story.hears("wang", "A0001")
    groups = set(story.stage.town.groups)
    assert not [one for one in story.all if one.letter.to in groups]
    story.says("王大爷", "愿意")
    story.hears("王大爷", "保密")
