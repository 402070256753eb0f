"""Knows what slots promise: exact substrings of the message as sent, each kind in its many ways of writing."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.lexica import read_lexicon, words_of
from nlu.numbers import has_check_digit
from tests.nlu.slots import found, spans


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("打我13900001234", ["13900001234"]),
        ("电话 139 0000 1234 白天", ["139 0000 1234"]),
        ("電話１３９００００１２３４", ["１３９００００１２３４"]),
        ("+86 139-0000-1234", ["+86 139-0000-1234"]),
        ("座机0515-88001234", ["0515-88001234"]),
        ("号码一三九零零零零一二三四", ["一三九零零零零一二三四"]),
        ("幺三九〇〇〇〇幺二三四", ["幺三九〇〇〇〇幺二三四"]),
        ("电话8800123", ["8800123"]),
        ("＋８６ １３９ ００００ １２３４", ["＋８６ １３９ ００００ １２３４"]),
        ("一 三 九 零 零 零 零 一 二 三 四", ["一 三 九 零 零 零 零 一 二 三 四"]),
        ("一三九，零零零零，一二三四", ["一三九，零零零零，一二三四"]),
        ("手机139.0000.1234", ["139.0000.1234"]),
        ("1390000 1234，他不在", ["1390000 1234"]),
        ("老大13900001234二弟13900005678", ["13900001234", "13900005678"]),
        ("一三九零零零零一二三四一直占线", ["一三九零零零零一二三四"]),
        ("座机0515 8800 1234转12", ["0515 8800 1234转12"]),
        ("（0515）88001234", ["（0515）88001234"]),
        ("座机七五〇，三三〇〇一二三", ["七五〇，三三〇〇一二三"]),
        ("座机换成88001234了", ["88001234"]),
        ("tel13900001234", ["13900001234"]),
        ("打热线400-800-1234", ["400-800-1234"]),
        ("2026-03-02 2026-03-08 停电", []),
        ("楼号5-3-1102", []),
        ("柜号7731、7732、7733", []),
        ("单号13900001234", []),
        ("A139000012345", []),
        ("单号 YT13900001234567", []),
        ("一共13900块", []),
        ("加QQ 1390000123", []),
    ],
)
def test_phones(text: str, phones: list[str]) -> None:
    assert found(text, "phone") == phones


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("身份证320902198001011238", ["320902198001011238"]),
        ("证件 11010519491231002X", ["11010519491231002X"]),
        ("11010519491231002x 登记", ["11010519491231002x"]),
        ("320902 19800101 1238", ["320902 19800101 1238"]),
        ("老证320902800101123", ["320902800101123"]),
        ("三二零九零二一九八零零一零一一二三八", ["三二零九零二一九八零零一零一一二三八"]),
        ("3 2 0 9 0 2 1 9 8 0 0 1 0 1 1 2 3 8", ["3 2 0 9 0 2 1 9 8 0 0 1 0 1 1 2 3 8"]),
        ("110105 19491231 002X", ["110105 19491231 002X"]),
        ("320902 800101 123", ["320902 800101 123"]),
        ("卡号320902198001011239", []),  # after 卡号 only a true check digit makes an identity card
        ("订单202611221830123456", []),
        ("320902198013011238", []),
    ],
)
def test_identity_cards(text: str, cards: list[str]) -> None:
    assert found(text, "id_card") == cards


def test_check_digit() -> None:
    assert has_check_digit("11010519491231002x")
    assert not has_check_digit("110105194912310021")


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("苏J12345停在门口", ["苏J12345"]),
        ("蘇J·D12345", ["蘇J·D12345"]),
        ("粤b 12a45堵门", ["粤b 12a45"]),
        ("苏JD12345是新能源", ["苏JD12345"]),
        ("沪A1234学", ["沪A1234学"]),
        ("苏 J 1 2 3 4 5", ["苏 J 1 2 3 4 5"]),
        ("苏J 123 45挡路", ["苏J 123 45"]),
        ("苏Ｊ・１２３４５", ["苏Ｊ・１２３４５"]),
        ("苏J幺二三四五", ["苏J幺二三四五"]),
        ("粤Z·1A23港", ["粤Z·1A23港"]),
        ("鲁QR123挂", ["鲁QR123挂"]),
        ("沪A1234学区房", []),
        ("苏州的abcde", []),
    ],
)
def test_plates(text: str, plates: list[str]) -> None:
    assert found(text, "plate") == plates


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("我叫周晓梅，住三号楼", ["周晓梅"]),
        ("联系人：沈志刚", ["沈志刚"]),
        ("张阿姨和李师傅吵起来了", ["张阿姨", "李师傅"]),
        ("小李昨天来过，老王没来", ["小李", "老王"]),
        ("王某占了车位", ["王某"]),
        ("业主欧阳明月，", ["欧阳明月"]),
        ("赵文斌13900001234", ["赵文斌"]),
        ("女儿季红梅在外地", ["季红梅"]),
        ("找赵敬民，他知道", ["赵敬民"]),
        ("裴志刚，三十二岁", ["裴志刚"]),
        ("黃太和何嫂", ["黃太", "何嫂"]),
        ("仇会计、李老先生、于阿姨", ["仇会计", "李老先生", "于阿姨"]),
        ("叫马路的是他", ["马路"]),
        ("老解头说的", ["老解头"]),
        ("养老金，小程序，施工，毕业生", []),
        ("老师和老板在路口", []),
        ("小区里小孩小时候", []),
        ("高空抛物，马上处理", []),
        ("老板和老师", []),
    ],
)
def test_persons(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("昨天晚上十点多还在敲", ["昨天晚上十点多"]),
        ("3月2号下午停水", ["3月2号下午"]),
        ("每天早上六点放音乐", ["每天早上六点"]),
        ("半夜装修", ["半夜"]),
        ("三天前报的", ["三天前"]),
        ("2026-03-02 18:30 有烟味", ["2026-03-02 18:30"]),
        ("下周三来", ["下周三"]),
        ("三楼漏水", []),
    ],
)
def test_times(text: str, times: list[str]) -> None:
    assert found(text, "time") == times


@pytest.mark.parametrize(
    ("text", "cases"),
    [
        ("A0001好了没", ["A0001"]),
        ("查b12345", ["b12345"]),
        ("Ａ０００１", ["Ａ０００１"]),
        ("A一百一十五到哪步了", ["A一百一十五"]),
        ("A零零零三号呢", ["A零零零三"]),
        ("a 0003", ["a 0003"]),
        ("单号A-0003", ["A-0003"]),
        ("A座1203", []),
        ("C20261108-331", []),
        ("苏A00012", []),
        ("A01", []),
    ],
)
def test_cases(text: str, cases: list[str]) -> None:
    assert found(text, "case") == cases


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("路灯坏了，在幸福路菜场门口", ["幸福路菜场门口"]),
        ("长江路112弄6支弄3号漏水", ["长江路112弄6支弄3号"]),
        ("沿河小区19-1-101", ["沿河小区19-1-101"]),
        ("包子铺对面的巷子没灯", ["包子铺对面的巷子"]),
        ("居委會門口", ["居委會門口"]),
        ("5栋跟6栋之间", ["5栋跟6栋之间"]),
        ("住锦绣江南12栋2单元803", ["锦绣江南12栋2单元803"]),
        ("在永兴里8号", ["永兴里8号"]),
        ("温州路 86 弄 12 号 301", ["温州路 86 弄 12 号 301"]),
        ("健仁小区地下负二层车位118后头渗水", ["健仁小区地下负二层车位118后头"]),
        ("巷尾第三家", ["巷尾第三家"]),
        ("村委会往东五十米塌了", ["村委会往东五十米"]),
        ("卖凉粉的旁边有个坑", ["卖凉粉的旁边"]),
        ("育才路和解放路路口", ["育才路和解放路路口"]),
        ("菜场后门那条小路没灯", ["菜场后门那条小路"]),
        ("公園噴水池左邊那張長椅", ["公園噴水池左邊那張長椅"]),
        ("5楼走廊尽头堆了纸箱", ["5楼走廊尽头"]),
        ("被套路了，回家乡，去摆摊", []),
        ("谢谢你们", []),
        ("我的银行卡掉了", []),
        ("每天早上的广场舞", []),
    ],
)
def test_places(text: str, places: list[str]) -> None:
    assert found(text, "place") == places


@given(st.text() | st.text(alphabet="一三九零1390-苏J小李张阿姨号楼旁边昨天点0 \u200bＡ"))
def test_spans_are_exact_and_apart(text: str) -> None:
    told = spans(text)
    assert all(span.text == text[span.start : span.end] and span.text for span in told)
    assert all(
        before.end <= after.start or (before.kind, after.kind) == ("place", "person")
        for before, after in zip(told, told[1:], strict=False)
    )


@pytest.mark.parametrize("name", ["names", "places"])
def test_no_word_stands_twice_on_a_list(name: str) -> None:
    lists = [words_of(entry) for entry in read_lexicon(name).values() if isinstance(entry, str)]
    plain = [words for words in lists if len(words) > 1 and not set("([{\\|") & set("".join(words))]
    assert [word for words in plain for word, times in Counter(words).items() if times > 1] == []
    assert plain
