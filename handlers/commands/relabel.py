"""Knows 改类: who handles a case says which matter it really is, by the name of an item or a duty."""

from __future__ import annotations

from handlers import by_hand, cards, relabelling
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Choice
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """The matter named; a name that fits none (or several) is answered with the three nearest."""
    case = by_hand.meant(turn, call, "relabel", Step.RELABEL)
    text = call.argument or call.rest
    if not text:
        raise RefusalError("relabel_what", case=case.number)
    catalogue = turn.rules.catalogue
    whole = relabelling.find(text, catalogue)
    first, note = relabelling.split(text) if whole is None else (text, "")
    found = whole or relabelling.find(first, catalogue)
    if found is None:
        _ask(turn, case, first, note)
        return
    change(turn, case, *found, note=note)


def _ask(turn: Turn, case: Case, text: str, note: str) -> None:
    catalogue = turn.rules.catalogue
    near = relabelling.nearest(text, catalogue)
    choices = tuple(Choice(catalogue.item(*key).name, "/".join(key)) for key in near)
    turn.say("ask.relabel", number=case.number, name=text[:12])
    turn.said.extend(turn.word("choice.line", n=n + 1, label=choice.label) for n, choice in enumerate(choices))
    turn.await_answer("relabel", case=case.number, choices=choices, words=note)
    turn.reply_case = case.number


def change(turn: Turn, case: Case, duty: str, item: str, *, note: str = "") -> None:
    """Make it so, and say so to everybody whom it concerns."""
    if (case.duty, case.item) == (duty, item):
        raise RefusalError("same_item", case=case.number)
    old, case = case, relabelling.relabel(turn, case, duty, item, note)
    if case.lead != old.lead:
        by_hand.relieve(turn, old, case)
    facts = {"title": cards.title(turn, case), "lead": turn.rules.town.name_of(case.lead)}
    by_hand.tell(turn, case, "resident.relabelled", **facts, due=cards.when(turn, case.due_at))
    by_hand.done(turn, case, "desk.relabelled", **facts, colour=turn.word(f"colour.{case.colour}"))
    if case.colour == "red" and turn.item(case).colour != "red":
        turn.say("desk.still_red", number=case.number)


COMMAND = Command(key="relabel", run=run, audience="staff", whole=False)
