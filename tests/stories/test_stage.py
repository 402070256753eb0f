"""A stage serves what several people do at one moment together, and knows who joins it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.acts import Act
from bot.stage import StageError
from handlers.town import Person
from tests.stories.story import Story

HOLE = "{}号楼门口的路灯不亮了，健仁小区"


def test_what_happens_at_one_moment_is_served_together(story: Story) -> None:
    before = story.stage.store.statements()
    story.stage.say("anna", HOLE.format(1))
    one = story.stage.store.statements() - before
    shown = story.stage.do(*(Act(who=f"r{n}", text=HOLE.format(n)) for n in range(1, 9)))
    many = story.stage.store.statements() - before - one
    assert {letter.letter.to for letter in shown} >= {f"r{n}" for n in range(1, 9)}
    assert len(story.cases()) >= 8
    assert many < 4 * one


def test_more_than_a_batch_at_one_moment(story: Story) -> None:
    shown = story.stage.do(*(Act(who=f"r{n}", text="你好") for n in range(130)))
    assert {letter.letter.to for letter in shown} == {f"r{n}" for n in range(130)}


def test_who_joins_is_known_by_where_they_live(story: Story) -> None:
    story.stage.join([Person(id="r0001", unit="jr-2")])
    story.says("r0001", "3号楼楼道里有人飞线充电")
    story.hears("r0001", "健仁小区3号楼")


def test_acts_into_no_group_change_nothing(story: Story) -> None:
    with pytest.raises(StageError, match="no group"):
        story.stage.do(Act(who="li", text="你好"), Act(who="li", text="你好", group="nowhere"))
    with story.stage.store.reading() as reader:
        assert reader.timeline(story.stage.address("li")) == []


def test_the_clock_stops_where_something_is_due(story: Story) -> None:
    story.says("张阿姨", "健仁小区3号楼楼道里有人飞线充电")
    due = story.stage.next_due()
    assert due is not None
    assert story.stage.clock.now() < due
    story.stage.move_to(due - timedelta(seconds=1))
    assert story.stage.next_due() == due
    story.stage.move_to(due)
    assert story.stage.clock.now() == due
