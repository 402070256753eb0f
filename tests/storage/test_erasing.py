"""A person who is erased leaves rows and numbers behind, and not one word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import text

from handlers.cases import Photo, Reporter, State, Where
from handlers.effects import Effects
from handlers.letters import Errand
from handlers.raw import RawText
from handlers.thread import Thread
from handlers.town import Person
from handlers.working_set import Wanted
from storage.loading import person_id
from storage.store import Store
from storage.tables import metadata
from storage.values import Charge, Written
from tests.storage.making import (
    NOW,
    a_case,
    a_letter,
    address,
    an_entry,
    later,
    opened,
    report,
    said,
    serve,
    settle_in,
    write,
)

CANARY = "金丝雀"
FILE = f"{CANARY}.jpg"
ME = person_id(address(1))


def everything(store: Store) -> Iterator[str]:
    """Every row of every table as text, with the table's name."""
    with store._reading.connect() as connection:
        for table in metadata.tables:
            for row in connection.execute(text(f"SELECT * FROM {table}")):
                yield f"{table}: {tuple(row)}"


def left(store: Store, word: str = CANARY) -> list[str]:
    return [row for row in everything(store) if word in row]


def told(store: Store) -> str:
    """A case full of canaries, closed; its number."""
    settle_in(store)
    with store.transaction() as tx:
        message = said(1, CANARY, location=(33.38, 120.15), scene=CANARY, quoted=CANARY, button=CANARY)
        written = serve(tx, [message])[0]
        number = written.effects.cases[0].number
        where = Where(text=RawText(CANARY), room=RawText(CANARY), unit="jr-2", estate="健仁小区", point=(33.38, 120.15))
        word = RawText(CANARY)
        case = a_case(number, state=State.CLOSED, where=where, words=word, result=word, photos=("x",), entries=4)
        effects = Effects(
            cases=(case,),
            entries=(an_entry(number, 3, "add", CANARY), replace(an_entry(number, 4, "close", CANARY), by="li")),
            persons=(Person(id=ME, name=CANARY, names=(CANARY,), tags=(CANARY,), unit="jr-2"),),
            photos=(Photo(id="x", person=ME, case=number, ref=CANARY, address=address(1), path=FILE, at=NOW),),
            threads=(Thread(person=ME, version=1).heard(CANARY, NOW),),
            letters=(
                a_letter(ME, CANARY, case=number),
                a_letter(ME, CANARY),
                a_letter("li", CANARY, case=number, kind="reply", chat="telegram::1001"),
            ),
            errands=(Errand(kind="download", case=number, facts={"ref": CANARY}),),
        )  # fmt: skip
        tx.flush([replace(written, effects=effects, receipt=CANARY, inline=False)], NOW)
    with store._writing.begin() as connection:  # what was private to the worker has been sent
        connection.execute(text("UPDATE letters SET state = 'sent', next_at = NULL WHERE recipient = 'li'"))
    return number


def test_not_one_word_is_left(store: Store) -> None:
    number = told(store)
    assert len(left(store)) >= 10, "the canaries were there"
    with store.transaction() as tx:
        tx.erase([ME], later(days=1))
    assert [row for row in left(store) if not row.startswith("errands")] == []
    assert left(store, address(1)) == []
    with store.reading() as reader:
        case = reader.case(number)
        assert case is not None
        assert (case.state, case.where.estate, case.where.point) == (State.CLOSED, "健仁小区", None)
        assert [entry.step for entry in reader.entries(number)] == ["open", "assign", "add", "close"]
        assert [one.person for one in reader.reporters(number)] == [ME]
        assert reader.verify() == []
        assert reader.person_by_id(ME) == Person(id=ME)


def test_the_files_are_left_to_an_errand_and_nothing_more_is_fetched(store: Store) -> None:
    told(store)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
        (errand,) = tx.claim_errands(NOW, "me", 9)
    assert (errand.kind, errand.facts) == ("unlink", {"paths": FILE})


def test_what_waits_for_the_erased_person_is_not_sent(store: Store) -> None:
    report(store, 1)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
        assert [one for one in tx.claim_letters(later(days=1), "me", 9) if one.to == ME] == []


def test_how_much_they_were_sent_is_forgotten(store: Store) -> None:
    report(store, 1)
    with store.transaction() as tx:
        assert tx.claim_letters(later(days=1), "me", 9, (), lambda letter: Charge(messages=1, seconds=60.0))
        counted = "SELECT lane FROM paces"
        assert address(1) in tx._connection.execute(text(counted)).scalars().all()
        tx.erase([ME], NOW)
        assert address(1) not in tx._connection.execute(text(counted)).scalars().all()


def test_a_repeat_of_an_erased_delivery_is_still_known(store: Store) -> None:
    report(store, 1)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
        (again,) = tx.take_in([said(1)], NOW)
    assert (again.new, again.receipt) == (False, "")


