"""Knows 吹哨: who leads a case (or dispatches) calls departments to it, by name or from the item's helpers."""

from __future__ import annotations

from handlers import cards, naming, passing, reasons, whistling
from handlers.cases import Case
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Choice
from handlers.town import Town
from handlers.turn import Turn

SHOWN = 5
_AND = ("、", ",", "，")
_APART = (*_AND, " ", "\t", ":", "：", "。", "\n", "\u3000")


def run(turn: Turn, call: Call) -> None:
    """Call the departments named; without one, offer those that the item knows as helpers."""
    case = passing.meant(turn, call, "whistle", Step.WHISTLE)
    holders, what = departments(_said(turn, call.rest), turn.rules.town)
    tough = is_tough(turn, call.rest)
    if holders:
        blow(turn, case, holders, what, tough=tough)
    else:
        ask(turn, case, call.rest, tough=tough)


def _said(turn: Turn, text: str) -> str:
    """The words after 攻坚哨."""
    start = next((word for word in turn.rules.wording.words("whistle.tough") if text.startswith(word)), "")
    return text.removeprefix(start).lstrip(" \t:：,，、")


def is_tough(turn: Turn, text: str) -> bool:
    """Whether it is a hard matter (攻坚哨)."""
    return any(word in text for word in turn.rules.wording.words("whistle.tough"))


def departments(text: str, town: Town) -> tuple[tuple[str, ...], str]:
    """The departments that a text begins with, one after the other between commas, and the words that follow.

    A name stands apart from those: “消防通道堵了” calls no fire brigade.
    """
    found: list[str] = []
    while (named := naming.find_or_none(text, town, kinds=("department",))) is not None:
        said, rest = text[: len(text) - len(named.rest)], named.rest
        if rest and not said.endswith(_APART):
            break
        found.append(named.id)
        text = rest
        if not said.rstrip().endswith(_AND):
            break
    return tuple(dict.fromkeys(found)), text


def ask(turn: Turn, case: Case, what: str, *, tough: bool) -> None:
    """Which department? The item's helpers that are not called yet."""
    called = {task.holder for task in whistling.joins(turn.tasks(case.number))} | {case.lead}
    helpers = [holder for holder in turn.item(case).helpers if holder not in called][:SHOWN]
    if not helpers:
        raise RefusalError("whistle_whom", case=case.number)
    turn.say("ask.whistle", number=case.number)
    choices = tuple(Choice(turn.rules.town.name_of(holder), holder) for holder in helpers)
    facts = {"tough": "yes" if tough else ""}
    turn.await_answer("whistle_whom", case=case.number, choices=choices, facts=facts, words=what)


def blow(turn: Turn, case: Case, holders: tuple[str, ...], what: str, *, tough: bool) -> None:
    """The whistle is blown; its blower hears by when the departments report in."""
    case = whistling.call(turn, case, holders, what, tough=tough)
    task = turn.tasks(case.number)[-1]
    turn.say("whistle.done", number=case.number, names=reasons.names(turn, holders), due=cards.when(turn, task.due_at))
    turn.reply_case = case.number


COMMAND = Command(key="whistle", run=run, audience="staff", whole=False)
