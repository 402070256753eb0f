"""Knows what a fake needs so that people can use it by hand: rooms to write in, lines to read, what the bot is told.

Each module of tests/fakes/booths with a class `Booth` takes part; `python -m tests.fakes` finds it by itself.
"""

from __future__ import annotations

import io
import pkgutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from aiohttp import web
from PIL import Image, ImageDraw

from tests.fakes import booths

BOT = "小格"


class HandClock:
    """The clock of the fakes: the system's, moved on by hand. `real` stamps deliveries: the bot's own clock stays."""

    def __init__(self) -> None:
        self.moved = 0.0

    def now(self) -> float:
        """Seconds by which windows, quotas and tokens run out."""
        return self.real() + self.moved

    def real(self) -> float:
        """Seconds of the system's clock."""
        return time.time()  # noqa: TID251


@dataclass(frozen=True)
class Key:
    """A button as it can be pressed: what stands on it, and what pressing it sends."""

    label: str
    data: str


@dataclass
class Line:
    """Something that was said in a room."""

    who: str
    text: str
    keys: tuple[Key, ...] = ()
    picture: bytes = b""
    marked: bool = False
    """Whether the text is markdown as WeCom shows it."""


@dataclass
class Room:
    """A chat. Without `people` nobody can write there; `acts` are what else can be done: (name, label)."""

    id: str
    title: str
    note: str = ""
    people: tuple[str, ...] = ()
    acts: tuple[tuple[str, str], ...] = ()
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Setup:
    """What the bot is told: settings, who has which account, which group sits in which chat (ids of config.yaml)."""

    settings: Mapping[str, str]
    accounts: Mapping[str, str] = field(default_factory=dict)
    chats: Mapping[str, str] = field(default_factory=dict)


class Booth(Protocol):
    """One fake platform to be used by hand. `place` orders the booths on the page; those of one `server` share it."""

    name: str
    place: int
    server: str
    rooms: Sequence[Room]

    def __init__(self, clock: HandClock) -> None: ...
    def app(self) -> web.Application:
        """The platform's server."""

    def setup(self, base: str) -> Setup:
        """How the bot finds this server at `base`."""

    def look(self) -> None:
        """Bring the lines of the rooms up to what the bot has sent."""

    async def say(self, bot: str, room: Room, who: str, text: str) -> None:
        """Somebody writes."""

    async def act(self, bot: str, room: Room, who: str, act: str, text: str) -> None:
        """Somebody does one of the room's acts."""

    async def press(self, bot: str, room: Room, who: str, key: Key) -> None:
        """Somebody presses a button."""


def found(clock: HandClock) -> list[Booth]:
    """Every booth there is, but those whose fake (`NEEDS`) is not there."""
    names = sorted(module.name for module in pkgutil.iter_modules(booths.__path__))
    modules = [import_module(f"{booths.__name__}.{name}") for name in names]
    made: list[Booth] = [one.Booth(clock) for one in modules if find_spec(getattr(one, "NEEDS", one.__name__))]
    return sorted(made, key=lambda booth: booth.place)


def shared(apps: Sequence[web.Application]) -> web.Application:
    """One server of several parts: platforms answer all they do at one address."""
    whole = web.Application(client_max_size=64 << 20)
    for app in apps:
        for route in app.router.routes():
            if route.resource is not None:
                whole.router.add_route(route.method, route.resource.canonical, route.handler)
    return whole


def photo(words: str) -> bytes:
    """A picture as a phone would take it, for want of a phone."""
    image = Image.new("RGB", (480, 320), "#8aa")
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 120, 420, 300), fill="#665")
    draw.line((60, 120, 240, 40, 420, 120), fill="#443", width=8)
    draw.text((20, 10), words.encode("ascii", "ignore").decode(), fill="white")
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()
