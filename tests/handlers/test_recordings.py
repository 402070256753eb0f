"""A voice without text: made words where somebody can, else a sentence that says how to type."""

from __future__ import annotations

from dataclasses import replace

from handlers import discovery
from handlers.incoming import Media
from handlers.letters import Errand
from handlers.raw import RawText
from tests.handlers.room import Room

VOICE = (Media("voice", "m1"),)


def room(*, heard: bool) -> Room:
    made = Room()
    made.rules = replace(made.rules, voices_heard=heard)
    made.desk = discovery.desk(made.rules)
    return made


def test_without_recognition_the_sentence_says_how_to_type() -> None:
    here = room(heard=False)
    here.sends("w", "voice", media=VOICE)
    assert "键盘上的话筒" in here.heard("w")
    assert "急事直接打电话" in here.heard("w")
    assert here.effects.errands == ()


def test_with_recognition_it_is_sent_for_once_and_then_heard_like_words() -> None:
    here = room(heard=True)
    here.sends("w", "voice", media=VOICE)
    (errand,) = here.effects.errands
    assert errand == Errand(kind="hear", facts={"ref": "m1", "address": errand.facts["address"]})
    assert "正在听" in here.heard("w")
    here.sends("w", "voice", event="heard", text=RawText("人工"))
    assert here.effects.errands == ()
    assert "人工" in here.heard("w")


def test_what_nobody_understood_is_asked_for_in_writing() -> None:
    here = room(heard=True)
    here.sends("w", "voice", event="heard")
    assert "键盘上的话筒" in here.heard("w")
    assert here.effects.errands == ()


def test_who_taps_the_menu_before_saying_anything_hears_how_to_begin() -> None:
    here = room(heard=False)
    here.acts("w", "begin:")
    assert "是什么事、在哪里" in here.heard("w")
    here.says("w", "我要反映")
    assert "是什么事、在哪里" in here.heard("w")
