"""Knows how residents name persons without a title: behind kin, in lists, before what persons do, at whose home."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.redaction import Redactor
from tests.nlu.slots import found, spans


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("我妈陈桂兰从医院走丢的", ["陈桂兰"]),
        ("我表叔张国庆说亭子漏雨", ["张国庆"]),
        ("老娘舅吴有财讲柱子裂了", ["吴有财"]),
        ("请给我爷爷何长贵上门评残", ["何长贵"]),
        ("住户马超经常打老婆", ["马超"]),
        ("修车铺老板叫于海，他倒废油", ["于海"]),
        ("阿婆叫孙桂珍", ["孙桂珍"]),
        ("我外孙叫石磊，要上小学", ["石磊"]),
        ("车主姓郝，郝建伟，电话关机", ["郝建伟"]),
        ("他大名牛满仓", ["牛满仓"]),
        ("网格员小宋加我了", ["小宋"]),
        ("我爸高血压犯了，我妈安全到家", []),
        ("老板叫马上走", []),
        ("医生姓华，华佗的华", []),
    ],
)
def test_behind_kin_and_roles(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("何庆、马丽娟，住云锦苑", ["何庆", "马丽娟"]),
        ("张海和江涛是我两个儿子", ["张海", "江涛"]),
        ("王秀芬和李玉梅打起来了", ["王秀芬", "李玉梅"]),
        ("户主：田桂花 家庭成员：孟凡，孟雪", ["田桂花", "孟凡", "孟雪"]),
        ("登记一下 赵美霞，明天来", ["赵美霞"]),
        ("钱大勇440703190606060454，在家", ["钱大勇"]),
        ("金桂、玉兰都开了", []),
        ("沙发、马桶、旧床垫", []),
    ],
)
def test_lists_and_forms(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("赵铁柱跟我争地界", ["赵铁柱"]),
        ("杨光要办老年卡", ["杨光"]),
        ("社区的杨静态度特别好", ["杨静"]),
        ("武汉来的李婷婷想租房", ["李婷婷"]),
        ("帮我查下罗永福的低保", ["罗永福"]),
        ("孙桂芳老人腿脚不便", ["孙桂芳"]),
        ("楼上刘建军天天拖椅子", ["刘建军"]),
        ("路平是我侄子", ["路平"]),
        ("张桥是我老公，摔伤了", ["张桥"]),
        ("何老四又来了", ["何老四"]),
        ("永安里12号孙家姆妈摔了", ["孙家姆妈"]),
        ("李二嫂把树砍了", ["李二嫂"]),
        ("苗苗妈妈说堵得慌", ["苗苗"]),
        ("毛毛差点踩到钉子", ["毛毛"]),
        ("天天妈妈地喊", []),
        ("周二开庭，夏天太热", []),
        ("高空抛物是我最怕的", []),
        ("主任天天开会", []),
    ],
)
def test_before_what_persons_do(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    ("text", "places", "persons"),
    [
        ("张伟家门口那棵树歪了", ["张伟家门口"], ["张伟"]),
        ("刘奶奶家门口有个坑", ["刘奶奶家门口"], ["刘奶奶"]),
        ("何家湾6组刘老五屋后那片坡塌了", ["何家湾6组刘老五屋后那片坡"], ["刘老五"]),
        ("周伟家楼下的管子漏", ["周伟家楼下"], ["周伟"]),
        ("3栋王阿姨家漏水", ["3栋"], ["王阿姨"]),
        ("田家坳黄老六家牛棚后面冒烟", ["田家坳黄老六家牛棚后面"], ["黄老六"]),
        ("3组张伟家门口的灯", ["3组张伟家门口"], ["张伟"]),
        ("老杨家面馆后厨脏", ["老杨家面馆后厨"], ["老杨"]),
        ("高路是我儿子", [], ["高路"]),
        ("我爸叫马路，住马路边12号", ["马路边12号"], ["马路"]),
    ],
)
def test_a_name_and_a_place(text: str, places: list[str], persons: list[str]) -> None:
    assert (found(text, "place"), found(text, "person")) == (places, persons)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("死者王秀兰，家属来销户", ["王秀兰"]),
        ("低保户赵大山的补贴没到", ["赵大山"]),
        ("委托人孙立新来办过户", ["孙立新"]),
        ("签到：李强 代小雨 冷锋 还有个没来", ["李强", "代小雨", "冷锋"]),
        ("名单：“周海、苗青、万里”", ["周海", "苗青", "万里"]),
        ("签到打卡怎么弄", []),
        ("名单什么时候公布", []),
        ("二舅王建军三舅王建民都来了", ["王建军", "王建民"]),
        ("石来顺、石来喜兄弟俩", ["石来顺", "石来喜"]),
        ("刘伟和刘威是两个人", ["刘伟", "刘威"]),
        ("户主：陈国强 李娜（女儿）代办", ["陈国强", "李娜"]),
        ("方圆 女 9岁 想报名", ["方圆"]),
        ("林婶的钥匙丢了", ["林婶"]),
        ("郭婆嘅药送到未", ["郭婆"]),
        ("那个小孔人特别好", ["小孔"]),
        ("那个小孔堵了", []),
        ("車牌係鄧永昌嘅", ["鄧永昌"]),
        ("我叫阿卜杜拉·热合曼，来办居住证", ["阿卜杜拉·热合曼"]),
    ],
)
def test_rolls_roles_and_titles_of_one_character(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


def test_names_without_a_title_are_masked() -> None:
    assert (
        Redactor().redact("张伟家门口，户主：田桂花，何老四跟我争") == "〔姓名〕家门口，户主：〔姓名〕，〔姓名〕跟我争"
    )


@given(st.text(alphabet="张王李伟芳老二家门口楼下是我儿子妈爸叫登记和、，要办1苗的住"))
def test_only_a_place_holds_another_span_and_only_a_person(text: str) -> None:
    told = spans(text)
    for before, after in zip(told, told[1:], strict=False):
        held = before.kind == "place" and after.kind == "person" and after.end <= before.end
        assert held or before.end <= after.start
