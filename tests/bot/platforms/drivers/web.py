"""Knows how the suite drives the website widget: what a page posts and fetches; no house of others stands behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.config_platforms import WebConfig
from bot.doors import Platform, Window
from bot.platforms.web import Patience, Web
from bot.platforms.web_hook import Visitors
from bot.platforms.web_media import Given
from bot.secret import Secret
from handlers.incoming import Media
from handlers.raw import RawText
from storage.values import Outgoing
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, WORKER, Code, Driver, Kind, Wire, flipped, photo
from tests.fakes.aio import Moving
from tests.product import product

SITE = "town-hall"
TOKEN = "site-token_canary-0001"
SECRET = Secret("a-secret-of-the-site-that-is-long-enough")
ORIGIN = "https://www.example.gov.cn"
CONFIG = WebConfig(account=SITE, token=Secret(TOKEN), secret=SECRET, origins=(ORIGIN,), per_minute=600)
NUMBERS = {RESIDENT: "r" * 22, WORKER: "w" * 22, OTHER_WORKER: "o" * 22}
MEDIA = Given(Path("/nowhere"), photo, product().desk.rules.wording, Moving())
NOBODY_ELSE = "letters lie in our own memory until the page fetches them: no server of others stands between"
PAGE_SIGNS_NOTHING = (
    "a page cannot keep a key to sign with; a repeat is known by its own key for ever (see “duplicate”)"
)


class WebDriver(Driver):
    """One site with one page."""

    name, adapter = "Website widget", "bot.platforms.web"
    people = {name: f"web:{SITE}:{number}" for name, number in NUMBERS.items()}
    cannot = {
        "replay": PAGE_SIGNS_NOTHING,
        "group versus private": "a page belongs to one visitor",
        "every errcode": NOBODY_ELSE,
        "quota exhausted": NOBODY_ELSE,
        "more at once": NOBODY_ELSE,
        "member left": "nobody leaves: a closed page simply asks for nothing more, and its letters wait",
        "token expired": NOBODY_ELSE,
        "platform down": NOBODY_ELSE,
    }

    def __init__(self, clock: Moving) -> None:
        super().__init__(clock)
        self.laid: list[Outgoing] = []
        self._strangers = 0

    def app(self) -> web.Application:
        return web.Application()

    def platform(self, base: str, window: Window) -> Platform:
        return Web(CONFIG, lying=self._lying, media=MEDIA, patience=Patience(whole=0.0))

    def says(self, words: str, *, key: int = 1, by: str = RESIDENT, group: bool = False, late: float = 0.0) -> Wire:
        return self._post(by, key=f"k{key}", kind="text", text=words)

    def presses(self, mark: str, *, key: int, by: str, label: str = "") -> Wire:
        return self._post(by, key=f"k{key}", kind="press", action=mark)

    def kinds(self) -> Iterator[Kind]:
        me = self.people[RESIDENT]
        same = {"platform": "web", "account": SITE, "sender": me, "chat": me, "said_at": self.clock.now()}
        for n, (name, said, facts) in enumerate(KINDS):
            wire = self._post(RESIDENT, key=f"kind-{n}", **said)
            yield Kind(name, wire, {**same, "key": f"{NUMBERS[RESIDENT]}:kind-{n}", **facts})

    def album(self) -> Sequence[Wire]:
        return [self._post(RESIDENT, key=f"a{n}", kind="photo", ref=upload(n), album="together") for n in (1, 2)]

    def codes(self) -> Mapping[str, Code]:
        return {}

    def broken(self) -> Wire:
        return Wire(b'{"key": "k1", "kind": ', headers=self.heads(RESIDENT))

    def signs(self, inside: bytes) -> Wire:
        self._strangers += 1  # each from another browser: one browser alone is soon too fast
        shown = Visitors(SITE, SECRET).sealed(f"{self._strangers:022d}")
        heads = {"X-Site-Token": TOKEN, "Authorization": f"Bearer {shown}", "Origin": ORIGIN}
        return Wire(inside, headers=heads)

    def forged(self) -> Iterator[Wire]:
        good = self.says("x")
        for header, value in (("X-Site-Token", TOKEN), ("Authorization", good.headers["Authorization"])):
            for other in flipped(value):
                yield Wire(good.body, headers={**good.headers, header: other})
        for origin in (*flipped(ORIGIN), "null", f"{ORIGIN}.evil.example", "https://evil.example"):
            yield Wire(good.body, headers={**good.headers, "Origin": origin})
        yield Wire(good.body)

    def sent(self, letter: Outgoing) -> None:
        self.laid.append(letter)

    async def texts(self, by: str) -> list[str]:
        async with aiohttp.ClientSession() as session:
            url = f"{self.door}/web/{SITE}/letters"
            async with session.get(url, params={"after": "0"}, headers=self.heads(by)) as response:
                assert response.status == 200
                return [letter["text"] for letter in (await response.json())["letters"]]

    def heads(self, by: str) -> dict[str, str]:
        """What a page shows of itself."""
        shown = Visitors(SITE, SECRET).sealed(NUMBERS[by])
        return {"X-Site-Token": TOKEN, "Authorization": f"Bearer {shown}", "Origin": ORIGIN}

    def _post(self, by: str, **said: object) -> Wire:
        return Wire(json.dumps(said, ensure_ascii=False).encode(), headers=self.heads(by))

    async def _lying(self, lane: str, after: int) -> Sequence[Outgoing]:
        return [letter for letter in self.laid if letter.chat == lane and letter.id > after]


def upload(n: int, by: str = RESIDENT) -> str:
    """The reference of something that a page has sent before."""
    return Visitors(SITE, SECRET).upload(NUMBERS[by], f"ab/{n:032x}.jpg")


UPLOAD = upload(1)
KINDS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("text", {"kind": "text", "text": "路灯坏了"}, {"kind": "text", "text": RawText("路灯坏了")}),
    ("press", {"kind": "press", "action": "Qk3_x-9TwErA.0"}, {"kind": "press", "mark": "Qk3_x-9TwErA.0"}),
    ("location", {"kind": "location", "lat": 33.38, "lon": 120}, {"kind": "location", "location": (33.38, 120.0)}),
    ("begin", {"kind": "begin"}, {"kind": "event", "event": "subscribe", "scene": ""}),
    ("begin with a grid", {"kind": "begin", "scene": "jr-2"}, {"kind": "event", "event": "subscribe", "scene": "jr-2"}),
    (
        "photo",
        {"kind": "photo", "ref": UPLOAD},
        {"kind": "photo", "media": (Media("photo", UPLOAD),), "scene": "", "text": RawText("")},
    ),
    (
        "photo of an album",
        {"kind": "photo", "ref": UPLOAD, "album": "a-1"},
        {"kind": "photo", "media": (Media("photo", UPLOAD),), "scene": "album:a-1"},
    ),
    ("voice", {"kind": "voice", "ref": UPLOAD}, {"kind": "voice", "media": (Media("voice", UPLOAD),)}),
    ("unknown kind", {"kind": "dance"}, {"kind": "other"}),
]

DRIVER = WebDriver
