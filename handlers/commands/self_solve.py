"""Knows 自办: what a worker found and did themselves, in one message; nobody is asked back, no group hears of it."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, dispatch, intake
from handlers.cases import FINDER, Case, State
from handlers.catalogue import Duty
from handlers.command import Call, Command
from handlers.commands import feed_back
from handlers.flows import report
from handlers.raw import RawText
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.town import Role
from handlers.turn import Turn
from nlu.understanding import Heard, Understanding

NOT_FOUND = ("emergency", "petition")
"""What is over when it is told: as 自办 such words open no alarm and no confidential case."""


def run(turn: Turn, call: Call) -> None:
    """With a number (or a quoted card) an open case of the own grid is solved on the spot; else a new one is."""
    if not turn.sender.has(Role.GRID_WORKER, Role.GRID_HEAD):
        raise RefusalError("no_power")
    case = choosing.named(turn, call)
    shown = turn.incoming is not None and bool(turn.incoming.media)
    note = call.rest or (turn.word("feed_back.see_photo") if shown else "")
    if not note:
        raise RefusalError("self_solve_empty")
    if case is None:
        found(turn, note)
    else:
        on_the_spot(turn, case, note)


def on_the_spot(turn: Turn, case: Case, note: str) -> None:
    """Somebody's case, solved without being taken first; who has taken it already feeds back."""
    mine = case.state is State.HANDLING and case.lead_person == turn.sender.id
    step = Step.FEED_BACK if mine else Step.SOLVE_ON_SPOT
    turn.may(step, case)
    for medium in turn.incoming.media if turn.incoming else ():
        case = intake.attach(turn, case, medium)
    feed_back.said(turn, case, note, step)


def found(turn: Turn, note: str) -> None:
    """A case of its own, opened and solved at once; a photo that the item wants is asked for once, afterwards."""
    note, public = feed_back.marked(turn, note)
    heard = turn.hear_again(note)
    turn.heard = Heard(heard)
    case = _solved(turn, _taken(turn, _opened(turn, heard, note)), note, public)
    named = case.where.estate or case.where.building
    place = cards.full_place(turn, case) if named else turn.rules.town.name_of(case.where.unit)
    turn.say("self_solve.done", number=case.number, title=cards.title(turn, case), place=place)
    turn.reply_case = case.number
    if turn.item(case).photo == "required" and not case.photos:
        turn.say("ask.self_solve_photo")
        report.await_photo(turn, case)


def _opened(turn: Turn, heard: Understanding, note: str) -> Case:
    duty = _duty(turn, heard)
    item = turn.rules.catalogue.item_for(heard.label, heard.item).key if heard.label in duty.labels else ""
    what = intake.Matter(heard=heard, duty=duty.key, item=item, words=note, demand="report", part=FINDER)
    case = intake.open_case(turn, what)
    if case.where.known:
        return case
    return turn.keep(replace(case, where=replace(case.where, unit=turn.sender.unit, known=True)))


def _duty(turn: Turn, heard: Understanding) -> Duty:
    """The duty understood, however unsurely: a worker in the street is not asked back; else that of other opinions."""
    labels = [label for label in (heard.label, heard.runner_up) if label not in NOT_FOUND]
    duties = (turn.rules.catalogue.duty_for(label) for label in (*labels[:1], "public_opinion"))
    return next((duty for duty in duties if duty is not None), next(iter(turn.rules.catalogue.duties.values())))


def _taken(turn: Turn, case: Case) -> Case:
    """The worker has it from the first moment; no card is shown to anybody."""
    town = turn.rules.town
    holder = town.at_level(case.where.unit, "grid") or turn.sender.unit
    level = town.units[holder].level if holder in town.units else case.level
    case = replace(case, lead=holder, level=level)
    case = turn.record(case, Step.ASSIGN, role="bot", lead=holder, level=level, rule="found")
    dispatch.call(turn, case)
    case = dispatch.take(turn, case)
    dispatch.finish(turn, case)
    return case


def _solved(turn: Turn, case: Case, note: str, public: bool | None) -> Case:
    case = replace(case, fed_back_at=turn.now, first_answer_at=turn.now, result=RawText(note))
    case = replace(case, on_spot=True)
    return turn.record(case, Step.SOLVE_ON_SPOT, note=note, **feed_back.publish(turn, case, public))


COMMAND = Command(key="self_solve", run=run, audience="staff", whole=False, tight=True, unasked=True)
