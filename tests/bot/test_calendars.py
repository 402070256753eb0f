"""Which days are worked: the town's own word, the library's, and weekends alone where neither has one."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.app import build
from bot.calendars import calendar, gaps, working
from bot.config_file import CalendarFacts
from bot.operations import check
from handlers.clocks import CalendarHours, WorkingDays
from tests.product import ROOT, product

SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKING = CalendarFacts(mode="working_days")
MISSING = "calendar: the library knows no holidays of {}; weekends only, add them under calendar.holidays"

EXCEPTIONS_OF_2026 = {
    False: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25"
    " 10-01 10-02 10-05 10-06 10-07",
    True: "01-04 02-14 02-28 05-09 09-20 10-10",
}
"""Weekdays off, and Saturdays and Sundays worked (国务院办公厅, 2026年部分节假日安排)."""


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def test_every_day_of_2026() -> None:
    works = working(WORKING)
    for answer, listed in EXCEPTIONS_OF_2026.items():
        found = [f"{day:%m-%d}" for day in days(2026) if works(day) is answer is not (day.weekday() < 5)]
        assert found == listed.split()


@pytest.mark.parametrize("year", [1, 2003, 2027, 2040, 9998])
def test_where_nobody_knows_weekends_are_off(year: int) -> None:
    works = working(WORKING)
    assert [works(day) for day in days(year)] == [day.weekday() < 5 for day in days(year)]


def test_the_town_has_the_last_word() -> None:
    facts = CalendarFacts(
        mode="working_days",
        holidays={"2026-10-10": "庙会", "2026-03-04": "停工", "2027-10-01": "国庆"},
        workdays={"2026-10-01": "防汛", "2026-03-07": "调休", "2027-10-09": "调休"},
    )
    works = working(facts)
    rested = [date(2026, 10, 10), date(2026, 3, 4), date(2027, 10, 1), date(2026, 10, 2)]
    worked = [date(2026, 10, 1), date(2026, 3, 7), date(2027, 10, 9), date(2026, 3, 5)]
    assert [works(day) for day in (*rested, *worked)] == [False] * 4 + [True] * 4


def test_a_deadline_over_the_national_day() -> None:
    """Five working days from Wednesday at three: the holiday is jumped, the Saturday after it counts."""
    counted = calendar(WORKING, SHANGHAI)
    start = datetime(2026, 9, 30, 15, 0, tzinfo=SHANGHAI).astimezone(UTC)
    assert counted.add(start, 24) == datetime(2026, 10, 8, 15, 0, tzinfo=SHANGHAI)
    assert counted.add(start, 72) == datetime(2026, 10, 10, 15, 0, tzinfo=SHANGHAI)
    assert counted.add(start, 120) == datetime(2026, 10, 13, 15, 0, tzinfo=SHANGHAI)
    assert counted.between(start, datetime(2026, 10, 11, 12, 0, tzinfo=SHANGHAI)) == 9 + 72


def test_the_mode_decides() -> None:
    assert calendar(CalendarFacts(), SHANGHAI) == CalendarHours()
    assert isinstance(calendar(WORKING, SHANGHAI), WorkingDays)


@pytest.mark.parametrize(
    ("facts", "year", "missing"),
    [
        (WORKING, 2025, []),
        (WORKING, 2026, [2027]),
        (WORKING, 2027, [2027, 2028]),
        (WORKING, 2003, [2003]),
        (CalendarFacts(), 2027, []),
        (CalendarFacts(mode="working_days", holidays={"2027-10-01": "国庆"}), 2026, []),
        (CalendarFacts(mode="working_days", holidays={"2027-03-04": "停工"}), 2026, [2027]),
    ],
)
def test_what_the_library_does_not_know_is_said(facts: CalendarFacts, year: int, missing: list[int]) -> None:
    """The years are those of chinesecalendar 1.11.0: a newer lock moves them on."""
    assert gaps(facts, year) == [MISSING.format(one) for one in missing]


def test_check_says_it(capsys: pytest.CaptureFixture[str]) -> None:
    """On new year's eve in UTC the town is in the next year already."""
    shipped = product().config
    eve = datetime(2025, 12, 31, 20, 0, tzinfo=UTC)
    said = []
    for config in (replace(shipped, calendar=WORKING), shipped):
        assert check(config, eve) == 0
        said.append(capsys.readouterr().out.splitlines())
    assert said[0] == [MISSING.format(2027), *said[1]]


def test_the_product_counts_by_the_configuration() -> None:
    config = product().config
    assert product().desk.rules.calendar == CalendarHours()
    built = build(replace(config, calendar=WORKING)).desk.rules.calendar
    friday = datetime(2031, 5, 30, 15, 0, tzinfo=SHANGHAI)
    assert built.add(friday.astimezone(UTC), 24) == friday + timedelta(days=3)


def test_the_library_is_read_only_where_working_days_count() -> None:
    script = (
        "import sys; from zoneinfo import ZoneInfo; import bot.app\n"
        "from bot.calendars import calendar, gaps; from bot.config_file import CalendarFacts\n"
        "for mode in ('calendar_hours', 'working_days'):\n"
        "    calendar(CalendarFacts(mode=mode), ZoneInfo('UTC')), gaps(CalendarFacts(mode=mode), 2026)\n"
        "    sys.stdout.write(f\"{'chinese_calendar' in sys.modules} \")\n"
    )
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]
