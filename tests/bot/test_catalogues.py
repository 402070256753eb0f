"""The shipped catalogues: complete, found by what residents say, honest about their sources; and what check refuses."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import checking, config, documents, loading
from bot.app import CATALOGUES, DATA, WORDING
from bot.reading import ConfigError
from handlers.catalogue import Catalogue, Item
from nlu.corpus import read_corpus
from nlu.demand import Items
from nlu.reading import Reader
from nlu.town import read_duties
from nlu.understanding import EMERGENCY_TYPES, LABELS
from tests.bot.test_loading_catalogue import SMALL, TALK, TOWN
from tests.product import ROOT

SIZES = {"yanlong": (13, 100), "jianghai": (7, 19)}


def shipped(name: str) -> Catalogue:
    return loading.catalogue(CATALOGUES / f"{name}.yml")


STOCKS = {name: shipped(name) for name in SIZES}
EVERY = [
    pytest.param(name, item, id=f"{name}:{item.duty}/{item.key}")
    for name, stock in STOCKS.items()
    for duty in stock.duties.values()
    for item in duty.everything()
]


def test_all_shipped_catalogues_are_tested() -> None:
    assert {path.stem for path in CATALOGUES.glob("*.yml")} == set(SIZES)


@pytest.mark.parametrize("name", SIZES)
def test_a_shipped_catalogue_is_complete(name: str) -> None:
    read = config.read(ROOT / "config.yaml", {})
    stock = checking.files(replace(read, facts=replace(read.facts, catalogue=name)))
    assert (len(stock.duties), sum(len(duty.items) for duty in stock.duties.values())) == SIZES[name]
    assert len(stock.negative_list) == 10
    assert {label for duty in stock.duties.values() for label in duty.labels} == set(LABELS) - TALK
    assert {stock.item_for("emergency", kind).key for kind in EMERGENCY_TYPES if kind != "none"} == (
        set(EMERGENCY_TYPES) - {"none"}
    )


@cache
def _items(name: str) -> list[tuple[Reader, Items]]:
    """The items of a catalogue as the bot and as the ear reads it, each with the reader that knows their words."""
    readers = (Reader(), Reader())
    cues = (loading.cues(STOCKS[name]), read_duties(CATALOGUES / f"{name}.yml").cues)
    return [(reader, Items(one, reader)) for reader, one in zip(readers, cues, strict=True)]


@pytest.mark.parametrize(("name", "item"), EVERY)
def test_every_item_is_found_by_each_of_its_sentences(name: str, item: Item) -> None:
    stock = STOCKS[name]
    if item.key == "human_desk":
        wording = loading.wording(WORDING)
        assert [text for text in item.says if not wording.means("command.human", text)] == []
        return
    for reader, items in _items(name):
        for label in item.labels:
            found = {text: stock.item_for(label, items.of(reader.read(text), label)).key for text in item.says}
            assert found == dict.fromkeys(item.says, item.key)


@pytest.mark.parametrize(("name", "item"), EVERY)
def test_every_item_is_described(name: str, item: Item) -> None:
    part_of_a_kind = item.key in STOCKS[name].duties[item.duty].kinds
    assert (2 if part_of_a_kind else 3) <= len(item.says) <= 6
    assert "\n" not in item.definition
    assert 8 <= len(item.definition) <= 60
    assert item.definition.endswith("。")


@pytest.mark.parametrize("name", SIZES)
def test_no_sentence_stands_under_two_items(name: str) -> None:
    texts = [text for duty in STOCKS[name].duties.values() for item in duty.everything() for text in item.says]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", SIZES)
def test_the_head_says_that_the_list_is_ours_and_what_it_was_built_from(name: str) -> None:
    head = (CATALOGUES / f"{name}.yml").read_text(encoding="utf-8").split("\nname:")[0]
    assert "NOT PUBLIC" in head
    assert "OURS" in head
    if name == "yanlong":
        for source in ("13类100条", "滨州市", "141号", "83项", "滨淮镇", "数字城管", "建标库 171520"):
            assert source in head


@pytest.mark.parametrize("name", SIZES)
def test_nothing_of_the_negative_list_is_for_a_grid_worker(name: str) -> None:
    stock = STOCKS[name]
    everything = {item.key: item for duty in stock.duties.values() for item in duty.everything()}
    barred = {key for point in stock.negative_list for key in point.items}
    assert barred <= everything.keys()
    assert [key for key in barred if everything[key].hand == "grid"] == []
    assert [point.id for point in stock.negative_list] == list(range(1, 11))
    assert [point.id for point in stock.negative_list if not (point.items or point.words)] == []
    # What danger and the law keep from a grid worker is kept from them in either catalogue.
    assert {"fire", "gas", "trapped", "disaster", "medical", "police"} <= barred


@pytest.mark.parametrize("name", SIZES)
def test_secrets_stay_secrets_in_either_catalogue(name: str) -> None:
    stock = STOCKS[name]
    for label in ("special_care", "dispute_mediation", "service_agency", "legal_policy", "petition"):
        duty = stock.duty_for(label)
        assert duty is not None
        assert {item.group_push for item in duty.everything() if label in item.labels} == {"none"}
    for kind in ("medical", "dv", "self_harm", "minor"):
        assert stock.item_for("emergency", kind).group_push == "none"


def test_a_case_of_another_catalogue_finds_its_nearest_duty() -> None:
    stock = STOCKS["jianghai"]
    lamp = stock.item("public_facilities", "street_lamp")
    assert (stock.duty("public_facilities").key, lamp.key) == ("city", "facility")
    assert stock.item("special_care", "elder_alone").key == "care"
    assert stock.duty("of nobody").key == "opinion"
    assert STOCKS["yanlong"].duty("city").key == "public_opinion"


# -- what check refuses ------------------------------------------------------------------------------------------------

GOOD: dict[str, Any] = copy.deepcopy(SMALL)
GOOD["counts"] = {"categories": 1, "items": 5, "negative_list": 1}
GOOD["duties"][0]["items"].append({"key": "human_desk", "name": "a person", "hand": "department"})
for entry in GOOD["duties"][0]["items"]:
    entry |= {"definition": f"what {entry['name']} is", "says": [f"{entry['name']} please"]}
LEARNT = frozenset(LABELS)


def faults(document: object, folder: Path, learnt: frozenset[str] = LEARNT) -> list[str]:
    path = folder / "small.yml"
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        loading.catalogue(path, TOWN, learnt)
    except ConfigError as error:
        return [str(problem) for problem in error.problems]
    return []


def spoiled(where: str, value: object) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    *way, last = where.split(".")
    at: Any = document
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value
    return document


def test_a_complete_catalogue_has_no_fault(tmp_path: Path) -> None:
    assert faults(GOOD, tmp_path) == []


LAMPS = "duties.0.items.0"
DANGERS = [{"key": "fire", "name": "flames", "definition": "it burns", "says": ["fire"]}]


@pytest.mark.parametrize(
    ("where", "value", "path", "words"),
    [
        (f"{LAMPS}.definition", "", "duties[0].items[0].definition", "what the item is, in one line, found nothing"),
        (f"{LAMPS}.says", [], "duties[0].items[0].says", "what residents say, found nothing"),
        (f"{LAMPS}.says", [" "], "duties[0].items[0].says", "found nothing"),
        ("duties.0.items.1.words", ["burn", "lamp"], "duties[0].items[1].words[1]", 'found "lamp", also of lamp'),
        ("duties.0.items.3.name", "lamp", "duties[0].items[3].name", 'a name of its own, found "lamp"'),
        ("duties.0.items.4.key", "desk", "duties", "an item human_desk, for residents who ask for a person"),
        ("counts.items", 4, "counts.items", "5, as many as there are, found 4"),
        ("counts.items", 6, "counts.items", "5, as many as there are, found 6"),
        ("counts.categories", 2, "counts.categories", "1, as many as there are, found 2"),
        ("counts.negative_list", 10, "counts.negative_list", "1, as many as there are, found 10"),
        ("counts.item", 5, "counts.item", "(did you mean items?)"),
        ("negative_list.0", {"id": 1, "text": "empty"}, "negative_list[0]", "items or words by which it can be held"),
        ("negative_list.0.items", ["flood"], "negative_list[0].items[0]", "the key of an item"),
        (f"{LAMPS}.labels", ["safety"], "duties[0].items[0].labels[0]", "a label of its duty"),
        (f"{LAMPS}.kinds", [{"key": "flood", "name": "f"}], "duties[0].items[0].kinds[0].key", "an emergency type"),
        (f"{LAMPS}.kinds", DANGERS, "duties[0].items[1].key", '"fire", as duties[0].items[0].kinds[0]'),
    ],
)
def test_what_is_not_complete_is_told(where: str, value: object, path: str, words: str, tmp_path: Path) -> None:
    told = [one for one in faults(spoiled(where, value), tmp_path) if one.startswith(f"small.yml {path}: ")]
    assert told
    assert words in told[0]


def test_two_points_of_one_number_are_told(tmp_path: Path) -> None:
    point = GOOD["negative_list"][0]
    document = spoiled("negative_list", [point, point])
    assert any("negative_list[1].id" in one for one in faults(document, tmp_path))


def test_labels_that_were_never_taught_and_labels_that_nobody_takes(tmp_path: Path) -> None:
    unlearnt = faults(GOOD, tmp_path, LEARNT - {"petition"})
    assert len(unlearnt) == 1
    assert "a label with sentences in the training data" in unlearnt[0]
    (more,) = faults(GOOD, tmp_path, LEARNT | {"lost_and_found"})
    assert "a duty that takes the label lost_and_found of the training data" in more
    assert set(read_corpus(DATA).labels) == set(LABELS)


def test_a_running_bot_does_without_descriptions(tmp_path: Path) -> None:
    path = tmp_path / "small.yml"
    path.write_text(json.dumps(SMALL), encoding="utf-8")
    assert loading.catalogue(path, TOWN).duties


def test_words_of_items_with_other_labels_may_be_the_same(tmp_path: Path) -> None:
    document = spoiled("duties.0.items.1.words", ["burn", "lamp"])
    document["duties"][0]["items"][0]["labels"] = ["urban_order"]
    document["duties"][0]["items"][1]["labels"] = ["safety_hazard"]
    assert faults(document, tmp_path) == []


def test_check_tells_everything_in_one_run(tmp_path: Path) -> None:
    document = documents.load(CATALOGUES / "yanlong.yml")
    items = document["duties"][7]["items"]
    items[0] |= {"definition": "", "department": "lamps", "says": ["一下雨道闸杆就断"]}
    document["negative_list"][0]["items"] = ["street_lamps"]
    (tmp_path / "yanlong.yml").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "other.yml").write_text("name: [", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        checking.files(config.read(ROOT / "config.yaml", {}), tmp_path)
    told = [problem.path for problem in caught.value.problems]
    for path in ("definition", "department"):
        assert f"yanlong.yml duties[7].items[0].{path}" in told
    assert "yanlong.yml negative_list[0].items[0]" in told
    assert any(path.startswith("other.yml ") for path in told)


def test_a_sentence_that_leads_elsewhere_is_told(tmp_path: Path) -> None:
    document = documents.load(CATALOGUES / "yanlong.yml")
    document["duties"][7]["items"][0]["says"] = ["路灯不亮", "道闸杆断了"]
    (tmp_path / "yanlong.yml").write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        checking.files(config.read(ROOT / "config.yaml", {}), tmp_path)
    (told,) = caught.value.problems
    assert told.path == "yanlong.yml duties[7].items[0].says[1]"
    assert told.found == '"道闸杆断了", leading to door_access'
