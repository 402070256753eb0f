"""Knows the website widget of one site: its page, and how a letter lies ready until the visitor's page fetches it."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.config_platforms import WebConfig
from bot.doors import Abilities, Hook, Rejected, SendFailed
from bot.platforms.parts import clean
from bot.platforms.web_hook import TOKEN_HEADER, Gate, Pace, WebHook
from bot.platforms.web_media import Given, WebMedia
from storage.values import Outgoing

Lying = Callable[[str, int], Awaitable[Sequence[Outgoing]]]
"""The letters that lie ready in a lane, from behind a number on."""

PAGE: Final = Path(__file__).with_name("web_page")
KINDS: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
LETTERS: Final = 10_000
JPEG: Final = "image/jpeg"
METHODS: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": f"authorization, content-type, {TOKEN_HEADER}",
    "Access-Control-Max-Age": "600",
}


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a page may wait for letters, how often the memory is asked meanwhile, and how many may wait at once."""

    whole: float = 20.0
    look: float = 2.0
    rung: float = 0.05
    pages: int = 500
    each: int = 2


class Bells:
    """Who waits in this process for which lane; letters that another process has laid ready are found by looking."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    def ring(self, lane: str) -> None:
        """A letter for this lane is being laid ready."""
        for bell in self._waiting.get(lane, ()):
            bell.set()

    def ring_all(self) -> None:
        """Nobody waits any longer."""
        for lane in self._waiting:
            self.ring(lane)

    async def wait(self, lane: str, seconds: float) -> bool:
        """Whether it rang within this time."""
        bell = asyncio.Event()
        self._waiting.setdefault(lane, set()).add(bell)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(bell.wait(), seconds)
            return bell.is_set()
        finally:
            self._waiting[lane].discard(bell)
            if not self._waiting[lane]:
                del self._waiting[lane]


class Web:
    """One site. A letter is sent once it lies in the memory; the visitor's page fetches it, today or tomorrow."""

    def __init__(
        self,
        config: WebConfig,
        *,
        lying: Lying,
        media: Given,
        patience: Patience = Patience(),
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lane_prefix = f"web:{config.account}:"
        self.abilities = Abilities(buttons=True, length=LETTERS, unit="characters", per_second=20.0)
        self.hooks: tuple[Hook, ...] = (WebHook(config, steady),)
        self._config = config
        self._gate = Gate(config)
        self._lying = lying
        self._patience = patience
        self._steady = steady
        self._begins = Pace(config.visitors_per_minute, steady)
        self._media = WebMedia(config, media, steady)
        self._bells = Bells()
        self._leaving = False
        self._pages: Counter[str] = Counter()
        self._files = {path.name: path.read_bytes() for path in PAGE.iterdir() if path.suffix in KINDS}

    async def start(self) -> None:
        """Everything is asked for by pages; what they have sent is looked through now and then."""
        await self._media.start()

    async def stop(self) -> None:
        """Nothing else to close."""
        await self._media.stop()

    async def deliver(self, letter: Outgoing) -> str:
        """The letter lies in the memory already: whoever waits for it is told to look."""
        if not letter.chat.startswith(self.lane_prefix):
            raise SendFailed("no visitor of this site", permanent=True)
        self._bells.ring(letter.chat)
        return str(letter.id)

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        """A picture or recording that a page has sent. Raises SendFailed."""
        return await self._media.fetch(facts)

    def routes(self) -> list[web.RouteDef]:
        """The widget's files, its new visitors, its letters; and what browsers ask before they post from elsewhere."""
        here = f"/web/{self._config.account}"
        photo = f"{here}/letters/{{letter:[0-9]{{1,18}}}}/{{n:[0-9]}}"
        paths = (self.hooks[0].path, f"{here}/visitor", f"{here}/letters", f"{here}/upload", photo)
        return [
            *(web.options(path, self._preflight) for path in paths),
            web.post(f"{here}/visitor", self._guarded(self._begin)),
            web.get(f"{here}/letters", self._guarded(self._letters)),
            web.get(photo, self._guarded(self._photo)),
            web.post(f"{here}/upload", self._guarded(self._upload)),
            web.get(f"{here}/", self._index),
            web.get(f"{here}/{{file}}", self._file),
        ]

    # -- what pages ask for --------------------------------------------------------------------------------------------

    async def _begin(self, request: web.Request) -> web.Response:
        """A number for a new visitor."""
        self._gate.check(_heads(request))
        if not self._begins.takes(""):
            return web.json_response({}, status=429, headers={"Retry-After": "30"})
        return web.json_response({"visitor": self._gate.visitors.new()})

    async def _letters(self, request: web.Request) -> web.Response:
        """The visitor's letters from behind `after` on; waits for one where there is none."""
        visitor = self._gate.visitor(_heads(request))
        asked = request.query.get("after", "0")
        if not (asked.isascii() and asked.isdigit() and len(asked) <= len("9223372036854775807") - 1):
            return web.json_response({}, status=400)
        crowded = self._pages.total() >= self._patience.pages or self._pages[visitor] >= self._patience.each
        self._pages[visitor] += 1
        try:
            found = await self._wait(self.lane_prefix + visitor, int(asked), 0.0 if crowded else self._patience.whole)
        finally:
            self._pages[visitor] -= 1
            if not self._pages[visitor]:
                del self._pages[visitor]
        return web.json_response({"letters": [shown(letter) for letter in found]})

    async def _upload(self, request: web.Request) -> web.Response:
        """A picture or recording, before the message that names it."""
        return await self._media.take(request, self._gate.visitor(_heads(request)))

    async def _photo(self, request: web.Request) -> web.Response:
        """A photo of a letter that lies ready for this very visitor."""
        lane = self.lane_prefix + self._gate.visitor(_heads(request))
        number, n = int(request.match_info["letter"]), int(request.match_info["n"])
        letter = next((one for one in await self._lying(lane, number - 1) if one.id == number), None)
        data = await self._media.photo(letter, n) if letter is not None else None
        heads = {"X-Content-Type-Options": "nosniff"}
        return web.Response(status=404) if data is None else web.Response(body=data, content_type=JPEG, headers=heads)

    def let_go(self) -> None:
        """Answer all pages at once, with what is there."""
        self._leaving = True
        self._bells.ring_all()

    async def _wait(self, lane: str, after: int, seconds: float) -> Sequence[Outgoing]:
        """Look, and again whenever the bell has rung: the letter lies ready a moment later."""
        until, soon = self._steady() + seconds, 0
        while True:
            found = await self._lying(lane, after)
            left = until - self._steady()
            if found or left <= 0.0 or self._leaving:
                return found
            pause = self._patience.rung if soon else self._patience.look
            rang = await self._bells.wait(lane, min(pause, left))
            soon = 20 if rang else max(soon - 1, 0)

    async def _preflight(self, request: web.Request) -> web.Response:
        try:
            return web.Response(status=204, headers={**self._gate.heads(_heads(request)), **METHODS})
        except Rejected:
            return web.Response(status=403)

    async def _index(self, request: web.Request) -> web.Response:
        return self._served("index.html")

    async def _file(self, request: web.Request) -> web.Response:
        return self._served(request.match_info["file"])

    def _served(self, name: str) -> web.Response:
        """A file of the widget; only pages of the site's origins may frame it."""
        if name not in self._files:
            return web.Response(status=404)
        frames = " ".join(("'self'", *self._config.origins))
        policy = (
            f"default-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors {frames}"
        )
        heads = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "public, max-age=300",
        }
        return web.Response(
            body=self._files[name], content_type=KINDS[Path(name).suffix], charset="utf-8", headers=heads
        )

    def _guarded(
        self, handle: Callable[[web.Request], Awaitable[web.Response]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                heads = self._gate.heads(_heads(request))
                response = await handle(request)
            except Rejected:
                return web.Response(status=403)
            response.headers.update(heads)
            return response

        return answer


def shown(letter: Outgoing) -> dict[str, object]:
    """A letter as a page gets it: nothing of whom it is for. An edit is told anew, in its own words."""
    words = (letter.kind == "edit" and letter.follow_up) or letter.text
    return {
        "id": letter.id,
        "at": letter.created_at.isoformat(timespec="seconds"),
        "text": clean(words),
        "case": letter.case,
        "red": letter.red,
        **({"photos": len(letter.photos)} if letter.photos else {}),
        "buttons": [{"label": button.label, "action": button.mark} for button in letter.buttons],
    }


def _heads(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
