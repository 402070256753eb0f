"""What a rating says: solved or not, and how many stars, in the words that people use."""

from __future__ import annotations

import pytest

from handlers.questions import rating
from handlers.questions.rating import Verdict
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from tests.handlers.ear import ScriptedEar
from tests.handlers.room import MORNING
from tests.handlers.stubs import rules

TURN = Turn(rules(ScriptedEar()), WorkingSet(), MORNING)
YES, NO, UNSAID = True, False, None

VERDICTS: dict[str, Verdict | None] = {
    "已解决 5": Verdict(YES, 5),
    "已解决5分": Verdict(YES, 5),
    "已解决": Verdict(YES),
    "解决了": Verdict(YES),
    "解决了，5分": Verdict(YES, 5),
    "解决了 给4星": Verdict(YES, 4),
    "已經解決 5": Verdict(YES, 5),
    "修好了": Verdict(YES),
    "好了": Verdict(YES),
    "好了谢谢": Verdict(YES),
    "搞定": Verdict(YES),
    "满意": Verdict(YES),
    "很满意 5": Verdict(YES, 5),
    "满分": Verdict(YES),
    "没解决": Verdict(NO),
    "没解决 1": Verdict(NO, 1),
    "还没解决": Verdict(NO),
    "没有解决": Verdict(NO),
    "没完全解决": Verdict(NO),
    "问题没有得到解决": Verdict(NO),
    "未解决": Verdict(NO),
    "冇解决": Verdict(NO),
    "不满意 2": Verdict(NO, 2),
    "不太满意": Verdict(NO),
    "不是很满意": Verdict(NO),
    "没人来": Verdict(NO),
    "还在漏": Verdict(NO),
    "又坏了": Verdict(NO),
    "还是老样子": Verdict(NO),
    "解决了一半，又坏了": Verdict(NO),
    "5": Verdict(YES, 5),
    "3": Verdict(YES, 3),
    "2": Verdict(UNSAID, 2),
    "1": Verdict(UNSAID, 1),
    "1分": Verdict(UNSAID, 1),
    "5分": Verdict(YES, 5),
    "5星": Verdict(YES, 5),
    "５": Verdict(YES, 5),
    "５分": Verdict(YES, 5),
    "五星": Verdict(YES, 5),
    "五颗星": Verdict(YES, 5),
    "打五分": Verdict(YES, 5),
    "我打2分": Verdict(UNSAID, 2),
    "给5": Verdict(YES, 5),
    "没问题，解决了": Verdict(YES),
    "好多了 5": Verdict(YES, 5),
    "清了一半，没清完": Verdict(NO),
    "只修了一半": Verdict(NO),
    "不错，满意": Verdict(YES),
    "A0003 已解决 4": Verdict(YES, 4),
    "A0005 没解决": Verdict(NO),
    "3号楼修好了": Verdict(YES),
    "1号楼的灯修好了，5分": Verdict(YES, 5),
    "5分钟就修好了": Verdict(YES),
    "解决了吗": None,
    "解决了吗?": None,
    "好了没": None,
    "好了吗": None,
    "修好了没有": None,
    "5个人在打架": None,
    "明天来5号楼": None,
    "12": None,
    "6": None,
    "0": None,
    "谢谢": None,
    "我家楼上漏水": None,
    "好": None,
    "": None,
}


@pytest.mark.parametrize("text", VERDICTS)
def test_verdicts(text: str) -> None:
    assert rating.read(TURN, text) == VERDICTS[text]


def test_a_story_is_no_rating() -> None:
    assert rating.read(TURN, "已解决 5" + "，后来又说了很多很多" * 10) is None
