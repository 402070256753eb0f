"""Knows bodies that are meant to hurt a parser: bombs that are no message, and messages with something odd in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

from tests.bot.platforms.driver import Driver

PAYLOADS: Final = Path(__file__).parents[1] / "payloads"
FOLDERS: Final = {
    "Telegram": "telegram", "WeChat 服务号": "wechat", "WeCom application": "wecom", "WeCom bot, callback": "wecom_bot",
}  # fmt: skip
XML: Final = ("WeChat 服务号", "WeCom application")

Named = tuple[str, str]


def bombs(driver: type[Driver]) -> Iterator[Named]:
    """What is no message and must never become one, by name; as large as the door lets in."""
    room = 11_500 if driver.name in XML else 47_000 if "bot" in driver.name else 63_000
    if driver.name == "Website widget":
        room = 15_500
    yield from _neither()
    yield from _xml(room) if driver.name in XML else _json(room)


def _neither() -> Iterator[Named]:
    """What is neither XML nor JSON."""
    yield "empty", ""
    yield "blank", " \n\t" * 1000
    yield "NUL", "\0" * 3000
    yield "no UTF-8", "\udcff\udcfe\udc80" * 500
    yield "a page", "<html><body>" + "<p>x" * 2000
    yield "a picture", "\udcff\udcd8\udcff\udce0JFIF" * 300
    yield "control characters", "".join(map(chr, range(32))) * 90


def _xml(room: int) -> Iterator[Named]:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield "billion laughs", f'<!DOCTYPE x [<!ENTITY l0 "lol">{entities}]><xml><Content>&l9;</Content></xml>'
    big = "a" * (room // 3)
    yield "quadratic entity", f'<!DOCTYPE x [<!ENTITY a "{big}">]><xml>{"&a;" * (room // 5)}</xml>'
    yield "external entity", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><Content>&a;</Content></xml>'
    yield "external address", '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]><xml><Content>&a;</Content></xml>'
    yield "external DTD", '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>'
    yield "parameter entity", '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd">%a;]><xml/>'
    yield "entity of itself", '<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]><xml>&a;</xml>'
    yield "deep", "<a>" * (room // 7) + "</a>" * (room // 7)
    yield "deep without an end", "<a>" * (room // 3)
    yield "deep in the message", "<xml>" + "<a>" * (room // 8) + "</a>" * (room // 8) + "</xml>"
    yield "wide", "<xml>" + "<a/>" * (room // 5) + "</xml>"
    yield "wide, all different", "<xml>" + "".join(f"<a{n}/>" for n in range(room // 9)) + "</xml>"
    yield "many words", "<xml>" + "<a>x</a>" * (room // 9) + "</xml>"
    yield "many attributes", "<xml " + " ".join(f'a{n}=""' for n in range(room // 10)) + "/>"
    yield "one attribute twice", '<xml a="1" a="2"/>'
    yield "namespaces", "<xml " + " ".join(f'xmlns:a{n}="u{n}"' for n in range(room // 22)) + "/>"
    yield "a long name", f"<{'a' * (room // 2)}/>"
    yield "comments", "<xml>" + "<!--x-->" * (room // 9) + "</xml>"
    yield "instructions", "<xml>" + "<?a b?>" * (room // 8) + "</xml>"
    yield "no end of CDATA", f"<xml><Content><![CDATA[{big}"
    yield "ends of CDATA", "<xml><Content>" + "]]>" * (room // 4) + "</Content></xml>"
    yield "many CDATA", "<xml><Content>" + "<![CDATA[x]]>" * (room // 14) + "</Content></xml>"
    for name, held in (("zero", "&#0;"), ("too large", "&#x110000;"), ("half a pair", "&#xD800;"), ("NUL", "\0")):
        yield f"character {name}", f"<xml><MsgType>text</MsgType><Content>{held}</Content></xml>"
    for coding in ("UTF-16", "utf-7", "no-such", "EBCDIC-CP-BE", "gb18030"):
        yield f"said to be {coding}", f'<?xml version="1.0" encoding="{coding}"?><xml><Content>x</Content></xml>'
    yield "two roots", "<xml/><xml/>"
    yield "JSON", json.dumps({"MsgType": "text", "Content": "x"})


def _json(room: int) -> Iterator[Named]:
    yield "deep lists", "[" * room
    yield "deep and closed", "[" * (room // 2) + "]" * (room // 2)
    yield "deep objects", '{"a":' * (room // 5)
    yield "deep objects, closed", '{"a":' * (room // 6) + "1" + "}" * (room // 6)
    yield "wide list", "[" + "1," * (room // 2 - 2) + "1]"
    yield "wide floats", "[" + "1e5," * (room // 4 - 2) + "1]"
    yield "many empty lists", "[" + "[]," * (room // 3 - 2) + "1]"
    yield "many keys", "{" + ",".join(f'"k{n}":{n}' for n in range(room // 14)) + "}"
    yield "one key, often", "{" + '"a":1,' * (room // 6 - 2) + '"a":1}'
    yield "a long number", "1" * room
    yield "a long number inside", '{"update_id":' + "9" * (room // 2) + "}"
    yield "a long fraction", "0." + "1" * (room - 10)
    yield "a large exponent", '{"update_id":1e999999999}'
    yield "a long string", '"' + "x" * (room - 10) + '"'
    yield "many escapes", '"' + "\\u4e2d" * (room // 6 - 2) + '"'
    yield "half pairs", '{"a":"' + "\\ud800" * (room // 6 - 4) + '"}'
    yield from (("NaN", "NaN"), ("Infinity", "-Infinity"), ("null", "null"), ("true", "true"), ("string", '"x"'))
    yield "unended string", '{"a": "' + "x" * 5000
    yield "trailing words", '{"update_id": 1} {"update_id": 2}'
    yield "a mark in front", "\ufeff{}"
    yield "XML", "<xml><MsgType>text</MsgType></xml>"


# -- messages with something odd ---------------------------------------------------------------------------------------

ODD_WORDS: Final = (
    "", " ", "0", "-1", "1e999", "NaN", "9" * 4000, "9" * 5000, "true", "\u202e", "\u200b" * 50, "a\u0301" * 300,
    "😀" * 50,
    "]]&gt;", "&#x1F600;", "x" * 6000, "{}", "%s%n", "${x}", "'; DROP TABLE inbox; --", "=1+1", "@all", "../../x",
    "\t\n",
)  # fmt: skip
ODD_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 2**63, 10**400, 1e308, float("inf"), float("nan"), "", " ", "\0", "\ud800",
    "\udfff\ud800", "x" * 6000, [], {}, [[]], [None], {"": ""}, {"type": None}, [{}] * 50, "9" * 5000, "=1+1",
    "\u202e@all",
)  # fmt: skip


def odd(driver: type[Driver]) -> Iterator[Named]:
    """Every documented message with each of its fields put out of order in turn: missing, twice, of another kind."""
    if driver.name == "Website widget":
        for n, said in enumerate(PAGE):
            yield from _odd_json(f"page {n}", said)
        return
    for path in sorted((PAYLOADS / FOLDERS[driver.name]).iterdir()):
        if driver.name in XML:
            yield from _odd_xml(path.stem, path.read_text("utf-8"))
        else:
            yield from _odd_json(path.stem, json.loads(path.read_text("utf-8")))


PAGE: Final[tuple[Mapping[str, Any], ...]] = (
    {"key": "k1", "kind": "text", "text": "路灯坏了"}, {"key": "k2", "kind": "press", "action": "rate:A0001:5"},
    {"key": "k3", "kind": "location", "lat": 33.38, "lon": 120.15}, {"key": "k4", "kind": "begin", "scene": "jr-2"},
)  # fmt: skip


def fresh(body: str, n: int) -> str:
    """The same under a key of its own, as far as it still has one: else all but the first would be repeats."""
    body = re.sub(r"<MsgId>.*?</MsgId>", f"<MsgId>{n}</MsgId>", body, count=1, flags=re.DOTALL)
    body = re.sub(r"<CreateTime>17\d{8}</CreateTime>", f"<CreateTime>{1_700_000_000 + n}</CreateTime>", body, count=1)
    body = re.sub(r'"update_id": \d{1,12}(?!\d)', f'"update_id": {n}', body, count=1)
    return re.sub(r'"(msgid|key)": "\w{1,40}"', rf'"\1": "n{n}"', body, count=1)


def _odd_xml(name: str, xml: str) -> Iterator[Named]:
    for found in re.finditer(r"<(\w+)>(.*?)</\1>", xml.removeprefix("<xml>"), re.DOTALL):
        field, start, end = found[1], found.start() + 5, found.end() + 5
        head, tail = xml[:start], xml[end:]
        yield f"{name}: no {field}", head + tail
        yield f"{name}: {field} twice", xml[:end] + xml[start:end] + tail
        yield f"{name}: {field} holds fields", f"{head}<{field}><a>1</a><b/></{field}>{tail}"
        yield f"{name}: {field} with an attribute", f'{head}<{field} x="1">1</{field}>{tail}'
        for n, word in enumerate(ODD_WORDS):
            yield f"{name}: {field} odd {n}", f"{head}<{field}>{word}</{field}>{tail}"


def _odd_json(name: str, document: Mapping[str, Any]) -> Iterator[Named]:
    for path in list(_paths(document)):
        place = ".".join(map(str, path))
        for n, value in enumerate(ODD_VALUES):
            yield f"{name}: {place} odd {n}", _with(document, path, value)
        yield f"{name}: no {place}", _with(document, path, _paths)


def _paths(document: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    pairs = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in pairs:
        yield (*above, key)
        yield from _paths(value, (*above, key))


def _with(document: Mapping[str, Any], path: tuple[Any, ...], value: Any) -> str:
    """The document with another value there; this module's `_paths` stands for none at all."""
    made: Any = deepcopy(document)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    if value is _paths:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return json.dumps(made)
