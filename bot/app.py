"""Puts the product together: the only place where the ear, the desk and the memory meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot import calendars, loading
from bot.config import Config
from bot.present import Present
from bot.stage import MovableClock, Stage
from handlers.desk import Desk
from handlers.discovery import desk
from handlers.rules import Rules
from handlers.town import Directory
from nlu import model as ear_model
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


class NotTrainedError(Exception):
    """There is no trained ear yet; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class Product:
    """The parts that do not depend on where messages come from."""

    config: Config
    desk: Desk
    ear: EmbeddedEar
    catalogue_document: str = ""
    accounts_on: Mapping[str, str] = field(default_factory=dict)

    def present(self) -> Present:
        """The desk and the ear, made anew whenever the directory has changed."""
        return Present(self.desk, self.ear, self._refit)

    def _refit(self, directory: Directory) -> tuple[Desk, EmbeddedEar]:
        """The town's places may be others now: what the ear knows of language stays as it is."""
        town = self.desk.rules.town.with_directory(directory)
        ear = self.ear
        if town.units != self.desk.rules.town.units:
            places = {unit.id: unit.places for unit in town.units.values()}
            ear = ear.with_places(Gazetteer.from_entries(tuple(places.items()), self.config.aliases))
        return self.desk.fitted(replace(self.desk.rules, town=town, ear=ear)), ear


def build(config: Config) -> Product:
    """Everything of the configuration. Raises ConfigError for files that are wrong, NotTrainedError without a model."""
    path = CATALOGUES / f"{config.facts.catalogue}.yml"
    catalogue = loading.catalogue(path, config.town)
    knowledge = loading.knowledge(KNOWLEDGE)
    trained = ear_model.load_or_none(DATA, MODELS)
    if trained is None:
        raise NotTrainedError("the ear is not trained yet: run `python -m nlu train` (make run does it by itself)")
    gazetteer = Gazetteer.from_entries(tuple(config.places.items()), config.aliases)
    ear = EmbeddedEar(trained, gazetteer, loading.cues(catalogue))
    rules = Rules(
        town=config.town,
        catalogue=catalogue,
        wording=loading.wording(WORDING),
        knowledge=knowledge,
        ear=ear,
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
    return Product(config, desk(rules), ear, path.read_text(encoding="utf-8"), first)


def stage(product: Product, clock: MovableClock, url: str = "sqlite://") -> Stage:
    """A stage with a memory of its own; an existing one goes on where it stood."""
    store = Store(url)
    if not store.ready():
        store.create()
    made = Stage(store, product.present(), clock, product.accounts_on)
    made.open()
    return made
