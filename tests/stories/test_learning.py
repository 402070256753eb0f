"""What people say of a case is learnt, and heard by the running bot; what they decided before stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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


class Town:
    """A town with a memory on disk, whose ear was learnt from few sentences."""

    def __init__(self, folder: Path, trained: Path) -> None:
        self.shelf = Shelf(folder / "ear")
        self.store = Store(f"sqlite:///{folder / 'town.db'}")
        self.store.create()
        delivered = hearing.delivered(trained / "data", trained / "models")
        self.made = build(configuration.read(ROOT / "config.yaml", {}), delivered)
        self.present = self.made.present()
        self.story = Story(Stage(self.store, self.present, FakeClock(START), self.made.accounts_on))
        self.story.stage.open()
        self._learn = ["learn", "--config", str(ROOT / "config.yaml"), "--data", str(trained / "data"),
                       "--models", str(trained / "models"), "--frozen", str(trained / "frozen")]  # fmt: skip

    def learns(self, *options: str) -> int:
        """`python -m nlu learn`, as an operator types it."""
        return main([*self._learn, *options])

    def takes_it_up(self) -> Hears:
        """What the running bot does when the pointer has moved."""
        found = hearing.learnt(self.shelf)
        assert found is not None
        self.present.hear(self.made.ear_of(found, self.present.ear), found.named)
        return found

    def facts(self, number: str) -> Mapping[str, str]:
        """What is remembered of how a case was heard."""
        with self.store.reading() as reader:
            return reader.entries(number)[0].facts


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with few sentences, the model learnt from them, and a frozen set."""
    folder = tmp_path_factory.mktemp("trained")
    few_sentences(folder / "data")
    (folder / "frozen").mkdir()
    (folder / "frozen" / "small.csv").write_text(FROZEN, encoding="utf-8")
    train(folder / "data", folder / "models")
    return folder


@pytest.fixture
def town(tmp_path: Path, trained: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.setenv("XIAOGE__DATABASE", f"sqlite:///{tmp_path / 'town.db'}")
    monkeypatch.setenv("XIAOGE__NLU__LEARNT", str(tmp_path / "ear"))
    made = Town(tmp_path, trained)
    yield made
    made.store.close()


def test_a_correction_is_heard_the_next_time(town: Town) -> None:
    story = town.story
    story.says("张阿姨", WORDS)
    assert story.case("A0001").duty == "public_facilities"
    story.says("chen", "改类 A0001 占道摆摊经营")
    assert story.case("A0001").duty == "urban_order"

    assert town.learns() == 0
    found = town.takes_it_up()
    story.says("陈伯", WORDS.replace("3号楼", "5号楼"))
    learnt, corrected = story.case("A0002"), story.case("A0001")
    assert learnt.duty == corrected.duty == "urban_order"
    assert (town.facts("A0001")["label"], "ear" in town.facts("A0001")) == ("public_facilities", False)
    assert (town.facts("A0002")["label"], town.facts("A0002")["ear"]) == ("urban_order", found.version)

    assert town.learns() == 0, "nothing new, nothing done"
    assert town.shelf.pointer().version == found.version
    assert town.learns("--rollback") == 0
    assert hearing.learnt(town.shelf) is None


def test_what_a_human_decided_is_never_overwritten(town: Town) -> None:
    story = town.story
    story.says("张阿姨", WORDS)
    story.says("陈伯", WORDS.replace("3号楼", "5号楼"))
    story.says("chen", "改类 A0001 占道摆摊经营")
    before = [(one.number, one.duty, one.item, one.colour, one.lead) for one in story.cases()]
    assert town.learns() == 0
    town.takes_it_up()
    story.passes("30m")
    assert [(one.number, one.duty, one.item, one.colour, one.lead) for one in story.cases()] == before
    assert story.case("A0002").duty == "public_facilities", "a case nobody corrected stays as it was heard"
    with town.store.reading() as reader:
        assert reader.verify() == []
