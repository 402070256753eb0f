"""Knows how members of a corp speak to an application: words, pictures, taps, and what stands before them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.platforms.wecom_hook import PATH
from tests.fakes.aio import until
from tests.fakes.wecom import AppPusher, FakeWeCom
from tests.live import Process

PATIENCE = 30.0


@dataclass
class Members:
    """The phones of the members around one running bot."""

    wecom: FakeWeCom
    bot: Process

    async def says(self, member: str, text: str) -> None:
        """Words to the application."""
        await self._bring(self.wecom.xml(member, "text", Content=text))

    async def sends_photo(self, member: str, name: str, data: bytes) -> None:
        """A picture that lies on the server."""
        self.wecom.put(name, data)
        await self._bring(self.wecom.xml(member, "image", MediaId=name, PicUrl="http://wework.qpic.cn/x/0"))

    async def presses(self, member: str, label: str, number: str = "") -> None:
        """The newest button of this label before the member (of this case)."""
        await self._bring(self.wecom.press(member, *self.wecom.button(member.lower(), label, number)))

    async def leaves(self, member: str) -> None:
        """The member is taken out of the corp, and WeCom says so."""
        del self.wecom.members[member.lower()]
        told: dict[str, Any] = {"Event": "change_contact", "ChangeType": "delete_user", "UserID": member}
        await self._bring(self.wecom.xml("sys", "event", **told))

    async def hears(self, member: str, *words: str, but_not: Sequence[str] = ()) -> None:
        """Wait for a message before the member that holds all these words; none holds the others."""
        await self._shows(lambda: self.wecom.texts(member), words, but_not)

    async def chat_hears(self, *words: str, but_not: Sequence[str] = ()) -> None:
        """Wait for a message in the application's group chats."""
        await self._shows(self.in_chats, words, but_not)

    def in_chats(self) -> list[str]:
        """Everything said in the application's group chats."""
        return [str(one["text"]["content"]) for one in self.wecom.in_chats if one["msgtype"] == "text"]

    async def _shows(self, texts: Callable[[], list[str]], words: Sequence[str], but_not: Sequence[str]) -> None:
        def found() -> bool:
            return any(all(word in text for word in words) for text in texts())

        try:
            await until(found, PATIENCE)
        except TimeoutError:
            raise AssertionError((words, texts())) from None
        for text in texts():
            assert not [word for word in but_not if word in text], text

    async def _bring(self, xml: str) -> None:
        await AppPusher().bring(self.bot.base + PATH, xml, int(self.wecom.clock()))
