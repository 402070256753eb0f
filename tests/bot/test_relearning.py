"""What a running bot does with what was learnt: it takes it up between two batches, or refuses it and says so."""

from __future__ import annotations

import asyncio
import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import config as configuration
from bot import hearing
from bot.__main__ import main
from bot.app import Product, build
from bot.hearing import Hears, NotTrainedError
from bot.live import Live
from bot.relearning import Relearning
from nlu.corpus import fingerprint
from nlu.learning.versions import Pointer, Shelf
from nlu.model import Model, load
from nlu.places import Gazetteer
from nlu.sound import ModelError
from storage.store import Store
from tests.house import ROOT
from tests.product import product


@pytest.fixture(scope="module")
def model() -> Model:
    found = product().hears.model
    assert found is not None
    return found


@pytest.fixture
def shelf(tmp_path: Path, model: Model) -> Shelf:
    """A shelf with two sound versions; the delivered model is heard."""
    made = Shelf(tmp_path / "ear")
    for version in ("a1", "b2"):
        with made.making(version) as folder:
            model.save(folder / "model")
            made.describe(folder, {"verdict": "promoted"})
    return made


def damage(shelf: Shelf, version: str) -> None:
    path = shelf.folder / version / "model" / "weights.npz"
    path.write_bytes(path.read_bytes()[:1000])


# -- at the start ------------------------------------------------------------------------------------------------------


def test_the_best_model_there_is(shelf: Shelf, tmp_path: Path) -> None:
    folder = str(shelf.folder)
    assert hearing.at_start(folder).kind == "delivered"
    assert hearing.at_start("").kind == "delivered"
    shelf.point(Pointer("a1"))
    found = hearing.at_start(folder)
    assert (found.kind, found.version, found.named, found.reason) == ("learnt", "a1", "a1", "")
    assert found.told() == {"status": "ok", "ear": {"model": "learnt", "version": "a1"}}
    damage(shelf, "a1")
    found = hearing.at_start(folder)
    assert (found.kind, found.named) == ("delivered", "")
    assert "the learnt model a1 is refused: its files are damaged" in found.reason
    assert found.told()["status"] == "degraded"
    (shelf.folder / "live.json").write_text("{", encoding="utf-8")
    assert "live.json is damaged" in hearing.at_start(folder).reason
    with pytest.raises(NotTrainedError, match="not trained"):
        hearing.at_start("", models=tmp_path)


def test_a_model_of_few_labels_is_not_taken_up(shelf: Shelf) -> None:
    path = shelf.folder / "a1" / "model" / "model.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["label_names"] = facts["label_names"][:5]
    path.write_text(json.dumps(facts), encoding="utf-8")
    shelf.describe(shelf.folder / "a1", {"verdict": "promoted"})
    shelf.point(Pointer("a1"))
    with pytest.raises(ModelError, match="must be"):
        hearing.learnt(shelf)


@pytest.fixture
def damaged(tmp_path: Path, model: Model) -> Path:
    """A folder of models in which the delivered one is cut off."""
    folder = tmp_path / "models" / fingerprint()
    model.save(folder)
    (folder / "weights.npz").write_bytes((folder / "weights.npz").read_bytes()[:5000])
    return tmp_path / "models"


def test_without_a_sound_model_plain_words_stand_in(damaged: Path) -> None:
    hears = hearing.at_start("", models=damaged)
    assert (hears.kind, hears.model) == ("baseline", None)
    assert "is refused: its files are damaged" in hears.reason
    made = build(configuration.read(ROOT / "config.yaml", {}), hears)
    heard = [one.alone for one in made.ear.understand([("路灯坏了", ""), ("着火了", "")])]
    assert [one.label for one in heard] == ["public_facilities", "emergency"]
    assert heard[0].confidence - heard[0].runner_up_confidence < 0.1, "the bot asks back"


