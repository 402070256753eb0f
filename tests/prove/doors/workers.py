"""Knows two grid workers who sit in one work group: both press at the same moment, both say how it went."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from itertools import islice

from tests.live import GROUP
from tests.prove.doors.journal import Said
from tests.prove.doors.people import Chatters, People
from tests.prove.doors.town import LI, ZHAO, Telegram

TAKE = "接单"
DONE = "反馈 {number} 已上门处理好"
NUMBER = re.compile(r"[A-Z]\d{4,}")
LOOK = 0.5


class Pressing(Chatters):
    """A button under a message of the group: its words are the message's number and what the button carries."""

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        message, _, data = said.words.partition(" ")
        group = {"id": GROUP, "type": "supergroup", "title": "g"}
        now = int(time.time())  # noqa: TID251
        query = {
            "id": str(number), "from": {"id": int(person), "is_bot": False, "first_name": "x"}, "chat_instance": "1",
            "data": data, "message": {"message_id": int(message), "date": now, "chat": group, "text": "…"},
        }  # fmt: skip
        heads = {"X-Telegram-Bot-Api-Secret-Token": self.secret, "Content-Type": "application/json"}
        body = json.dumps({"update_id": number, "callback_query": query}).encode()
        status, _ = await self.street.post("/hooks/telegram", body, patience=self.patience, headers=heads)
        return status, ""


@dataclass
class Workers:
    """They watch the group and take whatever comes, both of them."""

    telegram: Telegram
    words: Chatters
    presses: Pressing
    taken: list[str] = field(default_factory=list)
    _looked: int = 0

    async def work(self) -> None:
        """Until the run is over."""
        async with asyncio.TaskGroup() as group:
            while True:
                await asyncio.sleep(LOOK)
                for message, number, data in self._new():
                    self.taken.append(number)
                    group.create_task(self._take(message, number, data))

    def _new(self) -> list[tuple[int, str, str]]:
        """The cards that came since the last look: message, case, what the button to take it carries."""
        messages = islice(self.telegram.messages.items(), self._looked, None)
        found = [(number, message) for (chat, number), message in messages if chat == GROUP]
        self._looked = len(self.telegram.messages)
        keys = [
            (number, message["text"], key) for number, message in found for row in message["buttons"] for key in row
        ]
        return [
            (number, case[0], key["callback_data"])
            for number, text, key in keys
            if key["text"] == TAKE and (case := NUMBER.search(text))
        ]

    async def _take(self, message: int, number: str, data: str) -> None:
        await self._both(self.presses, f"{message} {data}")
        await asyncio.sleep(3)
        await self._both(self.words, DONE.format(number=number))

    async def _both(self, way: People, words: str) -> None:
        await asyncio.gather(*(way.say(str(worker), words, counted=False) for worker in (LI, ZHAO)))
