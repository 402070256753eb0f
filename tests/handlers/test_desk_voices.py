"""The same trouble, many voices, on the desk: who may join, merge and split what; who hears; whose word counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import counting
from handlers.cases import State, Task, TaskKind, TaskState
from handlers.raw import RawText
from tests.handlers.room import Room
from tests.handlers.test_dispatch import away

DOOR = "健仁小区{}号楼门禁坏了"


@pytest.fixture
def room() -> Room:
    return Room()


def told(room: Room, *people: str, building: int = 3) -> Room:
    """These people, one after the other, about the door of one building."""
    for who in people:
        room.says(who, DOOR.format(building))
    return room


def inside(room: Room, number: str = "A0001") -> list[str]:
    """Who is in a case."""
    return [one.person for one in room.memory.all.reporters[number] if not one.parted]


# -- what is one matter ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("健仁小区3号楼门禁坏了", "健仁小区3号楼门禁坏了，进不去"),
        ("健仁小区3号楼停电", "健仁小区5号楼停电"),
        ("健仁小区3号楼1单元101室门禁坏了", "健仁小区3号楼门禁坏了"),
    ],
)
def test_one_matter_is_one_case(room: Room, first: str, second: str) -> None:
    room.ear.teach("健仁小区3号楼停电", "public_facilities", item="power_outage")
    room.ear.teach("健仁小区5号楼停电", "public_facilities", item="power_outage")
    room.says("zhang", first)
    room.says("guo", second)
    assert list(room.memory.all.cases) == ["A0001"]
    assert "已有1位邻居反映" in room.heard("guo")
    assert inside(room) == ["zhang", "guo"]
    assert room.steps()[-1] == "join"
    assert room.history()[-1].note == RawText(second)


@pytest.mark.parametrize(
    ("first", "second", "offered"),
    [
        ("健仁小区3号楼门禁坏了", "健仁小区5号楼门禁坏了", True),
        ("健仁小区3号楼101室门禁坏了", "健仁小区3号楼202室门禁坏了", True),
        ("健仁小区3号楼门禁坏了", "健仁小区9号楼门禁坏了", False),
        ("健仁小区3号楼门禁坏了", "健仁小区3号楼飞线充电", False),
        ("健仁小区3号楼独居老人没人管", "健仁小区3号楼独居老人没人管", False),
        ("健仁小区3号楼养狗太吵", "健仁小区3号楼养狗太吵", False),
        ("健仁小区3号楼被偷了", "健仁小区3号楼被偷了", False),
        ("健仁小区3号楼婆媳吵架", "健仁小区3号楼婆媳吵架", False),
        ("健仁小区3号楼着火了", "健仁小区5号楼着火了", False),
        ("我老公打我，健仁小区3号楼", "我老公打我，健仁小区3号楼", False),
        ("健仁小区3号楼有人晕倒了", "健仁小区3号楼有人晕倒了", False),
    ],
)
def test_what_may_be_another_is_asked_and_what_is_another_is_not(
    room: Room, first: str, second: str, offered: bool
) -> None:
    room.says("zhang", first)
    room.says("new", second)
    assert ("是同一件事吗" in room.heard("new")) is offered
    assert inside(room) == ["zhang"]
    assert room.case("A0002").maybe_same == ("A0001" if offered else "")


def test_two_who_suggest_the_same_are_two(room: Room) -> None:
    for who, words in (("zhang", "健仁小区3号楼多装门禁吧"), ("guo", "健仁小区3号楼要是有门禁就好了")):
        room.ear.teach(words, "public_facilities", item="door_access", demand="suggest")
        room.says(who, words)
    assert (inside(room), inside(room, "A0002")) == (["zhang"], ["guo"])


def test_after_two_hours_it_is_another(room: Room) -> None:
    told(room, "zhang")
    room.passes(timedelta(hours=2, minutes=1))
    room.says("guo", DOOR.format(3))
    assert list(room.memory.all.cases) == ["A0001", "A0002"]
    assert room.case("A0002").state is State.ASSIGNED


def test_what_has_a_result_takes_no_more_voices(room: Room) -> None:
    told(room, "zhang")
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 门禁修好了")
    room.says("guo", DOOR.format(3))
    assert room.case("A0002").state is State.ASSIGNED


@pytest.mark.parametrize("n", range(1, 200))
def test_the_counter_is_renewed_at_few_numbers(n: int) -> None:
    assert counting.worth_telling(n) is (n in (2, 3, 5, 10, 20, 40, 80, 160))


# -- in it, and out of it ----------------------------------------------------------------------------------------------


def test_silence_stays_joined_and_yes_says_so(room: Room) -> None:
    told(room, "zhang", "guo")
    room.says("guo", "是")
    assert "有进展就告诉您" in room.heard("guo")
    assert room.asked("guo") == []
    assert inside(room) == ["zhang", "guo"]


def test_no_takes_words_and_pictures_along(room: Room) -> None:
    told(room, "zhang")
    room.shows("guo", "door.jpg", caption=DOOR.format(3))
    assert len(room.case().photos) == 1
    room.says("guo", "单元门也关不上门禁")
    room.says("guo", "不是同一件")
    assert inside(room) == ["zhang"]
    assert inside(room, "A0002") == ["guo"]
    assert room.case().photos == ()
    assert [photo.case for photo in room.memory.all.photos["A0002"]] == ["A0002"]
    for words in ("3号楼门禁坏了", "关不上门禁"):
        assert words in room.case("A0002").words.reveal()
    room.says("guo", DOOR.format(3))
    assert list(room.memory.all.cases) == ["A0001", "A0002"], "asked once, never again"


def test_a_picture_that_is_fetched_late_finds_its_case(room: Room) -> None:
    told(room, "zhang")
    room.shows("guo", "door.jpg", caption=DOOR.format(3))
    room.presses("guo", "不是同一件事")
    assert [photo.path for photo in room.memory.all.photos["A0002"]] == ["ab/cd.jpg"]


def test_who_joined_cannot_move_the_case_of_all(room: Room) -> None:
    told(room, "zhang", "guo")
    for words in ("改 A0001", "不是3号楼 是健仁小区5号楼"):
        room.says("guo", words)
        assert "是大家一起报的" in room.heard("guo")
        assert room.case().where.building == "3号楼"
    room.presses("guo", "不是同一件事")
    assert inside(room, "A0002") == ["guo"]


def test_more_words_of_one_voice_stay_with_it(room: Room) -> None:
    told(room, "zhang", "guo")
    room.says("li", "接单 A0001")
    room.says("guo", "门禁昨天就坏了")
    assert "昨天就坏了" not in room.case().words.reveal()
    assert "昨天就坏了" in room.memory.all.reporters["A0001"][1].words.reveal()
    assert "昨天就坏了" in room.heard("li")


def test_who_takes_it_reads_what_the_others_said(room: Room) -> None:
    for n, who in enumerate(("zhang", "guo", "huang", "new", "a", "b", "c", "d")):
        room.says(who, f"健仁小区3号楼门禁坏了{'呀' * n}")
    room.says("li", "接单 A0001")
    text = room.heard("li")
    assert text.count("又有居民说") == counting.READ
    assert "另有2种说法" in text
    assert "已有8人反映" in text


def test_news_goes_to_who_has_it_and_mere_numbers_seldom(room: Room) -> None:
    told(room, "zhang")
    room.says("li", "接单 A0001")
    told(room, "guo")
    assert room.to("li") == []
    room.shows("huang", "door.jpg", caption=DOOR.format(3))
    assert "又有居民反映" in room.heard("li")
    told(room, "a")
    assert room.to("li") == []
    told(room, "b")
    assert "已有5人反映" in room.heard("li")


def test_a_frail_voice_raises_the_colour_and_no_deadline_grows(room: Room) -> None:
    told(room, "zhang")
    before = room.case()
    room.ear.teach(
        "健仁小区3号楼门禁坏了，老人出不去", "public_facilities", item="door_access", flags=frozenset({"vulnerable"})
    )
    room.says("guo", "健仁小区3号楼门禁坏了，老人出不去")
    after = room.case()
    assert (before.colour, after.colour) == ("green", "yellow")
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at <= before.due_at


def test_the_last_to_step_back_ends_it(room: Room) -> None:
    told(room, "zhang", "guo")
    room.says("zhang", "撤回")
    assert "还有1位邻居" in room.heard("zhang")
    assert (room.case().state, inside(room)) == (State.ASSIGNED, ["guo"])
    room.says("guo", "撤回")
    assert room.case().state is State.WITHDRAWN


def test_who_asked_to_be_erased_is_when_they_step_back(room: Room) -> None:
    told(room, "zhang", "guo")
    room.says("guo", "删除我的数据")
    room.says("guo", "确认")
    assert room.memory.erased == []
    room.says("guo", "撤回")
    assert room.memory.erased == ["guo"]


# -- whose word counts -------------------------------------------------------------------------------------------------


def done(room: Room, *people: str) -> Room:
    """A case of these people, with a result."""
    told(room, *people)
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 门禁修好了")
    return room


def test_the_first_solved_closes_and_the_others_still_rate(room: Room) -> None:
    done(room, "zhang", "guo", "huang")
    room.says("guo", "已解决 5")
    assert room.case().state is State.CLOSED
    assert room.asked("zhang") == ["rating"]
    room.presses("zhang", "已解决")
    room.says("zhang", "3分")
    assert (room.case().solved, room.case().rating) == (True, 4)
    room.passes(timedelta(days=7, minutes=1))
    room.says("huang", "A0001 已解决 5")
    assert "评价时间过了" in room.heard("huang")
    assert room.case().rating == 4


def test_one_unsolved_keeps_it_open_for_all(room: Room) -> None:
    done(room, "zhang", "guo", "huang")
    room.says("zhang", "没解决")
    assert "要返工吗" in room.heard("zhang")
    room.says("guo", "已解决 5")
    assert "先不办结" in room.heard("guo")
    assert (room.case().state, room.case().solved) == (State.FED_BACK, False)
    room.says("zhang", "要")
    assert room.case().state is State.ASSIGNED
    assert "退回重新处理" in room.heard("huang")
    assert [one.solved for one in room.memory.all.reporters["A0001"]] == [None] * 3


def test_a_neighbour_may_ask_for_it_again_after_the_close(room: Room) -> None:
    done(room, "zhang", "guo")
    room.says("zhang", "已解决 5")
    room.says("guo", "没解决")
    assert room.case().solved is False
    room.says("guo", "要")
    assert (room.case().state, room.case().reopened) == (State.ASSIGNED, 1)


def test_silence_tells_only_those_who_were_silent(room: Room) -> None:
    done(room, "zhang", "guo", "huang")
    room.says("zhang", "没解决")
    room.says("guo", "已解决 5")
    room.passes(timedelta(hours=73))
    assert room.case().state is State.CLOSED
    assert room.heard("guo") == ""
    assert "三天没有收到" in room.heard("huang")


# -- 并案, 拆案 ----------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(room: Room) -> Room:
    """Two cases in two grids."""
    told(room, "zhang", "huang", building=3)
    told(room, "guo", building=9)
    return room


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("chen", "并案 A0002", "请写两个编号"),
        ("chen", "并案", "请写两个编号"),
        ("chen", "并案 A0001 A0001", "不能并入自己"),
        ("chen", "并案 A0002 A0077", "没找到 A0077"),
        ("li", "并案 A0001 A0001", "这一步您不能操作"),
        ("sun", "并案 A0001 A0002", "没找到 A0001"),
        ("guo", "并案 A0002 A0001", "这是工作人员的操作"),
        ("chen", "拆案", "请写编号"),
        ("chen", "拆案 A0001", "现有2位反映人"),
        ("chen", "拆案 A0001 1", "现有2位反映人"),
        ("chen", "拆案 A0001 3", "现有2位反映人"),
        ("li", "拆案 A0001 2", "这一步您不能操作"),
        ("guo", "拆案 A0002", "这是工作人员的操作"),
        ("guo", "像是同一件 A0002 A0001", "这是工作人员的操作"),
        ("sun", "像是同一件 A0002 A0001", "没找到 A0001"),
    ],
)
def test_what_nobody_may_do(pair: Room, who: str, words: str, answer: str) -> None:
    before = dict(pair.memory.all.cases)
    pair.says(who, words)
    assert answer in pair.heard(who)
    assert pair.memory.all.cases == before
    assert len(pair.effects.refusals) == 1


def test_what_is_secret_goes_into_nothing(room: Room) -> None:
    told(room, "zhang")
    room.says("guo", "健仁小区3号楼婆媳吵架")
    for words in ("并案 A0002 A0001", "并案 A0001 A0002"):
        room.says("chen", words)
        assert "保密" in room.heard("chen")


def test_an_alarm_never_ends_in_something_else(room: Room) -> None:
    told(room, "zhang")
    room.says("guo", "健仁小区5号楼着火了")
    room.says("chen", "并案 A0002 A0001")
    assert "另一种险情" in room.heard("chen")


def test_merged_is_merged(pair: Room) -> None:
    pair.says("chen", "并案 A0002 A0001")
    assert inside(pair) == ["zhang", "huang", "guo"]
    assert pair.case("A0002").wake_at is None
    assert "已并入 A0001" in "".join(letter.follow_up for letter in pair.to("jr-1-work"))
    assert pair.to("jr-1-work")[0].buttons == ()
    for words in ("并案 A0002 A0001", "并案 A0001 A0002"):
        pair.says("chen", words)
        assert "已并到另一件事里" in pair.heard("chen")
    pair.says("guo", "催办 A0002")
    assert "已催办 A0001" in pair.heard("guo")
    pair.says("li", "接单 A0001")
    assert "9号楼门禁坏了" in pair.heard("li")
    pair.passes(timedelta(days=9))
    assert pair.steps("A0002")[-1] == "merge", "a merged case never escalates"


def test_apart_again_with_everything(pair: Room) -> None:
    pair.shows("guo", "door.jpg")
    pair.says("chen", "并案 A0002 A0001")
    assert len(pair.case().photos) == 1
    pair.says("guo", "门禁响了一夜")
    pair.presses("chen", "拆案")
    assert inside(pair) == ["zhang", "huang"]
    assert inside(pair, "A0002") == ["guo"]
    assert (pair.case().photos, len(pair.case("A0002").photos)) == ((), 1)
    assert "响了一夜" in pair.case("A0002").words.reveal()
    assert pair.to("jr-1-work")[-1].kind == "card"
    pair.says("sun", "接单 A0002")
    assert "已接单" in pair.heard("guo")
    assert pair.to("zhang") == []


def test_a_case_that_comes_out_again_is_put_before_who_is_there_now(pair: Room) -> None:
    pair.says("chen", "并案 A0002 A0001")
    away(pair, "sun")
    pair.says("chen", "拆案 A0002")
    assert pair.case("A0002").assignees == ("han",)
    assert "A0002" in pair.heard("han")
    assert pair.memory.entries["A0002"][-1].facts["assignees"] == "han"


def test_in_a_building_of_two_micro_grids_it_is_one_matter(room: Room) -> None:
    told(room, "zhang")
    case = room.case()
    room.memory.all.cases["A0001"] = replace(case, where=replace(case.where, unit="jr-2-m1"))
    told(room, "huang")
    assert inside(room) == ["zhang", "huang"]


def test_who_had_left_does_not_come_back(pair: Room) -> None:
    pair.says("chen", "并案 A0002 A0001")
    pair.says("guo", "撤回 A0001")
    pair.says("chen", "拆案 A0002")
    assert inside(pair, "A0002") == []


def test_the_outer_case_comes_out_first(pair: Room) -> None:
    told(pair, "new", building=10)
    pair.says("new", "不是")
    pair.says("chen", "并案 A0003 A0002")
    pair.says("chen", "并案 A0002 A0001")
    assert inside(pair) == ["zhang", "huang", "guo", "new"]
    pair.says("new", "查进度 A0003")
    assert "A0003 已并入 A0001" in pair.heard("new")
    pair.says("chen", "拆案 A0003")
    assert "请先发：拆案 A0002" in pair.heard("chen")
    pair.says("chen", "拆案 A0002")
    pair.says("chen", "拆案 A0003")
    assert [inside(pair, number) for number in ("A0001", "A0002", "A0003")] == [["zhang", "huang"], ["guo"], ["new"]]


def test_one_of_several_gets_a_case_of_their_own(pair: Room) -> None:
    pair.says("chen", "拆案 A0001 2")
    assert "A0003" in pair.heard("huang")
    assert (inside(pair), inside(pair, "A0003")) == (["zhang"], ["huang"])
    assert pair.case("A0003").words == RawText(DOOR.format(3))
    assert pair.case("A0003").state is State.ASSIGNED


def test_who_came_with_a_case_goes_with_it(pair: Room) -> None:
    pair.says("chen", "并案 A0002 A0001")
    pair.says("chen", "拆案 A0001 3")
    assert "请发：拆案 A0002" in pair.heard("chen")


def test_who_was_whistled_helps_in_the_other_case(pair: Room) -> None:
    asked = Task(case="A0002", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=pair.now)
    pair.memory.all.tasks["A0002"] = (*pair.memory.all.tasks["A0002"], asked)
    pair.says("chen", "并案 A0002 A0001")
    assert {task.state for task in pair.memory.all.tasks["A0002"]} == {TaskState.DONE}
    assert [(t.holder, t.state) for t in pair.memory.all.tasks["A0001"] if t.kind is TaskKind.JOIN] == [
        ("enforcement", TaskState.CALLED)
    ]


def test_a_worker_proposes_and_a_dispatcher_taps(pair: Room) -> None:
    pair.says("han", "像是同一件 A0002 A0001")
    assert "韩志刚觉得 A0002" in pair.heard("chen")
    assert pair.case("A0002").state is State.ASSIGNED
    pair.presses("chen", "并案")
    assert pair.case("A0002").state is State.MERGED
    assert "propose" in pair.steps("A0002")
