"""Knows bodies that are made to hurt whoever reads them: bombs, depth, width, broken characters, doubled fields."""

from __future__ import annotations

from collections.abc import Iterator

FLAT = "<xml><FromUserName>oX</FromUserName><CreateTime>1772413200</CreateTime><MsgType>text</MsgType>{}</xml>"
TELEGRAM = (
    '{"update_id":1,"message":{"message_id":1,"date":1772413200,"chat":{"id":1,"type":"private"},'
    '"from":{"id":1,"is_bot":false,"first_name":"x"},"text":"@a",'
)
BOT = (
    '{"msgid":"k","chattype":"group","chatid":"c","from":{"userid":"a"},"response_url":"x","msgtype":"text",'
    '"text":{"content":"'
)
PAGE = '{"key":"k1","kind":"text","text":"'
REPLY = '{"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"reply_to_message":'


def of(paper: str, room: int) -> Iterator[tuple[str, bytes]]:
    """Hostile bodies of at most `room` bytes, by name; `paper` is xml or json."""
    yield from _xml(room) if paper == "xml" else _json(room)
    yield "not of any alphabet", b"\xff\xfe\x00<\x00x\x00\x80"
    yield "half a character", "灯".encode()[:2] * 100
    yield "NUL bytes", b"\x00" * room


def _xml(room: int) -> Iterator[tuple[str, bytes]]:
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    inside = FLAT.format("<Content>&a9;</Content>")
    yield "billion laughs", f'<!DOCTYPE x [<!ENTITY a0 "x">{laughs}]>{inside}'.encode()
    yield "quadratic", f'<!DOCTYPE x [<!ENTITY a9 "{"x" * (room // 3)}">]>{FLAT.format("&a9;" * 500)}'.encode()
    yield "a file", f'<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>{inside}'.encode()
    yield "a server", f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">{inside}'.encode()
    yield "deep", (b"<a>" * (room // 7)) + b"</a>" * (room // 7)
    yield "deep and open", b"<a>" * (room // 3)
    yield "wide", FLAT.format("".join(f"<a{n}/>" for n in range((room - 200) // 9))).encode()
    yield "one tag again and again", FLAT.format("<a/>" * ((room - 200) // 4)).encode()
    yield "attributes", ("<xml " + " ".join(f'a{n}=""' for n in range((room - 30) // 10)) + "/>").encode()
    yield "one long text", FLAT.format(f"<Content><![CDATA[{'<' * 500}{'x' * (room - 900)}]]></Content>").encode()
    yield "references", FLAT.format(f"<Content>{'&amp;' * ((room - 300) // 5)}</Content>").encode()
    yield "NUL", FLAT.format("<Content>a\x00b</Content>").encode()
    yield "doubled kind", FLAT.format("<MsgType>image</MsgType>").encode()
    yield "doubled words", FLAT.format("<Content>a</Content><Content>b</Content>").encode()
    yield "UTF-16", ('<?xml version="1.0" encoding="utf-16"?>' + FLAT.format("")).encode("utf-16")
    yield "UTF-7", b'<?xml version="1.0" encoding="utf-7"?>+ADw-xml+AD4-'
    yield "an end before the beginning", b"]]></xml><xml>"


def _json(room: int) -> Iterator[tuple[str, bytes]]:
    yield "deep", b"[" * room
    yield "deep and closed", b"[" * (room // 2) + b"]" * (room // 2)
    yield "deep fields", b'{"a":' * (room // 5)
    yield "wide", ("{" + ",".join(f'"{n}":0' for n in range((room - 20) // 10)) + "}").encode()
    yield "a number without end", b'{"update_id":' + b"1" * (room - 20) + b"}"
    yield "a large number", b'{"update_id":' + b"1" * 4000 + b"}"
    yield "no number", b'{"update_id":NaN,"key":Infinity}'
    yield "doubled fields", b'{"update_id":1,"update_id":"x","key":"a","key":[],"msgtype":"text","msgtype":{}}'
    yield "other kinds", b'{"update_id":true,"key":{},"kind":[],"msgtype":1,"message":"x","from":7}'
    yield "half a surrogate", (PAGE + r"\ud800" + '"}').encode()
    yield "NUL in words", (PAGE + r"a\u0000b" + '"}').encode()
    yield "nothing", b"null"
    mark = '{"type":"mention","offset":0,"length":1}'
    yield "marks", f'{TELEGRAM}"entities":[{_many(mark, room - 300)}]}}}}'.encode()
    answered = max((room - 100) // (len(REPLY) + 1), 1)
    yield "answers to answers", f'{{"update_id":1,"message":{REPLY * answered}1{"}" * (answered + 1)}'.encode()
    yield "at signs", f'{BOT}{"@" * (room - 300)}"}}}}'.encode()
    numbers = "A12345 " * (room // 8)
    yield "case numbers", f'{BOT}x"}},"quote":{{"msgtype":"text","text":{{"content":"{numbers}"}}}}}}'.encode()
    for held in ("null", "7", '"x"', '{"a":1}'):
        yield f"a quote of {held}", f'{BOT}x"}},"quote":{{"mixed":{{"msg_item":{held}}}}}}}'.encode()
    item = '{"msgtype":"text","text":{"content":"x"}}'
    mixed = BOT.replace('"text":{"content":"', "").replace('"msgtype":"text"', '"msgtype":"mixed"')
    yield "many parts", f'{mixed}"mixed":{{"msg_item":[{_many(item, room - 400)}]}}}}'.encode()


def _many(part: str, room: int) -> str:
    return ",".join([part] * max(room // (len(part) + 1), 1))
