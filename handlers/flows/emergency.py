"""Knows danger: the number to call first, one safety line, the case number; humans are alerted until they answer.

The bot never says that it called for help. Domestic violence, self-harm and minors stay with named people only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import cards, counting, dispatch, intake, places, voices
from handlers.cases import GENTLE, Case, Where
from handlers.steps import Step
from handlers.town import DUTY_DESK
from handlers.turn import Turn
from nlu.understanding import Understanding

SAME = timedelta(hours=1)
"""Words about the same kind of danger within this span belong to the case that is already open."""

LONG = 120
"""Minutes from which on a wait is told in hours."""

SHARED = frozenset({"fire", "gas", "trapped", "disaster"})
"""What several people see in one building is one danger; what happens to one person is never another's."""

EACH = 5
"""So many voices about one danger the duty desk hears one by one; after that at 10, 20, 40 …."""


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """Open or continue the emergency; answer with the number first."""
    kind = heard.emergency_type if heard.emergency_type != "none" else "other_emergency"
    case = _running(turn, kind)
    told = _told(turn, heard, kind) if case is None else None
    if told is not None:
        case = _also(turn, told, kind)
    elif case is None:
        case = _open(turn, heard, kind)
        _answer(turn, case, kind)
        alarm(turn, case)
    else:
        case = _more(turn, case, heard)
        _answer(turn, case, kind)
    if not case.where.known:
        turn.await_answer("place", case=case.number)
        turn.say("emergency.where_gentle" if kind in GENTLE else "emergency.where")


def _running(turn: Turn, kind: str) -> Case | None:
    recent = (c for c in turn.mine() if c.emergency and turn.now - c.opened_at <= SAME)
    return next((c for c in recent if c.emergency == kind), None)


def _told(turn: Turn, heard: Understanding, kind: str) -> Case | None:
    """The same danger in the same building, told within the hour by somebody else; never what is one person's own."""
    place = places.where(heard, turn.sender, turn.rules.town)
    if kind not in SHARED or not place.building:
        return None
    item = turn.rules.catalogue.item_for("emergency", kind)
    found = (case for case in map(turn.case, turn.ws.fresh.get(item.key, ())) if case is not None)
    recent = (c for c in found if c.emergency == kind and c.state in voices.RUNNING and turn.now - c.opened_at <= SAME)
    return next((c for c in recent if _one_building(turn, c.where, place)), None)


def _one_building(turn: Turn, a: Where, b: Where) -> bool:
    """Whatever micro-grids its staircases belong to."""
    town = turn.rules.town
    return (places.grid(a, town), a.estate, a.building) == (places.grid(b, town), b.estate, b.building)


def _also(turn: Turn, case: Case, kind: str) -> Case:
    """One more voice for a danger that is known: the number to call as always, one chain of alarms."""
    _answer(turn, case, kind)
    case = voices.join(turn, case, turn.words)
    turn.thread = replace(turn.thread, topic=case.number, unclear=0)
    n = counting.count(turn, case)
    if n <= EACH or counting.worth_telling(n):
        tell_desk(turn, case, "alarm.also", words=turn.rules.redactor.redact(turn.words))
    return case


def _open(turn: Turn, heard: Understanding, kind: str) -> Case:
    item = turn.rules.catalogue.item_for("emergency", kind)
    what = intake.Matter(
        heard=heard, duty=item.duty, item=item.key, words=heard.text or turn.words, emergency=kind, demand="help"
    )
    case = intake.open_case(turn, what)
    if not case.where.known:
        case = replace(case, where=_where_just_now(turn, case))
    lead = dispatch.choose(turn, case)
    case = dispatch.given(turn, case, lead, Step.ASSIGN, role="bot")
    dispatch.call(turn, case)
    return case


def _where_just_now(turn: Turn, case: Case) -> Where:
    """“着火了” and then “有人晕倒了”: both are where the same person said a moment ago."""
    recent = (c for c in turn.mine() if c.emergency and c.where.known and turn.now - c.opened_at <= SAME)
    return next((other.where for other in recent), case.where)


def _answer(turn: Turn, case: Case, kind: str) -> None:
    item = turn.item(case)
    numbers = [turn.rules.town.hotlines[key] for key in item.hotline if turn.rules.town.hotlines.get(key)]
    spoken = turn.word("emergency.or").join(dict.fromkeys(numbers)) or turn.rules.town.hotlines.get("police", "110")
    turn.say(f"emergency.call_{kind}" if kind in GENTLE else "emergency.call", numbers=spoken)
    if item.safety:
        turn.said.append(item.safety)
    turn.say("emergency.noted_gentle" if kind in GENTLE else "emergency.noted", number=case.number)
    turn.reply_case = case.number


def _more(turn: Turn, case: Case, heard: Understanding) -> Case:
    place = places.where(heard, turn.sender, turn.rules.town)
    old = case
    if place.known and not case.where.known:
        case = replace(case, where=place)
    case = turn.record(voices.add_words(turn, case, turn.words), Step.ADD, note=turn.words)
    if case.where != old.where:
        place_known(turn, case, old)
        turn.thread = turn.thread.without_kinds("place")
    tell_desk(turn, case, "alarm.more", words=turn.rules.redactor.redact(turn.words))
    return case


def alarm(turn: Turn, case: Case) -> None:
    """Alert humans: the duty desk in private with everything, groups only as far as the item allows."""
    tell_desk(turn, case, "alarm.first", words=turn.rules.redactor.redact(case.words.reveal()))
    for group in cards.rooms(turn, case):
        cards.post(turn, case, group)


def place_known(turn: Turn, case: Case, old: Case) -> None:
    """The place came later: the desk hears it, and the card goes to the grid that it concerns."""
    told = cards.rooms(turn, old)
    for group in cards.rooms(turn, case):
        if group not in told:
            cards.post(turn, case, group)
    cards.take_down(turn, case, old, turn.word("group.place", number=case.number))
    tell_desk(turn, case, "alarm.place")


def tell_desk(turn: Turn, case: Case, key: str, **facts: str) -> None:
    """A red letter to each person of the duty desk, with the button that says a human has seen it."""
    text = turn.word(
        key, number=case.number, item=turn.item(case).name, place=cards.place_or_unknown(turn, case),
        waiting=waiting(turn, case), **facts,
    )  # fmt: skip
    for recipient in dict.fromkeys((DUTY_DESK, *filter(None, (case.lead_person,)))):
        turn.push(recipient, text, case=case.number, red=True, buttons=cards.buttons(turn, case))


def waiting(turn: Turn, case: Case) -> str:
    """How long ago the case was opened: minutes, and whole hours from two hours on."""
    minutes = int((turn.now - case.opened_at).total_seconds() // 60)
    if minutes < LONG:
        return turn.word("waiting.minutes", n=minutes)
    return turn.word("waiting.hours", n=minutes // 60)
