"""The same trouble, many voices: forty reports are one case with forty reporters, one card and forty results."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from bot.batch import Batch, Result
from bot.clock import FakeClock
from bot.present import Present
from bot.stage import Shown
from handlers.cases import Reporter, State
from handlers.incoming import Incoming
from handlers.raw import RawText
from storage.store import Store
from tests.product import product
from tests.stories.conftest import START
from tests.stories.story import Story

MANY = 40
WORDS = ("停电了", "家里没电了", "怎么又停电", "整栋楼停电")


def words(n: int) -> str:
    """A power cut as forty people in eight buildings of one grid tell it."""
    return f"健仁小区{n % 8 + 1}号楼{WORDS[n % len(WORDS)]}"


def reporters(store: Store, number: str = "A0001") -> list[Reporter]:
    with store.reading() as reader:
        return reader.reporters(number)


def kinds(shown: Iterable[Shown], *people: str) -> list[str]:
    """The kinds of the letters that these people got, in order."""
    return [one.letter.kind for one in shown if one.letter.to in people]


@pytest.fixture
def blackout(story: Story) -> Story:
    """A power cut that forty residents have reported."""
    for n in range(MANY):
        story.says(f"r{n}", words(n))
    return story


def test_forty_reports_of_a_power_cut_are_one_case(blackout: Story) -> None:
    story = blackout
    assert [case.number for case in story.cases()] == ["A0001"]
    residents = {f"r{n}" for n in range(MANY)}
    found = reporters(story.stage.store)
    assert (found[0].person, {one.person for one in found}, len(found)) == ("r0", residents, MANY)
    others = [one for one in story.all if one.letter.to not in residents]
    assert [one.letter.to for one in others] == ["peng"], "one letter to the department, nothing else to anybody"
    story.hears("r39", "A0001", "已有39位邻居反映", "同一件事")
    with story.stage.store.reading() as reader:
        assert [entry.step for entry in reader.entries("A0001")] == ["open", "assign", *["join"] * (MANY - 1)]
        assert reader.verify() == []


def test_each_of_forty_hears_every_step_once_and_rates(blackout: Story) -> None:
    story = blackout
    story.says("彭亮", "接单 A0001")
    assert sorted(to for to in (one.letter.to for one in story.shown) if to[0] == "r") == sorted(
        f"r{n}" for n in range(MANY)
    )
    for n in (0, 7, 39):
        story.says(f"r{n}", "查进度")
        story.hears(f"r{n}", "A0001", "彭亮")
    story.says("彭亮", "反馈 A0001 变压器已更换，已恢复供电")
    assert kinds(story.shown, *(f"r{n}" for n in range(MANY))) == ["push"] * MANY
    story.says("r5", "已解决 5")
    assert story.case().state is State.CLOSED
    story.says("r6", "已解决 2")
    story.presses("r7", "已解决")
    story.hears("r7", "A0001")
    assert (story.case().solved, story.case().rating) == (True, 4)
    assert [one.solved for one in reporters(story.stage.store)].count(True) == 3
    story.passes("8d")
    story.says("r8", "A0001 已解决 5")
    story.hears("r8", "评价时间过了")


def test_who_steps_back_goes_alone_even_the_first(blackout: Story) -> None:
    story = blackout
    story.says("r3", "撤回")
    story.hears("r3", "已撤回", "还有39位")
    story.says("r0", "撤回")
    story.hears("r0", "还有38位")
    assert story.case().state is State.ASSIGNED
    assert len(reporters(story.stage.store)) == MANY - 2
    story.says("r3", "查进度")
    story.hears("r3", "没有在办的事")
    story.says("彭亮", "接单 A0001")
    story.hears_nothing("r0")
    story.hears("r1", "已接单")


def test_a_group_sees_one_card_and_a_counter(story: Story) -> None:
    for n in range(12):
        story.says(f"r{n}", "健仁小区5号楼大门门禁坏了")
    assert [case.number for case in story.cases()] == ["A0001"]
    in_group = [one.letter for one in story.all if one.letter.to == "jr-2-work"]
    assert [letter.kind for letter in in_group] == ["card", "edit", "edit", "edit", "edit"]
    assert [letter.text.splitlines()[-1] for letter in in_group[1:]] == [f"已有{n}人反映" for n in (2, 3, 5, 10)]
    story.never_says("大门", to=["第二网格工作群"])


def test_another_matter_is_one_tap_away(story: Story) -> None:
    story.says("王姨", "健仁小区5号楼大门门禁坏了")
    story.says("刘叔", "健仁小区5号楼后门门禁坏了")
    story.hears("刘叔", "A0001", "已有1位邻居反映")
    story.presses("刘叔", "不是同一件事")
    story.hears("刘叔", "已登记 A0002", "5号楼")
    assert [one.person for one in reporters(story.stage.store)] == ["王姨"]
    assert [one.person for one in reporters(story.stage.store, "A0002")] == ["刘叔"]
    assert story.case("A0002").words == RawText("健仁小区5号楼后门门禁坏了")


def test_the_same_trouble_near_by_is_asked_about(story: Story) -> None:
    story.says("王姨", "健仁小区5号楼大门门禁坏了")
    story.says("刘叔", "健仁小区6号楼的门禁刷不开，坏了")
    story.hears("刘叔", "已登记 A0002", "A0001 也是", "是同一件事吗")
    story.hears_nothing("第二网格工作群")
    story.says("刘叔", "是")
    story.hears("刘叔", "A0002 并进 A0001", "2位")
    assert (story.case("A0002").state, story.case("A0002").merged_into) == (State.MERGED, "A0001")
    story.says("刘叔", "查进度 A0002")
    story.hears("刘叔", "A0002 已并入 A0001")
    story.says("赵婶", "健仁小区7号楼的门禁刷不开，坏了")
    story.says("赵婶", "不是")
    story.hears("赵婶", "A0003 单独办")
    story.hears("第二网格工作群", "A0003")


def test_silence_leaves_it_a_matter_of_its_own(story: Story) -> None:
    story.says("王姨", "健仁小区5号楼大门门禁坏了")
    story.says("刘叔", "健仁小区6号楼的门禁刷不开，坏了")
    story.passes("11m")
    story.hears("刘叔", "A0002", "单独一件办")
    assert story.case("A0002").state is State.ASSIGNED
    story.presses("刘叔", "是同一件事")
    story.hears("刘叔", "已经单独派出去")


def test_the_place_comes_first_and_the_offer_if_it_fits(story: Story) -> None:
    story.says("王姨", "健仁小区5号楼大门门禁坏了")
    story.says("刘叔", "门禁坏了")
    story.hears("刘叔", "在哪里", but_not=["同一件"])
    story.says("刘叔", "健仁小区5号楼")
    story.hears("刘叔", "A0002", "是同一件事吗")
    story.presses("刘叔", "是同一件事")
    assert story.case("A0002").state is State.MERGED


def test_a_dispatcher_puts_two_cases_together_and_apart(anywhere: Story) -> None:
    story = anywhere
    story.says("王姨", "健仁小区5号楼大门门禁坏了")
    story.says("刘叔", "龙港花园3号楼的门禁坏了打不开")
    story.says("网格员小李", "像是同一件 A0002 A0001")
    story.says("陈明远", "并案 A0002 A0001")
    story.hears("刘叔", "A0002", "A0001", "并到一起办")
    story.hears("陈明远", "A0002 已并入 A0001", "共2人")
    story.says("网格员小李", "接单 A0001")
    story.hears("网格员小李", "3号楼的门禁坏了打不开")
    story.hears("刘叔", "A0001", "已接单")
    story.says("陈明远", "拆案 A0002")
    story.hears("刘叔", "A0002", "单独办")
    assert (story.case("A0002").state, story.case("A0002").merged_into) == (State.ASSIGNED, "")
    assert [one.person for one in reporters(story.stage.store)] == ["王姨"]
    assert [one.person for one in reporters(story.stage.store, "A0002")] == ["刘叔"]
    with story.stage.store.reading() as reader:
        assert reader.verify() == []


def test_two_who_see_one_fire_are_one_alarm(story: Story) -> None:
    story.says("王姨", "健仁小区3号楼着火了，快来")
    story.says("刘叔", "健仁小区3号楼着火了，冒黑烟")
    story.hears("刘叔", "119", "A0001")
    story.hears("duty-desk", "又有人报告", "冒黑烟")
    assert [case.number for case in story.cases()] == ["A0001"]
    assert [one.person for one in reporters(story.stage.store)] == ["王姨", "刘叔"]
    story.says("赵婶", "健仁小区9号楼着火了")
    assert len(story.cases()) == 2


# -- in one batch ------------------------------------------------------------------------------------------------------


def said(n: int) -> Incoming:
    address = f"wechat:gh:n{n}"
    return Incoming(
        platform="wechat", account="gh", key=f"k{n}", sender=address, chat=address, inline=True,
        text=RawText(words(n)), said_at=START,
    )  # fmt: skip


@pytest.mark.parametrize("cuts", [(40,), (13, 40), (1, 2, 5, 33, 40)])
def test_forty_at_once_are_one_case_however_they_are_batched(story: Story, cuts: tuple[int, ...]) -> None:
    store, made = story.stage.store, product()
    batch = Batch(store, Present(made.desk, made.ear), FakeClock(START))
    begin, results = 0, list[Result]()
    for end in cuts:
        results += [one for one in batch.serve([said(n) for n in range(begin, end)]) if isinstance(one, Result)]
        begin = end
    assert len(results) == MANY
    assert [n for n, one in enumerate(results) if "A0001" not in one.receipt or one.failed] == []
    assert "已有39位邻居反映" in results[-1].receipt
    assert len(story.cases()) == 1
    assert len(reporters(store)) == MANY
    with store.reading() as reader:
        told = [letter for letter in reader.letters_of() if letter.kind != "reply"]
        assert [letter.to for letter in told] == ["peng"]
        assert reader.verify() == []
