"""Knows Telegram as workers and a residents' group see it: words, pictures, buttons, cards that change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.fakes.by_hand import BOT, HandClock, Key, Line, Room, Setup, photo
from tests.fakes.telegram import FakeTelegram, WebhookPusher

SECRET = "a-secret-of-telegram"
PEOPLE = {
    1001: ("li", "李明", "网格员"), 1002: ("zhao", "赵强", "网格员"), 1010: ("han", "韩志刚", "网格长"),
    1003: ("chen", "陈明远", "指挥中心"), 1011: ("lin", "林勇", "综合执法局"),
}  # fmt: skip
GROUPS = {
    -1005: ("enforcement-group", "综合执法群", ("林勇", "陈明远")),
    -503: ("jr-2-home", "健仁小区居民群", ("居民小周", "居民老陈")),
}
OTHERS = {"居民小周": 3001, "居民老陈": 3002}
PHOTO = (("photo", "发照片（连同写的字）"),)


class Booth:
    """One bot, five people in private, two groups."""

    name = "Telegram"
    place = 9
    server = "telegram"

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.fake = FakeTelegram(clock.now, groups=set(GROUPS))
        private = [Room(str(n), name, f"{role} · 私聊", (name,), PHOTO) for n, (_, name, role) in PEOPLE.items()]
        groups = [Room(str(n), title, "群 · 写的话都算@了机器人", people) for n, (_, title, people) in GROUPS.items()]
        self.rooms = [*private, *groups]
        self._lines: dict[tuple[int, int], Line] = {}
        self._photos = self._serial = 0

    def app(self) -> web.Application:
        """The Bot API."""
        return self.fake.app()

    def setup(self, base: str) -> Setup:
        """By webhook; workers in private, two groups."""
        settings = {"TOKEN": self.fake.token, "SECRET_TOKEN": SECRET, "API_BASE": base, "MODE": "webhook"}
        return Setup(
            {f"PLATFORMS__TELEGRAM__{name}": value for name, value in settings.items()},
            {person: f"telegram:{number}" for number, (person, _, _) in PEOPLE.items()},
            {group: f"telegram:{number}" for number, (group, _, _) in GROUPS.items()},
        )

    def look(self) -> None:
        """New messages; and cards that have been edited since."""
        for (chat, number), message in sorted(self.fake.messages.items(), key=lambda entry: entry[0][1]):
            if (chat, number) not in self._lines:
                self._lines[chat, number] = line = Line(BOT, "")
                for room in self.rooms:
                    if room.id == str(chat):
                        room.lines.append(line)
                if message["text"] == "[photo]":
                    line.picture = self.fake.photos[self._photos][1]
                    self._photos += 1
            line = self._lines[chat, number]
            keys = (key for row in message["buttons"] for key in row)
            line.text = "" if line.picture else message["text"]
            line.keys = tuple(Key(key["text"], f"{number} {key['callback_data']}") for key in keys)

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """Words, in private or to the bot in a group."""
        room.lines.append(Line(who, text))
        if int(room.id) < 0:
            text = f"@{self.fake.username} {text}"
        await self._deliver(bot, {"message": {**self._frame(room, who), "text": text, "entities": self._marks(text)}})

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """A picture with what was written as its caption."""
        name, data = f"photo{int(self._clock.real() * 1000)}", photo("Telegram")
        self.fake.files[name] = data
        room.lines.append(Line(who, text, picture=data))
        sizes = [{"file_id": name, "file_unique_id": name, "width": 480, "height": 320}]
        await self._deliver(bot, {"message": {**self._frame(room, who), "photo": sizes, "caption": text}})

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """A button under a message."""
        number, _, data = key.data.partition(" ")
        room.lines.append(Line(who, f"［{key.label}］"))
        frame = self._frame(room, who)
        message = {"message_id": int(number), "date": frame["date"], "chat": frame["chat"], "text": "…"}
        query = {"id": str(frame["message_id"]), "from": frame["from"], "chat_instance": "1", "data": data}
        await self._deliver(bot, {"callback_query": {**query, "message": message}})

    async def _deliver(self, bot: str, update: Mapping[str, Any]) -> None:
        number = self._number()
        await WebhookPusher(self.fake, SECRET).push(f"{bot}/hooks/telegram", {"update_id": number, **update})

    def _number(self) -> int:
        """A number that no earlier run has used either."""
        self._serial += 1
        return int(self._clock.real()) % 10**8 * 10 + self._serial

    def _frame(self, room: Room, who: str) -> dict[str, Any]:
        chat = int(room.id)
        user = next((number for number, (_, name, _) in PEOPLE.items() if name == who), OTHERS.get(who, chat))
        place = {"id": chat, "type": "private", "first_name": who}
        if chat < 0:
            place = {"id": chat, "type": "group", "title": room.title}
        sender = {"id": user, "is_bot": False, "first_name": who}
        return {"message_id": self._number(), "date": int(self._clock.real()), "chat": place, "from": sender}

    def _marks(self, text: str) -> list[dict[str, object]]:
        if text.startswith("/"):
            return [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        name = f"@{self.fake.username}"
        return [{"type": "mention", "offset": 0, "length": len(name)}] if text.startswith(name) else []
