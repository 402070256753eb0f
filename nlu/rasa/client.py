"""Knows how a batch of texts is asked of a Rasa server: few threads, one deadline, a breaker, and what is not sent."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from http.client import HTTPException

from nlu.model import Scores
from nlu.rasa.answers import AnswerError, read_answer
from nlu.rasa.breaker import Breaker
from nlu.rasa.line import Address, Line

log = logging.getLogger(__name__)

THREADS = 4
_LONGEST = 600  # characters that are sent: the pipelines learn from far shorter sentences
_TAIL = 150  # of them from the end, where a long letter says what it wants
_JOINT = "，"
_WORD = re.compile(r"\w")
_WRONG = (OSError, HTTPException, AnswerError, ValueError)


class RasaClient:
    """Asks one server. What does not come in time, or is no answer, is None; nothing is raised. For many threads."""

    def __init__(
        self, url: str, token: str, timeout: float, *, breaker: Breaker | None = None, threads: int = THREADS
    ) -> None:
        self._address = Address.of(url)
        self._token = token
        self._timeout = timeout
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="rasa")
        self._own = threading.local()
        self._lines: list[Line] = []
        self.breaker = breaker or Breaker()
        self.asked = 0
        self.answered = 0
        """How many texts with words there were so far, and how many of them the server answered in time."""
        self.reason = ""
        """Why the last round had no answer at all."""

    def ask(self, texts: Sequence[str]) -> list[Scores | None]:
        """The probabilities for each text, as far as the server told them by the deadline."""
        sent = [(at, words) for at, text in enumerate(texts) if (words := sendable(text))]
        found: list[Scores | None] = [None] * len(texts)
        allowed = self.breaker.may_ask() if sent else "none"
        if allowed == "all":
            for (at, _), scores in zip(sent, self._all([words for _, words in sent]), strict=True):
                found[at] = scores
        elif allowed == "probe":
            self._pool.submit(self._probe, sent[0][1]).add_done_callback(_tell)
        self.asked += len(sent)
        self.answered += len(texts) - found.count(None)
        return found

    def close(self) -> None:
        """Ends the threads and their connections, within the time of one batch; nothing may be asked afterwards."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        for line in self._lines:
            line.close()

    def _all(self, texts: Sequence[str]) -> list[Scores | None]:
        asked = _Round(texts, time.monotonic() + self._timeout)
        threads = min(self._threads, len(texts))
        working = [self._pool.submit(self._work, asked) for _ in range(threads)]
        wait(working, timeout=self._timeout)
        answers = self._ended(asked)
        for one in working:
            one.add_done_callback(_tell)
        return answers

    def _probe(self, text: str) -> None:
        """One text of a batch that has its answers already, asked in a thread that nobody waits for."""
        asked = _Round([text], time.monotonic() + self._timeout)
        try:
            self._work(asked)
        finally:
            self._ended(asked)

    def _ended(self, asked: _Round) -> list[Scores | None]:
        answers = asked.end()
        self._note(asked.reason, any(answer is not None for answer in answers))
        return answers

    def _work(self, asked: _Round) -> None:
        line = self._line()
        if not asked.join(line):
            return
        try:
            while (one := asked.next()) is not None:
                at, text = one
                try:
                    asked.answered(at, read_answer(line.ask(text, asked.until)))
                except _WRONG as error:
                    asked.reason = str(error) if isinstance(error, AnswerError) else type(error).__name__
        finally:
            asked.leave(line)

    def _line(self) -> Line:
        """The connection of this thread."""
        line: Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = Line(self._address, self._token)
            self._lines.append(line)
        return line

    def _note(self, reason: str, worked: bool) -> None:
        was, self.reason = self.breaker.state, "" if worked else reason
        if worked:
            self.breaker.worked()
            if was != "closed":
                log.warning("the Rasa server answers again")
        elif self.breaker.failed():
            log.warning("the Rasa server does not answer (%s): the embedded engine understands alone", reason)


def _tell(done: Future[None]) -> None:
    """What broke in a thread is no fault of the server's, and must not look like its silence."""
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("asking the Rasa server broke: %s", type(error).__name__)


class _Round:
    """One batch under way: what is still to be asked, what came, and the connections that are busy with it."""

    def __init__(self, texts: Sequence[str], until: float) -> None:
        self._waiting = deque(enumerate(texts))
        self._found: list[Scores | None] = [None] * len(texts)
        self.until = until
        self._lock = threading.Lock()
        self._lines: set[Line] = set()
        self._over = False
        self.reason = "TimeoutError"

    def join(self, line: Line) -> bool:
        """Take part with a connection; false when the time is over."""
        with self._lock:
            if not self._over:
                self._lines.add(line)
            return not self._over

    def leave(self, line: Line) -> None:
        """The connection is free for another batch."""
        with self._lock:
            self._lines.discard(line)

    def next(self) -> tuple[int, str] | None:
        """The next text and its place; None when there is none, or no time."""
        with self._lock:
            done = self._over or not self._waiting or time.monotonic() >= self.until
            return None if done else self._waiting.popleft()

    def answered(self, at: int, scores: Scores) -> None:
        """One answer has come."""
        with self._lock:
            self._found[at] = scores

    def end(self) -> list[Scores | None]:
        """The time is over: what has come; whoever still waits is cut off."""
        with self._lock:
            self._over = True
            for line in self._lines:
                line.cut()
            return list(self._found)


def sendable(text: str) -> str:
    """What of a text is sent; “” where nothing is. A leading “/” would be taken for the name of an intent."""
    words = text.lstrip("/ \t\n\r").rstrip()
    if not _WORD.search(words):
        return ""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - _TAIL]}{_JOINT}{words[-_TAIL:]}"
