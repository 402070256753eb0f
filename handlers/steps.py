"""Knows the closed loop: which step is possible from which state, by whom, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from handlers.cases import OPEN, State, TaskState


class Step(StrEnum):
    """Everything that can happen to a case; each leaves one entry of history."""

    OPEN = "open"
    ASSIGN = "assign"
    ANSWER = "answer"
    SOLVE_ON_SPOT = "solve_on_spot"
    ACCEPT = "accept"
    FEED_BACK = "feed_back"
    CLOSE = "close"
    REOPEN = "reopen"
    REFER_OUT = "refer_out"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    SPLIT = "split"
    HAND_OVER = "hand_over"
    RETURN = "return"
    WHISTLE = "whistle"
    SUPERVISE = "supervise"
    RAISE = "raise"
    RELABEL = "relabel"
    MOVE = "move"
    RECOLOUR = "recolour"
    ACKNOWLEDGE = "acknowledge"
    ALARM = "alarm"
    URGE = "urge"
    ADD = "add"
    RATE = "rate"
    TELL = "tell"
    RELEASE = "release"
    TAKE_OVER = "take_over"
    SHUT = "shut"
    PAUSE = "pause"
    RESUME = "resume"
    REMIND = "remind"
    COMMENT = "comment"
    ASK = "ask"
    REPLY = "reply"
    SHARE = "share"
    JOIN = "join"
    PART = "part"
    PROPOSE = "propose"
    REPORT_IN = "report_in"
    CONTRIBUTE = "contribute"
    DECLINE = "decline"


class Actor(StrEnum):
    """In what capacity somebody acts on one case; one person may have several."""

    BOT = "bot"
    CLOCK = "clock"
    REPORTER = "reporter"
    LEAD = "lead"
    GRID_WORKER = "grid_worker"
    DEPARTMENT = "department"
    HELPER = "helper"
    DISPATCHER = "dispatcher"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Move:
    """One line of the table. `to` None leaves the state as it is."""

    sources: frozenset[State]
    actors: frozenset[Actor]
    to: State | None


def _move(sources: set[State], actors: set[Actor], to: State | None = None) -> Move:
    return Move(frozenset(sources), frozenset(actors), to)


_BEFORE_RESULT = {State.COLLECTED, State.ASSIGNED, State.HANDLING}
_ANY_OPEN = set(OPEN)
_DESK = {Actor.LEAD, Actor.DISPATCHER}

CASE_TABLE: Mapping[Step, Move] = {
    Step.ASSIGN: _move({State.COLLECTED}, {Actor.BOT, Actor.CLOCK, Actor.DISPATCHER}, State.ASSIGNED),
    Step.ANSWER: _move({State.COLLECTED}, {Actor.BOT, Actor.DISPATCHER, Actor.DEPARTMENT}, State.CLOSED),
    Step.SOLVE_ON_SPOT: _move({State.COLLECTED, State.ASSIGNED}, {Actor.GRID_WORKER}, State.FED_BACK),
    Step.ACCEPT: _move({State.ASSIGNED}, {Actor.LEAD}, State.HANDLING),
    Step.FEED_BACK: _move({State.HANDLING}, {Actor.LEAD}, State.FED_BACK),
    Step.CLOSE: _move({State.FED_BACK}, {Actor.REPORTER, Actor.CLOCK}, State.CLOSED),
    Step.REOPEN: _move({State.FED_BACK, State.CLOSED}, {Actor.REPORTER, Actor.DISPATCHER}, State.ASSIGNED),
    Step.REFER_OUT: _move({State.COLLECTED, State.ASSIGNED}, {Actor.DISPATCHER}, State.REFERRED),
    Step.WITHDRAW: _move(_BEFORE_RESULT, {Actor.REPORTER}, State.WITHDRAWN),
    Step.MERGE: _move(_ANY_OPEN, {Actor.DISPATCHER, Actor.REPORTER}, State.MERGED),
    Step.SPLIT: _move({State.MERGED}, {Actor.DISPATCHER}, State.ASSIGNED),
    Step.SHUT: _move(_ANY_OPEN, {Actor.DISPATCHER}, State.CLOSED),
}
"""The case: eight states (design.md, the closed loop)."""

HANDS_TABLE: Mapping[Step, Move] = {
    Step.HAND_OVER: _move({State.ASSIGNED, State.HANDLING}, _DESK, State.ASSIGNED),
    Step.RETURN: _move({State.ASSIGNED, State.HANDLING}, {Actor.LEAD}, State.ASSIGNED),
    Step.RAISE: _move(_BEFORE_RESULT, {Actor.CLOCK, Actor.LEAD}, State.ASSIGNED),
    Step.RELEASE: _move({State.HANDLING}, {Actor.LEAD}, State.ASSIGNED),
    Step.TAKE_OVER: _move(_BEFORE_RESULT, {Actor.DISPATCHER}, State.HANDLING),
    Step.WHISTLE: _move({State.ASSIGNED, State.HANDLING}, _DESK),
    Step.SUPERVISE: _move(_BEFORE_RESULT, {Actor.CLOCK, Actor.DISPATCHER}),
    Step.RELABEL: _move(_BEFORE_RESULT, {Actor.REPORTER, Actor.LEAD, Actor.DISPATCHER}),
    Step.MOVE: _move(_BEFORE_RESULT, {Actor.REPORTER, Actor.LEAD, Actor.DISPATCHER}),
    Step.RECOLOUR: _move(_BEFORE_RESULT, {Actor.BOT, Actor.DISPATCHER}),
    Step.ACKNOWLEDGE: _move(_BEFORE_RESULT, {Actor.LEAD, Actor.DISPATCHER, Actor.GRID_WORKER}),
    Step.ALARM: _move(_BEFORE_RESULT, {Actor.BOT, Actor.CLOCK}),
    Step.URGE: _move(_BEFORE_RESULT, {Actor.REPORTER}),
    Step.ADD: _move(_ANY_OPEN, {Actor.REPORTER, Actor.LEAD, Actor.DISPATCHER}),
    Step.RATE: _move({State.FED_BACK, State.CLOSED}, {Actor.REPORTER}),
    Step.TELL: _move(_BEFORE_RESULT, {Actor.LEAD, Actor.DISPATCHER}),
    Step.PAUSE: _move({State.ASSIGNED, State.HANDLING}, _DESK),
    Step.RESUME: _move({State.ASSIGNED, State.HANDLING}, {*_DESK, Actor.CLOCK}),
    Step.REMIND: _move(_BEFORE_RESULT, {Actor.CLOCK}),
    Step.COMMENT: _move({*_ANY_OPEN, State.CLOSED}, {Actor.SUPERVISOR, Actor.DISPATCHER}),
    Step.ASK: _move(_BEFORE_RESULT, {*_DESK, Actor.HELPER}),
    Step.REPLY: _move(_ANY_OPEN, {Actor.REPORTER}),
    Step.SHARE: _move(_ANY_OPEN, {Actor.REPORTER}),
    Step.JOIN: _move(_ANY_OPEN, {Actor.REPORTER}),
    Step.PART: _move(_ANY_OPEN, {Actor.REPORTER, Actor.DISPATCHER}),
    Step.PROPOSE: _move(_ANY_OPEN, {*_DESK, Actor.GRID_WORKER}),
    Step.REPORT_IN: _move(_BEFORE_RESULT, {Actor.HELPER}),
    Step.CONTRIBUTE: _move(_BEFORE_RESULT, {Actor.HELPER}),
    Step.DECLINE: _move(_BEFORE_RESULT, {Actor.HELPER}),
}
"""What moves hands, level or record and leaves the state of the loop to the case table (or sends it back to a desk)."""

TABLE: Mapping[Step, Move] = {**CASE_TABLE, **HANDS_TABLE}

TASK_TABLE: Mapping[tuple[TaskState, str], TaskState] = {
    (TaskState.CALLED, "report_in"): TaskState.REPORTED_IN,
    (TaskState.CALLED, "decline"): TaskState.DECLINED,
    (TaskState.CALLED, "finish"): TaskState.DONE,
    (TaskState.REPORTED_IN, "finish"): TaskState.DONE,
    (TaskState.REPORTED_IN, "decline"): TaskState.DECLINED,
    (TaskState.REPORTED_IN, "call"): TaskState.CALLED,
    (TaskState.DONE, "call"): TaskState.CALLED,
    (TaskState.DECLINED, "call"): TaskState.CALLED,
}
"""A task: called → reported_in → done · declined; “call” puts it before somebody again."""


def possible(step: Step, state: State, actors: frozenset[Actor]) -> bool:
    """Whether one of these actors may take this step from this state."""
    move = TABLE.get(step)
    return move is not None and state in move.sources and bool(actors & move.actors)


def after(step: Step, state: State) -> State:
    """The state that the step leads to. Raises ValueError when the table has no such move."""
    move = TABLE.get(step)
    if move is None or state not in move.sources:
        raise ValueError(f"no step {step} from {state}")
    return move.to or state


def steps_from(state: State, actors: frozenset[Actor]) -> tuple[Step, ...]:
    """The steps open to these actors, in the table's order."""
    return tuple(step for step in TABLE if possible(step, state, actors))
