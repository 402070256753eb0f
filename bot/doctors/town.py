"""Knows whether the town can be reached: workers without an account, groups without a chat, letters that were lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.config import Config
from bot.doctors.finding import Finding, broken, good, missing
from bot.doctors.known import Known
from handlers.town import ONLY_IN_GROUPS, Person

_CODE: Final = re.compile(r"errcode -?\d+")


def open_to(config: Config) -> tuple[str, ...]:
    """What addresses begin with that letters can go to now. A website is nobody's way to work."""
    on = config.platforms
    doors = {
        "telegram:": on.telegram.live,
        "wecom:": on.wecom.app_live or on.wecom.bot.live,
        "wecom-bot:": on.wecom.bot.live,
        "wecom-appchat:": on.wecom.app_live,
        "wecom-webhook:": on.wecom.webhooks_live,
    }
    wechat = (f"wechat:{account.account}:" for account in on.wechat if account.live)
    return (*(door for door, is_open in doors.items() if is_open), *wechat)


def told(known: Known) -> list[Finding]:
    """What the configuration and the memory say of people and groups. No person is named, only where they work."""
    found = [known.memory, *_people(known), *_groups(known)]
    lost = tuple(name for chat, names in known.groups_of("").items() if chat in known.doors.lost for name in names)
    if lost:
        codes = {_CODE.findall(known.doors.lost[chat])[0] for chat in known.groups_of("") if _coded(known, chat)}
        found.append(broken("groups.lost", groups=lost, codes=tuple(sorted(codes)) or ("-",)))
    return found


def _coded(known: Known, chat: str) -> bool:
    return bool(_CODE.search(known.doors.lost.get(chat, "")))


def _people(known: Known) -> list[Finding]:
    staff = [person for person in known.directory.people if person.staff]
    mute = [person for person in staff if not _reached(known, known.accounts.get(person.id, ()))]
    found = []
    if mute:
        found.append(missing("people.mute", count=len(mute), units=_units(known, mute)))
    elif staff:
        found.append(good("people", count=len(staff)))
    shy = [person for person in staff if ONLY_IN_GROUPS in person.tags and person not in mute]
    if shy:
        found.append(missing("people.shy", count=len(shy), units=_units(known, shy)))
    silent = {person.id for person in (*mute, *shy)}
    if not set(known.config.town.duty_people) - silent:
        found.append(broken("duty.mute"))
    return found


def _units(known: Known, people: Sequence[Person]) -> tuple[str, ...]:
    """Where people work, in the order of the list of units."""
    theirs = {person.unit for person in people}
    return tuple(unit.name for unit in known.directory.units if unit.id in theirs)


def _groups(known: Known) -> list[Finding]:
    unbound = [g.name for g in known.directory.groups if not _reached(known, known.chats.get(g.id, ()))]
    if unbound:
        return [missing("groups.unbound", groups=tuple(unbound))]
    return [good("groups", count=len(known.directory.groups))] if known.directory.groups else []


def _reached(known: Known, addresses: Sequence[str]) -> bool:
    return any(one.startswith(open_to(known.config)) for one in addresses)
