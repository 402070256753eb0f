"""Knows the ways in which a delivery is forged: every bit of what guards it, and what a clever stranger would try."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace

from tests.bot.platforms.driver import Driver, Wire, flipped
from tests.fakes.wechat import Pusher
from tests.fakes.wecom import AppPusher

LATE = 301
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


def forged(driver: Driver, good: Wire, other: Wire, chance: random.Random) -> Iterator[tuple[str, Wire]]:
    """Everything that can be wrong with one delivery, each with what it is called."""
    sealed = good.query.get("msg_signature")
    yield from _query(good, other, chance)
    if sealed:
        yield from _body(good, other, chance)
        yield from _stale(driver)
        yield from _elsewhere(driver)
    else:
        yield from _headers(driver, good, chance)
    if "signature" not in good.query:  # a GET that WeChat has signed is its echo: it stores nothing
        yield "another method", replace(good, method="GET", body=b"")
    yield "bare", Wire(good.body)


def _query(good: Wire, other: Wire, chance: random.Random) -> Iterator[tuple[str, Wire]]:
    """The signed parameters: each bit, missing, empty, longer, shorter, in capitals, another message's, shuffled."""
    for name, value in good.query.items():
        if name in ("encrypt_type",):
            continue
        for one in flipped(value):
            yield f"bit of {name}", replace(good, query={**good.query, name: one})
        rest = {key: held for key, held in good.query.items() if key != name}
        if name != "signature":  # WeChat's second one: a delivery may come without it
            yield "missing", replace(good, query=rest)
        for one in {"", value + "0", value[:-1], value[::-1], value.upper(), "0" * len(value), f" {value}"} - {value}:
            yield "changed parameter", replace(good, query={**good.query, name: one})
        strange = other.query[name]
        if strange != value:
            yield "another's parameter", replace(good, query={**good.query, name: strange})
    if good.query:
        values = list(good.query.values())
        chance.shuffle(values)
        mixed = dict(zip(good.query, values, strict=True))
        if mixed != good.query:
            yield "shuffled", replace(good, query=mixed)


def _body(good: Wire, other: Wire, chance: random.Random) -> Iterator[tuple[str, Wire]]:
    """The ciphertext: each bit, another's, cut, longer, twice, characters elsewhere, no envelope."""
    body = good.body.decode()
    start = body.index("[CDATA[", body.index("Encrypt")) + 7 if "<xml>" in body else body.index(': "') + 3
    end = body.index("]]", start) if "<xml>" in body else body.rindex('"')
    cipher = body[start:end]
    for one in flipped(cipher):
        yield "bit of ciphertext", replace(good, body=f"{body[:start]}{one}{body[end:]}".encode())
    yield "another's ciphertext", replace(good, body=other.body)
    for cut in range(1, len(cipher), 7):
        yield "cut ciphertext", replace(good, body=f"{body[:start]}{cipher[:cut]}{body[end:]}".encode())
    for _ in range(200):
        at = chance.randrange(len(cipher))
        one = chance.choice(ALPHABET.replace(cipher[at], ""))
        made = cipher[:at] + one + cipher[at + 1 :]
        yield "changed ciphertext", replace(good, body=f"{body[:start]}{made}{body[end:]}".encode())
    for made in (cipher * 2, cipher + "A", cipher + "AAAA", "A" + cipher, ""):
        yield "longer ciphertext", replace(good, body=f"{body[:start]}{made}{body[end:]}".encode())
    for bare in (b"", b"<xml></xml>", b"{}", b"[]", b"null", good.body + good.body, good.body[:-8] + other.body):
        yield "no envelope", replace(good, body=bare)


def _stale(driver: Driver) -> Iterator[tuple[str, Wire]]:
    """Rightly signed, but not now."""
    for late in (LATE, -LATE, 3600, 86_400, -86_400, 10**8):
        yield "stale", driver.says("x", late=late)


def _elsewhere(driver: Driver) -> Iterator[tuple[str, Wire]]:
    """Rightly signed and sealed, and meant for another account: the receiver's id inside is not ours."""
    stamp, nonce = int(driver.clock.now().timestamp()), "1597212914"
    for app_id in ("", "wx2c2769f8efd9abc3", "ww5823bf96d3bd56c8", "wx2c2769f8efd9abc2" * 2, "\x00", "aibot-1"):
        for pusher in (Pusher(), AppPusher()):
            if app_id or "bot" not in driver.name:  # a bot has no receiver id
                sealed = pusher.seal("<xml><MsgType>text</MsgType></xml>", app_id=app_id)
                body = pusher.envelope(sealed) if "bot" not in driver.name else json.dumps({"encrypt": sealed}).encode()
                yield "another receiver", Wire(body, pusher.query(stamp, nonce, sealed))


def _headers(driver: Driver, good: Wire, chance: random.Random) -> Iterator[tuple[str, Wire]]:
    """What stands in headers where nothing is signed: each bit, and guesses."""
    for wire in driver.forged():
        yield "bit of a header", replace(wire, body=good.body)
    for name, value in good.headers.items():
        if name in ("Content-Type", "Origin"):
            continue
        yield "missing", replace(good, headers={key: held for key, held in good.headers.items() if key != name})
        for _ in range(300):
            at = chance.randrange(len(value))
            one = chance.choice(ALPHABET.replace(value[at], ""))
            yield "changed header", replace(good, headers={**good.headers, name: value[:at] + one + value[at + 1 :]})
        for one in {"", value + "0", value[:-1], value[::-1], value * 2, value.swapcase(), f"Bearer {value}"} - {value}:
            yield "changed header", replace(good, headers={**good.headers, name: one})
