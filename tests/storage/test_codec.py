"""What the desk gives the memory to keep comes back equal, from either store."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.cases import Case, Entry, Photo, Reporter, State, Task, TaskKind, TaskState, Where
from handlers.effects import Effects
from handlers.incoming import Incoming, Media
from handlers.raw import RawText
from handlers.thread import Bubble, Choice, Question, Thread
from handlers.town import Person, Role
from handlers.working_set import Wanted
from storage.codec import incoming_of, incoming_text
from storage.columns import clean, document, moment_in, moment_out
from storage.store import Store
from storage.values import Written
from tests.storage.making import NOW, a_case, opened, said, undone

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
RAW = st.builds(RawText, TEXT)
MOMENTS = st.datetimes(
    min_value=NOW.replace(tzinfo=None, year=1990),
    max_value=NOW.replace(tzinfo=None, year=2090),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)
POINTS = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
FACTS = st.dictionaries(TEXT, TEXT, max_size=3)


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def built(shape: type, **given_strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a dataclass, every field of it drawn: a new field that cannot be kept fails here."""
    by_type = {
        "str": TEXT, "int": st.integers(0, 2**31 - 1), "bool": st.booleans(), "RawText": RAW, "datetime": MOMENTS,
        "datetime | None": maybe(MOMENTS), "bool | None": maybe(st.booleans()),
        "tuple[str, ...]": st.lists(TEXT, max_size=3).map(tuple), "Mapping[str, str]": FACTS,
        "tuple[float, float] | None": maybe(POINTS), "State": st.sampled_from(State),
        "TaskKind": st.sampled_from(TaskKind), "TaskState": st.sampled_from(TaskState),
        "frozenset[Role]": st.frozensets(st.sampled_from(Role)), "float": st.floats(0, 1),
    }  # fmt: skip
    drawn = {
        f.name: given_strategies[f.name] if f.name in given_strategies else by_type[str(f.type)] for f in fields(shape)
    }
    return st.builds(shape, **drawn)


QUESTIONS = st.lists(
    built(Question, choices=st.lists(st.builds(Choice, TEXT, TEXT), max_size=2).map(tuple)), max_size=2
)
BUBBLES = st.lists(st.builds(Bubble, RAW, MOMENTS, TEXT), max_size=2)
ONE = st.just("A0001")
KEPT = st.fixed_dictionaries(
    {
        "cases": built(Case, number=ONE, where=built(Where)),
        "tasks": built(Task, case=ONE),
        "reporters": built(Reporter, case=ONE, person=st.just("p1")),
        "photos": built(Photo, case=ONE),
        "entries": built(Entry, case=ONE, n=st.just(1)),
        "threads": built(
            Thread, person=st.just("p1"), version=st.integers(0, 9), questions=QUESTIONS.map(tuple),
            bubbles=BUBBLES.map(tuple),
        ),
        "persons": built(Person, id=st.just("p1")),
    }
)  # fmt: skip
INCOMING = built(
    Incoming,
    kind=st.just("text"),
    platform=TEXT,
    media=st.lists(st.builds(Media, TEXT, TEXT, TEXT), max_size=2).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kept=KEPT)
def test_what_was_kept_comes_back(store: Store, kept: dict[str, Any]) -> None:
    effects = Effects(**{name: (value,) for name, value in kept.items()})
    with undone(store) as tx:
        tx.flush([Written(effects=effects)], NOW)
        ws = tx.load_cases(["A0001"], NOW)
        assert ws.cases["A0001"] == kept["cases"]
        assert ws.tasks["A0001"] == (kept["tasks"],)
        assert ws.reporters["A0001"] == (kept["reporters"],)
        assert ws.photos["A0001"] == (kept["photos"],)
        assert ws.people["p1"] == kept["persons"]
        thread = kept["threads"]
        assert ws.threads["p1"] == Thread.from_json("p1", thread.version + 1, thread.to_json())
        assert tx.entries("A0001") == [kept["entries"]]
        assert tx.verify() == []


@settings(max_examples=200, deadline=None)
@given(incoming=INCOMING)
def test_a_delivery_comes_back(incoming: Incoming) -> None:
    """But for the way back, which is good for one answer and has a row of its own."""
    assert incoming_of(incoming_text(incoming)) == replace(incoming, way="")


@given(moment=MOMENTS)
def test_moments_are_utc_of_one_width(moment: datetime) -> None:
    written = moment_out(moment)
    assert written is not None
    assert len(written) == len("2026-03-02T01:00:00.000000+00:00")
    back = moment_in(written)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC


@given(first=MOMENTS, second=MOMENTS)
def test_moments_are_ordered_as_they_are_written(first: datetime, second: datetime) -> None:
    assert (str(moment_out(first)) < str(moment_out(second))) == (first < second)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        moment_out(NOW.replace(tzinfo=None))


def test_moments_come_back_aware(store: Store) -> None:
    with store.transaction() as tx:
        tx.flush([Written(effects=Effects(cases=(a_case(),)))], NOW)
    with store.reading() as reader:
        case = reader.case("A0001")
    assert case is not None
    assert case.opened_at.utcoffset() == timedelta(0)


def test_what_no_store_can_hold_becomes_a_mark(store: Store) -> None:
    """NUL and lone surrogates would stop a whole batch, on one store or the other."""
    bad = "楼\0道\ud83d怕"
    assert clean(bad) == "楼\ufffd道\ufffd怕"
    assert document([bad]) == '["楼\\u0000道\ufffd怕"]'
    incoming = said(bad, bad, quoted=bad, scene=bad, button=bad)
    with store.transaction() as tx:
        taken = tx.take_in([incoming, said(2)], NOW)
        ws = tx.load([Wanted(sender=incoming.sender, cases=(bad,), quoted=(bad, bad), holders=(bad,), chat=bad)], NOW)
        person = next(iter(ws.people))
        effects = opened("A0001", person, bad)
        case = a_case(words=RawText(bad), where=Where(text=RawText(bad), room=RawText(bad), estate=bad))
        entry = Entry(case="A0001", n=1, at=NOW, step="open", by="bot", role="bot", facts={bad: bad}, note=RawText(bad))
        thread = Thread(person=person, topic=bad).heard(bad, NOW)
        changed: dict[str, Any] = {
            "cases": (case,),
            "entries": (entry,),
            "threads": (thread,),
            "letters": effects.letters,
        }
        tx.flush([Written(effects=Effects(**changed), inbox_id=taken[0].id, receipt=bad, error=bad)], NOW)
    with store.reading() as reader:
        kept = reader.case("A0001")
        assert kept is not None
        assert kept.words.reveal() == "楼\ufffd道\ufffd怕"
        assert reader.entries("A0001")[0].note.reveal() == "楼\ufffd道\ufffd怕"
        assert reader.verify() == []
