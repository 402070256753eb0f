"""Knows which platforms and engine are configured and how each is made; what is off is never imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.config import Config
from bot.doors import Hook, Platform, Window
from handlers.ports import Clock
from nlu.scoring import OtherEngine, Scorer


@dataclass(frozen=True, slots=True)
class Wires:
    """What every platform is given: the counter, the time, the way to stored photos, leases for singletons.

    `way` takes an address good for one answer into a chat out of the memory, “” when none is left.
    """

    counter: Window
    clock: Clock
    photo: Callable[[str], Awaitable[bytes]]
    lease: Callable[[str], Awaitable[bool]]
    way: Callable[[str], Awaitable[str]]


def platforms(config: Config, wires: Wires) -> list[Platform]:
    """Every account that is on."""
    found: list[Platform] = []
    if config.platforms.telegram.live:
        found.append(_telegram(config, wires))
    if config.platforms.wecom.bot.live:
        found += _wecom_bot(config, wires)
    found += [_wechat(config, wires, n) for n, one in enumerate(config.platforms.wechat) if one.live]
    return found


def hooks(config: Config) -> list[Hook]:
    """The receiving sides alone, for reading a kept delivery again; nothing is sent."""
    found: list[Hook] = []
    if config.platforms.telegram.live:
        from bot.platforms.telegram import hook as telegram_hook

        found.append(telegram_hook(config.platforms.telegram))
    if config.platforms.wecom.bot.live:
        from bot.platforms.wecom_bot import hook as bot_hook

        found.append(bot_hook(config.platforms.wecom.bot))
    for account in config.platforms.wechat:
        if account.live:
            from bot.platforms.wechat import WeChatHook

            found.append(WeChatHook(account, account.older_aes_keys))
    return found


def secret_header(config: Config) -> Mapping[str, str]:
    """The header by which Telegram shows that a delivery is its own; it is not kept with the delivery."""
    return {"x-telegram-bot-api-secret-token": config.platforms.telegram.secret_token.reveal()}


def not_served(config: Config) -> list[str]:
    """What is configured and not there in this version: said aloud, never silently off."""
    found = []
    wecom = config.platforms.wecom
    if wecom.app_live or any(wecom.webhooks.values()):
        found.append("platforms.wecom: this version has no door for the application and webhooks of WeCom yet")
    return found


def other_engine(config: Config, own: Scorer) -> OtherEngine | None:
    """The engine that is asked instead of the model of this process, which takes over what it leaves open."""
    if config.nlu.engine != "rasa":
        return None
    from nlu.rasa.client import RasaClient
    from nlu.rasa.scorer import RasaScorer

    client = RasaClient(config.nlu.rasa_url, config.nlu.rasa_token.reveal(), config.nlu.rasa_timeout)
    return RasaScorer(client, own)


def _telegram(config: Config, wires: Wires) -> Platform:
    from bot.platforms.telegram import Telegram

    return Telegram(
        config.platforms.telegram,
        photos=wires.photo,
        clock=wires.clock,
        window=wires.counter,
        may_poll=lambda: wires.lease("telegram-polling"),
    )


def _wecom_bot(config: Config, wires: Wires) -> list[Platform]:
    """The 智能机器人; where there is no application it is the way to members as well."""
    from bot.platforms.wecom_bot import BotWires, Members, Sender

    wecom = config.platforms.wecom
    given = BotWires(
        clock=wires.clock, window=wires.counter, photos=wires.photo, way=wires.way,
        may_hold=lambda: wires.lease("wecom-bot-line"),
    )  # fmt: skip
    bot: Sender
    if wecom.bot.mode == "callback":
        from bot.platforms.wecom_bot_callback import CallbackBot

        bot = CallbackBot(wecom.bot, wecom.api_base, given)
    else:
        from bot.platforms.wecom_bot_line import LineBot

        bot = LineBot(wecom.bot, wecom.api_base, given)
    return [bot] if wecom.app_live else [bot, Members(bot)]


def _wechat(config: Config, wires: Wires, n: int) -> Platform:
    from bot.platforms.wechat import WeChat

    account = config.platforms.wechat[n]
    return WeChat(account, photos=wires.photo, clock=wires.clock, zone=config.zone, older_keys=account.older_aes_keys)
