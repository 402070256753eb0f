"""Knows 同一件事: which running case a new voice belongs to, and how a person joins it or leaves it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from handlers import admission, cards, counting, intake, notices, places
from handlers.cases import Case, Reporter, State, Where
from handlers.catalogue import COLOURS
from handlers.counting import count, counter_line, joined, worth_telling
from handlers.raw import RawText
from handlers.rules import RefusalError
from handlers.steps import Step
from handlers.thread import Choice
from handlers.turn import Turn

__all__ = ["add_words", "alike", "count", "counter_line", "join", "joined", "leave", "same"]

SPAN = timedelta(hours=2)
"""What is reported within this span, in one grid and of one item, may be one matter."""

LOUD = 5
"""From this many voices on, the one who has the case hears of the number in private as well."""

SEEN = frozenset(admission.WORLD) - {"public_security"}
"""Labels about what several people see. A theft in the same building is another's loss, and a case of its own."""

RUNNING = (State.COLLECTED, State.ASSIGNED, State.HANDLING)


def near(turn: Turn, new: Case) -> list[Case]:
    """The running cases of the item and grid of a new matter that others reported just now, oldest first."""
    grid = places.grid(new.where, turn.rules.town)
    open_to_all = SEEN.issuperset(turn.item(new).labels) or turn.item(new).shared
    if not grid or not open_to_all or new.confidential or new.emergency or new.demand == "suggest":
        return []
    found = [case for case in map(turn.case, turn.ws.fresh.get(new.item, ())) if case is not None]
    return [case for case in found if _may_be(turn, case, new) and places.grid(case.where, turn.rules.town) == grid]


def _may_be(turn: Turn, case: Case, new: Case) -> bool:
    """Whether it runs, is no secret, and the speaker is not in it and has not said already that it is another."""
    runs = case.state in RUNNING and turn.now - case.opened_at <= SPAN and case.number != new.number
    if not runs or case.confidential or case.emergency or case.duty != new.duty:
        return False
    return turn.sender.id not in {one.person for one in turn.reporters(case.number, parted=True)}


def same(turn: Turn, new: Case) -> Case | None:
    """The running case that is surely the same matter: one cause for the whole grid, or the very same spot."""
    item = turn.item(new)
    usual = turn.rules.catalogue.vague(item)
    return next(
        (case for case in near(turn, new) if item.shared or (not usual and one_spot(case.where, new.where))), None
    )


def alike(turn: Turn, new: Case) -> Case | None:
    """The running case of which to ask 同一件事？; what is red waits for no answer."""
    found = near(turn, new) if new.colour != COLOURS[-1] else []
    return next((case for case in found if one_spot(case.where, new.where)), found[0] if found else None)


def one_spot(a: Where, b: Where) -> bool:
    """Whether two places of one grid are one: the same building (and no two rooms), or the same public ground.

    The units themselves may be two: one micro-grid has the first staircase of a building, another the next.
    """
    if not (a.known and b.known) or (a.estate, a.building) != (b.estate, b.building):
        return False
    if a.building:
        return not (a.room and b.room) or a.room == b.room
    return a.public_ground and b.public_ground and bool(a.text) and a.text == b.text


# -- joining -----------------------------------------------------------------------------------------------------------


def join(turn: Turn, case: Case, words: str = "") -> Case:
    """The speaker becomes one of the reporters of a running case; what they said is kept as theirs."""
    before = {one.person: one for one in turn.reporters(case.number, parted=True)}.get(turn.sender.id)
    if before is not None and not before.parted:
        return case
    if case.state not in RUNNING or case.confidential:
        who = turn.rules.town.name_of(case.lead_person)
        raise RefusalError("not_yours" if case.confidential else f"state.{case.state.value}", case=case.number, who=who)
    fresh = Reporter(
        case=case.number, person=turn.sender.id, part="co_reporter", anonymous=turn.thread.anonymous, since=turn.now
    )
    again = replace(before, parted=False, via="", since=turn.now) if before is not None else fresh
    turn.out.reporters[(case.number, turn.sender.id)] = again
    case = turn.record(add_words(turn, case, words), Step.JOIN, note=words, n=str(count(turn, case)))
    renew(turn, case)
    return case


def add_words(turn: Turn, case: Case, words: str) -> Case:
    """More words about a case, kept where they can be erased: a co-reporter's beside their name, else in the case."""
    own, more = counting.own(turn, case), RawText(words)
    return more_words(turn, case, own, more) if own is not None else replace(case, words=_more(case.words, more))


def more_words(turn: Turn, case: Case, one: Reporter, words: RawText) -> Case:
    """More words of one of the reporters of a case."""
    if one.part != "co_reporter":
        return replace(case, words=_more(case.words, words))
    turn.out.reporters[(case.number, one.person)] = replace(one, words=_more(one.words, words))
    return case


def _more(old: RawText, words: RawText) -> RawText:
    return RawText(f"{old.reveal()}\n{words.reveal()}".strip())


def renew(turn: Turn, case: Case) -> None:
    """The counter on the card goes on, and who has the case hears of many; not at every voice."""
    n = count(turn, case)
    if case.state is State.COLLECTED or not worth_telling(n):
        return
    cards.refresh(turn, case, turn.word("group.voices", number=case.number, n=n))
    if n >= LOUD and case.lead_person and case.lead_person != turn.sender.id:
        turn.push(case.lead_person, turn.word("handler.voices", number=case.number, n=n), case=case.number)


