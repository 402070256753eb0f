"""What turns decided is written down whole: the last value of a row wins, every letter finds its chat."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from handlers.cases import Reporter, State, Task, TaskState
from handlers.effects import Answered, Effects, Refused
from handlers.letters import Errand, Letter
from handlers.thread import Thread
from handlers.town import DUTY_DESK, Group, Person
from handlers.working_set import Wanted
from storage.loading import person_id
from storage.store import Store
from storage.values import LetterRow, Written
from tests.storage.making import (
    GROUP_CHAT,
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
    take_over,
    undone,
    write,
)


def letters(store: Store, **which: Any) -> list[LetterRow]:
    with store.reading() as reader:
        return reader.letters_of(**which)


def test_a_turn_is_written_down_whole(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    person = person_id(address(1))
    wanted = opened(number, person, address(1))
    with store.reading() as reader:
        assert reader.case(number) == wanted.cases[0]
        assert reader.cases() == [wanted.cases[0]]
        assert reader.tasks(number) == list(wanted.tasks)
        assert reader.reporters(number) == list(wanted.reporters)
        assert reader.entries(number) == list(wanted.entries)
        assert reader.threads_of([address(1)])[address(1)] == replace(wanted.threads[0], version=1)
        assert reader.verify() == []
    assert [(one.chat, one.kind, one.state) for one in letters(store)] == [
        (address(1), "reply", "inline"),
        (GROUP_CHAT, "card", "waiting"),
        ("telegram::1001", "push", "waiting"),
    ]


def test_the_last_value_of_a_row_wins_and_all_history_is_kept(store: Store) -> None:
    first = opened("A0001", "p1", "c")
    case = replace(first.cases[0], state=State.HANDLING, lead_person="li", entries=3)
    task = replace(first.tasks[0], state=TaskState.REPORTED_IN, person="li")
    thread = replace(first.threads[0], version=1, topic="")
    second = Effects(
        cases=(case,), tasks=(task,), threads=(thread,), entries=(an_entry("A0001", 3, "accept"),),
        persons=(Person(id="p1", name="张"), Person(id="p1", name="张三")),
        reporters=(replace(first.reporters[0], rating=5),),
    )  # fmt: skip
    with store.transaction() as tx:
        tx.flush([Written(effects=first), Written(effects=second)], NOW)
    with store.transaction() as tx:
        ws = tx.load_cases(["A0001"], NOW)
        assert ws.cases["A0001"] == case
        assert ws.tasks["A0001"] == (task,)
        assert ws.reporters["A0001"][0].rating == 5
        assert ws.threads["p1"] == replace(thread, version=2)
        assert ws.people["p1"].name == "张三"
        assert [entry.n for entry in tx.entries("A0001")] == [1, 2, 3]
        assert tx.verify() == []


def test_history_goes_on_from_what_is_stored(store: Store) -> None:
    """Whether the case was loaded or not, and whether it changes itself or not."""
    report(store, 1)
    write(store, entries=(an_entry("A0001", 3, "urge"),))
    with store.transaction() as tx:
        tx.load_cases(["A0001"], NOW)
        more = Effects(cases=(a_case(entries=4),), entries=(an_entry("A0001", 4, "urge", "还没人来"),))
        tx.flush([Written(effects=more)], NOW)
        tx.flush([Written(effects=Effects(entries=(an_entry("A0001", 5, "urge"),)))], NOW)
        assert tx.verify() == []
        assert len(tx.entries("A0001")) == 5


def test_rolled_back_nothing_was_written(store: Store) -> None:
    settle_in(store)
    with undone(store) as tx:
        serve(tx, [said(1), said(2)])
    with store.reading() as reader:
        assert reader.cases() == []
        assert reader.letters_of() == []
        assert reader.person_by_id(person_id(address(1))) is None


def test_a_person_is_reached_where_they_last_spoke(store: Store) -> None:
    with store.transaction() as tx:
        tx.register(Person(id="chen"), ["wecom::chen", "telegram::5"])
    write(store, letters=(a_letter("chen", "一"),))
    with store.transaction() as tx:
        tx.load([Wanted(sender="telegram::5")], later(hours=1))
    write(store, letters=(a_letter("chen", "二"),))
    assert [one.chat for one in letters(store)] == ["wecom::chen", "telegram::5"]


def test_a_group_is_reached_in_each_of_its_chats(store: Store) -> None:
    group = Group(id="work", name="工作群", unit="jr-2", purpose="work")
    with store.transaction() as tx:
        take_over(tx, [], [(group, ["wecom-webhook::jr-2", GROUP_CHAT])])
    write(store, letters=(a_letter("work", kind="card"), a_letter("work", chat="telegram::-7")))
    assert [one.chat for one in letters(store)] == [GROUP_CHAT, "wecom-webhook::jr-2", "telegram::-7"]


def test_a_desk_is_the_people_behind_it(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        tx.register(Person(id="chen"), ["wecom::chen"])
    write(store, letters=(a_letter(DUTY_DESK, people=("li", "chen", "nobody"), red=True), a_letter(DUTY_DESK)))
    found = letters(store)
    assert [(one.to, one.chat, one.state) for one in found] == [
        (DUTY_DESK, "telegram::1001", "waiting"),
        (DUTY_DESK, "wecom::chen", "waiting"),
        (DUTY_DESK, "", "nowhere"),
    ]


def test_who_has_no_chat_is_told_nothing_but_the_letter_is_kept(store: Store) -> None:
    write(store, letters=(a_letter("nobody", "听不到"),))
    assert [(one.state, one.text, one.next_at) for one in letters(store, state="nowhere")] == [
        ("nowhere", "听不到", None)
    ]


def test_a_letter_waits_for_its_hour(store: Store) -> None:
    write(store, letters=(a_letter("x", chat="c", not_before=later(hours=6)), a_letter("x", chat="c")))
    assert [one.next_at for one in letters(store)] == [later(hours=6), NOW]


def reply(chat: str, text: str) -> Letter:
    return a_letter("p1", text, kind="reply", chat=chat)


def test_the_inline_answer_is_one_reply_to_the_chat_it_came_from(store: Store) -> None:
    with store.transaction() as tx:
        (one,) = tx.take_in([said(1)], NOW)
        effects = Effects(letters=(reply("other", "甲"), reply("c", "乙"), reply("c", "丙"), a_letter("p1", chat="c")))
        tx.flush([Written(effects=effects, inbox_id=one.id, chat="c", inline=True, person="p1")], NOW)
        row = tx.inbox_row(one.id)
    assert row is not None
    assert (row.receipt, row.person, row.state) == ("乙", "p1", "done")
    assert [(one.state, one.next_at) for one in letters(store)] == [
        ("waiting", NOW),
        ("inline", NOW + timedelta(seconds=20)),
        ("waiting", NOW),
        ("waiting", NOW),
    ]


def test_a_receipt_that_was_cut_is_kept_as_it_was_given(store: Store) -> None:
    with store.transaction() as tx:
        (one,) = tx.take_in([said(1)], NOW)
        written = Written(effects=Effects(letters=(reply("c", "很长的回答"),)), inbox_id=one.id, chat="c", inline=True)
        tx.flush([replace(written, receipt="很长…")], NOW)
        row = tx.inbox_row(one.id)
    assert row is not None
    assert row.receipt == "很长…"


def test_records_are_kept_of_what_led_to_no_case(store: Store) -> None:
    refused = Refused(at=NOW, person="p1", action="close", case="A0001", reason="no_right")
    answered = Answered(at=NOW, person="p1", duty="legal_policy", answer="yibao", unit="jr-2", channel="wechat")
    write(store, refusals=(refused,), answered=(answered,), errands=(Errand(kind="download", facts={"ref": "m1"}),))
    with store.transaction() as tx:
        kept = tx.export_person("p1")
        assert kept["refusals"][0]["reason"] == "no_right"
        assert kept["answers"][0]["answer"] == "yibao"
        assert [(one.kind, one.facts) for one in tx.claim_errands(NOW, "me", 9)] == [("download", {"ref": "m1"})]


def test_nothing_is_nothing(store: Store) -> None:
    before = store.statements()
    write(store)
    with store.transaction() as tx:
        tx.flush([], NOW)
    assert store.statements() - before <= 2, "BEGIN alone"


def test_a_thread_of_somebody_else_is_written_beside_the_senders(store: Store) -> None:
    settle_in(store)
    number = report(store, 1)
    person = person_id(address(1))
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender="telegram::1001", cases=(number,))], NOW)
        threads = (Thread(person="li", welcomed=True), replace(ws.thread(person), topic="changed"))
        tx.flush([Written(effects=Effects(threads=threads, reporters=ws.reporters[number]))], NOW)
    with store.reading() as reader:
        found = reader.threads_of(["telegram::1001", address(1)])
    assert found["telegram::1001"].welcomed
    assert (found[address(1)].topic, found[address(1)].version) == ("changed", 2)


def test_a_second_reporter_joins(store: Store) -> None:
    report(store, 1)
    joined = Reporter(case="A0001", person="p2", part="co_reporter", anonymous=True, since=later(hours=1))
    task = Task(case="A0001", n=2, holder="safety_office", called_at=NOW)
    write(store, reporters=(joined,), tasks=(task,))
    with store.reading() as reader:
        assert reader.reporters("A0001")[1] == joined
        assert reader.tasks("A0001")[1] == task


def test_what_is_done_apart_fails_alone(store: Store) -> None:
    """Rows and chains are as before it, and what comes after goes on from there."""
    settle_in(store)
    number = report(store, 1)
    with store.transaction() as tx:
        tx.set_setting("a", "1")
        case = tx.load_cases([number], NOW).cases[number]
        for failing in (True, False):
            with suppress(ZeroDivisionError), tx.apart():
                entry = an_entry(number, case.entries + 1)
                changed = replace(case, entries=case.entries + 1)
                tx.flush([Written(effects=Effects(cases=(changed,), entries=(entry,)))], NOW)
                tx.set_setting("b", str(failing))
                _ = 1 / (0 if failing else 1)
        tx.set_setting("c", "1")
    with store.reading() as reader:
        assert [reader.get_setting(name) for name in "abc"] == ["1", "False", "1"]
        assert len(reader.entries(number)) == case.entries + 1
        assert reader.verify() == []
