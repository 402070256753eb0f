"""Pictures and recordings of the website widget: what is taken, refused, forgotten, and shown to whom."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.config_platforms import WebConfig
from bot.doors import Answer, SendFailed
from bot.media import PIXELS
from bot.platforms import web_media
from bot.platforms.web import Patience, Web
from bot.platforms.web_hook import WebHook
from bot.platforms.web_media import Given
from bot.server import Counters, build_app
from handlers.incoming import Incoming
from storage.values import Outgoing
from tests.bot.platforms.driver import OTHER_WORKER, RESIDENT, Wire
from tests.bot.platforms.drivers.web import CONFIG, NUMBERS, SITE, WebDriver, upload
from tests.fakes.aio import Moving, running, serving, until
from tests.fakes.letters import letter
from tests.fakes.window import LittleWindow
from tests.house import modules
from tests.product import product

WORDING = product().desk.rules.wording
DRIVER = WebDriver(Moving())
LANE = f"web:{SITE}:{NUMBERS[RESIDENT]}"
AMR = b"#!AMR\n" + b"x" * 100
STORED = {"p1": b"\xff\xd8\xff what was done", "other": b"\xff\xd8\xff of somebody else"}


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    """A picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, kind, **more)
    return file.getvalue()


async def stored(name: str) -> bytes:
    if name not in STORED:
        raise FileNotFoundError(name)
    return STORED[name]


class Site:
    """A running site, and a page of it."""

    def __init__(self, widget: Web, session: aiohttp.ClientSession, base: str, folder: Path) -> None:
        self.widget, self.session, self.base, self.folder = widget, session, base, folder
        self.told = ""

    async def uploads(self, body: bytes, by: str = RESIDENT, heads: dict[str, str] | None = None) -> tuple[int, str]:
        """The status, and the reference of what was kept."""
        shown = DRIVER.heads(by) if heads is None else heads
        async with self.session.post(
            f"{self.base}/web/{SITE}/upload", data=io.BytesIO(body), headers=shown
        ) as response:
            found = await response.json() if response.status != 403 else {}
            self.told = found.get("told", "")
            return response.status, found.get("ref", "")

    async def sees(self, number: int, n: int = 0, by: str = RESIDENT) -> tuple[int, bytes]:
        url = f"{self.base}/web/{SITE}/letters/{number}/{n}"
        async with self.session.get(url, headers=DRIVER.heads(by)) as response:
            return response.status, await response.read()

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]


@asynccontextmanager
async def standing(folder: Path, config: WebConfig = CONFIG, *laid: Outgoing) -> AsyncIterator[Site]:
    async def lying(lane: str, after: int) -> list[Outgoing]:
        return [one for one in laid if one.chat == lane and one.id > after]

    clock = Moving()
    given = Given(folder, stored, WORDING, clock)
    widget = Web(config, lying=lying, media=given, patience=Patience(whole=0.0), steady=clock.monotonic)
    app = build_app(widget.hooks, LittleWindow(), health=dict, clock=clock, counters=Counters(), routes=widget.routes())
    await widget.start()
    async with serving(app) as base, aiohttp.ClientSession() as session:
        try:
            yield Site(widget, session, base, folder)
        finally:
            await widget.stop()


@pytest.mark.parametrize(("kind", "wanted"), [("JPEG", "photo"), ("PNG", "photo"), ("GIF", "photo"), ("WEBP", "photo")])
@running
async def test_a_picture_lies_here_harmless_until_its_message_is_served(kind: str, wanted: str, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary"
    async with standing(tmp_path) as site:
        status, ref = await site.uploads(
            picture(kind, exif=exif) if kind != "GIF" else picture(kind, comment=b"canary")
        )
        assert status == 200
        data = await site.widget.fetch({"ref": ref, "address": LANE})
        with Image.open(io.BytesIO(data)) as found:
            assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (40, 30), {})
        assert b"canary" not in data
        said = site.widget.hooks[0].read(_post(kind=wanted, ref=ref).delivery(), DRIVER.clock.now())
        assert isinstance(said, Incoming)
        assert [one.ref for one in said.media] == [ref]


