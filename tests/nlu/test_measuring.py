"""Knows what measuring promises: honest figures, the desk's own rule, others' sentences never shown."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.measuring.figures import (
    bootstrap,
    calibration,
    calibration_interval,
    macro_f1,
    macro_f1_interval,
    wilson,
)
from nlu.measuring.hearing import Answer, decided, hear
from nlu.measuring.mistakes import hard_pairs, missed
from nlu.measuring.sets import FROZEN_DIR, Example, Set, read_sets
from nlu.measuring.spans import score_spans
from nlu.measuring.targets import Measured, calibrating, deciding, lines_of
from nlu.town import Duties
from nlu.understanding import CAUTION, Caution, Heard, Span, Understanding

ROOT = Path(__file__).parents[2]


def heard(label: str = "public_facilities", confidence: float = 0.9, **more: object) -> Understanding:
    facts: dict[str, object] = {"text": "", "runner_up": "urban_order", "runner_up_confidence": 0.05} | more
    return Understanding(label=label, confidence=confidence, **facts)  # type: ignore[arg-type]


def answer(label: str, confidence: float = 0.9, **more: object) -> Answer:
    facts: dict[str, object] = {"runner_up": "greeting", "runner_up_confidence": 0.05, "emergency_type": "none",
                                "hypothetical": False, "demand": "report", "decided": True} | more  # fmt: skip
    return Answer(label=label, confidence=confidence, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "asks"),
    [
        (heard(), False),
        (heard(confidence=0.44), True),
        (heard(confidence=0.44, item="lamp"), False),
        (heard(confidence=0.26, item="lamp"), True),
        (heard(confidence=0.5, runner_up_confidence=0.41), True),
        (heard(confidence=0.5, runner_up_confidence=0.39), False),
        (heard("emergency", 0.1), False),
        (heard("emergency", 0.1, hypothetical=True), True),
        (heard("petition", 0.59), True),
        (heard("petition", 0.59, demand="consult"), False),
    ],
)
def test_the_desks_rule(one: Understanding, asks: bool) -> None:
    assert Caution({"petition": 0.6, "petition/consult": 0.5}).doubts(one) is asks


def test_what_the_catalogue_says_is_what_holds() -> None:
    assert Caution({"default": 0.3}).enough("petition") == 0.3
    assert Caution().enough("talk") == CAUTION["default"]
    assert Caution({"close": 0.5}).doubts(heard(runner_up_confidence=0.45))


def test_words_that_are_no_matter_are_decided_too() -> None:
    duties = Duties(by_label={"public_facilities": "repairs"}, caution=Caution({"talk": 0.7}))
    assert decided(heard("greeting", 0.8), duties)
    assert not decided(heard("greeting", 0.6), duties)
    assert decided(heard("public_facilities", 0.6), duties)


def test_shares_and_their_intervals() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = bootstrap(200, lambda at: float((at < 100).mean()))
    assert low == pytest.approx(wilson(100, 200)[0], abs=0.02)
    assert high == pytest.approx(wilson(100, 200)[1], abs=0.02)
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
    low, high = macro_f1_interval(["a", "b"] * 100, ["a", "b"] * 99 + ["b", "b"])
    assert 0.97 < low <= high <= 1.0


def test_calibration_goes_by_bins_of_equal_mass() -> None:
    honest = [(0.75, at % 4 != 0) for at in range(400)]
    error, bins = calibration(honest)
    assert error < 0.1
    assert [(mean, count) for mean, _, count in bins] == [(0.75, 40)] * 10
    boastful = [(0.9, at % 2 == 0) for at in range(400)]
    assert calibration(boastful)[0] == pytest.approx(0.4)
    assert calibration_interval(honest)[0] <= 0.05
    assert calibration_interval(boastful)[0] > 0.3
    assert calibration([]) == (0.0, [])


def emergencies(ours: bool, *answers: Answer) -> Measured:
    examples = (
        Example(2, "走廊里呛得睁不开眼", "emergency", frozenset({"emergency"}), "fire"),
        Example(3, "他又打我", "emergency", frozenset({"emergency"}), "dv"),
        Example(4, "笑死我了", "greeting", frozenset({"greeting"})),
    )
    return Measured(Set("emergency", "emergency", ours, examples), answers)


def test_dangers_are_counted_one_by_one() -> None:
    measured = emergencies(
        True,
        answer("emergency", emergency_type="gas"),
        answer("dispute_mediation", 0.6, runner_up="emergency", runner_up_confidence=0.2),
        answer("emergency", hypothetical=True),
    )
    lines = {line.what: line for line in lines_of(measured)}
    assert (lines["emergencies: missed"].figure, lines["emergencies: missed"].note) == (0.5, "1 of 2")
    assert lines["emergencies: missed"].reached is False
    assert lines["emergencies: false alarms"].figure == 0.0
    assert lines["emergencies: the type right, of those heard"].figure == 0.0
    (miss,) = missed([measured])
    assert (miss.line, miss.type, miss.text) == (3, "dv", "他又打我")
    assert "0.20" in miss.reason


def test_sentences_of_others_are_not_shown() -> None:
    (miss, _) = missed([emergencies(False, answer("greeting"), answer("greeting"), answer("greeting"))])
    assert miss.text == ""


def test_deciding_alone_counts_duties_only() -> None:
    examples = (
        Example(2, "a", "public_facilities", frozenset({"public_facilities", "safety_hazard"})),
        Example(3, "b", "petition", frozenset({"petition"})),
        Example(4, "c", "greeting", frozenset({"greeting"})),
    )
    answers = (answer("safety_hazard"), answer("petition", decided=False), answer("petition"))
    lines = deciding([Measured(Set("board", "board", True, examples), answers)])
    assert [(line.count, line.figure) for line in lines] == [(2, 0.5), (1, 0.0), (1, 1.0)]


def test_unrelated_chat_may_be_anything_that_opens_nothing() -> None:
    examples = tuple(Example(at, "x", "out_of_scope", frozenset({"out_of_scope"})) for at in range(4))
    answers = (answer("greeting"), answer("out_of_scope"), answer("petition", demand="consult"),
               answer("petition", decided=False))  # fmt: skip
    measured = Measured(Set("unrelated", "unrelated", True, examples), answers)
    (line,) = lines_of(measured)
    assert (line.figure, line.note) == (0.25, "1 of 4, 1 of them as questions, which are answered")
    assert calibrating([measured])[0].count == 4


def test_spans_exact_and_mostly() -> None:
    text = "3号楼门口，电话13800000000"
    example = Example(2, text, spans={"place": ("3号楼门口",), "phone": ("13800000000",), "person": ()})
    spans = (Span("place", 0, 3, "3号楼"), Span("phone", 8, 19, "13800000000"), Span("person", 6, 8, "电话"))
    scores = {one.kind: one for one in score_spans([example], [heard(spans=spans)])}
    assert (scores["place"].exact, scores["place"].mostly, scores["place"].false) == (0, 1, 0)
    assert (scores["phone"].exact, scores["phone"].wanted) == (1, 1)
    assert (scores["person"].wanted, scores["person"].false) == (0, 1)


def test_pairs_are_counted_both_ways() -> None:
    examples = (Example(2, "a", "safety_hazard"), Example(3, "b", "public_facilities"))
    answers = (answer("public_facilities"), answer("public_facilities"))
    pair = hard_pairs([Measured(Set("board", "board", True, examples), answers)])[0]
    assert (pair.said_one, pair.one_as_other, pair.said_other, pair.other_as_one) == (1, 1, 1, 0)


class Parrot:
    """An ear that hears the same in everything."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]:
        self.batches.append(len(batch))
        return [Heard(heard(text=text)) for text, _ in batch]


