"""Knows how a catalogue file is written: duties that hand down to their items what those do not say themselves."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from bot import documents
from bot.reading import Reader, lone, near, show, within
from handlers.catalogue import COLOURS, Catalogue, Duty, Hand, Hours, Item, Never, Push
from handlers.town import Town
from nlu.understanding import CAUTION, DEMANDS, LABELS, SLOT_KINDS, Caution

Colour = Literal["green", "yellow", "red"]
Photo = Literal["no", "ask", "required"]
Detail = Literal["estate", "building", "exact"]
TALK = frozenset({"greeting", "case_status", "rate_feedback", "human_handoff", "out_of_scope"})
"""Labels that no duty takes: they are about the conversation."""
CAUTIONED = (*LABELS, *CAUTION, "talk", "nothing", *(f"{label}/{demand}" for label in LABELS for demand in DEMANDS))
"""What `thresholds` may name; `talk` and `nothing` are words that are no matter, and words that may be none."""
FLOWS = Path(__file__).parents[1] / "handlers" / "flows"
DEPARTMENT = "a department of the configuration"
_LONGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a catalogue may refer to outside itself; None where that is not known."""

    flows: frozenset[str]
    departments: frozenset[str] | None
    hotlines: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """An item as written; None is what its duty says."""

    key: str
    name: str
    words: tuple[str, ...] = ()
    flow: str | None = None
    department: str | None = None
    helpers: tuple[str, ...] | None = None
    hand: Hand | None = None
    colour: Colour | None = None
    accept_h: float | None = within(0, _LONGEST, None)
    finish_h: float | None = within(0, _LONGEST, None)
    referral_finish_h: float | None = within(0, _LONGEST, None)
    needs: tuple[str, ...] | None = None
    photo: Photo | None = None
    place_detail: Detail | None = None
    group_push: Push | None = None
    safety: str | None = None
    hotline: tuple[str, ...] | None = lone(None)
    own_clock: bool | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEntry:
    """A duty as written."""

    key: str
    id: int
    name: str
    labels: tuple[str, ...]
    default_item: str
    items: tuple[ItemEntry, ...]
    flow: str
    department: str
    helpers: tuple[str, ...] = ()
    hand: Hand
    colour: Colour
    accept_h: float = within(0, _LONGEST)
    finish_h: float = within(0, _LONGEST)
    referral_finish_h: float = within(0, _LONGEST, 0.0)
    needs: tuple[str, ...] = ()
    photo: Photo = "no"
    place_detail: Detail
    group_push: Push
    safety: str = ""
    hotline: tuple[str, ...] = lone(())
    own_clock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFile:
    """A catalogue file as it stands, key for key."""

    name: str
    colours: Mapping[str, Hours]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    history_labels: Mapping[str, str] = field(default_factory=dict)
    unknown_place: Literal["community", "centre"] = "community"
    negative_list: tuple[Never, ...] = ()
    duties: tuple[DutyEntry, ...]


def catalogue(path: Path, town: Town | None = None) -> Catalogue:
    """The catalogue of this file; with a town, its departments and hotlines must be the town's. Raises ConfigError."""
    reader = Reader(f"{path.name} ")
    document = reader.load(partial(documents.load, path))
    reader.settle()
    file = reader.fill(CatalogueFile, document, "")
    _check(file, reader, town)
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


def _duty(entry: DutyEntry, colours: Mapping[str, Hours]) -> Duty:
    items = {item.key: _item(entry, item, colours) for item in entry.items}
    return Duty(
        key=entry.key,
        id=entry.id,
        name=entry.name,
        labels=entry.labels,
        default_item=entry.default_item,
        items=items,
    )


def _item(duty: DutyEntry, entry: ItemEntry, colours: Mapping[str, Hours]) -> Item:
    """The item with everything: its own word, else its colour's hours where it has another colour, else its duty's."""
    said = {part.name: getattr(entry, part.name) for part in fields(entry)}
    base: dict[str, Any] = {part.name: getattr(duty, part.name) for part in fields(duty)}
    base["accept_h"], base["finish_h"] = _hours(duty, entry, colours)
    whole = base | {name: value for name, value in said.items() if value is not None} | {"duty": duty.key}
    whole["own_clock"] = whole["own_clock"] or whole["flow"] == "petition"
    wanted = {part.name for part in fields(Item)}
    return Item(**{name: value for name, value in whole.items() if name in wanted})


def _hours(duty: DutyEntry, entry: DutyEntry | ItemEntry, colours: Mapping[str, Hours]) -> tuple[float, float]:
    """Accept and finish: the item's own, else its colour's where it has another colour, else its duty's."""
    base = duty if entry.colour in (None, duty.colour) else colours.get(str(entry.colour), duty)
    accept = base.accept_h if entry.accept_h is None else entry.accept_h
    return accept, base.finish_h if entry.finish_h is None else entry.finish_h


