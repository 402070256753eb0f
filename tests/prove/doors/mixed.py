"""Knows one mixed run from beginning to end: the town opens, everybody speaks, the weather clears, all is compared."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from sqlalchemy import create_engine, text

from tests.fakes.aio import until
from tests.live import SECRET, Process
from tests.prove.doors.checker import Seen, Verdict, check, heads, lanes, read
from tests.prove.doors.controls import mislead, spoil
from tests.prove.doors.crowd import REPORTS, Crowd
from tests.prove.doors.journal import Journal
from tests.prove.doors.pages import Members, Pages
from tests.prove.doors.people import Asking, Chatters, Colleagues, Followers, People, Street
from tests.prove.doors.town import ORIGIN, TOKEN, Effort, Town, effort, nap, town
from tests.prove.doors.weather import Act, play
from tests.prove.doors.workers import Pressing, Workers

READY = 30.0
NAP = 6.0
"""Seconds for which the process stands still: longer than WeChat waits."""
DRAIN = 240.0
"""Seconds after the last message in which every letter must have left."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How a run shall be. `outages`: platforms are away for a twentieth of it; `control`: with everything spoilt."""

    seconds: float
    rate: float
    bot_mode: str = "websocket"
    seed: int = 1
    outages: bool = True
    control: bool = False
    reports: float = REPORTS
    """The share of messages that report something."""
    naps: tuple[float, ...] = (0.25, 0.7)
    """When the process stands still, each as a share of the run."""


@dataclass
class Told:
    """What came of a run."""

    verdict: Verdict
    journal: Journal
    happened: Counter[str]
    did: Counter[str]
    codes: Counter[str]
    begun: Effort
    ended: Effort
    drained: float
    refreshes: int
    effort_of_ours: float = 0.0
    seconds: float = field(default=0.0)


async def run(asked: Asked, database: str, folder: Path, say: Callable[[float, str], None]) -> Told:
    """Everything, and the verdict."""
    chance = random.Random(asked.seed)
    made = Town(asked.bot_mode, chance, repeats=1 if asked.control else 0)
    connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=5.0)
    own = time.process_time()
    async with town(made, database, folder) as bot, aiohttp.ClientSession(connector=connector) as session:
        await _ready(made)
        begun, journal = effort(bot), Journal()
        street = Street(bot.base, session, random.Random(chance.random()))
        people = _people(made, street, journal)
        if asked.control:
            for one in people.values():
                mislead(one)
        crowd = Crowd(people, chance, asked.rate, asked.seconds, asked.reports, say=say)
        workers = asyncio.create_task(_workers(made, street, people).work())
        acts = asyncio.create_task(play(_acts(made, bot, asked), asked.seconds, made.happened))
        await crowd.speak(journal)
        await acts
        workers.cancel()
        await asyncio.gather(workers, return_exceptions=True)
        made.clears_up()
        street.fair = True
        drained = await _drained(database, made, say)
        await _pages_read(people)
        ended, refreshes = effort(bot), len(made.wechat.token_calls) + made.wecom.calls.count("token")
    if asked.control:
        spoil(database)
        made.wecom.sent.pop()
    verdict = check(journal, read(database), _seen(made, people))
    did = sum((weather.did for weather in made.weathers.values()), Counter[str]())
    return Told(
        verdict, journal, made.happened, did, _codes(made), begun, ended, drained, refreshes, time.process_time() - own
    )


async def _ready(made: Town) -> None:
    await until(lambda: "getMe" in made.telegram.calls, READY)
    if made.bot_mode == "websocket":
        await until(lambda: made.line.live, READY)


def _people(made: Town, street: Street, journal: Journal) -> dict[str, People]:
    """The people of every door."""
    followers, chatters = Followers(street, journal), Chatters(street, journal)
    followers.said, chatters.secret = made.wechat.said, SECRET
    colleagues = Colleagues(street, journal)
    made.wecom.members = Everybody()
    bot: People = Asking(street, journal)
    if made.bot_mode == "websocket":
        bot = Members(street, journal, line=made.line)
    pages = Pages(street, journal, token=TOKEN, origin=ORIGIN)
    return {"wechat": followers, "telegram": chatters, "wecom": colleagues, "wecom-bot": bot, "web": pages}


