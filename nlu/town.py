"""Knows what the command line needs of a town's files: duties, cues and colours, places and aliases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yaml import YAMLError

from nlu.demand import Cues
from nlu.lexica import read_yaml
from nlu.places import Gazetteer
from nlu.understanding import Caution, Understanding
from nlu.usage import UsageError

_RED = frozenset({"emergency", "petition"})


@dataclass(frozen=True, slots=True)
class Duties:
    """The catalogue as data: what is looked at when a label becomes a duty, an item and a colour."""

    cues: Cues = field(default_factory=dict)
    by_label: Mapping[str, str] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    colours: Mapping[tuple[str, str], str] = field(default_factory=dict)
    caution: Caution = field(default_factory=Caution)
    history_labels: Mapping[str, str] = field(default_factory=dict)

    def duty(self, label: str) -> str | None:
        """The duty that takes a label, None for labels that are no duty's."""
        return self.by_label.get(label)

    def item(self, heard: Understanding) -> str:
        """The item heard, or the usual one of the label when none was."""
        return heard.item or self.usual.get(heard.label, "")

    def colour(self, heard: Understanding) -> str:
        """Red for danger and gathering, else the item's or the duty's; a vulnerable person raises green to yellow."""
        if heard.label in _RED:
            return "red"
        duty = self.duty(heard.label) or ""
        colour = self.colours.get((duty, self.item(heard))) or self.colours.get((duty, "")) or "green"
        return "yellow" if colour == "green" and "vulnerable" in heard.flags else colour


def read_duties(path: Path) -> Duties:
    """The duties of a catalogue file; none where there is no such file."""
    cues: dict[str, list[tuple[str, Sequence[str]]]] = {}
    by_label: dict[str, str] = {}
    usual: dict[str, str] = {}
    colours: dict[tuple[str, str], str] = {}
    document = _document(path)
    for duty in _list(document, "duties"):
        key = str(duty.get("key", ""))
        colours[key, ""] = str(duty.get("colour", "green"))
        items = [(kind, item) for item in _list(duty, "items") for kind in (item, *_list(item, "kinds"))]
        colours |= {(key, str(item["key"])): str(item["colour"]) for item, _ in items if item.get("colour")}
        for label in map(str, duty.get("labels") or ()):
            by_label[label] = key
            own = [item for item, whole in items if label in (whole.get("labels") or (label,))]
            words = {str(item.get("key", "")): [str(word) for word in item.get("words") or ()] for item in own}
            cues.setdefault(label, []).extend(words.items())
            default = str(duty.get("default_item", ""))
            usual[label] = default if default in words else next(iter(words), "")
    caution = Caution({str(name): float(number) for name, number in (document.get("thresholds") or {}).items()})
    history = {str(theirs): str(ours) for theirs, ours in (document.get("history_labels") or {}).items()}
    return Duties(cues, by_label, usual, colours, caution, history)


def read_contact(path: Path) -> str:
    """Whom to ask about personal information, as the privacy card says it (`privacy.contact`)."""
    return str(section(path, "privacy").get("contact") or "（privacy.contact）")


def read_gazetteer(path: Path) -> Gazetteer:
    """The places of a configuration file; none where there is no such file. Micro-grids lie inside their grids."""
    document = _document(path)
    entries = [
        (str(unit.get("id", "")), [str(place) for place in unit.get("places") or ()])
        for unit in _list(document, "units")
        if unit.get("level") != "micro"
    ]
    aliases = (document.get("gazetteer") or {}).get("aliases") or {}
    return Gazetteer.from_entries(entries, {str(name): [str(o) for o in others] for name, others in aliases.items()})


def section(path: Path, name: str) -> Mapping[str, Any]:
    """One section of a configuration file; nothing where there is none."""
    found = _document(path).get(name)
    return found if isinstance(found, dict) else {}


def read_mapping(path: Path) -> Mapping[str, Any] | None:
    """A YAML file that holds a mapping; None where it holds something else. Raises UsageError for one that is none."""
    try:
        found = read_yaml(path)
    except (YAMLError, ValueError, RecursionError) as error:  # ValueError: it is not UTF-8, or names no day there is
        raise UsageError(f"{path} cannot be read as YAML: {' '.join(str(error).split())}") from error
    return found if isinstance(found, dict) else None


def _document(path: Path) -> Mapping[str, Any]:
    return (read_mapping(path) or {}) if path.is_file() else {}


def _list(document: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    return (entry for entry in document.get(key) or () if isinstance(entry, dict))
