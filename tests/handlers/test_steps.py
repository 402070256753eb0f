"""The closed loop, walked from every state by every actor, against the table of design.md written down once more."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from handlers import steps
from handlers.cases import OPEN, State, TaskState
from handlers.steps import Actor, Step

COLLECTED, ASSIGNED, HANDLING, FED_BACK = State.COLLECTED, State.ASSIGNED, State.HANDLING, State.FED_BACK
CLOSED, REFERRED, WITHDRAWN, MERGED = State.CLOSED, State.REFERRED, State.WITHDRAWN, State.MERGED
BEFORE = {COLLECTED, ASSIGNED, HANDLING}
ANY_OPEN = {*BEFORE, FED_BACK}
STAY = None

Line = tuple[set[State], set[str], State | None]

DESIGN: dict[str, Line] = {
    # the case (design.md, "The closed loop"); the clock is the bot's when nobody says where
    "assign": ({COLLECTED}, {"bot", "clock", "dispatcher"}, ASSIGNED),
    "answer": ({COLLECTED}, {"bot", "dispatcher", "department"}, CLOSED),
    "solve_on_spot": ({COLLECTED, ASSIGNED}, {"grid_worker"}, FED_BACK),
    "accept": ({ASSIGNED}, {"lead"}, HANDLING),
    "feed_back": ({HANDLING}, {"lead"}, FED_BACK),
    "close": ({FED_BACK}, {"reporter", "clock"}, CLOSED),
    "reopen": ({FED_BACK, CLOSED}, {"reporter", "dispatcher"}, ASSIGNED),
    "refer_out": ({COLLECTED, ASSIGNED}, {"dispatcher"}, REFERRED),
    "withdraw": (BEFORE, {"reporter"}, WITHDRAWN),
    "merge": (ANY_OPEN, {"dispatcher", "reporter"}, MERGED),
    "split": ({MERGED}, {"dispatcher"}, ASSIGNED),
    "shut": (ANY_OPEN, {"dispatcher"}, CLOSED),
    # hands and level
    "hand_over": ({ASSIGNED, HANDLING}, {"lead", "dispatcher"}, ASSIGNED),
    "return": ({ASSIGNED, HANDLING}, {"lead"}, ASSIGNED),
    "raise": (BEFORE, {"clock", "lead"}, ASSIGNED),
    "release": ({HANDLING}, {"lead"}, ASSIGNED),
    "take_over": (BEFORE, {"dispatcher"}, HANDLING),
    "whistle": ({ASSIGNED, HANDLING}, {"lead", "dispatcher"}, STAY),
    "supervise": (BEFORE, {"clock", "dispatcher"}, STAY),
    "relabel": (BEFORE, {"reporter", "lead", "dispatcher"}, STAY),
    "move": (BEFORE, {"reporter", "lead", "dispatcher"}, STAY),
    "recolour": (BEFORE, {"bot", "dispatcher"}, STAY),
    # the record
    "acknowledge": (BEFORE, {"lead", "dispatcher", "grid_worker"}, STAY),
    "alarm": (BEFORE, {"bot", "clock"}, STAY),
    "urge": (BEFORE, {"reporter"}, STAY),
    "add": (ANY_OPEN, {"reporter", "lead", "dispatcher"}, STAY),
    "rate": ({FED_BACK, CLOSED}, {"reporter"}, STAY),
    "tell": (BEFORE, {"lead", "dispatcher"}, STAY),
    # the clock stands still, reminds, goes on
    "pause": ({ASSIGNED, HANDLING}, {"lead", "dispatcher"}, STAY),
    "resume": ({ASSIGNED, HANDLING}, {"lead", "dispatcher", "clock"}, STAY),
    "remind": (BEFORE, {"clock"}, STAY),
    # talk about a case
    "comment": ({*ANY_OPEN, CLOSED}, {"supervisor", "dispatcher"}, STAY),
    "ask": (BEFORE, {"lead", "dispatcher", "helper"}, STAY),
    "reply": (ANY_OPEN, {"reporter"}, STAY),
    "share": (ANY_OPEN, {"reporter"}, STAY),
    # many voices
    "join": (ANY_OPEN, {"reporter"}, STAY),
    "part": (ANY_OPEN, {"reporter", "dispatcher"}, STAY),
    "propose": (ANY_OPEN, {"lead", "dispatcher", "grid_worker"}, STAY),
    # those who were whistled for
    "report_in": (BEFORE, {"helper"}, STAY),
    "contribute": (BEFORE, {"helper"}, STAY),
    "decline": (BEFORE, {"helper"}, STAY),
}
NAMES = ("collected", "assigned", "handling", "fed_back", "closed", "referred", "withdrawn", "merged")
ROLES = ("bot", "clock", "reporter", "lead", "grid_worker", "department", "helper", "dispatcher",
         "supervisor")  # fmt: skip
LOOP = {"assign", "answer", "solve_on_spot", "accept", "feed_back", "close", "reopen", "refer_out", "withdraw", "merge",
        "split", "shut"}  # fmt: skip


def test_the_words_are_those_of_the_design() -> None:
    assert tuple(State) == NAMES
    assert tuple(Actor) == ROLES
    assert {"open", *DESIGN} == set(Step)
    assert set(OPEN) == ANY_OPEN


def test_the_two_tables_share_no_step_and_leave_out_none() -> None:
    assert set(steps.CASE_TABLE) == LOOP
    assert not set(steps.CASE_TABLE) & set(steps.HANDS_TABLE)
    assert set(steps.TABLE) == set(DESIGN)


@pytest.mark.parametrize("step", Step)
def test_every_move_from_every_state_by_every_actor(step: Step) -> None:
    sources, actors, to = DESIGN.get(step.value, (set(), set(), STAY))
    for state, actor in product(State, Actor):
        allowed = state in sources and actor.value in actors
        assert steps.possible(step, state, frozenset({actor})) is allowed, (state, actor)
        assert (step in steps.steps_from(state, frozenset({actor}))) is allowed, (state, actor)
        if state in sources:
            assert steps.after(step, state) is (to or state)
        else:
            with pytest.raises(ValueError, match="no step"):
                steps.after(step, state)


@pytest.mark.parametrize("step", Step)
def test_nobody_may_do_anything_and_everybody_together_what_anyone_may(step: Step) -> None:
    for state in State:
        assert not steps.possible(step, state, frozenset())
        one = any(steps.possible(step, state, frozenset({actor})) for actor in Actor)
        assert steps.possible(step, state, frozenset(Actor)) is one
        for pair in combinations(Actor, 2):
            either = any(steps.possible(step, state, frozenset({actor})) for actor in pair)
            assert steps.possible(step, state, frozenset(pair)) is either


def test_the_ends_are_ends() -> None:
    """From an end only these lead back."""
    back = {(step, state) for step, state in product(Step, State) if state not in OPEN and _leads_on(step, state)}
    assert back == {(Step.REOPEN, CLOSED), (Step.SPLIT, MERGED)}


def test_every_state_can_be_reached_and_every_open_one_be_left() -> None:
    reached = {COLLECTED}
    for _ in State:
        reached |= {steps.after(step, state) for step in Step for state in reached if _leads_on(step, state)}
    assert reached == set(State)
    for state in OPEN:
        assert any(steps.after(step, state) not in OPEN for step in steps.CASE_TABLE if _leads_on(step, state))


def _leads_on(step: Step, state: State) -> bool:
    return step in steps.TABLE and state in steps.TABLE[step].sources and steps.after(step, state) is not state


TASKS: dict[tuple[str, str], str] = {
    ("called", "report_in"): "reported_in",
    ("called", "decline"): "declined",
    ("called", "finish"): "done",
    ("reported_in", "finish"): "done",
    ("reported_in", "decline"): "declined",
    ("reported_in", "call"): "called",
    ("done", "call"): "called",
    ("declined", "call"): "called",
}


def test_the_task_table() -> None:
    assert tuple(TaskState) == ("called", "reported_in", "done", "declined")
    assert {(state.value, act): to.value for (state, act), to in steps.TASK_TABLE.items()} == TASKS


def test_a_task_that_ended_can_only_be_called_again() -> None:
    for state in (TaskState.DONE, TaskState.DECLINED):
        assert [act for (source, act) in steps.TASK_TABLE if source is state] == ["call"]
