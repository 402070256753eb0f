"""Knows a strict fake Rasa server: one path, a token, JSON; it misbehaves on demand and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

Fault = Literal["", "hangs", "trickles", "garbage", "half", "wrong label", "error", "hangs up", "too long", "deaf"]
TOKEN = "a token & more"
Shares = Mapping[str, float]
_ENOUGH = 10.0  # seconds after which a hanging answer gives up by itself, whatever the test does
_INTENT = {"name": "greeting", "confidence": 0.9}


class FakeRasa:
    """What a test sees of the server."""

    def __init__(self, shares: Callable[[str], Shares] | None = None) -> None:
        self.shares = shares or (lambda _: {"greeting": 0.9, "out_of_scope": 0.1})
        self.fault: Fault = ""
        self.hangs_on = ""
        """Texts that hold this word are never answered."""
        self.heard: list[str] = []
        self.refused: list[str] = []
        self.released = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def answer(self, text: str) -> dict[str, Any]:
        """What Rasa 3.6 answers for a text."""
        ranking = sorted(({"name": n, "confidence": c} for n, c in self.shares(text).items()),
                         key=lambda one: -float(str(one["confidence"])))  # fmt: skip
        return {"text": text, "intent": ranking[0], "entities": [], "text_tokens": [[0, len(text)]],
                "intent_ranking": ranking, "response_selector": {}}  # fmt: skip


@contextmanager
def rasa_server(shares: Callable[[str], Shares] | None = None) -> Iterator[FakeRasa]:
    """The server, for as long as it is needed."""
    fake = FakeRasa(shares)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
    server.daemon_threads = True
    fake.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield fake
    finally:
        fake.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(fake: FakeRasa) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        rasa = fake

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rasa: FakeRasa

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with suppress(OSError):  # who asked has hung up
            wrong = self._wrong(body)
            if wrong:
                self.rasa.refused.append(wrong)
                self._send(401 if wrong == "token" else 400, b"{}")
            else:
                self._answer(json.loads(body)["text"])

    def _wrong(self, body: bytes) -> str:
        """What Rasa would not take, or would take for something else."""
        parts = urlsplit(self.path)
        text = json.loads(body).get("text")
        if parse_qs(parts.query).get("token") != [TOKEN]:
            return "token"
        if parts.path != "/model/parse" or self.headers["Content-Type"] != "application/json":
            return "request"
        return "" if isinstance(text, str) and text.strip() and not text.startswith("/") else "text"

    def _answer(self, text: str) -> None:
        rasa = self.rasa
        rasa.heard.append(text)
        fault: Fault = "hangs" if rasa.hangs_on and rasa.hangs_on in text else rasa.fault
        whole = json.dumps(rasa.answer(text)).encode()
        if fault in ("hangs", "trickles"):
            self._hang(trickling=fault == "trickles")
        elif fault == "half":
            self._send(200, whole[:40], promised=len(whole), last=True)
        elif fault == "hangs up":
            self._send(200, whole, silently=True)
        elif fault == "error":
            self._send(500, b'{"status":"failure","reason":"ParsingError","code":500}')
        else:
            wrong = json.dumps({"intent": _INTENT, "intent_ranking": [{"name": "weather", "confidence": 1.0}]})
            bodies = {"garbage": b"<html>", "wrong label": wrong.encode(), "too long": b" " * 300_000 + whole}
            self._send(200, bodies.get(fault, whole))

    def _hang(self, *, trickling: bool) -> None:
        """No answer, or one that comes byte by byte and never ends."""
        if not trickling:
            self.rasa.released.wait(_ENOUGH)
            self.close_connection = True
            return
        self._head(200, 100_000)
        while not self.rasa.released.wait(0.01):
            self.wfile.write(b" ")

    def _send(self, status: int, body: bytes, *, promised: int = 0, last: bool = False, silently: bool = False) -> None:
        self._head(status, promised or len(body))
        self.wfile.write(body)
        if last or silently:
            self.close_connection = True

    def _head(self, status: int, length: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written: a test's own words are enough."""
