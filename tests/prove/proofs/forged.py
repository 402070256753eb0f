"""Knows the proof about forged deliveries: a hundred thousand for each way in, not one is taken."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Sequence

import aiohttp

from bot.doors import Rejected, Unreadable
from handlers.incoming import Incoming
from tests.bot.platforms.driver import RESIDENT, Driver, Wire, found
from tests.bot.platforms.matrix import cannot
from tests.bot.platforms.scenarios_in import bad_signature
from tests.bot.platforms.standing import DeskWindow, deciding, receiving
from tests.fakes.aio import Moving
from tests.prove.forging import forged
from tests.prove.proof import Figure, Part, Proof, Run, at_least, told, zero

WHOLE = 100_000
BY_HTTP = 50
"""Every so manieth goes over a socket as well."""
REPLAYS = 200
WORDS = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"


def families() -> list[type[Driver]]:
    """The platforms to which somebody else can post."""
    return [driver for driver in found() if not cannot(bad_signature, driver)]


def _work(driver: type[Driver]) -> Part:
    return Part(driver.name, lambda run: asyncio.run(proof(driver(Moving()), run, run.of(WHOLE))))


async def proof(driver: Driver, run: Run, wanted: int) -> Sequence[Figure]:
    """The genuine one is taken, none of the others is; then replays, with a real desk behind the door."""
    chance = random.Random(f"{run.seed} {driver.name}")
    async with receiving(driver) as (door, window):
        hook, now = door.platform.hooks[0], driver.clock.now()
        outcomes, posted, kinds = Counter[str](), Counter[int](), Counter[str]()
        genuine = [driver.says(f"{WORDS}{n}", key=n + 1) for n in range(20)]
        taken = sum(isinstance(hook.read(wire.delivery(), now), Incoming) for wire in genuine)
        for n, (kind, wire) in enumerate(_many(driver, chance, wanted)):
            kinds[kind] += 1
            outcomes[_outcome(hook.read, wire, now)] += 1
            if n % BY_HTTP == 0:
                posted[await _posted(door.post, wire)] += 1
            if n % 2000 == 0:
                run.say(n / wanted, f"{driver.name}: {outcomes['rejected']:,} rejected")
        stored = len(window.served) + len(window.unread)
    effects, letters, times = await _replays(type(driver)(Moving()), run.of(REPLAYS, 20))
    return [
        at_least("forged or mutated deliveries", sum(outcomes.values()), wanted),
        told("ways of forging", ", ".join(f"{kind} {n:,}" for kind, n in sorted(kinds.items()))),
        zero("taken as genuine", outcomes["taken"]),
        zero("kept as unreadable (only what is rightly signed may be)", outcomes["kept"]),
        zero("other exceptions", outcomes["broke"]),
        at_least("of them over HTTP", sum(posted.values()), max(1, wanted // BY_HTTP // 2)),
        zero("over HTTP answered 2xx", sum(n for status, n in posted.items() if status // 100 == 2)),
        zero("over HTTP answered 5xx", sum(n for status, n in posted.items() if status // 100 == 5)),
        zero("stored of what came over HTTP", stored),
        at_least("genuine deliveries taken (the control)", taken, len(genuine)),
        told("replays of a genuine delivery, before a real desk", times),
        zero("further steps of cases because of replays", effects),
        zero("more letters to the sender because of replays", letters),
    ]


def _many(driver: Driver, chance: random.Random, wanted: int) -> Iterator[tuple[str, Wire]]:
    """As many as are wanted: all mutations of one delivery, then of the next."""
    n = 0
    while n < wanted:
        good = driver.says(f"{WORDS}{chance.random()}", key=chance.randrange(1, 2**40))
        other = driver.says(f"第{n}句", key=chance.randrange(1, 2**40))
        for kind, wire in forged(driver, good, other, chance):
            yield kind, wire
            n += 1
            if n >= wanted:
                return


def _outcome(read: object, wire: Wire, now: object) -> str:
    try:
        read(wire.delivery(), now)  # type: ignore[operator]
    except Rejected:
        return "rejected"
    except Unreadable:
        return "kept"
    except Exception:
        return "broke"
    return "taken"


async def _posted(post: object, wire: Wire) -> int:
    """The status; 0 where no HTTP client would send such a thing."""
    try:
        status, _ = await post(wire)  # type: ignore[operator]
    except (ValueError, aiohttp.ClientError):
        return 0
    return int(status)


async def _replays(driver: Driver, times: int) -> tuple[int, int, int]:
    """The same delivery again and again, later too: what more was opened or written down, what more was said."""
    async with deciding(driver) as (door, window):
        wire = driver.says(WORDS)
        await door.post(wire)
        steps, letters = _left(driver, window)
        for n in range(times):
            if n == times // 2:
                driver.clock.advance(301)
            await door.post(wire)
        more_steps, more_letters = _left(driver, window)
        return more_steps - steps, more_letters - letters, times


def _left(driver: Driver, window: DeskWindow) -> tuple[int, int]:
    """How many steps all cases have taken, and how many letters the sender has been written."""
    with window.store.reading() as reader:
        steps = sum(len(reader.entries(case.number)) for case in reader.cases())
        return steps, len(reader.letters_of(chat=driver.talk(RESIDENT)))


PROOF = Proof(
    name="forged",
    promise="Deliveries that are forged, mutated or replayed: 0 accepted of 100,000 for each way in; a replay in "
    "the window has no second effect.",
    parts=tuple(_work(driver) for driver in families()),
)
