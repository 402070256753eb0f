"""Knows how people come to serve at run time: who may give which role, one-time codes, nominations, taking them up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from handlers import drawn
from handlers.directory import Binding, Invitation, InvitationState
from handlers.rights import Power, holds
from handlers.rules import RefusalError
from handlers.town import STAFF, Person, Role, Town
from handlers.turn import Turn

VALID = timedelta(days=7)
"""How long a code can be used."""

TRIES = 5
"""So many wrong codes a person may say in a day."""

LONGEST_NAME = 20
ASKED = 5
"""So many people at most are asked to approve a nomination."""

_GRID = frozenset({Role.GRID_WORKER, Role.LIAISON, Role.VOLUNTEER})
GRANTS: Mapping[Role, frozenset[Role]] = {
    Role.GRID_HEAD: _GRID,
    Role.DISPATCHER: _GRID | {Role.MEDIATOR},
    Role.ADMIN: STAFF | {Role.VOLUNTEER},
}
"""Role → the roles that it may give. Nobody gives a role that could give more than their own."""

NOMINATED = (Role.LIAISON, Role.VOLUNTEER)
"""The roles for which a worker may put somebody forward (S0-20)."""


def may_give(person: Person, roles: frozenset[Role]) -> bool:
    """Whether the person may give all of these roles."""
    return any(person.has(own) and roles <= given for own, given in GRANTS.items())


def in_private(turn: Turn) -> None:
    """What is about people is never said in a group: a code would be read by all."""
    if turn.incoming is not None and turn.incoming.group:
        raise RefusalError("only_private", bot=turn.rules.town.bot_name)


def make(turn: Turn, invitation: Invitation) -> None:
    """Keep an invitation and say its code, with the words by which it is taken up."""
    turn.out.invitations[invitation.code] = invitation
    turn.said.append(_code_line(turn, invitation))


def _code_line(turn: Turn, one: Invitation) -> str:
    name = turn.rules.town.name_of(one.person) if one.person else one.name
    return turn.word("people.code", code=one.code, name=name, days=VALID.days)


def blank(turn: Turn, **facts: object) -> Invitation:
    """A new invitation of the sender."""
    made = Invitation(code=drawn.code(turn), made_by=turn.sender.id, made_at=turn.now, expires_at=turn.now + VALID)
    return replace(made, **facts)  # type: ignore[arg-type]


# -- nominations -------------------------------------------------------------------------------------------------------


def put_forward(turn: Turn, one: Invitation) -> None:
    """Keep a nomination and ask those who may appoint."""
    town = turn.rules.town
    turn.out.invitations[one.code] = one
    facts = {"name": one.name, "role": turn.word(f"role.{one.role.value}"), "unit": town.name_of(one.unit)}
    turn.say("people.nominated", **facts)
    others = [p for p in town.people.values() if p.id != turn.sender.id and p.present(turn.now)]
    near = sorted((p for p in others if holds(p, Power.APPOINT, one.unit, town)), key=lambda p: _height(town, p))
    for person in near[:ASKED]:
        buttons = (turn.button(f"approve::{one.code}"), turn.button(f"turn_down::{one.code}"))
        line = turn.word("people.approve", author=turn.sender.name, code=one.code, **facts)
        turn.push(person.id, line, buttons=buttons)


def _height(town: Town, person: Person) -> int:
    """How far up the ladder somebody sits; the nearest are asked first."""
    return -len(list(town.ladder(person.unit)))


def decide(turn: Turn, code: str, *, approved: bool) -> None:
    """Approve a nomination, or not: the code goes to who nominated, to be handed over."""
    in_private(turn)
    one = turn.ws.invitations.get(code.strip())
    if one is None:
        raise RefusalError("unknown_nomination")
    if not holds(turn.sender, Power.APPOINT, one.unit, turn.rules.town) or one.made_by == turn.sender.id:
        raise RefusalError("no_power")
    if one.state is not InvitationState.NOMINATED:
        raise RefusalError("nomination_decided")
    state = InvitationState.APPROVED if approved else InvitationState.REFUSED
    one = replace(one, state=state, approved_by=turn.sender.id, expires_at=turn.now + VALID)
    turn.out.invitations[one.code] = one
    turn.say("people.approved" if approved else "people.turned_down", name=one.name)
    line = turn.word("people.turned_down_by", name=one.name, who=turn.sender.name)
    turn.push(one.made_by, _code_line(turn, one) if approved else line)


# -- taking up ---------------------------------------------------------------------------------------------------------


def take_up(turn: Turn, code: str) -> None:
    """The one-time code of an invitation: role, unit and name at once. A wrong one changes nothing but the count."""
    in_private(turn)
    today = turn.now.astimezone(turn.rules.quiet_residents.zone).date().isoformat()
    tries = turn.thread.tries if turn.thread.tried_on == today else 0
    if tries >= TRIES:
        raise RefusalError("code_tries", most=TRIES)
    one = turn.ws.invitations.get(code)
    if one is None or not _good(turn, one):
        turn.thread = replace(turn.thread, tries=tries + 1, tried_on=today)
        raise RefusalError("code_wrong")
    _refuse_who_serves(turn, one)
    _become(turn, one)
    turn.thread = replace(turn.thread, tries=0, tried_on="")
    turn.out.invitations[one.code] = replace(one, state=InvitationState.USED, used_by=turn.sender.id)


def _good(turn: Turn, one: Invitation) -> bool:
    """Whether a code still counts: approved, not too old, and given by somebody who may still give it."""
    town = turn.rules.town
    giver, power = (one.approved_by, Power.APPOINT) if one.approved_by else (one.made_by, Power.INVITE)
    person = town.people.get(giver)
    return (
        one.state is InvitationState.APPROVED
        and one.expires_at > turn.now
        and person is not None
        and holds(person, power, one.unit, town)
    )


def _refuse_who_serves(turn: Turn, one: Invitation) -> None:
    """Who serves elsewhere keeps what they have; whose own case is open still hears of it at this account."""
    person = turn.sender
    elsewhere = (person.unit, person.department) != (one.unit, one.department)
    if person.staff and (one.person not in ("", person.id) or (not one.person and elsewhere)):
        raise RefusalError("serves_already")
    if one.person and one.person != person.id and turn.mine():
        raise RefusalError("code_open_cases", number=turn.mine()[0].number)


def _become(turn: Turn, one: Invitation) -> None:
    assert turn.incoming is not None
    town = turn.rules.town
    if one.person:
        turn.out.bindings[turn.incoming.sender] = Binding(address=turn.incoming.sender, person=one.person)
        turn.say("people.bound", name=town.name_of(one.person))
        return
    before = turn.sender.roles if turn.sender.serving else frozenset()
    neighbour = {Role.RESIDENT} if one.role in NOMINATED else set()
    roles = frozenset((before - {Role.RESIDENT}) | {one.role} | neighbour)
    turn.out.persons[turn.sender.id] = replace(
        turn.sender, roles=roles, unit=one.unit, department=one.department, name=one.name, active=True, left_at=None
    )
    place = town.name_of(one.department or one.unit)
    turn.say("people.welcome", name=one.name, place=place, role=turn.word(f"role.{one.role.value}"))
