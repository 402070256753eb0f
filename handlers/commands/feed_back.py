"""Knows 反馈: what was done, in the worker's words, with a photo where the item asks for one."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, dispatch, intake, notices, whistling
from handlers.cases import Case, Photo, State
from handlers.command import Call, Command
from handlers.flows import emergency
from handlers.raw import RawText
from handlers.steps import Step
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """Record the result; the resident hears it and is asked 解决了吗."""
    own = [case for case in choosing.in_hand(turn) if case.lead_person == turn.sender.id]
    case = choosing.one(turn, call, "feed_back", lambda c: c.state is State.HANDLING, own)
    turn.may(Step.FEED_BACK, case)
    for medium in turn.incoming.media if turn.incoming else ():
        case = intake.attach(turn, case, medium)
    if not call.rest:
        with turn.in_private():
            turn.say("ask.feed_back", number=case.number)
        turn.await_answer("feed_back", case=case.number)
        return
    said(turn, case, call.rest)


def said(turn: Turn, case: Case, note: str) -> None:
    """The words of the result are there; where the item wants a photo of it, that is asked for first."""
    if turn.item(case).photo == "required" and not _result_photos(turn, case):
        turn.say("ask.feed_back_photo", number=case.number)
        turn.await_answer("feed_back_photo", case=case.number, words=note)
        return
    finish(turn, case, note)


def finish(turn: Turn, case: Case, note: str) -> None:
    """The result stands: history, card, and the question to each reporter."""
    safe = turn.rules.redactor.redact(note)
    case = replace(case, fed_back_at=turn.now, result=RawText(note), first_answer_at=case.first_answer_at or turn.now)
    dispatch.finish(turn, case)
    case = whistling.close(turn, case, "whistle.closed")
    case = turn.record(case, Step.FEED_BACK, note=note)
    cards.refresh(turn, case, turn.word("group.fed_back", number=case.number, name=turn.sender.name))
    stored = tuple(photo.id for photo in _result_photos(turn, case) if photo.path)
    if case.emergency in emergency.GENTLE:
        notices.tell(turn, case, "resident.fed_back_gentle", result=safe)
    else:
        notices.ask_rating(turn, case, safe, stored)
    turn.say("handler.fed_back", number=case.number)
    turn.reply_case = case.number


def _result_photos(turn: Turn, case: Case) -> list[Photo]:
    """The worker's own pictures; one that is still being fetched follows when it is there (handlers/odd.py)."""
    return [photo for photo in turn.photos(case.number) if photo.person == turn.sender.id]


COMMAND = Command(key="feed_back", run=run, audience="staff", aloud=True, whole=False)
