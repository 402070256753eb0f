"""Knows how people's corrections leave the memory for the ear to learn from: JSON lines without anything personal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from bot import loading
from bot.app import CATALOGUES
from bot.config import Config
from bot.operations import OperationError, opened
from handlers.cases import Entry, Reporter
from handlers.catalogue import Catalogue
from handlers.corrections import STEPS, Correction, corrections
from handlers.ports import Redactor
from handlers.raw import RawText
from handlers.town import ERASE_WHEN_CLOSED, Role
from nlu.redaction import MASKS
from nlu.redaction import Redactor as Masks
from storage.reader import Reader
from storage.store import Store

SHORTEST_NAME = 2


def export_corrections(config: Config, out: Path | None) -> int:
    """Every correction as a line. Raises OperationError when it cannot be written."""
    store = opened(config)
    catalogue = loading.catalogue(CATALOGUES / f"{config.facts.catalogue}.yml", config.town)
    try:
        if out is None:
            _write(sys.stdout, lines(store, catalogue, Masks()))
        else:
            with out.open("w", encoding="utf-8") as file:
                _write(file, lines(store, catalogue, Masks()))
    except OSError as error:
        raise OperationError(f"{out}: {error.strerror}") from error
    finally:
        store.close()
    return 0


def _write(file: TextIO, told: Iterable[str]) -> None:
    file.writelines(f"{line}\n" for line in told)


def lines(store: Store, catalogue: Catalogue, redactor: Redactor) -> Iterator[str]:
    """The corrections of all cases, case by case; who asked to be erased is left out before the erasing is done."""
    with store.reading() as reader:
        dispatchers = frozenset(one.id for one in reader.directory().people if one.has(Role.DISPATCHER))
        leaving = frozenset(one.id for one in reader.persons(tag=ERASE_WHEN_CLOSED))
        for case, entries, reporters in reader.histories(STEPS):
            if not leaving & _speakers(entries, reporters):
                names = _names(reader, reporters)
                for one in corrections(case, entries, catalogue, dispatchers):
                    yield json.dumps(_told(one, redactor, names), ensure_ascii=False)


def _speakers(entries: Iterable[Entry], reporters: Iterable[Reporter]) -> frozenset[str]:
    return frozenset({*(one.person for one in reporters), *(one.by for one in entries)})


def _names(reader: Reader, reporters: Iterable[Reporter]) -> tuple[str, ...]:
    """What the residents of the case are called here: masked wherever it stands, with a title or without."""
    people = filter(None, (reader.person_by_id(one.person) for one in reporters))
    names = {name for one in people for name in (one.name, *one.names) if len(name) >= SHORTEST_NAME}
    return tuple(sorted(names, key=len, reverse=True))


def _told(one: Correction, redactor: Redactor, names: Iterable[str]) -> dict[str, str]:
    def safe(words: RawText) -> str:
        text = words.reveal()
        for name in names:
            text = text.replace(name, MASKS["person"])
        return redactor.redact(text)

    return {
        "case": one.case, "text": safe(one.text), "heard": one.heard, "said": one.said, "item": one.item,
        "kind": one.kind, "by_role": one.by_role, "why": safe(one.why), "at": one.at.isoformat(),
    }  # fmt: skip