def _workers(made: Town, street: Street, people: dict[str, People]) -> Workers:
    """The two in the work group; they share the numbers of Telegram's updates with everybody there."""
    words = people["telegram"]
    assert isinstance(words, Chatters)
    presses = Pressing(street, words.journal, words.numbers)
    presses.secret = SECRET
    return Workers(made.telegram, words, presses)


class Everybody(dict[str, int]):
    """A corp of which everybody is an active member."""

    def get(self, key: str, default: int = 1) -> int:  # type: ignore[override]
        return 1

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> int:
        return 1


def _acts(made: Town, bot: Process, asked: Asked) -> list[Act]:
    """What happens during the run besides what people say."""
    acts = [Act(at, "the process stood still", lambda: nap(bot, NAP)) for at in asked.naps]
    acts += [Act(at, "tokens expired", made.tokens_expire) for at in (0.1, 0.3, 0.5, 0.7, 0.9)]
    if made.bot_mode == "websocket":
        acts += [Act(at, "the connection was torn", made.line_is_cut) for at in (0.2, 0.4, 0.6, 0.8)]
    if not asked.outages:
        return acts
    for at, name in ((0.15, "wechat"), (0.33, "wecom"), (0.48, "telegram"), (0.6, "line")):
        acts.append(Act(at, f"{name} went away", lambda name=name: made.goes_away(name)))  # type: ignore[misc]
        acts.append(Act(at + 0.05, f"{name} came back", lambda name=name: made.comes_back(name)))  # type: ignore[misc]
    return acts


async def _drained(database: str, made: Town, say: Callable[[float, str], None]) -> float:
    """Wait until no letter is under way any more; the seconds it took."""
    began, engine = time.monotonic(), create_engine(database)
    query = text("SELECT count(*) FROM letters WHERE next_at IS NOT NULL")
    try:
        while time.monotonic() - began < DRAIN:
            with engine.connect() as connection:
                left = connection.execute(query).scalar_one()
            say(0.99, f"{left} letters are still under way")
            if not left:
                break
            await asyncio.sleep(0.5)
    finally:
        engine.dispose()
    return time.monotonic() - began


async def _pages_read(people: dict[str, People]) -> None:
    """Every page looks once more."""
    pages = people["web"]
    assert isinstance(pages, Pages)
    await asyncio.gather(*(pages.fetch(person, wait=3.0) for person in pages.numbers_of))


def _seen(made: Town, people: dict[str, People]) -> Seen:
    """What arrived at the platforms, lane by lane."""
    pages = people["web"]
    assert isinstance(pages, Pages)
    wechat = [f"wechat:{Followers.account}:{sent['touser']}" for sent in made.wechat.sent]
    members = heads((f"wecom::{sent['touser']}", sent) for sent in made.wecom.sent)
    bots = heads((f"wecom-bot::{chat}", body) for chat, _, body in made.line.said)
    arrived = [
        *wechat, *members, *bots,
        *(f"telegram::{chat}" for chat, _ in made.telegram.messages),
        *(f"wecom-webhook::{group}" for group, _ in made.hooked.sent),
    ]  # fmt: skip
    counted = lanes((lane, 1) for lane in arrived)
    counted.update(lanes((pages.address(one)[1], len(read)) for one, read in pages.read.items()))
    lost = {name: weather.did["swallowed"] for name, weather in made.weathers.items()}
    swallowed = {**lost, "wecom-webhook": lost["wecom"]}
    too_much = sum(weather.too_much() for weather in made.weathers.values()) + made.line.codes[45009]
    return Seen(counted, swallowed, too_much, len(made.wecom.dropped))


def _codes(made: Town) -> Counter[str]:
    """Every errcode that a platform meant, by platform."""
    found = {f"{name} {code}": n for name, one in made.weathers.items() for code, n in one.codes.items()}
    return Counter({**found, **{f"line {code}": n for code, n in made.line.codes.items()}})
