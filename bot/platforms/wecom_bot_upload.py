"""Knows how a picture is brought to the platform over the long connection: told, sent in chunks, finished."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from bot.doors import SendFailed

CHUNK: Final = 512 * 1024
LARGEST: Final = 10 << 20
BEGIN: Final = "aibot_upload_media_init"
PART: Final = "aibot_upload_media_chunk"
END: Final = "aibot_upload_media_finish"
NAME: Final = "photo.jpg"

Ask = Callable[[dict[str, Any], str], Awaitable[Mapping[str, Any]]]
"""Sends one frame of a kind; what its acknowledgement carries. Raises SendFailed."""


async def uploaded(ask: Ask, picture: bytes) -> str:
    """The platform's id of a picture. Raises SendFailed."""
    if len(picture) > LARGEST:
        raise SendFailed("the picture is too large", permanent=True)
    chunks = [picture[n : n + CHUNK] for n in range(0, len(picture), CHUNK)]
    digest = hashlib.md5(picture, usedforsecurity=False).hexdigest()
    sizes = {"total_size": len(picture), "total_chunks": len(chunks), "md5": digest}
    number = _named(await ask({"type": "image", "filename": NAME, **sizes}, BEGIN), "upload_id")
    for n, chunk in enumerate(chunks):
        data = base64.b64encode(chunk).decode()
        await ask({"upload_id": number, "chunk_index": n, "base64_data": data}, PART)
    return _named(await ask({"upload_id": number}, END), "media_id")


def _named(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise SendFailed(f"the platform gave no {name}")
    return value