def test_the_words_of_others_stay(store: Store) -> None:
    """A co-reporter who goes takes their own notes along, not the case of the one who opened it."""
    number = report(store, 2)
    joined = Reporter(case=number, person=ME, part="co_reporter", since=NOW)
    note = replace(an_entry(number, 3, "add", CANARY), by=ME)
    write(store, reporters=(joined,), entries=(note,), cases=(a_case(number, entries=3),))
    other = report(store, 3)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
    assert left(store) == []
    with store.reading() as reader:
        case = reader.case(number)
        assert case is not None
        assert case.words == a_case().words
        assert reader.entries(number)[0].note
        assert reader.entries(other)[0].note
        assert reader.verify() == []


def test_a_number_given_to_one_handler_goes_in_a_case_of_several_too(store: Store) -> None:
    settle_in(store)
    number = report(store, 2)
    joined = Reporter(case=number, person=ME, part="co_reporter", since=NOW)
    shared = replace(an_entry(number, 3, "share", CANARY), by=ME)
    case = a_case(number, entries=3)
    letter = a_letter("li", CANARY, case=number)
    write(store, reporters=(joined,), entries=(shared,), cases=(case,), letters=(letter,))
    with store._writing.begin() as connection:
        connection.execute(text("UPDATE letters SET state = 'sent', next_at = NULL WHERE recipient = 'li'"))
    assert left(store)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
    assert left(store) == []


def test_people_of_the_configuration_keep_their_name_and_accounts(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        tx.load([Wanted(sender="telegram::1001")], NOW)
        tx.erase(["li"], NOW)
        assert tx.accounts_of("li") == ["telegram::1001"]
        person = tx.person_by_id("li")
    assert person is not None
    assert person.name == "李明"


def erasing_batch(store: Store, number: str) -> list[int]:
    """In one batch: I add words, I ask to be erased, a worker takes the case (loaded with my words in it)."""
    with store.transaction() as tx:
        senders = [address(1), "telegram::1001"]
        taken = tx.take_in([said("add", CANARY), said("erase", "删除我的数据"), said("take", "接单")], NOW)
        ws = tx.load([Wanted(sender=one, cases=(number,)) for one in senders], NOW)
        case = replace(ws.cases[number], words=RawText(CANARY), entries=3)
        add = Effects(
            cases=(case,), entries=(an_entry(number, 3, "add", CANARY),), persons=(Person(id=ME, name=CANARY),)
        )
        done = a_letter(ME, "已删除", kind="reply", chat=address(1))
        erase = Effects(erased=(ME,), letters=(done,), threads=(replace(ws.threads[ME], answer=CANARY),))
        take = Effects(
            cases=(replace(case, lead_person="li", entries=4),), persons=(Person(id=ME, name=CANARY),),
            entries=(an_entry(number, 4, "accept"),), letters=(a_letter(ME, f"{number} 已接单", case=number),),
        )  # fmt: skip
        mine: dict[str, Any] = {"chat": address(1), "inline": True, "person": ME}
        tx.flush(
            [
                Written(effects=add, inbox_id=taken[0].id, receipt=CANARY, **mine),
                Written(effects=erase, inbox_id=taken[1].id, **mine),
                Written(effects=take, inbox_id=taken[2].id, person="li"),
            ],
            NOW,
        )
    return [one.id for one in taken]


def test_words_do_not_come_back_within_the_batch_that_erased_them(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    ids = erasing_batch(store, number)
    assert left(store) == []
    with store.reading() as reader:
        case = reader.case(number)
        assert case is not None
        assert (case.lead_person, case.words.reveal()) == ("li", "")
        assert reader.threads_of([address(1)]) == {}
        assert reader.verify() == []
        letters = [(one.text, one.chat, one.state) for one in reader.letters_of() if one.to == ME and one.text]
        assert letters == [("已删除", address(1), "inline"), (f"{number} 已接单", "", "nowhere")]
        rows = [reader.inbox_row(one) for one in ids]
        assert [row.receipt for row in rows if row is not None] == ["", "已删除", ""]


def test_who_speaks_again_after_being_erased_is_the_same_stranger(store: Store) -> None:
    report(store, 1)
    with store.transaction() as tx:
        tx.erase([ME], NOW)
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender=address(1))], NOW)
    assert ws.senders == {address(1): ME}
    assert ws.people[ME] == Person(id=ME)
    assert ws.threads == {}


def test_a_turn_without_words_is_still_written(store: Store) -> None:
    """Erasing somebody of whom nothing is kept changes nothing, and breaks nothing."""
    write(store, erased=("p-nobody",), cases=opened("A0001", "p1", "c").cases)
    with store.reading() as reader:
        assert reader.case("A0001") == a_case()
