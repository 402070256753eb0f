"""What the learning loop promises: lessons from corrections, a verdict by comparison, a pointer that is never half."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.__main__ import main
from nlu.corpus import Corpus, Sentence
from nlu.learning import corrections
from nlu.learning.comparing import Asked, Figures, against, danger
from nlu.learning.corrections import Lesson, Told, read, taught
from nlu.learning.learner import Learner, Place
from nlu.learning.versions import Pointer, Shelf
from nlu.model import Model
from nlu.sound import ModelError
from nlu.usage import UsageError
from tests.nlu.lessons import NEW, ODD_DANGER, learner, line, plain, small_place

# -- lessons -----------------------------------------------------------------------------------------------------------


def test_what_is_learnt_and_what_is_not() -> None:
    told = read(
        [line(), line("着了", "emergency", item="fire", case="A2"), "", line(kind="moved", said="jr-1"),
         line(kind="refused", said="", heard="petition"), line(kind="refused", said="", heard="petition")], plain
    )  # fmt: skip
    assert told.lessons == (
        Lesson(NEW, "public_facilities", "", ("A1",)), Lesson("着了", "emergency", "fire", ("A2",)),
    )  # fmt: skip
    assert told.refused == (("petition", 2),)
    assert told.bad == ()


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("not json", "no JSON"), ("[1]", "no correction"), ('{"kind": 3}', "no correction"),
        (line(kind="guessed"), "of no known kind"), (line(said="weather"), "its label is none of ours"),
        (line(said=""), "its label is none of ours"), (line(" "), "empty or too long"),
        (line("长" * 2001), "empty or too long"), ("[" * 100_000, "no JSON"),
    ],
)  # fmt: skip
def test_lines_that_are_passed_by(bad: str, why: str) -> None:
    told = read([line(), bad], plain)
    assert len(told.lessons) == 1
    assert told.bad[0].startswith("line 2: ")
    assert why in told.bad[0]


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ([("resident", "greeting"), ("worker", "petition"), ("resident", "greeting")], "petition"),
        ([("worker", "petition"), ("dispatcher", "greeting"), ("worker", "petition")], "greeting"),
        ([("worker", "petition"), ("worker", "greeting"), ("worker", "petition")], "petition"),
        ([("worker", "petition"), ("worker", "greeting")], "greeting"),  # the later one
    ],
)
def test_contradictions(said: list[tuple[str, str]], label: str) -> None:
    lines = [line(said=what, by_role=who, case=f"A{n}", at=f"2026-03-0{n + 1}") for n, (who, what) in enumerate(said)]
    assert [one.label for one in read(lines, plain).lessons] == [label]


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_lines(lines: list[str]) -> None:
    told = read(lines, plain)
    assert told.lessons == ()
    assert len(told.bad) == sum(bool(one.strip()) for one in lines)


def test_people_of_the_town_know_better_than_the_base() -> None:
    base = Corpus(
        (Sentence("路灯坏了", "greeting"), Sentence("你好", "greeting"), Sentence("灯灭了", "public_facilities"))
    )
    lessons = (Lesson("路灯坏了", "public_facilities"), Lesson("灯灭了", "public_facilities"))
    corpus = taught(base, lessons, 2, plain)
    assert corpus.sentences[:2] == (Sentence("你好", "greeting"), Sentence("灯灭了", "public_facilities"))
    assert corpus.labels[2:] == ("public_facilities",) * 4
    assert {one.writer for one in corpus.sentences[2:]} == {corrections.WRITER}


# -- the verdict -------------------------------------------------------------------------------------------------------

E, G, P = "emergency", "greeting", "public_facilities"


def figures(*heard: tuple[str, str, int], pinned: str = "") -> Figures:
    rows = [(said, was) for said, was, times in heard for _ in range(times)]
    asked = [Asked(f"t{n}", said, "s") for n, (said, _) in enumerate(rows)]
    return Figures(
        [*asked, *([Asked("p", G, "pinned")] if pinned else [])], [was for _, was in rows] + [pinned] * bool(pinned)
    )


LIVE = figures((E, E, 20), (E, G, 2), (G, G, 90), (P, P, 45), (P, G, 5), pinned=G)
VERDICTS: dict[str, tuple[Figures, str]] = {
    "just the same": (LIVE, ""),
    "better": (figures((E, E, 22), (G, G, 90), (P, P, 50), pinned=G), ""),
    "one emergency less": (figures((E, E, 19), (E, G, 3), (G, G, 90), (P, P, 50), pinned=G), "emergencies found fall"),
    "false alarms within 3 %": (
        figures((E, E, 20), (E, G, 2), (G, G, 87), (G, E, 3), (P, P, 45), (P, G, 5), pinned=G), "",
    ),
    "false alarms beyond": (
        figures((E, E, 20), (E, G, 2), (G, G, 85), (G, E, 5), (P, P, 50), pinned=G), "false alarms rise from 0 to 5",
    ),
    "a label within its interval": (figures((E, E, 20), (E, G, 2), (G, G, 90), (P, P, 42), (P, G, 8), pinned=G), ""),
    "a label below": (
        figures((E, E, 20), (E, G, 2), (G, G, 90), (P, P, 35), (P, G, 15), pinned=G), "public_facilities: recall falls",
    ),
    "a regression": (figures((E, E, 20), (E, G, 2), (G, G, 90), (P, P, 45), (P, G, 5), pinned=P), "must stay right: p"),
}  # fmt: skip


@pytest.mark.parametrize("name", VERDICTS)
def test_verdicts(name: str) -> None:
    new, reason = VERDICTS[name]
    reasons = against(LIVE, new)
    assert bool(reasons) == bool(reason), reasons
    assert not reason or any(reason in one for one in reasons)
    assert bool(danger(LIVE, new)) == ("emergenc" in reason or "alarms" in reason)


def test_more_lost_than_chance_explains() -> None:
    many = [(f"l{n}", 10) for n in range(12)]
    live = figures(*((label, label, times) for label, times in many))
    new = figures(*((label, label, 8) for label, _ in many), *((label, G, 2) for label, _ in many))
    asked = Figures(live.asked, [was if n % 10 else G for n, was in enumerate(live.heard)])
    assert any("accuracy: 12 sentences are lost" in one for one in against(live, asked))
    assert new.right()[0] < live.right()[0]


# -- the shelf ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["a", "b", "c", "back"]), max_size=12))
def test_a_pointer_goes_back_the_way_it_came(moves: list[str]) -> None:
    pointer, path = Pointer(), [""]
    for move in moves:
        if move == "back":
            if pointer.version or len(path) > 1:
                pointer = pointer.rolled_back()
                path = path[:-1] or [""]
        else:
            path = path if path[-1] == move else [*path, move]
            pointer = pointer.promoted(move)
        assert pointer.version == path[-1]
        assert pointer.version not in pointer.taken_back or pointer.version in path


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"version": 3}', "null", '{"version": "../x", "before": [], "taken_back": []}']
)
def test_a_damaged_pointer_is_refused(tmp_path: Path, said: str) -> None:
    shelf = Shelf(tmp_path)
    shelf.point(Pointer("a1", ("",), ()))
    assert shelf.pointer() == Pointer("a1", ("",), ())
    (tmp_path / "live.json").write_text(said, encoding="utf-8")
    if said:
        with pytest.raises(ModelError, match=r"live\.json"):
            shelf.pointer()
    else:
        assert shelf.pointer() == Pointer()


def _interrupted(shelf: Shelf, model: Model) -> None:
    with shelf.making("a1") as folder:
        model.save(folder / "model")
        raise KeyboardInterrupt


def test_an_interrupted_version_stands_nowhere(tmp_path: Path, model: Model) -> None:
    shelf = Shelf(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        _interrupted(shelf, model)
    (tmp_path / ".new-b2").mkdir()
    with shelf.alone() as alone:
        assert alone
        with Shelf(tmp_path).alone() as another:
            assert not another
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]
    with pytest.raises(ModelError, match="manifest"):
        shelf.load("a1")


def test_a_version_is_what_was_once_put_there(tmp_path: Path, model: Model) -> None:
    shelf = Shelf(tmp_path)
    with shelf.making("a1") as folder:
        model.save(folder / "model")
        shelf.describe(folder, {"verdict": "promoted"})
    assert shelf.load("a1").facts == model.facts
    (tmp_path / "a1" / "model" / "model.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="damaged"):
        shelf.load("a1")


# -- one learning ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return small_place(tmp_path_factory.mktemp("place"))


def test_it_learns_once(tmp_path: Path, place: Place) -> None:
    shelf = Shelf(tmp_path)
    told = read([line()], plain)
    first = learner(tmp_path, place).learn(told)
    assert first.code == 0, first.report
    version = shelf.pointer().version
    assert "Promoted" in first.sentence
    assert "old model hears" in first.report
    manifest = shelf.manifest(version)
    assert manifest["counts"]["lessons"] == 1
    assert manifest["parents"]["compared_with"] == ""
    assert json.loads((tmp_path / version / "data.jsonl").read_text(encoding="utf-8"))["cases"] == ["A1"]
    again = learner(tmp_path, place).learn(told)
    assert (again.code, again.report) == (0, "")
    assert "No new corrections" in again.sentence
    assert [name for name, _ in shelf.versions()] == [version]


def test_what_was_erased_leaves_the_versions_too(tmp_path: Path, place: Place) -> None:
    shelf = Shelf(tmp_path)
    learner(tmp_path, place).learn(read([line(), line("灯呢", case="A2")], plain))
    old = shelf.pointer().version
    assert "A1" in (tmp_path / old / "data.jsonl").read_text(encoding="utf-8")
    learner(tmp_path, place).learn(read([line("灯呢", case="A2")], plain))
    assert shelf.pointer().version != old
    assert NEW not in (tmp_path / old / "data.jsonl").read_text(encoding="utf-8")
    assert "delivered model is heard again" in learner(tmp_path, place).learn(Told()).sentence
    assert shelf.pointer().version == ""


def test_refused_taken_back_and_forced(tmp_path: Path, place: Place) -> None:
    shelf = Shelf(tmp_path)
    (tmp_path / "pinned.jsonl").write_text(json.dumps({"text": "路灯坏了", "label": "public_facilities"}), "utf-8")
    wrong = read(
        [line(text, "greeting", case=f"A{n}") for n, text in enumerate(("路灯坏了", "路灯不亮", "楼道灯灭了"))], plain
    )
    first = learner(tmp_path, place).learn(wrong)
    assert first.code == 1
    assert "must stay right: 路灯坏了" in first.report
    assert shelf.pointer() == Pointer()
    assert "was refused before" in learner(tmp_path, place).learn(wrong).sentence
    forced = learner(tmp_path, place).learn(wrong, force=True)
    assert forced.code == 0
    assert "Promoted by hand" in forced.report
    shelf.point(shelf.pointer().rolled_back())
    assert "taken back by hand" in learner(tmp_path, place).learn(wrong).sentence


def test_no_hand_overrules_danger(tmp_path: Path, place: Place) -> None:
    told = read([line(text, "greeting", case=text) for text in ODD_DANGER], plain)
    (place.frozen / "danger.csv").write_text(f"text,label\n{ODD_DANGER[0]},emergency\n", encoding="utf-8")
    try:
        found = learner(tmp_path, place).learn(told, force=True)
    finally:
        (place.frozen / "danger.csv").unlink()
    assert "emergencies found fall from 2 to 1 of 2" in found.report
    assert found.code == 1
    assert Shelf(tmp_path).pointer() == Pointer()


def test_nothing_to_compare_with(tmp_path: Path, place: Place) -> None:
    empty = Place(place.data, place.models, tmp_path, place.gazetteer, {})
    with pytest.raises(UsageError, match="frozen set"):
        Learner(Shelf(tmp_path / "s"), empty).learn(read([line()], plain))
    untrained = Place(place.data, tmp_path, place.frozen, place.gazetteer, {})
    with pytest.raises(UsageError, match="train"):
        Learner(Shelf(tmp_path / "s"), untrained).learn(read([line()], plain))


def test_corrections_kept_apart_stay_so(tmp_path: Path, place: Place) -> None:
    told = read([line(f"灯{n}坏", case=f"A{n}") for n in range(40)], plain)
    found = learner(tmp_path, place, held_out=50).learn(told)
    assert "corrections kept apart" in found.report
    learnt = Shelf(tmp_path).versions()[0][1]["counts"]["lessons"]
    assert 5 < learnt < 35


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command(tmp_path: Path, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "c.jsonl").write_text(f"{line()}\nrubbish\n", encoding="utf-8")
    ear = ["learn", "--ear", str(tmp_path / "ear")]
    where = [*ear, "--data", str(place.data), "--models", str(place.models), "--frozen", str(place.frozen),
             "--corrections", str(tmp_path / "c.jsonl"), "--config", str(tmp_path / "none.yaml")]  # fmt: skip
    assert main([*ear, "--rollback"]) == 2
    assert main([*ear, "--pin", "路灯坏了", "weather"]) == 2
    assert main([*ear, "--pin", "路灯坏了", "public_facilities"]) == 0
    capsys.readouterr()
    assert main(where) == 0
    said = capsys.readouterr()
    assert "passed by: line 2: no JSON" in said.err
    assert "Promoted" in said.out
    assert main([*ear, "--list"]) == 0
    assert f"* {Shelf(tmp_path / 'ear').pointer().version}  promoted, 1 corrected" in capsys.readouterr().out
    assert main([*ear, "--rollback"]) == 0
    assert "the delivered model is heard again" in capsys.readouterr().out
    assert main(where) == 1
    assert main([*where, "--force"]) == 0
    assert main([*ear, "--corrections", "nowhere.jsonl"]) == 2
