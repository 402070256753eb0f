"""Dialogues of 问 and 请给我打电话: questions and answers go both ways without names; a number goes to one person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import State
from tests.handlers.room import HOUR, Room
from tests.handlers.test_desk_hands import reported, taken

ASKED = "问 A0001 具体在几楼？我的电话13900001111"


def asked() -> Room:
    """A room in which the worker has asked the resident something."""
    room = taken()
    room.says("li", ASKED)
    return room


def test_the_resident_is_asked_by_name_and_redacted() -> None:
    room = asked()
    heard = room.heard("zhang")
    assert heard.startswith("A0001 网格员李明想问：具体在几楼？")
    assert "直接回复就行" in heard
    assert "139" not in heard
    assert "已问" in room.heard("li")
    assert room.steps()[-1] == "ask"


def test_the_next_free_message_is_the_answer_and_tells_no_name() -> None:
    room = asked()
    room.says("zhang", "在4楼，我是张桂兰的女儿，电话13812345678")
    heard = room.heard("li")
    assert heard.startswith("A0001 居民回复：在4楼")
    assert "138" not in heard
    assert "wechat" not in heard
    assert room.history()[-1].note.reveal().startswith("在4楼"), "kept, and can be erased"
    assert room.asked("zhang") == ["photo"]
    room.says("li", "问 A0001 门口有人吗")
    room.says("zhang", "有的")
    assert "有的" in room.heard("li")


def test_a_picture_and_a_pin_are_answers_and_join_the_case() -> None:
    room = asked()
    room.shows("zhang", "door.jpg")
    assert len(room.case().photos) == 1
    assert any("照片" in one.letter.text for one in room.sent if one.letter.to == "li")
    room.says("li", "问 A0001 请发个定位")
    room.pins("zhang", 33.3803, 120.1502)
    assert "33.3803,120.1502" in room.heard("li")
    assert room.case().where.point == (33.3803, 120.1502)


def test_danger_commands_and_another_matter_come_first() -> None:
    room = asked()
    room.says("zhang", "查进度")
    assert "居民回复" not in room.heard("li")
    room.says("zhang", "健仁小区5号楼门禁坏了")
    assert "A0002" in room.memory.all.cases
    room.says("zhang", "着火了")
    assert room.case("A0003").emergency == "fire"
    assert "asked" in room.asked("zhang")
    room.says("zhang", "回复 A0001 在4楼")
    assert "在4楼" in room.heard("li")


def test_after_two_days_the_question_is_no_longer_open() -> None:
    room = asked()
    room.passes(49 * HOUR)
    room.says("zhang", "在4楼")
    assert "居民回复" not in room.heard("li")
    room.says("zhang", "回复 A0001 在4楼")
    assert "居民回复：在4楼" in room.heard("li")


def test_everyone_who_reported_is_asked_and_nobody_is_revealed() -> None:
    room = taken()
    (first,) = room.memory.all.reporters["A0001"]
    guo = replace(first, person="guo", part="co_reporter", anonymous=True)
    room.memory.all.reporters["A0001"] = (first, guo)
    room.memory.all.people["guo"] = room.person("guo")
    room.says("li", ASKED)
    assert room.heard("guo") == room.heard("zhang") != ""
    room.says("guo", "5楼")
    assert room.heard("li") == "A0001 居民回复：5楼"
    assert room.to("zhang") == []
    room.says("zhang", "4楼")
    assert room.heard("li") == "A0001 居民回复：4楼"


def test_a_dispatcher_may_ask_and_gets_the_answer() -> None:
    room = taken()
    room.says("chen", "问 A0001 方便开门吗")
    room.says("zhang", "可以")
    assert "可以" in room.heard("chen")
    assert room.to("li") == []


def test_at_night_only_red_is_asked_at_once() -> None:
    room = taken()
    room.passes(14 * HOUR)
    room.says("li", ASKED)
    assert room.to("zhang") == []
    room.passes(9 * HOUR)
    assert any("想问" in letter.text for letter in room.to("zhang"))
    room = reported("健仁小区3号楼着火了")
    room.passes(14 * HOUR)
    room.says("chen", "问 A0001 人都出来了吗")
    assert "想问" in room.heard("zhang")


@pytest.mark.parametrize(
    ("who", "words", "reason"),
    [("li", "问 A0001", "ask_empty"), ("sun", ASKED, "not_yours"), ("xie", ASKED, "no_right"),
     ("guo", "问 A0001 谁报的", "staff_only"), ("li", "问 A0009 在吗", "unknown_case"),
     ("guo", "回复 A0001 我也是", "unknown_case"), ("zhang", "回复 A0001", "answer_back_empty")],
)  # fmt: skip
def test_who_may_not_ask_or_answer_changes_nothing(who: str, words: str, reason: str) -> None:
    room = taken()
    before = room.case()
    room.says(who, words)
    assert [refusal.reason for refusal in room.effects.refusals] == [reason]
    assert room.case() == before


def test_there_may_be_nobody_to_ask() -> None:
    room = Room()
    room.says("li", "代报 健仁小区3号楼飞线")
    room.says("li", "接单 A0001")
    room.says("li", "问 A0001 几楼")
    assert [refusal.reason for refusal in room.effects.refusals] == ["ask_nobody"]


def test_a_workers_reply_is_an_answer_to_the_resident() -> None:
    room = taken()
    room.says("li", "回复 A0001 明天上午来")
    assert "明天上午来" in room.heard("zhang")


def test_words_like_a_question_without_a_number_are_no_command() -> None:
    room = taken()
    room.says("li", "问 居住证怎么办")
    assert room.to("zhang") == []


# -- 请给我打电话 ------------------------------------------------------------------------------------------------------


def wished() -> Room:
    """A room in which the resident has asked to be called."""
    room = taken()
    room.says("zhang", "请给我打电话")
    return room


def test_the_number_goes_to_who_has_the_case_after_consent_by_name() -> None:
    room = wished()
    assert "只告诉 A0001 的办理人李明" in room.heard("zhang")
    assert room.to("li") == []
    room.says("zhang", "１３８ 1234 5678")
    assert "138 1234 5678" in room.heard("li")
    assert {letter.to for letter in room.letters} == {"zhang", "li"}
    entry = room.history()[-1]
    assert (entry.step, entry.facts["to"]) == ("share", "li")
    assert "138" in entry.note.reveal()
    assert not any("138" in value for value in entry.facts.values())
    room.says("li", "查进度 A0001")
    assert "138" not in room.heard("li"), "said once, to one person"


@pytest.mark.parametrize("no", ["不用", "不用了", "不要"])
def test_no_is_no(no: str) -> None:
    room = wished()
    room.says("zhang", no)
    assert "不给号码" in room.heard("zhang")
    assert "share" not in room.asked("zhang")
    assert "share" not in room.steps()


@pytest.mark.parametrize("wrong", ["1381234", "好的", "我的是 138 1234 567"])
def test_what_is_no_number_is_asked_for_once_more(wrong: str) -> None:
    room = wished()
    room.says("zhang", wrong)
    assert "11位" in room.heard("zhang")
    room.says("zhang", wrong)
    assert "先不给了" in room.heard("zhang")
    assert room.to("li") == []
    room.says("zhang", "请给我打电话 A0001")
    room.says("zhang", "+86 13812345678")
    assert "13812345678" in room.heard("li")


def test_while_nobody_has_it_the_public_number_is_said() -> None:
    room = reported()
    room.says("zhang", "打电话给我")
    assert "还没人接单" in room.heard("zhang")
    assert "12345" in room.heard("zhang")
    assert "share" not in room.asked("zhang")


def test_consent_for_one_person_is_none_for_another() -> None:
    room = wished()
    room.memory.all.cases["A0001"] = replace(room.case(), lead_person="zhao")
    room.memory.all.people["zhao"] = room.person("zhao")
    room.says("zhang", "13812345678")
    assert "赵强" in room.heard("zhang")
    assert room.to("zhao") == room.to("li") == []
    room.says("zhang", "13812345678")
    assert "13812345678" in room.heard("zhao")


def test_another_matter_passes_the_question_by() -> None:
    room = wished()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    assert "A0002" in room.memory.all.cases
    assert room.case().state is State.HANDLING


def test_a_worker_may_ask_for_a_call_in_words() -> None:
    room = taken()
    room.says("li", "问 A0001 请给我打电话")
    assert "想问：请给我打电话" in room.heard("zhang")
