"""Knows how a Rasa server is asked: in order, in time, or not at all; whatever the server does, nothing is raised."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nlu.rasa.breaker import FAILURES, REST, Breaker
from nlu.rasa.client import RasaClient, sendable
from nlu.rasa.line import Line
from tests.fakes.rasa import TOKEN, FakeRasa, Fault, Shares, rasa_server

LONG = 30.0
"""Seconds that no test comes near to: where nothing is late, the deadline plays no part."""
SHORT = 0.5
"""Seconds after which a test is tired of waiting."""


class Ticker:
    """A clock for the breaker."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Ticker:
    return Ticker()


def shares(text: str) -> Shares:
    """The greeting's share is the number in the text, so that answers can be told apart."""
    return {"greeting": int(text.partition("号")[0]) / 1000 if text[0].isdigit() else 0.5, "petition": 0.0}


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    with rasa_server(shares) as fake:
        yield fake


Make = Callable[..., RasaClient]


@pytest.fixture
def client(rasa: FakeRasa, clock: Ticker) -> Iterator[Make]:
    made: list[RasaClient] = []

    def make(timeout: float = LONG, url: str = "", token: str = TOKEN) -> RasaClient:
        made.append(RasaClient(url or rasa.url, token, timeout, breaker=Breaker(clock)))
        return made[-1]

    yield make
    rasa.released.set()
    for one in made:
        one.close()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.005)


def test_answers_come_in_order(rasa: FakeRasa, client: Make) -> None:
    asking = client()
    for _ in range(3):
        found = asking.ask([f"{n}号楼的路灯" for n in range(64)])
        assert [one.confidence if one else None for one in found] == [n / 1000 for n in range(64)]
    assert (asking.asked, asking.answered, asking.breaker.state) == (192, 192, "closed")
    assert rasa.refused == []
    assert asking.ask([]) == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("路灯坏了", "路灯坏了"),
        ("/greet", "greet"),
        (" //路灯/坏了 ", "路灯/坏了"),
        ("/ /转人工{}", "转人工{}"),
        ("", ""),
        ("///", ""),
        ("😤？！", ""),
        ("路" * 600, "路" * 600),
        ("头" + "路" * 5000 + "尾", "头" + "路" * 449 + "，" + "路" * 149 + "尾"),
    ],
)
def test_what_is_sent(text: str, sent: str) -> None:
    assert sendable(text) == sent


def test_what_has_no_words_is_not_sent(rasa: FakeRasa, client: Make) -> None:
    found = client().ask(["", "你好", "😤", "/你好"])
    assert [one is None for one in found] == [True, False, True, False]
    assert sorted(rasa.heard) == ["你好", "你好"]


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("garbage", "no JSON"),
        ("wrong label", "a label that is not ours"),
        ("error", "HTTP 500"),
        ("too long", "too long an answer"),
        ("half", "no JSON"),
    ],
)
def test_what_is_no_answer_counts_as_none(rasa: FakeRasa, client: Make, fault: Fault, reason: str) -> None:
    rasa.fault = fault
    asking = client()
    assert asking.ask(["你好", "谢谢"]) == [None, None]
    assert asking.reason in {reason, "IncompleteRead"}
    rasa.fault = ""
    assert None not in asking.ask(["你好", "谢谢"])


@pytest.mark.parametrize("fault", ["hangs", "trickles"])
def test_who_is_late_is_not_waited_for(rasa: FakeRasa, client: Make, fault: Fault) -> None:
    """The server is still at it when the answer is there: nothing has released it."""
    rasa.fault = fault
    asking = client(SHORT)
    assert asking.ask(["你好"] * 9) == [None] * 9
    assert not rasa.released.is_set()
    rasa.fault = ""
    until(lambda: asking.ask(["你好"])[0] is not None)


def test_what_came_in_time_is_taken(rasa: FakeRasa, client: Make) -> None:
    rasa.hangs_on = "慢"
    asking = client(3 * SHORT)
    found = asking.ask(["你好", "慢", "谢谢", "很慢", "再见"])
    assert [one is None for one in found] == [False, True, False, True, False]
    assert asking.breaker.state == "closed"
    assert (asking.asked, asking.answered) == (5, 3)


