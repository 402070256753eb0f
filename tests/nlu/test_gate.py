"""Knows what the gate must hear, in whatever words, and what must not ring the bell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.audit import unsure_rules
from nlu.corpus import read_corpus
from nlu.gate import Gate
from nlu.needed import needed
from nlu.reading import Reader
from nlu.understanding import EMERGENCY_TYPES
from nlu.wordlists import WordLists

GATE = Gate()
READER = Reader()

EMERGENCIES = [
    ("fire", "着火了"),
    ("fire", "著火喇"),
    ("fire", "救火啊 三楼烧起来了"),
    ("fire", "小区门口那辆面包车着火了"),
    ("fire", "屋頂冒煙，好大"),
    ("fire", "电动车充着充着就烧起来了"),
    ("fire", "我妈炒菜引燃了油烟机"),
    ("fire", "火烛呀"),
    ("fire", "火锅店着火了"),
    ("gas", "一进门就闻到煤气味，头晕"),
    ("gas", "石油氣樽漏氣"),
    ("gas", "施工的挖断了燃气管"),
    ("gas", "燃气报警器一直在响"),
    ("trapped", "我被关在电梯里了"),
    ("trapped", "電梯困咗個阿婆"),
    ("trapped", "有人掉到窨井里"),
    ("trapped", "孩子的头卡在栏杆里拔不出来"),
    ("trapped", "脚手架塌了，底下压着人"),
    ("medical", "救命"),
    ("medical", "我爸晕倒了，怎么叫都不醒"),
    ("medical", "阿婆暈低咗喺街市"),
    ("medical", "俺大爷喝了农药"),
    ("medical", "敲我奶奶家门没人应，她有心脏病"),
    ("medical", "独居的张大爷三天没见人，电话也不接"),
    ("medical", "羊水破了"),
    ("medical", "爷爷嘴角歪了，说话不清楚"),
    ("police", "有人拿刀在楼下追人"),
    ("police", "楼下有人斩人"),
    ("police", "刚把五万转给“公安”，好像被骗了"),
    ("police", "有个男的一直跟着我到单元门口"),
    ("police", "我家门正在被人撬，快来"),
    ("missing", "孩子放学没到家，老师说早走了"),
    ("missing", "爷爷有老年痴呆，早上出去到现在没回来"),
    ("missing", "個仔唔見咗，喺商場搵極都搵唔到"),
    ("missing", "在市场跟小孙子走散了"),
    ("disaster", "水已经漫到床沿了"),
    ("disaster", "后山滑坡，房子被埋了半边"),
    ("disaster", "地震了，房子在晃"),
    ("dv", "我老公又打我，我躲在厕所"),
    ("dv", "佢飲醉又打我"),
    ("dv", "我男人拿烟头烫我"),
    ("dv", "楼上男的往死里打老婆，惨叫"),
    ("self_harm", "我不想活了"),
    ("self_harm", "有人站在楼顶要跳"),
    ("self_harm", "我唔想做人喇"),
    ("self_harm", "她吞了一瓶安眠药"),
    ("minor", "隔壁天天打孩子，哭得好惨"),
    ("minor", "有人在垃圾桶旁边扔了个婴儿"),
    ("minor", "後媽不給孩子吃飯，瘦得皮包骨"),
]
HARMLESS = [
    "如果家里着火应该先跑还是先打电话",
    "消防演习是几号",
    "楼道堆满纸箱，我怕哪天着火",
    "前年楼下着过火，电线到现在没换",
    "昨晚三楼着火，消防来过，已经扑灭了",
    "新开的店生意火爆",
    "烧烤摊的油烟天天往我家飘",
    "煤气软管老化了，什么时候来换",
    "燃气灶打不着火",
    "停气三天了",
    "电梯停了，里面没人",
    "电梯老是困人，能不能换一部",
    "上次电梯困人的事处理了吗",
    "笑死我了",
    "累死了，先睡了",
    "作业太多了救命啊",
    "救命恩人，送锦旗",
    "广场舞吵得我心脏病都要犯了",
    "井盖没了，差点掉下去",
    "怕瓷砖掉下来砸到人",
    "高空抛物砸到人要负什么责任",
    "急救培训还能报名吗",
    "办残疾证，我爸中风后遗症",
    "电视剧里杀人那段太吓人",
    "梦见着火是什么意思",
    "昨晚有人打架，警察来过，已经散了",
    "我电动车被偷了",
    "接到冒充客服的电话，我没上当",
    "对门在打麻将，吵得睡不着",
    "小猫卡在树上下不来",
    "快递找不到了",
    "老人走失手环在哪里申请",
    "老板拖欠工资，人也找不到",
    "楼上漏水把我家地板淹了，不肯赔",
    "一下雨路口就积水",
    "家暴怎么申请保护令",
    "想问问离婚怎么办手续",
    "跳楼价清仓，最后三天",
    "想死你们了，好久没来",
    "店快撑不下去了，有没有贷款政策",
    "孩子打疫苗要带什么",
    "孩子没人辅导作业",
    "路灯壞咗，夜晚好黑",
    "谢谢你们，老人找到了，五星",
]


def verdict(text: str) -> tuple[str, ...]:
    return GATE.judge(READER.read(text).speech).types


@pytest.mark.parametrize(("kind", "text"), EMERGENCIES)
def test_hears_danger(kind: str, text: str) -> None:
    assert kind in verdict(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_stays_quiet(text: str) -> None:
    assert verdict(text) == ()


@pytest.mark.parametrize(
    "text", ["如果家里着火应该先跑还是先打电话", "演习时谁喊着火了", "梦见着火是什么意思", "电影里有人跳楼那段"]
)
def test_says_when_danger_is_only_spoken_of(text: str) -> None:
    assert GATE.judge(READER.read(text).speech).hypothetical


def test_what_goes_on_lifts_what_is_past() -> None:
    assert verdict("昨天着火灭了，现在又冒烟了，楼道里全是烟") == ("fire",)


def test_a_rule_that_was_often_wrong_is_only_a_hint() -> None:
    """The audit finds it by what it decides alone; every other rule goes on deciding."""
    joke, danger = ("这价格也太救命了吧", "out_of_scope"), ("救命", "emergency")
    deciding = GATE.deciding(READER.read(danger[0]).speech)
    assert deciding
    assert unsure_rules([danger] * 3, READER) == ()
    careful = Gate(frozenset(deciding))
    cry = READER.read("楼下一直有个人在那里大声喊救命").speech
    assert "medical" in GATE.judge(cry).types
    assert "medical" in careful.judge(cry).hints
    assert careful.judge("救命").types == ("medical",)  # nothing else is said
    assert "trapped" in careful.judge("我被关在电梯里了").types
    heard = GATE.deciding(READER.read(joke[0]).speech)
    assert set(unsure_rules([joke, danger], READER)) == heard


def test_types_are_those_of_the_guide() -> None:
    found = {kind for _, text in EMERGENCIES for kind in verdict(text)}
    assert found == set(EMERGENCY_TYPES) - {"none"}


@given(st.text() | st.text(alphabet="着火了如果救命电梯困人打我老公不想活昨天，。！ 煤气味"))
def test_never_raises(text: str) -> None:
    GATE.judge(READER.read(text).speech)


class _Everything(WordLists):
    def shortlist(self, expressions: Sequence[str]) -> range:
        """All are called for by every text, since nothing is required of it."""
        return super().shortlist(["x*"] * len(expressions))


def test_the_shortlist_leaves_nothing_out() -> None:
    """Rules are tried only where a text has their characters: that must never change a verdict."""
    every = Gate(lists=_Everything())
    speeches = [READER.read(text).speech for text in read_corpus().texts[::3]]
    assert [every.judge(speech) for speech in speeches] == [GATE.judge(speech) for speech in speeches]


@pytest.mark.parametrize(
    ("expression", "ways"),
    [
        ("着火", ["着火"]),
        ("着火|救命", ["着火/救命"]),
        ("(?:着|起)火", ["着火/起火"]),
        ("着?火", ["着火/火"]),
        ("起?着火", ["着火"]),
        ("[起着]火", ["着火/起火"]),
        ("[^a]火", ["火"]),
        ("(?<!发)火(?!锅)灾", ["火灾"]),
        ("烟.{0,3}窜|火苗", ["烟 窜", "火苗"]),
        ("浓(?:烟.{0,3}窜|雾)", ["浓烟 窜", "浓雾"]),
        ("救(?:火.?|人.?)啊?", ["救火", "救人"]),
        ("(?:火光|浓烟){2}", ["火光/浓烟"]),
        (".*", [""]),
        ("火|.", ["火", ""]),
    ],
)
def test_needed_pieces(expression: str, ways: list[str]) -> None:
    """Each way to match, with what each of its sets must hold one of."""
    wanted = [{frozenset(one.split("/")) for one in way.split()} for way in ways]
    assert [set(sets) for sets in needed(expression)] == wanted
