"""Knows what both kinds of 智能机器人 share in the suite: the same members, words, buttons and documented messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from handlers.incoming import Incoming
from tests.bot import test_wecom_bot_messages
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, Wire
from tests.bot.tables import cases
from tests.fakes.faults import Fault
from tests.fakes.wechat import code
from tests.fakes.wecom_bot_people import message

PAYLOADS: Final = Path(__file__).parents[2] / "payloads" / "wecom_bot"
USERS: Final = {RESIDENT: "wang", WORKER: "li", OTHER_WORKER: "zhao"}
CHAT: Final = "wrWork"

Body = dict[str, Any]


class BotDriver(Driver):
    """One bot, in one work group and in private talks."""

    people = {name: f"wecom::{user}" for name, user in USERS.items()}
    group = f"wecom-bot::{CHAT}"

    def talk(self, by: str) -> str:
        """The bot's own address; the person's is that of the corp, by whichever way they write."""
        return f"wecom-bot::{USERS[by]}"

    def words(self, words: str, key: int, by: str, *, group: bool) -> Body:
        """A text, in a group behind an @."""
        said = {"content": f"@小格 {words}" if group else words}
        return message(USERS[by], CHAT if group else "", msgtype="text", text=said) | {"msgid": f"k{key}"}

    def pictured(self, n: int) -> Body:
        """Several pictures in one message, which is known by one msgid."""
        items = [{"msgtype": "image", "image": {"url": f"https://ww-aibot-img.qq.com/{at}"}} for at in range(n)]
        return message(USERS[RESIDENT], "", msgtype="mixed", mixed={"msg_item": items}) | {"msgid": "k701"}

    def tapped(self, mark: str, key: int, by: str) -> Body:
        """A button of a card: the workers' stand in the group."""
        pressed = {"card_type": "button_interaction", "event_key": mark, "task_id": "letter-7-0-0"}
        event = {"eventtype": "template_card_event", "template_card_event": pressed}
        facts = {"msgtype": "event", "create_time": int(self.clock.now().timestamp()), "event": event}
        return message(USERS[by], "" if by == RESIDENT else CHAT, **facts) | {"msgid": f"k{key}"}

    def documented(self) -> Iterator[tuple[str, Body, Mapping[str, Any] | None]]:
        """Every message of the table, by name, and what must be read from it."""
        for name, incoming in cases(test_wecom_bot_messages.test_every_kind):
            yield name, json.loads((PAYLOADS / f"{name}.json").read_text()), self._facts(incoming)

    def meant(self, **table: tuple[int, ...]) -> dict[str, Code]:
        """The platform's numbers, by what becomes of a letter."""
        return {str(number): Code((code(number),), meaning) for meaning in table for number in table[meaning]}  # type: ignore[arg-type]

    def leaves(self, *, by: str = RESIDENT) -> Wire | None:
        return None

    def gone(self) -> Fault:
        """Who has left is told only by the answer to a letter."""
        return code(60111)

    def _facts(self, incoming: Incoming | None) -> Mapping[str, Any] | None:
        if incoming is None:
            return None
        now = {"said_at": self.clock.now()} if incoming.said_at == test_wecom_bot_messages.NOW else {}
        return {field: getattr(incoming, field) for field in incoming.__slots__} | now
