"""Puts the product together: the only place where the ear, the desk and the memory meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bot import calendars, hearing, loading
from bot.config import Config
from bot.hearing import DELIVERED, Hears
from bot.present import Present
from bot.stage import MovableClock, Stage
from bot.wiring import other_engine
from handlers.desk import Desk
from handlers.discovery import desk
from handlers.rules import Rules
from handlers.town import Directory
from nlu.baseline import Baseline
from nlu.demand import Cues
from nlu.ear import EmbeddedEar
from nlu.places import Gazetteer
from nlu.redaction import Redactor
from nlu.scoring import OtherEngine
from nlu.script import Scripts
from nlu.search import Lookup
from storage.store import Store

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "handlers" / "catalogues"
WORDING = ROOT / "handlers" / "wording"
KNOWLEDGE = ROOT / "handlers" / "knowledge"
DATA = ROOT / "nlu" / "data"
MODELS = ROOT / "nlu" / "model"


@dataclass(frozen=True, slots=True)
class Product:
    """The parts that do not depend on where messages come from. `ear` understands by itself, `other` calls out."""

    config: Config
    desk: Desk
    ear: EmbeddedEar
    catalogue_document: str = ""
    accounts_on: Mapping[str, str] = field(default_factory=dict)
    cues: Cues = field(default_factory=dict)
    hears: Hears = DELIVERED
    other: OtherEngine | None = None

    def present(self, *, alone: bool = False) -> Present:
        """The desk and the ear, made anew whenever the directory has changed; `alone` never asks another engine."""
        return Present(self.desk, self._hearing(self.ear, alone), partial(self._refit, alone))

    def ear_of(self, hears: Hears, ear: EmbeddedEar) -> EmbeddedEar:
        """An ear with another model, behind the other engine as well."""
        return self._hearing(ear.with_model(hears.model or Baseline(self.cues)), alone=False)

    def _hearing(self, ear: EmbeddedEar, alone: bool) -> EmbeddedEar:
        return ear if alone or self.other is None else ear.with_scorer(self.other.over(ear.own))

    def _refit(self, alone: bool, directory: Directory, rules: Rules, ear: EmbeddedEar) -> tuple[Desk, EmbeddedEar]:
        """The town's places may be others now: what the ear knows of language stays as it is."""
        town = self.desk.rules.town.with_directory(directory)
        if town.units != rules.town.units:
            places = {unit.id: unit.places for unit in town.units.values()}
            ear = ear.with_places(Gazetteer.from_entries(tuple(places.items()), self.config.aliases))
        return self.desk.fitted(replace(rules, town=town, ear=ear.by_itself())), self._hearing(ear, alone)

    def engine(self) -> dict[str, object]:
        """Which engine understands, and how it stands: for /health/ready in words, for /metrics in numbers."""
        facts = {} if self.other is None else self.other.facts()
        return {"engine": self.config.nlu.engine, "engine_rasa": self.config.nlu.engine == "rasa", **facts}


def build(config: Config, hears: Hears | None = None) -> Product:
    """Everything of the configuration; without `hears` with the delivered model.

    Raises ConfigError for files that are wrong, NotTrainedError without a model.
    """
    path = CATALOGUES / f"{config.facts.catalogue}.yml"
    catalogue = loading.catalogue(path, config.town)
    knowledge = loading.knowledge(KNOWLEDGE)
    hears, cues = hears or hearing.delivered(DATA, MODELS), loading.cues(catalogue)
    gazetteer = Gazetteer.from_entries(tuple(config.places.items()), config.aliases)
    ear = EmbeddedEar(hears.model or Baseline(cues), gazetteer, cues)
    rules = Rules(
        town=config.town,
        catalogue=catalogue,
        wording=loading.wording(WORDING),
        knowledge=knowledge,
        ear=ear,
        ear_version=hears.named,
        redactor=Redactor(),
        scripts=Scripts(),
        lookup=Lookup({key: (a.title, *a.questions) for key, a in knowledge.answers.items()}),
        calendar=calendars.calendar(config.calendar, config.zone),
        quiet_residents=config.quiet_residents,
        quiet_groups=config.quiet_groups,
        morning=config.morning,
        weekly=config.weekly,
        group_per_hour=config.group_per_hour,
        voices_heard=bool(config.speech.url),
        calendar_mark=calendars.mark(config.calendar, config.quiet_groups),
    )
    first = {person: address[0].split(":")[0] for person, address in config.accounts.items() if address}
    other = other_engine(config, ear.own)
    return Product(config, desk(rules), ear, path.read_text(encoding="utf-8"), first, cues, hears, other)


def stage(product: Product, clock: MovableClock, url: str = "sqlite://", *, alone: bool = True) -> Stage:
    """A stage with a memory of its own; an existing one goes on where it stood.

    `alone` it never asks another engine: a play and a simulation are the same each time.
    """
    store = Store(url)
    if not store.ready():
        store.create()
    made = Stage(store, product.present(alone=alone), clock, product.accounts_on)
    made.open()
    return made
