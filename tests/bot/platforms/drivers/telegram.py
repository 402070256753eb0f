"""Knows how the suite drives Telegram: updates with a secret header, a Bot API behind them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.config_platforms import TelegramConfig
from bot.doors import Platform, Window
from bot.platforms.telegram import Telegram
from bot.secret import Secret
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, Kind, Wire, flipped, photo
from tests.bot.test_telegram_updates import KINDS
from tests.fakes.aio import Moving, until
from tests.fakes.faults import Fault
from tests.fakes.telegram import FakeTelegram, refusal

PAYLOADS = Path(__file__).parents[3] / "payloads" / "telegram"
SECRET = "webhook-secret_canary-1"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
NUMBERS = {RESIDENT: 4001, WORKER: 1001, OTHER_WORKER: 1002}
GROUP = -1001


class TelegramDriver(Driver):
    """One bot with webhook."""

    name, adapter, send = "Telegram", "bot.platforms.telegram", "sendMessage"
    people = {name: f"telegram::{number}" for name, number in NUMBERS.items()}
    group = f"telegram::{GROUP}"
    cannot = {
        "replay": "updates carry no signed time; a repeat is known by its update_id for ever (see “duplicate”)",
        "quota exhausted": "no quota per person; the limits of pace are waited out (429 among the error codes)",
        "token expired": "a bot's token does not expire; a revoked one pauses the account (401)",
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.fake = FakeTelegram(clock.monotonic)
        self.faults = self.fake.faults

    def app(self) -> web.Application:
        return self.fake.app()

    def platform(self, base: str, window: Window) -> Platform:
        config = TelegramConfig(token=Secret(self.fake.token), secret_token=Secret(SECRET), api_base=base)
        return Telegram(config, photos=photo, clock=self.clock, window=window)

    async def ready(self, platform: Platform) -> None:
        assert isinstance(platform, Telegram)
        await until(lambda: platform.username)

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        return self._update(key, message={**self._frame(key, by, GROUP if group else 0), "text": words})

    def presses(self, action: str, *, key: int, by: str, label: str = "") -> Wire:
        frame = self._frame(key, by, 0 if by == RESIDENT else GROUP)
        card = {"message_id": 55, "date": frame["date"], "chat": frame["chat"], "text": "…"}
        query = {"id": str(key), "from": frame["from"], "chat_instance": "1", "data": f"v1:{action}", "message": card}
        return self._update(key, callback_query=query)

    def kinds(self) -> Iterator[Kind]:
        for name, facts in KINDS:
            said = {"said_at": self.clock.now()} if facts and facts["kind"] == "press" else {}
            yield Kind(name, self._wire((PAYLOADS / f"{name}.json").read_bytes()), facts and {**facts, **said})

    def album(self) -> Sequence[Wire]:
        sizes = [{"file_id": "small", "file_unique_id": "s", "width": 90, "height": 51}]
        return [
            self._update(
                700 + n,
                message={
                    **self._frame(700 + n, RESIDENT, 0),
                    "photo": [
                        *sizes,
                        {"file_id": f"large-{n}", "file_unique_id": f"l{n}", "width": 800, "height": 600},
                    ],
                    "media_group_id": "13847562",
                },
            )
            for n in range(2)
        ]

    def leaves(self, *, by: str = RESIDENT) -> Wire:
        frame = self._frame(900, by, 0)
        me = {"id": int(self.fake.token.partition(":")[0]), "is_bot": True, "first_name": "x"}
        change = {name: frame[name] for name in ("from", "chat", "date")}
        statuses = {
            "old_chat_member": {"user": me, "status": "member"},
            "new_chat_member": {"user": me, "status": "kicked", "until_date": 0},
        }
        return self._update(900, my_chat_member={**change, **statuses})

    def signed(self, plain: str) -> Wire:
        return self._wire(plain.encode(errors="surrogateescape"))

    def broken(self) -> Wire:
        return self._wire(b'{"update_id": 1, "message": {"text": [')

    def forged(self) -> Iterator[Wire]:
        good = self.says("x")
        for secret in flipped(SECRET):
            yield Wire(good.body, headers={HEADER: secret})
        yield Wire(good.body)

    async def texts(self, by: str) -> list[str]:
        return self.fake.texts(NUMBERS[by])

    def codes(self) -> Mapping[str, Code]:
        return {
            "400": Code((refusal(400),), "permanent"),
            "401": Code((refusal(401),), "account"),
            "403": Code((refusal(403),), "permanent"),
            "404": Code((refusal(404),), "account"),
            "409": Code((refusal(409),), "account"),
            "429 with retry_after": Code((refusal(429, retry_after=3),), "retry"),
            "429 without": Code((refusal(429),), "retry"),
            "500": Code((refusal(500),), "retry"),
            "migrate_to_chat_id": Code((refusal(400, migrate_to_chat_id=NUMBERS[RESIDENT]),), "sent"),
            "connection cut": Code((Fault(cut=True),), "retry"),
            "no JSON": Code((Fault(body=b"<html>"),), "retry"),
        }

    def gone(self) -> Fault:
        return refusal(403, "Forbidden: bot was blocked by the user")

    def down(self) -> Fault:
        return refusal(502)

    def _frame(self, key: int, by: str, chat: int) -> dict[str, Any]:
        number = NUMBERS[by]
        place = {"id": chat, "type": "supergroup", "title": "g"} if chat else {"id": number, "type": "private"}
        sender = {"id": number, "is_bot": False, "first_name": "x"}
        return {"message_id": key, "date": int(self.clock.now().timestamp()), "chat": place, "from": sender}

    def _update(self, key: int, **content: object) -> Wire:
        return self._wire(json.dumps({"update_id": key, **content}, ensure_ascii=False).encode())

    def _wire(self, body: bytes) -> Wire:
        return Wire(body, headers={HEADER: SECRET, "Content-Type": "application/json"})


DRIVER = TelegramDriver
