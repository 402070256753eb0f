"""Knows when a message becomes a case: the table of duty × demand (design.md, When does a message become a case?)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Outcome = Literal["case", "answer"]

WORLD = ("safety_hazard", "public_security", "sanitation_environment", "urban_order", "public_facilities")
"""Duties about the world outside, which several people may see: not about one person's own affairs."""

_ANSWERED: Mapping[str, frozenset[str]] = {
    **{duty: frozenset({"consult"}) for duty in WORLD},
    "dispute_mediation": frozenset({"consult"}),
    "info_registration": frozenset({"consult"}),
    "special_care": frozenset({"consult"}),
    "public_opinion": frozenset({"consult"}),
    "service_agency": frozenset({"consult"}),
    "legal_policy": frozenset({"consult", "report", "complain", "help"}),
    "volunteer_coengagement": frozenset({"consult"}),
    "emergency_petition": frozenset(),
}

DUTIES = tuple(_ANSWERED)
DEMANDS = ("consult", "help", "complain", "report", "suggest")


def outcome(duty: str, demand: str) -> Outcome:
    """Whether what was said opens a case or is answered at the front (a case on request)."""
    return "answer" if demand in _ANSWERED.get(duty, frozenset({"consult"})) else "case"


def kept_as(duty: str, demand: str) -> str:
    """The duty under which a suggestion about law or taking part is kept: an opinion (table, last column)."""
    if demand == "suggest" and duty in ("legal_policy", "volunteer_coengagement"):
        return "public_opinion"
    return duty
