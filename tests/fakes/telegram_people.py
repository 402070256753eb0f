"""Knows how people of Telegram speak: the updates for words, pictures, answers and taps, and the chats they sit in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.fakes.aio import until
from tests.fakes.telegram import FakeTelegram
from tests.live import Process, World

Update = dict[str, Any]
PATIENCE = 30.0
_numbers = count(5000)


@dataclass
class Phones:
    """The Telegram accounts around one running bot."""

    outside: World
    bot: Process

    @property
    def telegram(self) -> FakeTelegram:
        """The server they all talk to."""
        return self.outside.telegram

    async def says(self, user: int, text: str, *, chat: int = 0, at: bool = False, answers: int = 0) -> None:
        """Words in private or in a chat of many; `at` calls the bot by name, `answers` is one of its messages."""
        if at:
            text = f"@{self.telegram.username} {text}"
        message = {**self._frame(user, chat, answers), "text": text, "entities": self._entities(text)}
        await self._deliver({"message": message})

    async def sends_photo(self, user: int, name: str, data: bytes, caption: str = "", *, chat: int = 0) -> None:
        """A picture that lies on the server, with its caption in the same message."""
        self.telegram.files[name] = data
        sizes = [{"file_id": f"{name}{n}", "file_unique_id": f"u{n}", "width": n, "height": n} for n in (90, 800)]
        sizes[-1]["file_id"] = name
        message = {**self._frame(user, chat, 0), "photo": sizes, "caption": caption}
        await self._deliver({"message": {**message, "caption_entities": self._entities(caption)}})

    async def presses(self, user: int, label: str, *, chat: int = 0, number: str = "") -> None:
        """The newest button of this label that hangs in the chat (of this case), as Telegram would send it back."""
        place = chat or user
        message, data = self._button(place, label, number)
        await self.brings(user, data, chat=place, message=message)

    async def brings(self, user: int, data: str, *, chat: int, message: int = 1) -> None:
        """A press that brings back this; whatever it is, it is answered, or the button would go on turning."""
        query = {
            "id": str(next(_numbers)), "from": _user(user), "chat_instance": "1", "data": data,
            "message": {"message_id": message, "date": self._now(), "chat": _chat(chat), "text": "…"},
        }  # fmt: skip
        await self._deliver({"callback_query": query})
        assert query["id"] in self.telegram.answered

    async def migrates(self, user: int, chat: int, to: int) -> None:
        """The group becomes a supergroup with another id; in the old one nothing can be said any more."""
        await self._deliver({"message": {**self._frame(user, chat, 0), "migrate_to_chat_id": to}})

    async def hears(self, chat: int, *words: str, but_not: Sequence[str] = ()) -> str:
        """Wait for a message that holds all these words; none of the chat's holds the others."""

        def found() -> list[str]:
            return [text for text in self.telegram.texts(chat) if all(word in text for word in words)]

        try:
            await until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError((chat, words, self.telegram.texts(chat))) from None
        for text in self.telegram.texts(chat):
            assert not [word for word in but_not if word in text], text
        return found()[-1]

    async def is_pushed(self, openid: str, *words: str) -> str:
        """Wait for a customer-service message of WeChat that holds all these words."""

        def found() -> list[str]:
            return [text for text in self.outside.pushed(openid) if all(word in text for word in words)]

        try:
            await until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError((openid, words, self.outside.pushed(openid))) from None
        return found()[-1]

    def message(self, chat: int, *words: str) -> int:
        """The id of the newest message in a chat that holds these words."""
        return max(
            number
            for (where, number), message in self.telegram.messages.items()
            if where == chat and all(word in message["text"] for word in words)
        )

    def _button(self, chat: int, label: str, case: str) -> tuple[int, str]:
        for (where, number), message in sorted(self.telegram.messages.items(), reverse=True):
            for key in (key for row in message["buttons"] for key in row) if where == chat else ():
                if key["text"] == label and case in message["text"]:
                    return number, key["callback_data"]
        raise AssertionError((chat, label, case, self.telegram.texts(chat)))

    async def _deliver(self, update: Update) -> None:
        assert await self.outside.update(self.bot, update) == 200

    def _frame(self, user: int, chat: int, answers: int) -> Update:
        frame: Update = {
            "message_id": next(_numbers), "date": self._now(), "chat": _chat(chat or user), "from": _user(user),
        }  # fmt: skip
        if answers:
            mine = {"id": int(self.telegram.token.partition(":")[0]), "is_bot": True, "first_name": "小格"}
            frame["reply_to_message"] = {
                "message_id": answers, "date": self._now(), "chat": _chat(chat), "from": mine, "text": "…",
            }  # fmt: skip
        return frame

    def _entities(self, text: str) -> list[Mapping[str, object]]:
        name = f"@{self.telegram.username}"
        found: list[Mapping[str, object]] = []
        if text.startswith("/"):
            found.append({"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])})
        if name in text:
            found.append({"type": "mention", "offset": text.index(name), "length": len(name)})
        return found

    def _now(self) -> int:
        return int(self.telegram.clock())


def _user(user: int) -> Update:
    return {"id": user, "is_bot": False, "first_name": "x"}


def _chat(chat: int) -> Update:
    if chat > 0:
        return {"id": chat, "type": "private", "first_name": "x"}
    kind = "supergroup" if str(chat).startswith("-100") else "group"
    return {"id": chat, "type": kind, "title": "g"}
