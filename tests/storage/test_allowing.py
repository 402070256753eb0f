"""Budgets are spent once by however many, a letter is never lost between a visit and its holding, erasing takes all."""

from __future__ import annotations

import pytest

from handlers.letters import Letter
from storage.store import Store
from storage.values import Held, Opened, Token
from tests.storage.making import NOW, address, at_once, later, said, serve, write

CHAT = address(1)


def opened(store: Store, messages: int = 5, hours: float = 48) -> None:
    with store.transaction() as tx:
        tx.allowing.open([Opened(CHAT, messages, later(hours=hours))])


def left(store: Store) -> int:
    """How many can be spent; they are."""
    with store.transaction() as tx:
        return sum(tx.allowing.spend(CHAT, NOW) is not None for _ in range(9))


@pytest.mark.parametrize(
    ("visits", "remaining"),
    [
        ([(5, 48)], 5),
        ([(5, 48), (3, 0.01)], 5),
        ([(3, 0.01), (5, 48)], 5),
        ([(5, 48), (0, 0)], 0),
        ([(0, 0), (3, 0.01)], 3),
        ([(5, 48), (0, 0), (3, 0.01)], 3),
        ([(5, -1)], 0),
        ([], 0),
    ],
)
def test_what_visits_open(store: Store, visits: list[tuple[int, float]], remaining: int) -> None:
    """One after the other, and all in one batch."""
    for messages, hours in visits:
        opened(store, messages, hours)
    assert left(store) == remaining
    with store.transaction() as tx:
        tx.allowing.open([Opened(address(2), messages, later(hours=hours)) for messages, hours in visits])
        spent = [tx.allowing.spend(address(2), NOW) for _ in range(9)]
    assert 9 - spent.count(None) == remaining


def test_a_receipt_is_good_for_the_window_it_came_from(store: Store) -> None:
    opened(store)
    with store.transaction() as tx:
        receipt = tx.allowing.spend(CHAT, NOW)
    assert receipt == later(hours=48)
    opened(store, hours=49)
    with store.transaction() as tx:
        tx.allowing.give_back(CHAT, receipt)
        tx.allowing.shut(CHAT, receipt)
        spent = [tx.allowing.spend(CHAT, NOW) for _ in range(7)]
    assert spent.count(None) == 2, "neither six nor none"


def test_many_who_spend_at_once_spend_what_there_is(store: Store) -> None:
    opened(store)
    found: list[bool] = []

    def spend() -> None:
        for _ in range(4):
            with store.transaction() as tx:
                found.append(tx.allowing.spend(CHAT, NOW) is not None)

    at_once(spend, spend, spend, spend)
    assert found.count(True) == 5
    with store.transaction() as tx:
        assert tx.allowing.lasts(CHAT, NOW)
        assert not tx.allowing.lasts(CHAT, later(hours=49))


def test_between_a_visit_and_a_holding_no_letter_is_left_behind(store: Store) -> None:
    """Whichever comes first: the visit hears the letter, or the letter hears of the visit."""
    for n in range(1, 9):
        with store.transaction() as tx:
            tx.allowing.open([Opened(CHAT, 0, NOW)])
        write(store, letters=(Letter(to="r1", chat=CHAT, text=f"{n}"),))
        with store.transaction() as tx:
            number = max(one.id for one in tx.letters_of(chat=CHAT))
        heard: list[bool] = []

        def hold(number: int = number, heard: list[bool] = heard) -> None:
            with store.transaction() as tx:
                heard.append(not tx.allowing.hold(number, CHAT, "over", NOW, unless_open=True))

        def visit(number: int = number, heard: list[bool] = heard, n: int = n) -> None:
            with store.transaction() as tx:
                tx.allowing.open([Opened(CHAT, 5, later(hours=48 + n))])
                heard.append(number in {one.id for one in tx.allowing.held([CHAT])})

        at_once(hold, visit)
        assert heard.count(True) == 1


def test_a_letter_is_held_folded_and_released_once(store: Store) -> None:
    write(store, letters=tuple(Letter(to="r1", chat=CHAT, text=text, photos=("p",)) for text in "ab"))
    with store.transaction() as tx:
        a, b = sorted(one.id for one in tx.letters_of(chat=CHAT))
        assert all(tx.allowing.hold(one, CHAT, "over", NOW, unless_open=True) for one in (a, b))
        assert tx.claim_letters(later(days=9), "me", 9) == []
        assert tx.allowing.held([CHAT])[0] == Held(id=a, chat=CHAT, to="r1", case="", text="a", photos=("p",))
        tx.allowing.fold(CHAT, [a])
        tx.allowing.release(CHAT, [a, b], NOW)
        assert [one.id for one in tx.claim_letters(NOW, "me", 9)] == [b]
        assert tx.allowing.held([CHAT]) == []
        assert tx.allowing.ways([a, b]) == {a: ("held", "over"), b: ("held", "over")}


def test_erasing_takes_the_budget_and_what_was_held(store: Store) -> None:
    with store.transaction() as tx:
        serve(tx, [said(1)])
    with store.transaction() as tx:
        person = tx.threads_of([CHAT])[CHAT].person
    opened(store)
    write(store, letters=(Letter(to=person, chat=CHAT, text="a"),))
    with store.transaction() as tx:
        number = max(one.id for one in tx.letters_of(chat=CHAT))
        tx.allowing.hold(number, CHAT, "over", NOW, unless_open=False)
        tx.erase([person], NOW)
        assert tx.allowing.held([CHAT]) == []
        assert tx.allowing.spend(CHAT, NOW) is None


def test_a_token_is_shared_and_not_shown(store: Store) -> None:
    token = Token("canary", later(hours=2), NOW)
    with store.transaction() as tx:
        assert tx.allowing.token("wechat:a") is None
        tx.allowing.keep_token("wechat:a", Token("old", NOW))
        tx.allowing.keep_token("wechat:a", token)
        assert tx.allowing.token("wechat:a") == token
        assert tx.allowing.token("wechat:b") is None
    assert "canary" not in repr(token)
