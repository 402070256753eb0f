"""Knows what the clock does to a case when something falls due."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, deadlines, dispatch, notices
from handlers.cases import Case
from handlers.flows import emergency
from handlers.questions import rating
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def run(turn: Turn, number: str) -> None:
    """Everything of this case that is due by now, in order; each fires once, for it changes what is pending."""
    for _ in range(50):
        case = turn.case(number)
        due = deadlines.pending(case) if case is not None else []
        if case is None or not due or due[0].at > turn.now:
            break
        _DUE[due[0].what](turn, case)
    else:
        raise RuntimeError(f"the clock does not come to rest on {number}")
    case = turn.case(number)
    if case is not None and number not in turn.out.cases:
        turn.out.cases[number] = deadlines.with_wake(case)


def place_wait(turn: Turn, case: Case) -> None:
    """Nobody said where, or whether it is the same: the case goes out on its own as it is."""
    asked = case.maybe_same
    case = replace(case, maybe_same="")
    case = dispatch.assign(turn, case, dispatch.choose(turn, case))
    key = "resident.own_case" if asked else "resident.place_open"
    notices.tell(turn, case, key, lead=turn.rules.town.name_of(case.lead))


def alarm(turn: Turn, case: Case) -> None:
    """No human has acknowledged: call the duty desk again; after a long sleep once, not for every time missed."""
    while deadlines.next_alarm(case) <= turn.now:
        case = replace(case, alarms=case.alarms + 1)
    case = turn.record(case, Step.ALARM, n=str(case.alarms))
    emergency.tell_desk(turn, case, "alarm.again")


def raise_level(turn: Turn, case: Case) -> None:
    """Accept overdue: the lead goes one level up; where nobody is higher, the dispatchers are told."""
    lead = dispatch.above(turn, case)
    case = replace(case, raised=case.raised + 1)
    hours = turn.rules.catalogue.hours(turn.item(case), case.colour)
    case = replace(case, accept_due=turn.rules.calendar.add(turn.now, hours.accept_h))
    if lead is None:
        case = turn.record(case, Step.SUPERVISE, reason="accept_overdue")
        tell_duty(turn, case, "overdue.accept")
        return
    case = dispatch.change_lead(turn, case, lead, Step.RAISE)
    notices.tell(turn, case, "resident.raised", lead=turn.rules.town.name_of(case.lead))


def supervise(turn: Turn, case: Case) -> None:
    """Finish overdue: 督办, a card to the next level; hands unchanged."""
    case = turn.record(replace(case, supervised=case.supervised + 1), Step.SUPERVISE, reason="finish_overdue")
    line = turn.word(
        "overdue.finish", number=case.number, item=turn.item(case).name, state=cards.state_line(turn, case)
    )
    above = dispatch.above(turn, case)
    hands = turn.rules.town.hands(above.holder) if above else ()
    for person in dict.fromkeys((*(p.id for p in hands), case.lead_person or "")):
        if person:
            turn.push(person, line, case=case.number)
    if not hands:
        tell_duty(turn, case, "overdue.finish")
    if not case.emergency:  # who lives with violence is not written to unasked
        notices.tell(turn, case, "resident.supervised")


def tell_duty(turn: Turn, case: Case, key: str) -> None:
    """A line to the duty desk."""
    line = turn.word(key, number=case.number, item=turn.item(case).name, state=cards.state_line(turn, case))
    turn.push(DUTY_DESK, line, case=case.number)


def silence(turn: Turn, case: Case) -> None:
    """72 hours without a word: closed, unrated, and never counted as satisfied."""
    notices.forget(turn, case)
    rating.close(turn, case)
    if case.emergency not in emergency.GENTLE:
        spoke = {one.person for one in turn.reporters(case.number) if one.solved}
        notices.tell(turn, case, "resident.closed_silent", but=spoke)


_DUE = {
    "place_wait": place_wait,
    "alarm": alarm,
    "raise": raise_level,
    "supervise": supervise,
    "silence": silence,
}
