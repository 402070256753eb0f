"""What stands on a phone that somebody else may read, and what is asked of nobody any more once it is over."""

from __future__ import annotations

import pytest

from handlers.cases import TaskState
from tests.handlers.room import Room
from tests.handlers.test_desk_hands import reported


@pytest.mark.parametrize("words", ["我老公打我，健仁小区3号楼", "我不想活了"])
def test_who_may_be_read_over_the_shoulder_never_reads_the_name_of_it(words: str) -> None:
    room = Room()
    room.says("zhang", words)
    name = room.rules.catalogue.item(room.case().duty, room.case().item).name
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    for said in ("查进度", "撤回", "催办"):
        room.says("zhang", said)
        assert "A0001" in room.heard("zhang"), said
        assert name not in room.heard("zhang")
        assert all(name not in button.label for letter in room.to("zhang") for button in letter.buttons)
    room.says("chen", "查进度 A0001")
    assert name in room.heard("chen"), "who must act reads what it is"


@pytest.mark.parametrize(
    ("who", "words"), [("zhang", "撤回"), ("chen", "关闭 A0001 重复上报"), ("chen", "转出 A0001 供电公司")]
)
def test_what_is_over_is_asked_of_nobody(who: str, words: str) -> None:
    room = reported()
    assert [task.state for task in room.memory.all.tasks["A0001"]] == [TaskState.CALLED]
    room.says(who, words)
    assert not room.case().open
    assert {task.state for task in room.memory.all.tasks["A0001"]} == {TaskState.DONE}
