"""What a model's files must hold: every kind of damage, and every foreign model, is refused with a sentence."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nlu.__main__ import main
from nlu.corpus import fingerprint
from nlu.features import BLOCK_AT
from nlu.model import Model, load, load_or_none
from nlu.sound import ModelError
from tests.nlu.test_training import DANGER, SMALL

Facts = dict[str, Any]


@pytest.fixture
def kept(model: Model, tmp_path: Path) -> Path:
    """A sound model's folder."""
    model.save(tmp_path / "m")
    return tmp_path / "m"


def facts(kept: Path, change: Callable[[Facts], object]) -> None:
    path = kept / "model.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def arrays(kept: Path, **changed: Any) -> None:
    path = kept / "weights.npz"
    with np.load(path) as found:
        held = {name: found[name] for name in found.files}
    held.update(changed)
    np.savez(path, **{name: array for name, array in held.items() if array is not None})


def cut(kept: Path, name: str, share: float) -> None:
    whole = (kept / name).read_bytes()
    (kept / name).write_bytes(whole[: int(len(whole) * share)])


def turned(kept: Path) -> None:
    """One byte in the middle of an array."""
    whole = bytearray((kept / "weights.npz").read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    (kept / "weights.npz").write_bytes(whole)


def nan(kept: Path) -> None:
    with np.load(kept / "weights.npz") as found:
        idf = found["idf"].copy()
    idf[3] = np.nan
    arrays(kept, idf=idf)


def vocabulary(kept: Path, change: Callable[[list[int]], list[int]]) -> None:
    with np.load(kept / "weights.npz") as found:
        features = found["vocabulary"].tolist()
    arrays(kept, vocabulary=np.array(change(features), np.int64))


def _zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as held:
        held.writestr("idf.npy", b"import os")
    return file.getvalue()


def _npy() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3, np.float32))
    return file.getvalue()


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "arrays cut off": (lambda k: cut(k, "weights.npz", 0.5), "damaged"),
    "arrays empty": (lambda k: cut(k, "weights.npz", 0), "damaged"),
    "a byte turned": (turned, "damaged"),
    "no arrays": (lambda k: (k / "weights.npz").unlink(), "cannot be read"),
    "facts cut off": (lambda k: cut(k, "model.json", 0.7), "damaged"),
    "facts empty": (lambda k: cut(k, "model.json", 0), "damaged"),
    "no facts": (lambda k: (k / "model.json").unlink(), "cannot be read"),
    "facts are a list": (lambda k: (k / "model.json").write_text("[1]", encoding="utf-8"), "no model"),
    "facts are no text": (lambda k: (k / "model.json").write_bytes(b"\xff\xfe\x00"), "damaged"),
    "facts without end": (lambda k: (k / "model.json").write_text("[" * 100_000, encoding="utf-8"), "damaged"),
    "one array alone": (lambda k: (k / "weights.npz").write_bytes(_npy()), "damaged"),
    "pickled": (lambda k: arrays(k, idf=np.array([{"a": 1}], dtype=object)), "damaged"),
    "a zip of something else": (lambda k: (k / "weights.npz").write_bytes(_zip()), "has no array vocabulary"),
    "an array missing": (lambda k: arrays(k, biases=None), "no array biases"),
    "wrong shape": (lambda k: arrays(k, columns=np.zeros((3, 61), np.int8)), "the array columns is 3×61 and must"),
    "no second opinion": (lambda k: arrays(k, out=None), "must be"),
    "other numbers": (lambda k: arrays(k, biases=np.zeros(61, np.float64)), "float64 instead of float32"),
    "not a number": (nan, "idf holds something that is no number"),
    "another version": (lambda k: facts(k, lambda f: f.update(mark="0123456789abcdef")), "another version (0123456789"),
    "an older format": (lambda k: facts(k, lambda f: f.pop("mark")), "another version (unknown"),
    "other labels": (lambda k: facts(k, lambda f: f["label_names"].__setitem__(0, "weather")), "knows here: weather"),
    "a label twice": (lambda k: facts(k, lambda f: f["label_names"].__setitem__(0, "petition")), "a name twice"),
    "labels are no list": (lambda k: facts(k, lambda f: f.update(label_names="x")), "no list of names"),
    "other types": (lambda k: facts(k, lambda f: f["type_names"].__setitem__(0, "alien")), "knows here: alien"),
    "a block more": (lambda k: vocabulary(k, lambda v: v[:-1] + [v[-1] + (1 << BLOCK_AT)]), "its vocabulary"),
    "a feature twice": (lambda k: vocabulary(k, lambda v: [v[1], *v[1:]]), "its vocabulary"),
    "features below 0": (lambda k: vocabulary(k, lambda v: [-1, *v[1:]]), "its vocabulary"),
    "a feature more": (lambda k: vocabulary(k, lambda v: [*v, v[-1] + 1]), "and must be"),
    "no features": (lambda k: arrays(k, vocabulary=np.zeros((), np.int64)), "and must be"),
    "small numbers": (lambda k: arrays(k, vocabulary=np.zeros(3, np.int32)), "int32 instead of int64"),
    "unknown words": (lambda k: facts(k, lambda f: f["unknown_idf"].__setitem__(0, None)), "unknown words"),
    "unknown words 0": (lambda k: facts(k, lambda f: f["unknown_idf"].__setitem__(0, 0)), "no numbers above 0"),
    "no unsure rules": (lambda k: facts(k, lambda f: f.pop("unsure_rules")), "only hint are no list of names"),
    "unsure rules null": (lambda k: facts(k, lambda f: f.update(unsure_rules=None)), "only hint are no list"),
    "an unsure rule a list": (lambda k: facts(k, lambda f: f.update(unsure_rules=[["x"]])), "only hint are no list"),
    "temperature 0": (lambda k: facts(k, lambda f: f.update(temperature=0)), "temperature is not a number above 0"),
    "temperature NaN": (lambda k: facts(k, lambda f: f.update(temperature=float("nan"))), "temperature"),
    "threshold a word": (lambda k: facts(k, lambda f: f.update(emergency_threshold="x")), "emergency_threshold"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_refused_with_its_reason(kept: Path, kind: str) -> None:
    assert load(kept).facts.label_names  # sound until now
    damage, words = DAMAGE[kind]
    damage(kept)
    with pytest.raises(ModelError) as refused:
        load(kept)
    assert words in str(refused.value)


@pytest.mark.parametrize("end", range(0, 100, 9))
def test_cut_off_anywhere(kept: Path, end: int) -> None:
    for name in ("weights.npz", "model.json"):
        whole = (kept / name).read_bytes()
        (kept / name).write_bytes(whole[: len(whole) * end // 100])
        with pytest.raises(ModelError):
            load(kept)
        (kept / name).write_bytes(whole)
    load(kept)


def test_a_damaged_model_is_trained_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").mkdir()
    for name, text in {"a.yml": SMALL, "b.yml": DANGER}.items():
        (tmp_path / "data" / name).write_text(text, encoding="utf-8")
    where = ["--data", str(tmp_path / "data")]
    folder = tmp_path / "models" / fingerprint(tmp_path / "data")
    assert main(["train", *where, "--out", str(tmp_path / "models")]) == 0
    cut(folder, "weights.npz", 0.5)
    with pytest.raises(ModelError):
        load_or_none(tmp_path / "data", tmp_path / "models")
    assert main(["parse", *where, "--models", str(tmp_path / "models")]) == 2
    assert "the model is refused: its files are damaged" in capsys.readouterr().err
    assert main(["train", *where, "--out", str(tmp_path / "models")]) == 0
    assert load_or_none(tmp_path / "data", tmp_path / "models") is not None


def test_who_reads_while_others_write_finds_a_whole_model(tmp_path: Path, model: Model) -> None:
    """`make run` and `make test` at once both train the same model, and the bot is started by the first of them."""
    model.save(tmp_path)
    writers = [threading.Thread(target=model.save, args=(tmp_path,)) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        assert load(tmp_path).facts == model.facts
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.json", "weights.npz"]
