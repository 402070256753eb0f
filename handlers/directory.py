"""Knows what changes the town at run time: invitations by one-time code, bindings of accounts and chats, broadcasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.raw import RawText
from handlers.town import Role


class InvitationState(StrEnum):
    """提名 → 批准 → 生效 (S0-20); an invitation by somebody who may appoint is approved from the start."""

    NOMINATED = "nominated"
    APPROVED = "approved"
    USED = "used"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time code by which somebody takes up a role, or a chat becomes a group's. `code` is six digits.

    With `person` the account that says the code becomes one of that person's; with `group` the chat in which it is
    said becomes one of that group's; else the sayer takes up `role` in `unit` (and `department`) under `name`.
    """

    code: str
    state: InvitationState = InvitationState.APPROVED
    role: Role = Role.RESIDENT
    unit: str = ""
    department: str = ""
    name: str = ""
    person: str = ""
    group: str = ""
    made_by: str
    made_at: datetime
    expires_at: datetime
    approved_by: str = ""
    used_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """An address (`platform:account:id`) now belongs to a person, or, with `group`, is a chat of that group.

    With neither it is a chat that has gone: nothing is sent there any more.
    """

    address: str
    person: str = ""
    group: str = ""


BROADCAST = "G"
"""The letter of a broadcast's number; cases have another."""


class BroadcastState(StrEnum):
    """群发: written → approved (undo window, quiet hours) → sent (→ ended, of a notice); or taken back."""

    WRITTEN = "written"
    APPROVED = "approved"
    SENT = "sent"
    ENDED = "ended"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A message of the office to the groups of some units. `until`: a notice (停机公告) that also stands in answers."""

    number: str
    state: BroadcastState = BroadcastState.WRITTEN
    text: RawText = field(default_factory=RawText)
    units: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ("residents",)
    made_by: str
    made_at: datetime
    approved_by: str = ""
    send_at: datetime | None = None
    sent_at: datetime | None = None
    until: datetime | None = None
