"""Knows 升级, 降级, 改颜色: a human raises or lowers how urgent a case is; red is lowered with a reason alone.

Raised to red the case must be acknowledged by name (收到): who has it is told at once. The duty desk is alarmed again
and again only where the words themselves were an emergency (docs/decisions/0041).
"""

from __future__ import annotations

from dataclasses import replace

from handlers import by_hand, cards
from handlers.cases import Case
from handlers.catalogue import COLOURS
from handlers.command import Call, Command
from handlers.relabelling import split
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.turn import Turn
from handlers.wording import strip


def run(turn: Turn, call: Call) -> None:
    """Another colour: clocks and card follow, who has the case and who reported it hear it."""
    case = by_hand.meant(turn, call, "recolour", Step.RECOLOUR)
    colour, note = _wanted(turn, call, case)
    if colour == case.colour:
        raise RefusalError("same_colour", case=case.number, colour=turn.word(f"colour.{colour}"))
    if case.colour == "red" and not note:
        raise RefusalError("reason_needed", case=case.number)
    before, case = case, _coloured(turn, case, colour)
    case = turn.record(case, Step.RECOLOUR, note=note, before=before.colour, after=colour)
    shown = {"colour": turn.word(f"colour.{colour}")}
    line = turn.word("group.recoloured", number=case.number, **shown)
    by_hand.refresh(turn, before, case, line)
    by_hand.alert(turn, case, _line(turn, case, line, note))
    up = COLOURS.index(colour) > COLOURS.index(before.colour)
    key = "resident.raised_colour" if up else "resident.lowered_colour"
    by_hand.tell(turn, case, key, due=cards.when(turn, case.due_at))
    by_hand.done(turn, case, "desk.recoloured", **shown, due=cards.when(turn, case.due_at))


def _wanted(turn: Turn, call: Call, case: Case) -> tuple[str, str]:
    """The colour said, else the next one in the direction of the word; and the reason."""
    first, rest = split(call.rest) if call.rest else ("", "")
    lists, now = turn.rules.wording.lists, COLOURS.index(case.colour)
    colour = next((c for c in COLOURS if strip(first) in lists[f"colour.{c}"]), "")
    way = next((step for name, step in (("up", 1), ("down", -1)) if _said(turn, f"recolour.{name}")), 0)
    if colour and way * (COLOURS.index(colour) - now) < 0:
        raise RefusalError("colour_which", case=case.number)
    if colour:
        return colour, rest
    if not way:
        raise RefusalError("colour_which", case=case.number)
    return COLOURS[min(max(now + way, 0), len(COLOURS) - 1)], call.rest


def _said(turn: Turn, key: str) -> bool:
    return any(word in turn.words for word in turn.rules.wording.lists[key])


def _coloured(turn: Turn, case: Case, colour: str) -> Case:
    """The clocks follow the entry (handlers/history.py). Who lowers red has seen it; raised to red nobody has."""
    new = replace(case, colour=colour, coloured_by=turn.sender.id)
    if colour == "red":
        return replace(new, acknowledged_by="")
    return replace(new, acknowledged_by=case.acknowledged_by or (turn.sender.id if case.colour == "red" else ""))


def _line(turn: Turn, case: Case, line: str, note: str) -> str:
    parts = [line, turn.word("handler.note", words=turn.rules.redactor.redact(note)) if note else ""]
    parts.append(turn.word("handler.acknowledge") if case.colour == "red" else "")
    return "\n".join(filter(None, parts))


COMMAND = Command(key="recolour", run=run, audience="staff", whole=False)
