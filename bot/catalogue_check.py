"""Knows what must hold in a catalogue file: what no bot can run without, and what a complete one has besides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue_entries import CatalogueFile, DutyEntry, ItemEntry, hours
from bot.reading import Reader, near, show
from handlers.catalogue import COLOURS, Hours
from handlers.commands.human import ITEM as A_PERSON
from handlers.town import Town
from nlu.understanding import CAUTION, DEMANDS, EMERGENCY_TYPES, LABELS, SLOT_KINDS

TALK = frozenset({"greeting", "case_status", "rate_feedback", "human_handoff", "out_of_scope"})
"""Labels that no duty takes: they are about the conversation."""

WANTED = tuple(label for label in LABELS if label not in TALK)
"""Labels that ask for something."""

CAUTIONED = (*LABELS, *CAUTION, "talk", "nothing", *(f"{label}/{demand}" for label in LABELS for demand in DEMANDS))
"""What `thresholds` may name; `talk` and `nothing` are words that are no matter, and words that may be none."""

FLOWS = Path(__file__).parents[1] / "handlers" / "flows"
DEPARTMENT = "a department of the configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """What a catalogue may refer to outside itself; None where that is not known."""

    flows: frozenset[str]
    departments: frozenset[str] | None
    hotlines: frozenset[str] | None


# -- what no bot can run without ---------------------------------------------------------------------------------------


def sound(file: CatalogueFile, reader: Reader, town: Town | None) -> None:
    """Note whatever would make the bot stumble; with a town, also codes that the town does not have."""
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


def _entries(duty: DutyEntry, path: str) -> Iterator[tuple[str, tuple[ItemEntry, ...]]]:
    """Every item and kind of one by its path, each with the entry it takes after."""
    for i, item in enumerate(duty.items):
        yield f"{path}.items[{i}]", (item,)
        for n, kind in enumerate(item.kinds):
            yield f"{path}.items[{i}].kinds[{n}]", (kind, item)


def _check_hours(duty: DutyEntry, path: str, reader: Reader, colours: Mapping[str, Hours]) -> None:
    for where, entries in ((path, ()), *_entries(duty, path)):
        accept, finish = hours(duty, entries, colours)
        if accept > finish:
            reader.note(f"{where}.accept_h", f"hours within finish_h, {show(finish)}", show(accept))


def _labels(file: CatalogueFile, reader: Reader) -> None:
    """Every label that asks for something has one duty: one that nobody takes would be taken for small talk."""
    taken: dict[str, str] = {}
    for i, duty in enumerate(file.duties):
        for n, label in enumerate(duty.labels):
            path = f"duties[{i}].labels[{n}]"
            if label in taken:
                reader.note(path, "a label that no other duty takes", f"{show(label)}, taken by {taken[label]}")
            _known(reader, path, "a label of the ear", label, WANTED)
            taken.setdefault(label, duty.key)
    for label in WANTED:
        if label not in taken:
            reader.note("duties", f"a duty that takes the label {label}", "none")


def _check_duty(duty: DutyEntry, path: str, reader: Reader, codes: Codes) -> None:
    _unique(reader, f"{path}.items", "key", [item.key for item in duty.items])
    keys = [item.key for item in duty.items]
    _known(reader, f"{path}.default_item", "the key of an item", duty.default_item, keys)
    _check_entry(duty, path, reader, codes)
    for where, entries in _entries(duty, path):
        _check_entry(entries[0], where, reader, codes)
        _check_item(duty, entries, where, reader)


def _check_item(duty: DutyEntry, entries: tuple[ItemEntry, ...], path: str, reader: Reader) -> None:
    entry, pushes = entries[0], [one.group_push for one in entries if one.group_push is not None]
    if entry.shared and next(iter(pushes), duty.group_push) == "none":
        reader.note(f"{path}.shared", "an item that a group may know of", "group_push: none")
    for n, label in enumerate(entry.labels):
        _known(reader, f"{path}.labels[{n}]", "a label of its duty", label, duty.labels)
    if len(entries) > 1:
        _known(
            reader, f"{path}.key", "an emergency type", entry.key, [kind for kind in EMERGENCY_TYPES if kind != "none"]
        )
        if entry.kinds or entry.labels:
            reader.note(f"{path}.kinds", "a kind without kinds or labels of its own", "some")


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
    hands = {
        entries[0].key: next((one.hand for one in entries if one.hand is not None), duty.hand)
        for duty in file.duties
        for _, entries in _entries(duty, "")
    }
    for i, entry in enumerate(file.negative_list):
        for n, key in enumerate(entry.items):
            path = f"negative_list[{i}].items[{n}]"
            _known(reader, path, "the key of an item", key, hands)
            if hands.get(key) == "grid":
                reader.note(path, "an item that is not hand: grid", show(key))


# -- what a complete one has besides -----------------------------------------------------------------------------------


def complete(file: CatalogueFile, reader: Reader, learnt: Collection[str]) -> None:
    """Note what makes a catalogue hard to work with: nothing said of an item, words of two, labels nobody taught."""
    _counted(file, reader)
    _taught(file, reader, learnt)
    _unique_keys(file, reader)
    for i, duty in enumerate(file.duties):
        _described(duty, f"duties[{i}]", reader)
        _own_words(duty, f"duties[{i}]", reader)
    _unique(reader, "negative_list", "id", [point.id for point in file.negative_list])
    for i, point in enumerate(file.negative_list):
        if not (point.items or point.words):
            reader.note(f"negative_list[{i}]", "items or words by which it can be held to", "neither")


def _counted(file: CatalogueFile, reader: Reader) -> None:
    items = sum(len(duty.items) for duty in file.duties)
    found = {"categories": len(file.duties), "items": items, "negative_list": len(file.negative_list)}
    for name, n in found.items():
        said = getattr(file.counts, name)
        if said is not None and said != n:
            reader.note(f"counts.{name}", f"{n}, as many as there are", str(said))


def _taught(file: CatalogueFile, reader: Reader, learnt: Collection[str]) -> None:
    """Labels that the ear was never taught, and labels of its data that nobody takes."""
    for i, duty in enumerate(file.duties):
        for n, label in enumerate(duty.labels):
            if label in WANTED:
                _known(reader, f"duties[{i}].labels[{n}]", "a label with sentences in the training data", label, learnt)
    taken = {label for duty in file.duties for label in duty.labels}
    for label in sorted(set(learnt) - TALK - taken):
        reader.note("duties", f"a duty that takes the label {label} of the training data", "none")


def _unique_keys(file: CatalogueFile, reader: Reader) -> None:
    """An item is named by its key alone in the negative list and in history; and a person must be able to be wanted."""
    seen: dict[str, str] = {}
    for i, duty in enumerate(file.duties):
        for path, entries in _entries(duty, f"duties[{i}]"):
            for key, what in ((entries[0].key, "key"), (entries[0].name, "name")):
                if f"{what} {key}" in seen:
                    reader.note(f"{path}.{what}", f"a {what} of its own", f"{show(key)}, as {seen[f'{what} {key}']}")
                seen.setdefault(f"{what} {key}", path)
    if f"key {A_PERSON}" not in seen:
        reader.note("duties", f"an item {A_PERSON}, for residents who ask for a person", "none")


def _described(duty: DutyEntry, path: str, reader: Reader) -> None:
    for where, (entry, *_) in _entries(duty, path):
        if not entry.definition.strip():
            reader.note(f"{where}.definition", "what the item is, in one line", "nothing")
        if not any(one.strip() for one in entry.says):
            reader.note(f"{where}.says", "what residents say", "nothing")


def _own_words(duty: DutyEntry, path: str, reader: Reader) -> None:
    """Words of which one label must mean two items say nothing; words of kinds are a help for people."""
    owner: dict[tuple[str, str], str] = {}
    for i, item in enumerate(duty.items):
        for n, word in enumerate(item.words):
            others = [owner[label, word] for label in duty.labels_of(item) if (label, word) in owner]
            if others:
                reader.note(f"{path}.items[{i}].words[{n}]", "a word of one item", f"{show(word)}, also of {others[0]}")
            owner |= {(label, word): item.key for label in duty.labels_of(item) if (label, word) not in owner}


def _known(reader: Reader, path: str, what: str, word: str, names: Collection[str]) -> None:
    if word not in names:
        reader.note(path, f"{what}{near(word, names)}", show(word))


def _unique(reader: Reader, path: str, key: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for i, value in enumerate(values):
        if value in seen:
            reader.note(f"{path}[{i}].{key}", f"a {key} of its own", f"{show(value)} again")
        seen.add(value)
