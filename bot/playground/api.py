"""Knows the addresses of the playground and what each asks of the stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from bot.playground.guard import Guard
from bot.playground.ports import AsyncStage
from bot.playground.posted import (
    LATITUDE,
    LONGEST_STEP,
    LONGITUDE,
    NAME_LIMIT,
    BadInput,
    Posted,
    json_posted,
    photo_posted,
    picture_type,
)
from bot.playground.static import Files
from bot.secret import Secret

ROOT: Final = "/playground"
PHONES: Final = 6
PATIENCE: Final = 25.0


def routes(stage: AsyncStage, words: Mapping[str, str], password: Secret | None = None) -> list[web.RouteDef]:
    """All addresses of the playground. `words` holds the sentences of `handlers/wording/playground.yml`."""
    files, watch, act = Files(), Watching(stage), Acting(stage)
    guard = Guard(words, password or Secret())
    api = f"{ROOT}/api"
    return [
        web.get("/", guard.wrap(files.index)),
        web.get(f"{ROOT}/static/{{file}}", guard.wrap(files.one)),
        web.get(f"{api}/town", guard.wrap(watch.town)),
        web.get(f"{api}/view", guard.wrap(watch.view)),
        web.get(f"{api}/tails", guard.wrap(watch.tails)),
        web.get(f"{api}/changes", guard.wrap(watch.changes)),
        web.get(f"{api}/case/{{number}}", guard.wrap(watch.case)),
        web.get(f"{api}/photo/{{id}}", guard.wrap(watch.photo)),
        web.post(f"{api}/say", guard.wrap(act.say)),
        web.post(f"{api}/photo", guard.wrap(act.photo)),
        web.post(f"{api}/location", guard.wrap(act.location)),
        web.post(f"{api}/voice", guard.wrap(act.voice)),
        web.post(f"{api}/press", guard.wrap(act.press)),
        web.post(f"{api}/advance", guard.wrap(act.advance)),
        web.post(f"{api}/reset", guard.wrap(act.reset)),
        web.post(f"{api}/demo", guard.wrap(act.demo)),
    ]


class Watching:
    """What the page reads: the town, the phones it shows, the board, one case, pictures."""

    def __init__(self, stage: AsyncStage) -> None:
        self._stage = stage

    async def town(self, _: web.Request) -> web.Response:
        """The people and groups, and what a visitor may try."""
        return web.json_response(dict(await self._stage.town()))

    async def view(self, request: web.Request) -> web.Response:
        """Everything on the page at once: the board, and the timelines of the phones `who`; not of who has left."""
        phones = request.query.getall("who", [])
        if len(phones) > PHONES:
            raise BadInput("many")
        known = _residents(await self._stage.town())
        if phones and known.isdisjoint(phones):
            raise BadInput("who")
        version = await self._stage.version()  # first: what changes while the rest is read shows with the next poll
        return web.json_response(
            {
                "version": version,
                "town": await self._stage.town_version(),
                "board": dict(await self._stage.board()),
                "timelines": {who: await self._stage.timeline(who) for who in phones if who in known},
            }
        )

    async def tails(self, _: web.Request) -> web.Response:
        """How much the bot has said to each person and group, for the marks of unread chats."""
        return web.json_response(dict(await self._stage.tails()))

    async def changes(self, request: web.Request) -> web.Response:
        """The version, as soon as it is no longer `since`."""
        since = request.query.get("since", "")
        if not since.isascii() or not since.isdigit() or len(since) > NAME_LIMIT:
            raise BadInput("since")
        return web.json_response({"version": await self._stage.changed(int(since), PATIENCE)})

    async def case(self, request: web.Request) -> web.Response:
        """One case with its history."""
        found = await self._stage.case(request.match_info["number"][:NAME_LIMIT])
        if found is None:
            raise BadInput("case", 404)
        return web.json_response(dict(found))

    async def photo(self, request: web.Request) -> web.Response:
        """The bytes of one picture."""
        data = await self._stage.photo_bytes(request.match_info["id"][:NAME_LIMIT])
        if data is None:
            raise BadInput("photo.gone", 404)
        return web.Response(body=data, content_type=picture_type(data) or "application/octet-stream")


class Acting:
    """What a visitor does in somebody's place, and with the clock."""

    def __init__(self, stage: AsyncStage) -> None:
        self._stage = stage

    async def say(self, request: web.Request) -> web.Response:
        """Somebody says something."""
        posted, who, chat = await self._speaker(request)
        quote = await self._quote(posted, chat)
        await self._stage.say(who, posted.text(), chat=chat, addressed=posted.flag("addressed"), quote=quote)
        return _done()

    async def photo(self, request: web.Request) -> web.Response:
        """Somebody sends a picture."""
        posted, data = await photo_posted(request)
        who, chat = await self._place(posted)
        addressed, quote = posted.words("addressed", NAME_LIMIT) == "true", await self._quote(posted, chat)
        await self._stage.photo(who, data, posted.words("caption"), chat=chat, addressed=addressed, quote=quote)
        return _done()

    async def location(self, request: web.Request) -> web.Response:
        """Somebody sends where they are."""
        posted, who, _ = await self._speaker(request)
        lat, lon = posted.number("lat", -LATITUDE, LATITUDE), posted.number("lon", -LONGITUDE, LONGITUDE)
        await self._stage.location(who, lat, lon)
        return _done()

    async def voice(self, request: web.Request) -> web.Response:
        """Somebody speaks."""
        posted, who, _ = await self._speaker(request)
        await self._stage.voice(who, posted.text())
        return _done()

    async def press(self, request: web.Request) -> web.Response:
        """Somebody presses a button."""
        posted, who, chat = await self._speaker(request)
        await self._stage.press(who, posted.text("mark", 200), chat=chat)
        return _done()

    async def advance(self, request: web.Request) -> web.Response:
        """The clock moves on."""
        posted = await json_posted(request)
        await self._stage.advance(posted.number("seconds", 1.0, LONGEST_STEP))
        return _done()

    async def reset(self, request: web.Request) -> web.Response:
        """The town begins again."""
        await json_posted(request)
        await self._stage.reset()
        return _done()

    async def demo(self, request: web.Request) -> web.Response:
        """A finished month takes the town's place."""
        await json_posted(request)
        if not (await self._stage.town()).get("demo"):
            raise BadInput("no_demo", 404)
        if not await self._stage.demo():
            raise BadInput("demo", 500)
        return _done()

    async def _quote(self, posted: Posted, chat: str) -> str:
        """The case whose card is answered; it hangs in this group."""
        quote = posted.words("quote", NAME_LIMIT)
        if quote and not (chat and await self._stage.shows(quote, chat)):
            raise BadInput("quote")
        return quote

    async def _speaker(self, request: web.Request) -> tuple[Posted, str, str]:
        posted = await json_posted(request)
        return posted, *await self._place(posted)

    async def _place(self, posted: Posted) -> tuple[str, str]:
        """Who acts, and in which chat; both are in the town, and the person is in the group."""
        who, chat = posted.text("who", NAME_LIMIT), posted.words("chat", NAME_LIMIT)
        town = await self._stage.town()
        if who not in {person["id"] for person in town["people"]}:
            raise BadInput("who")
        if chat:
            group = next((group for group in town["groups"] if group["id"] == chat), None)
            if group is None:
                raise BadInput("who")
            if who not in group["members"]:
                raise BadInput("chat")
        return who, chat


def _residents(town: Mapping[str, Any]) -> frozenset[str]:
    """Everyone and every group that has a phone."""
    return frozenset(one["id"] for one in (*town["people"], *town["groups"]))


def _done() -> web.Response:
    return web.json_response({"done": True})
