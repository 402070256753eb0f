"""What goes wrong around the learning loop: half files, wrong files, damaged versions. Nothing heard is lost by it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from nlu.__main__ import main
from nlu.learning.comparing import Asked, danger, frozen, measure
from nlu.learning.corrections import Told, read
from nlu.learning.learner import Place
from nlu.learning.versions import Pointer, Shelf
from nlu.model import Model
from nlu.sound import ModelError
from nlu.understanding import Heard, Understanding
from nlu.usage import UsageError
from tests.nlu.lessons import NEW, learner, line, plain, small_place

LAMPS = ("路灯坏了", "路灯不亮", "楼道灯灭了")
WRONG = [line(text, "greeting", case=f"W{n}") for n, text in enumerate(LAMPS)]
"""Corrections by which a sentence of the frozen set is unlearnt: promoted by hand only."""
RIGHT = [line()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return small_place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf(tmp_path / "ear")
    made.folder.mkdir()
    return made


def learn(shelf: Shelf, place: Place, lines: Sequence[str], *, force: bool = False) -> str:
    return learner(shelf.folder, place).learn(read(lines, plain), force=force).sentence


def pin(shelf: Shelf, text: str = LAMPS[0], label: str = "public_facilities") -> int:
    return main(["learn", "--ear", str(shelf.folder), "--pin", text, label])


def damage(shelf: Shelf, version: str) -> None:
    path = shelf.folder / version / "model" / "weights.npz"
    path.write_bytes(path.read_bytes()[:1000])


def words_kept(shelf: Shelf) -> str:
    return "".join(path.read_text("utf-8") for path in sorted(shelf.folder.glob("*/data.jsonl")))


# -- what comes --------------------------------------------------------------------------------------------------------


def test_a_file_of_something_else_takes_nothing_away(shelf: Shelf, place: Place) -> None:
    learn(shelf, place, RIGHT)
    before = shelf.pointer()
    with pytest.raises(UsageError, match="not one line"):
        learn(shelf, place, ["text,label", "路灯坏了,public_facilities"])
    assert (shelf.pointer(), NEW in words_kept(shelf)) == (before, True)


def test_corrections_all_kept_apart_take_nothing_away(shelf: Shelf, place: Place) -> None:
    learn(shelf, place, RIGHT)
    before = shelf.pointer()
    with pytest.raises(UsageError, match="kept apart"):
        learner(shelf.folder, place, held_out=100).learn(read(RIGHT, plain))
    assert shelf.pointer() == before
    assert before.version


@pytest.mark.parametrize("percent", ["-1", "100", "half"])
def test_not_everything_can_be_kept_apart(percent: str) -> None:
    with pytest.raises(SystemExit):
        main(["learn", "--hold-out", percent])


@pytest.mark.parametrize("text", ["\ud800灯", "灯\udfff"])
def test_half_a_character_is_passed_by(text: str) -> None:
    told = read([json.dumps({"kind": "relabelled", "said": "greeting", "text": text}), *RIGHT], plain)
    assert [one.text for one in told.lessons] == [NEW]
    assert "half a character" in told.bad[0]


def test_the_lines_of_a_file(shelf: Shelf, place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A byte order mark, and marks in a resident's words that Python takes for the end of a line."""
    path = tmp_path / "c.jsonl"
    path.write_text(line("灯\u2028又灭了\u0085真是的", case="A7") + "\n", encoding="utf-8-sig")
    where = ["learn", "--ear", str(shelf.folder), "--data", str(place.data), "--models", str(place.models),
             "--frozen", str(place.frozen), "--config", "none.yaml", "--corrections", str(path)]  # fmt: skip
    assert main(where) == 0
    assert capsys.readouterr().err == ""
    assert json.loads(words_kept(shelf))["text"] == "灯 又灭了 真是的"
    path.write_bytes(line().encode("gb18030"))
    assert main(where) == 2
    assert "is not UTF-8" in capsys.readouterr().err


# -- half written, damaged ---------------------------------------------------------------------------------------------


def test_a_data_file_that_was_cut_off_stops_nobody(shelf: Shelf, place: Place) -> None:
    learn(shelf, place, RIGHT)
    path = shelf.folder / shelf.pointer().version / "data.jsonl"
    path.write_text(path.read_text("utf-8") + '{"cases": ["A1"], "te', encoding="utf-8")
    assert "heard already" in learn(shelf, place, RIGHT)
    assert words_kept(shelf).count("\n") == 1


@pytest.mark.parametrize("broken", ["{", "[]", '{"number": "first"}'])
def test_words_leave_versions_without_a_sound_manifest_too(shelf: Shelf, place: Place, broken: str) -> None:
    learn(shelf, place, RIGHT)
    (shelf.folder / shelf.pointer().version / "manifest.json").write_text(broken, encoding="utf-8")
    learn(shelf, place, [line("灯呢", case="A2")])
    assert NEW not in words_kept(shelf)
    assert "灯呢" in words_kept(shelf)


def test_a_damaged_version_that_is_refused_when_made_anew_is_not_heard(shelf: Shelf, place: Place) -> None:
    assert "Promoted" in learn(shelf, place, WRONG, force=True)
    version = shelf.pointer().version
    damage(shelf, version)
    assert "Refused" in learn(shelf, place, WRONG)
    assert shelf.manifest(version)["verdict"] == "refused"
    assert shelf.pointer().version == ""
    assert "cannot be heard with any more" in (shelf.folder / version / "report.md").read_text("utf-8")


def test_a_damaged_version_that_is_made_anew_is_seen(shelf: Shelf, place: Place) -> None:
    learn(shelf, place, RIGHT)
    version, mark = shelf.pointer().version, shelf.mark()
    damage(shelf, version)
    assert shelf.mark() == mark
    assert "Promoted" in learn(shelf, place, RIGHT)
    assert shelf.pointer().version == version
    assert shelf.mark() != mark


