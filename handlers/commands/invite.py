"""Knows 邀请: a one-time code by which somebody takes up a role, or an imported person's account is bound to them."""

from __future__ import annotations

from handlers import appointing, by_hand, naming
from handlers.command import Call, Command
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import STAFF, Role
from handlers.turn import Turn

_AT_A_DESK = (Role.DEPARTMENT, Role.DISPATCHER, Role.MEDIATOR)
"""Roles that may belong to a department."""


def run(turn: Turn, call: Call) -> None:
    """A role, a unit or department, and a name; or the name of somebody who is there already."""
    appointing.in_private(turn)
    by_hand.need(turn, Power.INVITE)
    if not call.rest:
        raise RefusalError("invite_how")
    role, rest = role_named(turn, call.rest)
    if role is None:
        _known(turn, call.rest)
    else:
        _new(turn, role, rest)


def role_named(turn: Turn, text: str) -> tuple[Role | None, str]:
    """The role that a text begins with, and what follows."""
    lists = turn.rules.wording.lists
    pairs = [(word, role) for role in Role for word in lists.get(f"called.{role.value}", ())]
    for word, role in sorted(pairs, key=lambda pair: -len(pair[0])):
        if text.strip().startswith(word):
            return role, text.strip()[len(word) :].strip()
    return None, text


def _new(turn: Turn, role: Role, rest: str) -> None:
    town = turn.rules.town
    named = naming.find(rest, town, near=turn.sender.unit, kinds=("unit", "department"))
    department = named.id if named.id in town.departments else ""
    unit = town.unit_of(named.id)
    by_hand.need(turn, Power.INVITE, unit)
    if not appointing.may_give(turn.sender, frozenset({role})):
        raise RefusalError("no_power")
    if (department and role not in _AT_A_DESK) or (role is Role.DEPARTMENT and not department):
        raise RefusalError("invite_how")
    name = named.rest.strip()
    if not name or len(name) > appointing.LONGEST_NAME:
        raise RefusalError("invite_how")
    appointing.make(turn, appointing.blank(turn, role=role, unit=unit, department=department, name=name))


def _known(turn: Turn, text: str) -> None:
    """Whose account is bound takes over everything that they may: the inviter must be able to give all of it."""
    town = turn.rules.town
    person = town.people[naming.find(text, town, near=turn.sender.unit, kinds=("person",)).id]
    by_hand.need(turn, Power.INVITE, person.unit)
    if not person.unit or not appointing.may_give(turn.sender, person.roles & STAFF):
        raise RefusalError("no_power")
    facts = {"person": person.id, "unit": person.unit, "department": person.department}
    appointing.make(turn, appointing.blank(turn, **facts))


COMMAND = Command(key="invite", run=run, audience="staff", whole=False, draws="code")
