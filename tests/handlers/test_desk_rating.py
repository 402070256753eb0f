"""Dialogues of the end: 解决了吗, stars, once more, silence, and what comes late or twice."""

from __future__ import annotations

import pytest

from handlers.cases import State
from tests.handlers.room import DESK, HOUR, Room
from tests.handlers.test_desk_hands import taken


def fed_back(again: int = 0) -> Room:
    """A room in which the result was fed back (after so many times of reopening)."""
    room = taken()
    room.says("li", "反馈 A0001 已劝离")
    for _ in range(again):
        room.says("zhang", "没解决")
        room.says("zhang", "要")
        room.says("li", "接单 A0001")
        room.says("li", "反馈 A0001 又去了一次")
    return room


@pytest.mark.parametrize(
    ("words", "stars"),
    [("已解决 5", 5), ("5", 5), ("3", 3), ("4分", 4), ("五星", 5), ("解决了，给5分，谢谢小李", 5), ("满意 4", 4),
     ("５", 5), ("3号楼修好了，给4分", 4)],
)  # fmt: skip
def test_solved_with_stars_closes_at_once(words: str, stars: int) -> None:
    room = fed_back()
    room.says("zhang", words)
    case = room.case()
    assert (case.state, case.solved, case.rating) == (State.CLOSED, True, stars)
    assert "谢谢您的评价" in room.heard("zhang")
    assert "已解决" in room.heard("li")
    assert "已办结" in room.heard("jr-2-work")
    assert room.asked("zhang") == []


@pytest.mark.parametrize("words", ["已解决", "好了", "满意", "谢谢，修好了", "1号楼的修好了"])
def test_solved_without_stars_asks_for_them_once(words: str) -> None:
    room = fed_back()
    room.says("zhang", words)
    assert (room.case().state, room.case().rating) == (State.CLOSED, 0)
    assert "1 到 5" in room.heard("zhang")
    room.says("zhang", "4")
    assert room.case().rating == 4
    room.says("zhang", "5")
    assert "已经评价过" in room.heard("zhang")
    assert room.case().rating == 4


def test_the_button_solves() -> None:
    room = fed_back()
    room.presses("zhang", "已解决")
    assert room.case().state is State.CLOSED
    room.presses("zhang", "已解决")
    assert room.heard("zhang") != ""
    assert room.case().rating == 0


@pytest.mark.parametrize("star", ["1", "2", "一星", "2分"])
def test_one_or_two_alone_asks_which(star: str) -> None:
    room = fed_back()
    room.says("zhang", star)
    assert "问题解决了吗" in room.heard("zhang")
    assert room.case().state is State.FED_BACK
    room.says("zhang", "解决了")
    assert room.case().state is State.CLOSED
    assert room.case().rating in (1, 2)


@pytest.mark.parametrize("words", ["没解决", "还没解决", "不满意", "不太满意", "没有完全解决", "还在漏", "又坏了"])
def test_unsolved_asks_whether_to_do_it_again(words: str) -> None:
    room = fed_back()
    room.says("zhang", words)
    assert "要返工吗" in room.heard("zhang")
    assert room.case().state is State.FED_BACK
    assert room.case().solved is False


def test_doing_it_again_goes_back_to_the_same_desk_with_new_clocks_and_the_residents_reason() -> None:
    room = fed_back()
    room.passes(10 * HOUR)
    room.says("zhang", "没解决，线又拉出来了 1")
    room.says("zhang", "要")
    case = room.case()
    assert (case.state, case.lead, case.lead_person, case.reopened) == (State.ASSIGNED, "jr-2", "", 1)
    assert case.accept_due == room.now + 4 * HOUR
    assert "已退回健仁第二网格" in room.heard("zhang")
    assert [button.label for letter in room.to("jr-2-work") for button in letter.buttons] == ["接单", "不归我管"]
    room.says("li", "接单 A0001")
    assert "线又拉出来了" in room.heard("li")


def test_not_doing_it_again_closes_as_unsolved() -> None:
    room = fed_back()
    room.says("zhang", "没解决 1")
    room.says("zhang", "不用")
    assert (room.case().state, room.case().solved, room.case().rating) == (State.CLOSED, False, 1)
    assert "没解决" in room.heard("li")


def test_unsolved_said_again_asks_again() -> None:
    room = fed_back()
    room.says("zhang", "没解决 1")
    room.says("zhang", "真的没解决")
    assert "要返工吗" in room.heard("zhang")


