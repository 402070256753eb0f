"""Knows what the command line promises: one JSON line a line, reports on disk, clear words when it cannot be done."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from nlu import model as ear_model
from nlu.__main__ import main
from nlu.measuring.figures import wilson
from nlu.model import Model
from nlu.town import read_duties, read_gazetteer
from tests.fakes.rasa import TOKEN, rasa_server
from tests.nlu.test_training import SMALL

CATALOGUE = """
duties:
  - key: repairs
    labels: [public_facilities]
    colour: green
    default_item: other
    items:
      - {key: lamp, words: [路灯]}
      - {key: lift, words: [电梯], colour: yellow}
      - {key: other, words: []}
  - {key: alarm, labels: [emergency, petition], colour: red, items: [{key: fire, words: [着火]}]}
"""
CONFIG = """
units:
  - {id: g, level: grid, places: [健仁小区1-8号楼]}
  - {id: m, level: micro, places: [健仁小区1-4号楼]}
gazetteer: {aliases: {健仁小区: [老健仁]}}
"""


@pytest.fixture
def town(tmp_path: Path) -> list[str]:
    (tmp_path / "catalogue.yml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return ["--catalogue", str(tmp_path / "catalogue.yml"), "--config", str(tmp_path / "config.yaml")]


def say(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.usefixtures("model")
def test_parse(town: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    say(monkeypatch, "健仁小区3号楼的路灯坏了\n着火了\n\n你好\n电梯停了，老人下不了楼\n")
    assert main(["parse", *town]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["text"] for line in lines] == [
        "健仁小区3号楼的路灯坏了",
        "着火了",
        "",
        "你好",
        "电梯停了，老人下不了楼",
    ]
    assert list(lines[0]) == ["text", "label", "duty", "item", "confidence", "runner_up", "clarify", "emergency_type",
                              "colour", "demand", "slots", "fired"]  # fmt: skip
    lamp, fire, nothing, hello, lift = lines
    assert (lamp["duty"], lamp["item"], lamp["colour"], lamp["clarify"]) == ("repairs", "lamp", "green", False)
    assert lamp["slots"]["place"] == ["健仁小区3号楼"]
    assert set(lamp["slots"]) == {"place", "phone", "id_card", "plate", "person", "time", "case"}
    assert (fire["label"], fire["emergency_type"], fire["item"], fire["colour"]) == ("emergency", "fire", "fire", "red")
    assert (fire["fired"], lamp["fired"]) == (["着火"], [])
    assert (nothing["label"], hello["duty"], hello["item"]) == ("greeting", None, None)
    assert (lift["item"], lift["colour"]) == ("lift", "yellow")


@pytest.mark.usefixtures("model")
def test_parse_says_where_it_would_ask_back(
    town: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "路灯坏了\n")
    assert main(["parse", "--clarify-below", "1.1", *town]) == 0
    assert json.loads(capsys.readouterr().out)["clarify"] is True


@pytest.mark.usefixtures("model")
def test_parse_without_a_town(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    say(monkeypatch, "路灯坏了\n")
    missing = ["--catalogue", str(tmp_path / "no.yml"), "--config", str(tmp_path / "no.yaml")]
    assert main(["parse", *missing]) == 0
    assert json.loads(capsys.readouterr().out)["duty"] is None


@pytest.mark.usefixtures("model")
def test_evaluate(town: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "said,meant\n路灯坏了,public_facilities\n着火了,emergency\n你好,greeting\n谢谢,public_opinion\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    columns = ["--text-col", "said", "--label-col", "meant"]
    assert main(["evaluate", str(tmp_path / "rows.csv"), *columns, "--out", str(tmp_path / "out"), *town]) == 0
    assert "accuracy 0.750" in capsys.readouterr().out
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["count"] == 4
    assert report["confusion"]["public_opinion"] == {"greeting": 1}
    assert report["labels"]["public_facilities"]["recall"] == 1.0
    assert report["mistakes"] == [{"line": 5, "text": "谢谢", "label": "public_opinion", "heard": "greeting"}]
    assert 0 <= report["calibration_error"] <= 1
    assert report["latency_ms"]["p99"] > 0
    assert (tmp_path / "out" / "report.md").read_text(encoding="utf-8").startswith("# Evaluation")
    assert (tmp_path / "out" / "confusion.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["parse", "--engine", "rasa", "--rasa-url", "http://127.0.0.1:1"], "no Rasa server answers"),
        (["evaluate", "nowhere.csv"], "no file"),
        (["parse", "--models", "nowhere"], "train"),
        (["parse", "--engine", "rasa", "--rasa-url", "http://x:99999"], "--rasa-url http://x:99999: Port out of range"),
        (["parse", "--catalogue", "{torn.yml}"], "torn.yml cannot be read as YAML"),
        (["evaluate", "{rows.csv}", "--mapping", "{gb.yml}"], "gb.yml cannot be read as YAML"),
        (["evaluate", "{rows.csv}", "--out", "{torn.yml}"], "torn.yml: File exists"),
        (["evaluate", "--rasa-figures", "nowhere.json"], "no file nowhere.json"),
        (["evaluate", "--rasa-figures", "{torn.yml}"], "holds no figures"),
        (["evaluate", "--frozen", "{.}"], "holds no frozen set"),
        (["card", "--frozen", "{.}"], "holds no frozen set"),
        (["train", "--data", "nowhere"], "emergency and of two other labels"),
        (["train", "--data", "{few}"], "emergency and of two other labels"),
        (["train", "--data", "{strange}"], "none of the ear's: weather"),
        (["train", "--data", "{torn}"], "torn holds a file that is no training data"),
        (["train", "--data", "{list}"], "list holds a file that is no training data"),
        (["train", "--data", "nowhere", "--history", "{rows.csv}"], "nowhere/history.part: No such file"),
        (["cross-validate", "{rows.csv}"], "two labels and two folds"),
    ],
)
def test_says_why_not(arguments: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, text in {
        "torn.yml": "a: [", "few/a.yml": "nlu:\n- intent: emergency\n  examples: |\n    - 着火了\n",
        "strange/a.yml": "nlu:\n- intent: weather\n  examples: |\n    - 下雨了\n", "torn/a.yml": "nlu: [",
        "list/a.yml": "- 着火了\n", "rows.csv": "text,label\n路灯坏了,public_facilities\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "gb.yml").write_bytes("市政: public_facilities".encode("gb18030"))
    assert main([str(tmp_path / one[1:-1]) if one[0] == "{" else one for one in arguments]) == 2
    assert word in capsys.readouterr().err


@pytest.mark.usefixtures("model")
def test_a_line_in_another_encoding_stops_no_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = "路灯坏了\n".encode("gb18030") + "着火了\n".encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
    assert main(["parse"]) == 0
    labels = [json.loads(line)["label"] for line in capsys.readouterr().out.splitlines()]
    assert (len(labels), labels[1]) == (2, "emergency")


@pytest.mark.usefixtures("model")
def test_parse_and_evaluate_ask_the_other_engine(
    town: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.csv").write_text("text,label\n路灯坏了,special_care\n着火了,emergency\n", encoding="utf-8")
    with rasa_server(lambda _: {"special_care": 0.8, "greeting": 0.1}) as rasa:
        where = ["--engine", "rasa", "--rasa-url", rasa.url, "--rasa-token", TOKEN, *town]
        assert main(["evaluate", str(tmp_path / "rows.csv"), *where]) == 0
        assert "accuracy 1.000" in capsys.readouterr().out
        say(monkeypatch, "/路灯坏了\n你们几点上班\n")
        rasa.hangs_on = "几点"
        assert main(["parse", *where, "--rasa-timeout", "0.5"]) == 0
        assert rasa.refused == []
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert (lines[0]["text"], lines[0]["label"], lines[0]["confidence"]) == ("/路灯坏了", "special_care", 0.8)
    assert lines[1]["label"] != "special_care"
    assert err == "1 of the texts were understood by the embedded engine instead\n"


@pytest.mark.usefixtures("model")
def test_evaluate_wants_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert main(["evaluate", str(tmp_path / "rows.csv")]) == 2
    assert "no column text, label" in capsys.readouterr().err


def test_train_does_nothing_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    more = "  - intent: emergency\n    examples: |\n      - 着火了\n      - 救命\n      - 晕倒了\n"
    (tmp_path / "data" / "all.yml").write_text(SMALL + more, encoding="utf-8")
    where = ["train", "--data", str(tmp_path / "data"), "--out", str(tmp_path / "models")]
    assert main(where) == 0
    assert "trained on" in capsys.readouterr().out
    assert ear_model.load_or_none(tmp_path / "data", tmp_path / "models") is not None
    assert main(where) == 0
    assert "nothing to do" in capsys.readouterr().out


@pytest.mark.usefixtures("model")
def test_train_knows_the_shipped_model(capsys: pytest.CaptureFixture[str], model: Model) -> None:
    assert model.facts.label_names
    assert main(["train"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_town_is_read_as_data(tmp_path: Path) -> None:
    (tmp_path / "catalogue.yml").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    duties = read_duties(tmp_path / "catalogue.yml")
    assert duties.duty("public_facilities") == "repairs"
    assert duties.duty("greeting") is None
    assert read_gazetteer(tmp_path / "config.yaml").find("老健仁3栋")[0].units == ("g",)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(0, 0, 0.0, 1.0), (5, 10, 0.237, 0.763), (10, 10, 0.722, 1.0)]
)
def test_wilson_intervals(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=0.001)
