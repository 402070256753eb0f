"""What is drawn ahead for a batch: codes that nobody has, numbers of broadcasts, and nothing where nothing is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.drawing import SPARE, drawn, secret_code
from handlers import drawn as taking
from handlers.directory import Invitation
from handlers.effects import Effects
from handlers.turn import Turn
from handlers.working_set import Wanted, WorkingSet
from storage.store import Store
from storage.values import Written
from tests.product import product

NOW = datetime.fromisoformat("2026-03-02T09:00+08:00")
ASKED = [Wanted(sender="wechat::a"), Wanted(sender="wechat::b")]


@pytest.fixture
def store() -> Iterator[Store]:
    """A store in memory."""
    made = Store("sqlite://")
    made.create()
    yield made
    made.close()


def counting() -> Iterator[str]:
    """Codes in order, so that a test can tell them."""
    yield from (f"{n:06d}" for n in range(1000))


def turn(ws: WorkingSet) -> Turn:
    """A turn with this working set."""
    return Turn(product().desk.rules, ws, NOW)


def test_a_secret_code_is_six_digits_and_hardly_ever_the_same() -> None:
    codes = {secret_code() for _ in range(100)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 90


def test_nothing_is_drawn_where_nothing_is_asked(store: Store) -> None:
    with store.transaction() as tx:
        ws = drawn(tx, ASKED, ["", ""], iter(()).__next__, NOW)
    assert (ws.codes, ws.broadcast_numbers) == ((), ())
    with pytest.raises(LookupError):
        taking.code(turn(ws))
    with pytest.raises(LookupError):
        taking.broadcast(turn(ws))


def test_two_of_a_batch_get_two_and_none_that_is_out_already(store: Store) -> None:
    out = Invitation(code="000001", made_by="han", made_at=NOW, expires_at=NOW + timedelta(days=7))
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(invitations=(out,)))], NOW)
    with store.transaction() as tx:
        ws = drawn(tx, ASKED, ["code", "broadcast"], counting().__next__, NOW)
        assert len(ws.codes) == 1 + SPARE
    assert taking.broadcast(turn(ws)) == "G0001"
    first = taking.code(turn(ws))
    ws.after(Effects(invitations=(Invitation(code=first, made_by="han", made_at=NOW, expires_at=NOW),)))
    assert (first, taking.code(turn(ws))) == ("000000", "000002")
