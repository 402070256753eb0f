"""Errands fetch media before they are gone; the shelf keeps what is harmless, under names nobody can guess."""

from __future__ import annotations

import asyncio
import io
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from bot.doors import Abilities, Hook, SendFailed
from bot.errands import Errands
from bot.media import LARGEST, NAME, PIXELS, SIDE, MediaRefused, Shelf, as_jpeg, sniff
from storage.values import DueErrand, ErrandOutcome, Outgoing
from tests.fakes.aio import Moving, running, until

ADDRESS = "wechat:gh:o1"


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else None).save(out, form, **more)
    return out.getvalue()


@dataclass
class Source:
    """A platform that holds media."""

    media: dict[str, bytes] = field(default_factory=dict)
    trouble: list[BaseException] = field(default_factory=list)
    lane_prefix: str = "wechat:gh:"
    abilities: Abilities = field(default_factory=Abilities)
    hooks: tuple[Hook, ...] = ()
    fetched: list[str] = field(default_factory=list)

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def deliver(self, one: Outgoing) -> str:
        return ""

    async def fetch(self, facts: Mapping[str, str]) -> bytes:
        self.fetched.append(facts["ref"])
        await asyncio.sleep(0)
        if self.trouble:
            raise self.trouble.pop(0)
        return self.media[facts["ref"]]


@dataclass
class Book:
    """Errands that are due, and what became of them."""

    due: list[DueErrand] = field(default_factory=list)
    outcomes: list[ErrandOutcome] = field(default_factory=list)
    broken: int = 0

    async def claim(self, limit: int) -> list[DueErrand]:
        if self.broken:
            self.broken -= 1
            raise OSError("the database is away")
        taken, self.due = self.due[:limit], self.due[limit:]
        return taken

    async def settle(self, outcomes: Sequence[ErrandOutcome]) -> None:
        self.outcomes += outcomes


@dataclass
class Desk:
    """Everything around the runner."""

    folder: Path
    source: Source = field(default_factory=Source)
    book: Book = field(default_factory=Book)
    clock: Moving = field(default_factory=Moving)
    results: list[tuple[int, str]] = field(default_factory=list)
    given_up: list[tuple[int, str]] = field(default_factory=list)
    deaf: int = 0
    hears: bool = False

    def runner(self) -> Errands:
        async def done(errand: DueErrand, path: str) -> None:
            self._hear()
            self.results.append((errand.id, path))

        async def failed(errand: DueErrand, reason: str) -> None:
            self._hear()
            self.given_up.append((errand.id, reason))

        make = {"download": Shelf(self.folder).save} | ({"hear": self._words} if self.hears else {})
        return Errands(self.book, [self.source], make, clock=self.clock, done=done, failed=failed, jitter=lambda: 0.0)

    async def _words(self, recording: bytes) -> str:
        return recording.decode()

    def order(self, number: int = 1, attempts: int = 0, kind: str = "download", **facts: str) -> None:
        given = {"photo": "p1", "ref": "m1", "address": ADDRESS, **facts}
        self.book.due.append(DueErrand(id=number, kind=kind, case="A0001", facts=given, attempts=attempts))

    def _hear(self) -> None:
        if self.deaf:
            self.deaf -= 1
            raise OSError("the counter is away")


# -- errands -------------------------------------------------------------------------------------------------------


@running
async def test_a_medium_is_fetched_kept_and_reported(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.source.media["m1"] = picture()
    desk.order()
    assert await desk.runner().round() == 1
    ((number, name),) = desk.results
    assert (number, desk.book.outcomes) == (1, [ErrandOutcome(id=1, state="done")])
    assert (await Shelf(tmp_path).read(name)).startswith(b"\xff\xd8\xff")


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 5.0), (1, 30.0), (2, 300.0), (3, 1800.0), (4, 7200.0), (5, 21600.0), (6, None)]
)
@running
async def test_failures_are_tried_again_longer_each_time(tmp_path: Path, attempts: int, seconds: float | None) -> None:
    desk = Desk(tmp_path)
    desk.source.trouble = [SendFailed("HTTP 503")]
    desk.order(attempts=attempts)
    await desk.runner().round()
    (outcome,) = desk.book.outcomes
    if seconds is None:
        assert (outcome.state, desk.given_up) == ("dead", [(1, "HTTP 503")])
    else:
        assert outcome.state == "retry"
        assert outcome.retry_at is not None
        assert (outcome.retry_at - desk.clock.now()).total_seconds() == seconds
        assert desk.given_up == []