def take_in(turn: Turn, case: Case, new: Case, label: str) -> None:
    """A new voice for a matter that runs: no second case, everything said is kept, and a way back is offered."""
    before = count(turn, case)
    case = join(turn, case, new.words.reveal())
    pictures = len(case.photos)
    case = intake.bring_along(turn, case)
    if COLOURS.index(new.colour) > COLOURS.index(case.colour):
        case = recolour(turn, case, new.colour)
    news = len(case.photos) > pictures or not one_spot(case.where, new.where) or new.colour != turn.item(new).colour
    if news and case.lead_person and case.lead_person != turn.sender.id:
        safe = counting.safe(turn, new.words)
        turn.push(case.lead_person, turn.word("handler.voice", number=case.number, words=safe), case=case.number)
    turn.say("same.joined", number=case.number, n=before, state=cards.state_line(turn, case))
    ask(turn, case, label, new.where)


def recolour(turn: Turn, case: Case, colour: str) -> Case:
    """A voice that makes it more urgent: the colour rises, and no deadline becomes later by it."""
    return turn.record(replace(case, colour=colour), Step.RECOLOUR, role="bot", why="voice")


def ask(turn: Turn, case: Case, label: str, place: Where) -> None:
    """是同一件事 or not; what is needed to open an own case lies with the question."""
    facts = {"label": label}
    if place.known:
        facts |= {"unit": place.unit, "estate": place.estate, "building": place.building}
    if place.point is not None:
        facts["point"] = ",".join(map(str, place.point))
    said = place.text.reveal() if place.known else ""
    turn.await_answer("same", case=case.number, choices=choices(turn), facts=facts, words=said)


def doubt(turn: Turn, case: Case) -> None:
    """Who joined a case cannot change it for everybody: they are asked once more whether it is theirs."""
    turn.say("same.what_wrong", number=case.number)
    ask(turn, case, turn.item(case).labels[0], Where())
    turn.reply_case = case.number


def offer(turn: Turn, case: Case, own: Case) -> None:
    """A case of one's own waits a little for the answer to 同一件事？."""
    item = turn.item(case)
    place = places.coarse(case.where, item.place_detail, turn.rules.town) if item.group_push == "full" else ""
    turn.say("same.offer" if place else "same.offer_plain", number=case.number, item=item.name, place=place)
    turn.await_answer("same", case=case.number, choices=choices(turn), facts={"own": own.number})
    turn.reply_case = own.number


def choices(turn: Turn) -> tuple[Choice, ...]:
    """是同一件事 and 不是同一件事."""
    return tuple(Choice(turn.word(f"button.pick.{value}"), value) for value in ("same_yes", "same_no"))


# -- leaving -----------------------------------------------------------------------------------------------------------


def leave(turn: Turn, case: Case, **facts: str) -> Case:
    """The speaker leaves a case that goes on with the others; the row stays, for what they said."""
    own = counting.own(turn, case)
    if own is None:
        return case
    turn.out.reporters[(case.number, own.person)] = replace(own, parted=True)
    if case.open:
        case = turn.record(case, Step.PART, **facts)
    notices.forget_own(turn, case)
    return case


def alone(turn: Turn, case: Case) -> bool:
    """Whether nobody but the speaker reports this case."""
    return all(one.person == turn.sender.id for one in counting.voices(turn, case))


def step_back(turn: Turn, case: Case) -> None:
    """One of several takes their report back: only they go, the case goes on."""
    case = leave(turn, case)
    turn.say("voices.withdrawn", number=case.number, n=count(turn, case))


def move_photos(turn: Turn, old: Case, new: Case, ids: frozenset[str]) -> tuple[Case, Case]:
    """These pictures go with the matter they belong to."""
    moved = [photo for photo in turn.photos(old.number) if photo.id in ids]
    if not moved:
        return old, new
    turn.out.photos.update((photo.id, replace(photo, case=new.number)) for photo in moved)
    gone = {photo.id for photo in moved}
    kept = tuple(dict.fromkeys((*new.photos, *(photo.id for photo in moved))))
    old = turn.keep(replace(old, photos=tuple(one for one in old.photos if one not in gone)))
    return old, turn.keep(replace(new, photos=kept))


def of_its_own(turn: Turn, case: Case, one: Reporter) -> Case:
    """A case like the one they leave, with their words; the place is theirs only as far as the others' was said."""
    where = replace(case.where, text=RawText(), room=RawText(), point=None)
    new = Case(
        number=turn.number(), colour=turn.item(case).colour, duty=case.duty, item=case.item, demand=case.demand,
        catalogue=case.catalogue, channel=case.channel, where=where, words=one.words, opened_at=turn.now,
        changed_at=turn.now, emergency=case.emergency,
    )  # fmt: skip
    turn.out.reporters[(new.number, one.person)] = replace(
        one, case=new.number, part="reporter", since=turn.now, words=RawText(), parted=False
    )
    note = one.words.reveal()
    return turn.record(new, Step.OPEN, note=note, out_of=case.number)
