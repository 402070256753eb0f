"""Knows what Rasa is given: our data, a domain of just their labels, its own Python, a server only for us."""

from __future__ import annotations

import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from nlu.corpus import DATA_DIR, read_corpus
from nlu.lexica import read_yaml
from nlu.rasa import environment, serving
from nlu.rasa.__main__ import main
from nlu.rasa.files import PIPELINES, ROOT, FilesError, check_domain, domain_text, labels_of, thinned, workshop
from nlu.rasa.interpreters import NoPythonError, candidates, find_python
from nlu.understanding import LABELS
from tests.rasa import TRIAL

SENTENCES = 'version: "3.1"\nnlu:\n- intent: {}\n  metadata: {{writer: a}}\n  examples: |\n    - 路灯坏了\n'


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "our data"
    folder.mkdir()
    for label in ("greeting", "petition"):
        (folder / f"{label}.yml").write_text(SENTENCES.format(label), encoding="utf-8")
    return folder


# -- the domain --------------------------------------------------------------------------------------------------------


def test_the_domain_of_the_shipped_data_names_all_labels(tmp_path: Path) -> None:
    shop = workshop("plain", DATA_DIR, tmp_path)
    assert read_yaml(shop.domain) == {"version": "3.1", "intents": list(LABELS)}
    assert read_yaml(shop.channels) == {}


