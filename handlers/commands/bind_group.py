"""Knows 绑定群: said in a chat of many, it makes the chat a group of a unit or department."""

from __future__ import annotations

import re
from collections.abc import Callable

from handlers import by_hand, naming
from handlers.command import Call, Command
from handlers.directory import Binding
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import Group
from handlers.turn import Turn

_LINK = re.compile(r"group_([A-Za-z0-9-]{1,40})_(work|residents|department)")
PURPOSES = ("work", "residents", "department")


def run(turn: Turn, call: Call) -> None:
    """Whose group, and what for; a chat that was another's must be the sender's to give away as well."""
    incoming, town = turn.incoming, turn.rules.town
    if incoming is None or not incoming.group:
        raise RefusalError("only_group")
    if not call.rest:
        raise RefusalError("bind_group_how")
    named = naming.find(call.rest, town, near=turn.sender.unit, kinds=("unit", "department"))
    _bind(turn, named.id, lambda: _purpose(turn, named))


def by_link(turn: Turn, scene: str) -> bool:
    """Whether a deep link said whose group this is (group_jr-2_work); the rights are the same as for the words."""
    match, town = _LINK.fullmatch(scene), turn.rules.town
    if match is None or not (match[1] in town.units or match[1] in town.departments):
        return False
    if (match[2] == "department") != (match[1] in town.departments):
        return False
    _bind(turn, match[1], lambda: match[2])
    return True


def _bind(turn: Turn, holder: str, purpose: Callable[[], str]) -> None:
    incoming, town = turn.incoming, turn.rules.town
    assert incoming is not None
    by_hand.need(turn, Power.BIND_GROUP, town.unit_of(holder))
    before = town.groups.get(turn.ws.groups.get(incoming.chat, ""))
    if before is not None:
        by_hand.need(turn, Power.BIND_GROUP, before.unit)
    group = _group(turn, holder, purpose(), before)
    if group.id not in town.groups:  # one that the configuration knows stays the configuration's
        turn.out.groups[group.id] = group
    turn.out.bindings[incoming.chat] = Binding(address=incoming.chat, group=group.id)
    turn.say("people.group_bound", name=group.name)


def _purpose(turn: Turn, named: naming.Named) -> str:
    """What the chat is for; of a unit it must be said: cards for workers do not go to neighbours by a word left out."""
    lists = turn.rules.wording.lists
    said = next((p for p in PURPOSES if any(word in named.rest for word in lists[f"purpose.{p}"])), "")
    at_a_desk = named.id in turn.rules.town.departments
    fitting = ("", "department") if at_a_desk else ("work", "residents")
    if said not in fitting:
        raise RefusalError("bind_group_how")
    return said or "department"


def _group(turn: Turn, holder: str, purpose: str, before: Group | None) -> Group:
    """The group there is already for this; of residents there may be several, each a chat of its own (once)."""
    town = turn.rules.town
    department = holder if purpose == "department" else ""
    unit = town.unit_of(holder)
    same = [g for g in town.groups.values() if (g.unit, g.purpose, g.department) == (unit, purpose, department)]
    if before is not None and before in same:
        return before
    if same and purpose != "residents":
        return same[0]
    name = turn.word(f"people.group.{purpose}", name=town.name_of(holder))
    n = next(n for n in range(1, len(town.groups) + 2) if f"{holder}-{purpose}-{n}" not in town.groups)
    return Group(id=f"{holder}-{purpose}-{n}", name=name, unit=unit, purpose=purpose, department=department)


COMMAND = Command(key="bind_group", run=run, audience="staff", whole=False, aloud=True)
