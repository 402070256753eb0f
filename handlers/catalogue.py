"""Knows what the town takes on: duties, their items, colours and hours, as the catalogue file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nlu.understanding import Caution

Push = Literal["full", "title", "none"]
Hand = Literal["grid", "department", "service"]
COLOURS = ("green", "yellow", "red")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Deadlines in hours: a human accepts, the resident hears a first result, the matter is finished."""

    accept_h: float
    first_h: float
    finish_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One matter (事项) with everything its duty gives it unless it says otherwise. Hours are its own clocks.

    `shared`: it has one cause for a whole grid (停电), so that whoever reports it there means the same.
    """

    key: str
    name: str
    duty: str
    flow: str
    department: str
    helpers: tuple[str, ...]
    hand: Hand
    colour: str
    accept_h: float
    finish_h: float
    needs: tuple[str, ...]
    photo: Literal["no", "ask", "required"]
    place_detail: Literal["estate", "building", "exact"]
    group_push: Push
    safety: str = ""
    hotline: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    own_clock: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One of the grid duties (网格职责)."""

    key: str
    id: int
    name: str
    labels: tuple[str, ...]
    default_item: str
    items: Mapping[str, Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """One point of the negative list (负面清单): items no grid worker is given, words by which such an errand shows."""

    id: int
    text: str
    items: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The whole catalogue; `version` is the hash of its content, kept with every case opened under it."""

    name: str
    version: str
    duties: Mapping[str, Duty]
    colours: Mapping[str, Hours]
    caution: Caution = field(default_factory=Caution)
    unknown_place: str = "community"
    negative_list: tuple[Never, ...] = ()

    def duty_for(self, label: str) -> Duty | None:
        """The duty that takes a label of the ear, None for non-duty labels."""
        return next((duty for duty in self.duties.values() if label in duty.labels), None)

    def item(self, duty: str, key: str) -> Item:
        """An item of a duty; its default item when the key is not (or no longer) in the catalogue."""
        found = self.duties.get(duty) or next(iter(self.duties.values()))
        return found.items.get(key) or found.items[found.default_item]

    def barred(self, item: str) -> Never | None:
        """The point of the negative list that keeps an item from grid workers."""
        return next((point for point in self.negative_list if item in point.items), None)

    def sign_in(self, text: str) -> Never | None:
        """The point of the negative list of which a text holds a sign (“去罚款”)."""
        return next((point for point in self.negative_list if any(word in text for word in point.words)), None)

    def threshold(self, label: str) -> float:
        """The confidence below which a label is not acted on; also of `talk` and `nothing`."""
        return self.caution.enough(label)

    def hours(self, item: Item, colour: str) -> Hours:
        """The clocks of an item at a colour: its own, or the colour's where that is shorter (domain.md 3.4)."""
        base = self.colours[colour]
        if colour == item.colour or item.own_clock:
            return Hours(accept_h=item.accept_h, first_h=base.first_h, finish_h=item.finish_h)
        return Hours(
            accept_h=min(item.accept_h, base.accept_h),
            first_h=base.first_h,
            finish_h=min(item.finish_h, base.finish_h),
        )
