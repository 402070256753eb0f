"""Knows the keys of a catalogue file: what a duty, an item and a kind of one may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.reading import lone, within
from handlers.catalogue import Hand, Hours, Never, Push

Colour = Literal["green", "yellow", "red"]
Photo = Literal["no", "ask", "required"]
Detail = Literal["estate", "building", "exact"]
_LONGEST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """An item as written; None is what its duty says (for a kind of an item: what that item says)."""

    key: str
    name: str
    definition: str = ""
    says: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
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
    kinds: tuple[ItemEntry, ...] = ()


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

    def labels_of(self, item: ItemEntry) -> tuple[str, ...]:
        """The labels that can mean an item: those it names, else all that no item of the duty is named after."""
        if item.labels or item.key in self.labels:
            return item.labels or (item.key,)
        return tuple(label for label in self.labels if label not in {one.key for one in self.items})


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many there are by the file's own word; None says nothing."""

    categories: int | None = None
    items: int | None = None
    negative_list: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFile:
    """A catalogue file as it stands, key for key."""

    name: str
    counts: Counts = Counts()
    colours: Mapping[str, Hours]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    history_labels: Mapping[str, str] = field(default_factory=dict)
    unknown_place: Literal["community", "centre"] = "community"
    negative_list: tuple[Never, ...] = ()
    duties: tuple[DutyEntry, ...]


def hours(duty: DutyEntry, entries: tuple[ItemEntry, ...], colours: Mapping[str, Hours]) -> tuple[float, float]:
    """Accept and finish: what the nearest entry says, else its colour's where that is another, else the duty's."""
    colour = next((entry.colour for entry in entries if entry.colour is not None), duty.colour)
    base = duty if colour == duty.colour else colours.get(str(colour), duty)
    accept = next((entry.accept_h for entry in entries if entry.accept_h is not None), base.accept_h)
    return accept, next((entry.finish_h for entry in entries if entry.finish_h is not None), base.finish_h)
