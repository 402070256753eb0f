"""Stories of clumsy and hostile people through the real door: what they get, and what they do not get."""

from __future__ import annotations

from tests.stories.story import Story


def test_who_was_split_off_hears_no_more_of_the_case_by_an_old_question(story: Story) -> None:
    story.says("zhang", "健仁小区3号楼楼道堆杂物")
    story.says("new1", "健仁小区3号楼楼道堆杂物，没法走路")
    story.says("chen", "拆案 A0001 2")
    story.says("new1", "是")
    assert not any("A0001" in text for text in story.heard("new1"))
    story.says("new1", "撤回")
    story.says("new1", "是")
    assert story.case("A0002").state.value == "withdrawn"
    assert story.case("A0001").open


def test_a_number_said_at_the_end_is_not_passed_over(story: Story) -> None:
    story.says("zhang", "健仁小区3号楼楼道堆杂物")
    story.says("guo", "健仁小区5号楼楼道堆杂物，没法走路")
    story.says("li", "接单 A0001")
    story.says("zhao", "接单 A0002")
    story.says("li", "反馈 清理好了 A0002")
    story.hears("li", "哪一件")
    assert story.case("A0001").state.value == "handling"
