"""Knows forms of places and names that a new writer brings: what is before, behind and beside them, and decoys."""

from __future__ import annotations

import pytest

from nlu.placewords import PlaceWords
from nlu.reading import Reader
from nlu.slots import Slots

READER = Reader()
SLOTS = Slots(PlaceWords())


def found(text: str, kind: str) -> list[str]:
    return [span.text for span in SLOTS.find(text, READER.read(text).plain) if span.kind == kind]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("垃圾车绕滨河路走", ["滨河路"]),
        ("你上西闸口看看", ["西闸口"]),
        ("上卫生院拿药没人", ["卫生院"]),
        ("烟都进了敬老院", ["敬老院"]),
        ("俺搁信用社柜台边等", ["信用社柜台边"]),
        ("他躲到变电房后面", ["变电房后面"]),
        ("我们上坝村没水", ["上坝村"]),
        ("从邮局到菜市场，全挖开了", ["邮局", "菜市场"]),
        ("码头到祠堂的路烂了", ["码头", "祠堂"]),
        ("团结村二组到小学这段路没法走", ["团结村二组", "小学"]),
        ("二组菜园里啄了一片", ["二组菜园"]),
        ("前进路东头没灯", ["前进路东头"]),
        ("送到颐和山庄19幢", ["颐和山庄19幢"]),
        ("把车停在马路上", ["马路上"]),
    ],
)
def test_what_stands_before_a_place(text: str, places: list[str]) -> None:
    assert found(text, "place") == places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("石桥西堍的路灯坏了", ["石桥西堍"]),
        ("建设路那一溜都是油烟", ["建设路那一溜"]),
        ("服装厂后身的化粪池满了", ["服装厂后身"]),
        ("马家堡那块的厕所没水", ["马家堡那块的厕所"]),
        ("水文站桥往下游一点有死鱼", ["水文站桥往下游一点"]),
        ("五号电梯厅出来右手边漏水", ["五号电梯厅出来右手边"]),
        ("东河湾那片芦苇荡谁管", ["东河湾那片芦苇荡"]),
        ("水文站台阶塌了", ["水文站台阶"]),
        ("解放小区乙5楼甲门灯不亮", ["解放小区乙5楼甲门"]),
        ("海棠居5座12楼走火通道塞满", ["海棠居5座12楼走火通道"]),
        ("地面充电区6号桩坏了", ["地面充电区6号桩"]),
        ("地库没灯，B2层更黑", ["地库", "B2层"]),
        ("锦华里东院发黄，西院没事", ["锦华里东院", "西院"]),
        ("瑞和嘉园物业收钱不开票", ["瑞和嘉园"]),
        ("301的小张天天抽烟", ["301"]),
    ],
)
def test_what_stands_behind_a_place(text: str, places: list[str]) -> None:
    assert found(text, "place") == places


@pytest.mark.parametrize(
    ("text", "places", "persons"),
    [
        ("小徐修车铺旁边堆轮胎", ["小徐修车铺旁边"], []),
        ("新村路老王烧饼店油烟大", ["新村路老王烧饼店"], []),
        ("阿芳士多门口有老鼠", ["阿芳士多门口"], []),
        ("祥叔嘅士多门口有水", ["士多门口"], ["祥叔"]),
        ("王师傅到店里来了", [], ["王师傅"]),
    ],
)
def test_shops_called_after_a_person(text: str, places: list[str], persons: list[str]) -> None:
    assert (found(text, "place"), found(text, "person")) == (places, persons)


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("19900001111，计小红，申请车位", ["计小红"]),
        ("卢翠花，身份证号320102195001011234", ["卢翠花"]),
        ("本人江河，男，1968年生", ["江河"]),
        ("胡敏、胡捷兄妹俩户口没迁", ["胡敏", "胡捷"]),
        ("马文和马武争地", ["马文", "马武"]),
        ("林sir，有人打交", ["林sir"]),
        ("搵霍太", ["霍太"]),
        ("石板街卖凉茶嘅珍姨", ["珍姨"]),
        ("欧叔唔见车，细文话见过", ["欧叔", "细文"]),
        ("阿六头在摆摊", ["阿六头"]),
        ("搞团购的婷婷不发货", ["婷婷"]),
        ("小宁去叫车了", ["小宁"]),
        ("楼长老费说没锁", ["老费"]),
        ("表扬小刘同志", ["小刘同志"]),
        ("谢谢小高同志", ["小高同志"]),
        ("我是租户Kevin，网断了", ["Kevin"]),
        ("树压着孙福贵家的线", ["孙福贵"]),
        ("物业平经理收钱", ["平经理"]),
        ("我魏淑珍，83岁", ["魏淑珍"]),
    ],
)
def test_names_beside_numbers_titles_and_roles(text: str, persons: list[str]) -> None:
    assert found(text, "person") == persons


@pytest.mark.parametrize(
    "text",
    [
        "过马路要看灯",
        "26路早就改线了",
        "漏到我车顶上",
        "王婆卖瓜自卖自夸",
        "陈皮泡水治咳嗽",
        "他在外面开了个修表摊",
        "熊太可怜了",
        "戴仔帽子吃饭",
        "退费专员骗钱",
        "健康管家不来",
        "快递进村要加钱",
        "过山车停在顶上",
    ],
)
def test_what_only_sounds_like_a_place_or_a_name(text: str) -> None:
    assert (found(text, "place"), found(text, "person")) == ([], [])
