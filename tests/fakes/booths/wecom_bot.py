"""Knows WeCom's 智能机器人 on its long connection: a work group and two members, words, pictures beside them, cards.

The fake stands in other modules (`NEEDS` is one); where they are not there, this booth is not either.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from aiohttp import web

from tests.fakes.by_hand import BOT, HandClock, Key, Line, Room, Setup, photo, shared

NEEDS = "tests.fakes.wecom_bot_line"
GROUP, CHAT = "jr-2-work", "wrWorkGroup_A"
PEOPLE = {"liming": ("li", "李明"), "zhaoqiang": ("zhao", "赵强")}
PHOTO = (("photo", "发照片（连同写的字）"),)


class Booth:
    """The work group of the second grid, once more: here it can also be written in."""

    name = "企业微信群（智能机器人）"
    place = 4
    server = "wecom bot"

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._media: Any = import_module("tests.fakes.wecom_bot")
        self.fake: Any = import_module(NEEDS).FakeBotLine(clock.now)
        self._api: Any = self._media.FakeBotApi(clock.now)
        people = tuple(name for _, name in PEOPLE.values())
        group = Room(CHAT, "第二网格工作群", "群 · 写的话都算@了机器人", people, PHOTO)
        private = [Room(member, name, "网格员 · 和机器人私聊", (name,)) for member, (_, name) in PEOPLE.items()]
        self.rooms = [group, *private]
        self._lines: dict[object, tuple[Line, Mapping[str, Any]]] = {}
        self._seen = self._serial = 0
        self._base = ""

    def app(self) -> web.Application:
        """The long connection, and where media lie."""
        return shared([self.fake.app(), self._api.app()])

    def setup(self, base: str) -> Setup:
        """By long connection; the members are the workers."""
        self._base = base
        settings = {
            "MODE": "websocket", "BOT_ID": self.fake.bot_id, "SECRET": self.fake.secret, "NAME": BOT,
            "WS_URL": base.replace("http", "ws", 1), "MEDIA_HOSTS__0": "127.0.0.1",
        }  # fmt: skip
        accounts = {person: f"wecom:{member}" for member, (person, _) in PEOPLE.items()}
        told = {f"PLATFORMS__WECOM__BOT__{name}": value for name, value in settings.items()}
        return Setup(told, accounts, {GROUP: f"wecom-bot:{CHAT}"})

    def look(self) -> None:
        """What the bot has said; streams and cards as they are now."""
        for n, (chat, _, body) in enumerate(self.fake.said[self._seen :], self._seen):
            key = body.get("stream", {}).get("id", n)
            line = self._lines[key][0] if key in self._lines else Line(BOT, "")
            if key not in self._lines:
                for room in self.rooms:
                    if room.id == chat:
                        room.lines.append(line)
            self._lines[key] = line, body
        self._seen = len(self.fake.said)
        for line, body in self._lines.values():
            self._show(line, body)

    def _show(self, line: Line, body: Mapping[str, Any]) -> None:
        if "template_card" not in body:
            said = body[body["msgtype"]]
            line.text, line.marked = said["content"], body["msgtype"] != "text"
            return
        task = body["template_card"]["task_id"]
        card = self.fake.cards[task]
        rows = [f"{row['keyname']}：{row['value']}" for row in card.get("horizontal_content_list", ())]
        heads = [
            card["main_title"].get("title", ""),
            card["main_title"].get("desc", ""),
            card.get("sub_title_text", ""),
        ]
        line.text = "\n".join(filter(None, [*heads, *rows]))
        line.keys = tuple(Key(key["text"], f"{task} {key['key']}") for key in card.get("button_list", ()))

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """Words, in the group behind an @."""
        said = f"@{BOT} {text}" if room.id == CHAT else text
        await self._push(Line(who, text), room, {"msgtype": "text", "text": {"content": said}})

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """Words with a picture in one message."""
        name, data = f"p{self._number()}", photo("WeCom")
        self._api.put(name, data)
        items = [
            {"msgtype": "text", "text": {"content": f"@{BOT} {text}"}},
            {"msgtype": "image", "image": {"url": f"{self._base}/media/{name}", "aeskey": self._media.MEDIA_KEY}},
        ]
        await self._push(Line(who, text, picture=data), room, {"msgtype": "mixed", "mixed": {"msg_item": items}})

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """A button of a card."""
        task, _, data = key.data.partition(" ")
        tapped = {"card_type": "button_interaction", "event_key": data, "task_id": task}
        event = {"eventtype": "template_card_event", "template_card_event": tapped}
        body = {"msgtype": "event", "create_time": int(self._clock.real()), "event": event}
        await self._push(Line(who, f"［{key.label}］"), room, body)

    async def _push(self, line: Line, room: Room, body: Mapping[str, Any]) -> None:
        room.lines.append(line)
        if not self.fake.live:
            room.lines.append(Line("企业微信", "机器人没有连上"))
            return
        member = next(member for member, (_, name) in PEOPLE.items() if name == line.who)
        head = {"msgid": f"m{self._number()}", "aibotid": self.fake.bot_id, "from": {"userid": member}}
        place = {"chatid": CHAT, "chattype": "group"} if room.id == CHAT else {"chattype": "single"}
        await self.fake.push({**head, **place, **body})

    def _number(self) -> int:
        """A number that no earlier run has used either."""
        self._serial += 1
        return int(self._clock.real() * 1000) * 100 + self._serial
