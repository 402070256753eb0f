"""The HTTP edge: caps, deadlines, outcomes, and what is reported when."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
import pytest
from aiohttp import web

from bot.doors import Answer, Delivery, Rejected, Unreadable
from bot.server import Counters, build_app, build_runner, metrics_routes
from handlers.incoming import Incoming
from handlers.raw import RawText
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.window import LittleWindow


class PlainHook:
    """A platform without paper: the body is the text, its first word decides."""

    platform = "plain"
    account = "one"
    path = "/hooks/plain"
    body_limit = 1000

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        text = delivery.body.decode()
        if text == "forged":
            raise Rejected("signature")
        if text == "torn":
            raise Unreadable("no XML")
        if text == "crash":
            raise ZeroDivisionError("13800138000")
        if text == "echo":
            return Answer(b"echoed")
        inline = "pushed" not in text
        return Incoming(
            platform="plain", account="one", key=text, sender="plain:one:1", chat="plain:one:1", said_at=now,
            text=RawText(text), inline=inline,
        )  # fmt: skip

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        return Answer(receipt.encode(), "application/xml")


class House:
    """A running edge with its parts at hand."""

    def __init__(self, window: LittleWindow, health: Mapping[str, object] | None = None, deadline: float = 2.0) -> None:
        self.window = window
        self.counters = Counters()
        self.health: Mapping[str, object] = health or {"ready": True, "backlog": 3}
        app = build_app(
            [PlainHook()],
            window,
            health=lambda: self.health,
            clock=Moving(),
            counters=self.counters,
            routes=metrics_routes(self.counters, lambda: self.health),
            body_deadline=deadline,
        )
        self.runner = build_runner(app, idle=1.0)

    def count(self, outcome: str) -> int:
        return self.counters.get("deliveries", outcome=outcome)


@asynccontextmanager
async def standing(house: House) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    async with serving(house.runner) as base, aiohttp.ClientSession() as session:
        yield session, base


async def raw(base: str, head: str, *pieces: bytes, pause: float = 0.0, patience: float = 3.0) -> bytes:
    """Write bytes on a socket and read until the other side closes."""
    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(head.replace("\n", "\r\n").encode())
        for piece in pieces:
            await asyncio.sleep(pause)
            if reader.at_eof():
                break
            writer.write(piece)
        async with asyncio.timeout(patience):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@running
async def test_a_message_is_served_answered_and_marked_as_written() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        async with session.post(base + "/hooks/plain?a=1", data=b"hello") as response:
            assert (response.status, await response.text()) == (200, "已登记：hello")
            assert response.content_type == "application/xml"
        await until(lambda: house.window.written_rows == [1])
    assert house.count("accepted") == 1


@running
async def test_what_is_not_answered_inline_is_never_marked_as_written() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        await (await session.post(base + "/hooks/plain", data=b"pushed")).read()
        await (await session.post(base + "/hooks/plain", data=b"inline")).read()
        await until(lambda: house.window.written_rows == [2])


@running
async def test_a_client_that_left_before_the_answer_is_not_marked(caplog: pytest.LogCaptureFixture) -> None:
    house = House(LittleWindow(delay=0.3))
    async with standing(house) as (session, base):
        with pytest.raises(TimeoutError):
            await session.post(base + "/hooks/plain", data=b"gone", timeout=aiohttp.ClientTimeout(total=0.1))
        await until(lambda: house.window.served)
        async with session.post(base + "/hooks/plain", data=b"gone") as again:
            assert await again.text() == "已登记：gone"
        await until(lambda: house.window.written_rows)
    assert house.window.written_rows == [1]
    assert len(house.window.served) == 1
    assert house.count("left") == 1
    assert [record.message for record in caplog.records] == [], "platforms hang up every day: that is no error"


@running
async def test_overlapping_retries_all_get_the_stored_words() -> None:
    house = House(LittleWindow(delay=0.2))
    async with standing(house) as (session, base):

        async def post() -> str:
            async with session.post(base + "/hooks/plain", data=b"same") as response:
                return await response.text()

        assert set(await asyncio.gather(*(post() for _ in range(5)))) == {"已登记：same"}
    assert len(house.window.served) == 1
    assert (house.count("accepted"), house.count("repeat")) == (1, 4)


@pytest.mark.parametrize(
    ("body", "status", "text", "outcome"),
    [
        (b"forged", 403, "", "rejected"),
        (b"torn", 200, "success", "unreadable"),
        (b"echo", 200, "echoed", "answered"),
        (b"crash", 500, "", "failed"),
        (b"\xff\xfe", 500, "", "failed"),
    ],
)
@running
async def test_outcomes(body: bytes, status: int, text: str, outcome: str) -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base), session.post(base + "/hooks/plain", data=body) as response:
        assert (response.status, await response.text()) == (status, text)
    assert house.count(outcome) == 1
    assert house.window.served == []
    assert [(row[0], row[1], row[3]) for row in house.window.unread] == (
        [("plain", "one", "no XML")] if outcome == "unreadable" else []
    )


@running
async def test_a_failed_commit_is_500_and_its_retry_is_served(caplog: pytest.LogCaptureFixture) -> None:
    house = House(LittleWindow(broken=1))
    with caplog.at_level(logging.DEBUG):
        async with standing(house) as (session, base):
            first = await session.post(base + "/hooks/plain", data=b"hello")
            second = await session.post(base + "/hooks/plain", data=b"hello")
            assert (first.status, second.status, await second.text()) == (500, 200, "已登记：hello")
    assert "OSError" in caplog.text
    assert "13800138000" not in caplog.text


@running
async def test_a_crash_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    house = House(LittleWindow())
    with caplog.at_level(logging.DEBUG):
        async with standing(house) as (session, base):
            await session.post(base + "/hooks/plain?token=canary-query", data=b"crash")
    assert "ZeroDivisionError at read" in caplog.text
    assert "13800138000" not in caplog.text
    assert "canary" not in caplog.text


@running
async def test_doubled_parameters_are_rejected() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        response = await session.post(base + "/hooks/plain?nonce=1&nonce=2", data=b"hello")
        assert response.status == 403
    assert house.count("rejected") == 1


@running
async def test_a_declared_body_over_the_cap_is_refused_before_it_is_read() -> None:
    house = House(LittleWindow())
    async with standing(house) as (_, base):
        head = "POST /hooks/plain HTTP/1.1\nHost: x\nContent-Length: 100000000000\n\n"
        answer = await raw(base, head)
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"Connection: close" in answer
    assert house.count("oversize") == 1


@pytest.mark.parametrize(("size", "status"), [(1000, b"200"), (1001, b"413")])
@running
async def test_a_streamed_body_is_cut_off_at_the_cap(size: int, status: bytes) -> None:
    house = House(LittleWindow())
    async with standing(house) as (_, base):
        head = "POST /hooks/plain HTTP/1.1\nHost: x\nConnection: close\nTransfer-Encoding: chunked\n\n"
        body = b"a" * size
        chunk = f"{size:x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        answer = await raw(base, head, chunk)
    assert answer.split()[1] == status


@running
async def test_a_body_that_never_comes_is_408_and_closed() -> None:
    house = House(LittleWindow(), deadline=0.1)
    async with standing(house) as (_, base):
        answer = await raw(base, "POST /hooks/plain HTTP/1.1\nHost: x\nContent-Length: 10\n\n", b"abc", patience=2.5)
    assert answer.startswith(b"HTTP/1.1 408")
    assert house.count("slow") == 1


@running
async def test_a_trickled_body_is_408_and_closed() -> None:
    house = House(LittleWindow(), deadline=0.2)
    async with standing(house) as (_, base):
        head = "POST /hooks/plain HTTP/1.1\nHost: x\nContent-Length: 100\n\n"
        answer = await raw(base, head, *[b"a"] * 20, pause=0.03)
    assert answer.startswith(b"HTTP/1.1 408")


@running
async def test_trickled_headers_are_closed_and_honest_requests_answered_meanwhile() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        slow = [
            asyncio.create_task(raw(base, "POST /hooks/plain HTTP/1.1\n", *[b"X: 1\r\n"] * 30, pause=0.1, patience=5))
            for _ in range(50)
        ]
        await asyncio.sleep(0.2)
        start = asyncio.get_running_loop().time()
        async with session.post(base + "/hooks/plain", data=b"honest") as response:
            assert response.status == 200
        assert asyncio.get_running_loop().time() - start < 1.0
        assert set(await asyncio.gather(*slow)) == {b""}
        assert asyncio.get_running_loop().time() - start < 8


@running
async def test_broken_chunks_and_packed_bodies_are_refused(caplog: pytest.LogCaptureFixture) -> None:
    house = House(LittleWindow(), deadline=0.3)
    async with standing(house) as (session, base):
        head = "POST /hooks/plain?token=canary HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n"
        broken = await raw(base, head, b"zz 13800138000\r\nabc")
        assert broken.split()[1] in (b"400", b"413")
        later = await raw(base, head, b"3\r\nabc\r\n", b"zz-canary\r\nabc", pause=0.05)
        assert later.split()[1] in (b"400", b"408")
        nonsense = await raw(base, "canary 13800138000\n\n")
        assert nonsense.split()[1] == b"400"
        packed = await session.post(base + "/hooks/plain", data=b"x", headers={"Content-Encoding": "gzip"})
        assert packed.status == 415
    assert house.window.served == []
    assert "canary" not in caplog.text
    assert "13800138000" not in caplog.text


@running
async def test_a_page_that_breaks_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    async def page(_: web.Request) -> web.Response:
        raise ZeroDivisionError("13800138000")

    app = build_app(
        [], LittleWindow(), health=dict, clock=Moving(), counters=Counters(), routes=[web.get("/page", page)]
    )
    async with serving(build_runner(app)) as base, aiohttp.ClientSession() as session:
        assert (await session.get(base + "/page")).status == 500
    assert "ZeroDivisionError at page" in caplog.text
    assert "13800138000" not in caplog.text


@running
async def test_unknown_paths_and_methods() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        assert (await session.post(base + "/hooks/nobody", data=b"x")).status == 404
        assert (await session.put(base + "/hooks/plain", data=b"x")).status == 405
        assert (await session.get(base + "/")).status == 404


@running
async def test_health_and_metrics() -> None:
    house = House(LittleWindow())
    async with standing(house) as (session, base):
        await session.post(base + "/hooks/plain", data=b"hello")
        live = await session.get(base + "/health/live")
        ready = await session.get(base + "/health/ready")
        assert (live.status, ready.status) == (200, 200)
        assert json.loads(await ready.text()) == {"ready": True, "backlog": 3}
        house.health = {"ready": False, "why": "the disk"}
        assert (await session.get(base + "/health/ready")).status == 503
        text = await (await session.get(base + "/metrics")).text()
    assert 'xiaoge_deliveries_total{account="one",outcome="accepted",platform="plain"} 1' in text
    assert "# TYPE xiaoge_deliveries_total counter" in text


def test_counters_render_gauges_escape_labels_and_stop_growing() -> None:
    counters = Counters()
    counters.add("x", kind='a"b\\c\nd')
    for n in range(1000):
        counters.add("y", key=str(n))
    text = counters.render({"ready": True, "backlog": 2.5, "why": "words"})
    assert r'xiaoge_x_total{kind="a\"b\\c\nd"} 1' in text
    assert "xiaoge_backlog 2.5" in text
    assert "xiaoge_ready 1" in text
    assert "why" not in text
    assert text.count("xiaoge_y_total{") < 500
