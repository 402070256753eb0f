"""Knows what is not plain words: first contact, stickers, voices without text, files, pins, pictures before words."""

from __future__ import annotations

import re
from dataclasses import replace

from handlers import departing, grouping, in_group, intake, notices, places
from handlers.cases import Photo
from handlers.commands import bind
from handlers.letters import Errand
from handlers.questions.slots import set_place
from handlers.steps import Step
from handlers.turn import Turn

LONGEST = 2000
"""Characters of one message that are read; more is refused politely, and kept."""

_WORDLIKE = re.compile(r"\w")


def event(turn: Turn) -> None:
    """Follow, scan, leave: a welcome of three examples, and the home grid of a scanned code."""
    incoming = turn.incoming
    assert incoming is not None
    if incoming.event == "unsubscribe":
        in_group.gone(turn)
        return
    if incoming.event == "enter" and turn.thread.welcomed:
        return
    if departing.run(turn) or bind.by_link(turn, incoming.scene):
        return
    _scanned(turn, incoming.scene)
    if incoming.event in ("subscribe", "scan", "enter"):
        turn.say("welcome", bot=turn.rules.town.bot_name)
        _reported_before(turn)
    elif incoming.event == "unreadable_batch":
        turn.say("failed")


def _reported_before(turn: Turn) -> None:
    """Who reported in a group first hears here how that stands, and what is still asked."""
    found = turn.mine() if not turn.thread.welcomed else []
    if not found:
        return
    turn.say("group.before")
    turn.said.extend(notices.status_line(turn, case) for case in found)
    if turn.thread.question is not None and turn.thread.question.kind == "place":
        turn.say("ask.place")


def _scanned(turn: Turn, scene: str) -> None:
    """A grid's QR code says where its finder lives, until they say otherwise."""
    unit = turn.rules.town.units.get(scene)
    if unit is None or turn.sender.unit or turn.sender.staff:
        return
    turn.out.persons[turn.sender.id] = replace(turn.sender, unit=unit.id)


def unreadable(turn: Turn) -> bool:
    """Whether a text is no words at all (emoji, control characters) or far too long."""
    return len(turn.words) > LONGEST or not _WORDLIKE.search(turn.words)


def kind(turn: Turn) -> None:
    """A polite sentence for what cannot be read; it is recorded all the same."""
    incoming = turn.incoming
    assert incoming is not None
    if len(turn.words) > LONGEST:
        turn.say("odd.long", longest=LONGEST)
    elif incoming.kind == "text":
        turn.say("odd.emoji" if turn.words else "odd.empty")
    elif incoming.kind == "voice":
        _voice(turn)
    elif incoming.kind in ("video", "file", "link", "sticker"):
        turn.say(f"odd.{incoming.kind}")
    else:
        turn.say("odd.other")


def _voice(turn: Turn) -> None:
    """A recording without words: somebody makes words of it, or the sentence that says how to type them."""
    incoming = turn.incoming
    assert incoming is not None
    if not (turn.rules.voices_heard and incoming.media):
        turn.say("odd.voice")
        return
    facts = {"ref": incoming.media[0].ref, "address": incoming.sender}
    turn.out.errands.append(Errand(kind="hear", facts=facts))
    turn.say("odd.voice_coming")


def keep_waiting(turn: Turn) -> None:
    """A picture without words: keep it, ask what it is about."""
    if not intake.more_of_album(turn):
        turn.say("ask.what")
    intake.keep_for_later(turn)


def location(turn: Turn) -> None:
    """A pin nobody asked for: the place of the case being talked of, else kept for the words to come."""
    incoming = turn.incoming
    assert incoming is not None
    assert incoming.location is not None
    case = turn.case(turn.thread.topic) if turn.thread.topic else None
    found = places.at_point(incoming.location, turn.rules.town)
    if case is not None and turn.can(Step.MOVE, case) and not case.where.known and found.known:
        set_place(turn, case, found)
        return
    turn.say("ask.what_here")
    intake.keep_for_later(turn)


def fetched(turn: Turn) -> None:
    """What an errand brought: the bytes of a picture are stored, or an export is ready to be read."""
    incoming = turn.incoming
    assert incoming is not None
    if incoming.event == "export":
        turn.said.append(turn.words)
    elif incoming.event == "photo":
        # Its case may have been merged or split since, and the picture gone along.
        held = (photo for number in turn.ws.photos for photo in turn.photos(number))
        found = next((photo for photo in held if photo.id == incoming.scene), None)
        if found is not None:
            turn.out.photos[found.id] = replace(found, path=turn.words)
            _pass_on(turn, turn.out.photos[found.id])


def _pass_on(turn: Turn, photo: Photo) -> None:
    """A picture that arrives after the step it belongs to: to who has the case, or to those who wait for its result."""
    case = turn.case(photo.case)
    if case is None or not case.lead_person:
        return
    if photo.person != case.lead_person:
        line = turn.word("handler.photos", number=case.number)
        turn.push(case.lead_person, line, case=case.number, photos=(photo.id,))
    elif case.fed_back_at is not None:
        grouping.result_photo(turn, case, photo)
        for reporter in notices.listeners(turn, case):
            line = turn.word("resident.photos", number=case.number)
            turn.push(reporter.person, line, case=case.number, photos=(photo.id,))