@pytest.mark.parametrize(("told", "seconds"), [(60.0, 60.0), (1e9, 3600.0), (-5.0, 5.0)])
@running
async def test_a_platforms_waiting_time_is_kept_to(tmp_path: Path, told: float, seconds: float) -> None:
    desk = Desk(tmp_path)
    desk.source.trouble = [SendFailed("busy", retry_after=told)]
    desk.order()
    await desk.runner().round()
    retry_at = desk.book.outcomes[0].retry_at
    assert isinstance(retry_at, datetime)
    assert (retry_at - desk.clock.now()).total_seconds() == seconds


@running
async def test_what_can_never_work_is_given_up_at_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.source.media = {"m1": b"<svg onload=alert(1)>", "m2": b""}
    desk.order(1)
    desk.order(2, ref="m2")
    desk.order(3, address="wecom::li")
    desk.order(4, kind="dance")
    await desk.runner().round()
    assert [outcome.state for outcome in desk.book.outcomes] == ["dead"] * 4
    assert sorted(number for number, _ in desk.given_up) == [1, 2, 3, 4]
    desk.source.trouble = [SendFailed("errcode 40007", permanent=True)]
    desk.order(5)
    await desk.runner().round()
    assert desk.given_up[-1] == (5, "errcode 40007")


@running
async def test_a_medium_that_names_its_platform_is_fetched_there_whoever_sent_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.source.media["wechat:gh:m1"] = picture()
    desk.order(1, address="wecom::li", ref="wechat:gh:m1")
    await desk.runner().round()
    assert [outcome.state for outcome in desk.book.outcomes] == ["done"]


@running
async def test_a_bug_and_a_deaf_counter_are_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    desk = Desk(tmp_path)
    desk.source.media["m1"] = picture()
    desk.source.trouble = [ZeroDivisionError("13800138000")]
    desk.order(1)
    await desk.runner().round()
    desk.deaf = 2
    desk.order(2)
    desk.order(3, kind="dance")
    await desk.runner().round()
    assert [outcome.state for outcome in desk.book.outcomes] == ["retry", "retry", "retry"]
    assert "ZeroDivisionError at fetch" in caplog.text
    assert "13800138000" not in caplog.text


@running
async def test_a_recording_becomes_words_soon_or_is_given_up(tmp_path: Path) -> None:
    desk = Desk(tmp_path, hears=True)
    desk.source.media["m1"] = "路灯坏了".encode()
    desk.order(1, kind="hear")
    await desk.runner().round()
    assert desk.results == [(1, "路灯坏了")]
    desk.source.trouble = [SendFailed("HTTP 503"), SendFailed("HTTP 503")]
    desk.order(2, kind="hear")
    desk.order(3, kind="hear", attempts=1)
    await desk.runner().round()
    assert [(one.id, one.state) for one in desk.book.outcomes[1:]] == [(2, "retry"), (3, "dead")]
    assert desk.given_up == [(3, "HTTP 503")]
    desk.hears = False
    desk.order(4, kind="hear")
    await desk.runner().round()
    assert desk.given_up[1:] == [(4, "nobody here can do this")]


