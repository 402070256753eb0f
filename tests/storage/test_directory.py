"""The configuration's people and chats are taken over at start; who is no longer in it lets go of what they held."""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import State, Task, TaskState
from handlers.directory import Binding
from handlers.effects import Effects
from handlers.town import Group, Person, Role
from handlers.working_set import Wanted
from storage.store import Store
from storage.values import Left, Written
from tests.storage.making import GROUP_CHAT, NOW, a_case, a_letter, later, report, take_over, write

LI = Person(id="li", name="李明", roles=frozenset({Role.GRID_WORKER}), unit="jr-2")
WANG = Person(id="wang", name="王芳", names=("小王",), roles=frozenset({Role.MEDIATOR, Role.LIAISON}), tags=("家庭",))
WORK = Group(id="work", name="工作群", unit="jr-2", purpose="work")
PEOPLE = [(LI, ["telegram::1", "wecom::li"]), (WANG, ["wecom::wang"])]


def sync(store: Store, people: list[tuple[Person, list[str]]], chats: list[str], holders: tuple[str, ...] = ()) -> Left:
    with store.transaction() as tx:
        return take_over(tx, people, [(WORK, chats)], holders)


def test_people_and_chats_are_taken_over(store: Store) -> None:
    assert sync(store, PEOPLE, [GROUP_CHAT]) == Left()
    assert sync(store, PEOPLE, [GROUP_CHAT]) == Left(), "and once more changes nothing"
    with store.reading() as reader:
        assert reader.persons() == [LI, WANG]
        assert reader.person_by_id("wang") == WANG
        assert reader.person_by_id("nobody") is None
        assert reader.accounts_of("li") == ["telegram::1", "wecom::li"], "unused, the first counts as used last"


def test_what_the_configuration_drops_is_dropped(store: Store) -> None:
    sync(store, PEOPLE, [GROUP_CHAT, "telegram::-2"])
    left = sync(store, [(replace(LI, name="李明明"), ["wecom::li"])], ["telegram::-2"])
    assert left.persons == ("wang",)
    with store.reading() as reader:
        assert reader.persons() == [replace(LI, name="李明明"), replace(WANG, active=False)]
        assert reader.accounts_of("wang") == []
        assert reader.accounts_of("li") == ["wecom::li"]
    write(store, letters=(a_letter("work"), a_letter("wang")))
    with store.reading() as reader:
        assert [(one.chat, one.state) for one in reader.letters_of()] == [("telegram::-2", "waiting"), ("", "nowhere")]
    assert sync(store, PEOPLE, []).persons == ()
    with store.reading() as reader:
        assert reader.person_by_id("wang") == WANG


def test_the_open_cases_of_who_left_are_named(store: Store) -> None:
    sync(store, PEOPLE, [])
    write(
        store,
        cases=(
            a_case("A0001", lead_person="wang"),
            a_case("A0002", lead_person="li"),
            a_case("A0003", lead_person="wang", state=State.CLOSED),
            a_case("A0004", lead="gone", lead_person="li"),
            a_case("A0005"),
        ),
        tasks=(
            Task(case="A0005", n=2, holder="jr-2", person="wang", called_at=NOW),
            Task(case="A0002", n=2, holder="jr-2", person="wang", state=TaskState.DONE, called_at=NOW),
        ),
    )
    assert sync(store, PEOPLE[:1], []).cases == ("A0001", "A0005")
    assert sync(store, PEOPLE[:1], [], ("jr-2",)).cases == ("A0001", "A0004", "A0005"), "until somebody else holds them"


def test_people_bound_at_run_time_stay(store: Store) -> None:
    with store.transaction() as tx:
        tx.register(Person(id="zhao", name="赵"), ["wechat:gh_0:zhao"])
        tx.register(LI, ["telegram::77"])
    sync(store, PEOPLE, [])
    assert sync(store, [], []).persons == ("li", "wang")
    with store.reading() as reader:
        assert [one.id for one in reader.persons(source="run")] == ["zhao"]
        assert [one.id for one in reader.persons(source="config")] == ["li", "wang"]
        assert reader.accounts_of("li") == ["telegram::77"]
        assert reader.accounts_of("zhao") == ["wechat:gh_0:zhao"]


def test_an_address_changes_hands(store: Store) -> None:
    report(store, 1, sender="telegram::1", chat="telegram::1")
    sync(store, PEOPLE, [])
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender="telegram::1")], NOW)
        assert ws.senders == {"telegram::1": "li"}
        tx.register(Person(id="zhao"), ["telegram::1"])
        assert tx.load([Wanted(sender="telegram::1")], NOW).senders == {"telegram::1": "zhao"}


def test_that_somebody_is_away_is_not_forgotten_at_a_restart(store: Store) -> None:
    sync(store, PEOPLE, [])
    write(store, persons=(replace(LI, away_until=later(days=3)),))
    sync(store, PEOPLE, [])
    with store.reading() as reader:
        assert reader.person_by_id("li") == replace(LI, away_until=later(days=3))


def test_people_are_found_by_tag(store: Store) -> None:
    sync(store, PEOPLE, [])
    with store.reading() as reader:
        assert reader.persons(tag="家庭") == [WANG]
        assert reader.persons(tag="家") == []


def test_a_chat_that_has_gone_does_not_come_back_with_the_configuration(store: Store) -> None:
    sync(store, PEOPLE, [GROUP_CHAT])
    moved = (Binding(address="telegram::-1009", group="work"), Binding(address=GROUP_CHAT))
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(bindings=moved))], NOW)
    sync(store, PEOPLE, [GROUP_CHAT])
    write(store, letters=(a_letter("work"),))
    with store.reading() as reader:
        assert [one.chat for one in reader.letters_of()] == ["telegram::-1009"]
