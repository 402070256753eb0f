"""Knows 请假: somebody is away until a day or an hour; who covers is said, and the head hears what is left in hand."""

from __future__ import annotations

from dataclasses import replace

from handlers import absence, appointing, moments
from handlers.command import Call, Command
from handlers.rules import RefusalError
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """One's own leave, or that of somebody below; cases that were taken stay where they are."""
    appointing.in_private(turn)
    person, text = absence.whose(turn, call.rest)
    zone, wording = turn.rules.quiet_residents.zone, turn.rules.wording
    found = moments.until(text, turn.now, zone, wording)
    if found is None or found.at <= turn.now:
        raise RefusalError("leave_how")
    turn.out.persons[person.id] = replace(person, away_until=found.at)
    taken = turn.word("list.comma").join(absence.in_hand(turn, person))
    facts = {"name": person.name, "until": moments.said(found.at, zone, wording)}
    turn.say("people.away", cover=absence.cover(turn, person), **facts)
    if taken:
        turn.say("people.away_stay", numbers=taken)
    line = turn.word("people.away_head", **facts)
    line += "\n" + turn.word("people.away_cases", numbers=taken) if taken else ""
    for head in absence.heads(turn, person):
        if head != turn.sender.id:
            turn.push(head, line)
    if person.id != turn.sender.id:
        turn.push(person.id, turn.word("people.away_set", who=turn.sender.name, until=facts["until"]))


COMMAND = Command(key="leave", run=run, audience="staff", whole=False, lists=absence.lists)
