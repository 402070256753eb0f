"""Knows one HTTP connection to a Rasa server: kept open, asked one text at a time, cut when time is over."""

from __future__ import annotations

import json
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from nlu.rasa.answers import AnswerError

_LARGEST = 256 * 1024
_OK = 200
_GONE = (ConnectionError, HTTPException)
"""How a connection that the server has closed meanwhile shows itself."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a Rasa server answers. The token is left out of what is printed."""

    host: str
    port: int
    path: str
    secure: bool = False

    @classmethod
    def of(cls, url: str) -> Address:
        """The address of a URL like http://127.0.0.1:5005."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        return cls(parts.hostname or "", parts.port or (443 if secure else 80), parts.path.rstrip("/"), secure)


class Line:
    """One connection. It belongs to one thread; only `cut` may be called from another."""

    def __init__(self, address: Address, token: str) -> None:
        make = HTTPSConnection if address.secure else HTTPConnection
        self._connection = make(address.host, address.port)
        self._target = f"{address.path}/model/parse" + (f"?token={quote(token, safe='')}" if token else "")

    def ask(self, text: str, until: float) -> bytes:
        """The answer's body, by that moment of the monotonic clock. Raises OSError, HTTPException, AnswerError.

        After an error the next question finds a new connection.
        """
        reused = self._connection.sock is not None
        try:
            try:
                return self._asked(text, until)
            except _GONE:
                self._connection.close()
                if not reused:
                    raise
                return self._asked(text, until)  # it was kept open longer than the server keeps it
        except BaseException:
            self._connection.close()
            raise

    def cut(self) -> None:
        """End what is under way: who waits for it gets an error at once."""
        wire: socket.socket | None = self._connection.sock
        if wire is not None:
            with suppress(OSError):
                wire.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let the connection go."""
        self._connection.close()

    def _asked(self, text: str, until: float) -> bytes:
        connection, seconds = self._connection, until - time.monotonic()
        if seconds <= 0:  # perhaps it was cut
            raise TimeoutError
        connection.timeout = seconds
        if connection.sock is not None:
            connection.sock.settimeout(seconds)
        body = json.dumps({"text": text}).encode("ascii")
        connection.request("POST", self._target, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read(_LARGEST + 1)
        if response.status != _OK:
            raise AnswerError(f"HTTP {response.status}")
        if len(answer) > _LARGEST:
            raise AnswerError("too long an answer")
        return answer
