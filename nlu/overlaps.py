"""Knows which places a configuration claims twice, and which of its entries claim nothing at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from nlu.gazetteer import Claim, Entries, claims, shown
from nlu.normalise import Normaliser
from nlu.script import Scripts

_Clash = tuple[str, str, Claim, str]
"""Two units, a claim that tells the place, and the households of it that both claim (“” for all of it)."""


def overlaps(entries: Entries) -> list[tuple[str, str, str]]:
    """Two units claiming one place: (unit, other unit, place), for the check of the configuration."""
    told: dict[tuple[str, str, str, str, str], tuple[Claim, list[str]]] = {}
    for number, (first, second, claim, part) in _clashes(entries):
        key = (first, second, claim.name, number if part else "", part)
        told.setdefault(key, (claim, []))[1].append(number)
    return [
        (first, second, shown(claim.name, claim.kind, list(dict.fromkeys(numbers))) + part)
        for (first, second, *_, part), (claim, numbers) in told.items()
    ]


def barren(entries: Entries) -> list[tuple[str, str]]:
    """Entries that claim nothing, such as 8-1号楼 and 305-501室: (unit, place)."""
    normaliser = Normaliser(Scripts())
    return [
        (unit, place)
        for unit, places in entries
        for place in places
        if not any(True for _ in claims([(unit, [place])], normaliser))
    ]


def _clashes(entries: Entries) -> Iterator[tuple[str, _Clash]]:
    """Every number of every name (“” for a whole) that two units claim; who claims the whole claims each number."""
    owners: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims(entries, Normaliser(Scripts())):
        for number in claim.numbers or ("",):
            owners.setdefault((claim.name, number), []).append(claim)
    for (name, number), claimed in owners.items():
        wholes = owners.get((name, ""), []) if number else []
        for clash in _of([*claimed, *wholes]):
            yield number, clash


def _of(claimed: Iterable[Claim]) -> Iterator[_Clash]:
    for one, other in combinations(claimed, 2):
        if one.unit == other.unit:
            continue
        blocks = [claim.households for claim in (one, other) if claim.households is not None]
        part = blocks[0].shared(blocks[-1]) if blocks else None
        if part is None or not part.empty:
            first, second = sorted((one.unit, other.unit))
            yield first, second, one, "" if part is None else str(part)
