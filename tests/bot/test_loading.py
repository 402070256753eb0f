"""Wording and knowledge as they are loaded, with what can be wrong in their files; the shipped ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import config, loading

ROOT = Path(__file__).parents[2]
ANSWER = """---
key: dogs
title: Dogs
labels: [legal_policy]
item: noise_law
questions: [may I keep a dog]
source: the law
date: 2026-11-01
owner: police
expires: 2027-11-01
---
## Answer
Yes, on a lead.
### why
Because.
## Plain
Yes.
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(loading.ConfigError) as caught:
        (loading.wording if any(folder.glob("*.yml")) else loading.knowledge)(folder)
    return [str(problem) for problem in caught.value.problems]


def test_wording_of_all_files_is_one(tmp_path: Path) -> None:
    write(
        tmp_path,
        a__yml="sentences: {hello: 'hi {name}'}\nlists: {yes: [Y, yes, ' OK ', yes]}\n",
        b__yml="patterns: {number: '[0-9]+'}\nlists: {no: ['no']}\n",
        c__yml="",
    )
    wording = loading.wording(tmp_path)
    assert wording.say("hello", name="Li") == "hi Li"
    assert wording.words("yes") == ("yes", "ok", "y")
    assert wording.words("no") == ("no",)
    assert wording.matches("number", "A0001")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sentences: {a: 1}", "b.yml sentences.a: expected text (numbers in quotes), found 1"),
        ("lists: {a: word}", "b.yml lists.a: expected a list, found text"),
        ("lists: {a: [110]}", "b.yml lists.a[0]: expected text (numbers in quotes), found 110"),
        ("patterns: {a: '('}", 'b.yml patterns.a: expected a regular expression, found "(": missing ), unterminated'),
        ("list: {}", "b.yml list: expected a known key (did you mean lists?), found"),
        ("sentences: {hello: x}", 'b.yml sentences.hello: expected a key that no other file has, found "hello" again'),
        ("sentences: {a: x, a: y}", 'b.yml line 1: expected each key once, found "a" again'),
    ],
)
def test_every_fault_of_wording_is_named(text: str, problem: str, tmp_path: Path) -> None:
    [found] = faults(write(tmp_path, a__yml="sentences: {hello: hi}", b__yml=text))
    assert found.startswith(problem)


def test_an_answer_has_two_sections_under_any_heading(tmp_path: Path) -> None:
    answer = loading.knowledge(write(tmp_path, dogs__md=ANSWER)).answers["dogs"]
    assert answer.text == "Yes, on a lead.\n### why\nBecause."
    assert answer.plain == "Yes."
    assert (answer.date, answer.expires, answer.owner) == ("2026-11-01", "2027-11-01", "police")
    assert answer.questions == ("may I keep a dog",)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("key: dogs", "key: dog", 'dogs.md key: expected the name of the file, "dogs", found "dog"'),
        ("legal_policy", "legal_polici", "dogs.md labels[0]: expected a label of the ear (did you mean legal_policy?)"),
        ("2027-11-01", "2025-11-01", "dogs.md expires: expected a day after date"),
        ("date: 2026-11-01", "date: soon", "dogs.md date: expected a day like 2026-11-01"),
        ("owner: police\n", "", "dogs.md owner: expected text (numbers in quotes), found nothing"),
        ("owner: police", "owners: police", "dogs.md owners: expected a known key (did you mean owner?)"),
        ("## Plain\nYes.\n", "", "dogs.md the text: expected two sections with a heading each"),
        ("## Plain\nYes.\n", "## Plain\n", "dogs.md the text: expected two sections"),
        ("## Answer\n", "Hello\n## Answer\n", "dogs.md the text: expected two sections"),
        ("---\nkey", "key", "dogs.md line 1: expected front matter between two lines of ---, found none"),
    ],
)
def test_every_fault_of_an_answer_is_named(old: str, new: str, problem: str, tmp_path: Path) -> None:
    assert old in ANSWER
    assert any(found.startswith(problem) for found in faults(write(tmp_path, dogs__md=ANSWER.replace(old, new, 1))))


def test_an_answer_belongs_to_an_item_of_the_catalogue(tmp_path: Path) -> None:
    town = config.read(ROOT / "config.yaml", {}).town
    catalogue = loading.catalogue(ROOT / "handlers" / "catalogues" / "yanlong.yml", town)
    assert loading.knowledge(write(tmp_path, dogs__md=ANSWER), catalogue).answers
    with pytest.raises(loading.ConfigError, match="dogs.md item: expected the key of an item"):
        loading.knowledge(write(tmp_path, dogs__md=ANSWER.replace("noise_law", "noise_lawz")), catalogue)


def test_the_shipped_knowledge_is_right() -> None:
    town = config.read(ROOT / "config.yaml", {}).town
    catalogue = loading.catalogue(ROOT / "handlers" / "catalogues" / "yanlong.yml", town)
    answers = loading.knowledge(ROOT / "handlers" / "knowledge", catalogue).answers
    assert answers
    assert [answer.key for answer in answers.values() if answer.owner not in town.departments] == []


def test_the_shipped_wording_is_right() -> None:
    wording = loading.wording(ROOT / "handlers" / "wording")
    assert wording.sentences
    assert [key for key, words in wording.lists.items() if list(words) != sorted(words, key=len, reverse=True)] == []
