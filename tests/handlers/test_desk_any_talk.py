"""Any talk at all: random dialogues of residents, workers and the clock keep every promise and never break the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.handlers.room import Room

Act = Callable[[Room], None]

RESIDENTS = ("zhang", "guo", "new", "huang")
STAFF = ("li", "zhao", "han", "wang", "chen", "lin", "sun")
REPORTS = (
    "健仁小区3号楼2单元501室门口飞线充电，电话13812345678", "楼道有人飞线充电", "健仁小区9号楼路灯坏了",
    "健仁小区3号楼婆媳吵架", "邻居养狗整夜叫", "健仁小区3号楼着火了", "着火了", "我不想活了",
    "我老公打我，健仁小区3号楼", "我们约好去市里", "居住证怎么办", "加班费怎么算", "宅基地法怎么规定",
    "如果着火了怎么办", "建议多装路灯", "想当志愿者", "健仁小区3号楼有人乱倒垃圾", "刚搬来健仁小区3号楼",
    "3号楼", "翠竹园5号楼", "不是3号楼 是健仁小区5号楼", "先别报了", "那个东西", "你好", "谢谢", "找个真人",
    "到哪一步了", "怎么还没人来", "法院怎么判", "路燈壞了這個樓", "😀", "", "很长" * 1200, "\x00\x07",
)  # fmt: skip
ANSWERS = (
    "1", "2", "5", "是", "好的", "不用", "不知道", "取消", "取消吧", "没有", "愿意", "先不用", "已解决 5",
    "没解决", "不太满意", "要", "确认", "地点", "事情", "匿名", "改", "撤回", "催办", "查进度", "人工", "隐私",
    "我的数据", "删除我的数据", "没听懂", "帮助", "等一下", "没解决 1", "A0001 没解决", "A0002 已解决 4",
    "催办 A0001", "查进度 A0002", "撤回 A0001", "请给我打电话",
    "13812345678", "回复 A0001 在4楼",
)  # fmt: skip
WORK = (
    "接单", "接单 A0001", "接单 A0002", "收到", "收到 A0001", "反馈", "反馈 A0001 已处理，联系人13900001111",
    "反馈A0002已处理", "已经处理好", "我的待办", "答复 A0001 明天来", "答复 A0002", "查进度 A0001",
    "反馈 已处理", "好的", "健仁小区3号楼着火了", "自办 健仁小区3号楼有人乱倒垃圾，已清理", "自办 A0001 已处理 可公开",
    "代报 健仁小区3号楼着火了", "代报 路灯坏了", "问 A0001 在几楼", "网格待办", "批注 A0001 尽快",
    "照片可公开", "上报菜单",
)  # fmt: skip
PRESSED = ("accept", "feed_back", "acknowledge", "urge", "withdraw", "correct", "human", "plain", "status", "call_me",
           "self_solve", "report_menu", "ask", "unit_tasks", "comment")  # fmt: skip
PICKS = ("solved", "unsolved", "reopen_yes", "reopen_no", "mediate_yes", "record_yes", "no_photo", "none", "fix_place",
         "fix_matter", "fix_withdraw", "withdraw_yes", "erase_yes", "erase_no", "publish_yes",
         "share_no", "5")  # fmt: skip


def says(who: str, text: str, into: str, at: bool) -> Act:
    """Words."""
    return lambda room: room.says(who, text, into=into, at=at)


def presses(who: str, key: str, number: str, into: str) -> Act:
    """Any button, whether it was ever shown or not."""
    return lambda room: room.acts(who, f"{key}:{number}", into=into)


def picks(who: str, value: str, number: str) -> Act:
    """Any choice."""
    return lambda room: room.acts(who, f"pick:{number}:{value}")


def shows(who: str, caption: str) -> Act:
    """A picture."""
    return lambda room: room.shows(who, "a.jpg", caption=caption)


def pins(who: str, point: tuple[float, float]) -> Act:
    """A pin."""
    return lambda room: room.pins(who, *point)


def passes(minutes: int) -> Act:
    """Time."""
    return lambda room: room.passes(timedelta(minutes=minutes))


anyone = st.sampled_from(RESIDENTS + STAFF)
number = st.sampled_from(["A0001", "A0002", "A0003", ""])
spoken = st.sampled_from(REPORTS + ANSWERS + WORK)
group = st.sampled_from(["", "", "", "jr-2-work", "jr-2-home", "centre-work"])
acts = st.one_of(
    st.builds(says, st.sampled_from(RESIDENTS), st.sampled_from(REPORTS + ANSWERS), st.just(""), st.just(False)),
    st.builds(says, st.sampled_from(STAFF), st.sampled_from(WORK), st.just(""), st.just(False)),
    st.builds(says, anyone, spoken, group, st.booleans()),
    st.builds(presses, anyone, st.sampled_from(PRESSED), number, group),
    st.builds(picks, anyone, st.sampled_from(PICKS), number),
    st.builds(shows, anyone, st.sampled_from(["", "健仁小区3号楼路灯坏了", "反馈 A0001 已处理", "你好"])),
    st.builds(pins, anyone, st.sampled_from([(33.3803, 120.1502), (31.2, 121.5)])),
    st.builds(passes, st.sampled_from([1, 11, 70, 300, 800, 4400])),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(acts, max_size=40))
def test_any_talk(talk: list[Act]) -> None:
    room = Room()
    for act in talk:
        act(room)
    for case in room.memory.all.cases.values():
        assert case.words.reveal() or case.item == "human_desk"
        assert room.memory.all.reporters[case.number]
        assert (case.closed_at is None) == (case.open or case.state.value in ("referred", "merged"))
