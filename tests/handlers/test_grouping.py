"""No group ever reads a resident's words, room, name or number: cards, edits, lines, digests and results alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import cards, grouping
from handlers.cases import Case, State, Where
from handlers.letters import Letter
from handlers.raw import RawText
from handlers.town import Group
from handlers.turn import Turn
from handlers.working_set import WorkingSet
from tests.handlers.ear import ScriptedEar
from tests.handlers.room import MORNING, Room
from tests.handlers.stubs import catalogue, rules
from tests.handlers.town import town

SECRET = ("怕着火快来人", "张桂兰", "13812345678", "2单元501", "501室", "楼道拐角")
RULES = rules(ScriptedEar())
ITEMS = [(duty.key, item) for duty in catalogue().duties.values() for item in duty.items.values()]
WHERE = Where(
    text=RawText("3号楼2单元501室楼道拐角"), unit="jr-2", estate="健仁小区", building="3号楼", room=RawText("2单元501"),
    known=True,
)  # fmt: skip


def case(number: str, duty: str, item: str, **more: object) -> Case:
    given: dict[str, object] = {
        "number": number, "duty": duty, "item": item, "lead": "jr-2", "where": WHERE, "state": State.ASSIGNED,
        "words": RawText("".join(SECRET)), "result": RawText("已劝离张桂兰13812345678"), "opened_at": MORNING,
        "changed_at": MORNING, "due_at": MORNING, "accept_due": MORNING, "from_group": "jr-2-home",
    }  # fmt: skip
    return Case(**{**given, **more})  # type: ignore[arg-type]


cases = st.lists(
    st.builds(
        lambda n, pair, state, colour, person, ground: case(
            f"A{n:04}", pair[0], pair[1].key, state=state, colour=colour, lead_person=person,
            confidential=pair[1].group_push == "none",
            where=Where(**{**{f: getattr(WHERE, f) for f in WHERE.__slots__}, "public_ground": ground}),
        ),
        st.integers(1, 9999), st.sampled_from(ITEMS), st.sampled_from(State), st.sampled_from(["red", "green"]),
        st.sampled_from(["", "li"]), st.booleans(),
    ),
    min_size=1, max_size=30, unique_by=lambda one: one.number,
)  # fmt: skip


def told(found: list[Case], group: Group) -> Iterator[Letter]:
    """Everything that a group may ever be told of these cases."""
    turn = Turn(RULES, WorkingSet(cases={one.number: one for one in found}), MORNING)
    for one in found:
        cards.show(turn, one)
        cards.refresh(turn, one, turn.word("group.place", number=one.number))
        grouping.result(turn, one)
    yield from (letter for letter in turn.out.letters if letter.to in RULES.town.groups)
    shown = [(one.number, "") for one in found if turn.item(one).group_push != "none"]
    if shown:
        yield grouping.digest(turn, group, "c", shown)


@settings(deadline=None, max_examples=200)
@given(cases, st.sampled_from(list(town().groups.values())))
def test_a_group_reads_nothing_of_a_resident(found: list[Case], group: Group) -> None:
    items = {one.number: RULES.catalogue.item(one.duty, one.item) for one in found}
    for letter in told(found, group):
        said = f"{letter.text}\n{letter.follow_up}"
        assert not [secret for secret in SECRET if secret in said], said
        assert len(letter.text) < 2000
        assert len(letter.buttons) <= grouping.PRESSED
        assert all(len(button.label) <= 10 for button in letter.buttons)
        assert letter.photos == ()
        if letter.case:
            item = items[letter.case]
            assert item.group_push != "none", said
            assert item.group_push == "full" or "健仁小区" not in letter.text
        if letter.to == group.id and group.purpose == "residents":
            assert "号楼" not in said


@pytest.mark.parametrize(("purpose", "place"), [("work", "健仁小区3号楼"), ("residents", "健仁小区")])
def test_the_place_is_as_coarse_as_the_item_and_the_group(purpose: str, place: str) -> None:
    turn = Turn(RULES, WorkingSet(), MORNING)
    duty, item = next(pair for pair in ITEMS if pair[1].place_detail == "building" and pair[1].group_push == "full")
    group = Group(id="g", name="", unit="jr-2", purpose=purpose)
    assert cards.group_place(turn, case("A0001", duty, item.key), group) == place


def digest(*told_: tuple[str, str], n: int = 30) -> Letter:
    found = {f"A{i:04}": case(f"A{i:04}", "safety_hazard", "ebike_wiring") for i in range(1, n + 1)}
    found["A0002"] = case("A0002", "safety_hazard", "ebike_wiring", state=State.HANDLING, lead_person="li")
    return grouping.digest(Turn(RULES, WorkingSet(cases=found), MORNING), town().groups["jr-2-work"], "c", told_)


def test_a_digest_lists_every_case_with_a_button_each() -> None:
    letter = digest(("A0001", ""), ("A0002", ""), ("A0003", ""))
    head, first, second, _ = letter.text.split("\n")
    assert "3 件" in head
    assert [word in first for word in ("A0001", "绿" if "绿" in first else "黄", "健仁小区", "前")] == [True] * 4
    assert "李明" in second
    assert [button.label for button in letter.buttons] == ["接单 A0001", "反馈 A0002", "接单 A0003"]
    assert (letter.kind, letter.case, letter.chat) == ("card", "", "c")


def test_a_very_long_digest_names_every_number() -> None:
    letter = digest(*((f"A{n:04}", "") for n in range(1, 31)))
    assert all(f"A{n:04}" in letter.text for n in range(1, 31))
    assert len(letter.buttons) == grouping.PRESSED


def test_one_case_is_its_card_and_lines_are_joined() -> None:
    assert digest(("A0001", "")).case == "A0001"
    lines = digest(("A0001", "A0001 已办结。"), ("A0003", "A0003 已由李明接单。"), ("A0003", "A0003 已由李明接单。"))
    assert (lines.kind, lines.text) == ("line", "A0001 已办结。\nA0003 已由李明接单。")
    both = digest(("A0001", ""), ("A0003", "A0003 已办结。"))
    assert both.text.endswith("A0003 已办结。")
    assert "1 件" in both.text


def test_cards_carry_the_pace_of_the_town() -> None:
    room = Room()
    room.says("zhang", "健仁小区3号楼楼道有人飞线充电")
    (letter,) = room.to("jr-2-work")
    assert letter.at_most == room.rules.group_per_hour
    assert not letter.gone
    room.says("zhang", "撤回")
    assert [one.gone for one in room.to("jr-2-work")] == [True]