def test_a_pointer_that_cannot_be_read_is_no_missing_one(shelf: Shelf) -> None:
    assert shelf.pointer() == Pointer()
    (shelf.folder / "live.json").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        shelf.pointer()
    assert shelf.mark() != b""


def test_one_may_look_while_another_learns(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    with shelf.alone() as alone:
        assert alone
        assert main(["learn", "--ear", str(shelf.folder), "--list"]) == 0
        assert main(["learn", "--ear", str(shelf.folder), "--rollback"]) == 2
    assert "somebody else is learning" in capsys.readouterr().err


# -- verdicts hold for what they were made by --------------------------------------------------------------------------


def test_a_verdict_against_another_model_is_none(shelf: Shelf, place: Place) -> None:
    assert "Promoted" in learn(shelf, place, WRONG, force=True)
    assert "Promoted" in learn(shelf, place, RIGHT)
    heard = shelf.pointer().version
    assert "Refused" in learn(shelf, place, WRONG)
    assert shelf.pointer().version == heard
    assert "was refused before" in learn(shelf, place, WRONG)


@pytest.mark.parametrize("pinned", [False, True])
def test_who_was_interrupted_just_before_the_end_goes_on(shelf: Shelf, place: Place, pinned: bool) -> None:
    """Where something is asked by now that was not asked then, it is compared anew."""
    learn(shelf, place, RIGHT)
    version = shelf.pointer().version
    number = shelf.manifest(version)["number"]
    (shelf.folder / "live.json").unlink()
    if pinned:
        assert pin(shelf) == 0
    assert "Promoted" in learn(shelf, place, RIGHT)
    assert shelf.pointer().version == version
    assert (shelf.manifest(version)["number"] == number) is not pinned


def test_back_past_what_cannot_be_heard_with(shelf: Shelf, place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    for lines in ([line()], [line(), line("灯呢", case="A2")], [line(), line("灯啊", case="A3")]):
        assert "Promoted" in learn(shelf, place, lines)
    first, second = shelf.pointer().before[1:]
    third = shelf.pointer().version
    damage(shelf, second)
    assert main(["learn", "--ear", str(shelf.folder), "--rollback"]) == 0
    assert f"{second} is passed by" in capsys.readouterr().err
    assert shelf.pointer() == Pointer(first, ("",), (third,))


def test_models_that_nobody_goes_back_to_are_cleared_away(shelf: Shelf, model: Model) -> None:
    names = [f"v{n}" for n in range(8)]
    for name in names:
        with shelf.making(name) as folder:
            model.save(folder / "model")
            shelf.describe(folder, {"verdict": "promoted"})
        shelf.point(shelf.pointer().promoted(name))
    shelf.thin_out()
    assert [name for name in names if shelf.sound(name)] == names[2:]
    assert [name for name, _ in shelf.versions()] == names


# -- what must stay right ----------------------------------------------------------------------------------------------


def test_what_is_pinned_is_masked_and_whole(shelf: Shelf) -> None:
    assert pin(shelf, "周阿姨\u2028家路灯坏了，电话13912345678") == 0
    assert pin(shelf, "灯灭了") == 0
    asked = frozen(shelf.folder / "nowhere", shelf.folder)
    assert [(one.text, one.of) for one in asked] == [
        ("〔姓名〕 家路灯坏了，电话〔电话〕", "pinned"), ("灯灭了", "pinned")
    ]  # fmt: skip


def test_half_a_character_is_not_pinned(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """So a word in another encoding comes from the command line."""
    assert pin(shelf, "\udcff灯灭了") == 2
    assert "half a character" in capsys.readouterr().err
    assert [path.name for path in shelf.folder.iterdir()] == [".lock"]


@pytest.mark.parametrize("bad", ['{"text": "灯', "[]", '{"text": "灯"}'])
def test_a_promise_that_cannot_be_read_is_told(shelf: Shelf, place: Place, bad: str) -> None:
    (shelf.folder / "pinned.jsonl").write_text(f"\n{bad}\n", encoding="utf-8")
    with pytest.raises(UsageError, match="line 2 is no pinned sentence"):
        learn(shelf, place, RIGHT)


def test_pinned_sentences_alone_are_nothing_to_compare_with(shelf: Shelf, place: Place, tmp_path: Path) -> None:
    assert pin(shelf) == 0
    bare = Place(place.data, place.models, tmp_path / "none", place.gazetteer, {})
    with pytest.raises(UsageError, match="no frozen set"):
        learn(shelf, bare, RIGHT)


class Asleep:
    """An ear that takes all danger for an exercise."""

    def __init__(self, hypothetical: bool) -> None:
        self._hypothetical = hypothetical

    def understand(self, batch: Sequence[tuple[str, str]]) -> list[Heard]:
        return [Heard(Understanding(text, "emergency", 0.99, "greeting", 0.0, hypothetical=self._hypothetical))
                for text, _ in batch]  # fmt: skip


def test_danger_counts_as_heard_where_the_desk_acts_on_it() -> None:
    asked = [Asked("着火了", "emergency", "s")]
    awake, asleep = (measure(Asleep(hypothetical), asked) for hypothetical in (False, True))
    assert (awake.found("emergency"), asleep.found("emergency")) == ((1, 1), (0, 1))
    assert danger(awake, asleep) == ["emergencies found fall from 1 to 0 of 1"]


def test_nothing_came_and_nothing_is_there(shelf: Shelf, place: Place) -> None:
    shutil.rmtree(shelf.folder)
    assert "nothing to do" in learner(shelf.folder, place).learn(Told()).sentence
