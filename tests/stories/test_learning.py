"""What people say of a case is learnt, and heard by the running bot; what they decided before stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config as configuration
from bot import hearing
from bot.app import build
from bot.clock import FakeClock
from bot.hearing import Hears
from bot.stage import Stage
from nlu.__main__ import main
from nlu.learning.versions import Shelf
from nlu.training import train
from storage.store import Store
from tests.house import ROOT
from tests.small_ear import few_sentences
from tests.stories.conftest import START
from tests.stories.story import Story

WORDS = "健仁小区3号楼的快递柜打不开，坏了"
FROZEN = "text,label\n着火了快来人,emergency\n路灯不亮,public_facilities\n你好,greeting\n居住证怎么办,service_agency\n"


def test_a_correction_is_heard_the_next_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few_sentences(tmp_path / "data")
    (tmp_path / "frozen").mkdir()
    (tmp_path / "frozen" / "small.csv").write_text(FROZEN, encoding="utf-8")
    train(tmp_path / "data", tmp_path / "models")
    database = f"sqlite:///{tmp_path / 'town.db'}"
    monkeypatch.setenv("XIAOGE__DATABASE", database)
    monkeypatch.setenv("XIAOGE__NLU__LEARNT", str(tmp_path / "ear"))
    learn = ["learn", "--config", str(ROOT / "config.yaml"), "--data", str(tmp_path / "data"),
             "--models", str(tmp_path / "models"), "--frozen", str(tmp_path / "frozen")]  # fmt: skip

    delivered = hearing.delivered(tmp_path / "data", tmp_path / "models")
    made = build(configuration.read(ROOT / "config.yaml", {}), delivered)
    present = made.present()
    store = Store(database)
    store.create()
    story = Story(Stage(store, present, FakeClock(START), made.accounts_on))
    story.stage.open()

    story.says("张阿姨", WORDS)
    assert story.case("A0001").duty == "public_facilities"
    story.says("chen", "改类 A0001 非机动车乱停 快递柜归市容管")
    assert story.case("A0001").duty == "urban_order"

    assert main(learn) == 0
    found = hearing.learnt(Shelf(tmp_path / "ear"))
    assert isinstance(found, Hears)
    present.hear(made.ear_of(found, present.ear), found.named)

    story.says("陈伯", WORDS.replace("3号楼", "5号楼"))
    learnt, corrected = story.case("A0002"), story.case("A0001")
    assert learnt.duty == "urban_order"
    assert (corrected.duty, corrected.item) == ("urban_order", "bike_parking")
    with store.reading() as reader:
        opened = {number: reader.entries(number)[0].facts for number in ("A0001", "A0002")}
        steps = [one.step for one in reader.entries("A0001")]
        assert reader.verify() == []
    assert (opened["A0001"]["label"], "ear" in opened["A0001"]) == ("public_facilities", False)
    assert (opened["A0002"]["label"], opened["A0002"]["ear"]) == ("urban_order", found.version)
    assert steps.count("relabel") == 1, "learning changes no case"

    assert main(learn) == 0, "nothing new, nothing done"
    assert Shelf(tmp_path / "ear").pointer().version == found.version
    assert main(["learn", "--config", str(ROOT / "config.yaml"), "--rollback"]) == 0
    assert hearing.learnt(Shelf(tmp_path / "ear")) is None
    store.close()
