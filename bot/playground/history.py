"""Knows how one entry of a case's history reads on the page: what happened, by whom, and what of its facts is said."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from bot.playground import lines
from bot.stage import Stage
from handlers.cases import Entry
from handlers.steps import Actor, Step
from handlers.town import Town
from handlers.wording import Wording

UNTOLD: Final = frozenset({Step.REPLY, Step.SHARE, Step.JOIN, Step.PART})
"""Steps whose note is a resident's own words to one person: the history says only that it happened."""

_WHO: Final = ("lead", "holder", "holders", "department", "unit", "person")
"""Facts that name somebody of the town, or several."""

_CODES: Final = ("reason", "what", "why")
"""Facts that are codes; those that have words are said."""

_COLOURS: Final = ("before", "from", "after", "to")


def entry(stage: Stage, one: Entry, wording: Wording) -> dict[str, Any]:
    """One line of history, with the name of its step and of who took it."""
    told = list(dict.fromkeys(_told(stage.town, one, wording)))
    own = one.step not in UNTOLD and not (told and one.role == Actor.REPORTER)
    note = stage.rules.redactor.redact(one.note.reveal()) if own else ""
    return {
        "at": lines.iso(stage, one.at),
        "step": one.step,
        "step_name": wording.say(f"step.{one.step}"),
        "by": wording.sentences.get(f"step.by.{one.by}") or lines.call(stage.town, one.by),
        "note": " · ".join(filter(None, (*told, note))),
    }


def _told(town: Town, one: Entry, wording: Wording) -> Iterator[str]:
    facts = one.facts
    for key in _WHO:
        yield from (town.name_of(who) for who in facts.get(key, "").split() if _known(town, who))
    if one.step == Step.RECOLOUR:
        colours = (wording.sentences.get(f"colour.{facts.get(key, '')}") for key in _COLOURS)
        yield " → ".join(filter(None, colours))
    if one.step == Step.MERGE:
        yield facts.get("into", "")
    for key in _CODES:
        yield wording.sentences.get(f"step.{key}.{facts.get(key, '')}", "")


def _known(town: Town, who: str) -> bool:
    return any(who in shelf for shelf in (town.units, town.departments, town.people, town.groups))
