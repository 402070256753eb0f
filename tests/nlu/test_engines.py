"""Knows what every engine promises: the embedded one, a Rasa server that behaves strictly, and the real one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlu.ear import EmbeddedEar
from nlu.features import Featuriser
from nlu.model import Model
from nlu.places import Gazetteer
from nlu.rasa.client import RasaClient
from nlu.rasa.scorer import RasaScorer
from nlu.reading import Reader
from nlu.scoring import OwnScorer
from nlu.understanding import EMERGENCY_TYPES, LABELS, Understanding
from tests.fakes.rasa import TOKEN, Shares, rasa_server
from tests.nlu.conftest import CUES
from tests.rasa import PATIENCE, real_server


@dataclass(frozen=True)
class Engine:
    """An ear, and the scorer of the other engine where it has one."""

    ear: EmbeddedEar
    scorer: RasaScorer | None = None

    def hear(self, text: str) -> Understanding:
        return self.ear.understand([(text, "")])[0].alone


@pytest.fixture(scope="module", params=["embedded", "strict rasa", "real rasa"])
def engine(request: pytest.FixtureRequest, model: Model, gazetteer: Gazetteer) -> Iterator[Engine]:
    own = EmbeddedEar(model, gazetteer, CUES)
    if request.param == "embedded":
        yield Engine(own)
    elif request.param == "real rasa":
        with real_server() as client:
            yield asked(own, client, model)
    else:
        with rasa_server(lambda text: shares(model, text)) as fake:
            client = RasaClient(fake.url, TOKEN, PATIENCE)
            yield asked(own, client, model)
            client.close()
            assert fake.refused == []


def asked(own: EmbeddedEar, client: RasaClient, model: Model) -> Engine:
    scorer = RasaScorer(client, OwnScorer(model))
    return Engine(own.with_scorer(scorer), scorer)


def shares(model: Model, text: str) -> Shares:
    """The strict server knows what the embedded model knows."""
    found = model.scores([Featuriser().features(Reader().read(text).speech)])[0]
    known = {found.runner_up: found.runner_up_confidence, found.label: found.confidence}
    return {"emergency": found.emergency} | known


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("新租客三个人，麻烦登记一下信息", "info_registration"),
        ("建议小区里多装几个休息的椅子", "public_opinion"),
        ("有人把电动车推进楼道飞线充电", "safety_hazard"),
        ("邻居天天半夜吵架，请社区来调解一下", "dispute_mediation"),
        ("昨晚我停在楼下的电动车被偷了", "public_security"),
        ("垃圾桶满了好几天没人清，臭死了", "sanitation_environment"),
        ("摆摊的占了人行道，路都走不了", "urban_order"),
        ("小区门口的路灯坏了好几天", "public_facilities"),
        ("独居老人没人照顾，想请你们上门看看", "special_care"),
        ("居住证怎么办理，需要什么材料", "service_agency"),
        ("公司拖欠加班费，法律是怎么规定的", "legal_policy"),
        ("我们几十户约好了明天一起去市政府上访", "petition"),
        ("志愿者怎么报名，我周末有空", "volunteer_coengagement"),
        ("你好", "greeting"),
        ("A0115 处理到哪一步了", "case_status"),
        ("非常满意，五星好评", "rate_feedback"),
        ("转人工", "human_handoff"),
        ("加微信带你炒股，稳赚不赔", "out_of_scope"),
        ("家里着火了快来人", "emergency"),
    ],
)
def test_plain_sentences_of_every_label(engine: Engine, text: str, label: str) -> None:
    assert engine.hear(text).label == label


@pytest.mark.parametrize(
    ("text", "kind"),
    [("救命", "medical"), ("着火", "fire"), ("電梯困人", "trapped"), ("/着火了", "fire"), ("我不想活了", "self_harm"),
     ("我想反映一下小区的情况。" * 300 + "现在楼下着火了", "fire")],
)  # fmt: skip
def test_rules_of_danger_hold_with_any_engine(engine: Engine, text: str, kind: str) -> None:
    heard = engine.hear(text)
    assert (heard.label, heard.emergency_type) == ("emergency", kind)
    assert heard.confidence >= 0.9


@pytest.mark.parametrize("text", ["如果家里着火怎么办", "上次演习有人喊着火了", "梦见房子着火了"])
def test_danger_only_spoken_of(engine: Engine, text: str) -> None:
    heard = engine.hear(text)
    assert heard.label != "emergency"
    assert heard.hypothetical


def test_what_is_ours_is_the_same_with_any_engine(engine: Engine) -> None:
    heard = engine.hear("健仁小區三號樓2單元501的路燈壞了，張阿姨電話13900001234，昨晚十點開始")
    assert (heard.label, heard.item, heard.demand, heard.script) == ("public_facilities", "lamp", "report", "hant")
    assert (heard.slot("phone"), heard.slot("person")) == (("13900001234",), ("張阿姨",))
    assert heard.places[0].units == ("jr-2",)
    assert {"pii_self", "pii_third_party"} <= heard.flags


def test_bubbles_are_understood_alone_and_together(engine: Engine) -> None:
    heard = engine.ear.understand([("在3号楼门口", "路灯坏了"), ("你好", "")])
    assert heard[0].joined is not None
    assert (heard[0].joined.text, heard[0].joined.label) == ("路灯坏了，在3号楼门口", "public_facilities")
    assert (heard[1].alone.label, heard[1].joined) == ("greeting", None)


def test_a_batch_is_its_messages(engine: Engine) -> None:
    texts = [("路灯坏了", ""), ("着火了", "路灯坏了"), ("", ""), ("你好", "")] * 16
    alone = [engine.ear.understand([one])[0] for one in texts[:4]] * 16
    for one, other in zip(engine.ear.understand(texts), alone, strict=True):
        assert (one.alone.label, one.alone.runner_up) == (other.alone.label, other.alone.runner_up)
        assert one.alone.confidence == pytest.approx(other.alone.confidence, abs=1e-6)
    assert engine.ear.understand([]) == []


@pytest.mark.parametrize(
    "text",
    ["", "   ", "😤", "\u200b", "/", "路" * 100_000, "1" * 5000, "/路灯坏了", "/greet{}", "\x00\ud800",
     "a\u0301" * 3000, "（" * 3000, '{"text": 1}', "<b>你好</b>", "😀" * 10_000, "see you tomorrow"],
)  # fmt: skip
def test_odd_texts_are_answered(engine: Engine, text: str) -> None:
    heard = engine.hear(text)
    assert heard.text == text
    assert heard.label in LABELS


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.text(), earlier=st.text(max_size=40))
def test_any_text_is_answered(engine: Engine, text: str, earlier: str) -> None:
    heard = engine.ear.understand([(text, earlier)])[0]
    for one in (heard.alone, *((heard.joined,) if heard.joined else ())):
        assert {one.label, one.runner_up} <= set(LABELS)
        assert one.emergency_type in EMERGENCY_TYPES
        assert (one.emergency_type != "none") == (one.label == "emergency")
        assert 0 <= one.runner_up_confidence <= 1
        assert 0 <= one.confidence <= 1


def test_the_other_engine_was_asked_and_answered_everything(engine: Engine) -> None:
    """The last test of this module: nothing above was in truth understood by the embedded engine."""
    engine.hear("路灯坏了")
    if engine.scorer is not None:
        assert engine.scorer.facts()["rasa"] == "closed"
        assert (engine.scorer.left, engine.scorer.facts()["rasa_opened"]) == (0, 0)
