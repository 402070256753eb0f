"""What people's decisions on a case say of how it was heard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cases import Case, Entry, State
from handlers.corrections import Correction, corrections, label_of
from handlers.raw import RawText
from tests.product import product

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CATALOGUE = product().desk.rules.catalogue
OPEN = {"duty": "sanitation_environment", "item": "smell", "colour": "green", "label": "sanitation_environment"}
LAMP = {"before": "sanitation_environment/smell", "after": "public_facilities/lamp", "duty": "public_facilities",
        "item": "lamp", "colour": "green"}  # fmt: skip
TO_LAMP = ("relabel", "dispatcher", LAMP)
TO_STALL = ("relabel", "lead", {**LAMP, "duty": "urban_order", "item": "stall"})
BY_RESIDENT = ("relabel", "reporter", {**LAMP, "duty": "special_care", "item": "x", "label": "special_care"})
NOT_MINE = ("return", "lead", {"why": "return_matter"})
Step = tuple[str, str, dict[str, str]]


def told(
    *steps: Step, opened: dict[str, str] = OPEN, words: str = "门口一股味", by: str = "", **more: Any
) -> list[Any]:
    case = Case(**{"number": "A1", "duty": "public_facilities", "item": "lamp", "opened_at": NOW, "changed_at": NOW,
                   **more})  # fmt: skip
    rows = [("open", "reporter", opened), *steps]
    entries = [
        Entry(case="A1", n=n, at=NOW + timedelta(minutes=n), step=step, by=by or role, role=role, facts=facts,
              note=RawText(words if n == 1 else f"why {n}"))
        for n, (step, role, facts) in enumerate(rows, 1)
    ]  # fmt: skip
    return [(one.kind, one.heard, one.said, one.by_role) for one in corrections(case, entries, CATALOGUE, {"chen"})]


HEARD = "sanitation_environment"
CASES: dict[str, tuple[list[Any], list[tuple[str, str, str, str]]]] = {
    "nothing was said": ([], []),
    "a dispatcher": ([TO_LAMP], [("relabelled", HEARD, "public_facilities", "dispatcher")]),
    "a worker": ([TO_STALL], [("relabelled", HEARD, "urban_order", "worker")]),
    "a resident": ([BY_RESIDENT], [("relabelled", HEARD, "special_care", "resident")]),
    "the highest right, not the last": (
        [TO_LAMP, TO_STALL, BY_RESIDENT], [("relabelled", HEARD, "public_facilities", "dispatcher")],
    ),
    "a worker before a resident": ([TO_STALL, BY_RESIDENT], [("relabelled", HEARD, "urban_order", "worker")]),
    "the last of one right": (
        [TO_LAMP, ("relabel", "dispatcher", TO_STALL[2])], [("relabelled", HEARD, "urban_order", "dispatcher")],
    ),
    "back to what was heard": ([TO_LAMP, ("relabel", "dispatcher", OPEN)], []),
    "not mine is no label": ([NOT_MINE], [("refused", HEARD, "", "worker")]),
    "not mine, then the label": (
        [NOT_MINE, TO_LAMP], [("relabelled", HEARD, "public_facilities", "dispatcher")],
    ),
    "a wrong place says nothing of the matter": ([("return", "lead", {"why": "return_place"})], []),
    "unclear words say nothing of the matter": ([("return", "lead", {"why": "return_unclear"})], []),
    "moved": ([("move", "lead", {"before": "jr-1", "unit": "jr-2"})], [("moved", "jr-1", "jr-2", "worker")]),
    "a place that was not known yet": ([("move", "reporter", {"before": "", "unit": "jr-2"})], []),
    "recoloured": (
        [("recolour", "dispatcher", {"from": "red", "to": "yellow"})], [("recoloured", "red", "yellow", "dispatcher")],
    ),
    "the clock is no human": ([("recolour", "bot", {"from": "green", "to": "yellow"})], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str) -> None:
    steps, wanted = CASES[name]
    assert told(*steps) == wanted


def test_a_dispatcher_who_has_the_case_decides_as_one() -> None:
    assert told(("relabel", "lead", LAMP), by="chen")[0][3] == "dispatcher"


@pytest.mark.parametrize(
    "more",
    [
        {"state": State.WITHDRAWN},
        {"emergency": "dv"},
        {"item": "self_harm"},
        {"words": ""},
        {"opened": {**OPEN, "label": "human_handoff"}},
        {"opened": {**OPEN, "item": "minor"}},
        {"opened": {"duty": "gone", "item": "gone"}},
    ],
)
def test_what_never_comes_out(more: dict[str, Any]) -> None:
    assert told(TO_LAMP)
    assert told(TO_LAMP, **more) == []


def test_older_cases_are_told_by_the_catalogue() -> None:
    assert told(TO_LAMP, opened={name: OPEN[name] for name in ("duty", "item", "colour")})[0][1] == HEARD


@pytest.mark.parametrize(
    ("duty", "item", "label"),
    [
        ("emergency_petition", "petition", "petition"),
        ("emergency_petition", "fire", "emergency"),
        ("public_facilities", "lift_stopped", "public_facilities"),
        ("public_facilities", "an item of an older list", "public_facilities"),
        ("emergency_petition", "an item of an older list", ""),
        ("no such duty", "lift_stopped", ""),
    ],
)
def test_labels_of_items(duty: str, item: str, label: str) -> None:
    assert label_of(CATALOGUE, duty, item) == label


def test_every_item_has_its_label() -> None:
    items = [(duty.key, item.key) for duty in CATALOGUE.duties.values() for item in duty.everything()]
    assert [key for key in items if not label_of(CATALOGUE, *key)] == []


@given(st.lists(st.sampled_from([TO_LAMP, TO_STALL, BY_RESIDENT, NOT_MINE]), max_size=6))
def test_one_word_on_the_matter_at_most(steps: list[Step]) -> None:
    found = [one for one in told(*steps) if one[0] in ("relabelled", "refused")]
    assert len(found) == bool(steps)
    ranks = {"dispatcher": 2, "lead": 1, "reporter": 0}
    said = [ranks[role] for step, role, _ in steps if step == "relabel"]
    assert not said or found[0][3] == ("resident", "worker", "dispatcher")[max(said)]


def test_words_are_not_printed() -> None:
    one = Correction(case="A1", kind="relabelled", text=RawText("secret"), by_role="worker", at=NOW)
    assert "secret" not in repr(one)
