"""Dialogues of the first minutes: who comes, what is said first, and what cannot be read."""

from __future__ import annotations

import pytest

from handlers.incoming import Kind
from handlers.raw import RawText
from tests.handlers.room import HOUR, MINUTE, Room

LONGEST_WELCOME = 90


def test_following_is_answered_with_a_short_welcome_three_examples_and_the_way_to_the_privacy_card() -> None:
    room = Room()
    room.sends("new", "event", event="subscribe")
    welcome = room.heard("new")
    assert len(welcome) <= LONGEST_WELCOME
    assert welcome.count("· ") == 3
    assert "回复 隐私 看详情" in welcome
    assert "匿名" in welcome


def test_a_scanned_code_of_a_grid_tells_where_its_finder_lives() -> None:
    room = Room()
    room.sends("new", "event", event="subscribe", scene="jr-2")
    assert room.person("new").unit == "jr-2"
    room.says("new", "3号楼路灯坏了")
    assert room.case().where.unit == "jr-2"


def test_a_scanned_code_does_not_move_who_is_known() -> None:
    room = Room()
    room.sends("zhang", "event", event="scan", scene="lg-1")
    assert room.person("zhang").unit == "jr-2"
    room.sends("new", "event", event="subscribe", scene="no-such-grid")
    assert room.person("new").unit == ""


def test_leaving_is_not_answered() -> None:
    room = Room()
    room.sends("new", "event", event="unsubscribe")
    assert room.letters == []


def test_first_words_without_following_are_served_and_anonymity_is_explained_once() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼路灯坏了")
    assert "已登记 A0001" in room.heard("guo")
    assert "不想留名" in room.heard("guo")
    assert "隐私" in room.heard("guo")
    room.says("guo", "你好")
    assert "不想留名" not in room.heard("guo")


def test_who_followed_is_not_told_twice() -> None:
    room = Room()
    room.sends("guo", "event", event="subscribe")
    room.says("guo", "健仁小区3号楼路灯坏了")
    assert "不想留名" not in room.heard("guo")


def test_greeting_thanks_and_goodbye_are_short() -> None:
    room = Room()
    room.sends("guo", "event", event="subscribe")
    room.says("guo", "你好")
    assert "小格" in room.heard("guo")
    room.says("guo", "谢谢")
    assert room.heard("guo") == "不客气，有事随时说。"
    room.ear.teach("再见", "greeting")
    room.says("guo", "再见")
    assert "随时" in room.heard("guo")
    assert room.memory.all.cases == {}


@pytest.mark.parametrize(
    ("kind", "text", "hears"),
    [
        ("sticker", "", "表情"),
        ("voice", "", "语音"),
        ("video", "", "视频"),
        ("file", "", "文件"),
        ("link", "", "链接"),
        ("other", "", "这类消息"),
        ("text", "", "空的"),
        ("text", "   \n", "空的"),
        ("text", "😀😀👍", "说一句"),
        ("text", "\x00\x01\x02", "说一句"),
        ("text", "？？？", "说一句"),
        ("text", "很长的话" * 600, "太长"),
    ],
)
def test_what_cannot_be_read_is_answered_politely(kind: Kind, text: str, hears: str) -> None:
    room = Room()
    room.sends("zhang", "event", event="subscribe")
    if kind == "text":
        room.says("zhang", text)
    else:
        room.sends("zhang", kind)
    assert hears in room.heard("zhang")
    assert room.memory.all.cases == {}


def test_danger_in_a_message_that_is_too_long_is_still_danger() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼着火了" + "快来人" * 1000)
    assert room.heard("zhang").startswith("请马上拨打 119")


def test_recognised_voice_is_read_like_words() -> None:
    room = Room()
    room.sends("zhang", "voice", text=RawText("健仁小区3号楼门禁坏了"))
    assert "已登记 A0001" in room.heard("zhang")


def test_help_lists_the_residents_words_and_more_for_staff() -> None:
    room = Room()
    room.says("zhang", "帮助")
    assert "查进度" in room.heard("zhang")
    assert "接单" not in room.heard("zhang")
    room.says("li", "/help")
    assert "接单" in room.heard("li")


def test_the_privacy_card_names_town_time_way_out_and_contact() -> None:
    room = Room()
    room.says("zhang", "隐私")
    for word in ("盐龙街道", "730天", "删除我的数据", "0515-00000000"):
        assert word in room.heard("zhang")


def test_out_of_scope_names_where_to_go_and_the_number() -> None:
    room = Room()
    room.says("zhang", "法院判决不执行怎么办")
    assert "12348" in room.heard("zhang")
    room.says("zhang", "帮我看看股票")
    assert "96110" in room.heard("zhang")
    assert room.memory.all.cases == {}


def test_unclear_once_is_a_question_and_twice_is_a_person_with_the_earlier_words() -> None:
    room = Room()
    room.says("zhang", "那个东西")
    assert "没听明白" in room.heard("zhang")
    room.says("zhang", "就那个嘛")
    assert "已转人工" in room.heard("zhang")
    case = room.case()
    assert case.item == "human_desk"
    assert "那个东西" in case.words.reveal()
    assert "就那个嘛" in case.words.reveal()
    assert "A0001" in room.heard("chen")
    assert "那个东西" not in room.heard("chen")


def test_being_unclear_is_forgotten_after_a_while() -> None:
    room = Room()
    room.says("zhang", "那个东西")
    room.passes(30 * HOUR)
    room.says("zhang", "就那个嘛")
    assert "没听明白" in room.heard("zhang")
    assert room.memory.all.cases == {}


def test_a_person_can_be_had_in_one_step_and_only_once_at_a_time() -> None:
    room = Room()
    room.says("zhang", "人工")
    assert "已转人工（A0001）" in room.heard("zhang")
    assert "12345" in room.heard("zhang")
    room.passes(MINUTE)
    room.says("zhang", "找个真人，水管的事还没说完")
    assert "A0001" in room.heard("zhang")
    assert list(room.memory.all.cases) == ["A0001"]
    assert "水管的事还没说完" in room.case().words.reveal()


def test_not_understood_asks_for_the_plain_version_of_the_last_answer() -> None:
    room = Room()
    room.says("zhang", "加班费怎么算")
    answer = room.heard("zhang")
    room.says("zhang", "没听懂")
    assert room.rules.knowledge.answers["overtime"].plain in room.heard("zhang")
    assert len(room.heard("zhang")) < len(answer)
    room.says("new", "没听懂")
    assert "简单说" in room.heard("new")


def test_not_understood_about_a_case_says_who_and_when() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼路灯坏了")
    room.says("zhang", "没听懂")
    assert "城市管理办" in room.heard("zhang")


def test_who_writes_traditional_characters_reads_them() -> None:
    room = Room()
    room.says("huang", "龍港花園的路燈壞了，就在龙港花园12号楼")
    assert room.heard("huang").startswith("繁·")
    assert all(button.label.startswith("繁·") for letter in room.to("huang") for button in letter.buttons)
    room.says("huang", "ok")
    assert room.heard("huang").startswith("繁·")
