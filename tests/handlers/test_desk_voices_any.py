"""Whatever is reported, joined, left, merged and split in whatever order: nobody and no word is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.cases import Case, Entry, State
from tests.handlers.room import Room

PEOPLE = ("zhang", "guo", "mei", "qin", "bao")
Act = tuple[str, int, int]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "report",
                "report",
                "report",
                "add",
                "withdraw",
                "same_yes",
                "same_no",
                "merge",
                "merge",
                "split",
                "out",
                "wait",
            )
        ),
        st.integers(0, 4),
        st.integers(1, 5),
    ),
    max_size=24,
)


@dataclass
class Told:
    """Who is in which case and by which other one, as history alone tells it."""

    members: dict[str, dict[str, str]] = field(default_factory=dict)
    leaving: str = ""

    def read(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            here, other = self.members.setdefault(entry.case, {}), entry.facts.get("other", "")
            if entry.step == "open":
                here[entry.by] = ""
            elif entry.step == "join" and other:
                for person in self.members[other]:
                    here.setdefault(person, other)
            elif entry.step == "join":
                here[entry.by] = ""
            elif entry.step == "part":
                self._part(entry, here, other)

    def _part(self, entry: Entry, here: dict[str, str], other: str) -> None:
        if entry.facts.get("person"):
            here.pop(entry.facts["person"])
        elif other:
            for person in [person for person, via in here.items() if via == other]:
                del here[person]
        else:
            via = here.pop(entry.by)
            self.members.get(via, {}).pop(entry.by, None)


def put_right(told: Told, entries: Iterable[Entry]) -> None:
    """A case made out of another one is opened by a dispatcher for the person who was in that one."""
    lines = list(entries)
    for entry in lines:
        if entry.step == "open" and entry.facts.get("out_of"):
            moved = next(line for line in lines if line.step == "part" and line.facts.get("other") == entry.case)
            told.members[entry.case] = {moved.facts["person"]: ""}


def act(room: Room, told: Told, said: list[tuple[str, str]], one: Act) -> None:
    what, a, b = one
    who, first, second = PEOPLE[a], f"A{a + 1:04d}", f"A{b:04d}"
    if what == "wait":
        room.passes(timedelta(minutes=11))
    elif what in ("report", "add"):
        mark = f"记号{room.memory.count}之{len(said)}号"
        if "place" not in room.asked(who):  # of an answer to 在哪里 only the place is kept
            said.append((who, mark))
        room.says(who, f"{mark}，健仁小区{b}号楼门禁坏了" if what == "report" else f"门禁{mark}")
    elif what == "withdraw":
        room.says(who, f"撤回 {first}" if b % 2 else "撤回")
    elif what in ("same_yes", "same_no"):
        room.says(who, "是" if what == "same_yes" else "不是")
    else:
        words = {"merge": f"并案 {first} {second}", "split": f"拆案 {second}", "out": f"拆案 {first} {b}"}
        room.says("chen", words[what])
    if what != "wait":
        told.read(room.effects.entries)
        put_right(told, room.effects.entries)


def inside(room: Room, case: Case) -> set[str]:
    return {one.person for one in room.memory.all.reporters[case.number] if not one.parted}


@given(ACTS)
@settings(max_examples=120, deadline=None)
def test_nobody_and_no_word_is_lost(acts: list[Act]) -> None:
    room, told = Room(), Told()
    said: list[tuple[str, str]] = []
    for one in acts:
        act(room, told, said, one)
    cases = room.memory.all.cases
    assert list(cases) == [f"A{n + 1:04d}" for n in range(len(cases))], "a number is missing"
    for case in cases.values():
        if case.state is not State.MERGED:
            assert inside(room, case) == set(told.members[case.number]), case.number
            continue
        assert case.wake_at is None, "a merged case is woken"
        home, seen = case, {case.number}
        while home.state is State.MERGED:
            home = cases[home.merged_into]
            assert home.number not in seen, "merged in a circle"
            seen.add(home.number)
    for who, mark in said:
        rows = [one for held in room.memory.all.reporters.values() for one in held if one.person == who]
        kept = [one.words.reveal() + cases[one.case].words.reveal() for one in rows]
        assert any(mark in words for words in kept), (who, mark)
