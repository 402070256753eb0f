"""Knows the WeCom application as workers see it: words and pictures in private, cards with buttons, a group chat.

The fake stands in another module (`NEEDS`); where it is not there, this booth is not either.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from aiohttp import web

from tests.fakes.by_hand import BOT, HandClock, Key, Line, Room, Setup, photo

NEEDS = "tests.fakes.wecom"
PEOPLE = {"liming": ("li", "李明"), "zhaoqiang": ("zhao", "赵强")}
PHOTO = (("photo", "发照片"),)


class Booth:
    """One application with the two workers of the second grid."""

    name = "企业微信应用"
    place = 3
    server = "wecom"

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        fakes = import_module(NEEDS)
        self.fake: Any = fakes.FakeWeCom(clock.now, members=dict.fromkeys(PEOPLE, 1))
        self._pusher: Any = fakes.AppPusher()
        self.rooms = [Room(member, name, "网格员 · 应用私聊", (name,), PHOTO) for member, (_, name) in PEOPLE.items()]
        self._lines: list[tuple[Line, Mapping[str, Any]]] = []

    def app(self) -> web.Application:
        """WeCom's API for an application."""
        app: web.Application = self.fake.app()
        return app

    def setup(self, base: str) -> Setup:
        """One application; its members are the workers."""
        settings = {
            "CORP_ID": self.fake.corp_id, "AGENT_ID": str(self.fake.agent_id), "SECRET": self.fake.secret,
            "TOKEN": self._pusher.token, "AES_KEY": self._pusher.aes_key, "API_BASE": base,
        }  # fmt: skip
        accounts = {person: f"wecom:{member}" for member, (person, _) in PEOPLE.items()}
        return Setup({f"PLATFORMS__WECOM__{name}": value for name, value in settings.items()}, accounts)

    def look(self) -> None:
        """New messages; and cards that have been changed since."""
        for sent in self.fake.sent[len(self._lines) :]:
            line = Line(BOT, "")
            self._lines.append((line, sent))
            for room in self.rooms:
                if room.id == sent["touser"]:
                    room.lines.append(line)
        for line, sent in self._lines:
            self._show(line, sent)

    def _show(self, line: Line, sent: Mapping[str, Any]) -> None:
        if sent["msgtype"] == "image":
            line.picture = self.fake.media[sent["image"]["media_id"]][0]
        elif sent["msgtype"] != "template_card":
            line.text = sent.get("text", {}).get("content", "")
        else:
            task = sent["template_card"]["task_id"]
            card = self.fake.cards[task]
            rows = [f"{row['keyname']}：{row['value']}" for row in card.get("horizontal_content_list", ())]
            title = card["main_title"]
            heads = [title.get("title", ""), title.get("desc", ""), card.get("sub_title_text", "")]
            line.text = "\n".join(filter(None, [*heads, *rows, card.get("replaced", "")]))
            line.keys = tuple(Key(key["text"], f"{task} {key['key']}") for key in card.get("button_list", ()))

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """Words to the application."""
        room.lines.append(Line(who, text))
        await self._bring(bot, self.fake.xml(room.id, "text", Content=text.replace("]]>", "")))

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """A picture; it has no caption here, so words that were written follow."""
        name, data = f"photo-{int(self._clock.real() * 1000)}", photo("WeCom")
        self.fake.put(name, data)
        room.lines.append(Line(who, "", picture=data))
        await self._bring(bot, self.fake.xml(room.id, "image", MediaId=name, PicUrl="http://127.0.0.1/0"))
        if text:
            await self.say(bot, room, who, text)

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """A button of a card."""
        task, _, data = key.data.partition(" ")
        room.lines.append(Line(who, f"［{key.label}］"))
        await self._bring(bot, self.fake.press(room.id, task, data))

    async def _bring(self, bot: str, xml: str) -> None:
        path = import_module("bot.platforms.wecom_hook").PATH
        await self._pusher.bring(f"{bot}{path}", xml, int(self._clock.real()))
