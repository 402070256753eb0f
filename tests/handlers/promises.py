"""Knows what every turn promises, whatever was said: nothing swallowed, groups told no word, one letter a recipient."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from handlers import deadlines, history
from handlers.cases import Case, Entry
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Letter
from handlers.rules import Rules
from handlers.thread import Thread
from handlers.town import DUTY_DESK

GRAM = 4
"""So many characters in a row of a resident's words may not stand in a letter to a group."""

_UNANSWERED = ("unsubscribe", "enter", "departed", "migrated")
"""Events after which nobody is there to be answered, or nobody has said anything."""

_PHONE = re.compile(r"1\d{10}")
_ROOM = re.compile(r"\d(?:单元|室)")
_HELP_CALLED = re.compile(
    "已(?:经)?(?:报警|拨打|通知(?:消防|警方|急救)|派(?:出|了)?(?:警|救护|消防))|警察马上|救护车(?:已|马上)"
)


def kept(effects: Effects, rules: Rules, said: Sequence[str], now: datetime) -> None:
    """Everything that must hold for the effects of one turn."""
    for case in effects.cases:
        assert case == deadlines.with_wake(case), f"{case.number} would be woken at the wrong time"
        assert case.open or case.wake_at is None
    for thread in effects.threads:
        assert Thread.from_json(thread.person, thread.version, thread.to_json()) == thread
    for letter in effects.letters:
        _readable(letter)
        assert letter.not_before is None or letter.not_before > now
        assert not (letter.red and letter.not_before), "red waits for nobody"
        if letter.to in rules.town.groups:
            _tells_nothing(letter, rules, said)
    _one_letter_each(effects, rules)


def recomputable(case: Case, entries: Sequence[Entry], rules: Rules) -> None:
    """The clock that a case holds is the one that its history tells."""
    told = history.fold(entries, rules.timing)
    assert history.Clocks.of(told) == history.Clocks.of(case), case.number
    assert (told.state, told.colour, told.duty, told.item) == (case.state, case.colour, case.duty, case.item)


def answered(incoming: Incoming, effects: Effects, before: Thread) -> None:
    """Who says something in private is answered there; of one album the first picture is, the rest need not be."""
    more = incoming.scene.startswith("album:") and incoming.scene == before.album
    if more and not effects.letters:
        return
    if incoming.group or incoming.kind == "fetched" or incoming.event in _UNANSWERED:
        return
    replies = [x for x in effects.letters if x.kind == "reply"]
    assert [x.chat for x in replies] == [incoming.chat], f"{incoming.kind} was swallowed"


def _readable(letter: Letter) -> None:
    assert letter.text.strip(), "an empty letter"
    assert not re.search(r"[{}]|None|\*\*\*\*", letter.text), letter.text
    assert not _HELP_CALLED.search(letter.text), letter.text
    assert all(button.label and ":" in button.action for button in letter.buttons)


def _one_letter_each(effects: Effects, rules: Rules) -> None:
    """A person hears once a turn: the answer, or one push; what must wait for the morning may come besides."""
    told = [
        (who, letter.not_before)
        for letter in effects.letters if letter.to not in rules.town.groups
        for who in letter.people or (letter.to,)
    ]  # fmt: skip
    people = Counter(told)
    assert not [who for who, times in people.items() if times > 1], people
    duty = [letter for letter in effects.letters if letter.to == DUTY_DESK]
    assert all(letter.people and set(letter.people) <= set(rules.town.duty_people) for letter in duty)


def _tells_nothing(letter: Letter, rules: Rules, said: Sequence[str]) -> None:
    """A group's letter: no word of a resident, no phone, no room, no resident's name, and nothing to residents."""
    town = rules.town
    if letter.kind not in ("reply", "line"):
        assert town.groups[letter.to].purpose != "residents", letter.text
    for text in (letter.text, letter.follow_up):
        assert not _PHONE.search(text), text
        assert not _ROOM.search(text), text
        names = [p.name for p in town.people.values() if not p.staff and p.name]
        assert not [name for name in names if name in text], text
        rest = _without_approved(text, rules)
        assert not [gram for words in said for gram in _grams(words) if gram in rest], text
    assert letter.photos == () or letter.kind == "line"


def _without_approved(text: str, rules: Rules) -> str:
    """A text without the names of the catalogue and the town: what remains may not come from a resident."""
    town = rules.town
    approved = [duty.name for duty in rules.catalogue.duties.values()]
    approved += [item.name for duty in rules.catalogue.duties.values() for item in duty.items.values()]
    approved += [unit.name for unit in town.units.values()] + [desk.name for desk in town.departments.values()]
    approved += [person.name for person in town.people.values() if person.staff]
    text = re.sub(r"健仁小区|龙港花园|\d+号楼|[A-Z]\d{4,}|(?<!\d)\d{3,5}(?!\d)", "|", text)
    for name in sorted(filter(None, approved), key=len, reverse=True):
        text = text.replace(name, "|")
    return text


def _grams(words: str) -> Iterator[str]:
    plain = re.sub(r"[A-Z]\d{4,}|\s", "", words)
    yield from (plain[i : i + GRAM] for i in range(len(plain) - GRAM + 1))


def shorn(letter: Letter) -> Letter:
    """A letter without the moment it rests until."""
    return replace(letter, not_before=None)
