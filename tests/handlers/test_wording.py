"""What the desk says: every sentence used exists and gets its fields, none is left over, and none promises too much."""

from __future__ import annotations

import re

import pytest

from handlers import discovery
from handlers.cases import State
from handlers.town import Role
from handlers.wording import Wording, strip
from nlu.understanding import LABELS
from tests.handlers.spoken import Use, calls, needs, strings, uses
from tests.handlers.stubs import HANDLERS, catalogue, wording
from tests.house import modules

USES = uses()
SENTENCES = wording().sentences
ELSEWHERE = (
    "playground.", "data.", "desk.", "step.", "task.", "rate.", "export.", "failed", "han_digits", "list.comma",
    "power.", "actor.", "telegram.menu", "held.", "wechat.menu.", "qr.", "webhook.", "doctor.", "web.upload.",
)  # fmt: skip
"""Families read by the house around the desk (board, export, alarms of the counter) or by code as data."""

BY_RUN_TIME = (
    "button.pick.",
    "button.rating.",
    "button.",
    "meaning.",
    "help.",
    "refuse.dispatcher.",
    "refuse.staff.",
    "oos.",
    "handler.closed_",
)
"""Families whose keys are put together at run time from commands, choices, labels, topics, verdicts and readers."""


def matching(use: Use) -> list[str]:
    """The sentences that a use may mean."""
    return [key for key in SENTENCES if use.pattern.fullmatch(key)]


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.where} {use.key}")
def test_every_sentence_that_is_said_exists_and_gets_what_it_needs(use: Use) -> None:
    found = matching(use)
    assert found, f"{use.where} says {use.key}, which no wording file holds"
    for key in found if "*" not in use.key else []:
        missing = needs(key) - use.passed
        assert use.open or not missing, f"{use.where} says {key} without {missing}"


def test_the_walk_finds_what_is_said() -> None:
    said = {use.key for use in USES}
    assert {"welcome", "report.received", "refuse.not_yours", "alarm.again", "state.*", "resident.accepted"} <= said
    assert len(USES) > 120


def test_no_sentence_is_left_over() -> None:
    said = {key for use in USES for key in matching(use)} | strings()
    left = [
        key for key in SENTENCES
        if key not in said and not key.startswith((*ELSEWHERE, *BY_RUN_TIME))
    ]  # fmt: skip
    assert left == []


def test_what_the_house_around_says_is_said_there() -> None:
    around = {word for module in modules("bot") for _, word in module.words()}
    assert not [key for key in ("failed", "desk.failed", "desk.unread", "desk.dead") if key not in around]


def test_every_list_and_pattern_used_exists_and_none_is_left_over() -> None:
    lists, patterns = set(wording().lists), set(wording().patterns)
    assert calls("means") <= lists
    assert calls("matches") <= patterns
    used = strings()
    dynamic = (
        "command.", "choice.", "called.", "called_at.", "colour.", "recolour.", "purpose.", "cell.", "column.", "sheet."
    )  # fmt: skip
    assert [key for key in lists if key not in used and not key.startswith(dynamic)] == []
    assert [key for key in patterns if key not in used and not key.startswith(("oos.", "cell."))] == []


def test_families_are_whole() -> None:
    for state in State:
        assert f"state.{state.value}" in SENTENCES
        assert f"refuse.state.{state.value}" in SENTENCES
    for role in Role:
        assert f"role.{role.value}" in SENTENCES
    for label in LABELS:
        assert (f"meaning.{label}" in SENTENCES) is (catalogue().duty_for(label) is not None)
    for colour in catalogue().colours:
        assert f"colour.{colour}" in SENTENCES
    topics = wording().lists["oos_topics"]
    assert {f"oos.{topic}" for topic in topics} == {key for key in SENTENCES if key.startswith("oos.")} - {"oos.other"}
    assert {f"oos.{topic}" for topic in topics} == {key for key in wording().patterns if key.startswith("oos.")}


def test_every_button_belongs_to_a_command() -> None:
    named = {key.split(".")[1] for key in SENTENCES if key.startswith("button.")} - {"pick", "rating", "stars"}
    assert named <= set(discovery.all_commands())


