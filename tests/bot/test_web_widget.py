"""The website widget: who may post and fetch, from which pages, how often, and what a page gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.doors import Answer
from bot.platforms.web import Patience, Web
from bot.platforms.web_hook import Pace, WebHook, message
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from handlers.letters import Button
from storage.values import Outgoing
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, Wire
from tests.bot.platforms.drivers.web import CONFIG, MEDIA, NUMBERS, ORIGIN, SITE, TOKEN, WebDriver
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.letters import letter, mark
from tests.fakes.window import LittleWindow

LANE = f"web:{SITE}:{NUMBERS[RESIDENT]}"
DRIVER = WebDriver(Moving())
NOW = Moving().now()
AT_ONCE = Patience(whole=0.0)
HOOK = WebHook(CONFIG, Moving().monotonic)


class Site:
    """A running site: its widget, the letters that lie ready, a page of a visitor."""

    def __init__(self, session: aiohttp.ClientSession, base: str, widget: Web, laid: list[Outgoing]) -> None:
        self.session, self.base, self.widget, self.laid = session, base, widget, laid

    async def lay(self, one: Outgoing) -> None:
        """What the courier does: tell who waits, then write down that it is sent."""
        await self.widget.deliver(one)
        self.laid.append(one)

    async def fetch(self, after: str = "0", heads: Mapping[str, str] | None = None) -> tuple[int, list[dict[str, Any]]]:
        url = f"{self.base}/web/{SITE}/letters"
        shown = DRIVER.heads(RESIDENT) if heads is None else heads
        async with self.session.get(url, params={"after": after}, headers=shown) as response:
            body = await response.json() if response.status == 200 else {}
            return response.status, body.get("letters", [])


@asynccontextmanager
async def standing(patience: Patience = AT_ONCE, **changed: Any) -> AsyncIterator[Site]:
    laid: list[Outgoing] = []

    async def lying(lane: str, after: int) -> list[Outgoing]:
        return [one for one in laid if one.chat == lane and one.id > after]

    widget = Web(replace(CONFIG, **changed), lying=lying, media=MEDIA, patience=patience)
    clock = Moving()
    app = build_app(widget.hooks, LittleWindow(), health=dict, clock=clock, counters=Counters(), routes=widget.routes())
    async with serving(app) as base, aiohttp.ClientSession() as session:
        yield Site(session, base, widget, laid)


@running
async def test_a_new_visitor_gets_a_number_that_may_post_and_fetch() -> None:
    async with standing() as site:
        heads = {"X-Site-Token": TOKEN, "Origin": ORIGIN}
        async with site.session.post(f"{site.base}/web/{SITE}/visitor", headers=heads) as response:
            assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
            heads["Authorization"] = f"Bearer {(await response.json())['visitor']}"
        async with site.session.post(
            f"{site.base}/hooks/web/{SITE}", headers=heads, json={"key": "1", "kind": "text", "text": "x"}
        ) as response:
            assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
        assert (await site.fetch(heads=heads))[0] == 200


@running
async def test_a_page_gets_its_own_letters_with_buttons_and_nobody_elses() -> None:
    async with standing() as site:
        await site.lay(letter(3, LANE, buttons=(Button("已解决", "rate:A0001:5"),), case="A0001"))
        await site.lay(letter(4, LANE, kind="edit", text="卡片", follow_up="已接单"))
        assert await site.fetch() == (
            200,
            [
                {
                    "id": 3, "at": "2026-03-02T01:00:00+00:00", "text": "第3封", "case": "A0001", "red": False,
                    "buttons": [{"label": "已解决", "action": mark(3)}],
                },
                {
                    "id": 4, "at": "2026-03-02T01:00:00+00:00", "text": "已接单", "case": "", "red": False,
                    "buttons": [],
                },
            ],
        )  # fmt: skip
        assert [one["id"] for one in (await site.fetch("3"))[1]] == [4]
        assert await site.fetch(heads=DRIVER.heads(OTHER_WORKER)) == (200, [])


@running
async def test_a_page_that_waits_gets_a_letter_as_soon_as_it_lies_there() -> None:
    async with standing(Patience(whole=30.0, look=30.0)) as site:
        waiting = asyncio.create_task(site.fetch())
        await until(lambda: site.widget._bells._waiting)
        await site.lay(letter(1, LANE))
        status, letters = await asyncio.wait_for(waiting, 10)
        assert (status, [one["id"] for one in letters]) == (200, [1])
        assert site.widget._bells._waiting == {}


@running
async def test_a_process_that_stops_lets_pages_go_at_once() -> None:
    async with standing(Patience(whole=30.0, look=30.0)) as site:
        waiting = asyncio.create_task(site.fetch())
        await until(lambda: site.widget._bells._waiting)
        site.widget.let_go()
        assert await asyncio.wait_for(waiting, 10) == (200, [])
        assert await asyncio.wait_for(site.fetch(), 10) == (200, [])


@running
async def test_a_letter_laid_by_another_process_is_found_by_looking() -> None:
    async with standing(Patience(whole=30.0, look=0.01)) as site:
        waiting = asyncio.create_task(site.fetch())
        await until(lambda: site.widget._pages)
        site.laid.append(letter(1, LANE))
        assert len((await asyncio.wait_for(waiting, 10))[1]) == 1


@running
async def test_too_many_pages_of_one_visitor_do_not_wait() -> None:
    async with standing(Patience(whole=30.0, look=30.0, each=1)) as site:
        waiting = asyncio.create_task(site.fetch())
        await until(lambda: site.widget._pages)
        assert await asyncio.wait_for(site.fetch(), 10) == (200, [])
        waiting.cancel()


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "1.5", "٣"])
def test_a_number_that_is_none_is_refused(after: str) -> None:
    @running
    async def asked() -> None:
        async with standing() as site:
            assert (await site.fetch(after))[0] == 400

    asked()


@running
async def test_who_is_not_known_fetches_nothing() -> None:
    async with standing() as site:
        good = DRIVER.heads(RESIDENT)
        for name, value in (
            ("X-Site-Token", "another"),
            ("Authorization", "Bearer " + "r" * 22 + ".forged"),
            ("Authorization", good["Authorization"].removeprefix("Bearer ")),
            ("Origin", "https://evil.example"),
        ):
            assert await site.fetch(heads={**good, name: value}) == (403, [])


@running
async def test_browsers_are_told_which_pages_may_post() -> None:
    async with standing() as site:
        for path in (f"/hooks/web/{SITE}", f"/web/{SITE}/letters", f"/web/{SITE}/visitor"):
            async with site.session.options(site.base + path, headers={"Origin": ORIGIN}) as response:
                assert (response.status, response.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)
                assert "x-site-token" in response.headers["Access-Control-Allow-Headers"]
            async with site.session.options(site.base + path, headers={"Origin": "https://evil.example"}) as response:
                assert response.status == 403
                assert "Access-Control-Allow-Origin" not in response.headers


@running
async def test_our_own_page_needs_no_entry() -> None:
    async with standing(origins=()) as site:
        assert (await site.fetch(heads={**DRIVER.heads(RESIDENT), "Origin": site.base}))[0] == 200
        assert (await site.fetch(heads=DRIVER.heads(RESIDENT)))[0] == 403


@running
async def test_the_files_of_the_widget_and_nothing_else() -> None:
    async with standing() as site:
        for name, kind in (("", "text/html"), ("chat.js", "text/javascript"), ("chat.css", "text/css"), ("widget.js", "text/javascript")):  # fmt: skip # noqa: E501
            async with site.session.get(f"{site.base}/web/{SITE}/{name}") as response:
                assert (response.status, response.content_type) == (200, kind)
                assert ORIGIN in response.headers["Content-Security-Policy"]
                assert TOKEN not in await response.text()
        for name in ("..%2fweb.py", "config.yaml", "__init__.py"):
            async with site.session.get(f"{site.base}/web/{SITE}/{name}") as response:
                assert response.status == 404


@running
async def test_new_visitors_are_counted() -> None:
    async with standing(visitors_per_minute=2) as site:
        found = []
        for _ in range(3):
            heads = {"X-Site-Token": TOKEN, "Origin": ORIGIN}
            async with site.session.post(f"{site.base}/web/{SITE}/visitor", headers=heads) as response:
                found.append(response.status)
        assert found == [200, 200, 429]


def test_a_visitor_who_writes_too_fast_is_asked_to_wait_and_others_are_not() -> None:
    clock = Moving()
    hook = WebHook(replace(CONFIG, per_minute=3), clock.monotonic)

    def said(n: int, by: str = RESIDENT) -> Incoming | Answer:
        return hook.read(DRIVER.says("x", key=n, by=by).delivery(), NOW)

    assert all(isinstance(said(n), Incoming) for n in range(3))
    refused = said(3)
    assert isinstance(refused, Answer)
    assert (refused.status, refused.headers["Access-Control-Allow-Origin"]) == (429, ORIGIN)
    assert isinstance(said(1, OTHER_WORKER), Incoming)
    clock.advance(20.0)
    assert isinstance(said(3), Incoming)
    assert isinstance(said(4), Answer)


def test_only_so_many_are_remembered() -> None:
    pace = Pace(1, Moving().monotonic)
    assert all(pace.takes(str(n)) for n in range(10_001))
    assert len(pace._left) == 10_000


def test_two_visitors_may_use_the_same_key() -> None:
    body = b'{"key": "1", "kind": "text", "text": "x"}'
    found = {one.key for by in "ab" if (one := message(body, SITE, by * 22, NOW))}
    assert len(found) == 2


@pytest.mark.parametrize(
    "said",
    [
        [], None, "x", 7, {}, {"key": "1", "kind": "text"}, {"key": 1, "kind": "text", "text": "x"},
        {"key": "a b", "kind": "text", "text": "x"}, {"key": "1" * 65, "kind": "text", "text": "x"},
        {"key": "1", "kind": "text", "text": " "}, {"key": "1", "kind": "text", "text": ["x"]},
        {"key": "1", "kind": "press"}, {"key": "1", "kind": "press", "action": 7},
        {"key": "1", "kind": "press", "action": "x" * 129},
        {"key": "1", "kind": "location"}, {"key": "1", "kind": "location", "lat": "1", "lon": 2},
        {"key": "1", "kind": "location", "lat": 91, "lon": 2}, {"key": "1", "kind": "location", "lat": 1, "lon": 181},
        {"key": "1", "kind": "location", "lat": True, "lon": 1}, {"key": "1", "kind": "begin", "scene": "a b"},
        {"key": "1", "kind": "begin", "scene": 7},
    ],
)  # fmt: skip
def test_what_is_no_message_is_refused_and_not_kept(said: object) -> None:
    read = HOOK.read(Wire(json.dumps(said).encode(), headers=DRIVER.heads(RESIDENT)).delivery(), NOW)
    assert isinstance(read, Answer)
    assert read.status == 400


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body: bytes) -> None:
    found = message(body, SITE, "r" * 22, NOW)
    assert found is None or found.sender == LANE


def test_infinite_and_deep_things_are_no_messages() -> None:
    long = f'{{"key":"1","kind":"location","lat":{10**400},"lon":1}}'.encode()
    for body in (
        long,
        b'{"key":"1","kind":"location","lat":NaN,"lon":1}',
        b"[" * 15_000,
        b'{"a":' * 3000,
        b"1" * 10_000,
    ):
        assert message(body, SITE, "r" * 22, NOW) is None
