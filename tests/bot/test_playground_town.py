"""What the playground tells of a town: scenes and phrases by role, the board, histories in plain words, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.playground import history, lines, scenes
from bot.playground.board import Board
from bot.playground.town import PlaygroundTown
from bot.process import open_town
from bot.stage import Stage, StageError
from handlers.cases import Entry, TaskKind, TaskState
from handlers.effects import Effects
from handlers.raw import RawText
from handlers.steps import Step
from handlers.town import Person, Role
from handlers.wording import Wording
from storage.values import Written
from tests.bot.playground_visitor import visiting
from tests.fakes.aio import running
from tests.product import product

FLY_WIRE = "健仁小区3号楼楼道有人给电动车飞线充电，怕着火"
TOWN = product().config.town
WORDING = product().desk.rules.wording


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The sample town, at nine in the morning."""
    made = open_town(product(), tmp_path, fresh=True)
    yield made
    made.store.close()


# -- scenes and phrases ------------------------------------------------------------------------------------------------


def test_every_scene_has_three_who_play_their_parts() -> None:
    told = scenes.scenes(TOWN, WORDING)
    assert [scene["key"] for scene in told] == list(scenes.SCENES)
    for scene in told:
        assert len(set(scene["phones"])) == 3
        assert all(who in TOWN.people or who in TOWN.groups for who in scene["phones"])
    parts = scenes.cast(TOWN).parts
    roles = {"worker": Role.GRID_WORKER, "head": Role.GRID_HEAD, "liaison": Role.LIAISON, "resident": Role.RESIDENT}
    roles |= {"dispatcher": Role.DISPATCHER, "supervisor": Role.SUPERVISOR}
    assert all(TOWN.people[parts[part]].has(role) for part, role in roles.items())
    assert TOWN.within(TOWN.people[parts["resident"]].unit, TOWN.people[parts["worker"]].unit)


@pytest.mark.parametrize(
    ("role", "gone"),
    [
        (Role.DISPATCHER, {"duty", "whistle"}),
        (Role.SUPERVISOR, {"heads"}),
        (Role.GRID_HEAD, {"heads", "liaison"}),
        (Role.LIAISON, {"liaison"}),
        (Role.GRID_WORKER, set(scenes.SCENES)),
    ],
)
def test_a_scene_is_left_out_where_the_town_lacks_its_people(role: Role, gone: set[str]) -> None:
    others = {who: person for who, person in TOWN.people.items() if not person.has(role)}
    told = scenes.scenes(replace(TOWN, people=others), WORDING)
    assert {scene["key"] for scene in told} == set(scenes.SCENES) - gone


def test_an_empty_town_has_no_scenes() -> None:
    bare = replace(TOWN, people={}, groups={}, units={})
    assert scenes.scenes(bare, WORDING) == []
    assert "grid_worker" in scenes.phrases(bare, WORDING)


def test_without_groups_a_department_is_a_person() -> None:
    parts = scenes.cast(replace(TOWN, groups={})).parts
    assert TOWN.people[parts["department"]].has(Role.DEPARTMENT)


def _lines(role: Role) -> list[tuple[str, str]]:
    text = WORDING.sentences.get(f"playground.phrases.{role.value}", "")
    return [(line.partition(": ")[0], line.partition(": ")[2]) for line in text.splitlines()]


@pytest.mark.parametrize("role", [role for role in Role if f"playground.phrases.{role.value}" in WORDING.sentences])
def test_a_phrase_is_shown_as_soon_as_its_command_exists(role: Role) -> None:
    wanted = _lines(role)
    assert wanted
    assert all(command and words for command, words in wanted)
    every = {f"command.{command}": (words.split()[0],) for command, words in wanted}
    every["voices.same"] = ("+1",)
    all_known = scenes.phrases(TOWN, Wording(WORDING.sentences, every))
    assert len(all_known[role.value]) == len(wanted)
    assert all_known["residents"] == ["+1 A0001", "同问 A0001"]
    assert not any("{" in words for words in all_known[role.value])
    assert scenes.phrases(TOWN, Wording(WORDING.sentences, {})) == {}


@pytest.mark.parametrize("role", Role)
def test_every_phrase_that_is_shown_is_read_as_its_command(role: Role) -> None:
    shown = scenes.phrases(TOWN, WORDING).get(role.value, [])
    keys = [command for command, _ in _lines(role) if f"command.{command}" in WORDING.lists]
    read = [product().desk.commands.read(words, staff=role is not Role.RESIDENT) for words in shown]
    assert [found[0].key if found else "" for found in read] == keys


# -- words for everything that can happen ------------------------------------------------------------------------------


@pytest.mark.parametrize("step", Step)
def test_every_step_has_a_name(step: Step) -> None:
    assert WORDING.say(f"step.{step.value}")


