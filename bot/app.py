"""Puts the product together: the only place where the ear, the desk and the memory meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import calendars, hearing, loading
from bot.config import Config
from bot.hearing import DELIVERED, Hears
from bot.present import Present
from bot.stage import MovableClock, Stage
from handlers.desk import Desk
from handlers.discovery import desk
from handlers.rules import Rules
from handlers.town import Directory
from nlu.baseline import Baseline
from nlu.demand import Cues
from nlu.ear import EmbeddedEar
from nlu.places import Gazetteer
from nlu.redaction import Redactor
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
    """The parts that do not depend on where messages come from."""

    config: Config
    desk: Desk
    ear: EmbeddedEar
    catalogue_document: str = ""
    accounts_on: Mapping[str, str] = field(default_factory=dict)
    cues: Cues = field(default_factory=dict)
    hears: Hears = DELIVERED

    def present(self) -> Present:
        """The desk and the ear, made anew whenever the directory has changed."""
        return Present(self.desk, self.ear, self._refit)

    def ear_of(self, hears: Hears, ear: EmbeddedEar) -> EmbeddedEar:
        """An ear with another model."""
        return ear.with_model(hears.model or Baseline(self.cues))

    def _refit(self, directory: Directory, rules: Rules, ear: EmbeddedEar) -> tuple[Desk, EmbeddedEar]:
        """The town's places may be others now: what the ear knows of language stays as it is."""
        town = self.desk.rules.town.with_directory(directory)
        if town.units != rules.town.units:
            places = {unit.id: unit.places for unit in town.units.values()}
            ear = ear.with_places(Gazetteer.from_entries(tuple(places.items()), self.config.aliases))
        return self.desk.fitted(replace(rules, town=town, ear=ear)), ear


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
        calendar_mark=calendars.mark(config.calendar, config.quiet_groups),
    )
    first = {person: address[0].split(":")[0] for person, address in config.accounts.items() if address}
    return Product(config, desk(rules), ear, path.read_text(encoding="utf-8"), first, cues, hears)


def stage(product: Product, clock: MovableClock, url: str = "sqlite://") -> Stage:
    """A stage with a memory of its own; an existing one goes on where it stood."""
    store = Store(url)
    if not store.ready():
        store.create()
    made = Stage(store, product.present(), clock, product.accounts_on)
    made.open()
    return made
