"""Many reporters of one case in the memory: what each said is theirs alone, and a merged case brings its home along."""

from __future__ import annotations

from dataclasses import replace

from handlers.cases import Case, Reporter, State
from handlers.raw import RawText
from handlers.working_set import Wanted
from storage.loading import person_id
from storage.store import Store
from tests.storage.making import NOW, a_case, address, an_entry, later, report, write

FIRST, SECOND = person_id(address(1)), person_id(address(2))
MINE, THEIRS = "金丝雀", "百灵鸟"


def shared(store: Store, **more: object) -> str:
    """A closed case that one person opened and another joined; its number."""
    number = report(store, 1)
    report(store, 2)
    joined = Reporter(case=number, person=SECOND, part="co_reporter", since=later(hours=1), words=RawText(THEIRS))
    lines = (
        replace(an_entry(number, 3, "add", MINE), by=FIRST),
        replace(an_entry(number, 4, "join", THEIRS), by=SECOND),
        replace(an_entry(number, 5, "feed_back", "已修好"), by="li"),
    )
    case = a_case(number, state=State.CLOSED, words=RawText(MINE), result=RawText("已修好"), entries=5, closed_at=NOW)
    write(store, cases=(case,), reporters=(replace(joined, **more),), entries=lines)  # type: ignore[arg-type]
    return number


def known(store: Store, number: str) -> tuple[Case, dict[str, Reporter], list[str]]:
    """A case, its reporters and its notes."""
    with store.reading() as reader:
        case = reader.case(number)
        assert case is not None
        assert reader.verify() == []
        notes = [entry.note.reveal() for entry in reader.entries(number)]
        return case, {one.person: one for one in reader.reporters(number)}, notes


def erase(store: Store, person: str) -> None:
    with store.transaction() as tx:
        tx.erase([person], later(days=1))


def test_who_joined_takes_only_their_own_words_along(store: Store) -> None:
    number = shared(store)
    erase(store, SECOND)
    case, people, notes = known(store, number)
    assert (case.words, case.result) == (RawText(MINE), RawText("已修好"))
    assert not people[SECOND].words
    assert MINE in notes
    assert THEIRS not in notes


def test_who_opened_it_leaves_the_words_and_the_result_of_the_others(store: Store) -> None:
    number = shared(store)
    erase(store, FIRST)
    case, people, notes = known(store, number)
    assert (case.words, case.where.text, case.where.room) == (RawText(), RawText(), RawText())
    assert case.where.building == "3号楼"
    assert (case.result, people[SECOND].words) == (RawText("已修好"), RawText(THEIRS))
    assert notes[2:] == ["", THEIRS, "已修好"]


def test_with_nobody_left_in_it_everything_goes(store: Store) -> None:
    number = shared(store, parted=True)
    erase(store, FIRST)
    case, _, notes = known(store, number)
    assert (case.words, case.result) == (RawText(), RawText())
    assert set(notes) == {""}


def test_words_that_come_later_in_the_same_batch_are_erased_too(store: Store) -> None:
    number = shared(store)
    with store.transaction() as tx:
        tx.erase([SECOND], NOW)
    _, people, _ = known(store, number)
    assert not people[SECOND].words


def test_who_joined_is_not_given_the_words_of_who_opened_it(store: Store) -> None:
    number = shared(store)
    with store.reading() as reader:
        mine, theirs = reader.export_person(FIRST), reader.export_person(SECOND)
    (own,) = [row for row in mine["cases"] if row["number"] == number]
    (joined,) = [row for row in theirs["cases"] if row["number"] == number]
    assert (own["words"], joined["words"]) == (MINE, THEIRS)
    assert (joined["place"], joined["room"]) == ("", "")
    assert MINE not in str(theirs)


def test_a_merged_case_brings_the_one_it_went_into(store: Store) -> None:
    numbers = [report(store, n) for n in (1, 2, 3)]
    into = dict(zip(numbers, numbers[1:], strict=False))
    write(store, cases=tuple(a_case(old, state=State.MERGED, merged_into=new) for old, new in into.items()))
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender=address(9), cases=(numbers[0],))], NOW)
    assert sorted(ws.cases) == numbers
    assert {FIRST, SECOND, person_id(address(3))} <= ws.people.keys(), "who speaks there may be written to"


def test_who_has_left_a_case_does_not_see_it_among_their_own(store: Store) -> None:
    number = shared(store, parted=True)
    with store.transaction() as tx:
        ws = tx.load([Wanted(sender=address(2)), Wanted(sender=address(1))], NOW)
    assert number in ws.mine[FIRST]
    assert number not in ws.mine[SECOND]


def test_who_opened_a_case_stands_before_who_joined_in_the_same_moment(store: Store) -> None:
    number = report(store, 1)
    people = [Reporter(case=number, person=f"a{n}", part="co_reporter", since=NOW) for n in range(3)]
    write(store, reporters=tuple(people))
    with store.reading() as reader:
        assert [one.person for one in reader.reporters(number)] == [FIRST, "a0", "a1", "a2"]
