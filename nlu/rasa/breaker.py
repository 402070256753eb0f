"""Knows when a server that does not answer is left alone, and when it is tried again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Literal

State = Literal["closed", "open", "probing"]

FAILURES = 3
"""So many batches in a row without any answer, and the server is left alone."""

REST = 10.0
"""Seconds until one text is sent as a probe; the residents' messages do not wait for it."""


class Breaker:
    """Closed: everything is asked. Open: nothing is. After a rest one probe decides. Shared by threads."""

    def __init__(self, now: Callable[[], float] = time.monotonic, failures: int = FAILURES, rest: float = REST) -> None:
        self._now = now
        self._failures = failures
        self._rest = rest
        self._lock = threading.Lock()
        self._in_a_row = 0
        self._opened_at = 0.0
        self._state: State = "closed"
        self.opened = 0
        """How often it has opened."""

    @property
    def state(self) -> State:
        """Where it stands now."""
        return self._state

    def may_ask(self) -> Literal["all", "probe", "none"]:
        """What may be asked now; who is told `probe` sends one text and says how it went."""
        with self._lock:
            if self._state == "closed":
                return "all"
            if self._state == "open" and self._now() - self._opened_at >= self._rest:
                self._state = "probing"
                return "probe"
            return "none"

    def worked(self) -> None:
        """The server has answered."""
        with self._lock:
            self._in_a_row, self._state = 0, "closed"

    def failed(self) -> bool:
        """The server has not answered; true when it is left alone from now on."""
        with self._lock:
            self._in_a_row += 1
            if self._state == "open" or (self._state == "closed" and self._in_a_row < self._failures):
                return False
            opens = self._state == "closed"
            self._opened_at, self._state = self._now(), "open"
            self.opened += opens
            return opens
