"""Knows what config.yaml may hold under `platforms`: every key with its type, its default and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.reading import lone_entries, within
from bot.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramConfig:
    """A Telegram bot. `secret_token` guards the webhook; polling does without.

    `webhook_url` is told to Telegram at the start; `proxy` is the way out, and may hold a password.
    """

    token: Secret = field(default_factory=Secret)
    secret_token: Secret = field(default_factory=Secret)
    mode: Literal["webhook", "polling"] = "webhook"
    api_base: str = "https://api.telegram.org"
    webhook_url: str = ""
    proxy: Secret = field(default_factory=Secret)

    @property
    def live(self) -> bool:
        """Whether this platform is switched on."""
        return bool(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatBudget:
    """How many messages WeChat lets go to somebody, and how long: after a message, after a tap (menu, follow, scan).

    The last ones, `reserve`, are kept for what is red.
    """

    messages: int = within(0, 100, 5)
    message_hours: float = within(0, 72, 48.0)
    taps: int = within(0, 100, 3)
    tap_seconds: float = within(0, 3600, 60.0)
    reserve: int = within(0, 100, 1)

    @property
    def kept(self) -> int:
        """How many are kept for what is red: never all."""
        return min(self.reserve, max(self.messages - 1, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatMenuEntry:
    """One entry of the menu: it does something (`does`, like `status:`) or opens a page (`opens`)."""

    name: str
    does: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatMenuButton:
    """One of the up to three buttons of the menu; with `under` it only opens up to five entries."""

    name: str
    does: str = ""
    opens: str = ""
    under: tuple[WechatMenuEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WechatConfig:
    """One 公众号 or 服务号. `templates` are template ids by purpose; older AES keys open what they sealed."""

    account: str
    app_id: str = ""
    secret: Secret = field(default_factory=Secret)
    token: Secret = field(default_factory=Secret)
    aes_key: Secret = field(default_factory=Secret)
    older_aes_keys: tuple[Secret, ...] = ()
    mode: Literal["secure", "compatible", "plain"] = "secure"
    kind: Literal["service", "subscription"] = "service"
    certified: bool = True
    api_base: str = "https://api.weixin.qq.com"
    templates: Mapping[str, str] = field(default_factory=dict)
    budget: WechatBudget = field(default_factory=WechatBudget)
    text_bytes: int = within(20, 20480, 2048)
    menu: tuple[WechatMenuButton, ...] = ()

    @property
    def live(self) -> bool:
        """Whether this account is switched on."""
        return bool(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class WecomBotConfig:
    """A WeCom 智能机器人: `callback` needs token and AES key, `websocket` needs bot id and secret.

    `name` is what members write behind the @. `length` is in bytes of one message; `per_minute` and `per_hour` are
    messages into one chat; media are fetched from `media_hosts` and what lies below them, and from nowhere else.
    """

    token: Secret = field(default_factory=Secret)
    aes_key: Secret = field(default_factory=Secret)
    older_aes_keys: tuple[Secret, ...] = ()
    bot_id: str = ""
    secret: Secret = field(default_factory=Secret)
    mode: Literal["callback", "websocket"] = "callback"
    ws_url: str = ""
    name: str = ""
    length: int = within(64, 20480, 20480)
    per_minute: int = within(1, 600, 30)
    per_hour: int = within(1, 36000, 1000)
    media_hosts: tuple[str, ...] = ("qq.com", "qpic.cn", "myqcloud.com")

    @property
    def live(self) -> bool:
        """Whether this bot is switched on."""
        return bool(self.token if self.mode == "callback" else self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class WecomConfig:
    """WeCom: the application, group webhooks (name → key) and the 智能机器人; each can be on alone.

    Of the application: how much one member is sent (more is dropped silently), how long a card can be changed, and
    within how many seconds WeCom takes the same words for a repeat (0: it does not look).
    """

    corp_id: str = ""
    agent_id: int = 0
    secret: Secret = field(default_factory=Secret)
    token: Secret = field(default_factory=Secret)
    aes_key: Secret = field(default_factory=Secret)
    older_aes_keys: tuple[Secret, ...] = ()
    api_base: str = "https://qyapi.weixin.qq.com"
    member_per_minute: int = within(1, 600, 30)
    member_per_hour: int = within(1, 36_000, 1000)
    card_hours: int = within(1, 720, 72)
    duplicate_seconds: int = within(0, 14_400, 60)
    webhooks: Mapping[str, tuple[Secret, ...]] = lone_entries()
    webhook_per_minute: int = within(1, 600, 20)
    webhook_markdown: bool = True
    bot: WecomBotConfig = field(default_factory=WecomBotConfig)

    @property
    def app_live(self) -> bool:
        """Whether the application is switched on."""
        return bool(self.token)

    @property
    def live(self) -> bool:
        """Whether any part of WeCom is switched on."""
        return self.app_live or self.bot.live or self.webhooks_live

    @property
    def webhooks_live(self) -> bool:
        """Whether letters can go into some group by its webhook."""
        return any(key for keys in self.webhooks.values() for key in keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig:
    """The widget of one website. `token` stands in its pages; `secret` seals the numbers of visitors, and never leaves.

    `origins` are the pages that may embed it, like `https://www.example.gov.cn`. Pictures may have `upload_mb`.
    """

    account: str
    token: Secret = field(default_factory=Secret)
    secret: Secret = field(default_factory=Secret)
    origins: tuple[str, ...] = ()
    per_minute: int = within(1, 600, 20)
    visitors_per_minute: int = within(1, 6000, 120)
    upload_mb: int = within(1, 20, 10)

    @property
    def live(self) -> bool:
        """Whether this site is switched on."""
        return bool(self.token)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platforms:
    """The platforms as the file says them; which of them are on, each says itself (`live`)."""

    telegram: TelegramConfig = field(default_factory=TelegramConfig)
    wechat: tuple[WechatConfig, ...] = ()
    wecom: WecomConfig = field(default_factory=WecomConfig)
    web: tuple[WebConfig, ...] = ()

    @property
    def live(self) -> bool:
        """Whether anybody outside can reach the bot."""
        sites = any(site.live for site in self.web)
        return self.telegram.live or self.wecom.live or any(account.live for account in self.wechat) or sites
