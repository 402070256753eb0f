"""Knows what one message needs loaded before it can be decided."""

from __future__ import annotations

import re
from collections.abc import Mapping

from handlers.command import numbers
from handlers.desk import Desk
from handlers.directory import BROADCAST
from handlers.incoming import Incoming
from handlers.thread import Question, Thread
from handlers.working_set import Wanted
from nlu.understanding import Heard

LONGEST = 1024
"""Numbers and codes are looked for in texts of this length; a longer one names none."""

_CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
"""A one-time code (an invitation), as it may stand in a message."""

_SENDS_OUT = frozenset({"place", "fix_place", "fix_matter", "return_reason"})
"""Questions whose answer may send a case to somebody."""


def wanted(incoming: Incoming, threads: Mapping[str, Thread], desk: Desk, heard: Heard | None = None) -> Wanted:
    """What one message needs loaded. A worker's desks are loaded where no case is named."""
    words = incoming.text.reveal() if len(incoming.text.reveal()) <= LONGEST else ""
    named = numbers(f"{words} {incoming.button} {incoming.scene}")
    thread = threads.get(incoming.sender)
    person = desk.rules.town.people.get(thread.person) if thread is not None else None
    topics = [thread.topic, *(q.case for q in thread.questions)] if thread is not None else []
    return Wanted(
        sender=incoming.sender,
        chat=incoming.chat if incoming.group else "",
        cases=tuple(dict.fromkeys(filter(None, (*named[:8], *topics)))),
        quoted=(incoming.chat, incoming.quoted) if incoming.quoted else None,
        holders=desk.holders(person, words, incoming.button) if person is not None else (),
        codes=tuple(_CODE.findall(words))[:4],
        broadcasts=tuple(number for number in named if number.startswith(BROADCAST))[:4],
        items=desk.items(heard),
        loads=bool(named and person is not None) or any(q.kind in _SENDS_OUT for q in _questions(thread)),
    )


def _questions(thread: Thread | None) -> tuple[Question, ...]:
    return thread.questions if thread is not None else ()