def test_after_two_times_a_dispatcher_decides() -> None:
    room = fed_back(again=2)
    assert room.case().reopened == 2
    room.says("zhang", "没解决")
    assert "返工两次" in room.heard("zhang")
    assert "返工两次" in room.heard(DESK)
    assert room.case().state is State.FED_BACK


def test_silence_of_three_days_closes_unrated() -> None:
    room = fed_back()
    room.passes(71 * HOUR)
    assert room.case().state is State.FED_BACK
    room.passes(2 * HOUR)
    case = room.case()
    assert (case.state, case.solved, case.rating, case.wake_at) == (State.CLOSED, None, 0, None)
    assert "三天没有收到" in room.heard("zhang")
    assert "不计入满意" in room.heard("li")
    assert room.asked("zhang") == []
    assert room.history()[-1].role == "clock"


def test_a_late_rating_is_refused_politely() -> None:
    room = fed_back()
    room.passes(73 * HOUR)
    room.says("zhang", "A0001 已解决 5")
    assert "评价时间过了" in room.heard("zhang")
    assert room.case().rating == 0


def test_what_the_closing_letter_offers_works() -> None:
    room = fed_back()
    room.passes(73 * HOUR)
    room.says("zhang", "A0001 没解决")
    assert "要返工吗" in room.heard("zhang")
    room.says("zhang", "要")
    assert room.case().state is State.ASSIGNED


def test_a_double_rating_is_refused_politely() -> None:
    room = fed_back()
    room.says("zhang", "已解决 5")
    room.says("zhang", "A0001 已解决 1")
    assert "已经评价过" in room.heard("zhang")
    assert room.case().rating == 5


def test_broken_again_after_a_good_rating_may_be_done_again() -> None:
    room = fed_back()
    room.says("zhang", "已解决 5")
    room.passes(20 * HOUR)
    room.says("zhang", "A0001 没解决，又坏了")
    assert "要返工吗" in room.heard("zhang")


def test_a_question_is_no_rating() -> None:
    room = fed_back()
    room.ear.teach("解决了吗？", "case_status")
    room.says("zhang", "解决了吗？")
    assert room.case().state is State.FED_BACK
    assert "等评价" in room.heard("zhang")


def test_a_new_matter_is_no_rating() -> None:
    room = fed_back()
    room.ear.teach("健仁小区6号楼下垃圾没人来收", "sanitation_environment", item="garbage")
    room.says("zhang", "健仁小区6号楼下垃圾没人来收")
    assert room.case("A0002").item == "garbage"
    assert room.case("A0001").solved is None
    room.says("zhang", "5")
    assert room.case("A0001").rating == 5


def test_a_rating_by_number_with_several_waiting() -> None:
    room = fed_back()
    room.says("zhang", "健仁小区5号楼门禁坏了")
    room.says("zhao", "接单 A0002")
    room.says("zhao", "反馈 A0002 已修")
    room.says("zhang", "A0001 已解决 4")
    assert room.case("A0001").rating == 4
    room.says("zhang", "5")
    assert room.case("A0002").rating == 5


def test_a_stranger_cannot_rate() -> None:
    room = fed_back()
    room.says("guo", "A0001 已解决 5")
    assert room.case().state is State.FED_BACK
    assert "李明" not in room.heard("guo")


def test_rating_before_there_is_a_result_says_how_it_stands() -> None:
    room = taken()
    room.says("zhang", "A0001 已解决 5")
    assert room.case().state is State.HANDLING
    assert "李明" in room.heard("zhang")


def test_praise_with_nothing_to_rate_is_welcome() -> None:
    room = Room()
    room.ear.teach("你们服务好评", "rate_feedback")
    room.says("zhang", "你们服务好评")
    assert "谢谢" in room.heard("zhang")


def test_words_that_are_no_verdict_are_kept_and_it_is_asked_once_more() -> None:
    room = fed_back()
    room.says("zhang", "他们来看过一眼就走掉了")
    assert "算解决了吗" in room.heard("zhang")
    assert room.history()[-1].note.reveal() == "他们来看过一眼就走掉了"
    room.says("zhang", "没解决")
    assert "要返工吗" in room.heard("zhang")
    room = fed_back()
    room.says("zhang", "他们来看过一眼就走掉了")
    room.says("zhang", "唉说不清楚这个")
    assert "已转人工" in room.heard("zhang")
