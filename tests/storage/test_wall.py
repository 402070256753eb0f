"""What a group gets to read: what waits is overtaken, what is due together is one message, never too many an hour."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from handlers.directory import Binding
from handlers.effects import Effects
from handlers.letters import Button, Letter
from storage.store import Store
from storage.values import Crowd, LetterOutcome, Outgoing, Written
from tests.storage.making import NOW, later, write

CHAT = "telegram::-1001"


def card(number: str, text: str = "卡", **more: Any) -> Letter:
    given: dict[str, Any] = {"to": "jr-2-work", "chat": CHAT, "text": text, "kind": "card", "case": number}
    return Letter(**{**given, **more})


def edit(number: str, text: str, line: str = "", **more: Any) -> Letter:
    return card(number, text, **{"kind": "edit", "follow_up": line, **more})


def post(store: Store, *letters: Letter, at: datetime = NOW) -> None:
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(letters=letters))], at)


def claim(store: Store, at: datetime = NOW) -> list[Outgoing]:
    with store.transaction() as tx:
        return tx.claim_letters(at, "me", 20)


def send(store: Store, at: datetime = NOW, ref: str = "m{id}") -> list[tuple[str, str]]:
    """Everything that may go now: (kind, text)."""
    found: list[tuple[str, str]] = []
    while letters := claim(store, at):
        found += [(one.kind, one.text) for one in letters]
        with store.transaction() as tx:
            tx.settle_letters([LetterOutcome(id=x.id, state="sent", ref=ref.format(id=x.id)) for x in letters], at)
    return found


def take(store: Store, at: datetime = NOW) -> list[Crowd]:
    with store.transaction() as tx:
        return tx.take_crowds(at)


def states(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as reader:
        return [(one.case, one.kind, one.state) for one in reader.letters_of(chat=CHAT)]


NIGHT = later(hours=9)


def test_a_card_that_waits_says_what_holds_when_it_goes(store: Store) -> None:
    post(store, card("A0001", "待接单", buttons=(Button("接单", "accept:A0001"),), not_before=NIGHT))
    post(store, edit("A0001", "李明已接单", "A0001 已由李明接单。", buttons=(Button("反馈", "feed_back:A0001"),)))
    assert send(store) == []
    (one,) = claim(store, NIGHT)
    assert (one.kind, one.text, one.buttons) == ("card", "李明已接单", (Button("反馈", "feed_back:A0001"),))


def test_a_card_and_its_change_in_one_batch_are_one_card(store: Store) -> None:
    post(store, card("A0001", "待接单"), edit("A0001", "李明已接单"))
    assert send(store) == [("card", "李明已接单")]


def test_what_is_over_before_it_was_shown_is_not_shown(store: Store) -> None:
    post(store, card("A0001", not_before=NIGHT), card("A0002", not_before=NIGHT))
    post(store, edit("A0001", "已撤回", "撤回", gone=True), card("A0003"), edit("A0003", "已撤回", "撤回", gone=True))
    post(store, edit("A0001", "又改", "又改"), edit("A0003", "又改", "又改"))
    assert send(store, NIGHT) == [("card", "卡")]
    assert ("A0001", "card", "dropped") in states(store)


def test_a_card_that_hangs_is_edited_and_only_its_last_state_is_sent(store: Store) -> None:
    post(store, card("A0001"))
    send(store)
    post(store, edit("A0001", "一", "一", not_before=NIGHT))
    post(store, edit("A0001", "二", "二", not_before=NIGHT))
    (one,) = claim(store, NIGHT)
    assert (one.kind, one.text, one.follow_up, one.posting[0]) == ("edit", "二", "二", "m")


def test_a_card_without_a_reference_is_followed_by_lines(store: Store) -> None:
    post(store, card("A0001"))
    send(store, ref="")
    post(store, edit("A0001", "整张卡", "A0001 已由李明接单。", buttons=(Button("反馈", "feed_back:A0001"),)))
    (one,) = claim(store)
    assert (one.kind, one.text, one.posting) == ("line", "A0001 已由李明接单。", "")
    assert one.buttons != ()


def test_a_card_on_its_way_is_edited_when_it_has_come(store: Store) -> None:
    post(store, card("A0001"))
    (one,) = claim(store)
    post(store, edit("A0001", "改", "改了"))
    assert claim(store) == []
    with store.transaction() as tx:
        tx.settle_letters([LetterOutcome(id=one.id, state="sent", ref="m1")], NOW)
    (next_one,) = claim(store)
    assert (next_one.kind, next_one.posting) == ("edit", "m1")


def test_red_waits_for_nothing(store: Store) -> None:
    post(store, *(card(f"A{n:04}", at_most=1) for n in range(3)))
    post(store, card("A0009", "红", red=True, at_most=1), card("A0008", "红", red=True, at_most=1))
    assert send(store) == [("card", "红"), ("card", "红")]
    post(store, card("A0010", "夜", not_before=NIGHT), edit("A0010", "转红", red=True))
    assert ("card", "转红") in send(store)


def test_what_is_due_together_is_left_for_one_message(store: Store) -> None:
    post(store, card("A0001"), Letter(to="p", chat=CHAT, text="答", kind="reply"), card("A0002"))
    assert send(store) == [("reply", "答")]
    (crowd,) = take(store)
    assert (crowd.to, crowd.chat, [told.case for told in crowd.told]) == ("jr-2-work", CHAT, ["A0001", "A0002"])
    assert send(store) == []
    assert take(store) == []
    post(store, edit("A0001", "改", "A0001 已由李明接单。"))
    assert send(store) == [("line", "A0001 已由李明接单。")], "it has no card of its own"


def test_one_is_no_crowd_nor_are_two_chats_nor_a_second_try(store: Store) -> None:
    post(store, card("A0001"), card("A0001", chat="telegram::-2"))
    assert take(store) == []
    (first, _) = claim(store)
    with store.transaction() as tx:
        tx.settle_letters([LetterOutcome(id=first.id, state="retry", retry_at=later(seconds=5))], NOW)
    post(store, card("A0002"))
    assert take(store, later(minutes=1)) == []


def test_no_more_than_so_many_an_hour_and_the_rest_together(store: Store) -> None:
    for n in range(6):
        post(store, card(f"A{n:04}", str(n), at_most=3), at=later(minutes=n))
        send(store, later(minutes=n))
    assert [state for _, _, state in states(store)] == ["sent"] * 3 + ["waiting"] * 3
    assert take(store, later(minutes=59)) == []
    (crowd,) = take(store, later(minutes=60))
    assert [told.case for told in crowd.told] == ["A0003", "A0004", "A0005"]


def test_who_waits_for_room_does_not_go_in_the_night(store: Store) -> None:
    rest = (later(minutes=30), NIGHT)
    for n in range(2):
        post(store, card(f"A{n:04}", str(n), at_most=1, rest=rest))
        send(store)
    assert send(store, later(hours=2)) == []
    assert send(store, NIGHT) == [("card", "1")]


def test_edits_in_place_are_no_messages(store: Store) -> None:
    post(store, card("A0001", at_most=1))
    send(store)
    for n in range(3):
        post(store, edit("A0001", str(n), at_most=1), at=later(minutes=n))
        assert send(store, later(minutes=n)) == [("edit", str(n))]


def test_nothing_is_lost_when_it_breaks_between(store: Store) -> None:
    post(store, card("A0001"), card("A0002"))
    try:
        with store.transaction() as tx:
            assert tx.take_crowds(NOW)
            raise RuntimeError
    except RuntimeError:
        pass
    assert [told.case for told in take(store)[0].told] == ["A0001", "A0002"]


def test_cards_cost_the_same_statements_however_many(store: Store) -> None:
    def spent(n: int) -> int:
        before = store.statements()
        letters = [card(f"A{n}{i:04}", chat=f"telegram::-{n}{i}") for i in range(n)]
        post(store, *letters, *(edit(one.case, "改", chat=one.chat) for one in letters))
        return store.statements() - before

    write(store)
    assert spent(1) == spent(8) == spent(64)


def test_what_was_said_in_a_group_can_be_quoted(store: Store) -> None:
    with store.transaction() as tx:
        bound = (Binding(address=CHAT, group="jr-2-home"),)
        reply = Letter(to="jr-2-home", chat=CHAT, text="收到，已登记 A0001", kind="reply", case="A0001")
        tx.flush([Written(effects=Effects(bindings=bound, letters=(reply,)))], NOW)
    send(store, ref="m7")
    post(store, edit("A0001", "改", "A0001 已由李明接单。"))
    (one,) = claim(store)
    assert (one.kind, one.posting) == ("line", ""), "an answer is no card"
