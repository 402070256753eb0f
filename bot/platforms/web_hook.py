"""Knows what a page of the website widget posts: who may, from where, how often, and what it is as an `Incoming`."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import time
from base64 import urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from bot.config_platforms import WebConfig
from bot.doors import Answer, Delivery, Rejected
from bot.secret import Secret, same
from handlers.incoming import Incoming, Media
from handlers.raw import RawText

BODY_LIMIT: Final = 16 * 1024
TOKEN_HEADER: Final = "x-site-token"
POLE: Final = 90.0
DATE_LINE: Final = 180.0
MINUTE: Final = 60.0
REMEMBERED: Final = 10_000
JSON: Final = "application/json"
TAKEN: Final = b'{"taken": true}'

_KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_VISITOR = re.compile(r"[A-Za-z0-9_-]{22}")
_MARK = re.compile(r"\S{1,128}")
_SCENE = re.compile(r"[A-Za-z0-9_-]{0,64}")
_UPLOAD = re.compile(r"([0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{2,4})~[A-Za-z0-9_-]{24}")


class Visitors:
    """The anonymous people of one site: a number drawn for each browser, and our seal on it."""

    def __init__(self, account: str, secret: Secret) -> None:
        self._account = account
        self._secret = secret

    def new(self) -> str:
        """A new visitor, sealed."""
        return self.sealed(secrets.token_urlsafe(16))

    def sealed(self, visitor: str) -> str:
        """The visitor with our seal, as a browser shows it."""
        return f"{visitor}.{self._mark(visitor)}"

    def upload(self, visitor: str, name: str) -> str:
        """What a visitor has sent, under this name, with our seal: nobody else's message can name it."""
        return f"{name}~{self._mark(f'{visitor}:{name}')}"

    def sent(self, visitor: str, ref: str) -> bool:
        """Whether it was this visitor who sent that."""
        found = _UPLOAD.fullmatch(ref)
        return found is not None and same(self.upload(visitor, found[1]), ref)

    def _mark(self, said: str) -> str:
        key, whole = self._secret.reveal().encode(), f"{self._account}:{said}".encode()
        return urlsafe_b64encode(hmac.new(key, whole, hashlib.sha256).digest()[:18]).decode()

    def known(self, shown: str) -> str:
        """The visitor of a sealed number. Raises Rejected."""
        visitor = shown.partition(".")[0]
        if not _VISITOR.fullmatch(visitor) or not same(self.sealed(visitor), shown):
            raise Rejected("visitor")
        return visitor


class Pace:
    """How often each of many may do something within a minute."""

    def __init__(self, per_minute: int, steady: Callable[[], float] = time.monotonic) -> None:
        self._most = per_minute
        self._steady = steady
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def takes(self, who: str) -> bool:
        """Whether this one may once more; it counts as done."""
        now = self._steady()
        left, at = self._left.pop(who, (float(self._most), now))
        left = min(left + (now - at) * self._most / MINUTE, float(self._most))
        self._left[who] = (left - 1.0 if left >= 1.0 else left, now)
        while len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return left >= 1.0


class Gate:
    """Who may come in to one site: the token of the site, a page of one of its origins, a visitor we have sealed."""

    def __init__(self, config: WebConfig) -> None:
        self.visitors = Visitors(config.account, config.secret)
        self._token = config.token
        self._origins = config.origins

    def allows(self, headers: Mapping[str, str]) -> str:
        """The origin that may read our answer, “” for our own page. Raises Rejected for a foreign one."""
        origin = headers.get("origin", "")
        if not origin or (origin in self._origins):
            return origin
        if _host(origin) == headers.get("host", "-"):
            return ""
        raise Rejected("origin")

    def check(self, headers: Mapping[str, str]) -> None:
        """The site itself: its token, and where its page stands. Raises Rejected."""
        if not self._token or not same(headers.get(TOKEN_HEADER, ""), self._token.reveal()):
            raise Rejected("site token")
        self.allows(headers)

    def visitor(self, headers: Mapping[str, str]) -> str:
        """The visitor who speaks. Raises Rejected."""
        self.check(headers)
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        if scheme != "Bearer":
            raise Rejected("visitor")
        return self.visitors.known(shown)

    def heads(self, headers: Mapping[str, str]) -> dict[str, str]:
        """What an answer carries so that the browser lets the page read it."""
        origin = self.allows(headers)
        shared = {"Access-Control-Allow-Origin": origin} if origin else {}
        return {"Vary": "Origin", "Cache-Control": "no-store", **shared}


