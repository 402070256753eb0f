"""Knows what is drawn ahead for messages that begin something: one-time codes and the numbers of broadcasts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.working_set import Wanted, WorkingSet
from storage.store import Tx

Draw = Callable[[], str]
"""Draws six digits."""

SPARE = 4
"""So many codes more than needed are drawn: one that is out in the town already is not given again."""

LAST = 30
"""How many broadcasts the record is put together from."""


def secret_code() -> str:
    """Six digits that nobody can guess."""
    return f"{secrets.randbelow(10**6):06d}"


def drawn(tx: Tx, asked: Sequence[Wanted], needs: Sequence[str], draw: Draw, now: datetime) -> WorkingSet:
    """The working set of these messages, with the codes and numbers that their commands need."""
    wanted, codes = list(asked), _codes(needs, draw)
    if codes:  # those that exist already are loaded, and so are known to be taken
        wanted[0] = replace(wanted[0], codes=(*wanted[0].codes, *codes))
    ws = tx.load(wanted, now)
    ws.codes = codes
    ws.broadcast_numbers = tuple(tx.reserve_broadcast() for _ in range(needs.count("broadcast")))
    if "record" in needs:
        ws.broadcasts = {one.number: one for one in tx.last_broadcasts(LAST)} | ws.broadcasts
    return ws


def _codes(needs: Sequence[str], draw: Draw) -> tuple[str, ...]:
    n = needs.count("code")
    return tuple(dict.fromkeys(draw() for _ in range(n + SPARE))) if n else ()
