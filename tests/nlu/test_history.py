"""Knows what a town's own history is good for: fold by fold, or as training data, masked and in our labels."""

from __future__ import annotations

import csv
import json
import random
import sys
from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.corpus import read_corpus
from nlu.history import history_of, write_history
from nlu.measuring.rasa_folds import rasa_folds
from nlu.measuring.splitting import fold_of
from nlu.measuring.tables import Row
from nlu.model import load_or_none
from nlu.rasa.files import LOCK
from nlu.town import read_duties
from nlu.training_folds import cross_validated
from nlu.understanding import LABELS
from nlu.usage import UsageError

THINGS = {
    "市政": ("路灯", "井盖", "护栏", "路面"),
    "环卫": ("垃圾", "污水", "落叶", "臭味"),
    "物业": ("门禁", "电梯", "物业费", "保安"),
}
STATES = ("坏了没人修", "好几天了", "请尽快处理", "到底谁管", "天天都这样", "反映多次", "谁来看一下", "影响出行")
PLACES = ("东门", "西门", "三期", "北区")
MORE = """nlu:
- intent: emergency
  metadata: {writer: a, type: fire, register: chat}
  examples: |
    - 着火了
    - 冒烟了
    - 烧起来了
- intent: greeting
  metadata: {writer: a, register: chat}
  examples: |
    - 你好
    - 谢谢
    - 早上好
- intent: human_handoff
  metadata: {writer: a, register: chat}
  examples: |
    - 转人工
    - 找个人
    - 要人工
"""


def rows() -> list[tuple[str, str]]:
    return [
        (f"{place}{thing}{state}", label)
        for label, things in THINGS.items()
        for thing in things
        for state in STATES
        for place in PLACES
    ]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.csv"
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([["内容", "分类"], *rows(), ["", "市政"], ["只有一条的类别", "其他"]])
    return path


COLUMNS = ["--text-col", "内容", "--label-col", "分类"]


def quiet(verb: str, done: int, whole: int) -> None:
    assert done < whole, verb


