"""Knows what people's decisions on a case say of how it was heard: which label was right, and which was not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from handlers.cases import GENTLE, Case, Entry, State
from handlers.catalogue import Catalogue
from handlers.raw import RawText
from handlers.steps import Actor, Step

Kind = Literal["relabelled", "refused", "moved", "recoloured"]
Rank = Literal["resident", "worker", "dispatcher"]

STEPS = (Step.RELABEL, Step.RETURN, Step.MOVE, Step.RECOLOUR)
"""The steps by which people say that something was heard wrongly."""

NOT_MINE = frozenset({"return_matter", "words"})
"""Reasons to give a case back that may say: it is another matter. A wrong place or unclear words say nothing of it."""

WORDLESS = frozenset({"greeting", "human_handoff"})
"""Labels of words that name no matter (“转人工”): whatever the case became, it is not what they mean."""

_RANKS: tuple[Rank, ...] = ("resident", "worker", "dispatcher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One decision of a human on what was heard. `said` is "" where only the heard one was refused.

    For relabelled and refused, `heard` and `said` are labels of the ear, `item` the item that was said; for moved they
    are units, for recoloured colours. `text` are the words that opened the case, `why` those of who decided.
    """

    case: str
    kind: Kind
    text: RawText = field(default_factory=RawText)
    heard: str = ""
    said: str = ""
    item: str = ""
    by_role: Rank
    why: RawText = field(default_factory=RawText)
    at: datetime


def corrections(
    case: Case, entries: Sequence[Entry], catalogue: Catalogue, dispatchers: Collection[str] = ()
) -> list[Correction]:
    """What was corrected in one case; nothing where its words are gone, were taken back, or are too delicate to keep.

    `dispatchers` are people who decide as such also where they have the case in hand themselves.
    """
    opened = next((one for one in entries if one.step == Step.OPEN), None)
    if opened is None or not opened.note or case.state is State.WITHDRAWN or _delicate(case, entries):
        return []
    heard = opened.facts.get("label") or label_of(catalogue, opened.facts.get("duty", ""), opened.facts.get("item", ""))
    if not heard or heard in WORDLESS:
        return []
    found = (
        *_matter(catalogue, opened, heard, entries, dispatchers),
        *_others(opened, entries, dispatchers),
    )
    return sorted(found, key=lambda one: (one.at, one.kind))


def label_of(catalogue: Catalogue, duty: str, item: str) -> str:
    """The label of the ear that means an item; "" where the catalogue takes several as one and cannot tell."""
    known = catalogue.duties.get(duty)
    found = known.find(item) if known is not None else None  # an item of an older catalogue may be gone
    labels = found.labels if found is not None else known.labels if known is not None else ()
    return labels[0] if len(labels) == 1 else ""


def _delicate(case: Case, entries: Iterable[Entry]) -> bool:
    """Violence at home, self-harm, minors: such words are never kept for learning, whatever the case is by now."""
    return case.emergency in GENTLE or case.item in GENTLE or any(one.facts.get("item") in GENTLE for one in entries)


def _matter(
    catalogue: Catalogue, opened: Entry, heard: str, entries: Iterable[Entry], dispatchers: Collection[str]
) -> Iterator[Correction]:
    """The last decision of the highest right on the matter; without one, the last refusal, which says no new label."""
    said = [one for one in entries if one.step == Step.RELABEL and _by_human(one)]
    if said:
        last = max(said, key=lambda one: (_RANKS.index(_rank(one, dispatchers)), one.n))
        label = last.facts.get("label") or label_of(catalogue, last.facts["duty"], last.facts["item"])
        if label and label != heard:
            found = _of(last, opened, "relabelled", dispatchers)
            yield replace(found, heard=heard, said=label, item=last.facts["item"])
        return
    refused = [one for one in entries if one.step == Step.RETURN and one.facts.get("why") in NOT_MINE]
    if refused:
        yield replace(_of(refused[-1], opened, "refused", dispatchers), heard=heard)


def _others(opened: Entry, entries: Iterable[Entry], dispatchers: Collection[str]) -> Iterator[Correction]:
    """Places and colours that a human changed."""
    for one in filter(_by_human, entries):
        facts = one.facts
        if one.step == Step.MOVE and facts.get("before") and facts["before"] != facts.get("unit"):
            moved = _of(one, opened, "moved", dispatchers)
            yield replace(moved, heard=facts["before"], said=facts.get("unit", ""))
        if one.step == Step.RECOLOUR and facts["from"] != facts["to"]:
            yield replace(_of(one, opened, "recoloured", dispatchers), heard=facts["from"], said=facts["to"])


def _of(entry: Entry, opened: Entry, kind: Kind, dispatchers: Collection[str]) -> Correction:
    return Correction(
        case=entry.case, kind=kind, text=opened.note, by_role=_rank(entry, dispatchers), why=entry.note, at=entry.at
    )


def _by_human(entry: Entry) -> bool:
    return entry.role not in (Actor.BOT, Actor.CLOCK)


def _rank(entry: Entry, dispatchers: Collection[str]) -> Rank:
    if entry.role == Actor.DISPATCHER or entry.by in dispatchers:
        return "dispatcher"
    return "resident" if entry.role == Actor.REPORTER else "worker"