class WebHook:
    """The address to which pages post. Nothing is said inline: replies are letters, for they may carry buttons."""

    platform = "web"
    body_limit = BODY_LIMIT

    def __init__(self, config: WebConfig, steady: Callable[[], float] = time.monotonic) -> None:
        self.account = config.account
        self.path = f"/hooks/web/{config.account}"
        self._gate = Gate(config)
        self._pace = Pace(config.per_minute, steady)

    def read(self, delivery: Delivery, now: datetime) -> Incoming | Answer:
        """The message; a refusal of what is no message, or comes too fast. Raises Rejected."""
        if delivery.method != "POST":
            raise Rejected("method")
        visitor = self._gate.visitor(delivery.headers)
        heads = self._gate.heads(delivery.headers)
        if not self._pace.takes(visitor):
            return Answer(b"{}", JSON, 429, {**heads, "Retry-After": "5"})
        read = message(delivery.body, self.account, visitor, now)
        if read is not None and not all(self._gate.visitors.sent(visitor, one.ref) for one in read.media):
            read = None
        return read or Answer(b"{}", JSON, 400, heads)

    def answer(self, delivery: Delivery, incoming: Incoming, receipt: str, now: datetime) -> Answer:
        """That it was taken; the words are fetched."""
        return Answer(TAKEN, JSON, headers=self._gate.heads(delivery.headers))


def _host(origin: str) -> str:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return ""
    return parts.netloc if parts.scheme in ("http", "https") else ""


def message(body: bytes, account: str, visitor: str, now: datetime) -> Incoming | None:
    """What a page posted; None for what is no message. It is the page's mistake, so nothing of it is kept."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return None
    key = said.get("key") if isinstance(said, dict) else None
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        return None
    address = f"web:{account}:{visitor}"
    plain = Incoming(platform="web", account=account, key=f"{visitor}:{key}", sender=address, chat=address, said_at=now)
    read = _KINDS.get(str(said.get("kind")))
    return read(plain, said) if read else replace(plain, kind="other")


def _text(plain: Incoming, said: Mapping[str, Any]) -> Incoming | None:
    words = said.get("text")
    return replace(plain, text=RawText(words)) if isinstance(words, str) and words.strip() else None


def _press(plain: Incoming, said: Mapping[str, Any]) -> Incoming | None:
    """A button, by what came with it."""
    mark = said.get("action")
    return replace(plain, kind="press", mark=mark) if isinstance(mark, str) and _MARK.fullmatch(mark) else None


def _location(plain: Incoming, said: Mapping[str, Any]) -> Incoming | None:
    """A place as browsers tell it: WGS-84."""
    latitude, longitude = (_degrees(said.get(name), most) for name, most in (("lat", POLE), ("lon", DATE_LINE)))
    if latitude is None or longitude is None:
        return None
    return replace(plain, kind="location", location=(latitude, longitude))


def _medium(plain: Incoming, said: Mapping[str, Any]) -> Incoming | None:
    """A picture or recording that was sent just before; pictures chosen together are one `album`."""
    ref, album = said.get("ref"), said.get("album", "")
    if not isinstance(ref, str) or not isinstance(album, str) or not _SCENE.fullmatch(album):
        return None
    kind: Literal["photo", "voice"] = "voice" if said["kind"] == "voice" else "photo"
    return replace(plain, kind=kind, media=(Media(kind, ref),), scene=f"album:{album}" if album else "")


def _degrees(value: object, most: float) -> float | None:
    """A number of degrees; compared before it is made a float, for which some numbers are too long."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not -most <= value <= most:
        return None
    return float(value)


def _begin(plain: Incoming, said: Mapping[str, Any]) -> Incoming | None:
    """The widget is opened for the first time, perhaps on the page of one grid."""
    scene = said.get("scene", "")
    if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
        return None
    return replace(plain, kind="event", event="subscribe", scene=scene)


_KINDS: Final[Mapping[str, Callable[[Incoming, Mapping[str, Any]], Incoming | None]]] = {
    "text": _text,
    "press": _press,
    "location": _location,
    "photo": _medium,
    "voice": _medium,
    "begin": _begin,
}
