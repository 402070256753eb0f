"""How commands are read out of messages: every word of the wording, with numbers in any dress, and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from handlers import discovery
from handlers.command import LONGEST, Call, Commands, numbers
from tests.handlers.stubs import wording

FOUND = discovery.all_commands()
COMMANDS = Commands(FOUND, wording())
WORDS = [(key, word) for key in FOUND for word in wording().lists[f"command.{key}"]]
NUMBERS = ("A0001", "a0001", "A 0001", "A-0001", "A#0001", "Ａ０００１", "a０００1")
STAFF = {key for key, command in FOUND.items() if command.audience == "staff"}


def read(text: str, *, staff: bool = False) -> tuple[str, Call] | None:
    """The key and the call of a text."""
    found = COMMANDS.read(text, staff=staff)
    return (found[0].key, found[1]) if found else None


def test_every_command_has_words_and_every_word_one_command() -> None:
    assert {key for key, _ in WORDS} == set(FOUND)
    lists = [key.removeprefix("command.") for key in wording().lists if key.startswith("command.")]
    assert set(lists) == set(FOUND)
    words = [word for _, word in WORDS]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("key", [key for key in FOUND if FOUND[key].numbered])
def test_what_counts_with_a_number_only_is_none_without(key: str) -> None:
    for word in wording().lists[f"command.{key}"]:
        assert read(word, staff=True) is None, word
        assert read(f"{word} 隐私", staff=True) is None, word
        assert read(f"{word} A0001", staff=True) == (key, Call(number="A0001")), word


@pytest.mark.parametrize("key", [key for key in FOUND if not FOUND[key].numbered])
def test_every_word_alone_in_any_dress(key: str) -> None:
    words = wording().lists[f"command.{key}"]
    for word, dress in product(words, ("{}", " {} ", "{}。", "“{}”", "/{}", "{}！")):
        text = dress.format(word)
        found = read(text, staff=True)
        assert found == (key, Call()) or (found is None and not FOUND[key].whole), text
        assert read(word.upper(), staff=True) == (key, Call())


@pytest.mark.parametrize("key", FOUND)
def test_every_word_with_a_number_before_or_after(key: str) -> None:
    words = wording().lists[f"command.{key}"]
    for word, number, gap in product(words, NUMBERS, ("", " ", "：", "，", "　")):
        if not (word[-1:].isascii() and word[-1:].isalnum() and not gap):
            assert read(f"{word}{gap}{number}", staff=True) == (key, Call(number="A0001")), (word, gap, number)
        assert read(f"{number}{gap or ' '}{word}", staff=True) == (key, Call(number="A0001")), (word, gap, number)


@pytest.mark.parametrize("key", sorted(STAFF))
def test_work_words_of_a_resident_count_with_a_number_only(key: str) -> None:
    for word in wording().lists[f"command.{key}"]:
        assert read(word) is None, word
        assert read(f"{word} A0001") == (key, Call(number="A0001")), word


@pytest.mark.parametrize(
    ("text", "key", "number", "rest"),
    [
        ("反馈 A0001 已劝离并拆除", "feed_back", "A0001", "已劝离并拆除"),
        ("反馈A0001已劝离", "feed_back", "A0001", "已劝离"),
        ("反馈：已劝离", "feed_back", "", "已劝离"),
        ("A0001 反馈 已劝离\n明天再看一次", "feed_back", "A0001", "已劝离\n明天再看一次"),
        ("反馈 A0001：3号楼已拆", "feed_back", "A0001", "3号楼已拆"),
        ("答复 A0001 明天上午来", "reply", "A0001", "明天上午来"),
        ("答复A12345请稍等", "reply", "A12345", "请稍等"),
        ("告诉居民 已经在路上", "reply", "", "已经在路上"),
        ("自办已清理3号楼楼道", "self_solve", "", "已清理3号楼楼道"),
        ("自办：A0001 已清理", "self_solve", "A0001", "已清理"),
        ("代报3号楼电梯坏了", "report_for", "", "3号楼电梯坏了"),
        ("问 A0001 具体在几楼", "ask", "A0001", "具体在几楼"),
        ("A0001 问：在家吗", "ask", "A0001", "在家吗"),
        ("回复A0001 在4楼", "answer_back", "A0001", "在4楼"),
        ("批注 A0001 今天内回访", "comment", "A0001", "今天内回访"),
        ("网格待办 健仁第二网格 2", "unit_tasks", "", "健仁第二网格 2"),
    ],
)
def test_words_after_a_command_are_its_rest(text: str, key: str, number: str, rest: str) -> None:
    assert read(text, staff=True) == (key, Call(number=number, rest=rest))


@pytest.mark.parametrize(
    "text",
    [
        "改天再说", "取消的公交什么时候恢复", "反馈一下路灯坏了", "催收电话怎么办", "人工费多少钱",
        "进度条是什么", "收到一个快递", "帮助老人过马路的人在哪里报名", "匿名举报有用吗", "隐私泄露了怎么办",
        "我要撤回昨天的投诉信", "接单员的工资没发", "不对劲，楼下有人吵架", "待办证件需要什么材料",
        "办好了没有", "说明书在哪里领", "菜单上写的价格不对", "功能键坏了", "查询一下社保",
        "什么意思啊这个通知", "你好", "", "   ", "A0001", "3号楼路灯坏了 A0001", "苏J12345一直停在消防通道",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_command_is_none(text: str) -> None:
    assert read(text) is None


def test_a_story_is_no_command() -> None:
    assert read("反馈 A0001 " + "很长" * LONGEST, staff=True) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A0001和B12345", ["A0001", "B12345"]),
        ("a 0012、Ａ００１３", ["A0012", "A0013"]),
        ("A10000", ["A10000"]),
        ("A001", []),
        ("XA0001", []),
        ("A0001234567890", []),
        ("电话13812345678", []),
        ("没有编号", []),
    ],
)
def test_numbers_in_a_text(text: str, found: list[str]) -> None:
    assert numbers(text) == found


def test_help_names_every_resident_command_that_has_a_line() -> None:
    lines = "".join(text for key, text in wording().sentences.items() if key.startswith("help."))
    for key in ("status", "urge", "withdraw", "correct", "human", "privacy", "my_data", "erase"):
        assert any(word in lines for word in wording().lists[f"command.{key}"]), key
    for key in STAFF:
        assert any(word in lines for word in wording().lists[f"command.{key}"]), key
