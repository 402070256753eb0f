"""Knows 群发 and 停机公告: what they may hold, whom they reach, who approves, when they go out, what is told meanwhile.

They go to groups and never to individuals (docs/decisions/0040).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.cases import Case
from handlers.command import Call
from handlers.directory import Broadcast, BroadcastState
from handlers.effects import Effects
from handlers.letters import Letter
from handlers.rights import Power, holds
from handlers.rules import RefusalError, Rules
from handlers.town import Group, Person, Town
from handlers.turn import Turn

LONGEST = 500
UNDO = timedelta(minutes=5)
"""So long after the approval it can be taken back; only then it goes out."""

EVERYWHERE = ("work", "residents", "department", "duty")
"""The purposes of the groups that hear a notice (停机公告)."""

ASKED = 5
"""So many people at most are asked for their approval."""


def checked(turn: Turn, words: str) -> str:
    """The words, unless they are none, too many, or tell something personal. Public numbers may stand in them."""
    if not words:
        raise RefusalError("broadcast_empty")
    if len(words) > LONGEST:
        raise RefusalError("broadcast_long", longest=LONGEST, n=len(words))
    rest = words
    for number in _public_numbers(turn.rules.town):
        rest = re.sub(rf"(?<!\d){re.escape(number)}(?!\d)", "", rest)
    if turn.rules.redactor.redact(rest) != rest:
        raise RefusalError("broadcast_personal")
    return words


def _public_numbers(town: Town) -> list[str]:
    phones = (one.phone for shelf in (town.units, town.departments) for one in shelf.values())
    return sorted({*filter(None, phones), *town.hotlines.values()}, key=len, reverse=True)


def reach(town: Town, one: Broadcast) -> tuple[Group, ...]:
    """The groups it goes to: those of its purposes in its units and all below them."""
    return tuple(
        group
        for group in town.groups.values()
        if group.purpose in one.purposes and any(town.within(group.unit, unit) for unit in one.units)
    )


def over_all(person: Person, power: Power, one: Broadcast, town: Town) -> bool:
    """Whether the person holds a power over every unit of it."""
    return bool(one.units) and all(holds(person, power, unit, town) for unit in one.units)


def named(turn: Turn, call: Call) -> Broadcast:
    """The broadcast that a command names. RefusalError for a number there is none of."""
    one = turn.ws.broadcasts.get(call.number)
    if one is None:
        raise RefusalError("unknown_broadcast", number=call.number or "G0001")
    return one


def write(turn: Turn, one: Broadcast) -> None:
    """Keep it, show it to its author, and ask somebody else for the approval."""
    town, groups = turn.rules.town, reach(turn.rules.town, one)
    if not groups:
        raise RefusalError("broadcast_no_groups")
    turn.out.broadcasts[one.number] = one
    names = turn.word("list.comma").join(town.name_of(unit) for unit in one.units)
    facts = {"number": one.number, "n": len(groups), "names": names, "text": letter_text(turn.rules, one)}
    turn.say("broadcast.written", **facts)
    turn.offer(f"take_back:{one.number}")
    others = [p for p in town.people.values() if p.id != one.made_by and p.present(turn.now)]
    for person in [p for p in others if over_all(p, Power.APPROVE_BROADCAST, one, town)][:ASKED]:
        buttons = (turn.button(f"approve:{one.number}"), turn.button(f"turn_down:{one.number}"))
        turn.push(person.id, turn.word("broadcast.approve", author=turn.sender.name, **facts), buttons=buttons)


def may_approve(turn: Turn, one: Broadcast) -> None:
    """Somebody else than the author, over all of its units, while it is only written."""
    if not over_all(turn.sender, Power.APPROVE_BROADCAST, one, turn.rules.town):
        raise RefusalError("no_power")
    if one.made_by == turn.sender.id:
        raise RefusalError("broadcast_own", number=one.number)
    if one.state is not BroadcastState.WRITTEN:
        raise RefusalError(f"broadcast.{one.state.value}", number=one.number)


def send_at(rules: Rules, one: Broadcast, now: datetime) -> datetime:
    """When it goes out: after the undo window, and not in quiet hours; a notice goes up at once, its letters rest."""
    soon = now + UNDO
    if one.until is not None:
        return soon
    return max([soon, *filter(None, (_rest(rules, purpose, soon) for purpose in one.purposes))])


def _rest(rules: Rules, purpose: str, at: datetime) -> datetime | None:
    quiet = rules.quiet_residents if purpose == "residents" else rules.quiet_groups
    return quiet.after(at)


def due(rules: Rules, one: Broadcast, now: datetime) -> Effects:
    """What its moment brings: it is sent to its groups, or its notice is taken down."""
    if one.state is BroadcastState.SENT:
        return Effects(broadcasts=(replace(one, state=BroadcastState.ENDED),))
    letters = tuple(_letters(rules, one, reach(rules.town, one), now))
    sent = replace(one, state=BroadcastState.SENT, sent_at=now, groups=len(letters))
    return Effects(letters=letters, broadcasts=(sent,))


def _letters(rules: Rules, one: Broadcast, groups: Iterable[Group], now: datetime) -> Iterable[Letter]:
    """One a group; where a notice would come after what it speaks of, none."""
    text = letter_text(rules, one)
    for group in groups:
        rest = _rest(rules, group.purpose, now)
        if one.until is None or rest is None or rest < one.until:
            yield Letter(to=group.id, text=text, not_before=rest)


def letter_text(rules: Rules, one: Broadcast) -> str:
    """What the groups read, with its heading."""
    key = "broadcast.letter" if one.until is None else "notice.letter"
    return rules.wording.say(key, town=rules.town.name, text=one.text.reveal())


def line(turn: Turn, one: Broadcast) -> str:
    """One line of the record: who wrote and approved it, when it was sent, to how many groups."""
    town = turn.rules.town
    zone = turn.rules.quiet_residents.zone
    at = (one.sent_at or one.made_at).astimezone(zone)
    return turn.word(
        "broadcast.line", number=one.number, state=turn.word(f"broadcast.state.{one.state.value}"), n=one.groups,
        author=town.name_of(one.made_by), approver=town.name_of(one.approved_by) or turn.word("broadcast.nobody"),
        at=f"{at:%m-%d %H:%M}", text=one.text.reveal()[:20],
    )  # fmt: skip


def tell_standing(turn: Turn, case: Case | None) -> None:
    """While a notice stands, it is told to each once, below the next answer; never below an answer to danger."""
    notice = turn.rules.town.notice
    if notice is None or notice.until <= turn.now or turn.thread.noticed == notice.key or not turn.said:
        return
    if case is not None and case.emergency:
        return
    turn.thread = replace(turn.thread, noticed=notice.key)
    turn.say("notice.standing", text=notice.text)