@running
async def test_the_loop_wakes_survives_and_stops(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.source.media["m1"] = picture()
    desk.book.broken = 1
    runner = desk.runner()
    task = asyncio.create_task(runner.run())
    await asyncio.sleep(0.01)
    for number in range(10):
        desk.order(number)
    runner.wake()
    await until(lambda: len(desk.results) == 10, 3.0)
    runner.stop()
    await task


# -- the shelf -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "BMP"])
def test_pictures_become_jpeg(form: str) -> None:
    again = Image.open(io.BytesIO(as_jpeg(picture(form))))
    assert (again.format, again.size, again.mode) == ("JPEG", (40, 20), "RGB")


def test_metadata_are_gone_and_the_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = "canary-camera"
    exif[ExifTags.Base.ImageDescription] = "canary 13800138000"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (33.0, 20.0, 50.0)
    kept = as_jpeg(picture("JPEG", exif=exif, comment=b"canary-comment"))
    again = Image.open(io.BytesIO(kept))
    assert again.size == (20, 40)
    assert not again.getexif()
    assert b"canary" not in kept
    assert b"Exif" not in kept
    assert "comment" not in again.info


def test_what_is_transparent_becomes_white_and_large_pictures_smaller() -> None:
    clear = Image.open(io.BytesIO(as_jpeg(picture("PNG", mode="RGBA"))))
    assert clear.getpixel((0, 0)) == (255, 255, 255)
    for mode in ("L", "LA", "P", "CMYK", "1", "I;16"):
        form = "TIFF" if mode == "CMYK" else "PNG"
        if form == "PNG":
            assert as_jpeg(picture(form, mode=mode))
    wide = Image.open(io.BytesIO(as_jpeg(picture("JPEG", size=(5000, 1000)))))
    assert max(wide.size) == SIDE


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is huge; its pixels are not there."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "data",
    [
        huge_png(50_000, 50_000),
        huge_png(PIXELS // 1000 + 1, 1000),
        huge_png(12_000, 12_000),
        picture()[:-20][:60],
        b"\xff\xd8\xff" + b"\0" * 100,
        b"GIF89a" + b"\xff" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"12345678WEBP",
        b"BM" + b"\xff" * 60,
    ],
)
def test_bombs_and_broken_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(MediaRefused):
        as_jpeg(data)


def test_an_animation_is_its_first_frame_however_long() -> None:
    frames = [Image.new("P", (8, 8), n % 2) for n in range(300)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert Image.open(io.BytesIO(as_jpeg(out.getvalue()))).size == (8, 8)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"#!AMR\n...", "amr"),
        (b"\x02#!SILK_V3", "silk"),
        (b"OggS", "ogg"),
        (b"ID3\x04", "mp3"),
        (b"\xff\xfb\x90", "mp3"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"\0\0\0\x18ftypmp42", "mp4"),
        (b"%PDF-1.7", "pdf"),
    ],
)
@running
async def test_recordings_are_kept_as_they_are(tmp_path: Path, data: bytes, kind: str) -> None:
    shelf = Shelf(tmp_path)
    name = await shelf.save(data)
    assert name.endswith(f".{kind}")
    assert await shelf.read(name) == data


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg", b"<html>", b"MZ\x90", b"\x7fELF", b"PK\x03\x04", b"#!/bin/sh", b"\xff\xd8\xff" + b"x" * LARGEST],
)
def test_nothing_else_is_kept(data: bytes) -> None:
    with pytest.raises(MediaRefused):
        sniff(data)


@given(st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"BM"]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_kept_or_refused(data: bytes, mark: bytes) -> None:
    try:
        as_jpeg(mark + data)
    except MediaRefused:
        return


def leftovers(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def rights(path: Path) -> int:
    return path.stat().st_mode & 0o777


@running
async def test_names_are_random_private_and_lead_nowhere_else(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "media")
    (tmp_path / "secret.txt").write_text("canary")
    names = [await shelf.save(picture()) for _ in range(20)]
    assert len(set(names)) == 20
    assert all(NAME.fullmatch(name) for name in names)
    assert rights(tmp_path / "media" / names[0]) == 0o600
    assert not leftovers(tmp_path)
    for name in (
        "../secret.txt",
        "/etc/passwd",
        "",
        "ab/../../secret.txt",
        names[0] + "\n",
        names[0].upper(),
        "secret.txt",
    ):
        with pytest.raises(OSError, match="no name"):
            await shelf.read(name)
        with pytest.raises(OSError, match="no name"):
            await shelf.remove(name)
    await shelf.remove(names[0])
    await shelf.remove(names[0])
    with pytest.raises(FileNotFoundError):
        await shelf.read(names[0])
