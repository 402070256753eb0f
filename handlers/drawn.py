"""Knows how a turn takes one of the codes or numbers that were drawn ahead for its batch."""

from __future__ import annotations

from collections.abc import Container

from handlers.turn import Turn


def code(turn: Turn) -> str:
    """A one-time code that nobody has yet. LookupError means none was drawn."""
    return _first(turn.ws.codes, turn.ws.invitations)


def broadcast(turn: Turn) -> str:
    """The number of a new broadcast. LookupError means none was drawn."""
    return _first(turn.ws.broadcast_numbers, turn.ws.broadcasts)


def _first(drawn: tuple[str, ...], taken: Container[str]) -> str:
    free = [one for one in drawn if one not in taken]
    if not free:
        raise LookupError("nothing was drawn for this message")
    return free[0]
