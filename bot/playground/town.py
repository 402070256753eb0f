"""Knows the sample town behind the page: a stage on a thread of its own, a clock that flows and can be moved on."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar

from bot.playground import lines
from bot.show import line, show_rates
from bot.stage import Stage
from handlers import deadlines
from handlers.cases import Case
from handlers.rules import Rules
from handlers.wording import Wording

T = TypeVar("T")

BEAT = 2.0
"""Seconds between looks of the flowing clock."""

OPENING = 9
"""The hour at which the town begins: at night residents are left alone, and a visitor would wait in vain."""


class PlaygroundTown:
    """The stage as the page asks for it (bot/playground/ports.py). Every call runs on one thread."""

    def __init__(self, open_stage: Callable[[bool], Stage], wording: Wording, shelf: Path) -> None:
        self._open_stage = open_stage
        self._wording = wording
        self._shelf = shelf
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

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False) -> None:
        """A person says something."""
        await self._act(lambda stage: stage.say(who, text, group=chat, addressed=addressed))

    async def photo(self, who: str, data: bytes, caption: str, *, chat: str = "") -> None:
        """A person sends a picture; its bytes stay in the town's own folder."""
        ref = secrets.token_hex(16)
        self._shelf.mkdir(parents=True, exist_ok=True)
        await asyncio.to_thread((self._shelf / ref).write_bytes, data)
        await self._act(lambda stage: stage.photo(who, ref, caption, group=chat))

    async def location(self, who: str, lat: float, lon: float) -> None:
        """A person sends where they are."""
        await self._act(lambda stage: stage.location(who, lat, lon))

    async def voice(self, who: str, text: str) -> None:
        """A person speaks."""
        await self._act(lambda stage: stage.voice(who, text))

    async def press(self, who: str, action: str, *, chat: str = "") -> None:
        """A person presses a button."""
        await self._act(lambda stage: stage.press(who, action, group=chat))

    async def advance(self, seconds: float) -> None:
        """The clock moves on."""
        await self._act(lambda stage: stage.advance(timedelta(seconds=seconds)))

    async def reset(self) -> None:
        """An empty town again."""

        def again(stage: Stage) -> None:
            stage.store.close()
            self._stage = self._open_stage(True)

        await self._act(again)

    # -- reading ---------------------------------------------------------------------------------------------------

    async def town(self) -> dict[str, Any]:
        """People, groups, examples and places to try."""
        return await self._on_stage(lambda stage: lines.town(stage, self._wording))

    async def timeline(self, who: str) -> list[dict[str, Any]]:
        """One chat, oldest first."""
        return await self._on_stage(lambda stage: lines.timeline(stage, who))

    async def board(self) -> dict[str, Any]:
        """All cases and the rates."""
        return await self._on_stage(self._board)

    def _board(self, stage: Stage) -> dict[str, Any]:
        now = stage.clock.now()
        with stage.store.reading() as reader:
            cases, rates = reader.cases(limit=200), show_rates(reader, now)
        say = self._wording.say
        return {
            "now": now.astimezone(stage.zone).isoformat(timespec="seconds"),
            "cases": [self._row(case, stage.rules, now) for case in cases],
            "rates": {
                name: {"name": say(f"rate.{name}"), **facts, **_unrated(name, rates)} for name, facts in rates.items()
            },
        }

    def _row(self, case: Case, rules: Rules, now: datetime) -> Mapping[str, Any]:
        town, zone = rules.town, rules.quiet_residents.zone
        row = line(case, rules)
        row["state_name"] = self._wording.say(f"data.state.{case.state.value}")
        row["duty"] = rules.catalogue.duties[case.duty].name
        row["item"] = row["item_name"]
        row["lead"] = town.name_of(case.lead_person or case.lead)
        row["opened"] = case.opened_at.astimezone(zone).isoformat(timespec="seconds")
        row["overdue"] = deadlines.overdue(case, now)
        return row

    async def case(self, number: str) -> dict[str, Any] | None:
        """One case with its history in plain words."""
        return await self._on_stage(lambda stage: self._case(stage, number))

    def _case(self, stage: Stage, number: str) -> dict[str, Any] | None:
        with stage.store.reading() as reader:
            case = reader.case(number)
            if case is None:
                return None
            row = dict(self._row(case, stage.rules, stage.clock.now()))
            entries, tasks, reporters = reader.entries(number), reader.tasks(number), reader.reporters(number)
        row["history"] = [lines.entry(stage, entry, self._wording) for entry in entries]
        row["tasks"] = [lines.task(stage, task, self._wording) for task in tasks]
        row["reporters"] = [lines.call(stage.town, reporter.person) for reporter in reporters]
        return row

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


def _unrated(name: str, rates: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many of those who could have rated did not: shown beside the rates that are the resident's word."""
    rated = rates["rated"]
    return {"unrated": rated["of"] - rated["n"]} if name in ("resolution_rate", "satisfaction") else {}


def _ref(stage: Stage, id: str) -> str:
    with stage.store.reading() as reader:
        photo = reader.photos_by_id([id]).get(id)
    return photo.ref if photo is not None else id


def opening_shift(zone: tzinfo, now: datetime) -> timedelta:
    """How far the town's clock is from the machine's when it opens: today at nine."""
    local = now.astimezone(zone)
    return local.replace(hour=OPENING, minute=0, second=0, microsecond=0) - local
