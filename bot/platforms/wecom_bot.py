"""Knows what both kinds of WeCom 智能机器人 share: what they are given, and the way to members."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from bot.config_platforms import WecomBotConfig
from bot.doors import Abilities, Hook, Platform, Window
from bot.platforms.parts import Photos
from bot.platforms.wecom_bot_hook import BotHook, KeptHook
from bot.platforms.wecom_bot_messages import MEMBER
from handlers.ports import Clock
from storage.values import Charge, Outgoing

Lease = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BotWires:
    """What the bot is given. `way` takes a way back that is good for one answer out of the memory."""

    clock: Clock
    window: Window
    photos: Photos
    way: Callable[[str], Awaitable[str]]
    may_hold: Lease | None = None
    monotonic: Callable[[], float] = time.monotonic
    pause: float = 1.0


class Sender(Platform, Protocol):
    """A platform that may be served by another process."""

    @property
    def elsewhere(self) -> bool: ...

    def charge(self, letter: Outgoing) -> Charge | None: ...


def hook(config: WecomBotConfig) -> Hook:
    """The receiving side alone, for reading a kept delivery again."""
    return BotHook(config) if config.mode == "callback" else KeptHook(config)


def abilities(config: WecomBotConfig) -> Abilities:
    """What the bot can do, in a group as with a member: so many messages a minute into one chat."""
    rate = config.per_minute / 60
    inline = config.mode == "callback"
    return Abilities(
        buttons=True, edits=not inline, inline=inline, length=config.length, per_second=rate, group_per_second=rate
    )


def said(letter: Outgoing) -> Outgoing:
    """What is said in a new message: instead of an edit its follow-up."""
    return replace(letter, text=letter.follow_up) if letter.kind == "edit" and letter.follow_up else letter


class Members:
    """The same bot as the way to members, `wecom::userid`, in a town without the application."""

    def __init__(self, bot: Sender) -> None:
        self.lane_prefix = MEMBER
        self.abilities = bot.abilities
        self.hooks: tuple[Hook, ...] = ()
        self.deliver, self.fetch, self.charge = bot.deliver, bot.fetch, bot.charge
        self._bot = bot

    @property
    def elsewhere(self) -> bool:
        """Whether another process sends."""
        return self._bot.elsewhere

    async def start(self) -> None:
        """Nothing: the bot starts by itself."""

    async def stop(self) -> None:
        """Nothing."""
