"""Knows when a message becomes a case: the table of label × demand, the same whatever duties a town's catalogue has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from handlers.catalogue import OPINION

Outcome = Literal["case", "answer"]

WORLD = ("safety_hazard", "public_security", "sanitation_environment", "urban_order", "public_facilities")
"""Labels about the world outside, which several people may see: not about one person's own affairs."""

_ANSWERED: Mapping[str, frozenset[str]] = {
    **{label: frozenset({"consult"}) for label in WORLD},
    "dispute_mediation": frozenset({"consult"}),
    "info_registration": frozenset({"consult"}),
    "special_care": frozenset({"consult"}),
    "public_opinion": frozenset({"consult"}),
    "service_agency": frozenset({"consult"}),
    "legal_policy": frozenset({"consult", "report", "complain", "help"}),
    "volunteer_coengagement": frozenset({"consult"}),
    "emergency": frozenset(),
    "petition": frozenset(),
}

PERSON_ANSWERS = frozenset({"legal_policy", "service_agency", "volunteer_coengagement"})
"""Labels of questions that go to a person at once where no answer is approved."""

LABELS = tuple(_ANSWERED)
DEMANDS = ("consult", "help", "complain", "report", "suggest")


def outcome(label: str, demand: str) -> Outcome:
    """Whether what was said opens a case or is answered at the front (a case on request)."""
    return "answer" if demand in _ANSWERED.get(label, frozenset({"consult"})) else "case"


def kept_as(label: str, demand: str) -> str:
    """The label under which a suggestion about law or taking part is kept: an opinion (table, last column)."""
    if demand == "suggest" and label in ("legal_policy", "volunteer_coengagement"):
        return OPINION
    return label
