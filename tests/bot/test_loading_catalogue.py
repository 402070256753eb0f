"""The catalogue as it is loaded: what duties hand down, its version, every fault by its path, the shipped one."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any, Final

import pytest

from bot import config, loading
from bot.loading_catalogue import version
from handlers.catalogue import Catalogue
from handlers.town import Department, Town
from nlu.understanding import EMERGENCY_TYPES, LABELS

ROOT = Path(__file__).parents[2]
DROP: Final = object()
TALK = {"greeting", "case_status", "rate_feedback", "human_handoff", "out_of_scope"}
SMALL: Final[dict[str, Any]] = {
    "name": "small",
    "colours": {
        "red": {"accept_h": 0.25, "first_h": 2, "finish_h": 24},
        "yellow": {"accept_h": 4, "first_h": 24, "finish_h": 72},
        "green": {"accept_h": 24, "first_h": 72, "finish_h": 120},
    },
    "negative_list": [{"id": 1, "text": "no rescue", "items": ["fire"], "words": ["rescue"]}],
    "duties": [
        {
            "key": "all",
            "id": 1,
            "name": "everything",
            "labels": [label for label in LABELS if label not in TALK],
            "flow": "report",
            "department": "center",
            "helpers": ["fire"],
            "hand": "grid",
            "colour": "green",
            "accept_h": 24,
            "finish_h": 120,
            "needs": ["place"],
            "place_detail": "estate",
            "group_push": "full",
            "default_item": "other",
            "items": [
                {"key": "lamp", "name": "lamp", "words": ["lamp", "light"]},
                {
                    "key": "fire",
                    "name": "fire",
                    "hand": "department",
                    "colour": "red",
                    "hotline": "fire",
                    "words": ["burn"],
                },
                {"key": "petition", "name": "petition", "flow": "petition", "accept_h": 1, "words": ["march"]},
                {"key": "other", "name": "other", "hotline": ["fire", "fire"], "helpers": []},
            ],
        }
    ],
}
TOWN = Town(
    name="t",
    bot_name="b",
    levels=(),
    units={},
    departments={key: Department(id=key, name=key, parent="") for key in ("center", "fire")},
    people={},
    groups={},
    hotlines={"fire": "119"},
)


def load(document: object, folder: Path) -> Catalogue:
    path = folder / "small.yml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return loading.catalogue(path, TOWN)


def broken(path: str, value: object) -> dict[str, Any]:
    document = copy.deepcopy(SMALL)
    *way, last = path.split(".")
    at: Any = document
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    if value is DROP:
        del at[last]
    else:
        at[int(last) if isinstance(at, list) else last] = value
    return document


def test_items_have_what_their_duty_says(tmp_path: Path) -> None:
    lamp = load(SMALL, tmp_path).item("all", "lamp")
    assert (lamp.duty, lamp.flow, lamp.department, lamp.helpers) == ("all", "report", "center", ("fire",))
    assert (lamp.hand, lamp.colour, lamp.accept_h, lamp.finish_h) == ("grid", "green", 24.0, 120.0)
    assert (lamp.needs, lamp.photo, lamp.place_detail, lamp.group_push) == (("place",), "no", "estate", "full")
    assert (lamp.safety, lamp.hotline, lamp.words, lamp.own_clock) == ("", (), ("lamp", "light"), False)


def test_items_say_otherwise(tmp_path: Path) -> None:
    catalogue = load(SMALL, tmp_path)
    fire, other = catalogue.item("all", "fire"), catalogue.item("all", "other")
    assert (fire.hand, fire.colour, fire.hotline) == ("department", "red", ("fire",))
    assert (fire.accept_h, fire.finish_h) == (0.25, 24.0), "an item of another colour takes that colour's hours"
    assert (other.helpers, other.hotline) == ((), ("fire", "fire"))


def test_a_petition_keeps_its_own_clock(tmp_path: Path) -> None:
    petition = load(SMALL, tmp_path).item("all", "petition")
    assert petition.own_clock
    assert (petition.accept_h, petition.finish_h) == (1.0, 120.0)


def test_the_version_is_of_the_content(tmp_path: Path) -> None:
    again = json.loads(json.dumps(SMALL, sort_keys=True, indent=4))
    assert load(again, tmp_path).version == load(SMALL, tmp_path).version == version(SMALL)
    assert load(broken("duties.0.name", "x"), tmp_path).version != version(SMALL)
    assert len(version(SMALL)) == 12


def test_cues_go_by_label(tmp_path: Path) -> None:
    cues = loading.cues(load(SMALL, tmp_path))
    assert cues["safety_hazard"] == (("lamp", ("lamp", "light")), ("fire", ("burn",)))
    assert cues["petition"] == (("petition", ("march",)),)
    assert set(cues) == set(LABELS) - TALK


SECRET = {"key": "lamp", "name": "lamp", "words": ["lamp"], "shared": True, "group_push": "none"}


@pytest.mark.parametrize(
    ("where", "value", "path", "words"),
    [
        ("name", DROP, "name", "found nothing"),
        ("duty", [], "duty", "a known key (did you mean duties?)"),
        ("colours.red", DROP, "colours.red", "accept_h, first_h and finish_h, found nothing"),
        ("colours.blue", {"accept_h": 1, "first_h": 1, "finish_h": 1}, "colours.blue", "a known colour"),
        ("colours.red", {"accept_h": 1, "finish_h": 1}, "colours.red.first_h", "a number, found nothing"),
        ("thresholds", {"petitions": 0.5}, "thresholds.petitions", "(did you mean petition?)"),
        ("thresholds", {"petition": 5}, "thresholds.petition", "a number from 0 to 1, found 5.0"),
        ("unknown_place", "street", "unknown_place", "community or centre"),
        ("negative_list.0.items", ["fires"], "negative_list[0].items[0]", "(did you mean fire?)"),
        ("negative_list.0.items", ["lamp"], "negative_list[0].items[0]", 'not hand: grid, found "lamp"'),
        ("duties.0.key", DROP, "duties[0].key", "found nothing"),
        ("duties.0.id", "1", "duties[0].id", "a whole number"),
        ("duties.0.labels.0", "safety", "duties[0].labels[0]", "a label of the ear"),
        ("duties.0.labels.0", "greeting", "duties[0].labels[0]", "a label of the ear"),
        ("duties.0.labels.0", "petition", "duties[0].labels[12]", "taken by all"),
        ("duties.0.default_item", "othr", "duties[0].default_item", "(did you mean other?)"),
        ("duties.0.flow", "reprt", "duties[0].flow", "(did you mean report?)"),
        ("duties.0.items.0.flow", "reprt", "duties[0].items[0].flow", "a flow of handlers/flows"),
        ("duties.0.department", "centre", "duties[0].department", "(did you mean center?)"),
        ("duties.0.helpers", ["police"], "duties[0].helpers[0]", 'a department of the configuration, found "police"'),
        ("duties.0.items.0.department", "lamps", "duties[0].items[0].department", "a department of the configuration"),
        ("duties.0.items.1.hotline", "fier", "duties[0].items[1].hotline[0]", "(did you mean fire?)"),
        ("duties.0.items.1.hotline", 119, "duties[0].items[1].hotline", "a list, found a number"),
        ("duties.0.needs", ["adress"], "duties[0].needs[0]", "a kind of slot"),
        ("duties.0.hand", "grids", "duties[0].hand", "grid, department or service (did you mean grid?)"),
        ("duties.0.colour", "blue", "duties[0].colour", "green, yellow or red"),
        ("duties.0.group_push", "all", "duties[0].group_push", "full, title or none"),
        ("duties.0.place_detail", "room", "duties[0].place_detail", "estate, building or exact"),
        ("duties.0.items.0.photo", False, "duties[0].items[0].photo", "no, ask or required, found false"),
        ("duties.0.items.0.accept_h", 200, "duties[0].items[0].accept_h", "hours within finish_h"),
        ("duties.0.accept_h", -1, "duties[0].accept_h", "a number from 0 to 10000, found -1"),
        ("duties.0.items.0.words", ["lamp", 110], "duties[0].items[0].words[1]", "text (numbers in quotes), found 110"),
        ("duties.0.items.0.word", [], "duties[0].items[0].word", "(did you mean words?)"),
        ("duties.0.items.0.key", "other", "duties[0].items[3].key", '"other" again'),
        ("duties.0.items.0", SECRET, "duties[0].items[0].shared", "an item that a group may know of"),
    ],
)
def test_every_fault_is_named_by_its_path(where: str, value: object, path: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(loading.ConfigError) as caught:
        load(broken(where, value), tmp_path)
    [found] = [problem for problem in caught.value.problems if problem.path == f"small.yml {path}"]
    assert words in str(found)


def test_an_item_with_hours_of_its_own_is_measured_by_what_it_inherits(tmp_path: Path) -> None:
    with pytest.raises(
        loading.ConfigError, match=r"items\[0\].accept_h: expected hours within finish_h, 120.0, found 121"
    ):
        load(broken("duties.0.items.0.accept_h", 121), tmp_path)


def test_a_label_that_nobody_takes_is_told(tmp_path: Path) -> None:
    labels = [label for label in SMALL["duties"][0]["labels"] if label != "petition"]
    with pytest.raises(loading.ConfigError, match="small.yml duties: expected a duty that takes the label petition"):
        load(broken("duties.0.labels", labels), tmp_path)


def test_without_a_town_codes_are_taken_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "small.yml"
    path.write_text(json.dumps(broken("duties.0.department", "elsewhere")), encoding="utf-8")
    assert loading.catalogue(path).item("all", "lamp").department == "elsewhere"


def test_the_shipped_catalogue_is_right() -> None:
    town = config.read(ROOT / "config.yaml", {}).town
    catalogue = loading.catalogue(ROOT / "handlers" / "catalogues" / "yanlong.yml", town)
    assert len(catalogue.duties) == 13
    assert [duty.id for duty in catalogue.duties.values()] == list(range(1, 14))
    emergency = catalogue.duties["emergency_petition"].items
    assert [kind for kind in EMERGENCY_TYPES if kind != "none" and not emergency[kind].hotline] == []
    shared = {item.key for duty in catalogue.duties.values() for item in duty.items.values() if item.shared}
    assert shared == {"water_outage", "power_outage", "gas_outage", "heat_outage"}
    private = ("special_care", "dispute_mediation", "service_agency", "legal_policy")
    assert {item.group_push for key in private for item in catalogue.duties[key].items.values()} == {"none"}
    assert {emergency[kind].group_push for kind in ("medical", "dv", "self_harm", "minor", "petition")} == {"none"}
    assert {emergency[kind].group_push for kind in ("fire", "gas", "trapped", "missing", "disaster")} == {"title"}
