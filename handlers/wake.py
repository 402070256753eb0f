"""Knows what the clock does to a case when something falls due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import cards, colours, deadlines, dispatch, notices, pausing, whistling
from handlers.cases import GENTLE, Case
from handlers.deadlines import Due
from handlers.flows import emergency
from handlers.letters import Letter
from handlers.questions import rating
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def run(turn: Turn, number: str) -> None:
    """Everything of this case that is due by now, in order; each fires once, for it changes what is pending."""
    for _ in range(50):
        case = turn.case(number)
        due = _first(case, turn.now) if case is not None else None
        if case is None or due is None:
            break
        _DUE[due.what](turn, case)
    else:
        raise RuntimeError(f"the clock does not come to rest on {number}")
    case = turn.case(number)
    if case is not None and number not in turn.out.cases:
        turn.out.cases[number] = deadlines.with_wake(case)


def _first(case: Case, now: datetime) -> Due | None:
    """What comes first of all that is due: nobody is reminded of a deadline that has passed as well."""
    ready = [due for due in deadlines.pending(case) if due.at <= now]
    return min(ready, key=lambda due: (due.what == "remind", due.at), default=None)


def place_wait(turn: Turn, case: Case) -> None:
    """Nobody said where, or whether it is the same: the case goes out on its own as it is."""
    asked = case.maybe_same
    case = replace(case, maybe_same="")
    case = dispatch.assign(turn, case, dispatch.choose(turn, case))
    key = "resident.own_case" if asked else "resident.place_open"
    notices.tell(turn, case, key, lead=turn.rules.town.name_of(case.lead))


def alarm(turn: Turn, case: Case) -> None:
    """No human has acknowledged: call the duty desk again; after a long sleep once, not for every time missed."""
    later = case
    while deadlines.next_alarm(later) <= turn.now:
        later = replace(later, alarms=later.alarms + 1)
    case = turn.record(case, Step.ALARM, n=str(later.alarms))
    emergency.tell_desk(turn, case, "alarm.again")


def raise_level(turn: Turn, case: Case) -> None:
    """Accept overdue: the lead goes one level up; where nobody is higher, the dispatchers are told.

    After a long sleep one level, not all of them: who leads now must first have seen the card.
    """
    lead = dispatch.above(turn, case)
    if lead is None:
        case = turn.record(case, Step.SUPERVISE, reason="accept_overdue")
        tell_duty(turn, case, "overdue.accept")
        return
    case = dispatch.change_lead(turn, case, lead, Step.RAISE)
    notices.tell(turn, case, "resident.raised", lead=turn.rules.town.name_of(case.lead))


def supervise(turn: Turn, case: Case) -> None:
    """Finish overdue: 督办, a card to the next level, the second time to the dispatchers too; hands unchanged."""
    case = turn.record(case, Step.SUPERVISE, reason="finish_overdue")
    line = turn.word(
        "overdue.finish", number=case.number, item=turn.item(case).name, state=cards.state_line(turn, case)
    )
    above = dispatch.above(turn, case)
    hands = turn.rules.town.hands(above.holder) if above else ()
    for person in dict.fromkeys((*(p.id for p in hands), case.lead_person or "")):
        if person:
            turn.push(person, line, case=case.number)
    if not hands or case.supervised >= deadlines.SUPERVISIONS:
        tell_duty(turn, case, "overdue.finish")
    if not case.emergency:  # who lives with violence is not written to unasked
        notices.tell(turn, case, "resident.supervised")
    colours.raise_for_deadline(turn, case)


def remind(turn: Turn, case: Case) -> None:
    """Half or most of a span is over, or the resident has heard nothing yet: one line, once each."""
    ready = {due.what for due in deadlines.reminders(case, turn.rules.timing) if due.at <= turn.now}
    for span in ("accept", "finish"):
        if f"{span}_late" in ready:
            ready.discard(f"{span}_half")
    for what in sorted(ready):
        case = turn.record(case, Step.REMIND, what=what)
        for person in _reminded(turn, case, what):
            _remind(turn, case, person, what)
    if not ready:  # the calendar counts otherwise than when this was noted down
        turn.keep(deadlines.settled(case, turn.rules.timing))


def _reminded(turn: Turn, case: Case, what: str) -> list[str]:
    """Who has the case; while nobody has, the pair asked to take it, and late the grid head as well."""
    if case.lead_person:
        return [case.lead_person]
    town = turn.rules.town
    asked = [p for p in case.assignees if p in town.people and town.people[p].present(turn.now)]
    heads = cards.heads(turn, case) if what == "accept_late" and not case.confidential else []
    return list(dict.fromkeys([*(asked or cards.leads(turn, case)), *heads]))


def _remind(turn: Turn, case: Case, person: str, what: str) -> None:
    """A reminder is never urgent: it rests while groups rest, unless the case is red."""
    line = turn.word(
        f"remind.{what}", number=case.number, item=turn.item(case).name, accept=cards.when(turn, case.accept_due),
        due=cards.when(turn, case.due_at),
    )  # fmt: skip
    rests = None if case.colour == "red" else turn.rules.quiet_groups.after(turn.now)
    turn.post(Letter(to=person, text=line, case=case.number, buttons=cards.buttons(turn, case), not_before=rests))


def resume(turn: Turn, case: Case) -> None:
    """The time for which the case was let rest is over."""
    pausing.resume(turn, case, "clock")


def tell_duty(turn: Turn, case: Case, key: str) -> None:
    """A line to the duty desk."""
    line = turn.word(key, number=case.number, item=turn.item(case).name, state=cards.state_line(turn, case))
    turn.push(DUTY_DESK, line, case=case.number)


def silence(turn: Turn, case: Case) -> None:
    """72 hours without a word: closed, unrated, and never counted as satisfied; what a worker found tells nobody."""
    notices.forget(turn, case)
    if turn.reporters(case.number) and all(r.part == "finder" for r in turn.reporters(case.number)):
        turn.record(replace(case, closed_at=turn.now), Step.CLOSE)
        return
    rating.close(turn, case)
    if case.emergency not in GENTLE:
        spoke = {one.person for one in turn.reporters(case.number) if one.solved}
        notices.tell(turn, case, "resident.closed_silent", but=spoke)


_DUE = {
    "place_wait": place_wait,
    "alarm": alarm,
    "raise": raise_level,
    "supervise": supervise,
    "remind": remind,
    "resume": resume,
    "whistle": whistling.fire,
    "silence": silence,
}
