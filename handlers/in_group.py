"""Knows what is heard in a group: reports to the bot, +1, danger said to others; and that the chat itself changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from handlers import adding, choosing, listening, places, voices
from handlers.cases import GENTLE, Case
from handlers.command import NUMBER, numbers
from handlers.commands import bind_group
from handlers.directory import Binding
from handlers.flows import emergency
from handlers.rules import RefusalError
from handlers.town import DUTY_DESK, ONLY_IN_GROUPS, Group
from handlers.turn import Turn
from nlu.understanding import Understanding

CALL = 2
"""The first lines of an answer to danger: whom to call and what to do. They may be said before everybody."""

STAFF_ONLY = frozenset({"work", "department", "duty"})
"""Purposes of groups in which colleagues talk about cases."""


def group_id(turn: Turn) -> str:
    """The group the words were said in (of one that is not ours its address), “” in a private chat."""
    incoming = turn.incoming
    return turn.ws.groups.get(incoming.chat, "") or incoming.chat if incoming and incoming.group else ""


def begun(turn: Turn) -> None:
    """Who writes in private can be written to from now on."""
    if not turn.group and turn.person is not None and ONLY_IN_GROUPS in turn.person.tags:
        _tag(turn, tuple(tag for tag in turn.person.tags if tag != ONLY_IN_GROUPS))


def gone(turn: Turn) -> None:
    """Somebody has blocked or unfollowed: letters would die. They come again when that person writes again.

    A colleague may have another account: their letters are still tried, and the duty desk hears of it.
    """
    if turn.sender.staff:
        turn.push(DUTY_DESK, turn.word("person.gone", person=turn.rules.town.name_of(turn.sender.id)))
    else:
        _tag(turn, (*turn.sender.tags, ONLY_IN_GROUPS))


def reachable(turn: Turn) -> bool:
    """Whether the sender can be written to in private; on some platforms they must have begun."""
    begun = turn.incoming is None or not turn.incoming.must_begin or turn.thread.welcomed
    return begun or turn.sender.staff


@contextmanager
def private(turn: Turn, *, red: bool = False) -> Iterator[None]:
    """What is said within goes to the sender in private; to who cannot be reached there it is not sent at all."""
    with turn.in_private(red=red):
        yield
    if not reachable(turn):
        turn.out.letters[:] = [letter for letter in turn.out.letters if letter.to != turn.sender.id]
        _tag(turn, (*turn.sender.tags, ONLY_IN_GROUPS))


def _tag(turn: Turn, tags: tuple[str, ...]) -> None:
    turn.person = replace(turn.sender, tags=tuple(dict.fromkeys(tags)))
    turn.out.persons[turn.person.id] = turn.person


def joins(turn: Turn) -> bool:
    """“+1”, “同问” to a card or with a number: one more voice. True when that is what was said."""
    words = turn.rules.wording.means("voices.same", NUMBER.sub("", turn.words))
    number = (numbers(turn.words) or [choosing.quoted(turn)])[0] if words else ""
    if not number:
        return False
    case = turn.case(number)
    if case is None or not _belongs(turn, case):
        raise RefusalError("unknown_case", case=number)
    with private(turn):
        case = voices.join(turn, case)
        turn.say("voices.joined", number=case.number)
        turn.reply_case = case.number
    if not reachable(turn):
        turn.say("group.joined", number=number)
    return True


def _belongs(turn: Turn, case: Case) -> bool:
    """Whether people of this group may know of the case: it was told here, or it lies in the group's part of town."""
    group, town = turn.rules.town.groups.get(turn.group), turn.rules.town
    if group is None or case.confidential or not case.open:
        return False
    return case.from_group == group.id or town.within(case.where.unit, group.unit)


def report(turn: Turn) -> None:
    """A matter said to the bot: it is taken, the details are spoken of in private, the group sees only the number."""
    heard = listening.asked_only(turn.understanding)
    with private(turn):
        if not _again(turn, heard):
            turn.choose_flow(heard.label, heard)
    if not turn.reply_case:
        answered(turn)
        return
    _from_here(turn)
    key = "group.noted" if reachable(turn) else "group.noted_begin"
    turn.say(key, number=turn.reply_case)


