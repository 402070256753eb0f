"""Knows what a group and a handler may read about a case: cards without a word of the resident, details in private."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import counting, places, reasons
from handlers.cases import Case, State
from handlers.letters import Button, Letter
from handlers.town import DUTY_DESK, Group, Role
from handlers.turn import Turn

FINE = 5
"""Decimals of a pin that is read aloud: about a metre."""

_PRESSABLE = {State.ASSIGNED: ("accept", "give_back"), State.HANDLING: ("feed_back",)}


def when(turn: Turn, moment: datetime | None) -> str:
    """A moment as people say it: 今天18:00前, 明天9:00前, 3月5日9:00前."""
    if moment is None:
        return turn.word("time.none")
    zone = turn.rules.quiet_residents.zone
    local, today = moment.astimezone(zone), turn.now.astimezone(zone)
    days = (local.date() - today.date()).days
    clock = f"{local.hour}:{local.minute:02d}"
    if days == 0:
        return turn.word("time.today", clock=clock)
    if days == 1:
        return turn.word("time.tomorrow", clock=clock)
    return turn.word("time.date", month=local.month, day=local.day, clock=clock)


def title(turn: Turn, case: Case) -> str:
    """“安全隐患排查·电动车飞线充电”."""
    return turn.word("card.title", duty=turn.rules.catalogue.duty(case.duty).name, item=turn.item(case).name)


def state_line(turn: Turn, case: Case) -> str:
    """How the case stands, in plain words, with a name where somebody took it."""
    town = turn.rules.town
    if case.paused_at is not None and case.open:
        reason = turn.word(f"pause.{case.pause_reason}")
        return turn.word("state.paused", reason=reason, until=when(turn, case.paused_until))
    return turn.word(
        f"state.{case.state.value}",
        lead=town.name_of(case.lead) if case.lead else turn.word("lead.none"),
        person=town.name_of(case.lead_person) if case.lead_person else turn.word("lead.none"),
        due=when(turn, case.due_at),
        accept=when(turn, case.accept_due),
    )


def standing(turn: Turn, case: Case) -> str:
    """How the case stands; while it waits to be taken also who is asked and why, of a red one who has seen it."""
    return "\n".join(filter(None, (state_line(turn, case), reasons.line(turn, case), _seen(turn, case))))


def _seen(turn: Turn, case: Case) -> str:
    """By whom a red case is acknowledged, by name, or that it is not."""
    if case.colour != "red" or case.state not in (State.ASSIGNED, State.HANDLING):
        return ""
    who = turn.rules.town.name_of(case.acknowledged_by)
    return turn.word("card.seen", who=who) if case.acknowledged_by else turn.word("card.unseen")


def group_place(turn: Turn, case: Case, group: Group) -> str:
    """The place as a group may read it: none of a `title` item, no building among residents (design.md, Privacy)."""
    item = turn.item(case)
    if item.group_push != "full":
        return ""
    detail = "estate" if group.purpose == "residents" else item.place_detail
    return places.coarse(case.where, detail, turn.rules.town)


def group_text(turn: Turn, case: Case, group: Group) -> str:
    """The card of a group."""
    place = group_place(turn, case, group)
    key = "card.group" if place else "card.group_title"
    text = turn.word(
        key,
        colour=turn.word(f"colour.{case.colour}"),
        number=case.number,
        title=title(turn, case),
        place=place,
        state=standing(turn, case),
    )
    return "\n".join(filter(None, (text, counting.counter_line(turn, case))))


def buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    """What can be pressed on the card in its present state."""
    names = _PRESSABLE.get(case.state, ())
    if case.colour == "red" and not case.acknowledged_by and case.state is State.ASSIGNED:
        names = ("acknowledge",)
    elif case.colour == "red" and not case.acknowledged_by and case.state is State.HANDLING:
        names = ("acknowledge", *names)
    return tuple(turn.button(f"{name}:{case.number}") for name in names)


def own_buttons(turn: Turn, case: Case) -> tuple[Button, ...]:
    """What the one who took the case can press: 反馈, 吹哨, 退回, and 问居民 where that can be said."""
    if case.state is not State.HANDLING:
        return buttons(turn, case)
    asking = (f"ask:{case.number}",) if "button.ask" in turn.rules.wording.sentences else ()
    actions = (f"feed_back:{case.number}", f"whistle:{case.number}", f"give_back:{case.number}:back", *asking)
    return tuple(turn.button(action) for action in actions)


def private_text(turn: Turn, case: Case, *, words: bool) -> str:
    """What one handler may read in private; with `words` also the redacted words and the full place."""
    lines = [
        turn.word(
            "card.private",
            colour=turn.word(f"colour.{case.colour}"),
            number=case.number,
            title=title(turn, case),
            state=standing(turn, case),
        )
    ]
    place = full_place(turn, case) if words else places.coarse(case.where, "building", turn.rules.town)
    if place or "place" in turn.item(case).needs:
        lines.append(turn.word("card.place", place=place or turn.word("place.unknown")))
    if words:
        lines.append(turn.word("card.words", words=turn.rules.redactor.redact(case.words.reveal())))
        lines += [*counting.words_lines(turn, case), *filter(None, (counting.counter_line(turn, case),))]
        if any(reporter.anonymous for reporter in turn.reporters(case.number)):
            lines.append(turn.word("card.anonymous"))
    return "\n".join(lines)


def full_place(turn: Turn, case: Case) -> str:
    """The place as the one who took the case needs it, unit and room included; “” when nothing is known."""
    spoken = _spoken(turn, case)
    pin = case.where.point
    if pin is not None:
        return turn.word(
            "place.pin",
            place=spoken or turn.rules.town.name_of(case.where.unit),
            lat=round(pin[0], FINE),
            lon=round(pin[1], FINE),
        )
    return spoken


def place_or_unknown(turn: Turn, case: Case) -> str:
    """The full place, or the words for “not yet known”."""
    return full_place(turn, case) or turn.word("place.unknown")


def _spoken(turn: Turn, case: Case) -> str:
    """The gazetteer's name of the place, and of the resident's own words what it does not say already."""
    said, estate, building = (
        turn.rules.redactor.redact(case.where.text.reveal(), rooms=False),
        case.where.estate,
        case.where.building,
    )
    known = f"{estate}{building}"
    if not known or (estate in said and building in said):
        return said or known
    if building and building in said:
        return f"{estate}{said}" if said.startswith(building) else turn.word("place.more", known=known, said=said)
    if building or not said or said in known:
        return f"{known}{case.where.room.reveal()}"
    return turn.word("place.more", known=known, said=said)


def quiet(turn: Turn, case: Case) -> bool:
    """Whether no group may know of a case: its item says so, or did when it was opened."""
    return case.confidential or turn.item(case).group_push == "none"


def show(turn: Turn, case: Case) -> None:
    """Put the card before those who lead: their work group, or each in private where groups may know nothing."""
    group = turn.rules.town.group_for(case.lead)
    if not quiet(turn, case) and group is not None:
        post(turn, case, group)
        return
    for person in asked(turn, case):
        turn.push(
            person, private_text(turn, case, words=False), case=case.number, red=case.colour == "red",
            buttons=buttons(turn, case),
        )  # fmt: skip


def leads(turn: Turn, case: Case) -> list[str]:
    """Those who could take the case and are there; the heads of the community cover for a grid, then the duty desk."""
    town = turn.rules.town
    if case.lead == "justice_office":
        mediators = [p for p in town.with_role(Role.MEDIATOR, case.where.unit) if p.present(turn.now)]
        if mediators and turn.item(case).flow == "mediation":
            return [person.id for person in mediators]
    hands = [person.id for person in town.hands(case.lead) if person.present(turn.now)]
    return hands or heads(turn, case) or [DUTY_DESK]


def heads(turn: Turn, case: Case) -> list[str]:
    """The grid heads over the unit that leads, the nearest who are there; none where a department leads."""
    return [person.id for person in turn.rules.town.heads(case.lead, turn.now)]


def asked(turn: Turn, case: Case) -> list[str]:
    """Those before whom a card without a group is put: the pair that was chosen, as far as it is still there."""
    people = turn.rules.town.people
    pair = [who for who in case.assignees if who in people and people[who].staff and people[who].present(turn.now)]
    return pair or leads(turn, case)


def tell_hands(turn: Turn, case: Case, line: str) -> None:
    """One line to whoever has the case: the one who took it, else its group, else everybody who could take it."""
    group = turn.rules.town.group_for(case.lead)
    if case.lead_person:
        turn.push(case.lead_person, line, case=case.number, buttons=buttons(turn, case))
    elif group is None or quiet(turn, case):
        for person in leads(turn, case):
            turn.push(person, line, case=case.number, buttons=buttons(turn, case))


def post(turn: Turn, case: Case, group: Group) -> None:
    """A new card in a group."""
    _hang(turn, case, Letter(to=group.id, text=group_text(turn, case, group), kind="card", buttons=buttons(turn, case)))


def rooms(turn: Turn, case: Case) -> list[Group]:
    """The groups in which the card of a case hangs: its lead's; in danger also the duty desk's and the grid's."""
    town = turn.rules.town
    if quiet(turn, case):
        return []
    found = [town.group_for(case.lead)]
    if case.emergency:
        found += [town.groups.get(town.duty_group), town.group_for(town.at_level(case.where.unit, "grid"))]
    return list(dict.fromkeys(group for group in found if group is not None))


