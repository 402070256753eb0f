"""Knows which mistakes are told one by one: dangers missed with the bare reason, and pairs of labels that are near."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlu.measuring.hearing import Answer
from nlu.measuring.targets import Measured

_SHOWN = 60
HARD_PAIRS = (
    ("safety_hazard", "public_facilities"),
    ("safety_hazard", "urban_order"),
    ("dispute_mediation", "sanitation_environment"),
    ("dispute_mediation", "petition"),
    ("public_security", "legal_policy"),
    ("sanitation_environment", "urban_order"),
    ("service_agency", "legal_policy"),
    ("info_registration", "service_agency"),
    ("public_opinion", "volunteer_coengagement"),
    ("public_opinion", "out_of_scope"),
)
"""3/8, 3/7, 4/6, 4/petition, 5/11, 6/7, 10/11, 1/10, 2/13, 2/out_of_scope of the labelling guide."""


@dataclass(frozen=True, slots=True)
class Missed:
    """One danger that was not heard. `text` is shown of sentences written here only."""

    set: str
    line: int
    type: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two labels that are near: how often one was said, heard as itself, and heard as the other."""

    one: str
    other: str
    said_one: int
    one_as_other: int
    said_other: int
    other_as_one: int


def missed(all_measured: Sequence[Measured]) -> list[Missed]:
    """Every danger not heard, and why not as far as one can see from outside."""
    return [miss for measured in all_measured if measured.set.kind == "emergency" for miss in _missed(measured)]


def _missed(measured: Measured) -> Iterator[Missed]:
    for said, heard in measured.pairs:
        if said.label == "emergency" and not heard.alarm:
            text = said.text[:_SHOWN] if measured.set.ours else ""
            yield Missed(measured.set.name, said.line, said.type, _reason(heard), text)


def _reason(heard: Answer) -> str:
    said = "a rule only hinted" if heard.fired else "no rule fired"
    if heard.hypothetical:
        return f"{said}; taken for a supposition, heard as {heard.label} ({heard.confidence:.2f})"
    if heard.runner_up == "emergency":
        return (
            f"{said}; the model thought of danger ({heard.runner_up_confidence:.2f}), less than an alarm needs,"
            f" heard as {heard.label} ({heard.confidence:.2f})"
        )
    return f"{said} and the model thought of other things: heard as {heard.label} ({heard.confidence:.2f})"


def hard_pairs(all_measured: Sequence[Measured]) -> list[Pair]:
    """The pairs that people confuse too, over all sets."""
    heard = [(said.label, answer.label) for measured in all_measured for said, answer in measured.pairs]
    return [
        Pair(
            one,
            other,
            sum(said == one for said, _ in heard),
            heard.count((one, other)),
            sum(said == other for said, _ in heard),
            heard.count((other, one)),
        )
        for one, other in HARD_PAIRS
    ]
