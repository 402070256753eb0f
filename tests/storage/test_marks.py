"""What a button brings back: nothing to be read in it, one effect behind it, in its chat, for its time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.directory import Binding
from handlers.effects import Effects
from handlers.incoming import Incoming
from handlers.letters import Button
from handlers.town import Person
from storage.marks import LASTING
from storage.store import Store
from storage.values import LetterOutcome, Outgoing, Written
from tests.storage.making import GROUP_CHAT, NOW, a_letter, later, said, settle_in, write

TAKE, BACK = Button("接单", "accept:A0001"), Button("不归我管", "give_back:A0001")
LI, ZHANG, ELSEWHERE, MOVED = "telegram::1001", "wechat:gh_0:oZhang", "telegram::-2002", "telegram::-1009"
Where = tuple[str, str, bool]
IN_GROUP: Where = (LI, GROUP_CHAT, True)
IN_PRIVATE: Where = (LI, LI, False)


def press(mark: str, where: Where = IN_GROUP, key: str = "p") -> Incoming:
    sender, chat, group = where
    return said(
        key, "", kind="press", mark=mark, sender=sender, chat=chat, group=group, platform="telegram", account=""
    )


def behind(store: Store, *presses: Incoming, now: Any = NOW) -> list[Incoming]:
    with store.transaction() as tx:
        return tx.behind(presses, now)


def button(store: Store, mark: str, where: Where = IN_GROUP, now: Any = NOW) -> tuple[str, bool]:
    [found] = behind(store, press(mark, where), now=now)
    return found.button, found.astray


def claim(store: Store, now: Any = NOW) -> list[Outgoing]:
    with store.transaction() as tx:
        return tx.claim_letters(now, "me", 20)


def card(store: Store, chat: str = GROUP_CHAT, to: str = "jr-2-work", **more: Any) -> Outgoing:
    """A letter with two buttons, as a courier has it."""
    facts = {"case": "A0001", "buttons": (TAKE, BACK), **more}
    write(store, letters=(a_letter(to, chat=chat, **facts),))
    return claim(store)[0]


def forget_all(store: Store) -> int:
    """As if every letter had been written before there were marks."""
    with store.transaction() as tx:
        return tx.forget_marks(NOW + 3 * LASTING, 100)


def test_nothing_can_be_read_in_what_leaves_and_every_try_carries_the_same(store: Store) -> None:
    settle_in(store)
    first = card(store)
    marks = [one.mark for one in first.buttons]
    assert all("A0001" not in mark and "accept" not in mark and len(mark) <= 16 for mark in marks)
    assert len(set(marks)) == 2
    with store.transaction() as tx:
        tx.settle_letters([LetterOutcome(id=first.id, state="retry", retry_at=later(minutes=1))], NOW)
    [again] = claim(store, later(minutes=1))
    assert [one.mark for one in again.buttons] == marks
    assert button(store, marks[0]) == ("accept:A0001", False)
    assert button(store, marks[1]) == ("give_back:A0001", False)


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (IN_GROUP, ("accept:A0001", False)),
        (("telegram::7", GROUP_CHAT, True), ("accept:A0001", False)),
        (IN_PRIVATE, ("", True)),
        ((LI, ELSEWHERE, True), ("", True)),
        ((LI, "wecom-bot::wrWork", True), ("", True)),
        ((GROUP_CHAT, ELSEWHERE, True), ("", True)),
    ],
)
def test_a_button_of_a_group_is_pressed_there_by_whoever_and_nowhere_else(
    store: Store, where: Where, found: tuple[str, bool]
) -> None:
    settle_in(store)
    assert button(store, card(store).buttons[0].mark, where) == found


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (IN_PRIVATE, ("accept:A0001", False)),
        ((LI, "telegram-bot::1001", False), ("accept:A0001", False)),
        (("telegram::1002", "telegram::1002", False), ("", True)),
        (IN_GROUP, ("", True)),
        (("telegram::1002", LI, True), ("accept:A0001", False)),
    ],
)
def test_a_button_in_private_is_pressed_by_who_has_it(store: Store, where: Where, found: tuple[str, bool]) -> None:
    """The last row is no platform's: a group whose address is a person's."""
    settle_in(store)
    assert button(store, card(store, LI, "li").buttons[0].mark, where) == found


def test_made_up_marks_stand_for_nothing(store: Store) -> None:
    settle_in(store)
    mark = card(store).buttons[0].mark
    for other in (
        "",
        "x",
        "accept:A0001",
        "v1:accept:A0001",
        mark[:-1],
        f"{mark}0",
        mark[:-1] + "2",
        mark[::-1],
        f"v1:{mark}",
    ):
        assert button(store, other) == ("", False), other


def test_a_button_lasts_longer_than_any_case_and_is_then_forgotten(store: Store) -> None:
    settle_in(store)
    mark = card(store).buttons[0].mark
    last = NOW + LASTING - timedelta(seconds=1)
    assert button(store, mark, now=last) == ("accept:A0001", False)
    assert button(store, mark, now=NOW + LASTING) == ("", False)
    for now, forgotten in ((last, 0), (NOW + LASTING, 1), (NOW + LASTING, 0)):
        with store.transaction() as tx:
            assert tx.forget_marks(now, 100) == forgotten
    assert button(store, mark) == ("", False)


def test_they_are_forgotten_a_few_at_a_time_the_oldest_first(store: Store) -> None:
    settle_in(store)
    for n in range(5):
        write(store, later(minutes=n), letters=(a_letter("li", chat=LI, buttons=(TAKE,)),))
    with store.transaction() as tx:
        assert tx.forget_marks(later(minutes=2) + LASTING, 2) == 2
        assert tx.forget_marks(later(minutes=2) + LASTING, 2) == 1
        assert tx.forget_marks(later(minutes=2) + LASTING, 2) == 0


def test_a_group_that_has_moved_and_a_member_who_is_called_otherwise_keep_their_buttons(store: Store) -> None:
    settle_in(store)
    in_group, private = card(store).buttons[0].mark, card(store, LI, "li").buttons[0].mark
    assert button(store, in_group, (LI, MOVED, True)) == ("", True)
    bound = (
        Binding(address=MOVED, group="jr-2-work"),
        Binding(address=GROUP_CHAT),
        Binding(address="telegram::9", person="li"),
    )
    write(store, bindings=bound)
    assert button(store, in_group, (LI, MOVED, True)) == ("accept:A0001", False)
    assert button(store, in_group, (LI, ELSEWHERE, True)) == ("", True)
    assert button(store, private, ("telegram::9", "telegram::9", False)) == ("accept:A0001", False)
    assert button(store, private, ("telegram::8", "telegram::8", False)) == ("", True)


def test_a_second_chat_of_the_same_group_is_another_chat(store: Store) -> None:
    settle_in(store)
    mark = card(store).buttons[0].mark
    write(store, bindings=(Binding(address=MOVED, group="jr-2-work"),))
    assert button(store, mark, (LI, MOVED, True)) == ("", True)


@pytest.mark.parametrize(
    ("mark", "where", "found"),
    [
        ("v1:accept:A0001", IN_GROUP, "accept:A0001"),
        ("accept:A0001", IN_GROUP, "accept:A0001"),
        ("v1:close:A0001", IN_GROUP, ""),
        ("v1:accept:A0002", IN_GROUP, ""),
        ("v1:accept:A0001", IN_PRIVATE, ""),
        ("v1:accept:A0001", (LI, ELSEWHERE, True), ""),
        ("v1:take_part:A0003", IN_PRIVATE, "take_part:A0003"),
        ("v1:approve:W0001", IN_PRIVATE, "approve:W0001"),
        ("v1:approve:W0001", IN_GROUP, ""),
    ],
)
def test_a_button_from_before_the_marks_is_one_that_was_sent_to_this_chat(
    store: Store, mark: str, where: Where, found: str
) -> None:
    settle_in(store)
    card(store)
    listed = (Button("参加", "take_part:A0003"), Button("批准", "approve:W0001"))
    card(store, LI, "li", case="", buttons=listed)
    assert button(store, mark, where) == ("", False), "it was sent with a mark"
    assert forget_all(store) == 2
    assert button(store, mark, where) == (found, False)
    assert button(store, mark, where, NOW + LASTING) == ("", False)
    assert [one.mark for one in claim(store, later(hours=1))[0].buttons][0].startswith("v1:")


def test_what_was_erased_can_no_longer_be_pressed(store: Store) -> None:
    zhang: Where = (ZHANG, ZHANG, False)
    with store.transaction() as tx:
        tx.register(Person(id="zhang"), [ZHANG])
    mark = card(store, ZHANG, "zhang", case="").buttons[0].mark
    assert button(store, mark, zhang) == ("accept:A0001", False)
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(erased=("zhang",)))], NOW)
    assert button(store, mark, zhang) == ("", False)
    assert button(store, "v1:accept:A0001", zhang) == ("", False)


def test_a_card_that_was_overtaken_before_it_left_has_the_buttons_of_now(store: Store) -> None:
    settle_in(store)
    rest: dict[str, Any] = {"case": "A0001", "chat": GROUP_CHAT, "not_before": later(minutes=5)}
    write(store, letters=(a_letter("jr-2-work", kind="card", buttons=(TAKE, BACK), **rest),))
    write(store, letters=(a_letter("jr-2-work", kind="edit", buttons=(Button("反馈", "feed_back:A0001"),), **rest),))
    [letter] = claim(store, later(minutes=5))
    assert [button(store, one.mark)[0] for one in letter.buttons] == ["feed_back:A0001"]


def test_however_many_press_together_it_takes_as_many_statements(store: Store) -> None:
    settle_in(store)
    marks = [card(store, f"telegram::{n}", f"p{n}").buttons[0].mark for n in range(8)]
    old = [f"v1:accept:A{n:04}" for n in range(8)]

    def counted(pressed: Sequence[str]) -> int:
        before = store.statements()
        behind(store, *(press(mark, (f"telegram::{n}", f"telegram::{n}", False)) for n, mark in enumerate(pressed)))
        return store.statements() - before

    assert counted([]) < counted(marks[:1]) == counted(marks)
    assert counted([marks[0], old[0]]) == counted([*marks, *old])


ADDRESSES = st.sampled_from([LI, "telegram::1002", GROUP_CHAT, ELSEWHERE])
PRESSES = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.integers(0, 2 * LASTING.days), ADDRESSES, ADDRESSES, st.booleans()
    ),
    max_size=12,
)  # fmt: skip


@given(lanes=st.lists(ADDRESSES, min_size=1, max_size=4, unique=True), presses=PRESSES)
def test_whoever_presses_what_where_and_when_only_what_was_sent_there_comes_of_it(
    lanes: list[str], presses: list[tuple[int, int, int, str, str, bool]]
) -> None:
    store = Store("sqlite://")
    store.create()
    sent = [card(store, lane, f"p{n}", buttons=(TAKE, BACK)) for n, lane in enumerate(lanes)]
    for which, n, days, sender, chat, group in presses:
        letter = sent[which % len(sent)]
        mark = letter.buttons[0].mark[:-1] + str(n)
        found, astray = button(store, mark, (sender, chat, group), NOW + timedelta(days=days))
        here = letter.chat == chat or (not group and letter.chat == sender)
        known = n < len(letter.buttons) and days < LASTING.days
        assert found == (letter.buttons[n].action if known and here else "")
        assert astray == (known and not here)
    store.close()
