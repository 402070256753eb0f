"""What is remembered can be looked at: lists, chats, what falls due, everything about one person."""

from __future__ import annotations

import json

from handlers.cases import Photo, State
from handlers.letters import Errand
from handlers.town import Person
from storage.loading import person_id
from storage.store import Store
from storage.values import LetterOutcome
from tests.storage.making import (
    GROUP_CHAT,
    NOW,
    a_case,
    a_letter,
    address,
    later,
    report,
    said,
    serve,
    settle_in,
    write,
)


def test_cases_are_listed_newest_last(store: Store) -> None:
    numbers = [report(store, n, later(minutes=n)) for n in range(4)]
    opened = [a_case(number, opened_at=later(minutes=n)) for n, number in enumerate(numbers)]
    write(store, cases=(*opened[:3], a_case(numbers[3], opened_at=later(minutes=3), state=State.CLOSED)))
    with store.reading() as reader:
        assert [case.number for case in reader.cases()] == numbers
        assert [case.number for case in reader.cases(limit=2, offset=1)] == numbers[1:3]
        assert [case.number for case in reader.cases(open_only=True)] == numbers[:3]
        assert reader.case("A9999") is None


def test_the_clock_finds_what_is_due(store: Store) -> None:
    write(
        store,
        cases=(
            a_case("A0001", wake_at=later(hours=2)),
            a_case("A0002", wake_at=later(hours=1)),
            a_case("A0003", wake_at=NOW, state=State.CLOSED),
            a_case("A0004", wake_at=None),
            a_case("A0005", wake_at=later(hours=3)),
        ),
    )
    with store.reading() as reader:
        assert reader.due_cases(later(hours=2)) == ["A0002", "A0001"]
        assert reader.due_cases(later(hours=9), 1) == ["A0002"]
        assert reader.due_cases(NOW) == []


def test_the_next_moment_is_the_soonest_of_letters_errands_and_cases(store: Store) -> None:
    with store.reading() as reader:
        assert reader.next_due(NOW) is None
    write(store, cases=(a_case(wake_at=later(hours=3)),), letters=(a_letter("c", chat="c", not_before=later(hours=2)),))
    write(store, now=later(hours=1), errands=(Errand(kind="download"),))
    with store.reading() as reader:
        assert reader.next_due(NOW) == later(hours=1)
        assert reader.next_due(later(hours=1)) == later(hours=2)
        assert reader.next_due(later(hours=2)) == later(hours=3)
        assert reader.next_due(later(hours=3)) is None


def test_a_chat_shows_both_sides_in_the_order_of_time(store: Store) -> None:
    settle_in(store)
    with store.transaction() as tx:
        written = serve(tx, [said(1, "路灯坏了")])[0]
        tx.mark_inline([written.inbox_id or 0], NOW)
    write(store, now=later(minutes=1), letters=(a_letter(person_id(address(1)), "还没说"),))
    with store.reading() as reader:
        heard, told = reader.timeline(address(1))
    assert (heard.out, heard.text.reveal(), heard.person) == (False, "路灯坏了", person_id(address(1)))
    assert (told.out, told.kind, told.case, told.buttons[0].label) == (True, "reply", "A0001", "更正")
    with store.transaction() as tx:
        letter = next(one for one in tx.claim_letters(later(minutes=2), "me", 9) if one.text == "还没说")
        tx.settle_letters([LetterOutcome(id=letter.id, state="sent")], later(minutes=2))
        tx.take_in([said(2, "在吗", chat=address(1))], later(minutes=3))
        fresh = tx.timeline(address(1), told.id)
    assert [line.text.reveal() for line in fresh if line.id != heard.id] == ["还没说", "在吗"]
    with store.reading() as reader:
        assert [line.text.reveal() for line in reader.timeline(address(1), limit=1)] == ["在吗"]
        assert reader.timeline(GROUP_CHAT) == []


def test_everything_about_a_person_is_handed_over(store: Store) -> None:
    number = report(store, 1)
    person = person_id(address(1))
    photo = Photo(id="x", person=person, case=number, ref="r", address="a", at=NOW)
    write(store, persons=(Person(id=person, name="张三"),), photos=(photo,))
    report(store, 2)
    with store.reading() as reader:
        kept = reader.export_person(person)
        assert reader.photos(number) == [photo]
        assert reader.photos_by_id(["x", "y"]) == {"x": photo}
    text = json.dumps(kept, ensure_ascii=False)
    assert kept["person"][0]["name"] == "张三"
    assert kept["accounts"][0]["address"] == address(1)
    assert kept["messages"][0]["payload"]["text"] == "3号楼楼道有人给电动车飞线充电，怕着火"
    assert kept["cases"][0]["words"] == "3号楼楼道有人给电动车飞线充电，怕着火"
    assert [letter["text"] for letter in kept["letters"]] == ["已登记，编号 A0001。网格员 4 小时内接单。"]
    assert address(2) not in text
    assert "2026-03-02T01:00:00.000000+00:00" in text


def test_settings_and_catalogues_are_kept(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.get_setting("shift", "0") == "0"
        tx.set_setting("shift", "1")
        tx.set_setting("shift", "2")
        tx.save_catalogue("c0ffee", {"duties": ["飞线"]})
        tx.save_catalogue("c0ffee", {"duties": ["other"]})
    with store.reading() as reader:
        assert reader.get_setting("shift") == "2"
        assert reader.catalogue("c0ffee") == {"duties": ["飞线"]}
        assert reader.catalogue("other") is None
