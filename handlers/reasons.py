"""Knows why a case is with whom it is (为什么派到这里): what stands in history, and the line on the card."""

from __future__ import annotations

from handlers.cases import Case, State
from handlers.turn import Turn


def facts(turn: Turn, case: Case) -> dict[str, str]:
    """What a dispatch stores with its step: the rule, what it went by, how sure that was, and who is asked."""
    return {
        "rule": case.rule,
        "lead": case.lead,
        "level": case.level,
        "unit": case.where.unit,
        "item": case.item,
        "confidence": f"{case.confidence:.2f}",
        "source": source(case),
        "assignees": " ".join(case.assignees),
        "helpers": " ".join(turn.item(case).helpers),
    }


def source(case: Case) -> str:
    """Where the place comes from: the gazetteer, a pin, the reporter's home, or none is known."""
    if case.rule == "home.community":
        return "home"
    if not case.where.known:
        return "none"
    return "pin" if case.where.point is not None and not case.where.estate else "gazetteer"


def rule(turn: Turn, case: Case) -> str:
    """The rule that chose the lead, as a sentence."""
    known = f"why.{case.rule}" in turn.rules.wording.sentences
    lead = turn.rules.town.name_of(case.lead)
    return turn.word(f"why.{case.rule}" if known else "why.by_hand", lead=lead)


def names(turn: Turn, holders: tuple[str, ...]) -> str:
    """Several names in a row."""
    return turn.word("names.comma").join(turn.rules.town.name_of(holder) for holder in holders)


def line(turn: Turn, case: Case) -> str:
    """Who is asked and why it came here, in one short line; “” once somebody has taken it."""
    if case.state is not State.ASSIGNED or not case.rule:
        return ""
    asked = names(turn, case.assignees) or turn.rules.town.name_of(case.lead)
    return turn.word("card.asked", names=asked, why=rule(turn, case))
