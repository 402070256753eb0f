"""A button that stands for nothing here, or was sent elsewhere, is refused with a sentence, and that is kept."""

from __future__ import annotations

import pytest

from tests.handlers.room import Room

SENTENCE = "健仁小区3号楼2单元501室门口有人飞线充电，电话13812345678"


@pytest.mark.parametrize(
    ("who", "group", "astray", "reason", "told"),
    [
        ("zhang", "", False, "stale_button", "按钮已经用不了了"),
        ("zhang", "", True, "foreign_button", "发到别处的"),
        ("li", "", False, "stale_button", "最新的卡片或待办"),
        ("li", "", True, "foreign_button", "这里的卡片"),
        ("li", "jr-2-work", True, "foreign_button", "这里的卡片"),
        ("zhang", "jr-2-work", True, "foreign_button", "发到别处的"),
    ],
)
def test_who_presses_it_hears_why_and_nothing_happens(
    who: str, group: str, astray: bool, reason: str, told: str
) -> None:
    room = Room()
    room.says("zhang", SENTENCE)
    before = room.case()
    room._turn(who, group, kind="press", mark="Qk3_x-9TwErA.0", astray=astray)
    [letter] = room.letters
    assert told in letter.text
    assert not letter.buttons
    [refusal] = room.effects.refusals
    assert (refusal.person, refusal.action, refusal.reason) == (who, "press", reason)
    assert room.case() == before
    assert not room.effects.cases


def test_an_action_beside_a_mark_from_elsewhere_does_nothing() -> None:
    room = Room()
    room.says("zhang", SENTENCE)
    room._turn("li", "jr-2-work", kind="press", button="accept:A0001", astray=True)
    assert not room.effects.cases
    room._turn("li", "jr-2-work", kind="press", button="accept:A0001")
    assert room.case().lead_person == "li"
