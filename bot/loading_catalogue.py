"""Knows how a catalogue file becomes a catalogue: duties hand down to their items what those do not say themselves."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from bot import catalogue_check, documents
from bot.catalogue_entries import CatalogueFile, DutyEntry, ItemEntry, hours
from bot.reading import Reader
from handlers.catalogue import Catalogue, Duty, Hours, Item
from handlers.town import Town
from nlu.understanding import Caution


def catalogue(path: Path, town: Town | None = None, learnt: Collection[str] | None = None) -> Catalogue:
    """The catalogue of this file; with a town, its departments and hotlines must be the town's. Raises ConfigError.

    With the labels that the ear has learnt from, it must also be complete: what a running bot can do without.
    """
    reader = Reader(f"{path.name} ")
    document = reader.load(partial(documents.load, path))
    reader.settle()
    file = reader.fill(CatalogueFile, document, "")
    catalogue_check.sound(file, reader, town)
    if learnt is not None:
        catalogue_check.complete(file, reader, learnt)
    reader.settle()
    return Catalogue(
        name=file.name,
        version=version(document),
        duties={entry.key: _duty(entry, file.colours) for entry in file.duties},
        colours=file.colours,
        caution=Caution(file.thresholds),
        unknown_place=file.unknown_place,
        negative_list=file.negative_list,
    )


def version(document: object) -> str:
    """The hash of a catalogue's content, whatever its layout and comments."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode()).hexdigest()[:12]


def cues(stock: Catalogue) -> Mapping[str, Sequence[tuple[str, tuple[str, ...]]]]:
    """For each label of the ear, the items it may mean with the words that point to them, in the catalogue's order."""
    return {
        label: tuple((one.key, one.words) for one in duty.everything() if label in one.labels and one.words)
        for duty in stock.duties.values()
        for label in duty.labels
    }


def _duty(entry: DutyEntry, colours: Mapping[str, Hours]) -> Duty:
    kinds = [(item, kind) for item in entry.items for kind in item.kinds]
    return Duty(
        key=entry.key,
        id=entry.id,
        name=entry.name,
        labels=entry.labels,
        default_item=entry.default_item,
        items={item.key: _item(entry, (item,), entry.labels_of(item), colours) for item in entry.items},
        kinds={kind.key: _item(entry, (kind, item), entry.labels_of(item), colours) for item, kind in kinds},
    )


def _item(
    duty: DutyEntry, entries: tuple[ItemEntry, ...], labels: tuple[str, ...], colours: Mapping[str, Hours]
) -> Item:
    """The item with everything: its own word, else its colour's hours where it has another colour, else its duty's."""
    whole: dict[str, Any] = {part.name: getattr(duty, part.name) for part in fields(duty)}
    whole["accept_h"], whole["finish_h"] = hours(duty, entries, colours)
    for entry in reversed(entries):
        said = {part.name: getattr(entry, part.name) for part in fields(entry)}
        whole |= {name: value for name, value in said.items() if value is not None}
    whole |= {"duty": duty.key, "labels": labels}
    whole["own_clock"] = whole["own_clock"] or whole["flow"] == "petition"
    wanted = {part.name for part in fields(Item)}
    return Item(**{name: value for name, value in whole.items() if name in wanted})