def test_a_history_with_its_own_labels(history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["cross-validate", str(history), "--folds", "3", "--out", str(tmp_path / "out"), *COLUMNS]
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "embedded: 385 sentences" in told.out
    assert "skipped: no text" in told.err
    assert "其他 (1)" in told.err
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["accuracy"] > 0.95
    assert report["labels"]["其他"]["recall"] == 0.0
    assert report["skipped"][0][1] == "no text"
    assert (tmp_path / "out" / "confusion.svg").is_file()
    assert (tmp_path / "out" / "report.md").is_file()


def test_nothing_is_learnt_from_labels_that_mean_nothing() -> None:
    """The same words on both sides of a fold would show as accuracy."""
    texts = [text for text, _ in rows()]
    labels = random.Random(0).choices(["a", "b"], k=len(texts))
    heard = cross_validated(texts * 2, labels * 2, 4, quiet)
    right = sum(label == said for (label, _), said in zip(heard, labels * 2, strict=True)) / len(heard)
    assert 0.35 < right < 0.65


def test_the_same_words_are_in_one_fold() -> None:
    texts = ["路灯坏了", "路灯坏了", "电梯坏了", "门坏了"] * 3
    folds = fold_of(texts, list("aabb") * 3, 2)
    assert len({(text, fold) for text, fold in zip(texts, folds, strict=True)}) == 3
    assert set(folds) == {0, 1}


@pytest.mark.parametrize("folds", [2, 3, 4])
def test_no_fold_is_empty_however_few_the_rows(folds: int) -> None:
    texts, labels = ["灯", "灯", "门", "井", "水"], ["a", "b", "b", "c", "c"]
    assert set(fold_of(texts, labels, folds)) == set(range(folds))
    heard = cross_validated(texts[:folds] + texts[-1:], labels[:folds] + labels[-1:], 2, quiet)
    assert len(heard) == folds + 1


@pytest.mark.parametrize("extra", [["--folds", "1"], ["--label-col", "内容", "--folds", "900"]])
def test_says_why_not(history: Path, extra: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cross-validate", str(history), *COLUMNS, *extra]) == 2
    assert "two folds" in capsys.readouterr().err


def test_rows_become_masked_sentences_in_our_labels() -> None:
    given = [
        Row(2, "路灯坏了，电话13800000000，\n [急](x) {很}", "市政"),
        Row(3, "- 路灯坏了", "市政"),
        Row(4, "路灯坏了", "市政"),
        Row(5, "着火了", "emergency"),
        Row(6, "你好", "闲聊"),
        Row(7, "嗯", "市政"),
    ]
    found = history_of(given, {"市政": "public_facilities"})
    assert found.sentences == {
        "emergency": ["着火了"],
        "public_facilities": ["路灯坏了，电话〔电话〕， 〔急〕（x） （很）", "路灯坏了"],
    }
    assert found.unmapped == {"闲聊": 1}
    assert found.count == 3


def test_a_label_is_taken_evenly_and_not_without_end() -> None:
    given = [Row(at, f"第{at}个路灯坏了", "a") for at in range(1000)]
    sentences = history_of(given, {"a": "public_facilities"}, most=300).sentences["public_facilities"]
    assert 150 <= len(sentences) <= 300
    assert sentences[-1].startswith("第9")


def test_only_our_labels_can_be_meant() -> None:
    with pytest.raises(UsageError, match="lamps"):
        history_of([], {"市政": "lamps"})
    with pytest.raises(UsageError, match="mapping"):
        write_history(history_of([Row(2, "路灯", "市政")], {}), Path())


def test_a_history_is_learnt_from_and_forgotten(
    history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, models = tmp_path / "data", tmp_path / "models"
    data.mkdir()
    (data / "all.yml").write_text(MORE, encoding="utf-8")
    mapping = tmp_path / "map.yml"
    mapping.write_text("市政: public_facilities\n环卫: sanitation_environment\n", encoding="utf-8")
    where = ["train", "--data", str(data), "--out", str(models)]
    assert main([*where, "--history", str(history), "--mapping", str(mapping), *COLUMNS]) == 0
    told = capsys.readouterr()
    assert "物业 (128), 其他 (1)" in told.err
    assert "256 sentences of your history" in told.out
    taken = [one for one in read_corpus(data).sentences if one.writer == "history"]
    assert {one.label for one in taken} == {"public_facilities", "sanitation_environment"}
    model = load_or_none(data, models)
    assert model is not None
    assert "sanitation_environment" in model.facts.label_names
    assert main([*where, "--forget-history"]) == 0
    assert {one.label for one in read_corpus(data).sentences} == {"emergency", "greeting", "human_handoff"}


def test_the_mapping_may_stand_in_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yml"
    path.write_text("history_labels: {市政: public_facilities}\nthresholds: {default: 0.5}\n", encoding="utf-8")
    duties = read_duties(path)
    assert duties.history_labels == {"市政": "public_facilities"}
    assert duties.caution.enough("petition") == 0.5
    assert set(duties.history_labels.values()) <= set(LABELS)


FAKE = {
    "rasa/__init__.py": "",
    "rasa/core/__init__.py": "",
    "rasa/model_training.py": """
def train_nlu(config, data, out, fixed_model_name):
    assert config.endswith(".yml") and fixed_model_name
    return data
""",
    "rasa/core/agent.py": """
import yaml

class Agent:
    @classmethod
    def load(cls, path):
        agent = cls()
        agent.known = yaml.safe_load(open(path, encoding="utf-8"))["nlu"]
        return agent

    async def parse_message(self, text):
        assert not text.lstrip().startswith("/")
        if not text:
            return {"text": "", "intent": {"name": None, "confidence": 0.0}}  # as Rasa does
        likeness = lambda block: sum(word in block["examples"] for word in (text[i:i + 2] for i in range(len(text))))
        best = max(self.known, key=likeness)["intent"]
        return {"intent_ranking": [{"name": "nlu_fallback", "confidence": 0.4}, {"name": best, "confidence": 0.9}]}
""",
}


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An environment of Rasa's in which Rasa is a few lines that compare pairs of characters."""
    folder = tmp_path / "rasa env"
    for name, text in FAKE.items():
        path = folder / "packages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    python = folder / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nPYTHONPATH="{folder}/packages" exec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (folder / "lock.txt").write_bytes(LOCK.read_bytes())
    return folder


def test_rasa_learns_and_hears_the_same_folds(environment: Path) -> None:
    texts, labels = zip(*rows(), strict=True)
    more = {"/重启": "环卫", "/ /垃圾": "环卫", "……": "市政"}
    heard = rasa_folds((*texts, *more), (*labels, *more.values()), 2, quiet, environment)
    right = sum(label == said for (label, _), said in zip(heard, (*labels, *more.values()), strict=True)) / len(heard)
    assert right > 0.5
    assert {sure for _, sure in heard[:-1]} == {0.9}
    assert heard[-1] == ("", 0.0), "without a word nothing is asked of Rasa"


def test_rasa_that_cannot_learn_says_why(environment: Path) -> None:
    (environment / "packages/rasa/model_training.py").write_text("raise MemoryError('too little')", encoding="utf-8")
    with pytest.raises(UsageError, match="too little"):
        rasa_folds(["a", "b"], ["x", "y"], 2, quiet, environment)


def test_rasa_without_an_environment_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="make rasa"):
        rasa_folds(["a", "b"], ["x", "y"], 2, quiet, tmp_path)
