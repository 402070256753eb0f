"""The configuration as a whole: the shipped file, what becomes of it, files that are none."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot import config
from bot.config_file import File
from bot.reading import shape
from handlers.town import Role
from tests.bot.small_town import problems, read, with_change

ROOT = Path(__file__).parents[2]


def test_the_shipped_configuration_is_right() -> None:
    shipped = config.read(ROOT / "config.yaml", {})
    assert shipped.town.name == "盐龙街道"
    assert shipped.town.units["jr-2"].parent == "jr"
    assert shipped.facts.catalogue == "yanlong"
    assert shipped.playground
    assert not shipped.platforms.live
    assert shipped.on_sqlite


def test_the_shipped_configuration_says_every_key_it_can() -> None:
    """It is the sample people copy from: sections that have a default are still there to be seen."""
    text = (ROOT / "config.yaml").read_text(encoding="utf-8")
    assert [key for key in shape(File) if key != "playground_password" and f"\n{key}:" not in text] == []


def test_values_come_out_as_the_desk_wants_them(tmp_path: Path) -> None:
    away = ("people.0.away_until", "2026-03-09")
    hours = ("quiet_hours", {"residents": "23:00 - 06:30"})
    made = read(with_change(away, hours), tmp_path)
    assert made.town.people["chen"].away_until == datetime(2026, 3, 8, 16, tzinfo=UTC)
    assert made.town.people["li"].roles == frozenset({Role.GRID_WORKER})
    assert made.town.people["lei"].unit == "yl"
    assert made.town.groups["fire-group"].unit == "yl"
    assert (made.quiet_residents.start, made.quiet_residents.end) == (time(23), time(6, 30))
    assert made.quiet_groups.zone.key == "Asia/Shanghai"
    assert made.places["jr-1"] == ("健仁小区9-16号楼",)
    assert "yl" not in made.places
    assert made.aliases == {"健仁小区": ("健仁苑",)}
    assert made.accounts["li"] == ("telegram::1", "wecom::li")
    assert made.chats["jr-2-work"] == ("telegram::-1001",)
    assert made.media == Path("var/media")
    assert made.town.duty_group == "jr-2-work"


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("", "town.name", "found nothing"),
        ("[1, 2]", "the file", "a mapping, found a list"),
        ("town: {name: a\n", "line 2", "valid YAML"),
        ("town: {name: a}\nunits: []\nunits: []\n", "line 3", 'each key once, found "units" again'),
        ("town: {name: *secret}\n", "line 1", "valid YAML, found an alias or tag it does not know"),
        ("town: !python/object:os.system {}\n", "line 1", "an alias or tag it does not know"),
        ("town: {name: \x00}\n", "the file", "characters that YAML does not allow"),
    ],
)
def test_a_file_that_is_none(text: str, path: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(config.ConfigError) as caught:
        config.read(file, {})
    assert caught.value.problems[0].path == path
    assert words in str(caught.value.problems[0])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="the file: expected a file that can be read, found No such file"):
        config.read(tmp_path / "none.yaml", {})
    (tmp_path / "gbk.yaml").write_bytes("town: {name: 盐龙}".encode("gbk"))
    with pytest.raises(config.ConfigError, match="text in UTF-8") as caught:
        config.read(tmp_path / "gbk.yaml", {})
    assert len(caught.value.problems) == 1, "what does not follow from it is not worth a line"


def test_yaml_means_what_people_mean(tmp_path: Path) -> None:
    """YAML 1.1 would read 22:30 as a number, 0515 as octal, `no` as false and a day as a date object."""
    file = tmp_path / "config.yaml"
    file.write_text(
        "town: {name: a}\n"
        "quiet_hours: {residents: 22:30-07:00}\n"
        "hotlines: {water: 0515-88, gas: 051588}\n"
        "calendar: {holidays: {2026-10-01: 国庆}}\n"
        "people: [{id: no, name: a, unit: yl, away_until: 2026-03-09}]\n"
        "units: [{id: yl, name: a, level: street}]\n",
        encoding="utf-8",
    )
    made = config.read(file, {})
    assert made.town.hotlines == {"water": "0515-88", "gas": "051588"}
    assert made.calendar.holidays == {"2026-10-01": "国庆"}
    assert made.town.people["no"].roles == frozenset({Role.RESIDENT})


def test_the_error_is_one_line_for_each_problem(tmp_path: Path) -> None:
    town = with_change(("units.3.parent", "jrx"), ("town.timezone", "x"))
    with pytest.raises(config.ConfigError) as caught:
        read(town, tmp_path)
    assert str(caught.value).splitlines() == [str(problem) for problem in problems(town, tmp_path)]
    assert 'units[3].parent: expected the id of a unit (did you mean jr?), found "jrx"' in str(caught.value)
