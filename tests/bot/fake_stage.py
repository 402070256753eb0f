"""Knows a scripted town: just enough of the loop to see, click and test the playground without the bot behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)

STATES = {
    "collected": "待派单",
    "assigned": "已派单",
    "handling": "办理中",
    "fed_back": "待评价",
    "closed": "已办结",
    "withdrawn": "已撤回",
}
COLOURS = {"red": "红色", "yellow": "黄色", "green": "绿色"}
STEPS = {
    "open": "事件收集",
    "assign": "任务分派",
    "accept": "接单",
    "feed_back": "结果反馈",
    "close": "办结评价",
    "supervise": "督办",
}

TOWN: Mapping[str, Any] = {
    "name": "盐龙街道",
    "bot_name": "小格",
    "people": [
        {"id": "zhang", "name": "张桂英", "call": "张阿姨", "roles": ["resident"], "role_names": "居民",
         "unit": "jr-2", "unit_name": "健仁第二网格"},
        {"id": "liu", "name": "刘建国", "call": "刘师傅", "roles": ["resident"], "role_names": "居民",
         "unit": "jr-1", "unit_name": "健仁第一网格"},
        {"id": "he", "name": "何雨欣", "call": "小何", "roles": ["resident", "volunteer"], "role_names": "居民、志愿者",
         "unit": "jr-2", "unit_name": "健仁第二网格"},
        {"id": "zhao", "name": "赵强", "call": "赵强", "roles": ["grid_worker"], "role_names": "网格员",
         "unit": "jr-1", "unit_name": "健仁第一网格"},
        {"id": "li", "name": "李明", "call": "李明", "roles": ["grid_worker"], "role_names": "网格员",
         "unit": "jr-2", "unit_name": "健仁第二网格"},
        {"id": "sun", "name": "孙丽", "call": "孙书记", "roles": ["grid_head"], "role_names": "网格长",
         "unit": "jr-2", "unit_name": "健仁第二网格"},
        {"id": "wang", "name": "王芳", "call": "王芳", "roles": ["mediator"], "role_names": "调解员",
         "unit": "yl", "unit_name": "盐龙街道"},
        {"id": "zhou", "name": "周毅", "call": "周毅", "roles": ["department"], "role_names": "部门经办",
         "unit": "yl", "unit_name": "盐龙街道"},
        {"id": "chen", "name": "陈静", "call": "陈静", "roles": ["dispatcher"], "role_names": "指挥中心值班",
         "unit": "yl", "unit_name": "盐龙街道"},
    ],
    "groups": [
        {"id": "jr-1-work", "name": "第一网格工作群", "purpose": "work", "members": ["zhao", "sun", "chen"]},
        {"id": "jr-2-work", "name": "第二网格工作群", "purpose": "work", "members": ["sun", "li", "chen"]},
        {"id": "safety-work", "name": "应急办工作群", "purpose": "department", "members": ["zhou", "chen"]},
        {"id": "centre-work", "name": "指挥中心值班群", "purpose": "duty", "members": ["chen"]},
        {"id": "jr-2-res", "name": "健仁小区邻里群", "purpose": "residents", "members": ["zhang", "he", "li"]},
    ],
    "examples": [
        "健仁小区3号楼楼道有人给电动车飞线充电，怕着火",
        "楼上天天半夜打麻将，吵得睡不着，说了也不听",
        "我家闻到好大的煤气味",
        "人民路12号门口垃圾堆了两天没人清",
        "居住证怎么办？要带什么材料",
        "想给独居的王奶奶申请助餐",
    ],
    "places": [
        {"name": "健仁小区3号楼", "lat": 33.3801, "lon": 120.1502},
        {"name": "健仁小区南门", "lat": 33.3792, "lon": 120.1511},
        {"name": "人民路12号", "lat": 33.3815, "lon": 120.1533},
    ],
    "timezone": "Asia/Shanghai",
}  # fmt: skip

SCRIPT = (
    ("煤气", "red", "突发事件", "疑似燃气泄漏", "safety-work", "应急办", 2),
    ("吵", "yellow", "矛盾纠纷排查", "邻里噪音纠纷", "wang", "调解员王芳", 72),
    ("飞线", "yellow", "安全隐患排查", "电动车飞线充电", "jr-2-work", "健仁第二网格", 72),
    ("垃圾", "green", "环境卫生", "垃圾堆放", "jr-2-work", "健仁第二网格", 120),
)
"""Word in the sentence, colour, duty, item, chat that gets the card, lead, hours to finish."""


@dataclass(frozen=True, slots=True)
class FakeCase:
    """A case of the scripted town."""

    number: str
    reporter: str
    colour: str
    duty: str
    item: str
    chat: str
    lead: str
    opened: datetime
    due: datetime
    card: str
    state: str = "assigned"
    history: tuple[dict[str, str], ...] = field(default=())


class FakeStage:
    """Fits `bot.playground.ports.AsyncStage`; follows `SCRIPT` instead of understanding anything."""

    def __init__(self) -> None:
        self._version = 0
        self._changed = asyncio.Condition()
        self.down = False
        self._clear()

    def _clear(self) -> None:
        self.now = MORNING
        self.lines: dict[str, list[dict[str, Any]]] = {}
        self.cases: dict[str, FakeCase] = {}
        self.photos: dict[str, bytes] = {}
        self._count = 0

    async def town(self) -> Mapping[str, Any]:
        """The scripted town."""
        return TOWN

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False) -> None:
        """Residents open cases, workers feed back by words."""
        self._line(chat or who, who, "text", text)
        if not chat or addressed or text.startswith(("接单", "反馈")):
            self._answer(who, text, chat)
        await self._touch()

    async def photo(self, who: str, data: bytes, caption: str, *, chat: str = "") -> None:
        """Keeps the picture."""
        ref = f"p{len(self.photos) + 1}"
        self.photos[ref] = data
        self._line(chat or who, who, "photo", caption, photos=[ref])
        if not chat:
            self._line(who, "bot", "reply", "照片收到了，已附在您的事件里。")
        await self._touch()

    async def location(self, who: str, lat: float, lon: float) -> None:
        """Answers with the grid."""
        self._line(who, who, "location", f"{lat:.4f}, {lon:.4f}")
        self._line(who, "bot", "reply", "位置收到了：健仁第二网格。")
        await self._touch()

    async def voice(self, who: str, text: str) -> None:
        """A recognised sentence is answered like a typed one."""
        self._line(who, who, "voice", text)
        self._answer(who, text, "")
        await self._touch()

    async def press(self, who: str, action: str, *, chat: str = "") -> None:
        """`accept:A0001`, `feed_back:A0001`, `pick:A0001:solved`, `rate:A0001:5`."""
        command, number, *rest = action.split(":")
        case = self.cases[number]
        if command == "accept" and case.state == "assigned":
            self._accept(who, case)
        elif command == "feed_back":
            self._line(chat or who, "bot", "reply", f"请写一句处理结果，例如：反馈 {number} 已现场处理", case=number)
        elif command == "pick":
            self._line(who, who, "text", "已解决" if rest[0] == "solved" else "没解决")
            self._rate(who, case, rest[0])
        await self._touch()

    async def advance(self, seconds: float) -> None:
        """Moves the clock; what is overdue is supervised once."""
        self.now += timedelta(seconds=seconds)
        for case in list(self.cases.values()):
            if case.due < self.now and case.state in ("assigned", "handling"):
                self._step(case, "supervise", "时钟", "超过办理期限", state=case.state)
        await self._touch()

    async def reset(self) -> None:
        """An empty town at nine in the morning."""
        self._clear()
        await self._touch()

    async def timeline(self, who: str) -> list[dict[str, Any]]:
        """The lines of one chat."""
        return self.lines.get(who, [])

    async def board(self) -> dict[str, Any]:
        """All cases and the rates."""
        closed = [case for case in self.cases.values() if case.state == "closed"]
        total = len(self.cases)
        rated = len(closed)

        def rate(name: str, of: int, n: int, unrated: int | None = None) -> dict[str, Any]:
            return {"name": name, "value": n / of if of else None, "of": of, "n": n} | (
                {} if unrated is None else {"unrated": unrated}
            )

        waiting = sum(case.state == "fed_back" for case in self.cases.values())
        return {
            "now": self.now.isoformat(),
            "cases": [self._card(case) for case in self.cases.values()],
            "rates": {
                "response_rate": rate("响应率", total, total),
                "solve_rate": rate("解决率", rated, rated, waiting),
                "satisfaction_rate": rate("满意率", rated, rated, waiting),
                "on_time_rate": rate("按时率", rated, rated),
            },
        }

    async def case(self, number: str) -> dict[str, Any] | None:
        """One case with its history."""
        case = self.cases.get(number)
        if case is None:
            return None
        lead = {"kind_name": "主办", "holder": case.lead, "state_name": "已报到", "due": case.due.isoformat()}
        return self._card(case) | {"history": list(case.history), "tasks": [lead], "reporters": [_call(case.reporter)]}

    async def photo_bytes(self, id: str) -> bytes | None:
        """A kept picture."""
        return self.photos.get(id)

    async def version(self) -> int:
        """The number of changes so far."""
        return self._version

    async def changed(self, since: int, timeout: float) -> int:
        """Waits for the next change."""
        if self.down:
            raise ConnectionError("the stage is down")
        try:
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(lambda: self._version != since)
        except TimeoutError:
            pass
        return self._version

    async def _touch(self) -> None:
        async with self._changed:
            self._version += 1
            self._changed.notify_all()

    def _line(self, chat: str, by: str, kind: str, text: str, **more: Any) -> str:
        self._count += 1
        line = {
            "id": f"m{self._count}", "at": self.now.isoformat(), "from": by, "name": _call(by), "kind": kind,
            "text": text, "buttons": [], "case": "", "colour": "", "photos": [], "edited": False,
        }  # fmt: skip
        self.lines.setdefault(chat, []).append(line | more)
        return f"m{self._count}"

    def _answer(self, who: str, text: str, chat: str) -> None:
        for case in self.cases.values():
            if case.number in text and text.startswith("反馈"):
                self._feed_back(who, case, text.split(case.number, 1)[1].strip())
                return
            if case.number in text and text.startswith("接单"):
                self._accept(who, case)
                return
        asked = next((c for c in self.cases.values() if c.state == "fed_back" and c.reporter == who), None)
        if asked is not None and ("解决" in text or text.strip() in "12345"):
            self._rate(who, asked, "solved")
            return
        for entry in SCRIPT:
            if entry[0] in text and not chat:
                self._open(who, entry)
                return
        self._line(chat or who, "bot", "reply", "您好，我是小格。遇到什么事，像平常说话一样告诉我就行。")

    def _open(self, who: str, entry: tuple[str, str, str, str, str, str, int]) -> None:
        _, colour, duty, item, chat, lead, hours = entry
        number = f"A{len(self.cases) + 1:04}"
        safety = "请先离开现场，不要开关电器，到室外拨打 119。\n" if colour == "red" else ""
        self._line(
            who, "bot", "reply",
            f"{safety}已登记，编号 {number}（{item}）。已派给{lead}，最晚{hours}小时内办结。"
            "请先不要靠近或自行拔线，方便的话拍张照片发我。", case=number, colour=colour,
        )  # fmt: skip
        case = FakeCase(number, who, colour, duty, item, chat, lead, self.now, self.now + timedelta(hours=hours), "")
        accept = [{"label": "接单", "action": f"accept:{number}"}]
        card = self._line(chat, "bot", "card", _card_text(case), case=number, colour=colour, buttons=accept)
        case = replace(case, card=card)
        self._step(case, "open", "小格", "居民来话，自动登记")
        self._step(self.cases[number], "assign", "小格", f"按地点派给{lead}", state="assigned")

    def _accept(self, who: str, case: FakeCase) -> None:
        self._step(case, "accept", _call(who), "", state="handling")
        done = [{"label": "反馈结果", "action": f"feed_back:{case.number}"}]
        self._edit(case, f"办理中 · {_call(who)}已接单", done)
        self._line(
            who, "bot", "push", f"{case.number} {case.item}\n地点：健仁小区3号楼 2单元楼道\n居民的话：楼道有人给电动车飞线充电，怕着火",
            case=case.number, colour=case.colour,
        )  # fmt: skip
        self._line(
            case.reporter, "bot", "push", f"您反映的{case.item}（{case.number}），网格员{_call(who)}已接单，正赶过去。"
        )

    def _feed_back(self, who: str, case: FakeCase, note: str) -> None:
        self._step(case, "feed_back", _call(who), note, state="fed_back")
        self._edit(case, "已反馈 · 等居民评价", [])
        self._line(who, "bot", "reply", f"{case.number} 的结果已记下，已请居民评价。", case=case.number)
        picks = [{"label": label, "action": f"pick:{case.number}:{value}"}
                 for label, value in (("已解决", "solved"), ("没解决", "unsolved"))]  # fmt: skip
        self._line(
            case.reporter, "bot", "push", f"{case.number} 办好了：{note}。\n解决了吗？", case=case.number, buttons=picks
        )

    def _rate(self, who: str, case: FakeCase, value: str) -> None:
        if value == "unsolved":
            self._step(case, "reopen", _call(who), "居民说没解决", state="assigned")
            self._line(who, "bot", "reply", "对不起，已退回重办。", case=case.number)
            return
        self._step(case, "close", _call(who), "居民说已解决", state="closed")
        self._edit(case, "已办结", [])
        self._line(who, "bot", "reply", f"谢谢您！{case.number} 已办结。再见到飞线随时告诉我。")

    def _edit(self, case: FakeCase, status: str, buttons: list[dict[str, str]]) -> None:
        for line in self.lines[case.chat]:
            if line["id"] == case.card:
                line.update(text=_card_text(case, status), buttons=buttons, edited=True)

    def _step(self, case: FakeCase, step: str, by: str, note: str, state: str = "collected") -> None:
        entry = {"at": self.now.isoformat(), "step": step, "step_name": STEPS.get(step, "返工"), "by": by, "note": note}
        self.cases[case.number] = replace(case, state=state, history=(*case.history, entry))

    def _card(self, case: FakeCase) -> dict[str, Any]:
        return {
            "case": case.number, "state": case.state, "state_name": STATES[case.state], "colour": case.colour,
            "duty": case.duty, "item": case.item, "place": "健仁小区3号楼", "lead": case.lead, "level": "网格",
            "opened": case.opened.astimezone(UTC).isoformat(), "due": case.due.astimezone(UTC).isoformat(),
            "overdue": case.due < self.now and case.state in ("assigned", "handling"),
        }  # fmt: skip


def _card_text(case: FakeCase, status: str = "") -> str:
    due = case.due.astimezone(CHINA)
    head = f"【{COLOURS[case.colour]}】{case.number} {case.duty}·{case.item}"
    return f"{head}\n地点：健仁小区3号楼\n{status or f'待接单 · {due.month}月{due.day}日{due.hour}:{due.minute:02d}前办结'}"


def _call(who: str) -> str:
    if who == "bot":
        return "小格"
    return next(person["call"] for person in TOWN["people"] if person["id"] == who)
