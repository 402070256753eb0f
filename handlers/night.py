"""Knows when a card in a group is not enough: nobody of its hands is there, or the group rests (夜间值守)."""

from __future__ import annotations

from handlers import cards
from handlers.cases import Case
from handlers.turn import Turn


def cover(turn: Turn, case: Case) -> None:
    """The head reads in private what the group sees in vain: the hands are all away, or it is yellow and night.

    Nobody is passed over meanwhile: the accept clock begins in the morning (handlers/history.py).
    """
    town = turn.rules.town
    if town.group_for(case.lead) is None or turn.item(case).group_push == "none":
        return
    away = not any(person.present(turn.now) for person in town.hands(case.lead))
    rests = case.colour == "yellow" and turn.rules.quiet_groups.holds(turn.now)
    if not away and not rests:
        return
    text = cards.private_text(turn, case, words=False)
    if rests:
        text = turn.word("night.cover") + "\n" + text
    for person in cards.heads(turn, case) or (cards.leads(turn, case) if rests else []):
        turn.push(person, text, case=case.number, red=case.colour == "red", buttons=cards.buttons(turn, case))
