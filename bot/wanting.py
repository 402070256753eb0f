"""Knows what one message needs loaded before it can be decided."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.command import numbers
from handlers.desk import Desk
from handlers.directory import BROADCAST
from handlers.incoming import Incoming
from handlers.thread import Question, Thread
from handlers.town import Person
from handlers.working_set import Wanted
from nlu.understanding import Heard

LONGEST = 1024
"""Numbers and codes are looked for in texts of this length; a longer one names none."""

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
"""A one-time code (an invitation), as it may stand in a message."""

_SENDS_OUT = frozenset({"place", "fix_place", "fix_matter", "return_reason"})
"""Questions whose answer may send a case to somebody."""


def _items(thread: Thread | None) -> tuple[str, ...]:
    """The items of the cases whose place is asked for: with the place it may turn out to be a matter that runs."""
    asked = thread.questions if thread is not None else ()
    return tuple(question.facts["item"] for question in asked if "item" in question.facts)


def wanted(incoming: Incoming, threads: Mapping[str, Thread], desk: Desk, heard: Heard | None = None) -> Wanted:
    """What one message needs loaded. A worker's desks are loaded where no case is named."""
    words = _words(incoming)
    named = numbers(f"{words} {incoming.button} {incoming.scene} {incoming.quoted}")
    thread = threads.get(incoming.sender)
    person = _sender(incoming, threads, desk)
    topics = [thread.topic, *(q.case for q in thread.questions)] if thread is not None else []
    return Wanted(
        sender=incoming.sender,
        chat=incoming.chat if incoming.group else "",
        cases=tuple(dict.fromkeys(filter(None, (*named[:8], *topics)))),
        quoted=(incoming.chat, incoming.quoted) if incoming.quoted else None,
        holders=desk.needs.holders(person, words, incoming.button) if person is not None else (),
        codes=tuple(_CODE.findall(f"{words} {incoming.button} {incoming.scene}"))[:4],
        broadcasts=tuple(number for number in named if number.startswith(BROADCAST))[:4],
        items=tuple(dict.fromkeys((*desk.needs.items(heard), *_items(thread)))),
        loads=bool(named and person is not None) or any(q.kind in _SENDS_OUT for q in _questions(thread)),
    )


def draws(incoming: Incoming, threads: Mapping[str, Thread], desk: Desk) -> str:
    """What must be drawn ahead for the command that a message is: “code”, “broadcast”, “record”, “” for all others."""
    person = _sender(incoming, threads, desk)
    found = desk.needs.meant(person, _words(incoming), incoming.button) if person is not None and person.staff else None
    return found[0].draws if found is not None else ""


def _words(incoming: Incoming) -> str:
    return incoming.text.reveal() if len(incoming.text.reveal()) <= LONGEST else ""


def _sender(incoming: Incoming, threads: Mapping[str, Thread], desk: Desk) -> Person | None:
    """Who serves here and speaks; None for a mere resident."""
    thread = threads.get(incoming.sender)
    return desk.rules.town.people.get(thread.person) if thread is not None else None


def _questions(thread: Thread | None) -> tuple[Question, ...]:
    return thread.questions if thread is not None else ()
