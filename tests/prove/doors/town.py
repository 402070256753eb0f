"""Knows the town of the mixed run: a real process of the bot between all fake platforms, each in its weather."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.aio import serving
from tests.fakes.by_hand import shared
from tests.fakes.telegram import FakeTelegram
from tests.fakes.wechat import FakeWeChat
from tests.fakes.wecom import FakeWeCom
from tests.fakes.wecom_bot import KEY, BotPusher, FakeBotApi
from tests.fakes.wecom_webhook import FakeWecomWebhook
from tests.live import GROUP, NEVER, SECRET, Process
from tests.product import product
from tests.prove.doors.pages import CountingLine
from tests.prove.doors.people import Colleagues, Followers
from tests.prove.doors.weather import Climate, Weather, under

TOKEN = "site-token_canary-0001"
ORIGIN = "https://www.example.gov.cn"
HOOKED, WATCHED = "lg-1-work", "wrWorkGroup_A"
"""A work group behind a webhook, and one with the 智能机器人 in it."""
DUTY, LI, ZHAO = 1003, 1001, 1002


class Telegram(FakeTelegram):
    """Strict, and quick also after many thousand messages."""

    def _pace(self, chat: int) -> None:
        super()._pace(chat)
        self._all = self._all[-64:]


@dataclass
class Town:
    """All fakes of one run and the process between them. `bot_mode` is that of the 智能机器人."""

    bot_mode: str
    chance: random.Random
    climate: Climate = Climate()
    repeats: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    happened: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        now = time.time  # noqa: TID251
        self.wechat = FakeWeChat(now)
        self.wecom = FakeWeCom(now)
        self.hooked = FakeWecomWebhook(now, {"fake-key-0001": HOOKED, "fake-key-0002": HOOKED})
        self.telegram = Telegram(now, strict=True)
        self.line = CountingLine(now)
        self.answers = FakeBotApi(now)
        self.weathers = {name: self._weather(name) for name in ("wechat", "wecom", "telegram", "line")}

    def _weather(self, name: str) -> Weather:
        again = self.repeats if name != "line" else 0  # a connection is made once
        return Weather(name, random.Random(self.chance.random()), self.climate, repeats=again)

    async def open(self, stack: AsyncExitStack) -> None:
        """Every fake on a port of its own."""
        corp = shared([self.wecom.app(), self.hooked.app(), self.answers.app()])
        apps = {"wechat": self.wechat.app(), "wecom": corp, "telegram": self.telegram.app(), "line": self.line.app()}
        bases = {
            name: await stack.enter_async_context(serving(under(app, self.weathers[name])))
            for name, app in apps.items()
        }
        self.weathers["line"].fair = True  # a connection that stands is torn by the acts of the run
        self.environment.update({f"XIAOGE__{name}": value for name, value in self._settings(bases).items()})

    def _settings(self, bases: Mapping[str, str]) -> dict[str, str]:
        people, groups = list(product().config.town.people), list(product().config.town.groups)
        accounts = {"li": f"telegram:{LI}", "zhao": f"telegram:{ZHAO}", "chen": f"telegram:{DUTY}"}
        chats = {"jr-2-work": f"telegram:{GROUP}", HOOKED: f"wecom-webhook:{HOOKED}"}
        if self.bot_mode == "websocket":
            chats["jr-1-work"] = f"wecom-bot:{WATCHED}"
        return {
            "PLAYGROUND": "false", "QUIET_HOURS__RESIDENTS": NEVER, "QUIET_HOURS__GROUPS": NEVER,
            "GROUP_PACE__PER_HOUR": "600", "DIGEST__MORNING": "", "DIGEST__WEEKLY": "",
            **self._wechat(bases["wechat"]), **self._telegram(bases["telegram"]), **self._site(),
            **self._corp(bases["wecom"], bases["line"]),
            **{f"PEOPLE__{people.index(one)}__ACCOUNTS__0": address for one, address in accounts.items()},
            **{f"GROUPS__{groups.index(one)}__CHATS__0": address for one, address in chats.items()},
        }  # fmt: skip

    def _wechat(self, base: str) -> dict[str, str]:
        facts = {
            "ACCOUNT": Followers.account, "APP_ID": self.wechat.app_id, "SECRET": self.wechat.secret,
            "TOKEN": Followers.pusher.token, "AES_KEY": Followers.pusher.aes_key, "API_BASE": base,
        }  # fmt: skip
        return {f"PLATFORMS__WECHAT__0__{name}": value for name, value in facts.items()}

    def _telegram(self, base: str) -> dict[str, str]:
        facts = {"TOKEN": self.telegram.token, "SECRET_TOKEN": SECRET, "API_BASE": base}
        return {f"PLATFORMS__TELEGRAM__{name}": value for name, value in facts.items()}

    def _site(self) -> dict[str, str]:
        facts = {
            "ACCOUNT": "town-hall", "TOKEN": TOKEN, "SECRET": "a secret of at least thirty-two characters",
            "ORIGINS__0": ORIGIN, "PER_MINUTE": "600", "VISITORS_PER_MINUTE": "6000",
        }  # fmt: skip
        return {f"PLATFORMS__WEB__0__{name}": value for name, value in facts.items()}

    def _corp(self, base: str, socket: str) -> dict[str, str]:
        facts = {
            "CORP_ID": self.wecom.corp_id, "AGENT_ID": str(self.wecom.agent_id), "SECRET": self.wecom.secret,
            "TOKEN": Colleagues.pusher.token, "AES_KEY": Colleagues.pusher.aes_key, "API_BASE": base,
            "WEBHOOKS": f"{{{HOOKED}: [fake-key-0001, fake-key-0002]}}", "BOT__MODE": self.bot_mode,
            "BOT__NAME": "小格",
        }  # fmt: skip
        if self.bot_mode == "websocket":
            facts |= {"BOT__BOT_ID": self.line.bot_id, "BOT__SECRET": self.line.secret}
            facts |= {"BOT__WS_URL": socket.replace("http", "ws")}
        else:
            facts |= {"BOT__TOKEN": BotPusher().token, "BOT__AES_KEY": KEY}
        return {f"PLATFORMS__WECOM__{name}": value for name, value in facts.items()}

    # -- what happens --------------------------------------------------------------------------------------------------

    def goes_away(self, name: str) -> None:
        """A platform is down from now on."""
        self.weathers[name].away = True

    def comes_back(self, name: str) -> None:
        """And up again."""
        self.weathers[name].away = False

    async def line_is_cut(self) -> None:
        """The long connection is torn."""
        await self.line.cut()

    def tokens_expire(self) -> None:
        """All access tokens in use are worth nothing."""
        self.wechat.rotate()
        self.wecom.rotate()

    def clears_up(self) -> None:
        """Good weather from now on, so that everything can be brought to its end."""
        for weather in self.weathers.values():
            weather.fair, weather.away = True, False


async def nap(process: Process, seconds: float) -> None:
    """The process stands still, as on a machine that swaps: what comes meanwhile waits, and is brought again."""
    assert process.running is not None
    process.running.send_signal(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        process.running.send_signal(signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class Effort:
    """What the process has used so far: seconds of CPU, and memory now in MB."""

    cpu: float
    memory: float


def effort(process: Process) -> Effort:
    """Read from /proc."""
    assert process.running is not None
    folder = Path(f"/proc/{process.running.pid}")
    fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
    ticks = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    status = (folder / "status").read_text("utf-8").splitlines()
    memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024
    return Effort(ticks, memory)


@asynccontextmanager
async def town(made: Town, database: str, folder: Path) -> AsyncIterator[Process]:
    """The town with its bot running."""
    product()  # the ear is trained before any process needs it
    log = folder / "bot.log"
    log.unlink(missing_ok=True)
    async with AsyncExitStack() as stack:
        await made.open(stack)
        made.environment |= {"XIAOGE__DATABASE": database, "XIAOGE__MEDIA": f"{folder}/media", "LOG": str(log)}
        bot = Process({**os.environ, **made.environment})
        await bot.start()
        try:
            yield bot
        finally:
            await asyncio.to_thread(bot.stop)
