"""Knows 群发: words of the office to the groups of some units, which somebody else must approve."""

from __future__ import annotations

from collections.abc import Iterator

from handlers import broadcasts, by_hand, drawn, naming
from handlers.command import Call, Command
from handlers.directory import Broadcast
from handlers.raw import RawText
from handlers.rights import Power
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """To which units, and the words."""
    by_hand.need(turn, Power.BROADCAST)
    units, words = _units(turn, call.rest)
    for unit in units:
        by_hand.need(turn, Power.BROADCAST, unit)
    words = broadcasts.checked(turn, words)
    work = any(word in turn.words for word in turn.rules.wording.lists["purpose.broadcast_work"])
    one = Broadcast(
        number=drawn.broadcast(turn), text=RawText(words), units=tuple(units), made_by=turn.sender.id,
        made_at=turn.now, purposes=("work",) if work else ("residents",),
    )  # fmt: skip
    broadcasts.write(turn, one)


def _units(turn: Turn, text: str) -> tuple[list[str], str]:
    """The units that the text begins with, one or several (、), and the words after them."""
    found: dict[str, None] = {}
    rest = text
    for part in _parts(turn, text):
        found[part.id], rest = None, part.rest
    return list(found), rest


def _parts(turn: Turn, text: str) -> Iterator[naming.Named]:
    comma = turn.word("list.comma")
    while True:
        part = naming.find(text, turn.rules.town, near=turn.sender.unit, kinds=("unit",))
        yield part
        said = text.strip()
        after = said[: len(said) - len(part.rest)] if part.rest else said
        if not part.rest or not after.rstrip().endswith(comma):
            return
        text = part.rest


COMMAND = Command(key="broadcast", run=run, audience="staff", whole=False, draws="broadcast")
