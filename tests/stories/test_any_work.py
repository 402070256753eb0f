"""Any work, in any order, by anybody: nothing fails, nobody reads what is not theirs, the record stays whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import pytest

from bot.stage import Shown, StageError
from handlers import history
from handlers.town import DUTY_DESK
from tests.stories.story import Story

ACTS = 250
RESIDENTS = ("zhang", "guo", "liu", "huang", "new1", "new2", "qin")
STAFF = ("chen", "xie", "pan", "han", "li", "zhao", "zhou", "wu", "wang", "luo", "lin", "gao", "peng", "liang")
PLACES = ("健仁小区3号楼", "健仁小区5号楼", "康宁苑2号楼", "龙港花园3号楼", "秋实新村6号楼", "健仁小区", "")
MATTERS = (
    "{p}路灯坏了", "{p}楼道堆杂物", "{p}飞线充电", "{p}着火了", "{p}邻居漏水吵架", "{p}有人打老婆", "{p}占道经营",
    "居住证怎么办", "我们几十户要联名上访 {p}", "{p}噪音扰民", "不想活了",
)  # fmt: skip
TAILS = (
    "", "等材料 3天", "等居民 2小时", "其他", "红", "绿 不急", "路灯不亮", "健仁小区5号楼", "综合执法局 一起去",
    "李明 他熟悉", "2", "G0001", "123456", "3天", "到3月9日", "网格员 健仁第二网格 张三", "健仁社区 明天停水",
    "今晚22点到23点 维护", "已处理", "打13900001111",
)  # fmt: skip
WORDS = (
    "是",
    "不是",
    "不用",
    "要",
    "1",
    "2",
    "5",
    "没解决",
    "已解决 5",
    "+1",
    "同问",
    "没有",
    "不知道",
    "确认",
    "在吗",
    "撤回",
    "匿名",
    "。",
)
SPANS = ("5m", "1h", "13h", "26h")
BROKEN = re.compile(r"[{}]|\bNone\b|State\.|这条我没处理好|处理出错|“”")
SECRET = re.compile(r"[甲乙丙丁戊己]{6}|139\d{8}|602")


class Work:
    """Seeded acts of everybody, each checked by what it brings to whom."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story, self.stage, self.dice = story, story.stage, random.Random(seed)
        self.owner: dict[str, str] = {}
        self.words = {k: v for k, v in self.stage.rules.wording.lists.items() if k.startswith("command.")}

    def act(self) -> None:
        acts: tuple[Callable[[], list[Shown]], ...] = (
            self.reports,
            self.commands,
            self.presses,
            self.talks,
            self.waits,
        )
        try:
            shown = self.dice.choices(acts, weights=(20, 40, 25, 12, 4))[0]()
        except StageError:
            return
        for one in shown:
            self.check(one)

    # -- acting ----------------------------------------------------------------------------------------------------

    def reports(self) -> list[Shown]:
        who, secret = self.dice.choice(RESIDENTS), "".join(self.dice.choices("甲乙丙丁戊己", k=6))
        self.owner[secret] = who
        matter = self.dice.choice(MATTERS).format(p=self.dice.choice(PLACES))
        return self.say(who, f"{matter}，{secret}看见的，我住602室，电话139{self.dice.randrange(10**8):08d}")

    def commands(self) -> list[Shown]:
        key = self.dice.choice([*self.words, *["command.accept"] * 12, *["command.feed_back"] * 6])
        word, number = self.dice.choice(self.words[key]), self.number()
        gap = self.dice.choice((" ", " ", "", "：", "　"))
        text = self.dice.choice(
            (f"{word}{gap}{number}{gap}{{t}}", f"{number}{gap}{word}{gap}{{t}}", f"{word} {{t}}", word)
        )
        return self.say(self.dice.choice((*STAFF, *STAFF, *RESIDENTS)), text.format(t=self.dice.choice(TAILS)))

    def talks(self) -> list[Shown]:
        return self.say(self.dice.choice((*RESIDENTS, *STAFF)), self.dice.choice(WORDS))

    def waits(self) -> list[Shown]:
        return self.story.passes(self.dice.choice(SPANS))

    def presses(self) -> list[Shown]:
        """A button that hangs anywhere, pressed by whoever it was for, or by anybody it was forwarded to."""
        letters = [one.letter for one in self.story.all[-60:] if one.letter.buttons]
        if not letters:
            return []
        letter = self.dice.choice(letters)
        group = letter.to if letter.to in self.stage.town.groups else ""
        own = letter.to if not group and letter.to != DUTY_DESK else "chen"
        who = own if self.dice.random() < 0.6 else self.dice.choice((*STAFF, *RESIDENTS))
        return self.took(self.stage.press(who, self.dice.choice(letter.buttons).action, group=group))

    def say(self, who: str, text: str) -> list[Shown]:
        group = self.dice.choice(list(self.stage.town.groups)) if self.dice.random() < 0.15 else ""
        return self.story.says(who, text, into=group, at=self.dice.random() < 0.7)

    def took(self, shown: list[Shown]) -> list[Shown]:
        self.story.all += shown
        return shown

    def number(self) -> str:
        n = self.dice.randrange(1, 20)
        return self.dice.choice((f"A{n:04d}", f"A{n:04d}", f"a{n:04d}", f"Ａ{n:04d}", f"A {n:04d}", f"{n:04d}", ""))

    # -- what holds ------------------------------------------------------------------------------------------------

    def check(self, one: Shown) -> None:
        letter = one.letter
        assert not BROKEN.search(letter.text), letter.text
        assert len(letter.buttons) <= 6, letter
        assert len({button.action for button in letter.buttons}) == len(letter.buttons)
        town = self.stage.town
        if letter.to in town.groups:
            assert not SECRET.search(letter.text), letter.text
            return
        reader = town.people.get(letter.to)
        for secret, owner in self.owner.items():
            if secret in letter.text and owner != letter.to:
                assert letter.to == DUTY_DESK or (reader is not None and reader.staff), (letter.to, letter.text)

    def whole(self) -> None:
        """No message failed; every case is what its history tells; no merge goes in circles."""
        with self.stage.store.reading() as reader:
            assert reader.failed() == []
            cases = {case.number: case for case in reader.cases(limit=1000)}
            for number, case in cases.items():
                entries = reader.entries(number)
                told = history.fold(entries, self.stage.rules.timing)
                assert [entry.n for entry in entries] == list(range(1, len(entries) + 1))
                assert history.Clocks.of(told) == history.Clocks.of(case), number
                assert (told.state, told.colour) == (case.state, case.colour), number
                seen, at = {number}, case
                while at.merged_into:
                    at = cases[at.merged_into]
                    assert at.number not in seen, f"{number} is merged into itself"
                    seen.add(at.number)


@pytest.mark.parametrize("seed", [3, 11])
def test_any_work_in_any_order(story: Story, seed: int) -> None:
    work = Work(story, seed)
    for _ in range(ACTS):
        work.act()
    work.whole()
