"""Knows a scripted town: just enough of the loop to see, click and test the playground without the bot behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.bot.fake_town import TOWN

CHINA = timezone(timedelta(hours=8))
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)

STATES = {"collected": "待派单", "assigned": "已派单", "handling": "办理中", "fed_back": "待评价", "closed": "已办结"}
COLOURS = {"red": "红·紧急", "yellow": "黄·较急", "green": "绿·一般"}
STEPS = {"open": "居民上报", "assign": "派单", "accept": "接单", "feed_back": "结果反馈", "close": "办结"}
STEPS |= {"supervise": "督办", "reopen": "返工"}
SCRIPT = (
    ("煤气", "red", "突发事件", "燃气泄漏", "safety-work", "应急办", 24),
    ("吵", "yellow", "矛盾纠纷排查", "邻里噪声纠纷", "wang", "调解员王芳", 72),
    ("飞线", "yellow", "安全隐患排查", "电动车飞线充电", "jr-2-work", "健仁第二网格", 72),
    ("垃圾", "green", "环境卫生", "垃圾清运不及时", "jr-2-work", "健仁第二网格", 120),
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

    async def town_version(self) -> int:
        """Never changes."""
        return 1

    async def shows(self, quote: str, chat: str) -> bool:
        """Whether a card hangs there."""
        return any(line["case"] == quote and line["kind"] == "card" for line in self.lines.get(chat, ()))

    async def say(self, who: str, text: str, *, chat: str = "", addressed: bool = False, quote: str = "") -> None:
        """Residents open cases, workers feed back by words."""
        self._line(chat or who, who, "text", text, quote={"case": quote, "text": ""} if quote else None)
        if not chat or addressed or text.startswith("反馈"):
            self._answer(who, text, chat)
        await self._touch()

    async def photo(
        self, who: str, data: bytes, caption: str, *, chat: str = "", addressed: bool = False, quote: str = ""
    ) -> None:
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

    async def press(self, who: str, mark: str, *, chat: str = "") -> None:
        """`accept:A0001`, `feed_back:A0001`, `pick:A0001:solved`, `rate:A0001:5`."""
        command, number, *rest = mark.split(":")
        case = self.cases[number]
        if command == "accept" and case.state == "assigned":
            self._accept(who, case)
        elif command == "feed_back":
            self._line(chat or who, "bot", "reply", f"{number} 办得怎么样？直接说一句结果，可带照片。", case=number)
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

    async def demo(self) -> bool:
        """A month that cannot be loaded."""
        return False

    async def timeline(self, who: str) -> list[dict[str, Any]]:
        """The lines of one chat."""
        return self.lines.get(who, [])

    async def tails(self) -> Mapping[str, int]:
        """The bot's lines in each chat."""
        known = [one["id"] for one in (*TOWN["people"], *TOWN["groups"])]
        return {who: sum(line["from"] == "bot" for line in self.lines.get(who, ())) for who in known}

    async def board(self) -> dict[str, Any]:
        """All cases and the rates."""
        closed = sum(case.state == "closed" for case in self.cases.values())
        waiting = sum(case.state == "fed_back" for case in self.cases.values())
        total = len(self.cases)
        return {
            "now": self.now.isoformat(),
            "cases": [self._card(case) for case in self.cases.values()],
            "rates": {
                "response_rate": _rate("响应率", total, total),
                "resolution_rate": _rate("解决率", closed, closed) | {"unrated": waiting},
                "satisfaction": _rate("满意率", closed, closed) | {"unrated": waiting},
                "on_time": _rate("按时率", closed, closed),
            },
        }

    async def case(self, number: str) -> dict[str, Any] | None:
        """One case with its history."""
        case = self.cases.get(number)
        if case is None:
            return None
        lead = {"kind": "主办", "holder": case.lead, "state": "已接", "due": case.due.isoformat()}
        return self._card(case) | {"history": list(case.history), "tasks": [lead], "reporters": [_call(case.reporter)]}

    async def photo_bytes(self, id: str) -> bytes | None:
        """A kept picture."""
        return self.photos.get(id)

    async def version(self) -> int:
        """The number of changes so far."""
        return self._version

    async def changed(self, since: int, patience: float, /) -> int:
        """Waits for the next change."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience), self._changed:
                await self._changed.wait_for(lambda: self._version != since)
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
        asked = next((c for c in self.cases.values() if c.state == "fed_back" and c.reporter == who), None)
        if asked is not None and "解决" in text:
            self._rate(who, asked, "unsolved" if "没" in text else "solved")
            return
        entry = next((entry for entry in SCRIPT if entry[0] in text and not chat), None)
        if entry is not None:
            self._open(who, entry)
            return
        self._line(chat or who, "bot", "reply", "您好，我是小格。遇到什么事，像平常说话一样告诉我就行。")

    def _open(self, who: str, entry: tuple[str, str, str, str, str, str, int]) -> None:
        _, colour, duty, item, chat, lead, hours = entry
        number = f"A{len(self.cases) + 1:04}"
        case = FakeCase(number, who, colour, duty, item, chat, lead, self.now, self.now + timedelta(hours=hours), "")
        first = "请马上离开，不要碰电器开关，到室外拨打119。\n" if colour == "red" else ""
        received = (
            f"{first}收到，已登记 {number}：{duty}·{item}，健仁小区3号楼。\n{lead}处理，{_when(case.due)}前办结。"
        )
        self._line(who, "bot", "reply", f"{received}不对请回“改”。", case=number, colour=colour)
        accept = [_button("接单", f"accept:{number}")]
        text = _card_text(case, f"已派给{lead}，{_when(case.due)}前办结。")
        card = self._line(chat, "bot", "card", text, case=number, colour=colour, buttons=accept)
        self._step(replace(case, card=card), "open", "小格", "")
        self._step(self.cases[number], "assign", "小格", f"按地点派给{lead}", state="assigned")

    def _accept(self, who: str, case: FakeCase) -> None:
        self._step(case, "accept", _call(who), "", state="handling")
        feed_back = [_button("反馈结果", f"feed_back:{case.number}")]
        self._edit(case, f"{_call(who)}正在办，{_when(case.due)}前办结。", feed_back)
        words = f"{_card_text(case, '归您办了。')}\n居民说：楼道有人给电动车飞线充电，怕着火"
        self._line(who, "bot", "push", words, case=case.number, colour=case.colour)
        told = f"{case.number}（{case.item}）网格员{_call(who)}已接单，{_when(case.due)}前办结。"
        self._line(case.reporter, "bot", "push", told)

    def _feed_back(self, who: str, case: FakeCase, note: str) -> None:
        self._step(case, "feed_back", _call(who), note, state="fed_back")
        self._edit(case, "已反馈结果，等评价。", [])
        self._line(who, "bot", "reply", f"{case.number} 结果已告诉居民，等评价。", case=case.number)
        labels = {"已解决": "solved", "没解决": "unsolved"}
        picks = [_button(label, f"pick:{case.number}:{value}") for label, value in labels.items()]
        told = f"{case.number}（{case.item}）有结果了：{note}\n解决了吗？"
        self._line(case.reporter, "bot", "push", told, case=case.number, buttons=picks)

    def _rate(self, who: str, case: FakeCase, value: str) -> None:
        if value == "unsolved":
            self._step(case, "reopen", _call(who), "居民说没解决", state="assigned")
            self._line(who, "bot", "reply", f"{case.number} 已退回{case.lead}重新处理。", case=case.number)
            return
        self._step(case, "close", _call(who), "居民说已解决", state="closed")
        self._edit(case, "已办结。", [])
        self._line(who, "bot", "reply", f"谢谢您的评价，{case.number} 已办结。")

    def _edit(self, case: FakeCase, status: str, buttons: list[dict[str, str]]) -> None:
        for line in self.lines[case.chat]:
            if line["id"] == case.card:
                line.update(text=_card_text(case, status), buttons=buttons, edited=True)

    def _step(self, case: FakeCase, step: str, by: str, note: str, state: str = "collected") -> None:
        entry = {"at": self.now.isoformat(), "step": step, "step_name": STEPS[step], "by": by, "note": note}
        self.cases[case.number] = replace(case, state=state, history=(*case.history, entry))

    def _card(self, case: FakeCase) -> dict[str, Any]:
        return {
            "case": case.number, "state": case.state, "state_name": STATES[case.state], "colour": case.colour,
            "duty": case.duty, "item": case.item, "place": "健仁小区3号楼", "lead": case.lead, "level": "grid",
            "opened": case.opened.astimezone(UTC).isoformat(), "due": case.due.astimezone(UTC).isoformat(),
            "overdue": case.due < self.now and case.state in ("assigned", "handling"),
        }  # fmt: skip


def _rate(name: str, n: int, of: int) -> dict[str, Any]:
    return {"name": name, "value": n / of if of else None, "of": of, "n": n}


def _when(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日{moment.hour}:{moment.minute:02d}"


def _card_text(case: FakeCase, status: str) -> str:
    head = f"【{COLOURS[case.colour]}】{case.number} {case.duty}·{case.item}"
    return f"{head}\n地点：健仁小区3号楼\n{status}"


def _button(label: str, action: str) -> dict[str, str]:
    """A button whose mark says what it does: nothing here is secret."""
    return {"label": label, "action": action, "mark": action}


def _call(who: str) -> str:
    calls = {person["id"]: str(person["call"]) for person in TOWN["people"]}
    return calls.get(who, "小格")
