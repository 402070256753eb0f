"""Knows what the town takes on: duties, their items, colours and hours, as the catalogue file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from nlu.understanding import Caution

Push = Literal["full", "title", "none"]
Hand = Literal["grid", "department", "service"]
COLOURS = ("green", "yellow", "red")
OPINION = "public_opinion"
"""The label of what belongs to nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Deadlines in hours: a human accepts, the resident hears a first result, the matter is finished."""

    accept_h: float
    first_h: float
    finish_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One matter (事项) with everything its duty gives it unless it says otherwise. Hours are its own clocks.

    `labels`: those labels of its duty that can mean it. `shared`: it has one cause for a whole grid (停电), so that
    whoever reports it there means the same.
    """

    key: str
    name: str
    duty: str
    labels: tuple[str, ...]
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
    definition: str = ""
    says: tuple[str, ...] = ()
    own_clock: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One of the grid duties (网格职责). `kinds` are emergency types that count as one item, each by its type."""

    key: str
    id: int
    name: str
    labels: tuple[str, ...]
    default_item: str
    items: Mapping[str, Item]
    kinds: Mapping[str, Item] = field(default_factory=dict)

    def find(self, key: str) -> Item | None:
        """An item of the list, or a kind of one."""
        return self.items.get(key) or self.kinds.get(key)

    def everything(self) -> tuple[Item, ...]:
        """The items of the list and their kinds."""
        return (*self.items.values(), *self.kinds.values())

    def usual(self, label: str = "") -> Item:
        """What a label means when nothing more is known: the default item, else the first that the label can mean."""
        default = self.items[self.default_item]
        if not label or label in default.labels:
            return default
        return next((item for item in self.items.values() if label in item.labels), default)


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

    def duty(self, key: str) -> Duty:
        """A duty by its key; of a key that another catalogue gave, the duty nearest to it: nobody's case is lost."""
        found = self.duties.get(key) or self.duty_for(key) or self.duty_for(OPINION)
        return found or next(iter(self.duties.values()))

    def item(self, duty: str, key: str) -> Item:
        """An item of a duty; its default item when the key is not (or no longer) in the catalogue."""
        found = self.duty(duty)
        return found.find(key) or found.usual("" if duty in self.duties else duty)

    def item_for(self, label: str, key: str = "") -> Item:
        """What a label of the ear means: the item that was heard if the label can mean it, else its usual one."""
        duty = self.duty_for(label) or self.duty(OPINION)
        item = duty.find(key)
        return item if item is not None and label in item.labels else duty.usual(label)

    def vague(self, item: Item) -> bool:
        """Whether it is what a label means when nothing more is known: two such matters are not surely the same."""
        return any(self.item_for(label) == item for label in item.labels)

    def home(self, item: str) -> Duty:
        """The duty that has an item, else the one for opinions."""
        return next((duty for duty in self.duties.values() if duty.find(item) is not None), self.duty(OPINION))

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
