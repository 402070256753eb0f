"""Knows HTTP: which paths there are, how long and how large a delivery may be, and what each outcome answers."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Handler, Middleware

from bot.doors import Answer, Delivery, Hook, Rejected, Served, Unreadable, Window
from bot.secret import describe
from handlers.incoming import Incoming
from handlers.ports import Clock

Health = Callable[[], Mapping[str, object]]

BODY_DEADLINE: Final = 5.0
IDLE: Final = 10.0
LINGER: Final = 1.0
SERIES: Final = 500
OPERATIONS: Final = ("/health/", "/metrics")
WILDCARDS: Final = ("", "0.0.0.0", "::")
SUCCESS: Final = Answer(b"success")

_log = logging.getLogger(__name__)


class Counters:
    """Numbers that only grow, for Prometheus. Labels come from the configuration and the code, never from a message."""

    def __init__(self) -> None:
        self._values: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()

    def add(self, name: str, n: int = 1, **labels: str) -> None:
        """Count `n` more; past the largest number of series a new one is not begun."""
        series = (name, tuple(sorted(labels.items())))
        if series in self._values or len(self._values) < SERIES:
            self._values[series] += n

    def get(self, name: str, **labels: str) -> int:
        """How many so far, over all series that carry these labels."""
        wanted = set(labels.items())
        return sum(n for (known, pairs), n in self._values.items() if known == name and wanted <= set(pairs))

    def render(self, gauges: Mapping[str, object] | None = None) -> str:
        """The Prometheus text of all counters, and of what is a number or a mapping of words among `gauges`."""
        lines: list[str] = []
        for (name, labels), n in sorted(self._values.items()):
            head = f"# TYPE xiaoge_{name}_total counter"
            if head not in lines:
                lines.append(head)
            lines.append(f"xiaoge_{name}_total{{{_pairs(labels)}}} {n}")
        for name, value in sorted((gauges or {}).items()):
            if isinstance(value, int | float):
                lines += [f"# TYPE xiaoge_{name} gauge", f"xiaoge_{name} {float(value):g}"]
            elif isinstance(value, Mapping):  # which of several: a series of value 1
                lines += [f"# TYPE xiaoge_{name} gauge", f"xiaoge_{name}{{{_pairs(value.items())}}} 1"]
        return "\n".join(lines) + "\n"


class Edge:
    """One hook at the HTTP edge: from the bytes of a request to the bytes of its answer."""

    def __init__(self, hook: Hook, window: Window, clock: Clock, counters: Counters, deadline: float) -> None:
        self._hook = hook
        self._window = window
        self._clock = clock
        self._counters = counters
        self._deadline = deadline

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request; an inline answer is reported to the window once its bytes are in the socket."""
        body = await self._body(request)
        if isinstance(body, web.Response):
            return body
        answer, inbox = await self._answer(request, body)
        response = _response(answer)
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionResetError:  # the platform has hung up: it brings it again, or the words go as a letter
            self._count("left")
            return response
        if inbox is not None:
            self._window.written(inbox)
        return response

    async def _body(self, request: web.Request) -> bytes | web.Response:
        """The body, or the refusal of one that is too large, too slow, packed or broken."""
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return self._refuse("packed", 415)
        if request.content_length is not None and request.content_length > self._hook.body_limit:
            return self._refuse("oversize", 413)
        body = bytearray()
        try:
            async with asyncio.timeout(self._deadline):
                async for chunk in request.content.iter_any():
                    body += chunk
                    if len(body) > self._hook.body_limit:
                        return self._refuse("oversize", 413)
        except TimeoutError:
            return self._refuse("slow", 408)
        except web.RequestPayloadError:
            return self._refuse("broken", 400)
        return bytes(body)

    async def _answer(self, request: web.Request, body: bytes) -> tuple[Answer, int | None]:
        """What to answer, and the inbox row to mark when it has been written. The one broad guard of the edge."""
        delivery = Delivery(
            method=request.method,
            query=dict(request.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
        )
        try:
            if len(delivery.query) != len(request.query):
                raise Rejected("doubled parameter")
            return await self._served(delivery)
        except Rejected:
            self._count("rejected")
            return Answer(b"", status=403), None
        except Exception as error:
            self._count("failed")
            _log.error("a delivery on %s failed: %s", self._hook.path, describe(error))
            return Answer(b"", status=500), None

    async def _served(self, delivery: Delivery) -> tuple[Answer, int | None]:
        hook, now = self._hook, self._clock.now()
        try:
            read = hook.read(delivery, now)
        except Unreadable as error:
            await self._window.keep_unread(hook.platform, hook.account, delivery, str(error))
            self._count("unreadable")
            return SUCCESS, None
        if not isinstance(read, Incoming):
            self._count("answered")
            return read, None
        served: Served = await self._window.serve(read)
        self._count("repeat" if served.repeat else "accepted")
        answer = hook.answer(delivery, read, served.receipt, now)
        return answer, served.inbox if read.inline else None

    def _refuse(self, outcome: str, status: int) -> web.Response:
        self._count(outcome)
        response = _response(Answer(b"", status=status))
        response.force_close()
        return response

    def _count(self, outcome: str) -> None:
        self._counters.add("deliveries", platform=self._hook.platform, account=self._hook.account, outcome=outcome)


def build_app(
    hooks: Sequence[Hook],
    window: Window,
    *,
    health: Health,
    clock: Clock,
    counters: Counters,
    routes: Sequence[web.AbstractRouteDef] = (),
    body_deadline: float = BODY_DEADLINE,
) -> web.Application:
    """The application: one path per hook, the health pages, and `routes` (`metrics_routes` when they belong here)."""
    app = web.Application()
    for hook in hooks:
        edge = Edge(hook, window, clock, counters, body_deadline)
        app.router.add_route("GET", hook.path, edge.handle)
        app.router.add_route("POST", hook.path, edge.handle)
    app.add_routes(health_routes(health))
    app.add_routes(routes)
    return app


class Discreet(logging.Filter):
    """Takes the words of requests and exceptions out of aiohttp's own log lines; what is no HTTP is not logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written, rewritten where it carries an exception."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return True
        what = str(record.msg).partition(" from")[0]  # aiohttp goes on with the address of the client
        record.msg, record.args, record.exc_info = f"{what}: {describe(error)}", (), None
        return not isinstance(error, HttpProcessingError)


def build_runner(app: web.Application, *, idle: float = IDLE) -> web.AppRunner:
    """A runner with the time limits that keep slow clients from sitting on connections (reliability.md S4)."""
    logger = logging.getLogger(f"{__name__}.http")
    logger.filters = [Discreet()]
    return web.AppRunner(
        app,
        access_log=None,
        auto_decompress=False,
        handle_signals=False,
        keepalive_timeout=idle,
        lingering_time=LINGER,
        logger=logger,
    )


def only_on(host: str) -> Middleware:
    """Operations (/health, /metrics) answer only what came in on this address; a wildcard means on any."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if host not in WILDCARDS and request.path.startswith(OPERATIONS) and _came_in_on(request) != host:
            raise web.HTTPNotFound
        return await handler(request)

    return guard


def _came_in_on(request: web.Request) -> str:
    name = request.transport.get_extra_info("sockname") if request.transport is not None else None
    return str(name[0]) if name else ""


def health_routes(health: Health) -> list[web.RouteDef]:
    """`/health/live`: the loop turns. `/health/ready`: `health()["ready"]` is true; its other values are shown."""

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"live": True})

    async def ready(_: web.Request) -> web.Response:
        state = dict(health())
        text = json.dumps(state, ensure_ascii=False, default=str)
        return web.json_response(text=text, status=200 if state.get("ready") else 503)

    return [web.get("/health/live", live), web.get("/health/ready", ready)]


def metrics_routes(counters: Counters, health: Health) -> list[web.RouteDef]:
    """`/metrics`, for whichever application it is configured to live on."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=counters.render(health()), content_type="text/plain", charset="utf-8")

    return [web.get("/metrics", show)]


def _response(answer: Answer) -> web.Response:
    return web.Response(
        body=answer.body,
        status=answer.status,
        content_type=answer.content_type,
        charset="utf-8",
        headers={"X-Content-Type-Options": "nosniff", **answer.headers},
    )


def _pairs(labels: Iterable[tuple[str, object]]) -> str:
    return ",".join(f'{key}="{_escaped(str(value))}"' for key, value in labels)


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
