"""Knows 退回 and 不归我管: a case goes back to who handed it over, with a reason from which the bot can learn."""

from __future__ import annotations

from dataclasses import replace

from handlers import dispatch, passing
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.dispatch import Lead
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Choice
from handlers.town import DUTY_DESK
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Give it back with the reason, or ask for the reason in private."""
    case = allowed(turn, passing.meant(turn, call, "give_back", Step.RETURN))
    with turn.in_private():
        if call.rest:
            finish(turn, case, call.rest, "words")
        else:
            ask(turn, case)


def allowed(turn: Turn, case: Case) -> Case:
    """The case, where it may go back once more. RefusalError."""
    if case.returned >= passing.RETURNS:
        raise RefusalError("returned_enough", case=case.number)
    if goal(turn, case) == case.lead:
        raise RefusalError("return_nowhere", case=case.number)
    return case


def ask(turn: Turn, case: Case) -> None:
    """Why: three ready answers, or words."""
    reasons = ("return_place", "return_matter", "return_unclear")
    turn.say("ask.return_reason", number=case.number)
    choices = tuple(Choice(turn.word(f"button.pick.{reason}"), reason) for reason in reasons)
    turn.await_answer("return_reason", case=case.number, choices=choices)


def goal(turn: Turn, case: Case) -> str:
    """To whom it goes back: who handed it over, the first time; else the dispatchers' centre."""
    town = turn.rules.town
    known = case.came_from in town.units or case.came_from in town.departments
    if known and case.returned + 1 < passing.RETURNS and case.came_from != case.lead:
        return case.came_from
    return dispatch.centre(town)


def finish(turn: Turn, case: Case, reason: str, why: str) -> None:
    """The case goes back; those who get it read the reason, and the second time the duty desk decides."""
    town, holder = turn.rules.town, goal(turn, case)
    level, before = passing.level_of(town, holder), town.name_of(case.lead)
    lead = Lead(holder, level, "returned.centre" if holder == dispatch.centre(town) else "returned.back")
    case = dispatch.accept_anew(turn, replace(case, returned=case.returned + 1))
    case = dispatch.change_lead(turn, case, lead, Step.RETURN, note=reason, why=why)
    safe = turn.rules.redactor.redact(reason)
    passing.tell_asked(turn, case, turn.word("returned.to_you", number=case.number, lead=before, note=safe))
    if case.returned >= passing.RETURNS:
        turn.push(DUTY_DESK, turn.word("returned.decide", number=case.number), case=case.number)
    turn.say("returned.done", number=case.number, lead=town.name_of(holder))


COMMAND = Command(key="give_back", run=run, audience="staff", whole=False, aloud=True)
