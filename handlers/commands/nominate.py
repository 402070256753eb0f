"""Knows 提名: a worker puts a neighbour forward as liaison or volunteer; who may appoint approves (S0-20)."""

from __future__ import annotations

from handlers import appointing, by_hand, naming
from handlers.command import Call, Command
from handlers.commands.invite import role_named
from handlers.directory import InvitationState
from handlers.relabelling import split
from handlers.rights import Power
from handlers.rules import RefusalError
from handlers.town import Role
from handlers.turn import Turn


def run(turn: Turn, call: Call) -> None:
    """A name, a micro-grid, and perhaps which of the two roles; the code comes with the approval."""
    appointing.in_private(turn)
    by_hand.need(turn, Power.NOMINATE)
    name, rest = split(call.rest) if call.rest else ("", "")
    if not rest or len(name) > appointing.LONGEST_NAME:
        raise RefusalError("nominate_how")
    named = naming.find(rest, turn.rules.town, near=turn.sender.unit, kinds=("unit",))
    if turn.rules.town.units[named.id].level not in ("micro", "grid"):
        raise RefusalError("nominate_how")
    by_hand.need(turn, Power.NOMINATE, named.id)
    role = role_named(turn, named.rest)[0] if named.rest else Role.LIAISON
    if role not in appointing.NOMINATED:
        raise RefusalError("nominate_how")
    facts = {"state": InvitationState.NOMINATED, "role": role, "unit": named.id, "name": name}
    appointing.put_forward(turn, appointing.blank(turn, **facts))


COMMAND = Command(key="nominate", run=run, audience="staff", whole=False, draws="code")
