"""Knows what the whole ear promises: labels, dangers, bubbles, places and an answer to any text whatever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.ear import EmbeddedEar
from nlu.places import Gazetteer
from nlu.understanding import EMERGENCY_TYPES, LABELS, Understanding


def hear(ear: EmbeddedEar, text: str) -> Understanding:
    return ear.understand([(text, "")])[0].alone


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我家新来了个租客，帮忙登记", "info_registration"),
        ("建议小区里多放几张长椅", "public_opinion"),
        ("楼道里有人飞线给电动车充电", "safety_hazard"),
        ("隔壁天天半夜弹琴，说了不听，来调解下", "dispute_mediation"),
        ("我的电动车昨晚被偷了", "public_security"),
        ("垃圾桶满了没人收，臭得很", "sanitation_environment"),
        ("有人在人行道上摆摊，路都走不了", "urban_order"),
        ("路燈壞咗三日，冇人整", "public_facilities"),
        ("隔壁独居老人腿脚不便，想请人去看看", "special_care"),
        ("居住证怎么办，要带什么材料", "service_agency"),
        ("公司不给加班费，法律怎么规定", "legal_policy"),
        ("我们几十户约好明天去市政府门口拉横幅", "petition"),
        ("志愿者还招人吗，我周末有空", "volunteer_coengagement"),
        ("你好", "greeting"),
        ("A0115到哪一步了", "case_status"),
        ("修得不错，五星好评", "rate_feedback"),
        ("转人工", "human_handoff"),
        ("加我微信，带你炒股稳赚不赔", "out_of_scope"),
        ("着火了", "emergency"),
    ],
)
def test_labels(ear: EmbeddedEar, text: str, label: str) -> None:
    assert hear(ear, text).label == label


@pytest.mark.parametrize(
    ("text", "kind"), [("救命", "medical"), ("着火", "fire"), ("電梯困人", "trapped"), ("我不想活了", "self_harm")]
)
def test_dangers(ear: EmbeddedEar, text: str, kind: str) -> None:
    heard = hear(ear, text)
    assert (heard.label, heard.emergency_type) == ("emergency", kind)
    assert heard.confidence >= 0.5


def test_danger_at_the_end_of_a_long_letter(ear: EmbeddedEar) -> None:
    assert hear(ear, "我想反映一下小区的情况。" * 300 + "现在楼下着火了，快来").label == "emergency"


@pytest.mark.parametrize("length", [1_900, 2_100, 9_000])
@pytest.mark.parametrize("text", ["社区明天组织消防演练，模拟三楼着火了，大家不要惊慌。", "如果家里着火了怎么办？"])
def test_what_is_only_spoken_of_stays_so_however_long_the_letter(ear: EmbeddedEar, text: str, length: int) -> None:
    filled = (text + "今天天气不错，我们一起学习文件精神。" * length)[:length]
    heard = hear(ear, filled)
    assert (heard.hypothetical, heard.label == "emergency") == (True, False)


@pytest.mark.parametrize("length", [1_900, 2_100])
def test_what_hints_at_danger_does_so_however_long_the_letter(ear: EmbeddedEar, length: int) -> None:
    hint = "在水泥厂做工砸断脚。"
    assert hear(ear, (hint + "今天天气不错，我们一起学习文件精神。" * length)[:length]).fired


@pytest.mark.parametrize(
    ("text", "fired"),
    [
        ("着火了", ("着火",)),
        ("我想反映一下小区的情况。" * 300 + "楼下着火了", ("着火",)),
        ("路灯坏了", ()),
        ("你好", ()),
    ],
)
def test_it_tells_which_words_fired_to_who_asks_for_them_only(
    ear: EmbeddedEar, text: str, fired: tuple[str, ...]
) -> None:
    heard = hear(ear, text)
    assert heard.fired == fired
    assert "fired" not in repr(heard)


@pytest.mark.parametrize("text", ["如果家里着火怎么办", "上次演习有人喊着火了", "梦见房子着火了"])
def test_danger_only_spoken_of(ear: EmbeddedEar, text: str) -> None:
    heard = hear(ear, text)
    assert heard.label != "emergency"
    assert heard.emergency_type == "none"
    assert heard.hypothetical


def test_bubbles_are_understood_alone_and_together(ear: EmbeddedEar) -> None:
    heard = ear.understand([("在3号楼门口", "路灯坏了"), ("你好", "")])
    assert heard[0].joined is not None
    assert heard[0].joined.text == "路灯坏了，在3号楼门口"
    assert heard[0].joined.label == "public_facilities"
    assert heard[0].alone.text == "在3号楼门口"
    assert heard[1].joined is None


def test_where_and_who(ear: EmbeddedEar) -> None:
    heard = hear(ear, "健仁小區三號樓2單元501漏水，張阿姨電話13900001234，昨晚十點開始")
    assert heard.script == "hant"
    assert heard.slot("phone") == ("13900001234",)
    assert heard.slot("person") == ("張阿姨",)
    assert heard.slot("time") == ("昨晚十點",)
    assert heard.places[0].units == ("jr-2",)
    assert heard.places[0].room == "2单元501"
    assert {"pii_self", "pii_third_party"} <= heard.flags
    assert "no_location" not in heard.flags


def test_items_and_demand(ear: EmbeddedEar) -> None:
    heard = hear(ear, "楼道里有人飞线充电")
    assert (heard.item, heard.demand) == ("ebike", "report")


@pytest.mark.parametrize(
    ("text", "vulnerable"),
    [("电梯停了，八十岁老人下不了楼", True), ("八十岁老人高龄补贴怎么申请", False), ("路灯坏了", False)],
)
def test_who_is_affected(ear: EmbeddedEar, text: str, vulnerable: bool) -> None:
    assert ("vulnerable" in hear(ear, text).flags) is vulnerable


@pytest.mark.parametrize("text", ["", "   ", "😤😤", "？？？", "\u200b", "\n\n", "❤️👍🏻"])
def test_wordless_messages_are_greetings(ear: EmbeddedEar, text: str) -> None:
    heard = hear(ear, text)
    assert (heard.label, heard.text) == ("greeting", text)


@pytest.mark.parametrize("text", ["路" * 100_000, "1" * 5000, "\x00\ud800", "a\u0301" * 3000, "（" * 3000, "3-" * 3000])
def test_enormous_and_odd_texts(ear: EmbeddedEar, text: str) -> None:
    assert hear(ear, text).label in LABELS


@settings(max_examples=150)
@given(text=st.text(), earlier=st.text(max_size=40))
def test_never_raises_and_points_into_the_text(ear: EmbeddedEar, text: str, earlier: str) -> None:
    heard = ear.understand([(text, earlier)])[0]
    for one in (heard.alone, *((heard.joined,) if heard.joined else ())):
        assert one.label in LABELS
        assert one.emergency_type in EMERGENCY_TYPES
        assert (one.emergency_type != "none") == (one.label == "emergency")
        assert 0 <= one.runner_up_confidence <= 1
        assert 0 <= one.confidence <= 1
        assert all(one.text[span.start : span.end] == span.text for span in one.spans)
        assert all(place.text in one.text for place in one.places)


def test_a_batch_is_its_messages(ear: EmbeddedEar) -> None:
    texts = [("路灯坏了", ""), ("着火了", "路灯坏了"), ("", ""), ("你好", "")]
    assert ear.understand(texts) == [ear.understand([one])[0] for one in texts]
    assert ear.understand([]) == []


def test_a_changed_town_takes_the_same_ear(ear: EmbeddedEar) -> None:
    """New places are heard at once; the old ear stays as it was, for whoever is still listening with it."""
    text = "新华小区5号楼的路灯不亮"
    moved = ear.with_places(Gazetteer.from_entries([("new-1", ["新华小区"])], {}))
    before, after = (one.understand([(text, "")])[0].alone for one in (ear, moved))
    assert (before.places[0].units, after.places[0].units) == (("xh-1",), ("new-1",))
    assert replace(after, places=before.places) == before
    assert {name for name, part in vars(moved).items() if part is not vars(ear)[name]} == {"_gazetteer"}


def test_who_is_told_to_stop_does_not_finish_warming(ear: EmbeddedEar) -> None:
    """`enough` is asked between two steps, and nothing is done after a yes."""
    asked: list[int] = []

    def enough() -> bool:
        asked.append(len(asked))
        return len(asked) == 3

    ear.warm(enough=enough)
    assert asked == [0, 1, 2]
