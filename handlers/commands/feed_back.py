"""Knows 反馈: what was done, in the worker's words, with a photo where the item asks for one, 可公开 or not."""

from __future__ import annotations

from dataclasses import replace

from handlers import cards, choosing, dispatch, grouping, intake, notices, whistling
from handlers.cases import GENTLE, Case, Photo, State
from handlers.command import Call, Command
from handlers.raw import RawText
from handlers.steps import Step
from handlers.thread import Choice
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


def said(turn: Turn, case: Case, note: str, step: Step = Step.FEED_BACK) -> None:
    """The words of the result are there; where the item wants a photo of it, that is asked for first, in private."""
    if turn.item(case).photo == "required" and not result_photos(turn, case):
        with turn.in_private():
            turn.say("ask.feed_back_photo", number=case.number)
        turn.await_answer("feed_back_photo", case=case.number, words=note, facts={"step": step.value})
        return
    finish(turn, case, note, step)


def finish(turn: Turn, case: Case, note: str, step: Step = Step.FEED_BACK) -> None:
    """The result stands: history, card, and the question to each reporter."""
    note, public = marked(turn, note)
    safe = turn.rules.redactor.redact(note)
    if step is Step.SOLVE_ON_SPOT:
        case = replace(dispatch.take(turn, case), on_spot=True)
    case = replace(case, fed_back_at=turn.now, result=RawText(note), first_answer_at=case.first_answer_at or turn.now)
    dispatch.finish(turn, case)
    case = whistling.close(turn, case, "whistle.closed")
    case = turn.record(case, step, note=note, **publish(turn, case, public))
    cards.refresh(turn, case, turn.word("group.fed_back", number=case.number, name=turn.sender.name))
    stored = tuple(photo.id for photo in result_photos(turn, case) if photo.path)
    grouping.result(turn, case)
    if case.emergency in GENTLE:
        notices.tell(turn, case, "resident.fed_back_gentle", result=safe)
    else:
        notices.ask_rating(turn, case, safe, stored)
    turn.say("handler.fed_back", number=case.number)
    turn.reply_case = case.number
    if public is None:
        ask_public(turn, case)


def result_photos(turn: Turn, case: Case) -> list[Photo]:
    """The worker's own pictures; one that is still being fetched follows when it is there (handlers/odd.py)."""
    return [photo for photo in turn.photos(case.number) if photo.person == turn.sender.id]


# -- 可公开 ------------------------------------------------------------------------------------------------------------


def marked(turn: Turn, note: str) -> tuple[str, bool | None]:
    """The words without 可公开 or 不公开 at an edge, and what it said of the photos; None where nothing."""
    wording = turn.rules.wording
    found = wording.matches("public_mark", note)
    if found is None:
        return note, None
    rest = f"{note[: found.start()]}{note[found.end() :]}".strip()
    return rest or turn.word("feed_back.see_photo"), not found.group("not")


def publish(turn: Turn, case: Case, public: bool | None) -> dict[str, str]:
    """Mark the worker's pictures as 可公开 where they said so; answers the facts that history keeps of it."""
    photos = result_photos(turn, case) if public else []
    turn.out.photos.update((photo.id, replace(photo, public=True)) for photo in photos)
    return {"public": "yes"} if photos else {}


def ask_public(turn: Turn, case: Case) -> None:
    """May the pictures be shown? Asked once, in private, where a group may see anything of this item at all."""
    if turn.group or turn.item(case).group_push != "full" or not result_photos(turn, case):
        return
    choices = tuple(Choice(turn.word(f"button.pick.{v}"), v) for v in ("publish_yes", "publish_no"))
    turn.say("ask.publish", number=case.number)
    turn.await_answer("publish", case=case.number, choices=choices)


COMMAND = Command(key="feed_back", run=run, audience="staff", aloud=True, whole=False)
