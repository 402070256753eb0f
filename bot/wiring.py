"""Knows which platforms and engine are configured and how each is made; what is off is never imported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.config import Config
from bot.doors import Hook, Platform, Window
from bot.platforms.ledger import Run
from bot.visits import Terms
from handlers.ports import Clock
from handlers.wording import Wording
from nlu.scoring import OtherEngine, Scorer
from storage.values import Outgoing


@dataclass(frozen=True, slots=True)
class Wires:
    """What every platform is given: the counter, the time, the way to stored photos, leases for singletons, and
    the letters that lie ready in a lane (from behind a number on) for whoever fetches them.

    `note` changes one setting of the memory in one transaction, and answers what it was before. `meant` tells which
    members of WeCom are asked to take a case; `wording` is for what a door has to say itself.
    `way` takes an address good for one answer into a chat out of the memory, “” when none is left.
    """

    counter: Window
    clock: Clock
    photo: Callable[[str], Awaitable[bytes]]
    lease: Callable[[str], Awaitable[bool]]
    lying: Callable[[str, int], Awaitable[Sequence[Outgoing]]]
    run: Run
    count: Callable[..., None]
    note: Callable[[str, Callable[[str], str]], Awaitable[str]]
    meant: Callable[[str], Awaitable[Sequence[str]]]
    wording: Wording
    way: Callable[[str], Awaitable[str]]


def platforms(config: Config, wires: Wires) -> list[Platform]:
    """Every account that is on."""
    found: list[Platform] = []
    if config.platforms.telegram.live:
        found.append(_telegram(config, wires))
    if config.platforms.wecom.bot.live:
        found += _wecom_bot(config, wires)
    found += [_wechat(config, wires, n) for n, one in enumerate(config.platforms.wechat) if one.live]
    found += [_web(config, wires, n) for n, site in enumerate(config.platforms.web) if site.live]
    if config.platforms.wecom.app_live:
        found += _wecom_app(config, wires)
    if config.platforms.wecom.webhooks_live:
        found.append(_wecom_webhook(config, wires))
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
    for site in config.platforms.web:
        if site.live:
            from bot.platforms.web_hook import WebHook

            found.append(WebHook(site))
    if config.platforms.wecom.app_live:
        from bot.platforms.wecom_hook import WeComHook

        found.append(WeComHook(config.platforms.wecom))
    return found


def terms(config: Config) -> list[Terms]:
    """The accounts on which one may not write to everybody at any time."""
    accounts = [account for account in config.platforms.wechat if account.live]
    if not accounts:
        return []
    from bot.platforms.wechat_visits import WeChatVisits

    return [WeChatVisits(account) for account in accounts]


def hearing(config: Config) -> dict[str, Callable[[bytes], Awaitable[str]]]:
    """What makes words of recordings, under the kind of its errands; nothing where no recognition is named."""
    if not config.speech.url:
        return {}
    from bot.speech import Recogniser

    return {"hear": Recogniser(config.speech).hear}


def secret_header(config: Config) -> Mapping[str, str]:
    """The header by which Telegram shows that a delivery is its own; it is not kept with the delivery."""
    return {"x-telegram-bot-api-secret-token": config.platforms.telegram.secret_token.reveal()}


def not_served(config: Config) -> list[str]:
    """What is configured and has no effect, or half of one: said aloud, never silently off."""
    found = []
    if config.platforms.wecom.webhooks_live and not listening(config):
        found.append("platforms.wecom.webhooks: no door is open through which workers could answer those groups")
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
        menu=_menu(wires.wording.sentences["telegram.menu"]),
    ).spaced()


def _menu(sentence: str) -> list[tuple[str, str]]:
    """The commands that Telegram shows, each with what it does: one a line."""
    pairs = (line.partition(":") for line in sentence.splitlines())
    return [(command.strip(), told.strip()) for command, _, told in pairs]


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
    from bot.platforms.ledger import Ledger
    from bot.platforms.wechat import WeChat

    ledger = Ledger(wires.run, wires.clock, wires.lease)
    return WeChat(config.platforms.wechat[n], photos=wires.photo, ledger=ledger, zone=config.zone, count=wires.count)


def _web(config: Config, wires: Wires, n: int) -> Platform:
    from bot.platforms.web import Web
    from bot.platforms.web_media import Given

    given = Given(config.media / "uploads", wires.photo, wires.wording, wires.clock)
    return Web(config.platforms.web[n], lying=wires.lying, media=given)


def _wecom_app(config: Config, wires: Wires) -> list[Platform]:
    """The application and the group chats it made: one token, two kinds of lanes."""
    from bot.platforms.wecom import WeCom
    from bot.platforms.wecom_api import WecomApi
    from bot.platforms.wecom_appchat import AppChats

    wecom = config.platforms.wecom
    api = WecomApi(wecom.api_base, wecom.corp_id, wecom.secret)
    made = WeCom(wecom, api, photos=wires.photo, clock=wires.clock, window=wires.counter, note=wires.note)
    return [made, AppChats(api, photos=wires.photo)]


def _wecom_webhook(config: Config, wires: Wires) -> Platform:
    from bot.platforms.wecom_webhook import WecomWebhook
    from bot.platforms.wecom_webhook_words import Instead

    doors = [wires.wording.say(f"webhook.door.{door}") for door in listening(config)]
    instead = Instead(wires.wording, wires.wording.say("webhook.or").join(doors))
    return WecomWebhook(config.platforms.wecom, photos=wires.photo, instead=instead, meant=wires.meant)


def listening(config: Config) -> list[str]:
    """Where workers can write to this bot, for groups that only listen: doors that are open and where they are known.

    Where nobody of the configuration has an account yet, they bind one by code: every open door is named.
    """
    on = config.platforms
    open_doors = {
        "wecom": on.wecom.app_live,
        "wecom-bot": on.wecom.bot.live,
        "telegram": on.telegram.live,
        "wechat": any(account.live for account in on.wechat),
    }
    doors = [door for door, is_open in open_doors.items() if is_open]
    used = {address.partition(":")[0] for addresses in config.accounts.values() for address in addresses}
    return [door for door in doors if door.partition("-")[0] in used] or doors
