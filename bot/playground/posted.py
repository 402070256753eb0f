"""Knows what the page may post: small JSON objects and pictures, each field with its limits."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import BodyPartReader, web

JSON_LIMIT: Final = 16 * 1024
PHOTO_LIMIT: Final = 10 * 1024 * 1024
TEXT_LIMIT: Final = 2000
NAME_LIMIT: Final = 64
PARTS: Final = 8
DEADLINE: Final = 30.0
LATITUDE: Final = 90.0
LONGITUDE: Final = 180.0
LONGEST_STEP: Final = 31 * 24 * 3600.0

_UNPRINTABLE: Final = frozenset(chr(n) for n in (*range(32), 127, *range(0xD800, 0xE000))) - {"\n", "\t"}
_PICTURES: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
)


class BadInput(Exception):
    """What was posted cannot be used; `key` names the sentence that says why."""

    def __init__(self, key: str, status: int = 400) -> None:
        super().__init__(key)
        self.key = key
        self.status = status


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of one request, each read with its limits. Raises BadInput for what does not fit."""

    fields: Mapping[str, Any]

    def text(self, key: str = "text", limit: int = TEXT_LIMIT) -> str:
        """A text that must not be empty."""
        value = self.words(key, limit)
        if not value:
            raise BadInput(f"empty.{key}")
        return value

    def words(self, key: str, limit: int = TEXT_LIMIT) -> str:
        """A text that may be missing."""
        value = self.fields.get(key, "")
        if not isinstance(value, str):
            raise BadInput("shape")
        value = value.strip()
        if len(value) > limit:
            raise BadInput("long")
        if not _UNPRINTABLE.isdisjoint(value):
            raise BadInput("shape")
        return value

    def flag(self, key: str) -> bool:
        """Whether a box is ticked; missing is no."""
        value = self.fields.get(key, False)
        if not isinstance(value, bool):
            raise BadInput("shape")
        return value

    def number(self, key: str, low: float, high: float) -> float:
        """A finite number between two limits."""
        value = self.fields.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput("shape")
        if not low <= value <= high:  # neither NaN nor the infinities are
            raise BadInput(f"range.{key}")
        return float(value)


async def json_posted(request: web.Request) -> Posted:
    """The JSON object of a request."""
    if request.content_type != "application/json":
        raise BadInput("type", 415)
    async with _deadline():
        raw = await _read(request, JSON_LIMIT)
    try:
        fields = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadInput("shape") from error
    if not isinstance(fields, dict):
        raise BadInput("shape")
    return Posted(fields)


async def photo_posted(request: web.Request) -> tuple[Posted, bytes]:
    """The fields and the picture (`photo`) of a multipart form."""
    if request.content_type != "multipart/form-data":
        raise BadInput("type", 415)
    if (request.content_length or 0) > PHOTO_LIMIT + JSON_LIMIT:
        raise BadInput("photo.large", 413)
    try:
        async with _deadline():
            fields, data = await _parts(request)
    except (ValueError, AssertionError, web.RequestPayloadError) as error:
        raise BadInput("shape") from error
    if not picture_type(data):
        raise BadInput("photo.kind" if data else "empty.photo")
    return Posted(fields), data


def picture_type(data: bytes) -> str:
    """The content type of a picture by its first bytes, or “”."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for head, kind in _PICTURES if data.startswith(head)), "")


async def _parts(request: web.Request) -> tuple[dict[str, str], bytes]:
    fields: dict[str, str] = {}
    data = b""
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        if not isinstance(part, BodyPartReader) or len(fields) > PARTS:
            raise BadInput("shape")
        if part.name == "photo":
            data = await _part(part, PHOTO_LIMIT, "photo.large")
        elif part.name:
            fields[part.name] = (await _part(part, JSON_LIMIT, "large")).decode("utf-8")
    return fields, data


async def _part(part: BodyPartReader, limit: int, key: str) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk():
        data += chunk
        if len(data) > limit:
            raise BadInput(key, 413)
    return bytes(data)


async def _read(request: web.Request, limit: int) -> bytes:
    data = bytearray()
    try:
        async for chunk in request.content.iter_any():
            data += chunk
            if len(data) > limit:
                raise BadInput("large", 413)
    except web.RequestPayloadError as error:
        raise BadInput("shape") from error
    return bytes(data)


@asynccontextmanager
async def _deadline() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(DEADLINE):
            yield
    except TimeoutError as error:
        raise BadInput("slow", 408) from error