@pytest.mark.parametrize("head", [b"#!AMR\n", b"OggS", b"ID3", b"RIFF1234WAVE", b"\x1aE\xdf\xa3", b"1234ftypM4A "])
@running
async def test_a_recording_is_kept_as_it_is(head: bytes, tmp_path: Path) -> None:
    async with standing(tmp_path) as site:
        status, ref = await site.uploads(head + b"sound" * 20)
        assert status == 200
        assert await site.widget.fetch({"ref": ref}) == head + b"sound" * 20


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"", 415, "打不开"),
        (b"<svg onload='alert(1)'></svg>", 415, "打不开"),
        (b"%PDF-1.7", 415, "打不开"),
        (b"\xff\xd8\xff broken", 415, "打不开"),
        (picture("PNG", (PIXELS // 1000 + 1, 1000)), 415, "打不开"),
        (AMR + b"x" * web_media.RECORDING_BYTES, 413, "语音太长"),
        (picture() + b"x" * (1 << 20), 413, "最多 1 MB"),
    ],
)
@running
async def test_what_cannot_be_taken_is_refused_in_plain_words(
    body: bytes, status: int, words: str, tmp_path: Path
) -> None:
    most = 4 if body.startswith(b"#!AMR") else 1
    async with standing(tmp_path, replace(CONFIG, upload_mb=most)) as site:
        assert (await site.uploads(body))[0] == status
        assert words in site.told
        assert site.files() == []
        assert (await site.uploads(picture()))[0] == 200, "the next one is taken"


@running
async def test_who_is_no_visitor_of_this_site_leaves_nothing(tmp_path: Path) -> None:
    good = DRIVER.heads(RESIDENT)
    async with standing(tmp_path) as site:
        for changed in ({"X-Site-Token": "x"}, {"Authorization": "Bearer x"}, {"Origin": "https://evil.example"}):
            assert (await site.uploads(picture(), heads={**good, **changed}))[0] == 403
        assert site.files() == []


@running
async def test_nobody_sends_faster_than_they_may_and_the_disk_is_not_filled(tmp_path: Path) -> None:
    async with standing(tmp_path, replace(CONFIG, per_minute=2, visitors_per_minute=3)) as site:
        assert [(await site.uploads(AMR))[0] for _ in range(3)] == [200, 200, 429]
        assert [(await site.uploads(AMR, by=OTHER_WORKER))[0] for _ in range(2)] == [200, 429]
        assert "过一分钟" in site.told


@running
async def test_what_lies_here_for_a_day_is_forgotten(tmp_path: Path) -> None:
    now = Moving().now().timestamp()
    for name, age in (("a" * 32, web_media.LIFE + 60), ("b" * 32, web_media.LIFE - 60)):
        path = tmp_path / name[:2] / f"{name}.jpg"
        path.parent.mkdir()
        path.write_bytes(b"x")
        os.utime(path, (now - age, now - age))
    async with standing(tmp_path) as site:
        await until(lambda: len(site.files()) == 1)
        assert site.files()[0].stem == "b" * 32
        with pytest.raises(SendFailed) as gone:
            await site.widget.fetch({"ref": f"aa/{'a' * 32}.jpg~x"})
        assert gone.value.permanent
    for ref in ("", "../../etc/passwd", "/etc/passwd"):
        with pytest.raises(SendFailed):
            await site.widget.fetch({"ref": ref})


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ({"kind": "photo", "ref": upload(1)}, True),
        ({"kind": "photo", "ref": upload(1), "album": "a-1"}, True),
        ({"kind": "photo", "ref": upload(1), "album": "a b"}, False),
        ({"kind": "photo", "ref": upload(1), "album": 7}, False),
        ({"kind": "photo", "ref": upload(1, by=OTHER_WORKER)}, False),
        ({"kind": "voice", "ref": upload(1, by=OTHER_WORKER)}, False),
        ({"kind": "photo", "ref": upload(1).replace("ab/", "ac/")}, False),
        ({"kind": "photo", "ref": upload(1)[:-1]}, False),
        ({"kind": "photo", "ref": "../../etc/passwd"}, False),
        ({"kind": "photo", "ref": 7}, False),
        ({"kind": "photo"}, False),
    ],
)
def test_only_what_this_visitor_has_sent_can_be_named(said: dict[str, object], taken: bool) -> None:
    read = WebHook(CONFIG, Moving().monotonic).read(_post(**said).delivery(), DRIVER.clock.now())
    assert isinstance(read, Incoming) == taken
    assert taken or (isinstance(read, Answer) and read.status == 400)


@running
async def test_photos_of_a_letter_are_for_its_reader_alone(tmp_path: Path) -> None:
    mine = letter(5, LANE, photos=("p1", "gone"))
    theirs = letter(6, f"web:{SITE}:{NUMBERS[OTHER_WORKER]}", photos=("other",))
    async with standing(tmp_path, CONFIG, mine, theirs) as site:
        assert await site.sees(5) == (200, STORED["p1"])
        assert [(await site.sees(*which))[0] for which in ((5, 1), (5, 2), (6, 0), (4, 0))] == [404] * 4
        assert (await site.sees(6, by=OTHER_WORKER))[0] == 200
        assert (await site.sees(5, by=OTHER_WORKER))[0] == 404
        url = f"{site.base}/web/{SITE}/letters/5/0"
        async with site.session.get(url) as response:
            assert response.status == 403
        async with site.session.get(f"{site.base}/web/{SITE}/letters", headers=DRIVER.heads(RESIDENT)) as response:
            assert [one.get("photos") for one in (await response.json())["letters"]] == [2]


def _post(**said: object) -> Wire:
    return DRIVER._post(RESIDENT, key="k1", **said)


def test_every_sentence_of_the_widget_is_said() -> None:
    said = {word for module in modules("bot/platforms") for _, word in module.words()}
    keys = {key for key in WORDING.sentences if key.startswith("web.upload.")}
    assert keys == {word for word in said if word.startswith("web.upload.")}
