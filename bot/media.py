"""Knows pictures and recordings as files: what may be kept, made harmless (no EXIF, no bombs), under a random name."""

from __future__ import annotations

import asyncio
import io
import os
import re
import secrets
import struct
from contextlib import suppress
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

LARGEST: Final = 20 << 20
PIXELS: Final = 25_000_000
SIDE: Final = 2560
SIDES: Final = (1920, 1280, 960)
QUALITY: Final = 85
NAME: Final = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{2,4}")
PICTURES: Final = ("JPEG", "PNG", "GIF", "WEBP", "BMP")
WHITE: Final = (255, 255, 255)

_BROKEN: Final = (
    OSError,
    ValueError,
    SyntaxError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    struct.error,
    MemoryError,
)
"""What Pillow raises on broken pictures."""
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)

_MARKS: Final = (
    (0, b"\xff\xd8\xff", "jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (8, b"WEBP", "webp"),
    (0, b"BM", "bmp"),
    (0, b"#!AMR", "amr"),
    (0, b"#!SILK", "silk"),
    (1, b"#!SILK", "silk"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (8, b"WAVE", "wav"),
    (4, b"ftyp", "mp4"),
    (0, b"\x1aE\xdf\xa3", "webm"),
    (0, b"%PDF-", "pdf"),
)
_PICTURE_KINDS: Final = frozenset({"jpg", "png", "gif", "webp", "bmp"})


class MediaRefused(Exception):
    """This is nothing we keep: too large, a bomb, broken, or of a kind nobody asked for."""


class Shelf:
    """The media folder. Names are `ab/<32 hex digits>.<kind>`, below the folder; nothing else is read or removed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def save(self, data: bytes) -> str:
        """Keep a medium; its name. Pictures become JPEG without metadata. Raises MediaRefused."""
        return await asyncio.to_thread(self._save, data)

    async def read(self, name: str) -> bytes:
        """The bytes under a name. Raises OSError when there are none."""
        return await asyncio.to_thread(self._path(name).read_bytes)

    async def remove(self, name: str) -> None:
        """Forget a medium; one that is gone already is no mistake."""
        await asyncio.to_thread(self._path(name).unlink, missing_ok=True)

    async def sweep(self, before: float) -> int:
        """Forget what was put here before this moment; how many are left."""
        return await asyncio.to_thread(self._sweep, before)

    def _sweep(self, before: float) -> int:
        left = 0
        for path in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):  # another process sweeps too
                if path.stat().st_mtime < before:
                    path.unlink()
                else:
                    left += 1
        return left

    def _save(self, data: bytes) -> str:
        kind = sniff(data)
        if kind in _PICTURE_KINDS:
            kind, data = "jpg", as_jpeg(data)
        stem = secrets.token_hex(16)
        name = f"{stem[:2]}/{stem}.{kind}"
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        half = path.with_suffix(".part")
        with open(half, "xb", opener=_private) as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
        return name

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise FileNotFoundError("no name of a medium")
        return self._folder / name


def sniff(data: bytes) -> str:
    """The kind of a medium by its first bytes, whatever anybody calls it. Raises MediaRefused."""
    if len(data) > LARGEST:
        raise MediaRefused("too large")
    for offset, mark, kind in _MARKS:
        if data.startswith(mark, offset):
            return kind
    raise MediaRefused("of no kind we keep")


def as_jpeg(data: bytes, side: int = SIDE) -> bytes:
    """The picture, upright, at most 2560 pixels (or `side`) a side, as JPEG without metadata. Raises MediaRefused.

    The size is read from the header before anything is decoded; only the first frame of an animation is.
    """
    try:
        with Image.open(io.BytesIO(data), formats=PICTURES) as picture:
            if picture.width * picture.height > PIXELS:
                raise MediaRefused("too many pixels")
            picture.draft("RGB", (side, side))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((side, side))
            out = io.BytesIO()
            _opaque(upright).save(out, "JPEG", quality=QUALITY)
            return out.getvalue()
    except (*_BROKEN, *_BOMB) as error:
        raise MediaRefused(type(error).__name__) from None


def smaller(data: bytes, limit: int) -> bytes:
    """The picture in at most `limit` bytes, as a smaller JPEG where it is larger. Raises MediaRefused."""
    for side in SIDES:
        if len(data) <= limit:
            return data
        data = as_jpeg(data, side)
    if len(data) > limit:
        raise MediaRefused("too large")
    return data


def _opaque(picture: Image.Image) -> Image.Image:
    """The picture in RGB, what was transparent on white, in a new image that carries no metadata along."""
    plain = Image.new("RGB", picture.size, WHITE)
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    else:
        plain.paste(picture.convert("RGB"))
    return plain


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
