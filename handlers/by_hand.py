"""Knows what the steps of a dispatcher have in common: the case meant, its cards, who loses it, what reporters hear."""

from __future__ import annotations

from handlers import cards, choosing, notices
from handlers.cases import GENTLE, Case, State
from handlers.command import Call
from handlers.letters import Letter
from handlers.rights import Power, holds
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn


def meant(turn: Turn, call: Call, command: str, *steps: Step) -> Case:
    """The case meant, with which the sender may take one of these steps."""
    fitting = choosing.one(turn, call, command, lambda c: any(turn.can(s, c) for s in steps), choosing.in_hand(turn))
    possible = next((step for step in steps if turn.can(step, fitting)), steps[0])
    turn.may(possible, fitting)
    return fitting


def need(turn: Turn, power: Power, unit: str | None = None) -> None:
    """Raise RefusalError unless the sender holds a power over a unit (None: their own); over “” nobody does."""
    over = turn.sender.unit if unit is None else unit
    if not over or not holds(turn.sender, power, over, turn.rules.town):
        raise RefusalError("no_power")


def reason(call: Call, case: Case) -> str:
    """The words that must come with the command."""
    if not call.rest:
        raise RefusalError("reason_needed", case=case.number)
    return call.rest


def tell(turn: Turn, case: Case, key: str, **facts: str) -> None:
    """One sentence to each reporter; who may live with violence is not written to unasked."""
    if case.emergency not in GENTLE:
        notices.tell(turn, case, key, but=(), **facts)


def refresh(turn: Turn, old: Case, case: Case, line: str) -> None:
    """The card as it now stands, where one hangs: a case that waited for its place has none yet."""
    if old.state is not State.COLLECTED:
        cards.refresh(turn, case, line)


def withdraw_cards(turn: Turn, old: Case, case: Case, line: str) -> None:
    """A case that nobody need handle any more: its card says so, and whoever had it hears it."""
    refresh(turn, old, case, line)
    if old.state is not State.COLLECTED and case.lead_person != turn.sender.id:
        cards.tell_hands(turn, case, line)


def move_cards(turn: Turn, case: Case, old: Case, line: str) -> None:
    """The card where the case now belongs: new where there was none, edited where it hung, struck elsewhere."""
    if old.state is not State.COLLECTED:
        cards.rehang(turn, case, old, line)
        return
    for group in cards.rooms(turn, case):
        cards.post(turn, case, group)


def relieve(turn: Turn, old: Case, case: Case) -> None:
    """Who had the case in hand hears that it is with others now."""
    if old.lead_person and old.lead_person not in (case.lead_person, turn.sender.id):
        line = turn.word("handler.relieved", number=case.number, lead=turn.rules.town.name_of(case.lead))
        turn.push(old.lead_person, line, case=case.number)


def alert(turn: Turn, case: Case, line: str) -> None:
    """A line at once to who has the case, else to everybody who could take it, with what can be pressed."""
    red = case.colour == "red"
    for person in [case.lead_person] if case.lead_person else cards.leads(turn, case):
        turn.push(person, line, case=case.number, red=red, buttons=cards.buttons(turn, case))


def conceal(turn: Turn, old: Case, case: Case) -> None:
    """A case that groups may know nothing of any more: its cards there say no more than that."""
    line = turn.word("card.concealed", number=case.number)
    for group in cards.rooms(turn, old) if old.state is not State.COLLECTED else ():
        turn.post(Letter(to=group.id, text=line, kind="edit", case=case.number, follow_up=line))


def done(turn: Turn, case: Case, key: str, **facts: object) -> None:
    """What the dispatcher hears, with the buttons of the case as it now stands."""
    turn.say(key, number=case.number, **facts)
    turn.buttons.extend(cards.buttons(turn, case))
    turn.reply_case = case.number
