"""Dialogues of those who work: taking, feeding back, answering, in groups and in private, and who may not."""

from __future__ import annotations

import pytest

from handlers.cases import State, TaskState
from tests.handlers.room import HOUR, Room

WIRE = "健仁小区3号楼2单元501室门口有人飞线充电，电话13812345678"


def reported(words: str = WIRE, who: str = "zhang") -> Room:
    """A room in which one case has been reported."""
    room = Room()
    room.says(who, words)
    return room


def taken(words: str = WIRE, by: str = "li") -> Room:
    """A room in which the case has been taken as well."""
    room = reported(words)
    room.says(by, "接单 A0001")
    assert room.case().state is State.HANDLING
    return room


def test_taking_tells_the_resident_who_the_group_who_and_the_taker_everything() -> None:
    room = reported()
    room.presses("li", "接单", into="jr-2-work")
    assert "网格员李明已接单" in room.heard("zhang")
    (edit,) = [letter for letter in room.to("jr-2-work") if letter.kind == "edit"]
    assert "李明正在办" in edit.text
    assert [button.label for button in edit.buttons] == ["反馈"]
    private = room.heard("li")
    assert "2单元501室" in private
    assert "138" not in private, "who handles reads redacted words"
    assert room.case().lead_person == "li"
    assert room.memory.all.tasks["A0001"][0].state is TaskState.REPORTED_IN


def test_one_of_two_wins_and_the_other_is_told_who() -> None:
    room = taken()
    room.says("zhao", "接单 A0001")
    assert "已由李明接单" in room.heard("zhao")
    assert room.case().lead_person == "li"
    assert room.effects.refusals[0].reason == "state.handling"


def test_taking_without_a_number_takes_the_only_one_or_asks() -> None:
    room = reported()
    room.says("li", "接单")
    assert room.case().lead_person == "li"
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhang", "健仁小区6号楼门禁坏了")
    room.says("zhao", "接单")
    assert "哪一件" in room.heard("zhao")
    room.says("zhao", "2")
    assert [c.lead_person for c in room.memory.all.cases.values()].count("zhao") == 1


def test_nothing_to_take_is_said() -> None:
    room = Room()
    room.says("li", "接单")
    assert "没有能这样操作的事" in room.heard("li")


@pytest.mark.parametrize(
    ("who", "reason"),
    [("sun", "not_yours"), ("wu", "not_yours"), ("wang", "not_yours"), ("lin", "not_yours"), ("xie", "no_right"),
     ("guo", "staff_only"), ("zhang", "staff_only"), ("chen", "no_right")],
)  # fmt: skip
def test_who_does_not_lead_may_not_take(who: str, reason: str) -> None:
    room = reported()
    room.says(who, "接单 A0001")
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.case().state is State.ASSIGNED
    assert "3号楼" not in room.heard(who)


def test_a_resident_who_types_a_work_word_is_told_what_is_possible() -> None:
    room = reported()
    room.says("zhang", "接单 A0001")
    assert "查进度" in room.heard("zhang")
    room.acts("zhang", "accept:A0001")
    assert "查进度" in room.heard("zhang")


def test_an_unknown_number_is_a_sentence() -> None:
    room = Room()
    room.says("li", "接单 A9999")
    assert "没找到 A9999" in room.heard("li")


def test_feeding_back_with_words_asks_the_resident() -> None:
    room = taken()
    room.says("li", "反馈 A0001 已劝离并拆除，联系人13900001111")
    heard = room.heard("zhang")
    assert "已劝离并拆除" in heard
    assert "解决了吗" in heard
    assert "139" not in heard
    assert [button.label for letter in room.to("zhang") for button in letter.buttons] == ["已解决", "没解决"]
    assert "已劝离" not in room.heard("jr-2-work")
    assert room.case().state is State.FED_BACK
    assert room.memory.all.tasks["A0001"][0].state is TaskState.DONE


@pytest.mark.parametrize(
    "words", ["反馈A0001已劝离", "A0001 反馈：已劝离", "反馈 a0001，已劝离", "反馈 Ａ０００１ 已劝离"]
)
def test_feeding_back_is_read_as_people_type_it(words: str) -> None:
    room = taken()
    room.says("li", words)
    assert room.case().result.reveal() == "已劝离"


def test_feeding_back_without_words_asks_for_them() -> None:
    room = taken()
    room.says("li", "反馈")
    assert "办得怎么样" in room.heard("li")
    room.says("li", "已经劝离，线也拆了")
    assert room.case().result.reveal() == "已经劝离，线也拆了"


def test_the_button_in_the_group_asks_for_the_words_in_private() -> None:
    room = reported()
    room.presses("li", "接单", into="jr-2-work")
    room.presses("li", "反馈", into="jr-2-work")
    assert "办得怎么样" in room.heard("li")
    room.says("li", "已劝离")
    assert room.case().state is State.FED_BACK


def test_a_picture_sent_before_the_words_of_the_result_belongs_to_it() -> None:
    room = taken("健仁小区3号楼有人乱倒垃圾")
    room.says("li", "反馈")
    room.shows("li", "after.jpg")
    assert "这是什么事" not in room.heard("li")
    assert "A0001" in room.heard("li")
    room.says("li", "已清理干净")
    assert room.case().state is State.FED_BACK
    assert len(room.to("zhang")[0].photos) == 1