def _again(turn: Turn, heard: Understanding) -> bool:
    """The same words, changed or said once more, belong to the case that they opened."""
    duty = turn.rules.catalogue.duty_for(heard.label)
    edited = turn.incoming is not None and turn.incoming.edited
    return (edited and adding.edited(turn)) or (duty is not None and adding.same_again(turn, heard, duty.key))


def answered(turn: Turn) -> None:
    """The group sees only that there was an answer, or how to get one."""
    turn.say("group.private" if reachable(turn) else "group.private_begin")


def _from_here(turn: Turn) -> None:
    """A case that this message opened remembers the group: its result comes back here."""
    case = turn.case(turn.reply_case)
    if case is not None and case.number not in turn.ws.cases and turn.group in turn.rules.town.groups:
        turn.keep(replace(case, from_group=turn.group))


def danger(turn: Turn, addressed: bool) -> None:
    """To the bot: the first lines are said aloud. To others: the desk is alerted, and the group hears nothing."""
    heard = listening.danger(turn)
    assert heard is not None
    group, said = turn.rules.town.groups.get(turn.group), len(turn.out.letters)
    running = _running(turn, group) if group is not None else None
    if running is not None:
        _tell(turn, running)
        if addressed:
            turn.say("group.danger_known", number=running.number)
        return
    aloud: list[str] = []
    with private(turn, red=True):
        turn.choose_flow("emergency", heard)
        if addressed and heard.emergency_type not in GENTLE:
            aloud = turn.said[:CALL]
    if addressed:
        _from_here(turn)
        turn.said.extend(aloud)
    else:
        turn.out.letters[said:] = [letter for letter in turn.out.letters[said:] if letter.to != turn.group]


def _running(turn: Turn, group: Group) -> Case | None:
    """The danger that colleagues talk about: of this kind, at this place, opened within the hour."""
    heard = listening.danger(turn)
    if heard is None or not turn.sender.staff or group.purpose not in STAFF_ONLY:
        return None
    kind = heard.emergency_type if heard.emergency_type != "none" else "other_emergency"
    said = places.where(heard, turn.sender, turn.rules.town, group.unit)
    for number in turn.ws.fresh.get(turn.rules.catalogue.item_for("emergency", kind).key, ()):
        case = turn.case(number)
        if case is None or case.emergency != kind or turn.now - case.opened_at > emergency.SAME:
            continue
        town, where = turn.rules.town, case.where
        if said.known and where.known:
            near = town.within(said.unit, where.unit) or town.within(where.unit, said.unit)
            if near and (said.building == where.building or not (said.building and where.building)):
                return case
        elif not where.unit or town.within(where.unit, group.unit):
            return case
    return None


def _tell(turn: Turn, case: Case) -> None:
    """What colleagues say of a known danger is kept with it, and the desk hears it."""
    with turn.in_private():
        adding.add(turn, case)
        turn.said.clear()


def _arrived(turn: Turn, group: Group | None) -> None:
    """A colleague who has brought the bot here is told in private how to bind the group, and what it cannot hear."""
    assert turn.incoming is not None
    if not turn.sender.staff:
        return
    told = [] if group is not None else [turn.word("group.how_to_bind")]
    told += [turn.word("group.deaf")] if turn.incoming.scene == "deaf" else []
    if told:
        turn.push(turn.sender.id, "\n".join(told))


def changed(turn: Turn) -> None:
    """The chat has another address now, or the bot is no longer in it."""
    incoming, group = turn.incoming, turn.rules.town.groups.get(turn.group)
    if incoming is None or (incoming.event == "scan" and bind_group.by_link(turn, incoming.scene)):
        return
    if incoming.event == "joined":
        _arrived(turn, group)
    if group is None:
        return
    if incoming.event == "migrated" and incoming.scene:
        moved = f"{incoming.chat.rpartition(':')[0]}:{incoming.scene}"
        turn.out.bindings[moved] = Binding(address=moved, group=group.id)
        turn.out.bindings[incoming.chat] = Binding(address=incoming.chat)
    elif incoming.event == "left":
        turn.push(DUTY_DESK, turn.word("group.lost", group=group.name), red=group.purpose in STAFF_ONLY)
