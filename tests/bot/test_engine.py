"""Knows the bot with the other engine: the running bot asks it, nothing else does, and nobody waits for a dead one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot import config as configuration
from bot.app import Product, build, stage
from bot.batch import Batch
from bot.clock import FakeClock
from bot.hearing import Hears
from bot.live import Live
from bot.server import Counters
from bot.stage import Stage
from bot.wiring import not_served
from handlers.incoming import Incoming
from handlers.raw import RawText
from storage.store import Store
from tests.fakes.rasa import TOKEN, FakeRasa, rasa_server
from tests.product import ROOT, product
from tests.stories.conftest import START

DOG = "你们几点上班"
"""What the embedded engine takes for anything but a dog."""

SURE = 0.6
"""Plain words, which stand in for a model, are never so sure."""


@contextmanager
def hearing(url: str, timeout: str = "4") -> Iterator[Product]:
    """The product with the engine `rasa`."""
    product()  # the ear is trained by now
    environment = {"ENGINE": "rasa", "RASA_URL": url, "RASA_TOKEN": TOKEN, "RASA_TIMEOUT": timeout}
    said = {f"XIAOGE__NLU__{key}": value for key, value in environment.items()}
    made = build(configuration.read(ROOT / "config.yaml", said))
    yield made
    assert made.other is not None
    made.other.close()


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    with rasa_server(lambda _: {"dispute_mediation": 0.95, "petition": 0.02}) as fake:
        yield fake


@contextmanager
def standing(made: Product, *, alone: bool) -> Iterator[Stage]:
    found = stage(made, FakeClock(START), alone=alone)
    yield found
    found.store.close()


def says(n: int, words: str, address: str = "wechat:gh:one") -> Incoming:
    return Incoming(
        platform="wechat", account="gh", key=f"k{n}", sender=address, chat=address, inline=True, text=RawText(words),
        said_at=START,
    )  # fmt: skip


def test_the_embedded_engine_asks_nobody() -> None:
    assert product().other is None
    assert product().engine() == {"engine": "embedded", "engine_rasa": False}


def test_the_running_bot_asks_the_server(rasa: FakeRasa) -> None:
    with hearing(rasa.url) as made:
        ear = made.present().ear
        heard = ear.understand([(DOG, ""), ("着火了", "")])
        assert (heard[0].alone.label, heard[0].alone.confidence) == ("dispute_mediation", 0.95)
        assert heard[1].alone.label == "emergency"  # the rules of danger are ours
        assert sorted(rasa.heard) == sorted([DOG, "着火了"])
        assert rasa.refused == []


def test_the_engine_is_served(rasa: FakeRasa) -> None:
    """`check` and the log of a start name what is configured and not there; this is there."""
    with hearing(rasa.url) as made:
        assert not_served(made.config) == []


def test_words_kept_with_a_question_never_leave_the_process(rasa: FakeRasa) -> None:
    with hearing(rasa.url) as made:
        assert made.present().desk.rules.ear.understand([(DOG, "")])[0].alone.label != "dispute_mediation"
        assert rasa.heard == []


def test_a_play_asks_nobody(rasa: FakeRasa) -> None:
    """What is played must be the same each time, with or without a server; the playground is as the bot is."""
    with hearing(rasa.url) as made:
        with standing(made, alone=True) as played:
            played.say("zhang", DOG)
        assert rasa.heard == []
        with standing(made, alone=False) as shown:
            shown.say("zhang", DOG)
        assert rasa.heard == [DOG]


def test_a_changed_town_keeps_the_engine(rasa: FakeRasa) -> None:
    with hearing(rasa.url) as made, standing(made, alone=False) as shown:
        present = made.present()
        with shown.store.reading() as reader:
            present.look(reader)
        present.ear.understand([(DOG, "")])
        assert rasa.heard == [DOG]
        assert present.desk.rules.ear is not present.ear


def test_after_a_relearning_the_server_is_asked_and_no_transaction_waits_for_it(rasa: FakeRasa) -> None:
    with hearing(rasa.url) as made:
        present, shown = made.present(), made.present(alone=True)
        present.hear(made.ear_of(Hears(None, "baseline"), present.ear), "v2")
        assert present.desk.rules.ear.understand([(DOG, "")])[0].alone.confidence < SURE
        assert rasa.heard == []
        assert present.ear.understand([(DOG, "")])[0].alone.label == "dispute_mediation"
        rasa.fault = "hangs"
        assert present.ear.understand([("路灯坏了", "")])[0].alone.confidence < SURE, "the new model stands in"
        assert shown.ear.understand([("路灯坏了", "")])[0].alone.confidence > SURE, "who hears alone hears as before"


@pytest.mark.parametrize("gone", [True, False])
def test_what_does_not_come_is_understood_all_the_same(rasa: FakeRasa, gone: bool) -> None:
    rasa.fault = "hangs"
    with hearing("http://127.0.0.1:1" if gone else rasa.url, "0.1") as made:
        own = product().ear.understand([(DOG, ""), ("路灯坏了", DOG)])
        for _ in range(4):
            assert made.present().ear.understand([(DOG, ""), ("路灯坏了", DOG)]) == own
        facts = made.engine()
        assert (facts["engine"], facts["rasa"], facts["rasa_open"], facts["rasa_opened"]) == ("rasa", "open", True, 1)
        assert facts["rasa_left"] == facts["rasa_asked"] == 12


def test_an_open_transaction_waits_for_nobody(rasa: FakeRasa) -> None:
    """The second bubble of a batch finds the first in its thread: together they are read by the ear in the process."""
    with hearing(rasa.url) as made:
        store = Store("sqlite://")
        store.create()
        batch = Batch(store, made.present(), FakeClock(START))
        batch.serve([says(1, "路灯坏了"), says(2, "在健仁小区3号楼门口")])
        store.close()
    assert sorted(rasa.heard) == ["在健仁小区3号楼门口", "路灯坏了"]


def test_health_and_metrics_tell_the_engine(rasa: FakeRasa) -> None:
    with hearing(rasa.url) as made:
        store = Store("sqlite://")
        store.create()
        live = Live(made, store)
        made.present().ear.understand([(DOG, "")])
        health = live.health()
        store.close()
    assert (health["engine"], health["rasa"], health["rasa_asked"], health["rasa_left"]) == ("rasa", "closed", 1, 0)
    text = Counters().render(health)
    assert "xiaoge_engine_rasa 1\n" in text
    assert "xiaoge_rasa_open 0\n" in text
    assert TOKEN not in f"{health}{text}"