def _check(file: CatalogueFile, reader: Reader, town: Town | None) -> None:
    for colour in COLOURS:
        if colour not in file.colours:
            reader.note(f"colours.{colour}", "accept_h, first_h and finish_h", "nothing")
    for colour in file.colours.keys() - set(COLOURS):
        reader.note(f"colours.{colour}", f"a known colour{near(colour, COLOURS)}", show(colour))
    for label, threshold in file.thresholds.items():
        _known(reader, f"thresholds.{label}", "a label of the ear, a cell label/demand or default", label, CAUTIONED)
        if not 0 <= threshold <= 1:
            reader.note(f"thresholds.{label}", "a number from 0 to 1", show(threshold))
    for theirs, ours in file.history_labels.items():
        _known(reader, f"history_labels.{theirs}", "a label of the ear", ours, LABELS)
    _unique(reader, "duties", "key", [duty.key for duty in file.duties])
    _unique(reader, "duties", "id", [duty.id for duty in file.duties])
    _labels(file, reader)
    codes = Codes(
        flows=frozenset(path.stem for path in FLOWS.glob("[!_]*.py")),
        departments=frozenset(town.departments) if town else None,
        hotlines=frozenset(town.hotlines) if town else None,
    )
    for i, duty in enumerate(file.duties):
        _check_duty(duty, f"duties[{i}]", reader, codes)
        _check_hours(duty, f"duties[{i}]", reader, file.colours)
    _negative(file, reader)


def _check_hours(duty: DutyEntry, path: str, reader: Reader, colours: Mapping[str, Hours]) -> None:
    entries: dict[str, DutyEntry | ItemEntry] = {path: duty}
    entries |= {f"{path}.items[{n}]": item for n, item in enumerate(duty.items)}
    for where, entry in entries.items():
        accept, finish = _hours(duty, entry, colours)
        if accept > finish:
            reader.note(f"{where}.accept_h", f"hours within finish_h, {show(finish)}", show(accept))


def _labels(file: CatalogueFile, reader: Reader) -> None:
    """Every label that asks for something has one duty: one that nobody takes would be taken for small talk."""
    wanted = [label for label in LABELS if label not in TALK]
    taken: dict[str, str] = {}
    for i, duty in enumerate(file.duties):
        for n, label in enumerate(duty.labels):
            path = f"duties[{i}].labels[{n}]"
            if label in taken:
                reader.note(path, "a label that no other duty takes", f"{show(label)}, taken by {taken[label]}")
            _known(reader, path, "a label of the ear", label, wanted)
            taken.setdefault(label, duty.key)
    for label in wanted:
        if label not in taken:
            reader.note("duties", f"a duty that takes the label {label}", "none")


def _check_duty(duty: DutyEntry, path: str, reader: Reader, codes: Codes) -> None:
    _unique(reader, f"{path}.items", "key", [item.key for item in duty.items])
    keys = [item.key for item in duty.items]
    _known(reader, f"{path}.default_item", "the key of an item", duty.default_item, keys)
    _check_entry(duty, path, reader, codes)
    for i, item in enumerate(duty.items):
        _check_entry(item, f"{path}.items[{i}]", reader, codes)
        if item.shared and "none" in (item.group_push, duty.group_push if item.group_push is None else ""):
            reader.note(f"{path}.items[{i}].shared", "an item that a group may know of", "group_push: none")


def _check_entry(entry: DutyEntry | ItemEntry, path: str, reader: Reader, codes: Codes) -> None:
    if entry.flow is not None:
        _known(reader, f"{path}.flow", "a flow of handlers/flows", entry.flow, codes.flows)
    if codes.departments is not None and entry.department is not None:
        _known(reader, f"{path}.department", DEPARTMENT, entry.department, codes.departments)
    lists: tuple[tuple[str, str, tuple[str, ...] | None, Collection[str] | None], ...] = (
        ("needs", "a kind of slot", entry.needs, SLOT_KINDS),
        ("helpers", DEPARTMENT, entry.helpers, codes.departments),
        ("hotline", "a key of hotlines in the configuration", entry.hotline, codes.hotlines),
    )
    for name, what, words, names in lists:
        for i, word in enumerate(words or ()):
            if names is not None:
                _known(reader, f"{path}.{name}[{i}]", what, word, names)


def _negative(file: CatalogueFile, reader: Reader) -> None:
    """What a grid worker is never given must not be theirs by the catalogue itself."""
    hands = {item.key: item.hand or duty.hand for duty in file.duties for item in duty.items}
    for i, entry in enumerate(file.negative_list):
        for n, key in enumerate(entry.items):
            path = f"negative_list[{i}].items[{n}]"
            _known(reader, path, "the key of an item", key, hands)
            if hands.get(key) == "grid":
                reader.note(path, "an item that is not hand: grid", show(key))


def _known(reader: Reader, path: str, what: str, word: str, names: Collection[str]) -> None:
    if word not in names:
        reader.note(path, f"{what}{near(word, names)}", show(word))


def _unique(reader: Reader, path: str, key: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for i, value in enumerate(values):
        if value in seen:
            reader.note(f"{path}[{i}].{key}", f"a {key} of its own", f"{show(value)} again")
        seen.add(value)
