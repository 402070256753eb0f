"""Knows answers at the front (一口清): approved ones only, with source and date; no approved answer means a person."""

from __future__ import annotations

from dataclasses import replace

from handlers import admission
from handlers.effects import Answered
from handlers.flows import report
from handlers.thread import Choice
from handlers.turn import Turn
from handlers.wording import Answer
from nlu.understanding import Understanding

SAME_ITEM = 0.10
"""Enough where the words name the very item that the answer is about."""

NEAR = 0.35
"""An approved answer below this nearness is not an answer to what was asked."""


def run(turn: Turn, heard: Understanding, label: str) -> None:
    """Answer; else offer to record it (a matter of the world), or put it before a person (service, law)."""
    if admission.outcome(label, heard.demand) == "case":
        report.run(turn, heard, label)
        return
    if given(turn, heard):
        return
    if label in admission.PERSON_ANSWERS:
        turn.say("answer.none_so_person")
        report.run(turn, heard, label)
        return
    offer_record(turn, heard, label)


def offer_record(turn: Turn, heard: Understanding, label: str) -> None:
    """No approved answer: a case on request."""
    turn.say("answer.none_offer_record")
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("record_yes", "record_no"))
    turn.await_answer("record", choices=choices, facts={"label": label}, words=heard.text)


def given(turn: Turn, heard: Understanding) -> bool:
    """Give the nearest approved answer, if there is one near enough."""
    found = find(turn, heard)
    if found is None:
        return False
    say(turn, found, found.text)
    turn.thread = replace(turn.thread, answer=found.key, topic="", unclear=0)
    duty = turn.rules.catalogue.duty_for(heard.label)
    turn.out.answered.append(
        Answered(
            at=turn.now, person=turn.sender.id, duty=duty.key if duty else "", answer=found.key,
            unit=turn.sender.unit, channel=turn.incoming.platform if turn.incoming else "",
        )
    )  # fmt: skip
    return True


def say(turn: Turn, answer: Answer, text: str) -> None:
    """An answer with its source and date, and the way to a person."""
    turn.said.append(text)
    turn.say("answer.source", source=answer.source, date=answer.date)
    turn.offer("plain:", "human:")


def find(turn: Turn, heard: Understanding) -> Answer | None:
    """The approved answer nearest to the words: of the item that was heard, or near enough by its wording."""
    today = turn.now.date().isoformat()
    hits = [(turn.rules.knowledge.get(key, today), score) for key, score in turn.rules.lookup.search(heard.text)]
    live = [(answer, score) for answer, score in hits if answer is not None]
    last = turn.rules.knowledge.get(turn.thread.answer, today)
    if last is not None and heard.item and last.item == heard.item:  # they ask on: of the same, or of one beside it
        return next((answer for answer, score in live if score >= NEAR and answer.item == heard.item), last)
    for answer, score in live:
        nearer = SAME_ITEM if heard.item and answer.item == heard.item else NEAR
        if score >= nearer and (heard.label in answer.labels or score >= 2 * NEAR):
            return answer
    return None