def test_nobody_is_there(client: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        asking = client(url=f"http://127.0.0.1:{taken.getsockname()[1]}")
        assert asking.ask(["你好"] * 64) == [None] * 64
    assert asking.reason == "ConnectionRefusedError"


@pytest.mark.parametrize("url", ["http://no.such.host.invalid:1", "http://127.0.0.1:1/a b"])
def test_an_address_that_leads_nowhere(client: Make, url: str) -> None:
    assert client(SHORT, url=url).ask(["你好"]) == [None]


def test_a_wrong_token(rasa: FakeRasa, client: Make) -> None:
    asking = client(token="another")
    assert asking.ask(["你好"]) == [None]
    assert (asking.reason, rasa.refused) == ("HTTP 401", ["token"])


def test_a_connection_that_was_closed_meanwhile_is_made_anew(rasa: FakeRasa, client: Make) -> None:
    """Rasa closes idle connections after some seconds, and says nothing."""
    rasa.fault = "hangs up"
    asking = client()
    for _ in range(5):
        assert asking.ask(["你好"])[0] is not None
    assert asking.breaker.state == "closed"


# -- the breaker -------------------------------------------------------------------------------------------------------


def test_a_dead_server_is_left_alone_and_tried_again(rasa: FakeRasa, client: Make, clock: Ticker) -> None:
    asking, rasa.fault = client(), "error"
    for _ in range(FAILURES):
        assert asking.breaker.state == "closed"
        assert asking.ask(["你好", "谢谢"]) == [None, None]
    assert (asking.breaker.state, len(rasa.heard)) == ("open", 2 * FAILURES)
    clock.now += REST - 1
    assert asking.ask(["你好"]) == [None]
    assert len(rasa.heard) == 2 * FAILURES

    clock.now += 1  # a probe of one text, which finds the server as it was
    assert asking.ask(["你好", "谢谢"]) == [None, None]
    until(lambda: asking.breaker.state == "open" and len(rasa.heard) == 2 * FAILURES + 1)
    assert asking.ask(["你好"]) == [None]

    rasa.fault = ""
    clock.now += REST
    assert asking.ask(["你好", "谢谢"]) == [None, None]
    until(lambda: asking.breaker.state == "closed")
    assert None not in asking.ask(["你好", "谢谢"])
    assert asking.breaker.opened == 1


def test_nobody_waits_for_a_probe(rasa: FakeRasa, client: Make, clock: Ticker) -> None:
    asking, rasa.fault = client(), "error"
    for _ in range(FAILURES):
        asking.ask(["你好"])
    rasa.fault = "hangs"
    clock.now += REST
    assert asking.ask(["你好"]) == [None]  # it would take LONG otherwise
    assert asking.ask(["你好"]) == [None]
    assert asking.breaker.state == "probing"
    until(lambda: len(rasa.heard) == FAILURES + 1)


def test_one_answer_is_enough_to_go_on(rasa: FakeRasa, client: Make) -> None:
    rasa.fault = "error"
    asking = client()
    for _ in range(4 * FAILURES):
        rasa.fault = "" if rasa.fault else "error"
        asking.ask(["你好"])
    assert asking.breaker.state == "closed"


@pytest.mark.parametrize("steps", ["fff", "fffff", "wfff", "ffwfff"])
def test_the_breaker_opens_after_failures_in_a_row(clock: Ticker, steps: str) -> None:
    breaker = Breaker(clock)
    for step in steps:
        breaker.failed() if step == "f" else breaker.worked()
    assert (breaker.state, breaker.opened, breaker.may_ask()) == ("open", 1, "none")


@pytest.mark.parametrize("steps", ["", "ff", "ffwff", "w", "fffw"])
def test_the_breaker_stays_closed(clock: Ticker, steps: str) -> None:
    breaker = Breaker(clock)
    for step in steps:
        breaker.failed() if step == "f" else breaker.worked()
    assert (breaker.state, breaker.may_ask()) == ("closed", "all")


def test_only_one_asks_for_a_probe(clock: Ticker) -> None:
    breaker = Breaker(clock)
    for _ in range(FAILURES):
        breaker.failed()
    clock.now += REST
    allowed: list[str] = []
    threads = [threading.Thread(target=lambda: allowed.append(breaker.may_ask())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(allowed) == ["none"] * 7 + ["probe"]


# -- together and in silence -------------------------------------------------------------------------------------------


def test_two_may_ask_at_once(client: Make) -> None:
    """The running bot and the playground share the engine."""
    asking = client()
    wrong: list[int] = []

    def ask(first: int) -> None:
        for _ in range(10):
            found = asking.ask([f"{n}号楼" for n in range(first, first + 20)])
            wrong.extend(n for n, one in enumerate(found) if one is None or one.confidence != (first + n) / 1000)

    threads = [threading.Thread(target=ask, args=(first,)) for first in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


class Broken(RasaClient):
    """A client whose threads break."""

    def _line(self) -> Line:
        raise RuntimeError("路灯坏了")


def test_what_breaks_in_a_thread_is_told_without_a_word_of_the_text(caplog: pytest.LogCaptureFixture) -> None:
    broken = Broken("http://127.0.0.1:1", TOKEN, LONG)
    assert broken.ask(["路灯坏了"]) == [None]
    broken.close()
    assert "asking the Rasa server broke: RuntimeError" in caplog.text
    assert "路灯" not in caplog.text


def test_neither_words_nor_token_are_logged(rasa: FakeRasa, client: Make, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    asking, rasa.fault = client(), "wrong label"
    for _ in range(FAILURES):
        asking.ask(["楼上的王阿姨"])
    assert "the Rasa server does not answer (a label that is not ours)" in caplog.text
    assert "王阿姨" not in caplog.text
    assert TOKEN not in caplog.text
    assert len(caplog.records) == 1
