"""Knows `doctor`: for each platform what works and what is missing; asks the platforms themselves only when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from bot import loading
from bot.app import WORDING
from bot.config import Config
from bot.doctors import telegram, town, web, wechat, wecom, wecom_groups
from bot.doctors.finding import Finding, Mark, Section, missing
from bot.doctors.known import Known, known
from bot.operations import say
from handlers.ports import Clock
from handlers.wording import Wording

Ask = Callable[[], Awaitable[list[Finding]]]


def run(config: Config, clock: Clock, *, live: bool) -> int:
    """Print what was found; 1 where something is missing or broken, else 0. Nothing is changed, here or there."""
    wording = loading.wording(WORDING)
    found = asyncio.run(examine(known(config, clock.now()), wording, clock, live))
    for section in found:
        for line in section.lines(wording):
            say(line)
    marks = [finding.mark for section in found for finding in section.findings]
    counts = {mark.value: marks.count(mark) for mark in Mark}
    say(wording.say("doctor.sum.live" if live else "doctor.sum", **counts))
    return 1 if counts[Mark.MISSING] or counts[Mark.BROKEN] else 0


async def examine(here: Known, wording: Wording, clock: Clock, live: bool) -> list[Section]:
    """What was found, section by section; `live` asks the platforms too."""
    sections = [Section("town", town.told(here))]
    for section, ask in _platforms(here, wording, clock):
        more = await ask() if live and ask is not None else []
        sections.append(Section(section.title, [*section.findings, *more], section.account))
    half = [account.account for account in here.config.platforms.wechat if account.app_id and not account.live]
    sections += [Section("wechat", [missing("off")], account) for account in half]
    return sections if len(sections) > 1 else [*sections, Section("none", [missing("nothing")])]


def _platforms(here: Known, wording: Wording, clock: Clock) -> Iterator[tuple[Section, Ask | None]]:
    """Everything that is on: what is known of it, and how it is asked where it can be."""
    on = here.config.platforms
    if on.telegram.live:
        yield Section("telegram", telegram.told(here)), partial(telegram.asked, here, clock)
    for account in on.wechat:
        if account.live:
            yield (
                Section("wechat", wechat.told(account, here), account.account),
                partial(wechat.asked, account, wording, clock),
            )
    if on.wecom.app_live:
        yield Section("wecom", wecom.told(here)), partial(wecom.asked, here, clock)
    if on.wecom.bot.live:
        yield Section("wecom-bot", wecom_groups.bot(here)), None
    if on.wecom.webhooks_live:
        yield Section("wecom-webhook", wecom_groups.webhooks(here)), None
    for site in on.web:
        if site.live:
            yield Section("web", web.told(site, here), site.account), None
