"""Knows how people's corrections leave the memory for the ear to learn from: JSON lines without anything personal."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import loading
from bot.app import CATALOGUES
from bot.config import Config
from bot.operations import OperationError, opened
from handlers.cases import Entry, Reporter
from handlers.catalogue import Catalogue
from handlers.corrections import STEPS, Correction, corrections
from handlers.ports import Redactor
from handlers.raw import RawText
from handlers.town import ERASE_WHEN_CLOSED, Person, Role
from nlu import redaction
from nlu.naming import Naming
from storage.store import Store


def export_corrections(config: Config, out: Path | None) -> int:
    """Every correction as a line. Raises OperationError when it cannot be written."""
    store = opened(config)
    catalogue = loading.catalogue(CATALOGUES / f"{config.facts.catalogue}.yml", config.town)
    try:
        whole = "".join(f"{line}\n" for line in lines(store, catalogue, redaction.Redactor(), _offices(config)))
    finally:
        store.close()
    if out is None:
        sys.stdout.write(whole)
        return 0
    try:
        out.write_text(whole, encoding="utf-8")
    except OSError as error:
        raise OperationError(f"{out}: {error.strerror}") from error
    return 0


def _offices(config: Config) -> frozenset[str]:
    """Names that are no person's, though somebody may be entered under one: the words of a matter name them."""
    units, departments = config.town.units.values(), config.town.departments.values()
    return frozenset(one.name for one in units) | frozenset(one.name for one in departments)


def lines(
    store: Store, catalogue: Catalogue, redactor: Redactor, offices: Collection[str] = frozenset()
) -> Iterator[str]:
    """The corrections of all cases, case by case; who asked to be erased is left out before the erasing is done."""
    naming = Naming()
    with store.reading() as reader:
        people = reader.directory().people
        dispatchers = frozenset(one.id for one in people if one.has(Role.DISPATCHER))
        leaving = frozenset(one.id for one in reader.persons(tag=ERASE_WHEN_CLOSED))
        staff = naming.sought(_called(people).difference(offices))
        for case, entries, reporters in reader.histories(STEPS):
            if leaving & _speakers(entries, reporters):
                continue
            found = corrections(case, entries, catalogue, dispatchers)
            called = _called(map(reader.person_by_id, _speakers(entries, reporters))) if found else set()
            names = naming.sought(called.difference(offices))
            for one in found:
                yield json.dumps(_told(one, _Masks(redactor, naming, (names, staff))), ensure_ascii=False)


def _speakers(entries: Iterable[Entry], reporters: Iterable[Reporter]) -> frozenset[str]:
    return frozenset({*(one.person for one in reporters), *(one.by for one in entries)})


def _called(people: Iterable[Person | None]) -> set[str]:
    """What people are called here: masked wherever it stands, with a title or without."""
    return {name for one in people if one is not None for name in (one.name, *one.names)}


@dataclass(frozen=True, slots=True)
class _Masks:
    """All that is masked: the names of who has to do with the case and of the town's people, then what gives away."""

    redactor: Redactor
    naming: Naming
    names: tuple[re.Pattern[str] | None, ...]

    def safe(self, words: RawText) -> str:
        """The words without anything personal."""
        text = words.reveal()
        for sought in self.names:
            text = self.naming.mask(text, sought)
        return self.redactor.redact(text)


def _told(one: Correction, masks: _Masks) -> dict[str, str]:
    return {
        "case": one.case, "text": masks.safe(one.text), "heard": one.heard, "said": one.said, "item": one.item,
        "kind": one.kind, "by_role": one.by_role, "why": masks.safe(one.why), "at": one.at.isoformat(),
    }  # fmt: skip
