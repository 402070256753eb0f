"""Knows the files of the page: which there are, of what kind, and that a browser asks before it reuses one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import ETag, web

FOLDER: Final = Path(__file__).with_name("page")
INDEX: Final = "index.html"
KINDS: Final[Mapping[str, str]] = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file of the page, in memory."""

    body: bytes
    kind: str
    tag: str


class Files:
    """The files of the page by name; nothing else is ever served."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {path.name: _file(path) for path in sorted(folder.iterdir()) if path.suffix in KINDS}

    async def index(self, request: web.Request) -> web.Response:
        """The page itself."""
        return self._answer(request, self._files[INDEX])

    async def one(self, request: web.Request) -> web.Response:
        """One of the files that the page loads."""
        file = self._files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404)
        return self._answer(request, file)

    def _answer(self, request: web.Request, file: File) -> web.Response:
        known = any(tag.value in (file.tag, "*") for tag in request.if_none_match or ())
        response = web.Response(status=304) if known else web.Response(body=file.body, content_type=file.kind)
        if not known:
            response.charset = "utf-8"
        response.etag = ETag(value=file.tag)
        response.headers["Cache-Control"] = "private, no-cache"
        return response


def _file(path: Path) -> File:
    body = path.read_bytes()
    return File(body, KINDS[path.suffix], hashlib.sha256(body).hexdigest()[:32])