def test_every_task_and_role_has_a_name() -> None:
    for key in (*(f"task.{k.value}" for k in TaskKind), *(f"task.state.{s.value}" for s in TaskState)):
        assert WORDING.say(key)
    assert all(WORDING.say(f"role.{role.value}") for role in Role)


def _entry(stage: Stage, step: Step, note: str = "", role: str = "lead", by: str = "li", **facts: str) -> str:
    at = stage.clock.now()
    one = Entry(case="A0001", n=1, at=at, step=step.value, by=by, role=role, facts=facts, note=RawText(note))
    return str(history.entry(stage, one, WORDING)["note"])


@pytest.mark.parametrize("step", sorted(history.UNTOLD))
def test_what_a_resident_said_to_one_person_is_not_on_the_board(stage: Stage, step: Step) -> None:
    assert _entry(stage, step, "我是三号楼的老王", role="reporter") == ""


def test_history_says_to_whom_and_why(stage: Stage) -> None:
    assert _entry(stage, Step.HAND_OVER, "需要执法", lead="enforcement") == "综合执法局 · 需要执法"
    assert _entry(stage, Step.WHISTLE, holders="enforcement fire", due="later") == "综合执法局 · 消防救援"
    assert _entry(stage, Step.RECOLOUR, role="bot", before="green", after="red") == "绿·一般 → 红·紧急"
    assert _entry(stage, Step.MERGE, into="A0007") == "A0007"
    assert _entry(stage, Step.SUPERVISE, by="clock", reason="finish_overdue") == "超过办结时限"
    assert _entry(stage, Step.SUPERVISE, by="clock", reason="a code without words") == ""
    assert _entry(stage, Step.REOPEN, "我家还在漏", role="reporter", lead="jr-2") == "健仁第二网格"


# -- the board ---------------------------------------------------------------------------------------------------------


def test_a_case_on_the_board_says_who_has_it_and_how_it_stands(stage: Stage) -> None:
    board = Board(WORDING)
    stage.say("zhang", FLY_WIRE)
    stage.press("li", "accept:A0001", group="jr-2-work")
    (row,) = board.show(stage)["cases"]
    assert (row["lead"], row["unit_name"], row["voices"]) == ("健仁第二网格 · 李明", "健仁第二网格", 1)
    assert (row["paused"], row["paused_until"], row["overdue"]) == (False, None, False)
    now = stage.clock.now()
    with stage.store.transaction() as tx:
        case = tx.case("A0001")
        assert case is not None
        rested = replace(case, paused_at=now, paused_until=now + timedelta(days=3))
        tx.flush([Written(effects=Effects(cases=(rested,)))], now)
    (row,) = board.show(stage)["cases"]
    assert row["paused"]
    assert row["paused_until"] > board.show(stage)["now"]


def test_rates_carry_the_goal_and_who_did_not_rate(stage: Stage) -> None:
    told = Board(WORDING).show(stage)["rates"]
    assert told["settled_at_front"]["goal"] == 0.76
    assert [name for name, rate in told.items() if "unrated" in rate] == ["resolution_rate", "satisfaction", "rated"]
    assert all(rate.keys() >= {"name", "value", "of", "n"} for rate in told.values())


def test_the_voices_of_a_case_are_counted_again_when_something_happened(stage: Stage) -> None:
    board = Board(WORDING)
    stage.say("zhang", FLY_WIRE)
    assert board.show(stage)["cases"][0]["voices"] == 1
    with stage.store.transaction() as tx:
        case, (first,) = tx.case("A0001"), tx.reporters("A0001")
        assert case is not None
        grown, second = replace(case, entries=case.entries + 1), replace(first, person="guo", part="co_reporter")
        entry = Entry(case="A0001", n=grown.entries, at=first.since, step="join", by="guo", role="reporter")
        effects = Effects(cases=(grown,), reporters=(second,), entries=(entry,))
        tx.flush([Written(effects=effects)], stage.clock.now())
    assert board.show(stage)["cases"][0]["voices"] == 2
    found = board.case(stage, "A0001")
    assert found is not None
    assert (found["voices"], found["history"][-1]["step_name"]) == (2, "居民同问")


def test_the_newest_cases_are_shown_and_no_open_one_is_lost(stage: Stage) -> None:
    for n in range(1, 4):
        stage.say(f"somebody{n}", f"健仁小区{n}号楼楼道灯不亮")
    numbers = [row["case"] for row in Board(WORDING).show(stage)["cases"]]
    assert numbers == ["A0001", "A0002", "A0003"]
    with stage.store.reading() as reader:
        assert [case.number for case in reader.last_cases(2)] == ["A0002", "A0003"]


