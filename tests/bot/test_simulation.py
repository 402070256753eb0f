"""The parts of a simulated month: its calendar, its people, its sentences, and what a failure is."""

from __future__ import annotations

from datetime import date, datetime
from random import Random

import pytest

from bot.calendars import working
from bot.config_file import CalendarFacts
from bot.simulation import people, script
from bot.simulation.month import Month, parts
from bot.simulation.people import CHARACTERS
from bot.simulation.plans import Dice
from bot.simulation.speech import Speech
from nlu.understanding import LABELS
from tests.product import product

START = datetime.fromisoformat("2026-03-16T08:00+08:00")
ENOUGH = 150


@pytest.fixture
def month() -> Month:
    return Month(START, 30, product().desk.rules.quiet_residents.zone, working(CalendarFacts()))


def test_the_days_of_qingming_are_a_holiday_and_a_weekend_is_none(month: Month) -> None:
    found = [month.day(day) for day in range(1, 31) if month.holiday(month.day(day))]
    assert found == [date(2026, 4, 4), date(2026, 4, 5), date(2026, 4, 6)]


def test_a_holiday_of_the_configuration_counts(month: Month) -> None:
    own = Month(START, 30, month.zone, working(CalendarFacts(holidays={"2026-03-18": "a fair"})))
    assert own.holiday(date(2026, 3, 18))


@pytest.mark.parametrize(("days", "flood"), [(1, 1), (4, 2), (12, 6), (13, 12), (30, 12)])
def test_the_flood_comes_on_the_twelfth_day_or_in_the_middle(month: Month, days: int, flood: int) -> None:
    assert Month(START, days, month.zone, month.working).flood == flood


@pytest.mark.parametrize(("clock", "then"), [("06:30", "16 07"), ("12:00", "16 12"), ("23:10", "17 07")])
def test_what_comes_at_night_is_done_in_the_morning(month: Month, clock: str, then: str) -> None:
    moment = datetime.fromisoformat(f"2026-03-16T{clock}+08:00")
    assert month.within(moment, (7, 22), Random(1)).strftime("%d %H") == then


@pytest.mark.parametrize("total", [0, 0.4, 7, 160.5])
def test_the_parts_add_up(total: float) -> None:
    shares = [1.0, 0.5, 1.0, 1.0, 0.0]
    found = parts(total, shares)
    assert sum(found) == round(total)
    assert min(found) >= 0
    assert found[4] == 0


def test_there_is_enough_to_say_and_each_sentence_can_be_said() -> None:
    found = script.read().sayings
    groups = [*found.matters, *found.emergencies, *found.questions]
    texts = [text for group in groups for text in group.texts]
    assert len(texts) == len(set(texts)) >= ENOUGH
    assert {group.label for group in groups} <= set(LABELS)
    assert all("{" not in text.format(place="x") for text in texts)
    assert all(group.results for group in (*found.matters, *found.emergencies))


def test_residents_live_in_all_grids_and_have_characters() -> None:
    town, lines = product().desk.rules.town, script.read()
    found = people.residents(town, lines, 400, Random(7))
    assert len({one.person.id for one in found}) == len(found) == 400
    assert {one.person.unit for one in found} == set(people.grids(town))
    assert {one.character.name for one in found} == {one.name for one in CHARACTERS}
    assert found == people.residents(town, lines, 400, Random(7))


def test_a_place_is_one_of_the_grids_own() -> None:
    town, lines, ear = product().desk.rules.town, script.read(), product().ear
    for unit in people.grids(town):
        place = people.spot(unit, town, lines, Random(3))
        heard = ear.understand([(place, "")])[0].alone
        assert heard.places, place


def test_each_throws_their_own_dice() -> None:
    alone, crowded = Dice(7), Dice(7)
    for _ in range(5):
        crowded.of("somebody").random()
    assert alone.of("me").random() == crowded.of("me").random()
    assert Dice(8).of("me").random() != Dice(7).of("me").random()


def test_a_command_that_the_bot_has_not_is_not_said() -> None:
    rules = product().desk.rules
    speech = Speech(rules.wording, script.read(), rules.town)
    assert speech.line("li", "dance", "A0001", START) == []
    [plan] = speech.line("li", "accept", "A0001", START)
    assert rules.wording.lists["command.accept"][-1] in plan.act.text
