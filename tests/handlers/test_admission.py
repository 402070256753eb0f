"""When a message becomes a case: the table of design.md, row by row and column by column."""

from __future__ import annotations

from itertools import product

import pytest

from handlers import admission
from nlu.understanding import LABELS, Demand
from tests.handlers.room import Room
from tests.handlers.stubs import catalogue

ASKS = ("report", "complain", "help", "consult", "suggest")
WORLD = ("safety_hazard", "public_security", "sanitation_environment", "urban_order", "public_facilities")
CASE, ANSWER, OPINION = "case", "answer", "opinion"

# report, complain, help | consult | suggest
TABLE: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(WORLD, (CASE, ANSWER, CASE)),
    "dispute_mediation": (CASE, ANSWER, CASE),
    "info_registration": (CASE, ANSWER, CASE),
    "special_care": (CASE, ANSWER, CASE),
    "public_opinion": (CASE, ANSWER, CASE),
    "service_agency": (CASE, ANSWER, CASE),
    "legal_policy": (ANSWER, ANSWER, OPINION),
    "volunteer_coengagement": (CASE, ANSWER, OPINION),
}


def expected(duty: str, demand: str) -> str:
    """What the table says."""
    return TABLE[duty][0 if demand in ASKS[:3] else ASKS.index(demand) - 2]


@pytest.mark.parametrize(("duty", "demand"), list(product(TABLE, ASKS)))
def test_every_cell(duty: str, demand: str) -> None:
    wanted = expected(duty, demand)
    assert admission.outcome(duty, demand) == (CASE if wanted == OPINION else wanted)
    assert admission.kept_as(duty, demand) == ("public_opinion" if wanted == OPINION else duty)


@pytest.mark.parametrize("demand", ASKS)
def test_danger_and_petition_are_cases_by_the_table(demand: str) -> None:
    for label in ("emergency", "petition"):
        assert admission.outcome(label, demand) == CASE
        assert admission.kept_as(label, demand) == label


def test_the_table_knows_every_label_that_asks_for_something() -> None:
    labels = {label for duty in catalogue().duties.values() for label in duty.labels}
    assert set(admission.LABELS) == {*TABLE, "emergency", "petition"} == labels
    assert set(admission.DEMANDS) == set(ASKS)
    talk = {"greeting", "case_status", "rate_feedback", "human_handoff", "out_of_scope"}
    assert {label for label in LABELS if catalogue().duty_for(label) is None} == talk


ROWS = [(duty, demand) for duty, demand in product(TABLE, ASKS) if duty != "dispute_mediation"]


@pytest.mark.parametrize(("duty", "demand"), ROWS)
def test_the_desk_keeps_to_the_table_where_no_answer_is_approved(duty: str, demand: Demand) -> None:
    """A case is opened; a question is answered by a person (service, law, taking part) or recorded on request."""
    room = Room()
    item = catalogue().duties[duty].default_item
    room.ear.teach("健仁小区3号楼这件事", duty, item=item, demand=demand)
    room.says("zhang", "健仁小区3号楼这件事")
    person_answers = duty in ("legal_policy", "service_agency", "volunteer_coengagement")
    opened = expected(duty, demand) != ANSWER or person_answers
    assert bool(room.memory.all.cases) is opened
    if opened:
        assert room.case().duty == admission.kept_as(duty, demand)
    else:
        assert room.asked("zhang") == ["record"]