def test_many_are_heard_in_batches_with_progress() -> None:
    ear = Parrot()
    assert len(hear(ear, ["x"] * 130, Duties(), None)) == 130
    assert ear.batches == [64, 64, 2]


def test_the_frozen_sets_are_whole() -> None:
    sets = {one.name: one for one in read_sets(FROZEN_DIR, ours=True)}
    second = {"emergency_2", "unrelated_2", "entities_2"}
    assert set(sets) == {"emergency", "colloquial", "board", "unrelated", "entities"} | second
    said = (FROZEN_DIR / "README.md").read_text(encoding="utf-8")
    assert [name for name, one in sets.items() if f"| `{name}.csv` | {len(one.examples)} |" not in said] == []
    for example in (*sets["entities"].examples, *sets["entities_2"].examples):
        assert all(word in example.text for words in example.spans.values() for word in words)


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Ten lines of each frozen set, and a note of what did not help."""
    folder = tmp_path / "frozen"
    folder.mkdir()
    for path in FROZEN_DIR.glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / path.name).write_text("".join([lines[0], *lines[1 :: len(lines) // 10]]), encoding="utf-8")
    (folder / "tried.md").write_text("* Words by Jieba.\n", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("model")
def test_one_command_writes_the_page(tmp_path: Path, frozen: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = tmp_path / "others"
    others.mkdir()
    rows = "text,label,acceptable\n路灯坏了三天,public_facilities,public_facilities\n"
    (others / "real_messages_dev.csv").write_text(rows, encoding="utf-8")
    page, figures = tmp_path / "nlu.md", tmp_path / "figures.json"
    arguments = ["evaluate", "--frozen", str(frozen), "--page", str(page)]
    assert main([*arguments, "--sets", str(others)]) == 0
    assert main([*arguments, "--figures-out", str(figures)]) == 0
    assert not (others / "elsewhere.json").exists()
    record = json.loads(figures.read_text(encoding="utf-8"))
    assert {"emergency", "together", "all"} <= {line["set"] for line in record["lines"]}
    assert main([*arguments, "--rasa-figures", str(figures)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "| real_messages_dev |" in text, "the last figures stay where the set is not at hand"
    assert "路灯坏了三天" not in text
    assert "## Dangers not heard" in text
    assert "## The Rasa engine on the same data" in text
    assert "Words by Jieba" in text
    assert "is written" in capsys.readouterr().out


def test_the_page_in_the_docs_has_every_line() -> None:
    text = (ROOT / "docs" / "nlu.md").read_text(encoding="utf-8")
    wanted = ("real messages", "message board", "colloquial", "emergencies: missed",
              "emergencies: false alarms", "unrelated chat", "deciding alone", "calibration error, pooled",
              "spans: places", "cost: one message alone")  # fmt: skip
    assert [words for words in wanted if f"| {words}" not in text] == []


@pytest.mark.usefixtures("model")
def test_the_card(tmp_path: Path, frozen: Path) -> None:
    page = tmp_path / "card.md"
    assert main(["card", "--frozen", str(frozen), "--page", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "人工" in text
    assert "| petition |" in text
    assert "0515-00000000" in text


@pytest.mark.usefixtures("model")
def test_engines_side_by_side_with_any_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (tmp_path / "rows.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(
            [["内容", "类别"], ["路灯坏了", "市政"], ["", "市政"], ["你好", "闲聊"], ["电话13800000000", "闲聊"]]
        )
    (tmp_path / "map.yml").write_text("市政: public_facilities\n", encoding="utf-8")
    arguments = ["evaluate", str(tmp_path / "rows.csv"), "--text-col", "内容", "--label-col", "类别",
                 "--mapping", str(tmp_path / "map.yml"), "--engines", "embedded,embedded",
                 "--out", str(tmp_path / "out")]  # fmt: skip
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "line 3 skipped: no text" in told.err
    assert "闲聊 (2)" in told.err
    assert "| | embedded | embedded |" in told.out
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["skipped"] == [[3, "no text"]]
    assert "13800000000" not in json.dumps(report)
