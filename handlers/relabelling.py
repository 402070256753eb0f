"""Knows how a case becomes another matter: colour, secrecy, clocks and hands follow; before and after are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from handlers import by_hand, dispatch, whistling
from handlers.cases import Case, State
from handlers.catalogue import COLOURS, Catalogue, Item
from handlers.steps import Step
from handlers.turn import Turn
from handlers.wording import strip

SHORTEST = 2
"""Characters that a shortened name must have at least."""

Key = tuple[str, str]
"""Duty and item."""


def relabel(turn: Turn, case: Case, duty: str, item: str, note: str, label: str = "") -> Case:
    """The case under another item; both are kept for the ear to learn from, and the label where it was heard."""
    old, new = case, turn.rules.catalogue.item(duty, item)
    case = replace(case, duty=duty, item=new.key, colour=_colour(case, new), confidential=new.group_push == "none")
    facts = {"before": f"{old.duty}/{old.item}", "after": f"{duty}/{new.key}", "colour": case.colour}
    facts |= {"label": label} if label else {}
    case = turn.record(case, Step.RELABEL, note=note, **facts)
    if case.confidential and not old.confidential:
        by_hand.conceal(turn, old, case)
        whistling.close(turn, old, "whistle.ended")  # who was called to another matter need not know of this one
        case = turn.keep(replace(case, whistle_due=None))
    barred = turn.rules.catalogue.barred(case.item) is not None and case.lead in turn.rules.town.units
    if barred and case.state is State.HANDLING:  # what no grid worker is given is taken from one who has it
        lead = dispatch.choose(turn, case)
        return dispatch.change_lead(turn, case, lead, Step.HAND_OVER)
    return dispatch.place_changed(turn, case)


def _colour(case: Case, item: Item) -> str:
    """The colour of the new item; what a human raised stays, and red is lowered by 降级 with a reason alone."""
    raised = case.coloured_by and COLOURS.index(case.colour) > COLOURS.index(item.colour)
    return case.colour if raised or case.colour == "red" else item.colour


# -- which matter is meant ---------------------------------------------------------------------------------------------


def find(text: str, catalogue: Catalogue) -> Key | None:
    """The item (or a duty's default item) whose name, part of one or own word the text is; None for none or two.

    An exact name comes before a part of one, a name before a word.
    """
    said = strip(text)
    for fits in (_is_name, _is_part, _is_word):
        found = list(dict.fromkeys(key for key, item, name in _names(catalogue) if fits(said, item, name)))
        if found:
            return found[0] if len(found) == 1 or fits is _is_name else None
    return None


def nearest(text: str, catalogue: Catalogue, most: int = 3) -> list[Key]:
    """The items whose names are most like the text."""
    said = strip(text)
    scored = sorted(_names(catalogue), key=lambda one: -_like(said, one[1], one[2]))
    return list(dict.fromkeys(key for key, _, _ in scored))[:most]


def _names(catalogue: Catalogue) -> Iterator[tuple[Key, Item | None, str]]:
    for duty in catalogue.duties.values():
        for item in duty.everything():
            yield (duty.key, item.key), item, strip(item.name)
        yield (duty.key, duty.default_item), None, strip(duty.name)


def _is_name(said: str, item: Item | None, name: str) -> bool:
    return said == name or (item is not None and said == item.key)


def _is_part(said: str, item: Item | None, name: str) -> bool:
    return len(said) >= SHORTEST and said in name


def _is_word(said: str, item: Item | None, name: str) -> bool:
    return item is not None and said in map(strip, item.words)


def _like(said: str, item: Item | None, name: str) -> float:
    words = [name, *(map(strip, item.words) if item is not None else ())]
    shared = max((len(set(said) & set(word)) / max(len(word), 1) for word in words), default=0)
    return SequenceMatcher(None, said, name).ratio() + shared / 2 + (1 if said and said in name else 0)


def split(text: str) -> tuple[str, str]:
    """The first word of a text, and the rest."""
    first, *rest = re.split(r"[\s，,。:：]+", text.strip(), maxsplit=1)
    return first, rest[0] if rest else ""