def test_choices_named_in_code_have_a_label() -> None:
    picks = {key.removeprefix("button.pick.") for key in SENTENCES if key.startswith("button.pick.")}
    assert picks <= strings()


def test_sentences_of_one_family_need_the_same_as_their_speaker_gives() -> None:
    given = {"lead", "person", "due", "accept"}
    for state in State:
        assert needs(f"state.{state.value}") <= given
        assert needs(f"refuse.state.{state.value}") <= {"case", "who"}


# -- what is promised --------------------------------------------------------------------------------------------------

CLAIMS = re.compile(
    "已(?:经)?(?:帮您|替您|为您)?(?:报警|报了警|拨打|打了电话|通知了?(?:警|消防|急救|医院)|派出?(?:警|救护|消防))"
    "|(?:警察|民警|消防员?|救护车|医生)(?:已|马上|正在|很快)"
)


def test_no_sentence_claims_that_help_was_called() -> None:
    assert [key for key, text in SENTENCES.items() if CLAIMS.search(text)] == []


def test_no_safety_line_or_answer_claims_it_either() -> None:
    items = [item.safety for duty in catalogue().duties.values() for item in duty.items.values()]
    assert not [text for text in items if CLAIMS.search(text)]


def test_the_claims_would_be_found() -> None:
    for text in ("已报警", "已经帮您拨打120", "救护车马上到", "已通知消防", "已派救护车", "民警正在赶来"):
        assert CLAIMS.search(text), text


@pytest.mark.parametrize("key", [key for key in SENTENCES if key.startswith(("group.", "card.group"))])
def test_no_sentence_for_a_group_has_room_for_a_residents_words(key: str) -> None:
    assert not needs(key) & {"words", "said", "text", "note", "result"}


def test_every_call_for_help_leaves_the_calling_to_the_reader() -> None:
    for key in SENTENCES:
        if key.startswith("emergency.call"):
            assert "不能替您打电话" in SENTENCES[key], key
            assert "{numbers}" in SENTENCES[key], key


def test_the_welcome_is_short() -> None:
    text = wording().say("welcome", bot="小格")
    assert len(text) <= 90
    assert text.count("· ") == 3


def test_sentences_are_clean() -> None:
    for key, text in SENTENCES.items():
        assert text == text.strip() or key == "emergency.or", key
        assert "{}" not in text, key
        assert not re.search(r"[，。？！；：]{2}", text), key


def test_what_a_refusal_answers_is_never_more_than_a_few_lines() -> None:
    assert max(len(text) for key, text in SENTENCES.items() if key.startswith("refuse.")) <= 60


# -- the reading of sentences and lists --------------------------------------------------------------------------------


def test_only_named_fields_are_filled_and_only_once() -> None:
    plain = Wording({"a": "{x} 说 {y}"})
    assert plain.say("a", x="{y}", y="{x}") == "{y} 说 {x}"
    with pytest.raises(KeyError):
        plain.say("a", x="1")
    with pytest.raises(KeyError):
        plain.say("b")


@pytest.mark.parametrize(
    ("text", "bare"), [("好的。", "好的"), (" “是” ", "是"), ("OK！", "ok"), ("１", "1"), ("Ａ", "a"), ("……", "")]
)
def test_short_answers_are_stripped(text: str, bare: str) -> None:
    assert strip(text) == bare


def test_no_word_means_yes_and_no() -> None:
    lists = wording().lists
    assert not set(lists["yes"]) & set(lists["no_thanks"])
    assert not set(lists["yes"]) & set(lists["cancel"])
    assert not set(lists["dont_know"]) & {*lists["yes"], *lists["no_thanks"]}


def test_words_that_answer_are_no_commands_unless_they_mean_the_same() -> None:
    commands = {word for key, words in wording().lists.items() if key.startswith("command.") for word in words}
    for name in ("yes", "no_thanks", "dont_know", "choice.1", "choice.2"):
        assert not commands & set(wording().lists[name]), name
    assert commands & set(wording().lists["withdraw_yes"]) <= set(wording().lists["command.withdraw"])


def test_every_wording_file_is_read() -> None:
    assert {path.name for path in (HANDLERS / "wording").glob("*.yml")} >= {"answers.yml", "resident.yml", "worker.yml"}