def refresh(turn: Turn, case: Case, follow_up: str) -> None:
    """The card as it now stands, wherever it hangs: edited, or one line where the platform cannot edit."""
    for group in rooms(turn, case):
        _edit(turn, case, group, follow_up, buttons(turn, case))


def take_down(turn: Turn, case: Case, old: Case, follow_up: str) -> None:
    """The case has left these groups: their card says so, and there is nothing to press on it any more."""
    for group in rooms(turn, old):
        if group not in rooms(turn, case):
            _edit(turn, case, group, follow_up, ())


def rehang(turn: Turn, case: Case, old: Case, follow_up: str) -> None:
    """The card of a case in other hands: struck where it no longer belongs, edited where it hung, new elsewhere."""
    take_down(turn, case, old, follow_up)
    had = rooms(turn, old)
    for group in rooms(turn, case):
        if group in had:
            _edit(turn, case, group, follow_up, buttons(turn, case))
        else:
            post(turn, case, group)


def _edit(turn: Turn, case: Case, group: Group, follow_up: str, shown: tuple[Button, ...]) -> None:
    gone = not case.open or group not in rooms(turn, case)
    text = group_text(turn, case, group)
    _hang(turn, case, Letter(to=group.id, text=text, kind="edit", follow_up=follow_up, buttons=shown, gone=gone))


def tell_group(turn: Turn, case: Case, group: Group, line: str, photos: tuple[str, ...] = ()) -> None:
    """One line about a case in a group."""
    _hang(turn, case, Letter(to=group.id, text=line, kind="line", photos=photos))


def _hang(turn: Turn, case: Case, letter: Letter) -> None:
    """Red goes at once; all else when the group does not rest, and no more of it in an hour than it is to read."""
    rules, red = turn.rules, case.colour == "red"
    quiet = None if red else rules.quiet_groups.after(turn.now)
    rest = None if red or not rules.group_per_hour else rules.quiet_groups.next(quiet or turn.now)
    turn.post(
        replace(letter, case=case.number, red=red, not_before=quiet, at_most=rules.group_per_hour, rest=rest)
    )  # fmt: skip
