"""Knows what is wanted, which item is meant and what else a message shows, by example."""

from __future__ import annotations

import pytest

from nlu.demand import Demands, Flags, Items
from nlu.reading import Reader
from tests.nlu.conftest import CUES

READER = Reader()
DEMANDS = Demands()
ITEMS = Items(CUES, READER)
FLAGS = Flags()


@pytest.mark.parametrize(
    ("label", "text", "demand"),
    [
        ("public_facilities", "路灯坏了找谁", "report"),
        ("public_facilities", "充电桩怎么收费", "consult"),
        ("public_facilities", "能不能加装一盏路灯", "suggest"),
        ("sanitation_environment", "垃圾没人收，臭死了", "complain"),
        ("sanitation_environment", "大件垃圾几点清运", "consult"),
        ("service_agency", "居住证要什么材料", "consult"),
        ("service_agency", "幫我媽辦高齡津貼", "help"),
        ("legal_policy", "养狗有什么规定", "consult"),
        ("dispute_mediation", "楼上漏水不赔，来调解一下", "help"),
        ("special_care", "隔壁老人没人照顾", "help"),
        ("info_registration", "我家添了个孩子，登记一下", "report"),
        ("public_opinion", "建议多办几场活动", "suggest"),
        ("public_opinion", "窗口的人态度太差", "complain"),
        ("emergency", "着火了", "help"),
        ("an unknown label", "什么", "report"),
    ],
)
def test_demands(label: str, text: str, demand: str) -> None:
    assert DEMANDS.of(READER.read(text).speech, label) == demand


@pytest.mark.parametrize(
    ("label", "kind", "text", "item"),
    [
        ("safety_hazard", "none", "有人飛線充電", "ebike"),
        ("safety_hazard", "none", "消防通道堵了，还有人充电", "exit"),  # the longest words win
        ("safety_hazard", "none", "电线老化", ""),
        ("public_facilities", "none", "部𨋢停咗", "lift"),  # 𨋢 is the lift in standard speech
        ("emergency", "medical", "着火了", "medical"),  # an emergency takes the item of its type
        ("emergency", "gas", "着火", "fire"),  # unless the catalogue has none of that name
        ("petition", "none", "一起去市里", "petition"),
        ("greeting", "none", "你好", ""),
    ],
)
def test_items(label: str, kind: str, text: str, item: str) -> None:
    assert ITEMS.of(READER.read(text), label, kind) == item


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("独居老人没人管", "vulnerable"),
        ("不解决我就砍人", "threat"),
        ("我要匿名举报", "anonymous"),
        ("我要匿名举报", "informant"),
        ("办事员爱理不理", "staff_complaint"),
        ("反映过三次了", "repeat"),
        ("半夜还在施工", "night"),
        ("保险公司不赔，要证明", "insurance_claim"),
        ("我们公司想招工", "enterprise"),
    ],
)
def test_flags(text: str, flag: str) -> None:
    reading = READER.read(text)
    assert flag in FLAGS.of(reading.speech)


def test_no_flags_for_nothing() -> None:
    assert FLAGS.of("路灯坏了") == frozenset()
