"""What is said in a group: when the bot speaks aloud, when in private, and when it keeps silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.cases import Photo
from handlers.directory import Binding
from handlers.incoming import Media
from handlers.raw import RawText
from handlers.town import ONLY_IN_GROUPS
from tests.handlers.room import DESK, HOUR, MINUTE, Room

GROUPS = {"residents": "jr-2-home", "work": "jr-2-work", "department": "enforcement-group", "duty": "centre-work"}

# content: (words, who, aloud unaddressed, private unaddressed, aloud addressed, private addressed)
TABLE = {
    "small talk": ("今天天气不错", "guo", False, False, True, False),
    "a matter": ("健仁小区3号楼路灯坏了", "guo", False, False, True, True),
    "a question": ("居住证怎么办", "guo", False, False, True, True),
    "danger": ("健仁小区3号楼着火了", "guo", False, True, True, True),
    "danger of the quiet kind": ("我不想活了", "guo", False, True, False, True),
    "what if": ("如果着火了怎么办", "guo", False, False, True, True),
    "a command of one's own": ("查进度", "guo", False, False, True, True),
    "a command that names a case": ("接单 A0001", "li", False, True, False, True),
    "a private command that names a case": ("查进度 A0001", "li", True, True, True, True),
    "work talk without a case": ("反馈 明火已灭，着火点已处理", "li", False, False, True, False),
    "one more voice": ("+1 A0001", "guo", False, True, False, True),
    "plus one to nothing": ("+1", "guo", False, False, True, False),
}


def reported() -> Room:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    return room


@pytest.mark.parametrize("purpose", GROUPS)
@pytest.mark.parametrize("addressed", [False, True])
@pytest.mark.parametrize("content", TABLE)
def test_aloud_in_private_or_not_at_all(content: str, addressed: bool, purpose: str) -> None:
    words, who, *expected = TABLE[content]
    aloud, private = expected[2:] if addressed else expected[:2]
    room, group = reported(), GROUPS[purpose]
    room.says(who, words, into=group, at=addressed)
    said = [letter for letter in room.to(group) if letter.kind == "reply"]
    moved = [letter for letter in room.to(group) if letter.kind != "reply"]
    assert bool(said) == bool(aloud), (content, said)
    moves = content == "a command that names a case" and purpose == "work"
    moves = moves or (content == "danger" and addressed and purpose in ("work", "duty"))
    assert bool(moved) == moves
    assert bool(room.to(who)) == bool(private), (content, room.heard(who))


@pytest.mark.parametrize("kind", ["sticker", "photo", "voice", "file", "location", "other"])
@pytest.mark.parametrize("addressed", [False, True])
def test_what_holds_no_words_is_not_looked_at(kind: str, addressed: bool) -> None:
    room = Room()
    room._turn("guo", "jr-2-home", kind=kind, addressed=addressed)  # type: ignore[arg-type]
    assert room.letters == []


def test_a_report_to_the_bot_is_noted_aloud_and_talked_of_in_private() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼楼道有人飞线充电", into="jr-2-home", at=True)
    assert "已登记 A0001" in room.heard("jr-2-home")
    assert "3号楼" not in room.heard("jr-2-home")
    assert "电动车" in room.heard("guo")
    assert room.case().from_group == "jr-2-home"


def test_the_same_again_or_changed_is_no_second_case() -> None:
    room = Room()
    for more in ({}, {}, {"edited": True}):
        room.says("guo", "健仁小区3号楼楼道有人飞线充电", into="jr-2-home", at=True, **more)
        assert "已登记 A0001" in room.heard("jr-2-home")
    assert list(room.memory.all.cases) == ["A0001"]


def test_a_picture_said_to_the_bot_belongs_to_the_case_and_is_shown_to_no_group() -> None:
    room = Room()
    room._turn("guo", "jr-2-home", kind="photo", media=(Media("photo", "a.jpg"),), addressed=True,
               text=RawText("健仁小区3号楼楼道有人飞线充电"))  # fmt: skip
    assert len(room.case().photos) == 1
    room.says("li", "接单 A0001")
    room.says("li", "反馈 A0001 已劝离")
    assert not [one.letter for one in room.sent if one.letter.photos and one.letter.to in room.rules.town.groups]


def handled(group: str = "jr-2-home", words: str = "健仁小区3号楼楼道有人飞线充电") -> Room:
    room = Room()
    room.says("guo", words, into=group, at=True)
    room.says("li", "接单 A0001")
    return room


def test_the_result_comes_back_to_the_group_in_our_words() -> None:
    room = handled()
    room.says("li", "反馈 A0001 已劝离3号楼501的住户")
    (line,) = room.to("jr-2-home")
    assert line.text.startswith("A0001 ")
    assert line.text.endswith("：已处理。")
    assert line.photos == ()


@pytest.mark.parametrize("public", [True, False])
def test_a_picture_of_the_result_is_shown_only_where_its_maker_says_so(public: bool) -> None:
    room = handled()
    made = Photo(id="A0001-9", person="li", case="A0001", ref="r", address="wechat:room:li", at=room.now,
                 public=public, path="x/y.jpg")  # fmt: skip
    room.memory.all.photos["A0001"] = (made, replace(made, id="A0001-8", person="guo", public=True))
    room.says("li", "反馈 A0001 已拆除")
    (line,) = room.to("jr-2-home")
    assert line.photos == (("A0001-9",) if public else ())


def test_what_no_group_may_know_does_not_come_back() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼婆媳吵架", into="jr-2-home", at=True)
    room.says("wang", "接单 A0001")
    room.says("wang", "反馈 A0001 双方和好")
    assert room.to("jr-2-home") == []


def test_a_work_group_whose_card_says_it_is_not_told_twice() -> None:
    room = handled(group="jr-2-work")
    room.says("li", "反馈 A0001 已劝离")
    assert [letter.kind for letter in room.to("jr-2-work")] == ["edit"]


def quoting(room: Room, who: str, words: str, group: str = "jr-2-home") -> None:
    room.memory.all.quoted[f"telegram:room:{group}", "m1"] = "A0001"
    room.says(who, words, into=group, quoted="m1")


@pytest.mark.parametrize("words", ["+1", "＋1", "同问", "我家也是！", "一样"])
def test_one_more_voice_by_quoting(words: str) -> None:
    room = handled()
    quoting(room, "new", words)
    assert "A0001" in room.heard("new")
    assert room.to("jr-2-home") == []
    assert [one.person for one in room.memory.all.reporters["A0001"]] == ["guo", "new"]
    quoting(room, "new", words)
    assert room.steps().count("join") == 1
    room.says("li", "反馈 A0001 已劝离")
    assert "解决了吗" in room.heard("new")


def test_nobody_joins_what_they_may_not_know_of() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼婆媳吵架")
    room.says("zhang", "龙港花园2号楼路灯坏了")
    for number in ("A0001", "A0002", "A0099"):
        room.says("new", f"+1 {number}", into="jr-2-home")
        assert f"没找到 {number}" in room.heard("jr-2-home")
    assert len(room.memory.all.reporters["A0001"]) == len(room.memory.all.reporters["A0002"]) == 1


def test_danger_said_to_others_alerts_the_desk_and_says_nothing_aloud() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了", into="jr-2-work")
    assert room.to("jr-2-work") == []
    assert "119" in room.heard("guo")
    assert "A0001" in room.heard(DESK)
    room.passes(6 * MINUTE)
    assert "无人确认" in room.heard(DESK)


def test_colleagues_who_talk_of_a_known_danger_open_no_second_one() -> None:
    room = Room()
    room.says("guo", "健仁小区3号楼着火了")
    room.says("li", "3号楼着火了，我在路上", into="jr-2-work")
    room.says("zhao", "着火的那家没人", into="jr-2-work")
    assert list(room.memory.all.cases) == ["A0001"]
    assert "没人" in room.heard(DESK)
    assert room.to("jr-2-work") == []
    room.says("li", "3号楼着火了", into="jr-2-work", at=True)
    assert "A0001 已登记" in room.heard("jr-2-work")
    room.says("li", "健仁小区9号楼着火了", into="jr-2-work")
    assert list(room.memory.all.cases) == ["A0001", "A0002"], "another place is another fire"
    room.passes(HOUR + MINUTE)
    room.says("li", "健仁小区3号楼着火了", into="jr-2-work")
    assert "A0003" in room.memory.all.cases


def test_what_is_quoted_of_a_colleague_is_no_command() -> None:
    room = reported()
    room.says("li", "收到", into="jr-2-work", quoted="m77")
    assert room.letters == []


def test_who_cannot_be_reached_is_told_aloud_how_to_begin_and_hears_it_then() -> None:
    room = Room()
    room.says("new", "楼道有人飞线充电", into="jr-2-home", at=True, must_begin=True)
    assert "已登记 A0001" in room.heard("jr-2-home")
    assert "私聊" in room.heard("jr-2-home")
    assert room.to("new") == []
    assert ONLY_IN_GROUPS in room.person("new").tags
    room.says("new", "居住证怎么办", into="jr-2-home", at=True, must_begin=True)
    assert "私聊" in room.heard("jr-2-home")
    assert room.to("new") == []
    room.sends("new", "event", event="subscribe")
    assert "A0001" in room.heard("new")
    assert "在哪里" in room.heard("new")
    assert room.person("new").tags == ()
    room.says("new", "健仁小区3号楼")
    assert room.case().where.known
    room.says("li", "接单 A0001")
    assert "A0001" in room.heard("new")


def test_who_cannot_be_reached_gets_no_letters_that_would_die() -> None:
    room = Room()
    room.says("new", "健仁小区3号楼着火了", into="jr-2-home", at=True, must_begin=True)
    assert "119" in room.heard("jr-2-home")
    room.says("chen", "收到 A0001")
    assert room.to("new") == []
    room.says("new", "+1 A0001", into="jr-2-home", must_begin=True)
    assert "已加进 A0001" in room.heard("jr-2-home")


def test_a_group_that_moves_is_bound_anew() -> None:
    room = Room()
    room._turn("li", "jr-2-work", kind="event", event="migrated", scene="-1009")
    assert set(room.effects.bindings) == {
        Binding(address="telegram:room:-1009", group="jr-2-work"), Binding(address="telegram:room:jr-2-work"),
    }  # fmt: skip


def test_the_desk_hears_once_that_a_group_is_gone() -> None:
    room = Room()
    room._turn("li", "jr-2-work", kind="event", event="left")
    (letter,) = room.to(DESK)
    assert "第二网格工作群" in letter.text
    room._turn("li", "jr-2-work", kind="event", event="joined")
    assert room.letters == []
    room._turn("li", "strange", kind="event", event="left")
    assert room.letters == []
