"""Which letter may go when: in order per lane and case, red first, nothing lost and nobody held up for ever."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from handlers.effects import Effects
from handlers.letters import Button, Letter
from storage.store import Store
from storage.values import LetterOutcome, Outgoing, Written
from tests.storage.making import NOW, a_letter, later, said, write


def to(chat: str, text: str, **more: Any) -> Letter:
    return a_letter(chat, text, chat=chat, **more)


def post(store: Store, *letters: Letter) -> None:
    write(store, letters=letters)


def claim(store: Store, now: Any = NOW, owner: str = "me", limit: int = 20, busy: Sequence[str] = ()) -> list[Outgoing]:
    with store.transaction() as tx:
        return tx.claim_letters(now, owner, limit, busy)


def settle(store: Store, *outcomes: LetterOutcome, now: Any = NOW) -> None:
    with store.transaction() as tx:
        tx.settle_letters(outcomes, now)


def sent(letters: Sequence[Outgoing], ref: str = "") -> list[LetterOutcome]:
    return [LetterOutcome(id=letter.id, state="sent", ref=ref) for letter in letters]


def texts(letters: Sequence[Outgoing]) -> list[str]:
    return [letter.text for letter in letters]


def drained(store: Store, now: Any = NOW) -> list[str]:
    """Everything that can be sent now, in the order it goes."""
    found: list[str] = []
    while letters := claim(store, now):
        found += texts(letters)
        settle(store, *sent(letters), now=now)
    return found


def test_a_claimed_letter_has_all_that_a_courier_needs(store: Store) -> None:
    letter = to(
        "c", "红", case="A0001", kind="card", buttons=(Button("接单", "accept:A0001"),), photos=("x", "y"),
        follow_up="改", red=True,
    )  # fmt: skip
    post(store, letter)
    (found,) = claim(store)
    assert (found.to, found.chat, found.text, found.case, found.kind) == ("c", "c", "红", "A0001", "card")
    assert (found.buttons, found.photos, found.follow_up) == (letter.buttons, letter.photos, letter.follow_up)
    assert (found.red, found.attempts, found.posting, found.created_at) == (True, 0, "", NOW)


def test_one_letter_a_lane_the_oldest_first(store: Store) -> None:
    post(store, to("a", "1", case="A0001"), to("b", "2"), to("a", "3", case="A0002"), to("c", "4"))
    first = claim(store)
    assert texts(first) == ["1", "2", "4"]
    assert texts(claim(store)) == ["3"], "the lane is still mine; whether I may send is my pacing"
    assert claim(store) == []


def test_within_a_lane_and_case_nothing_overtakes(store: Store) -> None:
    post(store, to("a", "1", case="A0001"), to("a", "2", case="A0001"), to("a", "3"), to("a", "4"))
    first = claim(store)
    assert texts(first) == ["1"]
    second = claim(store)
    assert texts(second) == ["3"], "2 waits for 1, which is on its way"
    assert claim(store) == []
    settle(store, *sent(first), *sent(second))
    assert drained(store) == ["2", "4"]


def test_a_letter_that_waits_for_its_next_try_holds_up_its_case_alone(store: Store) -> None:
    post(store, to("a", "1", case="A0001"), to("a", "2", case="A0001"), to("a", "3", case="A0002"))
    (one,) = claim(store)
    settle(store, LetterOutcome(id=one.id, state="retry", retry_at=later(minutes=5), error="503"))
    assert drained(store) == ["3"]
    (again,) = claim(store, later(minutes=5))
    assert (again.text, again.attempts) == ("1", 1)
    settle(store, *sent([again]), now=later(minutes=5))
    assert drained(store, later(minutes=5)) == ["2"]


def test_what_was_tried_three_times_steps_aside(store: Store) -> None:
    post(store, to("a", "1", case="A0001"), to("a", "2", case="A0001"))
    for n in range(3):
        (one,) = claim(store, later(hours=n))
        assert one.text == "1"
        settle(store, LetterOutcome(id=one.id, state="retry", retry_at=later(hours=n + 1)), now=later(hours=n))
    assert drained(store, later(hours=2.5)) == ["2"]
    assert drained(store, later(hours=3)) == ["1"]


def test_what_is_dead_is_out_of_the_way(store: Store) -> None:
    post(store, to("a", "1", case="A0001"), to("a", "2", case="A0001"))
    settle(store, LetterOutcome(id=claim(store)[0].id, state="dead", error="blocked"))
    assert drained(store) == ["2"]
    with store.reading() as reader:
        (dead,) = reader.letters_of(state="dead")
    assert (dead.text, dead.error, dead.next_at, dead.sent_at) == ("1", "blocked", None, None)


def test_red_overtakes(store: Store) -> None:
    post(
        store, to("a", "1", case="A0001"), to("a", "2", case="A0001", red=True), to("a", "3", case="A0001", red=True),
        to("b", "4"), to("b", "5", red=True),
    )  # fmt: skip
    assert texts(claim(store, limit=1)) == ["2"]
    assert texts(claim(store)) == ["5", "1"], "3 is red as well, but not before 2"
    assert texts(claim(store)) == ["4"]


def test_an_answer_does_not_wait_for_what_rests_till_morning(store: Store) -> None:
    night = later(hours=8)
    post(store, to("a", "早上说", case="A0001", not_before=night), to("a", "答", case="A0001", kind="reply"))
    post(store, to("a", "也早上说", case="A0001", not_before=night))
    assert drained(store) == ["答"]
    assert drained(store, night) == ["早上说", "也早上说"]


def test_what_is_pushed_later_keeps_its_place_behind_what_rests(store: Store) -> None:
    post(store, to("a", "早上说", case="A0001", not_before=later(hours=8)), to("a", "后说", case="A0001", kind="edit"))
    assert drained(store) == []
    assert drained(store, later(hours=8)) == ["早上说", "后说"]


def test_busy_lanes_are_left_alone(store: Store) -> None:
    post(store, to("a", "1"), to("b", "2"))
    assert texts(claim(store, busy=["a", "x"])) == ["2"]
    assert texts(claim(store)) == ["1"]


def test_one_long_lane_does_not_starve_the_others(store: Store) -> None:
    post(
        store,
        *(to("long", str(n), case=f"A{n:04}") for n in range(500)),
        *(to(f"c{n}", f"other {n}") for n in range(3)),
    )
    assert texts(claim(store, limit=3)) == ["0", "other 0", "other 1"]
    assert texts(claim(store, limit=64)) == ["1", "other 2"]


def test_a_lease_that_is_over_is_taken_over(store: Store) -> None:
    post(store, to("a", "1"))
    (first,) = claim(store, owner="died")
    assert claim(store, later(seconds=29), owner="heir") == []
    (again,) = claim(store, later(seconds=30), owner="heir")
    assert (again.id, again.attempts) == (first.id, 1)


def test_a_late_word_of_a_lost_lease_changes_nothing(store: Store) -> None:
    post(store, to("a", "1"))
    (first,) = claim(store, owner="slow")
    (again,) = claim(store, later(seconds=30), owner="heir")
    settle(store, *sent([again], "m1"), now=later(seconds=31))
    settle(store, LetterOutcome(id=first.id, state="retry", retry_at=later(seconds=40)), now=later(seconds=32))
    assert claim(store, later(days=1)) == []
    with store.reading() as reader:
        (letter,) = reader.letters_of(chat="a")
    assert (letter.state, letter.ref, letter.sent_at) == ("sent", "m1", later(seconds=31))


def inline(store: Store, n: int = 1) -> int:
    with store.transaction() as tx:
        (one,) = tx.take_in([said(n)], NOW)
        letters = (a_letter("p1", "答", kind="reply", chat=f"c{n}"),)
        tx.flush([Written(effects=Effects(letters=letters), inbox_id=one.id, chat=f"c{n}", inline=True)], NOW)
        return one.id


def test_an_inline_answer_that_arrived_is_not_pushed(store: Store) -> None:
    first, second = inline(store, 1), inline(store, 2)
    with store.transaction() as tx:
        tx.mark_inline([first], later(seconds=1))
        tx.mark_inline([], later(seconds=1))
    assert claim(store, later(seconds=19)) == []
    (pushed,) = claim(store, later(seconds=20))
    assert (pushed.chat, pushed.text) == ("c2", "答"), "the same words"
    with store.transaction() as tx:
        tx.mark_inline([second], later(seconds=21))
    with store.reading() as reader:
        assert [one.state for one in reader.letters_of()] == ["sent", "leased"]


def test_a_card_that_arrived_is_remembered_for_its_edits(store: Store) -> None:
    post(store, to("a", "卡", case="A0001", kind="card"), to("b", "卡", case="A0001", kind="card"))
    settle(store, *(LetterOutcome(id=one.id, state="sent", ref=f"m-{one.chat}") for one in claim(store)))
    post(store, to("a", "新卡", case="A0001", kind="card"))
    settle(store, *sent(claim(store), "m9"))
    post(
        store,
        to("a", "改", case="A0001", kind="edit"),
        to("b", "改", case="A0001", kind="edit"),
        to("c", "改", kind="edit"),
    )
    assert [(one.chat, one.posting) for one in claim(store)] == [("a", "m9"), ("b", "m-b"), ("c", "")]


def test_claiming_and_settling_take_a_fixed_number_of_statements(store: Store) -> None:
    def spent(n: int) -> int:
        post(store, *(to(f"{n}-{i}", "x", kind="card", case="A0001") for i in range(n)))
        before = store.statements()
        settle(store, *sent(claim(store, limit=n), "m"))
        return store.statements() - before

    assert spent(1) == spent(8) == spent(64) <= 8


def test_nothing_to_send_costs_one_look(store: Store) -> None:
    post(store, to("a", "1", not_before=later(hours=1)))
    claim(store)
    before = store.statements()
    assert claim(store) == []
    assert store.statements() - before <= 2


def test_a_resting_account_does_not_fill_the_claim(store: Store) -> None:
    """What waits for an account that is down must not stand before the letters of others."""
    letters = [Letter(to="x", chat=f"wechat:gh_down:o{n}", text="down") for n in range(50)]
    letters.append(Letter(to="y", chat="telegram::7", text="up"))
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(letters=tuple(letters)))], NOW)
    with store.transaction() as tx:
        claimed = tx.claim_letters(NOW, "me", 10, ["wechat:gh_down:"])
    assert [letter.text for letter in claimed] == ["up"]


def test_letters_that_are_fetched_lie_ready_once_they_are_sent(store: Store) -> None:
    mine, other = "web:site:a", "web:site:b"
    buttons = (Button("已解决", "rate:A0001:5"),)
    post(store, to(mine, "一", buttons=buttons), to(other, "别人的"), to(mine, "二"), to("wechat:gh:o", "三"))
    with store.reading() as reader:
        assert reader.lying(mine, 0) == []
    drained(store)
    with store.reading() as reader:
        found = reader.lying(mine, 0)
        assert (texts(found), found[0].buttons) == (["一", "二"], buttons)
        assert texts(reader.lying(mine, found[0].id)) == ["二"]
        assert texts(reader.lying(mine, 0, 1)) == ["一"]
        assert reader.lying("wechat:gh:o", 0) == []


def test_a_letter_that_became_ready_later_is_fetched_later_whatever_its_number(store: Store) -> None:
    """A red letter overtakes: who has fetched it has not yet seen the one before it."""
    mine = "web:site:a"
    post(store, to(mine, "先写的"), to(mine, "红的", red=True))
    (red,) = claim(store, limit=1)
    settle(store, *sent([red]))
    with store.reading() as reader:
        assert texts(reader.lying(mine, 0)) == ["红的"]
    assert drained(store, later(seconds=1)) == ["先写的"]
    with store.reading() as reader:
        assert texts(reader.lying(mine, red.id)) == ["先写的"]
        first = reader.lying(mine, 0)
        assert texts(first) == ["红的", "先写的"]
        assert reader.lying(mine, first[-1].id) == []