def test_tails_count_what_the_bot_said_and_no_edit(stage: Stage) -> None:
    stage.say("zhang", FLY_WIRE)
    stage.say("li", "大家好", group="jr-2-work")
    before = lines.tails(stage)
    assert (before["zhang"], before["jr-2-work"], before["li"]) == (1, 1, 0)
    stage.press("li", "accept:A0001", group="jr-2-work")
    after = lines.tails(stage)
    shown = [line for line in lines.timeline(stage, "jr-2-work") if line["from"] == "bot"]
    assert (after["jr-2-work"], after["li"] > 0, after["chen"]) == (len(shown), True, 0)


# -- answers to a card -------------------------------------------------------------------------------------------------


def test_an_answer_names_the_newest_card_of_its_case(stage: Stage) -> None:
    stage.say("zhang", FLY_WIRE)
    stage.say("zhang", "人民路12号门口垃圾堆了两天没人清")
    stage.say("li", "接单", group="jr-2-work", quoted=stage.card("A0001", group="jr-2-work"))
    with stage.store.reading() as reader:
        assert [case.state.value for case in reader.cases()] == ["handling", "assigned"]
    said = [line for line in lines.timeline(stage, "jr-2-work") if line["from"] == "li"]
    assert said[0]["quote"] == {"case": "A0001", "text": "安全隐患排查·电动车飞线充电"}
    assert all(line["quote"] is None for line in lines.timeline(stage, "zhang"))


@pytest.mark.parametrize(("number", "group"), [("A0009", "jr-2-work"), ("A0001", "jr-1-work"), ("A0001", "nowhere")])
def test_a_card_that_does_not_hang_there_cannot_be_answered(stage: Stage, number: str, group: str) -> None:
    stage.say("zhang", FLY_WIRE)
    with pytest.raises(StageError):
        stage.card(number, group=group)


@running
async def test_the_page_may_answer_only_a_card_that_hangs_there() -> None:
    async with visiting() as visitor:
        await visitor.post("say", {"who": "zhang", "text": FLY_WIRE})
        words = {"who": "li", "chat": "jr-2-work", "text": "到场了"}
        refused = (400, {"error": "这个群里没有这件事的卡片。"})
        assert await visitor.post("say", words | {"quote": "A0009"}) == refused
        assert await visitor.post("say", words | {"chat": "", "quote": "A0001"}) == refused
        assert await visitor.post("say", words | {"quote": "A0001"}) == (200, {"done": True})
        line = (await visitor.view("jr-2-work"))["timelines"]["jr-2-work"][-1]
    assert line["quote"]["case"] == "A0001"


# -- a town that changes -----------------------------------------------------------------------------------------------


def _town(folder: Path, month: bool | None = None) -> PlaygroundTown:
    made = product()

    def load() -> Stage:
        if not month:
            raise OSError("no room")
        stage = open_town(made, folder, fresh=True)
        stage.say("zhang", FLY_WIRE)
        return stage

    loader = None if month is None else load
    return PlaygroundTown(lambda fresh: open_town(made, folder, fresh=fresh), WORDING, folder / "photos", loader)


@running
async def test_the_town_has_a_version_that_moves_with_its_people(tmp_path: Path) -> None:
    town = _town(tmp_path)
    before = await town.town_version()
    assert await town.town_version() == before

    def join(stage: Stage) -> None:
        made = Person(id="new", name="钱新来", roles=frozenset({Role.GRID_WORKER}), unit="jr-2")
        with stage.store.transaction() as tx:
            tx.flush([Written(effects=Effects(persons=(made,)))], stage.clock.now())
        stage.settle()

    await town._act(join)
    assert await town.town_version() > before
    assert "钱新来" in {person["name"] for person in (await town.town())["people"]}
    await town.stop()


@running
async def test_a_month_takes_the_place_of_the_town(tmp_path: Path) -> None:
    town = _town(tmp_path, month=True)
    assert (await town.town())["demo"]
    before = await town.version()
    assert await town.demo()
    assert [row["case"] for row in (await town.board())["cases"]] == ["A0001"]
    assert await town.version() > before
    await town.stop()


@running
async def test_a_month_that_cannot_be_loaded_leaves_an_empty_town(tmp_path: Path) -> None:
    town = _town(tmp_path, month=False)
    await town.say("zhang", FLY_WIRE)
    assert not await town.demo()
    assert (await town.board())["cases"] == []
    await town.stop()


@running
async def test_without_a_month_there_is_none_to_load(tmp_path: Path) -> None:
    town = _town(tmp_path)
    assert not (await town.town())["demo"]
    assert not await town.demo()
    await town.stop()
    async with visiting() as visitor:
        assert await visitor.post("demo", {}) == (404, {"error": "这个小镇没有示例月份。"})