def test_every_so_many_th_sentence_of_each_label_is_enough_for_a_trial(data: Path, tmp_path: Path) -> None:
    said = """都去 "问" 个明白\n    - 三人"""
    more = SENTENCES.format("petition").replace("路灯坏了", said)
    (data / "more.yml").write_text(more, encoding="utf-8")
    whole = read_corpus(data)
    (tmp_path / "every-2").mkdir()
    (tmp_path / "every-2" / "gone.yml").write_text("", encoding="utf-8")
    part = read_corpus(thinned(data, 2, tmp_path))
    assert set(part.labels) == set(whole.labels)
    assert set(part.texts) < set(whole.texts)
    assert len(part.texts) == sum(-(-whole.labels.count(label) // 2) for label in set(whole.labels))
    assert f"prepare --every {TRIAL} " in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_a_strange_label_becomes_no_file(data: Path, tmp_path: Path) -> None:
    (data / "more.yml").write_text(SENTENCES.format("../outside"), encoding="utf-8")
    with pytest.raises(FilesError, match="outside"):
        thinned(data, 2, tmp_path)
    assert not (tmp_path / "outside.yml").exists()


def test_a_domain_that_does_not_fit_the_data_is_refused(data: Path, tmp_path: Path) -> None:
    domain = tmp_path / "domain.yml"
    domain.write_text(domain_text(("petition", "greeting")), encoding="utf-8")
    check_domain(domain, data)
    domain.write_text(domain_text(("petition", "emergency")), encoding="utf-8")
    with pytest.raises(FilesError, match="without data: emergency; not in the domain: greeting"):
        check_domain(domain, data)


def test_a_label_that_is_not_ours_is_refused(data: Path, tmp_path: Path) -> None:
    (data / "weather.yml").write_text(SENTENCES.format("weather"), encoding="utf-8")
    with pytest.raises(FilesError, match="weather"):
        labels_of(data)
    with pytest.raises(FilesError, match="no sentences"):
        labels_of(tmp_path)


def test_the_folder_is_that_of_data_pipeline_and_lock(data: Path, tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("rasa==3.6.21", encoding="utf-8")
    first = workshop("plain", data, tmp_path, lock)
    assert workshop("plain", data, tmp_path, lock) == first
    seen = {first.folder, workshop("diet", data, tmp_path, lock).folder}
    lock.write_text("rasa==3.6.20", encoding="utf-8")
    seen.add(workshop("plain", data, tmp_path, lock).folder)
    (data / "greeting.yml").write_text(SENTENCES.format("greeting").replace("路灯", "你好"), encoding="utf-8")
    seen.add(workshop("plain", data, tmp_path, lock).folder)
    assert len(seen) == 4


@pytest.mark.parametrize("name", sorted(PIPELINES))
def test_the_pipelines_are_for_chinese(name: str) -> None:
    document: dict[str, Any] = dict(read_yaml(Path(serving.__file__).with_name(PIPELINES[name])))
    parts = {part["name"] for part in document["pipeline"]}
    assert {"JiebaTokenizer", "FallbackClassifier"} <= parts
    assert len(parts & {"LogisticRegressionClassifier", "DIETClassifier"}) == 1
    analyzers = {part.get("analyzer", "word") for part in document["pipeline"] if "CountVectors" in part["name"]}
    assert analyzers == {"char", "word"}
    for part in document["pipeline"]:
        if part["name"].startswith("Regex"):
            assert part["use_word_boundaries"] is False


# -- a Python 3.10 -----------------------------------------------------------------------------------------------------


def program(path: Path, answer: str = "") -> Path:
    """A program that writes the answer, or fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{f'echo {answer}' if answer else 'exit 1'}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """A machine without any Python."""
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path / "a home")}


def test_without_a_python_the_message_says_what_to_do(machine: dict[str, str]) -> None:
    with pytest.raises(NoPythonError, match=r"needs Python 3.10.*RASA_PYTHON="):
        find_python(machine)


def test_a_named_one_must_be_one(machine: dict[str, str], tmp_path: Path) -> None:
    program(tmp_path / "bin" / "python3.10", "True /usr/bin/python3.10")
    other = program(tmp_path / "other", "False /usr/bin/python3.12")
    with pytest.raises(NoPythonError, match="RASA_PYTHON=.*other is no Python 3.10"):
        find_python({**machine, "RASA_PYTHON": str(other)})
    named = program(tmp_path / "named", "True /opt/my python")
    assert find_python({**machine, "RASA_PYTHON": str(named)}) == Path("/opt/my python")


@pytest.mark.parametrize(
    "place",
    ["bin/python3.10", "bin/python3", "bin/python", "a home/.pyenv/versions/3.10.13/bin/python",
     "a home/.local/share/uv/python/cpython-3.10.14-linux/bin/python3.10"],
)  # fmt: skip
def test_every_place_is_looked_at(machine: dict[str, str], tmp_path: Path, place: str) -> None:
    """A shim on the path that answers nothing, as pyenv's do, hides none of the others."""
    program(tmp_path / "bin" / "python3.10")
    program(tmp_path / place, "True /found")
    assert find_python(machine) == Path("/found")


def test_variables_move_the_places(tmp_path: Path) -> None:
    one = program(tmp_path / "p" / "versions" / "3.10.1" / "bin" / "python")
    two = program(tmp_path / "u" / "cpython-3.10.1-x" / "bin" / "python3.10")
    said = {"PYENV_ROOT": str(tmp_path / "p"), "UV_PYTHON_INSTALL_DIR": str(tmp_path / "u"), "PATH": ""}
    assert list(candidates(said)) == [str(one), str(two)]


@pytest.mark.parametrize("fetched", [False, True])
def test_uv_is_asked_and_then_asked_to_fetch(machine: dict[str, str], tmp_path: Path, fetched: bool) -> None:
    uv = str(program(tmp_path / "bin" / "uv", "never-run"))
    run: list[list[str]] = []

    def answer(command: list[str], seconds: float) -> str:
        run.append(command)
        there = not fetched or [uv, "python", "install", "3.10"] in run
        if command == [uv, "python", "find", "3.10"]:
            return "/uv/python\n" if there else ""
        return "True /uv/python\n" if command[0] == "/uv/python" else ""

    assert find_python(machine, answer) == Path("/uv/python")
    assert ([uv, "python", "install", "3.10"] in run) is fetched


# -- the environment and the server ------------------------------------------------------------------------------------


def test_the_environment_is_that_of_one_lock(tmp_path: Path) -> None:
    folder, lock = tmp_path / ".venv-rasa", tmp_path / "lock.txt"
    lock.write_text("a==1", encoding="utf-8")
    assert not environment.is_made(folder, lock)
    program(environment.python_of(folder))
    assert not environment.is_made(folder, lock)
    (folder / "lock.txt").write_text("a==1", encoding="utf-8")
    assert environment.is_made(folder, lock)
    environment.make(folder, lock, {"PATH": ""})  # nothing to do, so nothing is looked for
    lock.write_text("a==2", encoding="utf-8")
    assert not environment.is_made(folder, lock)
    with pytest.raises(NoPythonError):
        environment.make(folder, lock, {"PATH": ""})


def test_an_install_that_fails_leaves_no_stamp(tmp_path: Path) -> None:
    folder, lock = tmp_path / ".venv-rasa", tmp_path / "lock.txt"
    lock.write_text("a==1", encoding="utf-8")
    python = program(tmp_path / "python3.10")
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] && echo True {python} && exit 0\nexit 1\n', encoding="utf-8")
    with pytest.raises(environment.InstallError):
        environment.make(folder, lock, {"RASA_PYTHON": str(python), "PATH": ""})
    assert not environment.is_made(folder, lock)


def test_who_comes_second_waits_and_finds_it_done(tmp_path: Path) -> None:
    """Both would else install into the same folder, or train into the same file."""
    steps: list[str] = []
    first_is_at_it, go_on = threading.Event(), threading.Event()

    def make(name: str) -> None:
        with environment.in_turn(tmp_path / "work"):
            steps.append(f"{name} begins")
            first_is_at_it.set()
            go_on.wait(30)
            steps.append(f"{name} ends")

    threads = [threading.Thread(target=make, args=(name,)) for name in ("one", "other")]
    threads[0].start()
    assert first_is_at_it.wait(30)
    threads[1].start()
    assert steps == ["one begins"]
    go_on.set()
    for thread in threads:
        thread.join()
    assert steps == ["one begins", "one ends", "other begins", "other ends"]


def test_rasa_knows_no_secret_of_the_bot() -> None:
    told = environment.quiet({"PATH": "/bin", "XIAOGE__DATABASE": "postgresql://x:secret@h/d", "RASA_TOKEN": "t"})
    assert "secret" not in str(told)
    assert (told["PATH"], told["RASA_TOKEN"], told["RASA_TELEMETRY_ENABLED"]) == ("/bin", "t", "false")


def test_the_server_is_for_us_alone(data: Path, tmp_path: Path) -> None:
    shop = workshop("plain", data, tmp_path)
    words = serving.command(shop, 5005)
    told = serving.surroundings("secret-token")
    assert words[words.index("--interface") + 1] == "127.0.0.1"
    assert "secret-token" not in " ".join(words)
    assert (told["RASA_TOKEN"], told["RASA_TELEMETRY_ENABLED"]) == ("secret-token", "false")
    assert Path(words[words.index("--credentials") + 1]) == shop.channels


def trainer(folder: Path, ends: str) -> None:
    """An environment whose Rasa only says with what it was called."""
    rasa = program(environment.python_of(folder))
    rasa.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "$PWD"\n{ends}\n', encoding="utf-8")


def test_a_model_is_trained_once(data: Path, tmp_path: Path) -> None:
    shop, folder = workshop("plain", data, tmp_path / "with spaces"), tmp_path / ".venv-rasa"
    trainer(folder, "mkdir -p part && echo model > part/model.tar.gz")
    assert serving.train(shop, folder) > 0
    assert shop.model.read_text(encoding="utf-8") == "model\n"
    said = (shop.folder / "train.log").read_text(encoding="utf-8").splitlines()
    assert str(data) in said  # Rasa learns from the very files of the embedded engine
    assert said[-1] == str(shop.folder)
    trainer(folder, "exit 1")
    assert serving.train(shop, folder) == 0


@pytest.mark.parametrize("ends", ["exit 1", "exit 0"])
def test_a_training_that_fails_is_told(data: Path, tmp_path: Path, ends: str) -> None:
    shop = workshop("plain", data, tmp_path / "work")
    trainer(tmp_path / ".venv-rasa", ends)
    with pytest.raises(serving.TrainError, match=r"train\.log"):
        serving.train(shop, tmp_path / ".venv-rasa")
    assert not shop.model.exists()


@pytest.mark.parametrize("command", ["prepare", "serve"])
def test_the_command_says_what_is_wrong(
    command: str, data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "weather.yml").write_text(SENTENCES.format("weather"), encoding="utf-8")
    assert main([command, "--data", str(data), "--work", str(tmp_path)]) == 2
    assert "weather" in capsys.readouterr().err
