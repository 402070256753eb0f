"""Knows how members of a corp speak to its 智能机器人: words with @, pictures beside them, quotes and taps on cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.fakes.aio import until
from tests.fakes.wecom_bot import MEDIA_KEY, FakeBotApi
from tests.fakes.wecom_bot_line import FakeBotLine

PATIENCE = 30.0
_numbers = count(1)


def message(user: str, chat: str, **more: Any) -> dict[str, Any]:
    """A message or an event as the platform writes it; `chat` is a group's or empty."""
    place = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
    return {"msgid": f"m{next(_numbers)}", "aibotid": "aibot-1", "from": {"userid": user}, **place, **more}


@dataclass
class Corp:
    """The members around one bot on the long connection, and the media they send."""

    line: FakeBotLine
    api: FakeBotApi
    base: str
    name: str = "小格"

    async def says(self, user: str, text: str, chat: str = "", *, quotes: str = "") -> None:
        """Words, in a group behind an @; `quotes` are the words of the message that is quoted."""
        more = {"quote": {"msgtype": "text", "text": {"content": quotes}}} if quotes else {}
        said = f"@{self.name} {text}" if chat else text
        await self.line.push(message(user, chat, msgtype="text", text={"content": said}, **more))

    async def shows(self, user: str, text: str, data: bytes, chat: str = "") -> None:
        """Words with a picture in one message."""
        name = f"p{next(_numbers)}"
        self.api.put(name, data)
        said = f"@{self.name} {text}" if chat else text
        items = [
            {"msgtype": "text", "text": {"content": said}},
            {"msgtype": "image", "image": {"url": f"{self.base}/media/{name}", "aeskey": MEDIA_KEY}},
        ]
        await self.line.push(message(user, chat, msgtype="mixed", mixed={"msg_item": items}))

    async def enters(self, user: str) -> None:
        """A member opens the chat with the bot for the first time today."""
        event = {"eventtype": "enter_chat"}
        await self.line.push(message(user, "", msgtype="event", create_time=int(self.line.clock()), event=event))

    async def presses(self, user: str, label: str, chat: str = "") -> str:
        """The newest button of this label, which may come a moment after its words; the name of its card."""

        def found() -> list[tuple[str, dict[str, Any], str]]:
            cards = reversed(self.line.cards.items())
            return [(n, card, key["key"]) for n, card in cards for key in card["button_list"] if key["text"] == label]

        try:
            await until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError((label, self.line.cards)) from None
        task, card, action = found()[0]
        tapped = {"card_type": card["card_type"], "event_key": action, "task_id": task}
        event = {"eventtype": "template_card_event", "template_card_event": tapped}
        await self.line.push(message(user, chat, msgtype="event", create_time=int(self.line.clock()), event=event))
        return task

    async def hears(self, chat: str, *words: str, but_not: Sequence[str] = ()) -> str:
        """Wait for a message that holds all these words; none of the chat's holds the others."""

        def found() -> list[str]:
            return [text for text in self.line.texts(chat) if all(word in text for word in words)]

        try:
            await until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError((chat, words, self.line.texts(chat))) from None
        for text in self.line.texts(chat):
            assert not [word for word in but_not if word in text], text
        return found()[-1]