def test_check_says_so(shelf: Shelf, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("XIAOGE__NLU__LEARNT", str(shelf.folder))
    here = ["check", "--config", str(ROOT / "config.yaml")]
    shelf.point(Pointer("b2"))
    assert main(here) == 0
    said = capsys.readouterr().out
    assert "learnt here, version b2" in said
    assert "Everything is in order" in said
    damage(shelf, "b2")
    assert main(here) == 1
    said = capsys.readouterr().out
    assert "the learnt model b2 is refused" in said
    assert "Everything is in order" not in said


# -- while it runs -----------------------------------------------------------------------------------------------------


class Taking:
    """Whoever hears: what was handed over, and how often a refusal was told."""

    def __init__(self) -> None:
        self.taken: list[Hears] = []
        self.refused = 0

    async def take(self, hears: Hears) -> None:
        self.taken.append(hears)

    async def refuse(self) -> None:
        self.refused += 1


def test_the_pointer_is_followed(shelf: Shelf) -> None:
    hears = Taking()
    relearning = Relearning(shelf, hearing.at_start(str(shelf.folder)), hears.take, hears.refuse)

    async def looks() -> list[bool]:
        found = [await relearning.look()]
        for pointer in (Pointer("a1"), Pointer("a1"), Pointer("b2", ("a1",)), Pointer("")):
            shelf.point(pointer)
            found.append(await relearning.look())
        return found

    assert asyncio.run(looks()) == [False, True, False, True, True]
    assert [(one.kind, one.named) for one in hears.taken] == [("learnt", "a1"), ("learnt", "b2"), ("delivered", "")]
    assert relearning.hears.kind == "delivered"


def test_a_pointer_that_moves_while_the_bot_starts_is_followed(shelf: Shelf) -> None:
    hears = Taking()
    found = hearing.at_start(str(shelf.folder))
    shelf.point(Pointer("a1"))
    relearning = Relearning(shelf, found, hears.take, hears.refuse)
    assert asyncio.run(relearning.look())
    assert [one.named for one in hears.taken] == ["a1"]


def test_what_was_made_anew_under_the_same_name_is_taken_up(shelf: Shelf, model: Model) -> None:
    hears = Taking()
    shelf.point(Pointer("a1"))
    damage(shelf, "a1")
    relearning = Relearning(shelf, hearing.at_start(str(shelf.folder)), hears.take, hears.refuse)
    assert not asyncio.run(relearning.look())
    with shelf.making("a1") as folder:
        model.save(folder / "model")
        shelf.describe(folder, {"verdict": "promoted"})
    shelf.point(Pointer("a1"))
    assert asyncio.run(relearning.look())
    assert [one.named for one in hears.taken] == ["a1"]


def test_a_refusal_that_could_not_be_told_is_told_later(shelf: Shelf) -> None:
    told: list[str] = []

    async def refuse() -> None:
        told.append("tried")
        if len(told) == 1:
            raise OSError("no database")

    relearning = Relearning(shelf, hearing.at_start(str(shelf.folder)), Taking().take, refuse)
    damage(shelf, "b2")
    shelf.point(Pointer("b2"))
    with pytest.raises(OSError, match="no database"):
        asyncio.run(relearning.look())
    assert [asyncio.run(relearning.look()), asyncio.run(relearning.look())] == [False, False]
    assert told == ["tried", "tried"]


@pytest.mark.parametrize("how", ["damaged", "gone", "pointer"])
def test_what_is_not_sound_is_refused_and_told_once(shelf: Shelf, how: str) -> None:
    hears = Taking()
    shelf.point(Pointer("a1"))
    relearning = Relearning(shelf, hearing.at_start(str(shelf.folder)), hears.take, hears.refuse)

    async def looks() -> list[bool]:
        if how == "damaged":
            damage(shelf, "b2")
        if how == "gone":
            shutil.rmtree(shelf.folder / "b2")
        shelf.point(Pointer("b2", ("a1",)))
        if how == "pointer":
            (shelf.folder / "live.json").write_text('{"version"', encoding="utf-8")
        found = [await relearning.look(), await relearning.look()]
        assert (relearning.hears.version, relearning.hears.told()["status"]) == ("a1", "degraded")
        shelf.point(Pointer("a1"))
        return [*found, await relearning.look()]

    assert asyncio.run(looks()) == [False, False, True]
    assert hears.refused == 1
    assert relearning.hears.reason == ""


@pytest.fixture
def live(shelf: Shelf, tmp_path: Path, model: Model) -> Iterator[Live]:
    environment = {"XIAOGE__NLU__LEARNT": str(shelf.folder), "XIAOGE__MEDIA": str(tmp_path / "media")}
    config = configuration.read(ROOT / "config.yaml", environment)
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    store.create()
    made: Product = build(config, Hears(model, "delivered", "d0"))
    yield Live(made, store)
    store.close()


def test_a_running_bot_takes_it_up(live: Live, shelf: Shelf, model: Model) -> None:
    async def run() -> list[Any]:
        app = await live.start([])
        assert app is not None
        told: list[Any] = [live.health()["ear"]]
        shelf.point(Pointer("a1"))
        await live.relearning.look()
        told += [live.health()["ear"], live._present.desk.rules.ear_version]
        assert live._present.ear._model is live._present.desk.rules.ear._model  # type: ignore[attr-defined]
        damage(shelf, "b2")
        shelf.point(Pointer("b2", ("a1",)))
        await live.relearning.look()
        told += [live.health()["ear"], live.health()["status"], live._counters.render(live.health())]
        with live.store.reading() as reader:
            told.append([one for one in reader.letters_of() if one.red])
        await live.stop()
        return told

    before, after, version, still, status, metrics, alarms = asyncio.run(run())
    assert before == {"model": "delivered", "version": "d0"}
    assert after == still == {"model": "learnt", "version": "a1"}
    assert (version, status) == ("a1", "degraded")
    assert 'xiaoge_ear{model="learnt",version="a1"} 1' in metrics
    assert alarms
    assert "没有启用" in alarms[0].text


def test_places_that_change_meanwhile_stay_changed(live: Live, model: Model) -> None:
    """The counter is at work when the new model comes: what it does to the ear must not be undone."""
    elsewhere, busy = Gazetteer.from_entries((), {}), threading.Event()

    def move(_: object) -> None:
        busy.wait(30)
        live._present.ear = live._present.ear.with_places(elsewhere)

    async def run() -> None:
        await live.start([])
        moving = asyncio.ensure_future(live.counter.run(move))
        hearing = asyncio.ensure_future(live._hear(Hears(model, "learnt", "a1")))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        busy.set()
        await asyncio.gather(moving, hearing)
        await live.stop()

    asyncio.run(run())
    assert live._present.desk.rules.ear_version == "a1"
    assert live._present.ear._gazetteer is elsewhere


def test_what_lies_on_the_shelf_is_what_was_learnt(shelf: Shelf, model: Model) -> None:
    assert load(shelf.folder / "a1" / "model").facts == model.facts
