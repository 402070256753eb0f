"""Knows how the suite drives the group chats of a WeCom application: it speaks there and hears nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from bot.doors import Platform, Window
from bot.platforms.wecom_api import WecomApi
from bot.platforms.wecom_appchat import AppChats
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, photo
from tests.bot.platforms.drivers.wecom_app import application_codes
from tests.bot.platforms.scenarios_desk import ALL as BUTTONS
from tests.bot.platforms.scenarios_hostile import ALL as HOSTILE
from tests.bot.platforms.scenarios_in import ALL as COMING_IN
from tests.fakes.aio import Moving
from tests.fakes.wecom import FakeWeCom, code
from tests.fakes.wecom_stage import config

CHATS: Final = {RESIDENT: "jr1work", WORKER: "Jr2Work", OTHER_WORKER: "jr3work"}
"""A chatid keeps its capital letters."""
LISTENS: Final = "an application does not hear what members say in the group chats it has made"


class WecomAppchatDriver(Driver):
    """Three chats of one application; in place of people the suite writes to chats."""

    name, adapter, send = "WeCom appchat", "bot.platforms.wecom_appchat", "appchat"
    people = {by: f"wecom-appchat::{chat}" for by, chat in CHATS.items()}
    cannot = {
        **{(one.__doc__ or "").partition("\n")[0]: LISTENS for one in (*COMING_IN, *HOSTILE[:2], *BUTTONS)},
        "quota exhausted": "what is too much for a minute pauses the account for one (45009); there is no other way",
        "member left": "chats are written to, not members; a chat that is gone is 86001 among the codes",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake = FakeWeCom(clock.monotonic, chats=set(CHATS.values()))
        self.faults = self.fake.faults

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        facts = config(self.fake, base)
        api = WecomApi(facts.api_base, facts.corp_id, facts.secret, self.clock.monotonic)
        return AppChats(api, photos=photo)

    async def texts(self, by: str) -> list[str]:
        return [sent["text"]["content"] for sent in self.fake.in_chats if sent["chatid"] == CHATS[by]]

    def codes(self) -> Mapping[str, Code]:
        gone = {str(number): Code((code(number),), "permanent") for number in (86001, 86003, 86008)}
        return {**application_codes(), **gone}

    def refused(self) -> int:
        return len(self.fake.dropped)

    def crowd(self, n: int) -> list[str]:
        self.fake.chats.update(f"crowd{number}" for number in range(n))
        return [f"wecom-appchat::crowd{number}" for number in range(n)]

    def expire(self) -> None:
        self.fake.rotate()

    def refreshes(self) -> int:
        return self.fake.calls.count("token")


DRIVER = WecomAppchatDriver
