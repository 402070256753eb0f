"""Knows how the suite drives WeCom's group webhooks: nothing comes in, and each key writes into one group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bot.config_platforms import WecomConfig
from bot.doors import Platform, Window
from bot.platforms.wecom_webhook import WecomWebhook
from bot.platforms.wecom_webhook_words import Instead
from bot.secret import Secret
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, photo
from tests.bot.platforms.scenarios_desk import ALL as BUTTONS
from tests.bot.platforms.scenarios_hostile import ALL as HOSTILE
from tests.bot.platforms.scenarios_in import ALL as COMING_IN
from tests.fakes.aio import Moving
from tests.fakes.faults import Fault
from tests.fakes.wechat import code
from tests.fakes.wecom_webhook import FULL, FakeWecomWebhook
from tests.product import product

GROUPS: Final = {RESIDENT: "first", WORKER: "second", OTHER_WORKER: "third"}
SECOND: Final = {"key-first-2": "first"}
LISTENS: Final = "a group behind a webhook only listens: nothing comes in from there"


class WecomWebhookDriver(Driver):
    """Three groups, the first with two keys; in place of people the suite writes to groups."""

    name, adapter, send = "WeCom group webhook", "bot.platforms.wecom_webhook", "send"
    people = {by: f"wecom-webhook::{name}" for by, name in GROUPS.items()}
    cannot = {
        **{(one.__doc__ or "").partition("\n")[0]: LISTENS for one in (*COMING_IN, *HOSTILE[:2], *BUTTONS)},
        "member left": "groups are written to, not members; a robot that was removed is 93000 among the codes",
        "token expired": "a webhook has a key and no token that expires",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake = FakeWecomWebhook(clock.monotonic, {f"key-{name}": name for name in GROUPS.values()} | SECOND)
        self.faults = self.fake.faults
        self._before: int | None = None

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        held = self.fake.keys.items()
        keys = {name: tuple(Secret(key) for key, where in held if where == name) for name in GROUPS.values()}
        instead = Instead(product().desk.rules.wording, "Telegram")
        config = WecomConfig(api_base=base, webhooks=keys)
        return WecomWebhook(config, photos=photo, instead=instead, monotonic=self.clock.monotonic)

    async def texts(self, by: str) -> list[str]:
        said = self.fake.texts(GROUPS[by])
        return said if self._before is None else said[: self._before]

    def exhaust(self, by: str) -> None:
        """The minute of the key that comes next is full: somebody else of its group has used it too."""
        self._before = len(self.fake.texts(GROUPS[by]))
        self.fake.fill("key-first-2")

    def elsewhere(self, by: str) -> list[str]:
        assert self.fake.refused == [FULL], "the full key was tried"
        return self.fake.texts(GROUPS[by])[self._before :]

    def refused(self) -> int:
        return len(self.fake.refused)

    def codes(self) -> Mapping[str, Code]:
        table = {
            "permanent": (93000, 93004, 93008, 40058, 44004, 40008, 40009, 48002),
            "retry": (-1, 6000, 45009, 45011, 45033),
        }
        found = {str(number): Code((code(number),) * 2, meaning) for meaning in table for number in table[meaning]}  # type: ignore[arg-type]
        found["connection cut"] = Code((Fault(cut=True),), "retry")
        found["no JSON"] = Code((Fault(body=b"<html>"),), "retry")
        found["HTTP 502"] = Code((Fault(status=502),), "retry")
        found["HTTP 404"] = Code((Fault(status=404),), "account")
        return found


DRIVER = WecomWebhookDriver
