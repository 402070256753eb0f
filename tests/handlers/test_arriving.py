"""How people and groups come and go: links that bind, a bot that cannot hear all, who has blocked it; and albums."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from handlers.directory import Binding
from handlers.effects import Effects
from handlers.incoming import Incoming, Media
from handlers.thread import Thread
from handlers.town import DUTY_DESK
from tests.handlers import promises
from tests.handlers.room import Room

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

SENTENCE = "健仁小区3号楼路灯坏了"


def link(room: Room, who: str, scene: str, chat: str = "a-new-chat") -> None:
    room._turn(who, chat, kind="event", event="scan", scene=scene, addressed=True)


def test_a_link_binds_a_group_with_the_rights_of_who_uses_it() -> None:
    room = Room()
    link(room, "li", "group_jr-2_residents")
    assert not room.effects.bindings
    link(room, "han", "group_jr-2_residents")
    (binding,) = room.effects.bindings
    assert (binding.address, bool(binding.group)) == ("telegram:room:a-new-chat", True)


@pytest.mark.parametrize("scene", ["group_nowhere_work", "group_jr-2_department", "group_jr-2_party", "jr-2", ""])
def test_a_link_that_says_nothing_true_binds_nothing(scene: str) -> None:
    room = Room()
    link(room, "han", scene)
    assert not room.effects.bindings


def test_a_colleague_who_brings_the_bot_hears_what_it_cannot_hear() -> None:
    room = Room()
    room._turn("han", "a-new-chat", kind="event", event="joined", scene="deaf")
    assert "绑定群" in room.heard("han")
    assert "/setprivacy" in room.heard("han")
    room._turn("han", "jr-2-work", kind="event", event="joined", scene="deaf")
    assert "绑定群" not in room.heard("han")
    assert "/setprivacy" in room.heard("han")
    room._turn("new", "a-new-chat", kind="event", event="joined", scene="deaf")
    assert room.letters == []


def test_who_has_blocked_the_bot_gets_no_letters_until_they_write_again() -> None:
    room = Room()
    room.says("new", SENTENCE)
    room._turn("new", "", kind="event", event="unsubscribe")
    room.says("li", "接单 A0001")
    assert room.to("new") == []
    assert "only_in_groups" in room.person("new").tags
    room.says("new", "查进度")
    assert "A0001" in room.heard("new")
    assert "only_in_groups" not in room.person("new").tags


def test_the_desk_hears_that_a_colleague_cannot_be_reached_and_letters_are_still_tried() -> None:
    room = Room()
    room._turn("li", "", kind="event", event="unsubscribe")
    (letter,) = room.to(DUTY_DESK)
    assert "停用" in letter.text
    room.says("new", SENTENCE)
    assert Binding(address="telegram:room:li") not in room.effects.bindings
    assert "only_in_groups" not in room.person("li").tags


def album(room: Room, ref: str, scene: str = "album:1") -> None:
    room.sends("new", "photo", media=(Media("photo", ref),), scene=scene)


def test_an_album_is_one_answer_and_every_picture_is_kept() -> None:
    room = Room()
    room.says("new", SENTENCE)
    album(room, "a.jpg")
    assert "A0001" in room.heard("new")
    for ref in ("b.jpg", "c.jpg"):
        album(room, ref)
        assert room.to("new") == []
    album(room, "d.jpg", "album:2")
    assert room.to("new")
    assert len(room.case().photos) == 4


def test_the_first_picture_of_an_album_is_never_left_unanswered() -> None:
    first = Incoming(platform="wechat", key="k", sender="a", chat="a", kind="photo", scene="album:1", said_at=NOW)
    thread = Thread(person="new")
    with pytest.raises(AssertionError, match="swallowed"):
        promises.answered(first, Effects(), thread)
    with pytest.raises(AssertionError, match="swallowed"):
        promises.answered(first, Effects(), replace(thread, album="album:2"))
    promises.answered(first, Effects(), replace(thread, album="album:1"))


def test_an_album_before_its_words_waits_as_one() -> None:
    room = Room()
    album(room, "a.jpg")
    assert room.to("new")
    album(room, "b.jpg")
    assert room.to("new") == []
    room.says("new", SENTENCE)
    assert len(room.case().photos) == 2
