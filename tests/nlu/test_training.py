"""Knows what training promises: Rasa's YAML in, the same model out each time, plain arrays on disk, honest doubt."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from nlu import corpus, training
from nlu.features import Featuriser
from nlu.model import Model, load, load_or_none
from nlu.reading import Reader

SMALL = """version: "3.1"
nlu:
  - intent: public_facilities
    examples: |
      - [三号楼](building)路灯坏了
      - 路灯不亮
      - 楼道灯灭了
      - 灯泡坏了
      - 路灯闪
      - 声控灯没反应
  - intent: greeting
    examples:
      - text: 你好
      - text: 您好呀
      - text: 早上好
      - text: 谢谢
      - text: 晚安
      - text: 在吗
  - synonym: 三号楼
    examples: |
      - 3栋
"""
DANGER = """nlu:
- intent: emergency
  metadata: {writer: a, type: fire}
  examples: |
    - 着火了
    - 起火了
    - 冒烟了
- intent: emergency
  metadata: {writer: b, type: medical}
  examples:
  - text: 晕倒了
  - text: 流血了
  - text: 叫不醒
    metadata: {secondary: safety_hazard}
- intent: emergency
  metadata: {type: police}
  examples: |
    - 有人砍人
    - 打起来了
    - 抢劫了
"""
HARD = """nlu:
- intent: greeting
  metadata: {register: near}
  examples: |
    - 笑死我了
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name, text in {"intents.yml": SMALL, "types.yml": DANGER, "hard.yml": HARD, "empty.yml": ""}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def small(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return load(training.train(data, tmp_path_factory.mktemp("models")).folder)


def test_reads_rasa_data(data: Path) -> None:
    read = corpus.read_corpus(data)
    rows = dict(zip(read.texts, read.labels, strict=True))
    assert rows["三号楼路灯坏了"] == "public_facilities"  # entity marks are taken off
    assert rows["您好呀"] == "greeting"
    assert rows["笑死我了"] == "greeting"
    assert rows["着火了"] == "emergency"
    noted = {sentence.text: sentence for sentence in read.sentences}
    assert noted["晕倒了"] == corpus.Sentence("晕倒了", "emergency", "medical", writer="b")
    assert noted["叫不醒"] == corpus.Sentence("叫不醒", "emergency", "medical", "safety_hazard", "b")
    assert noted["笑死我了"].register == "near"
    assert "3栋" not in rows


def test_entity_marks_of_both_kinds(tmp_path: Path) -> None:
    marked = 'nlu:\n- intent: a\n  examples: |\n    - [张三]{"entity": "person"}在[3栋](building:3号楼)\n'
    (tmp_path / "a.yml").write_text(marked, encoding="utf-8")
    assert corpus.read_corpus(tmp_path).texts == ("张三在3栋",)


def test_same_data_same_model(data: Path, small: Model, tmp_path: Path) -> None:
    again = load(training.train(data, tmp_path).folder)
    assert again.facts == small.facts
    np.testing.assert_allclose(again.weights.columns, small.weights.columns, atol=1e-6)


def test_the_fingerprint_follows_the_data(data: Path, tmp_path: Path) -> None:
    before = corpus.fingerprint(data)
    assert before == corpus.fingerprint(data)
    assert before != corpus.fingerprint(tmp_path)


def test_no_model_before_training(data: Path, tmp_path: Path) -> None:
    assert load_or_none(data, tmp_path) is None
    report = training.train(data, tmp_path)
    assert load_or_none(data, tmp_path) is not None
    assert report.folder == tmp_path / corpus.fingerprint(data)
    assert any("sentences" in line for line in report.lines())


def test_plain_files_only(small: Model, tmp_path: Path) -> None:
    small.save(tmp_path / "m")
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == ["model.json", "weights.npz"]
    json.loads((tmp_path / "m" / "model.json").read_text(encoding="utf-8"))
    with np.load(tmp_path / "m" / "weights.npz", allow_pickle=False) as arrays:
        assert arrays["columns"].dtype == np.int8
    features = Featuriser().features("路灯坏了")
    again, once = load(tmp_path / "m").scores([features])[0], small.scores([features])[0]
    assert again.label == once.label
    assert again.confidence == pytest.approx(once.confidence, abs=1e-5)


def test_what_was_learnt(small: Model) -> None:
    featuriser, reader = Featuriser(), Reader()

    def label(text: str) -> str:
        return small.scores([featuriser.features(reader.read(text).speech)])[0].label

    assert label("楼道的灯又坏了") == "public_facilities"
    assert label("你好，谢谢") == "greeting"
    assert label("着火了") == "emergency"
    fainted = featuriser.features("晕倒了，叫不醒")
    assert small.emergency_types([(fainted, {}), (fainted, {"fire": 9.0})]) == ["medical", "fire"]


def test_probabilities(model: Model) -> None:
    featuriser, reader = Featuriser(), Reader()
    for text in ("路灯坏了", "", "龘靐齉爩", "abc" * 100, "居住证怎么办"):
        scores = model.scores([featuriser.features(reader.read(text).speech)])[0]
        assert 0 <= scores.runner_up_confidence <= scores.confidence <= 1
        assert scores.label != scores.runner_up
        assert 0 <= scores.emergency <= 1


@pytest.mark.parametrize("text", ["龘靐齉爩龘靐", "qzxv wjkp", "紫色的三角形比星期二更重"])
def test_strange_words_make_no_sure_duty(model: Model, text: str) -> None:
    scores = model.scores([Featuriser().features(Reader().read(text).speech)])[0]
    assert scores.confidence < 0.6 or scores.label in {"out_of_scope", "greeting"}


def test_case_numbers_look_alike() -> None:
    featuriser = Featuriser()
    assert featuriser.features("a0001好了没").bare == featuriser.features("b98765好了没").bare
    assert featuriser.features("3号楼") == featuriser.features("12号楼")
