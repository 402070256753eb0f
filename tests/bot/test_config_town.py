"""What can be wrong with a town: each fault alone, with the path that is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bot.small_town import DROP, problems, read, with_change

FAULTS: list[tuple[str, Any, str, str]] = [
    # units
    ("units.3.parent", "jrx", "units[3].parent", 'the id of a unit (did you mean jr?), found "jrx"'),
    ("units.3.level", "gird", "units[3].level", 'or county (did you mean grid?), found "gird"'),
    ("units.3.level", DROP, "units[3].level", "text (numbers in quotes), found nothing"),
    ("units.3.id", DROP, "units[3].id", "found nothing"),
    ("units.3.id", "jr-1", "units[3].id", 'an id of its own, found "jr-1", taken by units[2]'),
    ("units.0.parent", "jr", "units[0].parent", "a ladder that ends, found yl → jr → yl"),
    ("units.1.parent", "jr", "units[1].parent", "a ladder that ends, found jr → jr"),
    ("units.3.parent", "jr-1", "units[3].parent", 'above the level grid, found "jr-1", which is a grid'),
    ("units.2.parent", "jr-2-m", "units[2].parent", 'above the level grid, found "jr-2-m", which is a micro'),
    ("units.3.places", ["健仁小区8-9号楼"], "units[3].places", "found 健仁小区9号楼, claimed by jr-1"),
    ("units.3.places", ["健仁小区8-11号楼"], "units[3].places", "claimed by jr-1"),
    ("units.3.places", ["健仁苑第十栋"], "units[3].places", "found 健仁小区10号楼, claimed by jr-1"),
    ("units.3.places", ["健仁小区"], "units[3].places", "claimed by jr-1"),
    ("units.4.places", ["健仁小区9号楼"], "units[4].places", "found 健仁小区9号楼, claimed by jr-1"),
    ("units.3.places", "健仁小区", "units[3].places", "a list, found text"),
    ("units.3.center", [33.4], "units[3].center", "a list of 2, found a list"),
    ("units.3.center", [120.15, 33.38], "units[3].center", "latitude and longitude in degrees, found 120.15"),
    ("units.3.center", ["33", 120.1], "units[3].center[0]", 'a number, found "33"'),
    ("units.3.kind", "dedicatd", "units[3].kind", 'general or dedicated (did you mean dedicated?), found "dedicatd"'),
    ("units.3.kind", "", "units[3].kind", 'general or dedicated, found ""'),
    ("units.3.kind", 1, "units[3].kind", "text (numbers in quotes), found 1"),
    ("units.3.area", [[33.3, 120.1], [33.4, 120.2]], "units[3].area", "3 corners at least, found 2"),
    ("units.3.area", [[33, 120], [34, 120], [33, 121], [34, 121]], "units[3].area", "found sides that cross"),
    ("units.3.area", [[33, 120], [34, 121], [35, 122]], "units[3].area", "found corners on one line"),
    ("units.3.area", [[33, 120], [33, 120], [33, 120]], "units[3].area", "found corners on one line"),
    (
        "units.3.area",
        [[120, 33], [121, 33], [120, 34]],
        "units[3].area[0]",
        "latitude and longitude in degrees, found 120",
    ),
    (
        "units.3.area",
        [[33, 120], [34, 181], [34, 120]],
        "units[3].area[1]",
        "latitude and longitude in degrees, found 181",
    ),
    ("units.3.area", [[33, 120], [34, 120], [33]], "units[3].area[2]", "a list of 2, found a list"),
    ("units.3.area", [[33, 120], [34, "x"], [33, 121]], "units[3].area[1][1]", 'a number, found "x"'),
    ("units.3.area", [33], "units[3].area[0]", "a list of 2, found a number"),
    (
        "units.3.places",
        ["健仁小区8-1号楼"],
        "units[3].places",
        'places with something in them, found "健仁小区8-1号楼"',
    ),
    ("units.3.places", ["健仁小区8号楼305-501室"], "units[3].places", "places with something in them"),
    ("units.3.places", ["健仁小区9号楼1-2单元"], "units[3].places", "found 健仁小区9号楼1-2单元, claimed by jr-1"),
    ("units.3.places", ["健仁苑9号楼201-402室"], "units[3].places", "found 健仁小区9号楼201-402室, claimed by jr-1"),
    (
        "units.5",
        {"id": "m2", "name": "微", "level": "micro", "parent": "jr-2", "places": ["健仁小区4号楼2单元"]},
        "units[5].places",
        "found 健仁小区4号楼2单元, claimed by jr-2-m",
    ),
    ("units.3.phone", 119, "units[3].phone", "text (numbers in quotes), found 119"),
    ("units.3.colour", "red", "units[3].colour", "a known key"),
    ("town.levels", [], "town.levels", "an empty list"),
    # departments
    ("departments.0.parent", "ly", "departments[0].parent", 'the id of a unit, found "ly"'),
    ("departments.0.parent", DROP, "departments[0].parent", "found nothing"),
    ("departments.0.id", "jr", "departments[0].id", 'found "jr", taken by units[1]'),
    # people
    ("people.1.unit", DROP, "people[1].unit", "for a role in the grid, found nothing"),
    ("people.1.unit", "jr-9", "people[1].unit", 'the id of a unit (did you mean jr-2?), found "jr-9"'),
    ("people.0.unit", "", "people[0].unit", "the id of a unit (or a department), found nothing"),
    ("people.2.department", "fier", "people[2].department", '(did you mean fire?), found "fier"'),
    (
        "people.2",
        {"id": "a", "name": "a", "roles": ["department"], "unit": "yl"},
        "people[2].department",
        "for the role",
    ),
    ("people.1.roles", ["grid_workr"], "people[1].roles[0]", '(did you mean grid_worker?), found "grid_workr"'),
    ("people.1.roles", "grid_worker", "people[1].roles", "a list, found text"),
    ("people.1.id", "chen", "people[1].id", 'found "chen", taken by people[0]'),
    ("people.1.id", "duty-desk", "people[1].id", 'found "duty-desk", taken by the duty desk'),
    ("people.1.accounts", ["telegram:1", "telegram:1"], "people[1].accounts[1]", "taken by people[1].accounts[0]"),
    ("people.0.accounts", ["wecom:li"], "people[1].accounts[1]", "taken by people[0].accounts[0]"),
    ("people.0.accounts", ["telegramm:9"], "people[0].accounts[0]", "telegram, wechat or wecom, as platform:id"),
    ("people.0.accounts", ["13800000000"], "people[0].accounts[0]", "as platform:id"),
    ("people.0.accounts", ["telegram:"], "people[0].accounts[0]", "as platform:id"),
    ("people.0.accounts", ["wechat:oXYZ"], "people[0].accounts[0]", "as platform:id"),
    ("people.0.accounts", ["wechat:gh_2:oXYZ"], "people[0].accounts[0]", "an account of platforms.wechat"),
    ("people.0.away_until", "soon", "people[0].away_until", 'a day like 2026-10-01, found "soon"'),
    ("people.0.name", DROP, "people[0].name", "found nothing"),
    # groups
    ("groups.0.purpose", "wrk", "groups[0].purpose", 'duty (did you mean work?), found "wrk"'),
    ("groups.0.purpose", DROP, "groups[0].purpose", "work, residents, department or duty, found nothing"),
    ("groups.0.purpose", "department", "groups[0].department", "for the purpose department, found nothing"),
    ("groups.0.unit", "jr-3", "groups[0].unit", "the id of a unit"),
    ("groups.0.unit", "", "groups[0].unit", "the id of a unit (or a department), found nothing"),
    ("groups.1.department", "fir", "groups[1].department", "(did you mean fire?)"),
    ("groups.0.id", "li", "groups[0].id", "taken by people[1]"),
    ("groups.1.chats", ["telegram:-1001"], "groups[1].chats[0]", "taken by groups[0].chats[0]"),
    ("groups.1.chats", ["wechat:gh_1:x"], "groups[1].chats[0]", "wecom-bot or wecom-appchat, as platform:id"),
    # duty desk, names of places
    ("duty_desk.people", ["chne"], "duty_desk.people[0]", "(did you mean chen?)"),
    ("duty_desk.group", "work", "duty_desk.group", "the id of a group"),
    ("gazetteer.aliases.康宁苑", ["健仁苑"], "gazetteer.aliases.康宁苑[0]", "stands for 健仁小区"),
    ("gazetteer.aliases.康宁苑", ["健仁小区"], "gazetteer.aliases.康宁苑[0]", "stands for 健仁小区"),
    ("gazetteer.aliases.康宁苑", "健仁", "gazetteer.aliases.康宁苑", "a list, found text"),
]


@pytest.mark.parametrize(("where", "value", "path", "words"), FAULTS)
def test_every_fault_is_named_by_its_path(where: str, value: Any, path: str, words: str, tmp_path: Path) -> None:
    town = with_change((where, value))
    if where.endswith(".id"):  # what refers to the old id is not the point
        town["duty_desk"] = {}
    found = problems(town, tmp_path)
    assert path in [problem.path for problem in found]
    assert words in next(str(problem) for problem in found if problem.path == path)


@pytest.mark.parametrize(("where", "value", "path", "words"), FAULTS)
def test_one_fault_is_one_problem(where: str, value: Any, path: str, words: str, tmp_path: Path) -> None:
    renamed = where.endswith(".id") or where in ("units.0.parent", "people.2")
    found = problems(with_change((where, value)), tmp_path)
    assert renamed or [problem.path for problem in found] == [path]


def test_the_small_town_has_nothing_wrong(tmp_path: Path) -> None:
    assert problems(with_change(), tmp_path) == []


def test_micro_grids_may_share_a_building_by_entrances_or_rooms(tmp_path: Path) -> None:
    def micro(unit: str, place: str) -> dict[str, object]:
        return {"id": unit, "name": unit, "level": "micro", "parent": "jr-2", "places": [place]}

    units = [("units.5", micro("m2", "健仁小区5号楼1-2单元")), ("units.6", micro("m3", "健仁小区5号楼3单元"))]
    units += [("units.7", micro("m4", "健仁小区6号楼101-602室")), ("units.8", micro("m5", "健仁小区6号楼103-604室"))]
    assert problems(with_change(*units), tmp_path) == []
    [found] = problems(with_change(*units, ("units.9", micro("m6", "健仁小区5号楼2-3单元"))), tmp_path)
    assert (found.path, found.found) == ("units[9].places", "健仁小区5号楼2单元, claimed by m2")


def test_an_area_is_read_corner_by_corner(tmp_path: Path) -> None:
    town = with_change(("units.3.area", [[33.38, 120], [33.39, 120.2], [33, 121]]), ("units.3.kind", "dedicated"))
    unit = read(town, tmp_path).town.units["jr-2"]
    assert (unit.area, unit.kind) == (((33.38, 120.0), (33.39, 120.2), (33.0, 121.0)), "dedicated")


def test_all_problems_come_together(tmp_path: Path) -> None:
    town = with_change(("units.3.parent", "jrx"), ("groups.0.purpose", "wrk"), ("server", {"port": "x"}))
    assert {problem.path for problem in problems(town, tmp_path)} == {
        "units[3].parent",
        "groups[0].purpose",
        "server.port",
    }


def test_a_webhook_group_needs_its_key(tmp_path: Path) -> None:
    chats = ("groups.1.chats", ["wecom-webhook:fire-group"])
    assert problems(with_change(chats), tmp_path) == []  # no webhook yet: asleep, not wrong
    other = ("platforms.wecom.webhooks", {"fire-grp": "key-1"})
    [found] = problems(with_change(chats, other), tmp_path)
    assert str(found) == (
        'groups[1].chats[0]: expected a key of platforms.wecom.webhooks (did you mean fire-grp?), found "fire-group"'
    )
