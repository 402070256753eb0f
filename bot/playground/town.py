"""Knows the sample town behind the page: a stage on a thread of its own, a clock that flows and can be moved on."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar

from bot.acts import Act
from bot.playground import lines
from bot.playground.board import Board
from bot.stage import Stage, StageError
from handlers.town import Town
from handlers.wording import Wording

T = TypeVar("T")

log = logging.getLogger(__name__)

BEAT = 2.0
"""Seconds between looks of the flowing clock."""

OPENING = 9
"""The hour at which the town begins: at night residents are left alone, and a visitor would wait in vain."""


class PlaygroundTown:
    """The stage as the page asks for it (bot/playground/ports.py). Every call runs on one thread.

    `load_demo` writes a finished month in the place of the town and opens it; without it the page offers none.
    """

    def __init__(
        self,
        open_stage: Callable[[bool], Stage],
        wording: Wording,
        shelf: Path,
        load_demo: Callable[[], Stage] | None = None,
    ) -> None:
        self._open_stage = open_stage
        self._wording = wording
        self._shelf = shelf
        self._load_demo = load_demo
        self._board = Board(wording)
        self._town: tuple[Town, dict[str, Any]] | None = None
        self._town_version = 0
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="playground")
        self._stage: Stage | None = None
        self._version = 1
        self._changed = asyncio.Condition()
        self._beat: asyncio.Task[None] | None = None
        self._closing = False

    async def start(self) -> None:
        """Open the town and let its clock flow."""
        await self._on_stage(lambda stage: None)
        self._beat = asyncio.create_task(self._flow(), name="playground-clock")

    async def let_go(self) -> None:
        """Answer every page that waits for a change: the door is about to close."""
        self._closing = True
        await self._bump()

    async def stop(self) -> None:
        """Close the town."""
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)
        await self._on_stage(lambda stage: stage.store.close())
        self._pool.shutdown()

    async def _on_stage(self, work: Callable[[Stage], T]) -> T:
        def run() -> T:
            if self._stage is None:
                self._stage = self._open_stage(False)
            return work(self._stage)

        return await asyncio.get_running_loop().run_in_executor(self._pool, run)

    async def _act(self, work: Callable[[Stage], object]) -> None:
        await self._on_stage(work)
        await self._bump()

    async def _bump(self) -> None:
        async with self._changed:
            self._version += 1
            self._changed.notify_all()

    async def _flow(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            if await self._on_stage(lambda stage: stage.settle()):
                await self._bump()

    # -- acting ----------------------------------------------------------------------------------------------------

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False, quote: str = "") -> None:
        """A person says something."""
        await self._act(
            lambda stage: stage.say(who, text, group=chat, addressed=addressed, quoted=_card(stage, quote, chat))
        )

    async def photo(
        self, who: str, data: bytes, caption: str, *, chat: str = "", addressed: bool = False, quote: str = ""
    ) -> None:
        """A person sends a picture; its bytes stay in the town's own folder."""
        ref = secrets.token_hex(16)
        self._shelf.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread((self._shelf / ref).write_bytes, data)
        await self._act(
            lambda stage: stage.photo(
                who, ref, caption, group=chat, addressed=addressed, quoted=_card(stage, quote, chat)
            )
        )

    async def location(self, who: str, lat: float, lon: float) -> None:
        """A person sends where they are."""
        await self._act(lambda stage: stage.location(who, lat, lon))

    async def voice(self, who: str, text: str) -> None:
        """A person speaks."""
        await self._act(lambda stage: stage.voice(who, text))

    async def press(self, who: str, mark: str, *, chat: str = "") -> None:
        """A person presses a button."""
        await self._act(lambda stage: stage.do(Act(who=who, kind="press", mark=mark, group=chat)))

    async def advance(self, seconds: float) -> None:
        """The clock moves on."""
        await self._act(lambda stage: stage.advance(timedelta(seconds=seconds)))

    async def reset(self) -> None:
        """An empty town again."""

        def again(stage: Stage) -> None:
            stage.store.close()
            self._open_anew(lambda: self._open_stage(True))

        await self._act(again)

    async def demo(self) -> bool:
        """A finished month in the place of the town; when that fails, an empty town again, and False."""
        load = self._load_demo
        if load is None:
            return False

        def put(stage: Stage) -> bool:
            stage.store.close()
            try:
                self._open_anew(load)
            except Exception:
                log.exception("the demo month could not be loaded")
                self._open_anew(lambda: self._open_stage(True))
                return False
            return True

        done = await self._on_stage(put)
        await self._bump()
        return done

    def _open_anew(self, make: Callable[[], Stage]) -> None:
        self._stage = make()
        self._board.clear()

    async def shows(self, quote: str, chat: str) -> bool:
        """Whether a group has a card of this case, to be answered."""
        return await self._on_stage(lambda stage: _has_card(stage, quote, chat))

    # -- reading ---------------------------------------------------------------------------------------------------

    async def town(self) -> dict[str, Any]:
        """People, groups, scenes, examples and places to try."""
        return await self._on_stage(self._told)

    async def town_version(self) -> int:
        """A number that changes when the people, units or groups do."""
        await self._on_stage(self._told)
        return self._town_version

    def _told(self, stage: Stage) -> dict[str, Any]:
        """Put together anew when the town's frozen value is another one."""
        made = stage.town
        if self._town is None or self._town[0] is not made:
            self._town = made, {**lines.town(stage, self._wording), "demo": self._load_demo is not None}
            self._town_version += 1
        return self._town[1]

    async def timeline(self, who: str) -> list[dict[str, Any]]:
        """One chat, oldest first."""
        return await self._on_stage(lambda stage: lines.timeline(stage, who))

    async def tails(self) -> dict[str, int]:
        """How much the bot has said to everybody."""
        return await self._on_stage(lines.tails)

    async def board(self) -> dict[str, Any]:
        """All cases and the rates."""
        return await self._on_stage(self._board.show)

    async def case(self, number: str) -> dict[str, Any] | None:
        """One case with its history in plain words."""
        return await self._on_stage(lambda stage: self._board.case(stage, number))

    async def photo_bytes(self, id: str) -> bytes | None:
        """The bytes of a picture: by the name it came under, or by its id in a case."""
        ref = await self._on_stage(lambda stage: _ref(stage, id))
        path = self._shelf / ref
        if not ref.isalnum() or not path.is_file():
            return None
        return await asyncio.to_thread(path.read_bytes)

    async def version(self) -> int:
        """A number that changes with every change of the town."""
        return self._version

    async def changed(self, since: int, timeout: float) -> int:  # noqa: ASYNC109 - the page's own patience
        """The version as soon as it is not `since`, or after `timeout` seconds."""
        async with self._changed:
            try:
                async with asyncio.timeout(timeout):
                    await self._changed.wait_for(lambda: self._version != since or self._closing)
            except TimeoutError:
                pass
        return self._version


def _card(stage: Stage, quote: str, chat: str) -> str:
    return stage.card(quote, group=chat) if quote else ""


def _has_card(stage: Stage, quote: str, chat: str) -> bool:
    try:
        return bool(stage.card(quote, group=chat))
    except StageError:
        return False


def _ref(stage: Stage, id: str) -> str:
    with stage.store.reading() as reader:
        photo = reader.photos_by_id([id]).get(id)
    return photo.ref if photo is not None else id


def opening_shift(zone: tzinfo, now: datetime) -> timedelta:
    """How far the town's clock is from the machine's when it opens: today at nine."""
    local = now.astimezone(zone)
    return local.replace(hour=OPENING, minute=0, second=0, microsecond=0) - local
