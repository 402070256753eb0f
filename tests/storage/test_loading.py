"""What a batch needs is locked and loaded, in as many statements for one message as for sixty-four."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers.cases import Photo, Reporter, State, Task, TaskKind, TaskState
from handlers.effects import Effects
from handlers.thread import Thread
from handlers.town import Person, Role
from handlers.working_set import Wanted
from storage.loading import person_id
from storage.store import Store
from storage.values import LetterOutcome, Written
from tests.storage.making import GROUP_CHAT, NOW, a_case, address, at_once, later, report, said, serve, settle_in, write


def test_an_unknown_sender_becomes_the_same_person_everywhere(store: Store) -> None:
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender="telegram::9"), Wanted(sender="telegram::9")], NOW)
    person = person_id("telegram::9")
    assert ws.senders == {"telegram::9": person}
    assert ws.people == {person: Person(id=person)}
    assert person == "p" + person[1:]
    assert len(person) == 17
    with store.transaction() as tx:
        assert tx.load([Wanted(sender="telegram::9")], later(days=1)).senders == ws.senders
        assert tx.accounts_of(person) == ["telegram::9"]


def test_a_known_sender_is_who_they_are(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender="telegram::1001", chat=GROUP_CHAT), Wanted(sender=address(1))], NOW)
    assert ws.people["li"].roles == {Role.GRID_WORKER}
    assert ws.groups == {GROUP_CHAT: "jr-2-work"}
    assert len(ws.people) == 2


def test_the_cases_of_a_sender_come_with_all_that_hangs_on_them(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    person = person_id(address(1))
    photo = Photo(id="x", person="li", case=number, ref="r", address="a", at=NOW)
    loose = Photo(id="y", person=person, ref="r", address="a", at=NOW)
    old = replace(loose, id="z", at=later(days=-2))
    write(store, cases=(a_case(number, lead_person="li"),), photos=(photo, loose, old))
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender=address(1))], NOW)
    assert ws.mine == {person: (number,)}
    assert ws.cases[number].lead_person == "li"
    assert [task.holder for task in ws.tasks[number]] == ["jr-2"]
    assert [one.person for one in ws.reporters[number]] == [person]
    assert ws.photos == {number: (photo,), "": (loose,)}
    assert set(ws.people) == {person, "li"}
    assert ws.threads[person].topic == number
    assert ws.threads[person].version == 1


def test_my_cases_are_the_open_ones_and_those_of_thirty_days_newest_first(store: Store) -> None:
    person = person_id(address(1))
    closed = {"state": State.CLOSED, "opened_at": later(days=-90)}
    kept = [
        a_case("A0001", closed_at=later(days=-31), **closed),
        a_case("A0002", closed_at=later(days=-29), **closed),
        a_case("A0003", opened_at=later(days=-400)),
        a_case("A0004", state=State.REFERRED, changed_at=later(days=-2), opened_at=later(days=-3)),
        *(a_case(f"A1{n:03}", opened_at=later(days=n - 50)) for n in range(25)),
    ]
    with store.transaction() as tx:
        tx.load([Wanted(sender=address(1))], NOW)
    write(store, cases=tuple(kept), reporters=tuple(Reporter(case=c.number, person=person, since=NOW) for c in kept))
    with store.transaction() as tx:
        mine = tx.load([Wanted(sender=address(1))], NOW).mine[person]
    assert mine[:3] == ("A0004", "A1024", "A1023")
    assert len(mine) == 20
    assert "A0001" not in mine


def test_named_quoted_and_led_cases_are_loaded(store: Store) -> None:
    settle_in(store)
    numbers = [report(store, n) for n in range(1, 5)]
    write(store, cases=(a_case(numbers[1], lead="safety_office"), a_case(numbers[2], due_at=later(hours=1))))
    with store.transaction() as tx:
        card = next(one for one in tx.letters_of(chat=GROUP_CHAT) if one.case == numbers[3])
        tx.settle_letters([LetterOutcome(id=card.id, state="sent", ref="m7")], NOW)
    wanted = Wanted(sender="telegram::1001", cases=(numbers[1], "A9999"), quoted=(GROUP_CHAT, "m7"), holders=("jr-2",))
    with store.transaction() as tx:
        ws = tx.load([wanted, replace(wanted, quoted=(GROUP_CHAT, "m8"))], NOW)
    assert ws.in_hand == {"jr-2": (numbers[2], numbers[0], numbers[3])}
    assert ws.quoted == {(GROUP_CHAT, "m7"): numbers[3]}
    assert set(ws.cases) == set(numbers)
    assert "li" not in ws.mine


def test_what_a_worker_found_alone_is_none_of_the_cases_they_speak_in(store: Store) -> None:
    person = person_id(address(1))
    with store.transaction() as tx:
        tx.load([Wanted(sender=address(1))], NOW)
    parts = {"A0001": "finder", "A0002": "on_behalf"}
    spoken = tuple(Reporter(case=number, person=person, part=part, since=NOW) for number, part in parts.items())
    write(store, cases=tuple(map(a_case, parts)), reporters=spoken)
    with store.transaction() as tx:
        assert tx.load([Wanted(sender=address(1))], NOW).mine == {person: ("A0002",)}


def test_what_has_its_result_comes_last_and_who_was_called_is_told_so(store: Store) -> None:
    done = {"state": State.FED_BACK, "fed_back_at": NOW, "due_at": later(hours=1)}
    cases = (a_case("A0001", **done), a_case("A0002", due_at=later(hours=2)), a_case("A0003", state=State.CLOSED))
    waiting = Task(case="A0002", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=NOW)
    over = replace(waiting, case="A0001", state=TaskState.DONE)
    write(store, cases=cases, tasks=(waiting, over, replace(waiting, case="A0003"), replace(over, n=3, holder="jr-2")))
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender=address(1), holders=("jr-2", "enforcement"))], NOW)
    assert ws.in_hand == {"jr-2": ("A0002", "A0001")}
    assert ws.called == {"enforcement": ("A0002",)}
    assert ws.tasks["A0002"] == (waiting,)


def test_what_the_morning_tells_of(store: Store) -> None:
    cases = (a_case("A0001", state=State.FED_BACK, fed_back_at=NOW), a_case("A0002", due_at=later(hours=2)),
             a_case("A0003", due_at=later(hours=1), lead_person="li"), a_case("A0004", state=State.CLOSED))  # fmt: skip
    calls = [
        Task(case="A0003", n=2, kind=TaskKind.JOIN, holder="enforcement", called_at=NOW),
        Task(case="A0003", n=3, kind=TaskKind.JOIN, state=TaskState.DONE, holder="env", called_at=NOW, done_at=NOW),
    ]
    write(store, cases=cases, tasks=(*calls, Task(case="A0003", n=1, holder="jr-2", called_at=NOW)))
    with store.reading() as reader:
        assert [case.number for case in reader.waiting()] == ["A0003", "A0002"]
        assert reader.joining(later(hours=-1)) == [(calls[0], "li"), (calls[1], "li")]
        assert reader.joining(later(hours=1)) == [(calls[0], "li")]


def test_the_thread_of_every_reporter_is_loaded_for_a_worker_may_put_a_question_there(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender="telegram::1001", cases=(number,))], NOW)
    assert ws.thread(person_id(address(1))).welcomed


def test_the_clock_loads_cases_without_a_sender(store: Store) -> None:
    number = report(store, 1)
    with store.transaction() as tx:
        ws = tx.load_cases([number, "A9999"], NOW)
    assert list(ws.cases) == [number]
    assert ws.threads[person_id(address(1))].topic == number
    with store.transaction() as tx:
        assert tx.load_cases([], NOW).cases == {}


def statements(store: Store, batch: int, start: int) -> int:
    """How many statements it takes to serve a batch, half of it from people who are known and have cases."""
    messages = [said(f"{start}-{n}", sender=address(n), chat=address(n)) for n in range(batch)]
    before = store.statements()
    with store.transaction() as tx:
        serve(tx, messages)
    return store.statements() - before


def test_the_number_of_statements_does_not_depend_on_the_number_of_messages(store: Store) -> None:
    settle_in(store)
    statements(store, 32, 1)  # from now on some senders are known and have a case, others are new
    counts = {batch: statements(store, batch, batch + 1) for batch in (64, 8, 1)}
    assert counts[64] - counts[8] == 1, "the insert of persons never seen before"
    assert counts[8] == counts[1] <= 24


def test_loading_takes_at_most_fourteen_statements(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    write(store, cases=(a_case(number, lead_person="li"),))
    wanted = [
        Wanted(sender=address(n), chat=GROUP_CHAT, cases=(number,), quoted=("c", "r"), holders=("jr-2",))
        for n in range(64)
    ]
    with store.transaction() as tx:
        before = store.statements()
        tx.load(wanted, NOW)
        assert store.statements() - before <= 14


def test_two_processes_never_lock_each_other_out(postgres_store: Store) -> None:
    """Each batch names persons and cases in another order; all are locked in the same."""
    numbers = [report(postgres_store, n) for n in range(12)]
    other = Store(postgres_store.url)

    def batches(store: Store, step: int) -> None:
        for round_ in range(12):
            senders = [address(n) for n in range(12)][::step]
            wanted = [Wanted(sender=one, cases=tuple(numbers[::-step])) for one in senders]
            with store.transaction() as tx:
                ws = tx.load(wanted, later(seconds=round_))
                threads = tuple(ws.threads[person].heard("再说一句", NOW) for person in sorted(ws.threads)[::step])
                cases = tuple(replace(case, raised=case.raised + 1) for case in ws.cases.values())[::step]
                tx.flush([Written(effects=Effects(threads=threads, cases=cases))], NOW)

    at_once(lambda: batches(postgres_store, 1), lambda: batches(other, -1))
    other.close()
    with postgres_store.reading() as reader:
        raised = {case.raised for case in reader.cases()}
        versions = {thread.version for thread in reader.threads_of([address(n) for n in range(12)]).values()}
    assert raised == {24}
    assert versions == {25}


@pytest.mark.parametrize("letter", ["", "Y"])
def test_case_numbers_grow_beyond_four_digits(store: Store, letter: str) -> None:
    with store.transaction() as tx:
        assert tx.reserve(0) == []
        if letter:
            tx.set_setting("case_letter", letter)
        first = tx.reserve(3)
        many = tx.reserve(9_997)
    want = letter or "A"
    assert first == [f"{want}0001", f"{want}0002", f"{want}0003"]
    assert many[-2:] == [f"{want}9999", f"{want}10000"]
    assert sorted(set(many)) == sorted(many)


def test_a_sender_seen_long_ago_keeps_their_thread(store: Store) -> None:
    report(store, 1)
    with store.reading() as reader:
        found = reader.threads_of([address(1), address(2)])
    assert list(found) == [address(1)]
    assert found[address(1)].earlier(NOW + timedelta(seconds=5)).startswith("3号楼")
    with store.transaction() as tx:
        tx.register(Person(id="chen", name="陈"), ["telegram::5"])
    with store.reading() as reader:
        assert reader.threads_of(["telegram::5"]) == {"telegram::5": Thread(person="chen")}
