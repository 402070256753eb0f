"""Knows how pages with the widget and members on the long connection of a 智能机器人 speak in the mixed run."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.fakes.wecom_bot_line import FakeBotLine
from tests.fakes.wecom_bot_rules import Code
from tests.prove.doors.journal import Said
from tests.prove.doors.people import LEFT_WAITING, People, bot_message

LANDED = 8.0
"""Seconds after which a frame has arrived, when the connection still stands: longer than the process stands still."""


@dataclass
class Pages(People):
    """Visitors of a website: a number for each browser, messages with a key of the page's own, letters fetched."""

    token: str = ""
    origin: str = ""
    numbers_of: dict[str, str] = field(default_factory=dict)
    after: Counter[str] = field(default_factory=Counter)
    read: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    platform, account = "web", "town-hall"
    tries, patience, pauses = 8, 8.0, (1.0, 2.0, 4.0)

    def heads(self, person: str) -> dict[str, str]:
        """What the page shows of itself."""
        known = self.numbers_of.get(person)
        shown = {"Authorization": f"Bearer {known}"} if known else {}
        return {"X-Site-Token": self.token, "Origin": self.origin, "Content-Type": "application/json", **shown}

    def address(self, person: str) -> tuple[str, str]:
        address = f"web:{self.account}:{self.visitor(person)}"
        return address, address

    def visitor(self, person: str) -> str:
        """The visitor's own number, without its seal."""
        return self.numbers_of[person].partition(".")[0]

    def key(self, number: int, person: str) -> str:
        return f"{self.visitor(person)}:k{number}"

    async def say(self, person: str, words: str, *, opens: bool = False, counted: bool = True) -> Said:
        """Post, and read what was answered, as the page does."""
        if person not in self.numbers_of:
            await self._begins(person)
        said = await super().say(person, words, opens=opens, counted=counted)
        await self.fetch(person)
        return said

    async def bring(self, said: Said, number: int, person: str) -> tuple[int, str]:
        body = json.dumps({"key": f"k{number}", "kind": "text", "text": said.words}, ensure_ascii=False).encode()
        path = f"/hooks/web/{self.account}"
        status, _ = await self.street.post(path, body, patience=self.patience, headers=self.heads(person))
        return status, ""

    async def fetch(self, person: str, wait: float = 25.0) -> None:
        """One long poll."""
        url = f"{self.street.base}/web/{self.account}/letters"
        try:
            async with asyncio.timeout(wait):
                asked = {"params": {"after": str(self.after[person])}, "headers": self.heads(person)}
                async with self.street.session.get(url, **asked) as answer:  # type: ignore[arg-type]
                    letters = (await answer.json())["letters"] if answer.status == 200 else []
        except LEFT_WAITING:
            return
        for letter in letters:
            self.after[person] = int(letter["id"])
            if self.after[person] not in self.read[person]:  # two polls of one page may bring the same
                self.read[person].append(self.after[person])

    async def _begins(self, person: str) -> None:
        url = f"{self.street.base}/web/{self.account}/visitor"
        while True:
            try:
                async with self.street.session.post(url, headers=self.heads(person)) as answer:
                    if answer.status == 200:
                        self.numbers_of.setdefault(person, (await answer.json())["visitor"])
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(1)


@dataclass
class CountingLine(FakeBotLine):
    """The other end of the long connection, with a count of what it had to refuse; `shut` takes no new connection."""

    codes: Counter[int] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)

    def _handle(self, cmd: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        if cmd == "aibot_respond_msg":
            self.answered.add(number)
        try:
            return super()._handle(cmd, number, body)
        except Code as error:
            self.codes[error.number] += 1
            raise


@dataclass
class Members(People):
    """Members on the long connection: a frame is brought once, to whoever is connected."""

    line: CountingLine = field(default_factory=lambda: CountingLine(time.monotonic))

    platform = "wecom-bot"

    def address(self, person: str) -> tuple[str, str]:
        return f"wecom::{person}", f"wecom-bot::{person}"

    def key(self, number: int, person: str) -> str:
        return f"bot{number}"

    async def deliver(self, said: Said, number: int, person: str) -> None:
        """While nobody is connected the platform has nobody to bring it to, and the member sees that and waits."""
        for _ in range(600):
            if self.line.live and await self._pushed(said, bot_message(said, person)):
                return
            await asyncio.sleep(0.2)
        said.given_up = True

    async def tried(self, said: Said, number: int, person: str) -> bool:
        """Once more the same frame."""
        if self.line.live:
            await self._pushed(said, bot_message(said, person))
        return said.taken

    async def _pushed(self, said: Said, body: Mapping[str, Any]) -> bool:
        """Whether the frame has left; when the connection stands long enough afterwards it has arrived."""
        before = self.line.subscribed
        try:
            await self.line.push(body)
        except (AssertionError, ConnectionError, RuntimeError):
            said.tries.append("nobody connected")
            return False
        said.tries.append("pushed")
        await asyncio.sleep(LANDED)
        if self.line.live and self.line.subscribed == before:
            said.taken, said.took = True, time.monotonic() - said.at
        else:
            said.torn = not said.taken
        return True