def test_an_item_that_wants_a_photo_asks_for_it() -> None:
    room = taken("健仁小区3号楼有人乱倒垃圾")
    room.says("li", "反馈 A0001 已清理干净")
    assert "照片" in room.heard("li")
    assert room.case().state is State.HANDLING
    room.shows("li", "after.jpg")
    assert room.case().state is State.FED_BACK
    assert room.case().result.reveal() == "已清理干净"
    assert [len(letter.photos) for letter in room.to("zhang")] == [0, 1], "the picture follows when it is there"


def test_words_and_picture_in_one_message_are_enough() -> None:
    room = taken("健仁小区3号楼有人乱倒垃圾")
    room.shows("li", "after.jpg", caption="反馈 A0001 已清理干净")
    assert room.case().state is State.FED_BACK


def test_feeding_back_before_taking_is_refused() -> None:
    room = reported()
    room.says("li", "反馈 A0001 已劝离")
    assert "还没人接单" in room.heard("li")
    assert room.case().state is State.ASSIGNED


def test_answering_a_resident_in_words() -> None:
    room = taken()
    room.says("li", "答复 A0001 明天上午来，电话13900001111")
    assert "李明" in room.heard("zhang")
    assert "明天上午来" in room.heard("zhang")
    assert "139" not in room.heard("zhang")
    assert room.case().state is State.HANDLING
    room.says("li", "答复 A0001")
    assert "请连着答复内容一起发" in room.heard("li")
    room.says("sun", "答复 A0001 你好")
    assert "不在您名下" in room.heard("sun")


def test_a_list_of_what_is_to_do() -> None:
    room = taken()
    room.says("guo", "健仁小区5号楼门禁坏了")
    room.says("li", "我的待办")
    assert "待办 2 件" in room.heard("li")
    assert {button.label for button in room.to("li")[0].buttons} == {"接单 A0002", "反馈 A0001"}
    room.says("sun", "我的待办")
    assert "没有待办" in room.heard("sun")
    room.says("zhang", "我的待办 A0001")
    assert "没有待办" not in room.heard("zhang")


def test_a_mediator_has_a_list_and_may_take_by_word() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    assert "A0001" in room.heard("wang")
    assert room.to("lv") == [], "who is away is left alone"
    room.says("wang", "我的待办")
    assert "A0001" in room.heard("wang")
    room.says("wang", "接单")
    assert room.case().lead_person == "wang"
    room.says("wang", "反馈 双方和好了")
    assert room.case().state is State.FED_BACK


# -- in groups ---------------------------------------------------------------------------------------------------------


def test_a_quoted_card_says_which_case() -> None:
    room = reported()
    chat = "telegram:room:jr-2-work"
    room.memory.all.quoted[(chat, "m1")] = "A0001"
    room.says("li", "接单", into="jr-2-work", quoted="m1")
    assert room.case().lead_person == "li"


def test_a_quote_that_only_names_a_case_says_which() -> None:
    """Where the platform does not tell which message is quoted, the number that it names does."""
    room = reported()
    room.says("li", "接单", into="jr-2-work", quoted="A0001")
    assert room.case().lead_person == "li"


def test_in_a_group_the_bot_keeps_silent_unless_it_is_meant() -> None:
    room = reported()
    for words in ("收到", "好的", "接单", "健仁小区3号楼路灯坏了", "谁去看一下"):
        room.says("li", words, into="jr-2-work")
        assert room.letters == []
    room.says("li", "在吗", into="jr-2-work", at=True)
    assert "私聊" in room.heard("jr-2-work")


def test_a_report_to_the_bot_in_a_group_is_answered_in_private() -> None:
    room = Room()
    room.says("guo", "健仁小区5号楼路灯坏了，我住2单元", into="jr-2-home", at=True)
    assert room.heard("jr-2-home") == "收到，已登记 A0001，详情请看我私聊发给您的消息。"
    assert "路灯" in room.heard("guo")


@pytest.mark.parametrize("words", ["查进度 A0001", "我的待办", "我的事", "催办 A0001", "反馈 A0001 已劝离"])
def test_what_a_command_tells_stays_out_of_the_group(words: str) -> None:
    room = taken()
    room.says("li", words, into="jr-2-work", at=True)
    assert "2单元" not in room.heard("jr-2-work")
    assert "电动车飞线充电：" not in room.heard("jr-2-work")


def test_a_dispatcher_asking_in_a_group_does_not_spread_the_words() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼婆媳吵架")
    room.says("chen", "查进度 A0001", into="centre-work")
    assert room.heard("centre-work") == "已私聊回复，请看我发给您的消息。"
    assert "婆媳吵架" in room.heard("chen")


def test_after_a_day_another_worker_still_sees_the_card_with_who_has_it() -> None:
    room = taken()
    room.passes(24 * HOUR)
    room.says("zhao", "查进度 A0001")
    assert "李明正在办" in room.heard("zhao")
    assert "飞线充电，电话" not in room.heard("zhao"), "only who took it reads the words"


def test_choosing_between_several_in_a_group_is_done_in_private() -> None:
    room = reported()
    room.says("guo", "健仁小区5号楼门禁坏了")
    room.says("guo", "健仁小区6号楼门禁坏了")
    room.says("guo", "催办", into="jr-2-home", at=True)
    assert "哪一件" in room.heard("guo")
    assert "门禁" not in room.heard("jr-2-home")
    room.says("guo", "1")
    assert "已催办" in room.heard("guo")


def test_pressing_what_was_never_shown_in_a_group_stays_in_private() -> None:
    room = taken()
    for action in ("status:A0001", "human:", "pick:A0001:no_photo"):
        room.acts("zhang", action, into="jr-2-home")
        assert "A0001" not in room.heard("jr-2-home")
