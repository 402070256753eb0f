"""Who may say what: every role against every command of dispatchers and of people, as rights and steps have it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers import discovery, rights, steps
from handlers.cases import State
from handlers.directory import Broadcast, Invitation, InvitationState
from handlers.raw import RawText
from handlers.rights import POWERS, Power
from handlers.steps import Actor, Step
from handlers.town import STAFF, Person, Role
from tests.handlers.room import HOUR, MORNING, Room

SEATS = {Role.GRID_HEAD: "jr", Role.RESIDENT: "jr-2", Role.VOLUNTEER: "jr-2", Role.LIAISON: "jr-2",
         Role.GRID_WORKER: "jr-2"}  # fmt: skip
NO = {"no_power", "not_yours", "no_right", "staff_only", "unknown_case"}


def one_of(role: Role) -> Person:
    """Somebody of this role; who has no grid or community sits in the street."""
    department = "enforcement" if role is Role.DEPARTMENT else ""
    return Person(id="who", name="某某", roles=frozenset({role}), unit=SEATS.get(role, "yl"), department=department)


def room_with(role: Role) -> Room:
    """A room in which somebody of this role sits too."""
    room, person = Room(), one_of(role)
    town = replace(room.rules.town, people={**room.rules.town.people, person.id: person})
    room.rules = replace(room.rules, town=town)
    room.desk = discovery.desk(room.rules)
    room.memory.town = town
    return room


def reasons(room: Room) -> set[str]:
    """Why the last act was refused."""
    return {refusal.reason for refusal in room.effects.refusals}


WORDS_OF_POWER = {
    "群发 健仁第二网格 明天停水": (Power.BROADCAST, "jr-2"),
    "停机公告 今晚22点 系统维护": (Power.NOTICE, "yl"),
    "邀请 志愿者 健仁第二网格 钱进": (Power.INVITE, "jr-2"),
    "提名 周大妈 健仁第二网格一微格": (Power.NOMINATE, "jr-2-m1"),
    "请假 3天": (Power.LEAVE, ""),
    "请假 赵强 3天": (Power.LEAVE_OTHERS, "jr-2"),
    "离岗 赵强": (Power.DISMISS, "jr-2"),
    "批准 G0007": (Power.APPROVE_BROADCAST, "jr-2"),
    "不批准 G0007": (Power.APPROVE_BROADCAST, "jr-2"),
    "批准 200007": (Power.APPOINT, "jr-2-m1"),
    "不批准 200007": (Power.APPOINT, "jr-2-m1"),
    "绑定群 健仁第二网格 工作群": (Power.BIND_GROUP, "jr-2"),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("words", WORDS_OF_POWER)
def test_every_role_and_every_word_of_power(words: str, role: Role) -> None:
    power, unit = WORDS_OF_POWER[words]
    room = room_with(role)
    town = room.rules.town
    written = Broadcast(number="G0007", text=RawText("停水"), units=("jr-2",), made_by="chen", made_at=MORNING)
    nominated = Invitation(code="200007", state=InvitationState.NOMINATED, role=Role.LIAISON, unit="jr-2-m1",
                           name="周大妈", made_by="li", made_at=MORNING, expires_at=MORNING + 9 * HOUR)  # fmt: skip
    room.memory.all.broadcasts["G0007"] = written
    room.memory.all.invitations["200007"] = nominated
    group = "a-new-chat" if power is Power.BIND_GROUP else ""
    room.says("who", words, into=group, at=bool(group))
    effects = room.effects
    changed = bool(effects.broadcasts or effects.invitations or effects.persons or effects.bindings)
    may = role in POWERS[power] and rights.holds(one_of(role), power, unit, town)
    assert changed is may
    if not may and role in STAFF:
        assert reasons(room) == {"no_power"}


WORDS_OF_STEPS = {
    "派单 A0001 综合执法局": {State.COLLECTED: Step.ASSIGN, State.ASSIGNED: Step.HAND_OVER},
    "改类 A0001 消防通道堵塞": {State.COLLECTED: Step.RELABEL, State.ASSIGNED: Step.RELABEL},
    "改地点 A0001 龙港花园5号楼": {State.COLLECTED: Step.MOVE, State.ASSIGNED: Step.MOVE},
    "升级 A0001 红 危险": {State.COLLECTED: Step.RECOLOUR, State.ASSIGNED: Step.RECOLOUR},
    "接管 A0001": {State.COLLECTED: Step.TAKE_OVER, State.ASSIGNED: Step.TAKE_OVER},
    "转出 A0001 供电公司": {State.COLLECTED: Step.REFER_OUT, State.ASSIGNED: Step.REFER_OUT},
    "关闭 A0001 重复": {State.COLLECTED: Step.SHUT, State.ASSIGNED: Step.SHUT},
    "答复办结 A0001 已处理": {State.COLLECTED: Step.ANSWER},
    "督办 A0001 快办": {State.COLLECTED: Step.SUPERVISE, State.ASSIGNED: Step.SUPERVISE},
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("words", "state"), [(w, s) for w, table in WORDS_OF_STEPS.items() for s in table])
def test_every_role_and_every_word_of_a_step(words: str, state: State, role: Role) -> None:
    step = WORDS_OF_STEPS[words][state]
    room = room_with(role)
    room.says("zhang", "有人飞线充电" if state is State.COLLECTED else "健仁小区3号楼有人飞线充电")
    case = room.case()
    assert case.state is state
    held = rights.actors(one_of(role), case, room.memory.all.reporters["A0001"], room.rules.town, now=room.now)
    may = steps.possible(step, state, held)
    if words.startswith("派单"):
        may = Actor.DISPATCHER in held
    room.says("who", words)
    assert (step.value in room.steps()) is may
    assert bool(reasons(room) & NO) is not may


def test_the_record_of_broadcasts_is_for_who_writes_or_approves() -> None:
    for role in STAFF:
        room = room_with(role)
        room.says("who", "群发记录")
        assert (reasons(room) == {"no_power"}) is (
            role not in POWERS[Power.BROADCAST] | POWERS[Power.APPROVE_BROADCAST]
        )


@pytest.mark.parametrize("role", Role)
def test_help_shows_each_role_the_words_of_its_circle(role: Role) -> None:
    room = room_with(role)
    room.says("who", "帮助")
    shown = room.heard("who")
    assert ("接单 A0001" in shown) is (role in STAFF - {Role.LIAISON, Role.SUPERVISOR, Role.ADMIN})
    assert ("上报菜单" in shown) is (role is Role.LIAISON)
    assert ("批注 A0001" in shown) is (role in {Role.SUPERVISOR, Role.DISPATCHER})
    assert ("并案 A0002" in shown) is (role is Role.DISPATCHER)
    assert ("离岗 张三" in shown) is (role in POWERS[Power.DISMISS])
    assert ("邀请 网格员" in shown) is (role in POWERS[Power.INVITE])
    assert ("派单 A0001" in shown) is (role is Role.DISPATCHER)


def test_a_department_answers_what_waits_for_it_and_no_more() -> None:
    room = Room()
    room.says("zhang", "有人占道摆摊")
    case = room.case()
    assert (case.state, case.lead) == (State.COLLECTED, "enforcement")
    room.says("luo", "答复办结 A0001 今晚去看")
    assert reasons(room) == {"not_yours"}
    room.says("lin", "答复办结 A0001")
    assert reasons(room) == {"reason_needed"}
    room.says("lin", "答复办结 A0001 今晚已安排巡查，电话13812345678")
    assert room.case().state is State.CLOSED
    assert "今晚已安排巡查" in room.heard("zhang")
    assert "138" not in room.heard("zhang")
    room.says("zhang", "返工")
    assert room.case().state is State.ASSIGNED


def test_a_config_group_stays_the_configurations_when_a_chat_is_bound_to_it() -> None:
    room = Room()
    room.says("han", "绑定群 健仁第二网格 工作群", into="a-new-chat", at=True)
    assert not room.effects.groups
    assert [(one.address, one.group) for one in room.effects.bindings] == [("telegram:room:a-new-chat", "jr-2-work")]


def test_who_belongs_to_no_part_of_town_is_in_nobodys() -> None:
    room = room_with(Role.GRID_HEAD)
    town = room.rules.town
    loose = Person(id="loose", name="无属地", roles=frozenset({Role.GRID_WORKER}))
    room.rules = replace(room.rules, town=replace(town, people={**town.people, "loose": loose}))
    room.desk = discovery.desk(room.rules)
    for words in ("请假 无属地 3天", "离岗 无属地", "邀请 无属地"):
        room.says("who", words)
        assert reasons(room) == {"no_power"}
